//! `yulin import`: features of a file become acts, a chunk at a time, and every one of them is accounted for.

mod args;
mod chunk;
mod job;
mod known;
mod performed;
mod report;
mod run;

pub use args::ImportArgs;
pub use run::run;
