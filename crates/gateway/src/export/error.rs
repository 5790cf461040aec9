//! Why nothing was exported.

use async_graphql::Error;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::SinkError;

use crate::errors::{fault, refusal_of};

/// Why nothing was exported; nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The question is not answered, or the registry failed under a reference that stands in the log.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The file is not written.
    #[error(transparent)]
    Sink(#[from] SinkError),
}

impl ExportError {
    /// As it is told over HTTP, where no reason may name a path.
    pub fn refused(self) -> Refused {
        match self {
            Self::Refused(refused) => refused,
            Self::Sink(SinkError::TextTooLong { field, found, max }) => {
                Refused::new(ErrorCode::TextTooLong).at(field).with("found", found).with("most", max)
            }
            Self::Sink(SinkError::DecimalInexact { field, value }) => {
                Refused::new(ErrorCode::NumberInvalid).at(field).with("value", value)
            }
            Self::Sink(SinkError::TooManyFeatures { max }) => {
                Refused::new(ErrorCode::LimitExceeded).at("format").with("most", max)
            }
            Self::Sink(why) => refusal_of(&fault(&why)),
        }
    }
}

impl From<Error> for ExportError {
    fn from(error: Error) -> Self {
        Self::Refused(refusal_of(&error))
    }
}
