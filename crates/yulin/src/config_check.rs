//! `yulin config check`: what a server would be told, from where, and whether it could be used.

use std::process::ExitCode;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Subcommand};
use serde_json::json;

use crate::cli::{Cli, General};
use crate::connection::{check_address, database_url};
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
    for (name, value, source) in &told {
        say.note(format!("{name:<20} {value:<40} {source}"));
    }
    args.listening()?;
    args.documents()?;
    args.provider()?;
    check_address(&database_url(general, None))?;
    let settings: Vec<_> =
        told.iter().map(|(name, value, source)| json!({ "name": name, "value": value, "source": source })).collect();
    say.result(&json!({ "settings": settings }), "these settings can be used");
    Ok(ExitCode::SUCCESS)
}

/// Each option of a server, its value, and from where it is.
fn settings(matches: &ArgMatches) -> Vec<(String, String, &'static str)> {
    let below = matches.subcommand_matches("config").and_then(|config| config.subcommand_matches("check"));
    let Some(matches) = below else { return Vec::new() };
    let mut command = Cli::command();
    command.build();
    let check = command.find_subcommand("config").and_then(|config| config.find_subcommand("check"));
    let mut told = Vec::new();
    for argument in check.into_iter().flat_map(clap::Command::get_arguments) {
        let (Some(name), id) = (argument.get_long(), argument.get_id().as_str()) else { continue };
        let Ok(Some(raw)) = matches.try_get_raw(id) else { continue };
        let values: Vec<_> = raw.map(|value| value.to_string_lossy().into_owned()).collect();
        let value = if SECRET.contains(&name) { "(not shown)".to_owned() } else { values.join(",") };
        let usual = argument.get_default_values().iter().map(|usual| usual.to_string_lossy()).collect::<Vec<_>>();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "option",
            Some(ValueSource::EnvVariable) => "environment",
            Some(ValueSource::DefaultValue) if usual == values => "default",
            Some(_) | None => "file",
        };
        told.push((name.to_owned(), value, source));
    }
    told
}
