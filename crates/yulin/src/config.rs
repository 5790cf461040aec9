//! A file of settings: what an option takes where neither the command line nor the environment says it.
//!
//! Its keys are the long names of the options, those of a command below the name of the command, as in
//! `[serve]` with `bind = "0.0.0.0:8080"`. A key that no option has is refused.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};
use toml::{Table, Value};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use crate::cli::Cli;

const VARIABLE: &str = "YULIN_CONFIG";
const OPTION: &str = "--config";
const SERVE: &str = "serve";

/// Why a command line is not run.
pub enum NotParsed {
    /// It is not understood, or asks for help.
    Usage(clap::Error),
    /// The file of settings is at fault.
    File(Refused),
}

/// The command line with the file of settings, where one is named.
pub fn parse(words: Vec<OsString>) -> Result<(Cli, ArgMatches), NotParsed> {
    let mut command = Cli::command();
    if let Some(file) = named(&words) {
        let settings = read(&file).map_err(NotParsed::File)?;
        command = with_settings(command, &settings, "").map_err(NotParsed::File)?;
    }
    let matches = command.try_get_matches_from(words).map_err(NotParsed::Usage)?;
    let cli = Cli::from_arg_matches(&matches).map_err(NotParsed::Usage)?;
    Ok((cli, matches))
}

/// The file that the command line or the environment names.
fn named(words: &[OsString]) -> Option<PathBuf> {
    let text = |word: &OsString| word.to_str().map(str::to_owned);
    for (place, word) in words.iter().enumerate() {
        match text(word).as_deref() {
            Some("--") => break,
            Some(OPTION) => return words.get(place + 1).map(PathBuf::from),
            Some(other) => {
                if let Some(file) = other.strip_prefix(OPTION).and_then(|rest| rest.strip_prefix('=')) {
                    return Some(PathBuf::from(file));
                }
            }
            None => {}
        }
    }
    std::env::var_os(VARIABLE).filter(|file| !file.is_empty()).map(PathBuf::from)
}

fn read(file: &Path) -> Result<Table, Refused> {
    let unreadable = |why: std::io::Error| Refused::new(ErrorCode::FileUnreadable).at("config").told("problem", why);
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    text.parse().map_err(|why: toml::de::Error| {
        let line = why.span().map(|span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
        Refused::new(ErrorCode::Validation).at("config").told("problem", why.message()).with("line", line)
    })
}

/// The command whose options take what the settings say; tables are those of its subcommands.
fn with_settings(mut command: Command, settings: &Table, above: &str) -> Result<Command, Refused> {
    if let (true, Some(Value::Table(serve))) = (above.is_empty(), settings.get(SERVE)) {
        // What a server would be told is what is checked.
        let config = command.find_subcommand("config").cloned().unwrap_or_default();
        let check = config.find_subcommand("check").cloned().unwrap_or_default();
        let check = with_settings(check, serve, SERVE)?;
        let config = config.mut_subcommand("check", |_| check);
        command = command.mut_subcommand("config", |_| config);
    }
    for (key, value) in settings {
        let place = if above.is_empty() { key.clone() } else { format!("{above}.{key}") };
        let unknown = || Refused::new(ErrorCode::Validation).at("config").with("unknown", place.clone());
        if let Value::Table(inner) = value {
            let below = command.find_subcommand(key).cloned().ok_or_else(unknown)?;
            let below = with_settings(below, inner, &place)?;
            command = command.mut_subcommand(key, |_| below);
            continue;
        }
        let option = command.get_arguments().find(|argument| argument.get_long() == Some(key));
        let id = option.filter(|_| key != "config").map(Arg::get_id).cloned().ok_or_else(unknown)?;
        let values = texts(value).ok_or_else(|| {
            Refused::new(ErrorCode::Validation)
                .at("config")
                .with("key", place.clone())
                .with("expected", "a text, a number, true, or a list of texts")
        })?;
        command = command.mut_arg(id, |argument| argument.default_values(values));
    }
    Ok(command)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    Some(match value {
        Value::String(text) => vec![text.clone()],
        Value::Integer(number) => vec![number.to_string()],
        Value::Float(number) => vec![number.to_string()],
        Value::Boolean(truth) => vec![truth.to_string()],
        Value::Array(members) => {
            members.iter().map(|member| member.as_str().map(str::to_owned)).collect::<Option<_>>()?
        }
        Value::Datetime(_) | Value::Table(_) => return None,
    })
}
