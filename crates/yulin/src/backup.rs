//! `yulin backup`: a copy of the embedded database while it serves, there whole or not at all.

use std::convert::Infallible;
use std::fs::{File, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tempfile::{TempDir, TempPath};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::{BackupError, Head};

use crate::cli::General;
use crate::connection::{existing_url, file_of, not_opened};
use crate::say::Say;
use crate::serve::asked_to_stop;

/// How often it is told how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The file to write; one that is there is never replaced
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Copies the database, flushes the copy and gives it its name.
pub async fn run(general: &General, say: Say, args: BackupArgs) -> anyhow::Result<ExitCode> {
    let url = existing_url(general)?;
    let of = file_of(&url).ok_or_else(not_embedded)?.metadata()?.len();
    let file = std::path::absolute(&args.file).map_err(unwritable)?;
    let (head, bytes) = tokio::select! {
        // Heard before anything is made, so that nothing is left behind.
        biased;
        () = asked_to_stop() => return Err(Refused::new(ErrorCode::Interrupted).into()),
        copied = copied(&url, of, &file) => copied?,
    };
    let Head { seq, hash, recorded_at } = head;
    let value =
        json!({ "file": file, "bytes": bytes, "seq": seq, "hash": hash, "recordedAt": recorded_at.to_string() });
    say.result(&value, format!("{} bytes up to entry {seq} ({hash}) written to {}", bytes, file.display()));
    Ok(ExitCode::SUCCESS)
}

/// The last entry of the copy, and how many bytes it has; dropped, it takes what it has made along.
async fn copied(url: &str, of: u64, file: &Path) -> anyhow::Result<(Head, u64)> {
    // Beside its place, so that naming it is one step; private, since it holds secrets.
    let folder = file.parent().unwrap_or(Path::new("/"));
    let draft = tempfile::Builder::new().prefix(".yulin-").tempdir_in(folder).map_err(unwritable)?;
    let copy = draft.path().join("copy.sqlite");
    let copied = tokio::select! {
        copied = yulin_persistence::backup(url, &copy) => copied,
        never = tell_progress(&copy, of) => match never {},
    };
    let head = match copied {
        Ok(head) => head,
        Err(why) => return Err(not_copied(url, why).await),
    };
    let bytes = kept(copy, draft, file, folder).map_err(unwritable)?;
    Ok((head, bytes))
}

/// Flushes the copy and gives it its name, unless something has that name; how many bytes it has.
fn kept(copy: PathBuf, draft: TempDir, file: &Path, folder: &Path) -> io::Result<u64> {
    let written = File::options().write(true).open(&copy)?;
    #[cfg(unix)]
    written.set_permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600))?;
    written.sync_all()?;
    let bytes = written.metadata()?.len();
    TempPath::try_from_path(copy)?.persist_noclobber(file)?;
    File::open(folder)?.sync_all()?;
    draft.close()?;
    Ok(bytes)
}

/// Tells how far it is until it is dropped: the copy has no free pages, and may stay smaller.
async fn tell_progress(copy: &Path, of: u64) -> Infallible {
    let plain = ProgressStyle::default_bar();
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta}").unwrap_or(plain);
    let bar = ProgressBar::new(of).with_style(style);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        bar.set_position(copy.metadata().map_or(0, |copy| copy.len()));
    }
}

fn unwritable(why: impl std::fmt::Display) -> anyhow::Error {
    Refused::new(ErrorCode::FileUnwritable).at("file").told("problem", why).into()
}

fn not_embedded() -> Refused {
    let tools: Vec<&str> = vec!["pg_basebackup", "pg_dump"];
    let refused = Refused::new(ErrorCode::Validation).at("database");
    refused.with("problem", "this database is backed up with its own tools").with("tools", tools)
}

async fn not_copied(url: &str, why: BackupError) -> anyhow::Error {
    match why {
        BackupError::NotEmbedded => not_embedded().into(),
        BackupError::Unwritable(why) => {
            tracing::debug!(error = %why, "the copy could not be written");
            Refused::new(ErrorCode::FileUnwritable).at("file").into()
        }
        BackupError::Open(why) => not_opened(url, why).await,
        BackupError::Fault(why) => not_opened(url, why.into()).await,
    }
}
