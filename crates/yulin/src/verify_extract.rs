//! `yulin verify-extract`: an extract or a proof checked off-line, with nothing but the file and a key.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_domain::log::{Document, DocumentUnreadable, DocumentVerified, KeyFrom, VerifierKey, VerifierKeyMalformed};

use crate::say::{Say, aside};

/// What is told where the key is the file's own.
const NOTICE: &str = "The key was taken from the file itself: this shows that the file agrees with itself, not who made \
                      it. Give the registry's key, had from the registry by another way, with --key.";

/// Options of `verify-extract`.
#[derive(Debug, Args)]
pub struct VerifyExtractArgs {
    /// The extract, or the proof that `checkpoint --since` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The registry's key, as `checkpoint --key` prints it
    #[arg(long, value_name = "KEY", value_parser = key)]
    key: Option<VerifierKey>,
}

fn key(text: &str) -> Result<VerifierKey, Refused> {
    let malformed = |why: VerifierKeyMalformed| Refused::new(ErrorCode::Validation).at("key").told("problem", why);
    text.trim().parse().map_err(malformed)
}

/// Checks; fails where something is wrong, and says what and where.
pub fn run(say: Say, args: &VerifyExtractArgs) -> anyhow::Result<ExitCode> {
    let unreadable = |why| Refused::new(ErrorCode::FileUnreadable).at("file").told("problem", why);
    let text = std::fs::read_to_string(&args.file).map_err(unreadable)?;
    let document = Document::read(text.trim_start_matches('\u{feff}')).map_err(not_read)?;
    let bar = ProgressBar::new(document.entries());
    let bar = bar.with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}")?);
    let checked = document.check(args.key.as_ref(), &mut |entries| bar.set_position(entries));
    bar.finish_and_clear();
    match checked {
        Ok((verified, from)) => {
            if from == KeyFrom::File {
                aside(format!("yulin: {NOTICE}"));
            }
            say.result(&value_of(&verified, from)?, told(&verified, from));
            Ok(ExitCode::SUCCESS)
        }
        Err(wrong) => {
            let value = json!({ "valid": false, "place": wrong.place, "what": wrong.flaw.to_string() });
            say.result(&value, format!("NOT VALID: {wrong}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

fn value_of(verified: &DocumentVerified, from: KeyFrom) -> serde_json::Result<Value> {
    let mut value = serde_json::to_value(verified)?;
    if let Some(members) = value.as_object_mut() {
        members.insert("valid".to_owned(), true.into());
        members.insert("keyFrom".to_owned(), serde_json::to_value(from)?);
    }
    Ok(value)
}

fn told(verified: &DocumentVerified, from: KeyFrom) -> String {
    let verdict = match from {
        KeyFrom::Given => "VALID",
        KeyFrom::File => "AGREES WITH ITSELF, SIGNER NOT CHECKED",
    };
    match verified {
        DocumentVerified::Extract(it) => format!(
            "{verdict}: {} in the log {}: complete up to entry {}; changes: {}, entries: {}, the last: {}",
            it.subject, it.origin, it.size, it.changes, it.entries, it.last_seq
        ),
        DocumentVerified::Consistency(it) => format!(
            "{verdict}: the first {} of {} entries of the log {} are those of the old checkpoint",
            it.old_size, it.new_size, it.origin
        ),
    }
}

fn not_read(why: DocumentUnreadable) -> Refused {
    match why {
        DocumentUnreadable::Json(why) => {
            let refused = Refused::new(ErrorCode::JsonInvalid).at("file").told("problem", &why);
            refused.with("line", why.line()).with("column", why.column())
        }
        DocumentUnreadable::Format(given) => {
            let known: Vec<&str> = Document::FORMATS.into();
            Refused::new(ErrorCode::FormatUnknown).at("file").with("given", given).with("known", known)
        }
    }
}
