//! The two times of a question: valid and recorded.

use async_graphql::{InputObject, OneofObject};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::{AsOf, RecordedAt};

use super::{Seq, Timestamp};
use crate::errors::refused_error;

/// As of when a question is answered; what is left out is the present (查询时点).
#[derive(Debug, Clone, InputObject)]
pub struct AsOfInput {
    /// The instant at which the facts hold (有效时间).
    pub valid: Option<Timestamp>,
    /// What the registry knew: up to an entry or an instant (登记时间).
    pub recorded: Option<RecordedInput>,
}

/// A point of recorded time (登记时间点).
#[derive(Debug, Clone, OneofObject)]
pub enum RecordedInput {
    /// Up to and including this entry (登记序号).
    Seq(Seq),
    /// What was recorded by this instant (时刻).
    At(Timestamp),
}

impl AsOfInput {
    pub(crate) fn read(self) -> Result<AsOf, async_graphql::Error> {
        self.times().map_err(|refused| refused_error(&refused))
    }

    pub(crate) fn times(self) -> Result<AsOf, Refused> {
        let valid = self.valid.map(|at| at.instant("asOf.valid")).transpose()?;
        let recorded = match self.recorded {
            Some(RecordedInput::Seq(Seq(seq))) if seq < 1 => {
                let refused = Refused::new(ErrorCode::AsOfInvalid).at("asOf.recorded.seq");
                return Err(refused.with("asked", seq).with("least", 1));
            }
            Some(RecordedInput::Seq(Seq(seq))) => Some(RecordedAt::Seq(seq)),
            Some(RecordedInput::At(at)) => Some(RecordedAt::At(at.instant("asOf.recorded.at")?)),
            None => None,
        };
        Ok(AsOf { valid, recorded })
    }
}
