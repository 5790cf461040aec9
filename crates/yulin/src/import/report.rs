//! Where the lines of an import go: the report file, people's eyes, and the sums.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::import::{Line, Outcome, Tally};

use crate::say::aside;

/// Refusals that are shown to people; all of them stand in the report.
const SHOWN_MAX: u64 = 20;

/// The report of an import under way.
#[derive(Debug)]
pub struct Report {
    file: Option<BufWriter<File>>,
    bar: ProgressBar,
    pub tally: Tally,
    /// Features taken in spite of something a reader should know.
    pub warned: u64,
}

impl Report {
    /// A report to a file, if one is named, with a bar on stderr where that is a terminal.
    pub fn create(path: Option<&Path>, total: Option<u64>) -> anyhow::Result<Self> {
        let create = |path: &Path| File::create(path).map(BufWriter::new).map_err(unwritable);
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta} {msg}") {
            bar.set_style(style);
        }
        Ok(Self { file: path.map(create).transpose()?, bar, tally: Tally::default(), warned: 0 })
    }

    /// Tells and counts what became of a feature.
    pub fn tell(&mut self, line: &Line) -> anyhow::Result<()> {
        self.tally.count(line.outcome);
        self.warned += u64::from(!line.warnings.is_empty());
        self.bar.inc(1);
        if let Some(refusal) = &line.refusal
            && line.outcome == Outcome::Rejected
            && self.tally.rejected <= SHOWN_MAX
        {
            let code = line.code.as_deref().unwrap_or("-");
            let facts = serde_json::to_string(&refusal.facts)?;
            let (number, why, en) = (line.feature, refusal.code, refusal.messages.en);
            self.bar.suspend(|| aside(format!("feature {number} ({code}) rejected: {why}: {en} {facts}")));
        }
        if let Some(file) = &mut self.file {
            let mut told = serde_json::to_vec(line)?;
            told.push(b'\n');
            file.write_all(&told).map_err(unwritable)?;
        }
        Ok(())
    }

    /// Puts the lines told so far where a reader finds them.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        Ok(self.file.as_mut().map_or(Ok(()), BufWriter::flush).map_err(unwritable)?)
    }

    /// Ends the report.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        self.flush()?;
        Ok(self.file.as_ref().map_or(Ok(()), |file| file.get_ref().sync_all()).map_err(unwritable)?)
    }
}

fn unwritable(why: std::io::Error) -> Refused {
    Refused::new(ErrorCode::FileUnwritable).at("report").told("problem", why)
}
