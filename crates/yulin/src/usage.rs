//! A command line that is not understood: told with a code and the option at fault, like every other refusal.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde_json::Value;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::say::{Say, aside};

/// The exit code of a command line that is not understood.
const USAGE: u8 = 2;

/// What the parser knows of a mistake, by the names of facts.
const FACTS: [(ContextKind, &str); 8] = [
    (ContextKind::InvalidValue, "given"),
    (ContextKind::ValidValue, "allowed"),
    (ContextKind::ValidSubcommand, "allowed"),
    (ContextKind::SuggestedArg, "similar"),
    (ContextKind::SuggestedSubcommand, "similar"),
    (ContextKind::SuggestedValue, "similar"),
    (ContextKind::PriorArg, "conflictsWith"),
    (ContextKind::MinValues, "least"),
];

/// Tells it; help and version are told as they are.
pub fn told(error: &clap::Error, json: bool) -> ExitCode {
    let is_help = !error.use_stderr();
    if is_help || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        // That nobody reads it any more is no reason to fail otherwise.
        drop(error.print());
    }
    if is_help {
        return ExitCode::SUCCESS;
    }
    let say = if json { Say::Json } else { Say::Text };
    say.refused(&refusal_of(error));
    if let Some(usage) = error.get(ContextKind::Usage) {
        aside(usage);
    }
    ExitCode::from(USAGE)
}

/// The refusal of the parser of the option, or what kind of mistake it is.
fn refusal_of(error: &clap::Error) -> Refused {
    let field = field_of(error);
    let source = std::error::Error::source(error);
    if let Some(refused) = source.and_then(|why| why.downcast_ref::<Refused>()) {
        return Refused { field: field.or_else(|| refused.field.clone()), ..refused.clone() };
    }
    let refused = Refused::new(code_of(error)).at(field.unwrap_or_else(|| "command".to_owned()));
    let refused = match (source, stray_of(error), error.get(ContextKind::InvalidArg)) {
        (Some(why), _, _) => refused.told("problem", why),
        (None, Some(word), _) => refused.with("given", word),
        (None, None, Some(ContextValue::Strings(missing))) => refused.with("missing", missing.as_slice()),
        (None, None, _) => refused,
    };
    let known = FACTS.into_iter().filter_map(|(kind, name)| Some((name, fact_of(error.get(kind)?)?)));
    known.fold(refused, |refused, (name, fact)| refused.with(name, fact))
}

fn code_of(error: &clap::Error) -> ErrorCode {
    match error.kind() {
        ErrorKind::InvalidValue if error.get(ContextKind::InvalidValue).and_then(fact_of).is_some() => {
            ErrorCode::ValueNotInList
        }
        // An option that is named without its value.
        ErrorKind::InvalidValue
        | ErrorKind::MissingRequiredArgument
        | ErrorKind::MissingSubcommand
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ErrorCode::FieldRequired,
        _ => ErrorCode::Validation,
    }
}

/// The option at fault without its dashes and the name of its value; none for a word that stands for no option.
fn field_of(error: &clap::Error) -> Option<String> {
    if stray_of(error).is_some() {
        return None;
    }
    let told = match error.get(ContextKind::InvalidArg)? {
        ContextValue::String(told) => told.as_str(),
        ContextValue::Strings(told) => told.first()?.as_str(),
        _ => return None,
    };
    let name = told.split_whitespace().next()?;
    let name = name.split('=').next().unwrap_or(name);
    Some(name.trim_matches(['-', '<', '>', '[', ']', '.']).to_lowercase())
}

/// A word that is no command, or one too many: neither an option nor a value of one.
fn stray_of(error: &clap::Error) -> Option<&str> {
    let place = match error.kind() {
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        _ => return None,
    };
    match error.get(place) {
        Some(ContextValue::String(word)) if !word.starts_with('-') => Some(word),
        _ => None,
    }
}

fn fact_of(value: &ContextValue) -> Option<Value> {
    match value {
        ContextValue::String(text) => (!text.is_empty()).then(|| text.as_str().into()),
        ContextValue::Strings(texts) => (!texts.is_empty()).then(|| texts.as_slice().into()),
        ContextValue::Number(number) => Some((*number).into()),
        _ => None,
    }
}
