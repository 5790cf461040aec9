//! A working calendar: which days are worked, and at which hours.
//!
//! What it says of a day stands here; how long a delay lasts on it, in `working_time`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CalendarRefused, TimeOfDay};
use crate::codes::Weekday;
use crate::journal::CalendarId;

/// The dates of which a calendar speaks, the first and the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    pub from: Date,
    pub to: Date,
}

/// The hours worked on a working day, local time; `closes` itself is not worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    pub opens: TimeOfDay,
    pub closes: TimeOfDay,
}

/// What a date is in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    Working,
    /// A day of rest that is worked in place of another.
    MakeUp,
    /// Declared free of work.
    Holiday,
    /// A day of the week on which nobody works.
    Rest,
}

/// The days and hours on which delays run, as dated data with their source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingCalendar {
    pub id: CalendarId,
    /// Unique in the registry; districts name their calendar by it.
    pub name: String,
    /// Who declared the days, by what documents, and against what they were checked.
    pub source: String,
    pub hours: WorkingHours,
    /// Days of the week on which nobody works.
    pub rest_days: BTreeSet<Weekday>,
    /// Dates free of work; they may fall on days of rest.
    pub holidays: BTreeSet<Date>,
    /// Days of rest that are worked.
    pub make_up_days: BTreeSet<Date>,
    pub covers: Covered,
}

impl WorkingHours {
    /// The whole day: where days alone are declared.
    pub const WHOLE_DAY: Self = Self { opens: TimeOfDay::MIDNIGHT, closes: TimeOfDay::END };
}

impl Covered {
    /// Whether a date lies within.
    pub fn contains(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }
}

impl WorkingCalendar {
    /// What a date is; refused where the calendar does not speak of it.
    pub fn day(&self, date: Date) -> Result<DayKind, CalendarRefused> {
        if !self.covers.contains(date) {
            return Err(CalendarRefused::NotCovered { calendar: self.name.clone(), date, covers: self.covers });
        }
        if self.holidays.contains(&date) {
            return Ok(DayKind::Holiday);
        }
        if self.make_up_days.contains(&date) {
            return Ok(DayKind::MakeUp);
        }
        Ok(if self.rest_days.contains(&Weekday::of(date)) { DayKind::Rest } else { DayKind::Working })
    }

    /// Whether a date is worked; refused where the calendar does not speak of it.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarRefused> {
        Ok(match self.day(date)? {
            DayKind::Working | DayKind::MakeUp => true,
            DayKind::Holiday | DayKind::Rest => false,
        })
    }
}
