//! `yulin checkpoint`: the journal as it stands, signed; the key for checking; proof that it still begins as it did.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::log::ConsistencyProof;
use yulin_persistence::{ProofError, Registry};

use crate::cli::General;
use crate::connection::open_to_read;
use crate::say::Say;
use crate::whole_file;

/// Options of `checkpoint`.
#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// Write it to a file instead of printing it
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Prove that the journal still begins as an earlier checkpoint said; FILE is that checkpoint
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Print the key by which signatures of this registry are checked, and sign nothing
    #[arg(long, conflicts_with_all = ["out", "since"])]
    key: bool,
}

/// Signs, proves, or tells the key.
pub async fn run(general: &General, say: Say, args: CheckpointArgs) -> anyhow::Result<ExitCode> {
    let registry = open_to_read(general).await?;
    let done = if args.key { key(&registry, say).await } else { sign(&registry, say, &args).await };
    registry.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn key(registry: &Registry, say: Say) -> anyhow::Result<()> {
    let key = registry.log_key().await?;
    say.result(&json!({ "key": key.to_string() }), key);
    Ok(())
}

async fn sign(registry: &Registry, say: Say, args: &CheckpointArgs) -> anyhow::Result<()> {
    let bar = ProgressBar::new_spinner();
    let mut progress = |leaves| bar.set_position(leaves);
    let out = args.out.as_deref();
    if let Some(since) = &args.since {
        let proof = registry.prove_consistency(&note_at("since", since)?, &mut progress).await;
        bar.finish_and_clear();
        return told_proof(say, &proof.map_err(not_proven)?, out);
    }
    let made = registry.make_checkpoint(&mut progress).await;
    bar.finish_and_clear();
    let made = made?;
    let (size, root) = (made.checkpoint.size, made.checkpoint.root);
    let value = json!({ "size": size, "root": root, "note": made.note, "file": out });
    match out {
        Some(path) => {
            whole_file::write(path, made.note.as_bytes())?;
            say.result(&value, format!("checkpoint of {size} entries written to {}", path.display()));
        }
        // What is printed is the note itself, byte for byte.
        None => say.result(&value, made.note.trim_end()),
    }
    Ok(())
}

fn told_proof(say: Say, proof: &ConsistencyProof, out: Option<&Path>) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(proof)?;
    match out {
        Some(path) => {
            whole_file::write(path, text.as_bytes())?;
            let value = json!({ "hashes": proof.proof.len(), "file": path });
            say.result(&value, format!("proof of {} hashes written to {}", proof.proof.len(), path.display()));
        }
        None => say.result(&serde_json::to_value(proof)?, text),
    }
    Ok(())
}

/// The text of a note in a file that an option names.
pub fn note_at(option: &str, path: &Path) -> Result<String, Refused> {
    let unreadable = |why| Refused::new(ErrorCode::FileUnreadable).at(option).told("problem", why);
    std::fs::read_to_string(path).map_err(unreadable)
}

fn not_proven(error: ProofError) -> anyhow::Error {
    match error {
        ProofError::NotOurs(why) => Refused::new(ErrorCode::Validation).at("since").told("problem", why).into(),
        ProofError::Rewritten => {
            let problem = ProofError::Rewritten.to_string();
            Refused::new(ErrorCode::StoredDataCorrupt)
                .at("since")
                .with("table", "journal")
                .told("problem", problem)
                .into()
        }
        ProofError::Fault(why) => why.into(),
    }
}
