//! `yulin verify`: the journal's chain, and every projection against what the journal folds to.

use std::process::ExitCode;

use indicatif::ProgressBar;
use yulin_persistence::{VerifyOptions, VerifyProgress};

use crate::cli::General;
use crate::connection::{existing_url, not_opened};
use crate::say::Say;

/// Checks; fails where something is wrong, and says what.
pub async fn run(general: &General, say: Say) -> anyhow::Result<ExitCode> {
    let bar = ProgressBar::new_spinner();
    let mut progress = |at: VerifyProgress| bar.set_message(format!("{at:?}"));
    let url = existing_url(general)?;
    let verified = yulin_persistence::verify(&url, &VerifyOptions::default(), &mut progress).await;
    bar.finish_and_clear();
    let report = verified.map_err(|why| not_opened(&url, why.into()))?;
    let value = serde_json::to_value(&report)?;
    let verdict = if report.sound { "sound" } else { "NOT SOUND" };
    say.result(&value, format!("{verdict}: {}", serde_json::to_string_pretty(&report)?));
    Ok(if report.sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
