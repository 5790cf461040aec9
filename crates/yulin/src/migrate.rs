//! `yulin migrate`: brings the database to the form this program needs.

use std::process::ExitCode;

use serde_json::json;
use yulin_persistence::Migrate;

use crate::cli::General;
use crate::connection::{database_url, open_with};
use crate::say::Say;

/// Applies the steps that are missing and says where the journal stands.
pub async fn run(general: &General, say: Say) -> anyhow::Result<ExitCode> {
    let registry = open_with(&database_url(general, None), 1, Migrate::Apply).await?;
    let head = registry.head().await?;
    registry.close().await;
    say.result(
        &json!({ "migrated": true, "seq": head.seq }),
        format!("up to date; the journal stands at {}", head.seq),
    );
    Ok(ExitCode::SUCCESS)
}
