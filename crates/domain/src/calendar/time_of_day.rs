//! A local time of day to the minute, `00:00` to `24:00`.

use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY_MINUTES: u16 = 24 * 60;

/// Minutes after local midnight, 0 to 1440; written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

/// Why a text is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time of day, HH:MM from 00:00 to 24:00")]
pub struct TimeOfDayInvalid(String);

impl TimeOfDay {
    /// The beginning of a day.
    pub const MIDNIGHT: Self = Self(0);
    /// The end of a day, which is the beginning of the next.
    pub const END: Self = Self(DAY_MINUTES);

    /// The same time as a civil one; none at the end of the day, which belongs to the next.
    pub(super) fn civil(self) -> Option<jiff::civil::Time> {
        let (hour, minute) = (i8::try_from(self.0 / 60).ok()?, i8::try_from(self.0 % 60).ok()?);
        jiff::civil::Time::new(hour, minute, 0, 0).ok()
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl std::str::FromStr for TimeOfDay {
    type Err = TimeOfDayInvalid;
    fn from_str(text: &str) -> Result<Self, TimeOfDayInvalid> {
        let invalid = || TimeOfDayInvalid(text.chars().take(20).collect());
        let two = |digits: &str| {
            let is_two = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
            is_two.then(|| digits.parse::<u16>().ok()).flatten().ok_or_else(invalid)
        };
        let (hours, minutes) = text.split_once(':').ok_or_else(invalid)?;
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        let time = hours * 60 + minutes;
        if minutes < 60 && time <= DAY_MINUTES { Ok(Self(time)) } else { Err(invalid()) }
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = TimeOfDayInvalid;
    fn try_from(text: String) -> Result<Self, TimeOfDayInvalid> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}
