//! Working calendars: on which days and at which hours delays run.

mod calendar;
#[cfg(test)]
mod calendar_tests;
mod clock;
mod refused;
mod set;
#[cfg(test)]
mod set_tests;
mod shipped;
mod time_of_day;
mod working_time;

pub use calendar::{Covered, DayKind, WorkingCalendar, WorkingHours};
pub use refused::CalendarRefused;
pub use set::{COVERED_DAYS_MAX, SetCalendar};
pub use shipped::{CHINA, shipped};
pub use time_of_day::{TimeOfDay, TimeOfDayInvalid};
pub use working_time::{Delay, WorkingClock};
