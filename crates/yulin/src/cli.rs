//! The words of the command line: commands, their options and what they default to.
//!
//! Each command's work stands in the file of its name.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::backup::BackupArgs;
use crate::checkpoint::CheckpointArgs;
use crate::config_check::ConfigCommand;
use crate::district::DistrictCommand;
use crate::export::ExportArgs;
use crate::extract::ExtractArgs;
use crate::factor::FactorCommand;
use crate::import::ImportArgs;
use crate::serve_args::ServeArgs;
use crate::telemetry::{LOGGED, LogFormat, log_filter};
use crate::token::TokenCommand;
use crate::verify::VerifyArgs;
use crate::verify_extract::VerifyExtractArgs;

/// Yulin (鱼鳞): a land and factor-resource registry.
#[derive(Debug, Parser)]
#[command(name = "yulin", version, about, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub general: General,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct General {
    /// The database, `sqlite://FILE` or `postgres://…`; a primary and its standbys with commas in between [default: `sqlite://yulin.sqlite?mode=rwc`]
    #[arg(long, global = true, env = "YULIN_DATABASE", hide_env_values = true, value_name = "URL")]
    pub database: Option<String>,
    /// Write JSON, one object a line; the last line is the result
    #[arg(long, global = true)]
    pub json: bool,
    /// A file of settings, as TOML; options and the environment go before it
    #[arg(long, global = true, env = "YULIN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What is logged: levels, and levels of parts of the program, such as `warn,yulin=debug`
    #[arg(long, global = true, env = "YULIN_LOG", value_name = "FILTER", value_parser = log_filter, default_value = LOGGED)]
    pub log: String,
    /// How lines of the log are written
    #[arg(long, global = true, env = "YULIN_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// Where traces are collected, by OTLP over HTTP, as `http://collector:4318`; left out: nowhere
    #[arg(long, global = true, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub trace_to: Option<String>,
    /// Which share of traces is sent, chosen by their ids
    #[arg(long, global = true, env = "YULIN_TRACE_SHARE", value_name = "0..1", default_value_t = 1.0)]
    pub trace_share: f64,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the registry over HTTP
    Serve(ServeArgs),
    /// Bring the database to the form this program needs
    Migrate,
    /// Districts
    #[command(subcommand)]
    District(DistrictCommand),
    /// Factor resources
    #[command(subcommand)]
    Factor(FactorCommand),
    /// Keys of principals
    #[command(subcommand)]
    Token(TokenCommand),
    /// The settings of a server
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the GraphQL schema
    Schema,
    /// Copy an embedded database into a file while it serves
    Backup(BackupArgs),
    /// Check the journal and everything folded from it
    Verify(VerifyArgs),
    /// Fold everything that is folded from the journal anew; nobody writes meanwhile
    Rebuild,
    /// Read parcels, zones, features, parties, rights or attributes from a file
    Import(ImportArgs),
    /// Write parcels to a file
    Export(ExportArgs),
    /// Sign the journal as it stands, or prove that it still begins as an earlier checkpoint said
    Checkpoint(CheckpointArgs),
    /// Write the whole chain of one parcel, party or other subject, with proofs, for somebody outside
    Extract(ExtractArgs),
    /// Check an extract or a proof off-line, with nothing but the file and a key
    VerifyExtract(VerifyExtractArgs),
}
