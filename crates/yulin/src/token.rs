//! `yulin token`: keys under which principals are known over HTTP.

use std::process::ExitCode;

use clap::Subcommand;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::Instant;

use crate::cli::General;
use crate::connection::open_for_command;
use crate::fault::by_option;
use crate::say::{Say, not_performed};

/// Longest life of a key that may be asked for, in days.
const DAYS_MAX: i64 = 3_660;

/// What is done with keys.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Issue a key; it is shown once and stored as its digest
    Issue {
        /// The role in which its bearer acts, such as PLANNER
        #[arg(long, value_parser = role)]
        role: Role,
        /// The name of the principal; an office or a service, never a natural person [default: the role]
        #[arg(long, value_name = "NAME")]
        principal: Option<String>,
        /// After how many days it expires [default: never]
        #[arg(long, value_name = "DAYS", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(1..=DAYS_MAX))]
        expires: Option<i64>,
    },
    /// Revoke a key, at once and everywhere; the webhooks of its principal stop until they are resumed with another
    Revoke {
        /// The key; read from stdin where none is given, so that it stands in no list of processes
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
    let registry = open_for_command(general).await?;
    let code = match command {
        TokenCommand::Issue { role, principal, expires } => {
            let name = principal.unwrap_or_else(|| role.to_string().to_lowercase());
            let principal = registry.ensure_principal(&name, role).await.map_err(not_performed);
            let principal = principal.map_err(|error| by_option(error, &[("name", "principal")]))?;
            let token = registry.issue_key(principal, role, expires.map(days_from_now).transpose()?).await?;
            say.result(&json!({ "token": token }), &token);
            ExitCode::SUCCESS
        }
        TokenCommand::Revoke { token: _, all: true } => {
            let revoked = registry.revoke_all_keys().await?;
            say.result(&json!({ "revoked": revoked }), format!("{revoked} keys revoked"));
            ExitCode::SUCCESS
        }
        TokenCommand::Revoke { token, all: false } => {
            let token = token.map_or_else(token_from_stdin, Ok)?;
            if !registry.revoke_key(token.trim()).await? {
                return Err(Refused::new(ErrorCode::NotFound).at("token").into());
            }
            say.result(&json!({ "revoked": 1 }), "revoked");
            ExitCode::SUCCESS
        }
    };
    registry.close().await;
    Ok(code)
}

fn token_from_stdin() -> anyhow::Result<String> {
    let mut line = String::new();
    let missing = |_| Refused::new(ErrorCode::FieldRequired).at("token");
    std::io::stdin().read_line(&mut line).map_err(missing)?;
    Ok(line)
}

fn days_from_now(days: i64) -> anyhow::Result<Instant> {
    let end = Timestamp::now().checked_add((days * 24).hours())?;
    Ok(Instant::from_micros(end.as_microsecond()))
}
