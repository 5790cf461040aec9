//! What a feature asks of the registry, and the setting in which it is read.

use yulin_domain::district::District;
use yulin_domain::geometry::{AxisOrder, Crs};
use yulin_domain::journal::ActBody;
use yulin_domain::quantity::Instant;

/// What a difference between file and registry means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// The world changed: the new facts hold from the act's effect on.
    #[default]
    Change,
    /// The record was wrong: the facts have been so all along, or since the day named.
    Correction,
}

/// How the features of a file are to be read.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    pub district: &'a District,
    /// The system of the file's ordinates; none where no geometry is read.
    pub crs: Option<Crs>,
    /// Which of its ordinates is east.
    pub axis: AxisOrder,
    pub manner: Manner,
    /// Since when what the file says holds.
    pub effective: Option<Instant>,
}

/// A record as the registry has it.
#[derive(Debug)]
pub struct Existing<'a, T> {
    pub state: &'a T,
    /// The entry that last changed its subject.
    pub seq: i64,
}

impl<T> Clone for Existing<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Existing<'_, T> {}

/// What is to be done about a feature.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// The registry says the same already.
    Unchanged,
    /// An act says it.
    Perform(Box<ActBody>),
}

impl Plan {
    pub(super) fn perform(body: impl Into<ActBody>) -> Self {
        Self::Perform(Box::new(body.into()))
    }
}
