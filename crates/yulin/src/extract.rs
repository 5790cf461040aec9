//! `yulin extract`: the whole chain of one subject for somebody outside, who checks it with `yulin verify-extract`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Refused, Subject};
use yulin_domain::log::Extract;
use yulin_persistence::{ExtractError, Registry};

use crate::cli::General;
use crate::connection::open_to_read;
use crate::say::Say;
use crate::serve::asked_to_stop;
use crate::whole_file;

/// Options of `extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// What is extracted, such as `parcel:UUID`, `party:UUID` or `district:UUID`
    #[arg(long, value_name = "KIND:UUID", value_parser = subject)]
    subject: Subject,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

fn subject(text: &str) -> Result<Subject, Refused> {
    text.parse().map_err(|why: String| Refused::new(ErrorCode::IdInvalid).at("subject").told("problem", why))
}

/// Writes the extract; it is there whole, or not at all.
pub async fn run(general: &General, say: Say, args: ExtractArgs) -> anyhow::Result<ExitCode> {
    let registry = open_to_read(general).await?;
    let extracted = tokio::select! {
        extracted = extract(&registry, args.subject) => extracted,
        () = asked_to_stop() => Err(Refused::new(ErrorCode::Interrupted).into()),
    };
    registry.close().await;
    let extract = extracted?;
    whole_file::write(&args.out, &written(&extract)?)?;
    let (entries, key) = (extract.entries.len(), extract.key);
    let last = extract.entries.last().map(|entry| entry.seq);
    let value = json!({ "entries": entries, "lastSeq": last, "key": key, "file": args.out });
    let told = format!("{entries} entries of {} written to {}; checked under {key}", args.subject, args.out.display());
    say.result(&value, told);
    Ok(ExitCode::SUCCESS)
}

async fn extract(registry: &Registry, subject: Subject) -> anyhow::Result<Extract> {
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}")?);
    let mut progress = |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let extracted = registry.extract(subject, &mut progress).await;
    bar.finish_and_clear();
    extracted.map_err(|why| match why {
        ExtractError::Unknown(_) => Refused::new(ErrorCode::NotFound).at("subject").into(),
        ExtractError::TooLong { entries, most } => {
            Refused::new(ErrorCode::LimitExceeded).at("subject").with("entries", entries).with("most", most).into()
        }
        ExtractError::Fault(why) => why.into(),
    })
}

fn written(extract: &Extract) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(extract)?;
    bytes.push(b'\n');
    Ok(bytes)
}
