//! How long a delay of working days and hours lasts.
//!
//! Working time is the line of the hours worked, one working day after the other. An instant outside stands where the
//! next working instant stands, and a delay moves along the line: so a later start never ends earlier, and what ends
//! lies within working hours.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::clock::Clock;
use super::{CalendarRefused, WorkingCalendar};
use crate::district::District;
use crate::error_catalogue::ErrorCode;
use crate::journal::{CalendarId, Context, DistrictId, Record, Refused};
use crate::quantity::Instant;

const HOUR_MICROS: i64 = 3_600_000_000;

/// Whole working days, and working hours after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delay {
    #[serde(default, skip_serializing_if = "is_zero")]
    pub days: u16,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hours: u16,
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}

/// A working calendar read by the clock of a time zone.
#[derive(Debug, Clone, Copy)]
pub struct WorkingClock<'a> {
    pub calendar: &'a WorkingCalendar,
    /// IANA name.
    pub zone: &'a str,
}

/// The hours worked on one date; `closes` is the first instant not worked.
#[derive(Debug, Clone, Copy)]
struct Worked {
    date: Date,
    opens: Instant,
    closes: Instant,
}

impl WorkingCalendar {
    /// The end of a delay that begins at `from`, by the clock of an IANA zone: always within working hours. A start
    /// outside working hours counts from the next working instant. Days are added before hours.
    ///
    /// Refused where start, end or a day between them is not covered. Where the clocks are changed within the working
    /// hours of a day, a position that this day does not have becomes its last one.
    pub fn after(&self, from: Instant, delay: Delay, zone: &str) -> Result<Instant, CalendarRefused> {
        let clock = Clock::of(zone)?;
        let mut worked = self.worked_from(from, &clock)?;
        let into = between(worked.opens, from).max(0);
        for _ in 0..delay.days {
            worked = self.worked_after(worked.date, &clock)?;
        }
        let mut at = later(worked.opens, into.min(between(worked.opens, worked.closes) - 1));
        let mut left = i64::from(delay.hours) * HOUR_MICROS;
        loop {
            let room = between(at, worked.closes);
            if left < room {
                return Ok(later(at, left));
            }
            left -= room;
            worked = self.worked_after(worked.date, &clock)?;
            at = worked.opens;
        }
    }

    /// The hours that contain an instant, or the next ones.
    fn worked_from(&self, at: Instant, clock: &Clock) -> Result<Worked, CalendarRefused> {
        let date = clock.date(at)?;
        match self.worked_on(date, clock)? {
            Some(worked) if at < worked.closes => Ok(worked),
            Some(_) | None => self.worked_after(date, clock),
        }
    }

    /// The hours of the next working day. It ends: every step is a date, and what is not covered is refused.
    fn worked_after(&self, date: Date, clock: &Clock) -> Result<Worked, CalendarRefused> {
        let mut date = date;
        loop {
            date = date.tomorrow().map_err(|_| CalendarRefused::OutOfRange(Instant::MAX))?;
            if let Some(worked) = self.worked_on(date, clock)? {
                return Ok(worked);
            }
        }
    }

    /// The hours of a date; none on a day of rest, nor on one that the clocks of the zone left out.
    fn worked_on(&self, date: Date, clock: &Clock) -> Result<Option<Worked>, CalendarRefused> {
        if !self.is_working_day(date)? {
            return Ok(None);
        }
        let opens = clock.instant(date, self.hours.opens)?;
        let closes = clock.instant(date, self.hours.closes)?;
        Ok((opens < closes).then_some(Worked { date, opens, closes }))
    }
}

const fn between(from: Instant, to: Instant) -> i64 {
    to.micros().saturating_sub(from.micros())
}

const fn later(from: Instant, micros: i64) -> Instant {
    Instant::from_micros(from.micros().saturating_add(micros))
}

impl WorkingClock<'_> {
    /// The end of a delay that begins at `from`.
    pub fn after(&self, from: Instant, delay: Delay) -> Result<Instant, CalendarRefused> {
        self.calendar.after(from, delay, self.zone)
    }
}

impl<'a> Context<'a> {
    /// The working calendar of a name as now known; `CALENDAR_UNKNOWN` where none is set. A body that asks sets
    /// `Needs::calendars`.
    pub fn working_calendar(&self, name: &str) -> Result<&'a WorkingCalendar, Refused> {
        match self.set.state(CalendarId::named(name), self.now) {
            Some(Record::Calendar(calendar)) => Ok(calendar),
            _ => Err(Refused::new(ErrorCode::CalendarUnknown).at("calendar").with("calendar", name.to_owned())),
        }
    }

    /// The calendar that a district names, read by the district's clock.
    pub fn working_clock(&self, district: DistrictId) -> Result<WorkingClock<'a>, Refused> {
        let District { calendar, time_zone, .. } = self.district(district)?;
        Ok(WorkingClock { calendar: self.working_calendar(calendar)?, zone: time_zone })
    }
}
