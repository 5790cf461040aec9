//! The named maxima of one request over HTTP.
//!
//! Depth, complexity and aliases are limits of the schema and stand there; here is what is checked before it is asked.

use std::time::Duration;

/// The largest body that is read, in bytes. What is larger is imported from a file, not sent as a request.
pub const BODY_MAX: usize = 1024 * 1024;
/// How many bytes of a body that is too large are read and dropped, so that the client hears why before it is cut off.
pub const BODY_DRAINED_MAX: usize = 32 * 1024 * 1024;
/// How long a body may take to arrive.
pub const BODY_ARRIVAL_MAX: Duration = Duration::from_secs(30);
/// The longest text of a query, in bytes; values belong into the variables.
pub const QUERY_TEXT_MAX: usize = 128 * 1024;
/// The most lexical tokens of a query.
pub const QUERY_TOKENS_MAX: usize = 5_000;
/// The most selections of a query with every fragment written out where it is spread.
pub const SELECTIONS_MAX: usize = 5_000;
/// The most directives at one place of a query; each that is wrong would be told of on its own.
pub const DIRECTIVES_MAX: usize = 4;
/// How long an operation may take before its client is told so.
pub const OPERATION_MAX: Duration = Duration::from_secs(30);
/// The most errors in the answer to a request that could not be executed; the rest is counted.
pub const REQUEST_ERRORS_MAX: usize = 5;
/// The longest message of an error, in characters.
pub const MESSAGE_MAX: usize = 300;
/// How long operations that were accepted may go on after the shutdown was asked for, in seconds.
pub const SHUTDOWN_MAX_S: u64 = 35;
/// How much of a name that a client chose is shown, in characters.
pub const NAME_SHOWN_MAX: usize = 64;
/// Sockets and streams of events that a server holds open where nothing else is said.
pub const STREAMS_MAX: usize = 2_000;
/// Of those, the ones that whoever has shown no key may hold open from one address.
pub const STRANGERS_OF_ADDRESS_MAX: usize = 100;
/// How long such a socket stays open on which nothing is asked.
pub const STRANGER_IDLE_MAX: Duration = Duration::from_mins(1);
/// Operations that are under way on one socket.
pub const SOCKET_OPERATIONS_MAX: usize = 32;
/// The longest id that a client gives to an operation, in bytes.
pub const OPERATION_ID_MAX: usize = 128;
/// How long a socket waits for its greeting.
pub const SOCKET_INIT_MAX: Duration = Duration::from_secs(3);
/// How often a socket is asked whether it is still there.
pub const SOCKET_PING_EVERY: Duration = Duration::from_secs(20);
/// A socket of which nothing is heard for longer is closed.
pub const SOCKET_SILENCE_MAX: Duration = Duration::from_mins(1);
/// How long bytes that were sent may wait for a client to take them, before his connection is given up.
pub const UNTAKEN_MAX: Duration = Duration::from_secs(30);
/// How long a message waits for a client that does not read; he reads the rest from the journal when he comes back.
pub const SOCKET_SEND_MAX: Duration = Duration::from_secs(30);
