//! A line to a PostgreSQL server that fails when it is told to, at the moment of a COMMIT.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};

/// What happens to the next COMMIT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtCommit {
    Pass,
    /// It never reaches the server.
    CutBefore,
    /// The server does it; its answer never arrives.
    CutAfter,
    /// It is held back, and the line stays open, until the proxy is told to cut.
    Stall,
}

/// The line.
#[derive(Debug)]
pub struct Proxy {
    pub port: u16,
    line: Arc<Line>,
}

#[derive(Debug)]
struct Line {
    server: u16,
    plan: Mutex<AtCommit>,
    is_open: watch::Sender<bool>,
    came: Notify,
    cut: Notify,
}

impl Proxy {
    /// A line to the server that listens on a port of this machine.
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let line = Line {
            server,
            plan: Mutex::new(AtCommit::Pass),
            is_open: watch::Sender::new(true),
            came: Notify::new(),
            cut: Notify::new(),
        };
        let line = Arc::new(line);
        tokio::spawn(accept(listener, Arc::clone(&line)));
        Self { port, line }
    }

    /// Says what happens to the next COMMIT.
    pub fn at_commit(&self, plan: AtCommit) {
        *self.line.plan.lock().expect("the plan") = plan;
    }

    /// Lets nobody new in, or everybody again.
    pub fn open(&self, is_open: bool) {
        self.line.is_open.send_replace(is_open);
    }

    /// Waits until a COMMIT has met its fate.
    pub async fn commit_came(&self) {
        self.line.came.notified().await;
    }

    /// Cuts the line on which a COMMIT is held back.
    pub fn cut(&self) {
        self.line.cut.notify_one();
    }
}

async fn accept(listener: TcpListener, line: Arc<Line>) {
    while let Ok((client, _)) = listener.accept().await {
        if !*line.is_open.borrow() {
            continue;
        }
        let line = Arc::clone(&line);
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(("127.0.0.1", line.server)).await else { return };
            let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
            let (ended, end) = watch::channel(false);
            let back = tokio::spawn(backward(from_server, to_client, end));
            forward(from_client, to_server, &line, ended).await;
            back.abort();
        });
    }
}

/// From the client to the server, until a COMMIT ends it.
async fn forward(mut client: OwnedReadHalf, mut server: OwnedWriteHalf, line: &Line, silence: watch::Sender<bool>) {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let Ok(length @ 1..) = client.read(&mut buffer).await else { return };
        let sent = &buffer[..length];
        let plan = match sent.windows(6).any(|word| word == b"COMMIT") {
            true => std::mem::replace(&mut *line.plan.lock().expect("the plan"), AtCommit::Pass),
            false => AtCommit::Pass,
        };
        match plan {
            AtCommit::Pass if server.write_all(sent).await.is_ok() => continue,
            AtCommit::Pass => return,
            AtCommit::CutBefore => {}
            AtCommit::CutAfter => {
                silence.send_replace(true);
                server.write_all(sent).await.expect("the server takes the COMMIT");
                // Long enough for the server to have done it.
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
            AtCommit::Stall => {
                line.came.notify_one();
                line.cut.notified().await;
                return;
            }
        }
        line.came.notify_one();
        return;
    }
}

/// From the server to the client, until nothing more is to arrive.
async fn backward(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, silence: watch::Receiver<bool>) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = server.read(&mut buffer).await {
        if !*silence.borrow() && client.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
