//! Why a server is out of reach, for whoever waits for it: its place and a cause in plain words.
//!
//! What the driver and the server write themselves names users, and is never told: kinds and codes say as much.

use std::io;
use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions as _, Connection as _};
use sea_orm::{DbErr, RuntimeErr};

use super::addresses::addresses;
use crate::error::PersistenceError;
use crate::registry::Registry;

/// How long a server may take to let in whoever only asks whether it does.
const LETTING_IN_MAX: Duration = Duration::from_millis(1_500);
/// Whether a server follows another.
const FOLLOWS: &str = "SELECT pg_is_in_recovery()";
/// What an address is told as that is not understood.
const NOT_UNDERSTOOD: &str = "the address is not understood; in a password / is written %2F, ? %3F and # %23";

/// Which part a server must play to be of use. One that is named alone is taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Any,
    Primary,
}

impl Registry {
    /// Why no server of a list of addresses is of use now, each as `HOST:PORT: cause`; none where one is, and for an
    /// embedded database. Each is asked once, and none is waited for.
    pub async fn away(list: &str) -> Option<String> {
        if list.starts_with("sqlite:") {
            return None;
        }
        let all = addresses(list);
        let wanted = if all.len() > 1 { Wanted::Primary } else { Wanted::Any };
        let causes: Option<Vec<_>> = join_all(all.iter().map(|url| cause_at(url, wanted))).await.into_iter().collect();
        causes.map(|causes| causes.join("; "))
    }

    /// The same of servers with which somebody failed. A wait that ended does not tell what was waited for: then they are
    /// asked.
    pub async fn why_away(list: &str, fault: &PersistenceError) -> Option<String> {
        let all = addresses(list);
        if let ([alone], Some(cause)) = (all.as_slice(), cause_of(fault))
            && let Some(options) = understood(alone)
        {
            return Some(told(&options, &cause));
        }
        let lacks_primary = matches!(fault, PersistenceError::Unreachable);
        Self::away(list).await.or_else(|| lacks_primary.then(|| fault.to_string()))
    }
}

/// Why a server is not of use, with its place; none where it is.
async fn cause_at(url: &str, wanted: Wanted) -> Option<String> {
    let Some(options) = understood(url) else { return Some(NOT_UNDERSTOOD.to_owned()) };
    let asked = tokio::time::timeout(LETTING_IN_MAX, follows(&options, wanted)).await;
    let cause = match asked {
        Ok(Ok(false)) => return None,
        Ok(Ok(true)) => "it follows another server".to_owned(),
        Ok(Err(why)) => cause(&why).unwrap_or_else(|| "it does not answer as PostgreSQL does".to_owned()),
        Err(_) => "no answer".to_owned(),
    };
    Some(told(&options, &cause))
}

/// Whether a server follows another though the primary is wanted.
async fn follows(options: &PgConnectOptions, wanted: Wanted) -> sqlx::Result<bool> {
    let mut connection = options.connect().await?;
    let follows = match wanted {
        Wanted::Any => Ok(false),
        Wanted::Primary => sqlx::query_scalar(FOLLOWS).fetch_one(&mut connection).await,
    };
    // It let in, whatever becomes of the farewell.
    drop(connection.close().await);
    follows
}

/// An address as the driver takes it; none where it cannot, or takes the user for the host, which a `/`, `?` or `#` within
/// a password ends.
fn understood(url: &str) -> Option<PgConnectOptions> {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let (authority, behind) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    // A user may be named by a parameter, and have an `@` there.
    let is_cut = !authority.contains('@') && behind.split('=').next().is_some_and(|name| name.contains('@'));
    if is_cut { None } else { url.parse().ok() }
}

/// A cause with the place of the server: `HOST:PORT`, or the folder of its socket. Who asks is not told.
fn told(options: &PgConnectOptions, cause: &str) -> String {
    let port = options.get_port();
    match options.get_socket() {
        Some(folder) => format!("{}:{port}: {cause}", folder.display()),
        None => format!("{}:{port}: {cause}", options.get_host()),
    }
}

/// The cause that a fault tells itself.
fn cause_of(fault: &PersistenceError) -> Option<String> {
    let PersistenceError::Database(DbErr::Conn(why) | DbErr::Exec(why) | DbErr::Query(why)) = fault else {
        return None;
    };
    match why {
        RuntimeErr::SqlxError(why) => cause(why),
        // It may hold the address.
        RuntimeErr::Internal(_) => None,
    }
}

/// The cause that the driver tells; none where it tells of itself alone.
fn cause(error: &sqlx::Error) -> Option<String> {
    match error {
        sqlx::Error::Io(why) => Some(cause_by_line(why)),
        sqlx::Error::Tls(why) => Some(format!("no encrypted connection: {why}")),
        sqlx::Error::Database(why) => Some(cause_by_code(why.code().as_deref().unwrap_or("unknown"))),
        _ => None,
    }
}

/// Why there is no line to a server.
fn cause_by_line(why: &io::Error) -> String {
    // The one fault of the kind that has no kind.
    if let Some((_, said)) = why.to_string().split_once("lookup address information: ") {
        return format!("name not known ({said})");
    }
    match why.kind() {
        io::ErrorKind::NotFound => "no such file or socket".to_owned(),
        kind => kind.to_string(),
    }
}

/// What a server means by a code when it does not let somebody in.
fn cause_by_code(code: &str) -> String {
    let known = match code {
        "28P01" => "password authentication failed",
        "28000" => "the user is not known, or not let in from here",
        "3D000" => "database does not exist",
        "42501" => "permission denied",
        "53300" => "too many connections",
        "57P03" => "it starts, stops or recovers",
        other => return format!("refused with SQLSTATE {other}"),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{cause_by_code, cause_by_line, told, understood};

    fn place(url: &str) -> Option<String> {
        understood(url).map(|options| told(&options, "away"))
    }

    #[test]
    fn a_server_is_told_by_its_place_and_never_by_who_asks() {
        for (url, wanted) in [
            ("postgres://bob:hush@one:1/x", "one:1: away"),
            ("postgresql://bob:hush%2F@one:1/x?sslmode=disable", "one:1: away"),
            ("postgres:///x?host=/run/pg&port=7&user=bob", "/run/pg:7: away"),
            ("postgres://one:1/x?user=bob@corp&password=hush", "one:1: away"),
        ] {
            assert_eq!(place(url).as_deref(), Some(wanted), "{url}");
        }
        // What stands where host and port do is the user, and the first digits of the password.
        for url in ["postgres://bob:12/hush@one/x", "postgres://bob:12?hush@one/x", "postgres://bob:12#hush@one/x"] {
            assert_eq!(place(url), None, "{url}");
        }
    }

    #[test]
    fn causes_are_plain_words() {
        let unknown = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(cause_by_line(&unknown), "name not known (Name or service not known)");
        assert_eq!(cause_by_line(&io::ErrorKind::ConnectionRefused.into()), "connection refused");
        assert_eq!(cause_by_code("28P01"), "password authentication failed");
        assert_eq!(cause_by_code("XX000"), "refused with SQLSTATE XX000");
    }
}
