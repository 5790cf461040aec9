//! `yulin verify`: the journal's chain, and every projection against what the journal folds to.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::ProgressBar;
use yulin_persistence::{VerifyOptions, VerifyProgress};

use crate::checkpoint::note_at;
use crate::cli::General;
use crate::connection::{existing_url, waited_for};
use crate::say::Say;

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A checkpoint that was kept elsewhere: finds a journal that was rewritten or cut short since
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

/// Checks; fails where something is wrong, and says what.
pub async fn run(general: &General, say: Say, args: VerifyArgs) -> anyhow::Result<ExitCode> {
    let checkpoint = args.checkpoint.map(|path| note_at("checkpoint", &path)).transpose()?;
    let options = VerifyOptions { checkpoint, ..VerifyOptions::default() };
    let bar = ProgressBar::new_spinner();
    let mut progress = |at: VerifyProgress| bar.set_message(format!("{at:?}"));
    let url = existing_url(general)?;
    let verified = waited_for(&url, Box::pin(yulin_persistence::verify(&url, &options, &mut progress))).await;
    bar.finish_and_clear();
    let report = verified?;
    let value = serde_json::to_value(&report)?;
    let verdict = if report.sound { "sound" } else { "NOT SOUND" };
    say.result(&value, format!("{verdict}: {}", serde_json::to_string_pretty(&report)?));
    Ok(if report.sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
