//! The command line of Yulin. Each command has a file of its name; what they share stands in `connection` and `say`.

mod backup;
mod checkpoint;
mod cli;
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
mod token;
mod usage;
mod verify;
mod verify_extract;
mod whole_file;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};
use crate::say::Say;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::told(&error, std::env::args().any(|word| word == "--json")),
    };
    log_to_stderr();
    let say = Say::of(&cli.general);
    match run(cli, say).await {
        Ok(code) => code,
        Err(error) => {
            say.failed(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli, say: Say) -> anyhow::Result<ExitCode> {
    let general = cli.general;
    match cli.command {
        Command::Serve(args) => serve::run(&general, say, args).await,
        Command::Migrate => migrate::run(&general, say).await,
        Command::District(command) => district::run(&general, say, command).await,
        Command::Factor(command) => factor::run(&general, say, command).await,
        Command::Token(command) => token::run(&general, say, command).await,
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

/// Logs go to stderr: stdout holds results, and a reader of JSON must find nothing else there.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("YULIN_LOG").unwrap_or_else(|_| EnvFilter::new("warn,yulin=info"));
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
}
