//! Where the lines of an import go: the report file, people's eyes, and the sums.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use yulin_exchange::import::{Line, Outcome, Tally};

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
        let create = |path: &Path| File::create(path).map(BufWriter::new).context("the report cannot be written");
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
            self.bar.suspend(|| eprintln!("feature {number} ({code}) rejected: {why}: {en} {facts}"));
        }
        if let Some(file) = &mut self.file {
            serde_json::to_writer(&mut *file, line)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Puts the lines told so far where a reader finds them.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush).context("the report cannot be written")
    }

    /// Ends the report.
    pub fn finish(&mut self) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        self.flush()?;
        self.file.as_ref().map_or(Ok(()), |file| file.get_ref().sync_all()).context("the report cannot be written")
    }
}
