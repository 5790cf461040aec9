//! Local dates and times of a zone as instants and back.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::{CalendarRefused, TimeOfDay};
use crate::quantity::Instant;

/// The clock of an IANA time zone.
#[derive(Debug, Clone)]
pub struct Clock(TimeZone);

impl Clock {
    /// The clock of a zone; refused where the zone is not known.
    pub fn of(zone: &str) -> Result<Self, CalendarRefused> {
        TimeZone::get(zone).map(Self).map_err(|_| CalendarRefused::ZoneUnknown(zone.to_owned()))
    }

    /// The local date of an instant.
    pub fn date(&self, at: Instant) -> Result<Date, CalendarRefused> {
        let timestamp = Timestamp::from_microsecond(at.micros()).map_err(|_| CalendarRefused::OutOfRange(at))?;
        Ok(self.0.to_datetime(timestamp).date())
    }

    /// The instant of a local time; where the clocks skip it, as much later, and where they repeat it, the first.
    pub fn instant(&self, date: Date, time: TimeOfDay) -> Result<Instant, CalendarRefused> {
        let beyond = || CalendarRefused::OutOfRange(Instant::MAX);
        let (date, time) = match time.civil() {
            Some(time) => (date, time),
            None => (date.tomorrow().map_err(|_| beyond())?, Time::midnight()),
        };
        let zoned = self.0.to_ambiguous_zoned(date.to_datetime(time)).compatible().map_err(|_| beyond())?;
        Ok(Instant::from_micros(zoned.timestamp().as_microsecond()))
    }
}
