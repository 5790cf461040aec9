//! Verifying: the chain is followed from its start, and what the journal folds into is compared with what lies there.
//!
//! The journal is folded anew into a scratch database by the code that the writer uses, a page at a time, so that
//! memory does not grow with the registry, and the two are compared as of the head at the start: others may write on.

mod chain;
mod compare;
mod derived;
mod log;
mod personal;
mod report;
mod scratch;

pub use report::{VerifyOptions, VerifyProgress, VerifyReport, Wrong, verify};
