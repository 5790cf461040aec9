//! `yulin rebuild`: the projections folded anew from the journal.

use std::process::ExitCode;

use indicatif::ProgressBar;
use serde_json::json;

use crate::cli::General;
use crate::connection::{existing_url, waited_for};
use crate::say::Say;

/// Folds the journal anew; nobody writes meanwhile.
pub async fn run(general: &General, say: Say) -> anyhow::Result<ExitCode> {
    let bar = ProgressBar::new_spinner();
    let mut progress = |folded| bar.set_position(folded);
    let url = existing_url(general)?;
    let folded = waited_for(&url, Box::pin(yulin_persistence::rebuild(&url, &mut progress))).await;
    bar.finish_and_clear();
    let folded = folded?;
    say.result(
        &json!({ "rebuilt": true, "entries": folded }),
        format!("{folded} entries folded; `yulin verify` compares"),
    );
    Ok(ExitCode::SUCCESS)
}
