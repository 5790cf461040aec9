//! What the registry tells of its work to whoever watches it: counts and durations, under names that stay.
//!
//! Where nothing collects them they cost next to nothing.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use yulin_domain::journal::Receipt;

use crate::error::PerformError;
use crate::factor::Round;
use crate::servers::ReadFrom;

const ACTS: &str = "yulin_acts_total";
const BATCH_ACTS: &str = "yulin_batch_acts";
const BATCH_SECONDS: &str = "yulin_batch_seconds";
const JOURNAL_SEQ: &str = "yulin_journal_seq";
const READS_STANDBY: &str = "yulin_reads_standby";
const STANDBY_BEHIND: &str = "yulin_standby_behind_entries";
const COMPARISONS: &str = "yulin_ledger_comparisons_total";
const COMPARED: &str = "yulin_ledger_accounts_compared_total";
const DIFFERING: &str = "yulin_ledger_accounts_differing_total";

/// Says what each of them is.
pub fn describe_metrics() {
    describe_counter!(
        ACTS,
        "Acts that were answered, by kind and outcome: recorded, repeated, or the code of the refusal or fault"
    );
    describe_histogram!(BATCH_ACTS, "Acts that were answered by one transaction");
    describe_histogram!(BATCH_SECONDS, Unit::Seconds, "How long a batch took, from the order to the commit");
    describe_gauge!(JOURNAL_SEQ, "The newest entry of the journal that this gateway knows of");
    describe_gauge!(READS_STANDBY, "1 where snapshots are read from a server that follows, 0 where from the primary");
    describe_gauge!(STANDBY_BEHIND, "Entries that the server which is read from lacked when it was last looked at");
    describe_counter!(COMPARISONS, "Rounds in which journal and tables of the ledger were compared");
    describe_counter!(COMPARED, "Accounts of which journal and tables were compared");
    describe_counter!(DIFFERING, "Accounts of which they differed, and that were blocked; any is an alarm");
    // What has not happened yet is zero, and not unknown: the first time is seen as one.
    counter!(COMPARED).absolute(0);
    counter!(DIFFERING).absolute(0);
    for outcome in ["BUSY", "OUTCOME_UNKNOWN", "INTERNAL"] {
        counter!(ACTS, "kind" => "", "outcome" => outcome).absolute(0);
    }
}

/// A batch was tried.
pub fn batch(acts: usize, took: Duration) {
    // A count of at most hundreds; the collector takes floats alone.
    histogram!(BATCH_ACTS).record(u32::try_from(acts).unwrap_or(u32::MAX));
    histogram!(BATCH_SECONDS).record(took);
}

/// An act was answered by a batch that began after an entry; what is older was recorded before, and asked again.
pub fn decided(answer: &Result<Receipt, PerformError>, after: i64) {
    match answer {
        Ok(receipt) => {
            let outcome = if receipt.seq > after { "recorded" } else { "repeated" };
            counter!(ACTS, "kind" => receipt.kind.name(), "outcome" => outcome).increment(1);
        }
        Err(error) => failed(error),
    }
}

/// An act was answered without having been decided.
pub fn failed(error: &PerformError) {
    counter!(ACTS, "kind" => "", "outcome" => outcome(error)).increment(1);
}

fn outcome(error: &PerformError) -> &'static str {
    match error {
        PerformError::Refused(refused) | PerformError::Malformed(refused) => refused.code.code(),
        PerformError::Busy => "BUSY",
        PerformError::OutcomeUnknown => "OUTCOME_UNKNOWN",
        PerformError::Fault(_) => "INTERNAL",
    }
}

/// An entry was seen, recorded here or elsewhere.
pub fn newest(seq: i64) {
    // Exact up to 2^53 entries.
    #[allow(clippy::cast_precision_loss)]
    gauge!(JOURNAL_SEQ).set(seq as f64);
}

/// The servers were looked at by a gateway that reads from one that follows.
pub fn read_from(from: ReadFrom) {
    let (reads_standby, behind) = match from {
        ReadFrom::Primary => (0, 0),
        ReadFrom::Standby { behind, .. } => (1, behind),
    };
    gauge!(READS_STANDBY).set(reads_standby);
    #[allow(clippy::cast_precision_loss)]
    gauge!(STANDBY_BEHIND).set(behind as f64);
}

/// A round of the comparison of ledger and journal ended.
pub fn compared(round: &Round) {
    counter!(COMPARISONS).increment(1);
    counter!(COMPARED).increment(round.compared as u64);
    counter!(DIFFERING).increment(round.differing.len() as u64);
}
