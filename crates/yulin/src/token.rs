//! `yulin token`: keys under which principals are known over HTTP.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::Instant;
use yulin_persistence::{KeptKey, KeyState, NamedKeyError, Registry, Rotated};

use self::narrowing::{Book, Codes};
use crate::cli::General;
use crate::connection::{READERS, existing_url, open, open_for_command};
use crate::fault::by_option;
use crate::say::{Say, not_performed};

mod narrowing;

/// Longest life of a key that may be asked for, in days.
const DAYS_MAX: i64 = 3_660;
/// Longest time for which a key that is replaced stays good, in hours.
const OVERLAP_MAX: i64 = 8_784;

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issue a key; it is shown once and stored as its digest
    #[command(visible_alias = "create")]
    Issue {
        /// The role in which its bearer acts, such as PLANNER
        #[arg(long, value_parser = role)]
        role: Role,
        /// The name of the principal; an office or a service, never a natural person [default: the role]
        #[arg(long, visible_alias = "name", value_name = "NAME")]
        principal: Option<String>,
        /// Narrow it to the land of a district and all below it; may be given several times [default: all land]
        #[arg(long = "district", value_name = "CODE")]
        districts: Vec<String>,
        /// Narrow it to what is booked of a factor; may be given several times [default: the whole ledger]
        #[arg(long = "factor", value_name = "CODE")]
        factors: Vec<String>,
        /// After how many days it expires [default: never]
        #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(1..=DAYS_MAX))]
        expires: Option<i64>,
    },
    /// List the keys that are good, by the first digits of their digests
    List {
        /// Those that were revoked or have expired as well
        #[arg(long)]
        all: bool,
    },
    /// Issue a key to take the place of another, which stays good for a while
    Rotate {
        /// The key, or the first digits of its digest; read from stdin where none is given
        token: Option<String>,
        /// For how many hours the other stays good; it never lives longer than it would have
        #[arg(long, value_name = "HOURS", default_value_t = 24, allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(0..=OVERLAP_MAX))]
        overlap: i64,
        /// After how many days the new one expires [default: it lives as long as the other was to live]
        #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(1..=DAYS_MAX))]
        expires: Option<i64>,
    },
    /// Revoke a key, at once and everywhere; the webhooks of its principal stop until they are resumed with another
    Revoke {
        /// The key, or the first digits of its digest as `token list` and the log tell them; read from stdin where none is
        /// given, so that it stands in no list of processes
        token: Option<String>,
        /// Revoke every key there is; all webhooks stop
        #[arg(long, conflicts_with = "token")]
        all: bool,
    },
}

fn role(text: &str) -> Result<Role, Refused> {
    let unknown = || Refused::new(ErrorCode::ValueNotInList).at("role");
    match text.to_uppercase().parse().map_err(|why| unknown().told("problem", why))? {
        Role::System => Err(unknown().with("problem", "nobody acts as the registry itself")),
        other => Ok(other),
    }
}

/// Does it.
pub async fn run(general: &General, say: Say, command: TokenCommand) -> anyhow::Result<ExitCode> {
    let registry = match &command {
        TokenCommand::Issue { .. } => open_for_command(general).await?,
        // Whoever looks for keys where there is no registry has named the wrong one.
        _ => open(&existing_url(general)?, READERS).await?,
    };
    let done = match command {
        TokenCommand::Issue { role, principal, districts, factors, expires } => {
            issue(&registry, say, Asked { role, principal, codes: Codes { districts, factors }, expires }).await
        }
        TokenCommand::List { all } => list(&registry, say, |key| all || key.state == KeyState::Good).await,
        TokenCommand::Rotate { token, overlap, expires } => rotate(&registry, say, (token, overlap, expires)).await,
        TokenCommand::Revoke { all: true, .. } => revoke_all(&registry, say).await,
        TokenCommand::Revoke { token, all: false } => revoke(&registry, say, token).await,
    };
    registry.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// The key that is asked for.
struct Asked {
    role: Role,
    principal: Option<String>,
    codes: Codes,
    expires: Option<i64>,
}

async fn issue(registry: &Registry, say: Say, asked: Asked) -> anyhow::Result<()> {
    let Asked { role, principal, codes, expires } = asked;
    let narrowing = codes.narrowing(registry).await?;
    let name = principal.unwrap_or_else(|| role.to_string().to_lowercase());
    let principal = registry.ensure_principal(&name, role).await.map_err(not_performed);
    let principal = principal.map_err(|error| by_option(error, &[("name", "principal")]))?;
    let expires = expires.map(days_from_now).transpose()?;
    let token = registry.issue_narrowed_key((principal, role), narrowing.as_ref(), expires).await?;
    say.result(&json!({ "token": token }), &token);
    Ok(())
}

async fn list(registry: &Registry, say: Say, is_wanted: impl Fn(&KeptKey) -> bool) -> anyhow::Result<()> {
    let keys: Vec<_> = registry.keys().await?.into_iter().filter(|key| is_wanted(key)).collect();
    let book = Book::of(registry).await?;
    let told = keys.iter().map(|key| {
        let KeptKey { digits, principal, name, role, narrowing, created_at, expires_at, state } = key;
        let codes = narrowing.as_ref().map(|narrowing| book.codes(narrowing)).unwrap_or_default();
        json!({
            "key": digits, "principal": principal.to_string(), "name": name, "role": role.to_string(),
            "districts": codes.districts, "factors": codes.factors,
            "createdAt": created_at.to_string(), "expiresAt": expires_at.map(|at| at.to_string()), "state": state.name(),
        })
    });
    let told = json!({ "keys": told.collect::<Vec<_>>() });
    let lines: Vec<_> = keys.iter().map(|key| line_of(&book, key)).collect();
    say.result(&told, lines.join("\n"));
    Ok(())
}

fn line_of(book: &Book, key: &KeptKey) -> String {
    let KeptKey { digits, principal: _, name, role, narrowing, created_at, expires_at, state } = key;
    let narrowed = narrowing.as_ref().map(|narrowing| format!("  {}", book.codes(narrowing))).unwrap_or_default();
    let until = lasts(*expires_at);
    format!("{digits}  {:<8}  {:<14}  {name}{narrowed}  (since {created_at}, {until})", state.name(), role.to_string())
}

fn lasts(expires_at: Option<Instant>) -> String {
    expires_at.map_or_else(|| "never expires".to_owned(), |at| format!("expires {at}"))
}

async fn rotate(
    registry: &Registry,
    say: Say,
    (token, overlap, expires): (Option<String>, i64, Option<i64>),
) -> anyhow::Result<()> {
    let (named, expires) = (named(token)?, expires.map(days_from_now).transpose()?);
    let rotated = registry.rotate_key(&named, hours_from_now(overlap)?, expires).await.map_err(not_named)?;
    let Rotated { token, expires_at, other_ends } = rotated;
    say.note(format!("it {}; the other stays good until {other_ends}", lasts(expires_at)));
    let expires = expires_at.map(|at| at.to_string());
    say.result(&json!({ "token": token, "expiresAt": expires, "otherUntil": other_ends.to_string() }), &token);
    Ok(())
}

async fn revoke(registry: &Registry, say: Say, token: Option<String>) -> anyhow::Result<()> {
    registry.revoke_named_key(&named(token)?).await.map_err(not_named)?;
    say.result(&json!({ "revoked": 1 }), "revoked");
    Ok(())
}

async fn revoke_all(registry: &Registry, say: Say) -> anyhow::Result<()> {
    let revoked = registry.revoke_all_keys().await?;
    say.result(&json!({ "revoked": revoked }), format!("{revoked} keys revoked"));
    Ok(())
}

fn not_named(why: NamedKeyError) -> anyhow::Error {
    match why {
        NamedKeyError::Unknown => Refused::new(ErrorCode::NotFound).at("token").into(),
        NamedKeyError::Several => {
            Refused::new(ErrorCode::Validation).at("token").told("problem", "several keys begin so").into()
        }
        NamedKeyError::Ended => Refused::new(ErrorCode::State).at("token").into(),
        NamedKeyError::Fault(why) => why.into(),
    }
}

/// The key that is named, from the command line or from stdin.
fn named(token: Option<String>) -> anyhow::Result<String> {
    let token = token.map_or_else(token_from_stdin, Ok)?;
    Ok(token.trim().to_owned())
}

fn token_from_stdin() -> anyhow::Result<String> {
    let mut line = String::new();
    let missing = |_| Refused::new(ErrorCode::FieldRequired).at("token");
    std::io::stdin().read_line(&mut line).map_err(missing)?;
    Ok(line)
}

fn days_from_now(days: i64) -> anyhow::Result<Instant> {
    hours_from_now(days * 24)
}

fn hours_from_now(hours: i64) -> anyhow::Result<Instant> {
    let end = Timestamp::now().checked_add(hours.hours())?;
    Ok(Instant::from_micros(end.as_microsecond()))
}
