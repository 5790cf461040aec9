//! `yulin config check`: what a server would be told, from where, and whether it could be used.

use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Subcommand};
use serde::Serialize;
use serde_json::json;

use crate::cli::{Cli, General};
use crate::connection::{check_address, database_url};
use crate::generated::Generated;
use crate::say::Say;
use crate::serve_args::ServeArgs;

/// What is done with settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Show what `serve` would be told and from where, and try whatever it names; nothing is served
    Check(Box<ServeArgs>),
}

/// Options of which the value is not shown.
const SECRET: [&str; 1] = ["database"];

/// Checks it.
pub fn run(general: &General, say: Say, command: ConfigCommand, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let ConfigCommand::Check(args) = command;
    let told = settings(matches);
    for Setting { name, value, source } in &told {
        say.note(format!("{name:<20} {:<40} {source}", value.as_deref().unwrap_or("-")));
    }
    args.listening()?;
    args.documents()?;
    args.provider()?;
    let url = database_url(general, args.generated().map(Generated::database));
    check_address(&url)?;
    args.check(&url)?;
    say.result(&json!({ "settings": told }), "these settings can be used");
    Ok(ExitCode::SUCCESS)
}

/// An option of a server.
#[derive(Debug, Serialize)]
struct Setting {
    name: String,
    /// None where it is not set, and has no default.
    value: Option<String>,
    /// From where the value is.
    source: &'static str,
}

/// Each option of a server, set or not.
fn settings(matches: &ArgMatches) -> Vec<Setting> {
    let below = matches.subcommand_matches("config").and_then(|config| config.subcommand_matches("check"));
    let Some(matches) = below else { return Vec::new() };
    let mut command = Cli::command();
    command.build();
    let check = command.find_subcommand("config").and_then(|config| config.find_subcommand("check"));
    let mut told = Vec::new();
    for argument in check.into_iter().flat_map(clap::Command::get_arguments) {
        let (Some(name), id) = (argument.get_long(), argument.get_id().as_str()) else { continue };
        // What is asked of the command itself, as for help, sets nothing.
        let Ok(raw) = matches.try_get_raw(id) else { continue };
        let Some(raw) = raw else {
            told.push(Setting { name: name.to_owned(), value: None, source: "not set" });
            continue;
        };
        let values: Vec<_> = raw.map(|value| value.to_string_lossy().into_owned()).collect();
        let value = if SECRET.contains(&name) { "(not shown)".to_owned() } else { values.join(",") };
        let usual = argument.get_default_values().iter().map(|usual| usual.to_string_lossy()).collect::<Vec<_>>();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "option",
            Some(ValueSource::EnvVariable) => "environment",
            Some(ValueSource::DefaultValue) if usual == values => "default",
            Some(_) | None => "file",
        };
        told.push(Setting { name: name.to_owned(), value: Some(value), source });
    }
    told
}
