//! The mutation by which a working calendar is set.

use std::collections::BTreeSet;

use async_graphql::InputObject;
use jiff::civil::Date;
use yulin_domain::calendar::{COVERED_DAYS_MAX, Covered, SetCalendar, TimeOfDay, WorkingHours};
use yulin_domain::codes::Weekday;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::common::SeenInput;
use super::read::{Read, Under, seen};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::LocalDate;

/// The hours worked on a working day, local time to the minute (工作时间).
#[derive(Debug, Clone, InputObject)]
pub struct WorkingHoursInput {
    /// The first minute worked, `HH:MM` (上班时间).
    pub opens: String,
    /// The first minute no longer worked, `HH:MM`; `24:00` is the end of the day (下班时间).
    pub closes: String,
}

impl TryFrom<WorkingHoursInput> for WorkingHours {
    type Error = Refused;
    fn try_from(WorkingHoursInput { opens, closes }: WorkingHoursInput) -> Read<Self> {
        Ok(Self { opens: time(&opens, "opens")?, closes: time(&closes, "closes")? })
    }
}

fn time(text: &str, field: &str) -> Read<TimeOfDay> {
    text.parse().map_err(|why| Refused::new(ErrorCode::TimeInvalid).at(field).told("problem", why))
}

/// A working calendar: the whole of it; what was known of one of this name is replaced (设定工作日历).
#[derive(Debug, Clone, InputObject)]
pub struct SetCalendarInput {
    /// The name, by which districts refer to it (名称).
    pub name: String,
    /// Who declared the days, by what documents, and against what they were checked (来源).
    pub source: String,
    /// The hours worked on a working day; the whole day where left out (工作时间).
    pub working_hours: Option<WorkingHoursInput>,
    /// Days of the week on which nobody works (休息日).
    pub rest_days: Vec<Chosen<Weekday>>,
    /// Dates free of work; they may fall on days of rest (放假日).
    pub holidays: Vec<LocalDate>,
    /// Days of rest that are worked (调休上班日).
    pub make_up_days: Vec<LocalDate>,
    /// The first date of which it speaks (起始日期).
    pub covers_from: LocalDate,
    /// The last date of which it speaks: of no later year may anything be guessed (截止日期).
    pub covers_to: LocalDate,
    /// The calendar of this name that it replaces (所替代的工作日历).
    pub replaces: Option<SeenInput>,
}

impl TryFrom<SetCalendarInput> for SetCalendar {
    type Error = Refused;
    fn try_from(given: SetCalendarInput) -> Read<Self> {
        let SetCalendarInput {
            name,
            source,
            working_hours,
            rest_days,
            holidays,
            make_up_days,
            covers_from,
            covers_to,
            replaces,
        } = given;
        let hours = working_hours.map(WorkingHours::try_from).transpose().under("workingHours")?;
        Ok(Self {
            name,
            source,
            hours: hours.unwrap_or(WorkingHours::WHOLE_DAY),
            rest_days: rest_days.into_iter().map(|day| day.0).collect(),
            holidays: dates(&holidays, "holidays")?,
            make_up_days: dates(&make_up_days, "makeUpDays")?,
            covers: Covered { from: covers_from.date("coversFrom")?, to: covers_to.date("coversTo")? },
            replaces: replaces.map(|calendar| seen(&calendar, "replaces")).transpose()?,
        })
    }
}

/// Reads dates; those that are not covered are refused by the act, so there are no more of them than it may cover.
fn dates(given: &[LocalDate], field: &str) -> Read<BTreeSet<Date>> {
    if usize::try_from(COVERED_DAYS_MAX).is_ok_and(|most| given.len() > most) {
        return Err(Refused::new(ErrorCode::ListTooLong).at(field).with("most", COVERED_DAYS_MAX));
    }
    given.iter().enumerate().map(|(place, date)| date.date(&format!("{field}[{place}]"))).collect()
}

mutations! {
    CalendarMutations:
    /// Sets a working calendar, or replaces the whole of one (设定工作日历).
    set_calendar(SetCalendarInput) = SetCalendar;
}
