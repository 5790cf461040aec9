//! A command line that is not understood: told with a code and the option at fault, like every other refusal.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::say::Say;

/// The exit code of a command line that is not understood.
const USAGE: u8 = 2;

/// Tells it; help and version are told as they are.
pub fn told(error: &clap::Error, json: bool) -> ExitCode {
    let is_error = error.use_stderr();
    // That nobody reads it any more is no reason to fail otherwise.
    drop(error.print());
    match (is_error, json) {
        (false, _) => return ExitCode::SUCCESS,
        (true, true) => Say::Json.refused(&refusal_of(error)),
        (true, false) => Say::Text.refused(&refusal_of(error)),
    }
    ExitCode::from(USAGE)
}

/// The refusal of the parser of the option, or what kind of mistake it is.
fn refusal_of(error: &clap::Error) -> Refused {
    let field = field_of(error);
    if let Some(refused) = std::error::Error::source(error).and_then(|why| why.downcast_ref::<Refused>()) {
        return Refused { field: field.or_else(|| refused.field.clone()), ..refused.clone() };
    }
    let code = match error.kind() {
        ErrorKind::InvalidValue => ErrorCode::ValueNotInList,
        ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ErrorCode::FieldRequired,
        _ => ErrorCode::Validation,
    };
    let refused = Refused::new(code).at(field.unwrap_or_else(|| "command".to_owned()));
    let given = error.get(ContextKind::InvalidValue).map(ToString::to_string);
    match given.filter(|given| !given.is_empty()) {
        Some(given) => refused.with("given", given),
        None => refused,
    }
}

/// The option at fault without its dashes and the name of its value.
fn field_of(error: &clap::Error) -> Option<String> {
    let told = match error.get(ContextKind::InvalidArg)? {
        ContextValue::String(told) => told.as_str(),
        ContextValue::Strings(told) => told.first()?.as_str(),
        _ => return None,
    };
    let name = told.split_whitespace().next()?;
    let name = name.split('=').next().unwrap_or(name);
    Some(name.trim_matches(['-', '<', '>', '[', ']', '.']).to_lowercase())
}
