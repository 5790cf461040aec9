//! The command line of Yulin. Each command has a file of its name; what they share stands in `connection` and `say`.

mod backup;
mod checkpoint;
mod cli;
mod config;
mod config_check;
mod connection;
mod demo;
mod district;
mod export;
mod extract;
mod factor;
mod fault;
mod generated;
mod import;
mod migrate;
mod rebuild;
mod say;
mod schema;
mod serve;
mod serve_args;
mod telemetry;
mod token;
mod usage;
mod verify;
mod verify_extract;
mod whole_file;

use std::process::ExitCode;

use clap::ArgMatches;

use crate::cli::{Cli, Command};
use crate::config::NotParsed;
use crate::say::Say;
use crate::telemetry::Telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let is_json = || std::env::args().any(|word| word == "--json");
    let (cli, matches) = match config::parse(std::env::args_os().collect()) {
        Ok(parsed) => parsed,
        Err(NotParsed::Usage(error)) => return usage::told(&error, is_json()),
        Err(NotParsed::File(refused)) => {
            (if is_json() { Say::Json } else { Say::Text }).refused(&refused);
            return ExitCode::FAILURE;
        }
    };
    let say = Say::of(&cli.general);
    let ended = match Telemetry::begin(&cli.general) {
        Ok(_until_it_ends) => run(cli, say, &matches).await,
        Err(error) => Err(error),
    };
    match ended {
        Ok(code) => code,
        Err(error) => {
            say.failed(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli, say: Say, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let general = cli.general;
    match cli.command {
        Command::Serve(args) => serve::run(&general, say, args).await,
        Command::Migrate => migrate::run(&general, say).await,
        Command::District(command) => district::run(&general, say, command).await,
        Command::Factor(command) => factor::run(&general, say, command).await,
        Command::Token(command) => token::run(&general, say, command).await,
        Command::Config(command) => config_check::run(&general, say, command, matches),
        Command::Schema => schema::run(say),
        Command::Backup(args) => backup::run(&general, say, args).await,
        Command::Verify(args) => verify::run(&general, say, args).await,
        Command::Rebuild => rebuild::run(&general, say).await,
        Command::Import(args) => import::run(&general, say, args).await,
        Command::Export(args) => export::run(&general, say, args).await,
        Command::Checkpoint(args) => checkpoint::run(&general, say, args).await,
        Command::Extract(args) => extract::run(&general, say, args).await,
        Command::VerifyExtract(args) => verify_extract::run(say, &args),
    }
}
