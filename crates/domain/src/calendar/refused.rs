//! Why a working calendar gives no answer.

use jiff::civil::Date;

use super::Covered;
use crate::error_catalogue::ErrorCode;
use crate::journal::Refused;
use crate::quantity::Instant;

/// Why a question to a working calendar is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarRefused {
    /// Of years for which no holidays are known, nothing is guessed.
    #[error("the calendar {calendar} does not cover {date}, only {} to {}", covers.from, covers.to)]
    NotCovered { calendar: String, date: Date, covers: Covered },
    #[error("{0:?} is not a time zone of the IANA list")]
    ZoneUnknown(String),
    #[error("the instant {0} has no date")]
    OutOfRange(Instant),
}

impl From<CalendarRefused> for Refused {
    fn from(refused: CalendarRefused) -> Self {
        match refused {
            CalendarRefused::NotCovered { calendar, date, covers } => {
                let refused = Self::new(ErrorCode::CalendarNotCovered).at("calendar").with("calendar", calendar);
                refused.told("date", date).told("coversFrom", covers.from).told("coversTo", covers.to)
            }
            CalendarRefused::ZoneUnknown(zone) => {
                Self::new(ErrorCode::Validation).at("timeZone").with("timeZone", zone)
            }
            CalendarRefused::OutOfRange(at) => Self::new(ErrorCode::TimeInvalid).told("given", at),
        }
    }
}
