//! Instants in microseconds of UTC, and local dates of a district turned into them.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

/// Why a text is no instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantRefused {
    #[error("{0:?} is not an RFC 3339 instant")]
    Malformed(String),
    #[error("{0:?} is not a time zone of the IANA list")]
    ZoneUnknown(String),
    #[error("the date {0} cannot be placed in time")]
    OutOfRange(Date),
}

impl Instant {
    /// Before everything: the open lower end of valid time.
    pub const MIN: Self = Self(i64::MIN);
    /// After everything: the open upper end of valid and of recorded time.
    pub const MAX: Self = Self(i64::MAX);

    /// The instant so many microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Parses RFC 3339 with an offset.
    pub fn parse(text: &str) -> Result<Self, InstantRefused> {
        let malformed = || InstantRefused::Malformed(text.chars().take(40).collect());
        let timestamp: Timestamp = text.parse().map_err(|_| malformed())?;
        Ok(Self(timestamp.as_microsecond()))
    }

    /// The first instant of a local date in an IANA time zone.
    pub fn start_of(date: Date, zone: &str) -> Result<Self, InstantRefused> {
        let zone = TimeZone::get(zone).map_err(|_| InstantRefused::ZoneUnknown(zone.to_owned()))?;
        let start = date.to_zoned(zone).map_err(|_| InstantRefused::OutOfRange(date))?;
        Ok(Self(start.timestamp().as_microsecond()))
    }

    /// The local date in an IANA time zone on which this instant falls.
    pub fn date_in(self, zone: &str) -> Result<Date, InstantRefused> {
        let zone = TimeZone::get(zone).map_err(|_| InstantRefused::ZoneUnknown(zone.to_owned()))?;
        let timestamp =
            Timestamp::from_microsecond(self.0).map_err(|_| InstantRefused::Malformed(self.0.to_string()))?;
        Ok(timestamp.to_zoned(zone).date())
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}
