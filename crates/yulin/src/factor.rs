//! `yulin factor`: the factors that the registry brings along.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;
use yulin_domain::factor::shipped;

use crate::cli::General;
use crate::connection::{Author, now, open_for_command};
use crate::say::{Say, not_performed};

/// What is done with factors.
#[derive(Debug, Subcommand)]
pub enum FactorCommand {
    /// Register the factors that come with the program and are not there yet; a zone amends what it knows better
    Load {
        /// Why they are registered
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}

/// Does it.
pub async fn run(general: &General, say: Say, command: FactorCommand) -> anyhow::Result<ExitCode> {
    let FactorCommand::Load { reason } = command;
    let registry = open_for_command(general).await?;
    let known = registry.factors(&now(&registry).await?).await?;
    let author = Author::of(&registry, reason).await?;
    let mut loaded = Vec::new();
    for factor in shipped() {
        if known.iter().any(|one| one.state.code == factor.code) {
            continue;
        }
        let code = factor.code.clone();
        registry.perform(author.act(factor.into())).await.map_err(not_performed)?;
        loaded.push(code);
    }
    registry.close().await;
    let told = format!("{} factors registered, {} were there already", loaded.len(), known.len());
    say.result(&json!({ "registered": loaded, "known": known.len() }), told);
    Ok(ExitCode::SUCCESS)
}
