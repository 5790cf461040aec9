//! The socket that is listened on.
//!
//! What is sent to a client that does not take it is held, and nothing above the operating system sees that it waits: so
//! the system is told how long it may.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use super::limits::UNTAKEN_MAX;

/// Connections that wait to be taken.
const WAITING_MAX: i32 = 1024;

/// A socket that listens; whoever leaves what is sent to him untaken for too long is cut off, where the system can do so.
pub fn listener(bind: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(bind), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    // Connections inherit it.
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(UNTAKEN_MAX))?;
    socket.bind(&bind.into())?;
    socket.listen(WAITING_MAX)?;
    Ok(socket.into())
}
