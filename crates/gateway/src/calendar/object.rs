//! A working calendar as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use jiff::civil::Date;
use yulin_domain::calendar::{DayKind, WorkingCalendar};
use yulin_domain::codes::Weekday;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::Versioned;

use crate::codes::Chosen;
use crate::errors::refused_error;
use crate::scalars::{LocalDate, Seq, write_id};

/// Days that are told at once: a year.
const DAYS_MAX: i32 = 366;

/// A working calendar.
#[derive(Clone)]
pub struct CalendarObject(Arc<Versioned<WorkingCalendar>>);

/// The hours worked on a working day, local time (工作时间).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "WorkingHours")]
pub struct WorkingHoursObject {
    /// The first minute worked, `HH:MM` (上班时间).
    pub opens: String,
    /// The first minute no longer worked, `HH:MM`; `24:00` is the end of the day (下班时间).
    pub closes: String,
}

/// A date of a calendar (日历日期).
#[derive(Debug, Clone, SimpleObject)]
pub struct CalendarDay {
    /// The date (日期).
    pub date: LocalDate,
    /// What it is (日期类型).
    pub kind: Chosen<DayKind>,
}

impl CalendarObject {
    /// A calendar as it was read.
    pub fn of(found: Versioned<WorkingCalendar>) -> Self {
        Self(Arc::new(found))
    }

    fn state(&self) -> &WorkingCalendar {
        &self.0.state
    }
}

/// The days and hours on which delays run: dated data with their source, replaced as a whole (工作日历).
#[Object(name = "Calendar")]
impl CalendarObject {
    /// The global id; it follows from the name (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The entry that last changed it: what `expectedSeq` wants (版本).
    async fn version(&self) -> Seq {
        Seq(self.0.version)
    }

    /// The name, by which districts refer to it (名称).
    async fn name(&self) -> &str {
        &self.state().name
    }

    /// Who declared the days, by what documents, and against what they were checked (来源).
    async fn source(&self) -> &str {
        &self.state().source
    }

    /// The hours worked on a working day (工作时间).
    async fn working_hours(&self) -> WorkingHoursObject {
        let hours = self.state().hours;
        WorkingHoursObject { opens: hours.opens.to_string(), closes: hours.closes.to_string() }
    }

    /// Days of the week on which nobody works (休息日).
    async fn rest_days(&self) -> Vec<Chosen<Weekday>> {
        self.state().rest_days.iter().copied().map(Chosen).collect()
    }

    /// Dates free of work, days of rest among them included (放假日).
    async fn holidays(&self) -> Vec<LocalDate> {
        self.state().holidays.iter().copied().map(LocalDate::from).collect()
    }

    /// Days of rest that are worked in place of others (调休上班日).
    async fn make_up_days(&self) -> Vec<LocalDate> {
        self.state().make_up_days.iter().copied().map(LocalDate::from).collect()
    }

    /// The first date of which it speaks (起始日期).
    async fn covers_from(&self) -> LocalDate {
        self.state().covers.from.into()
    }

    /// The last date of which it speaks; beyond it nothing is guessed (截止日期).
    async fn covers_to(&self) -> LocalDate {
        self.state().covers.to.into()
    }

    /// What each date is, from the first to the last, at most 366 (逐日查询).
    fn days(
        &self,
        #[graphql(desc = "The first date (起始日期)")] from: LocalDate,
        #[graphql(desc = "The last date (截止日期)")] to: LocalDate,
    ) -> Result<Vec<CalendarDay>, Error> {
        days_of(self.state(), [from, to]).map_err(|refused| refused_error(&refused))
    }
}

fn days_of(calendar: &WorkingCalendar, asked: [LocalDate; 2]) -> Result<Vec<CalendarDay>, Refused> {
    let [from, to] = asked;
    let (from, to): (Date, Date) = (from.date("from")?, to.date("to")?);
    if (to - from).get_days() >= DAYS_MAX {
        return Err(Refused::new(ErrorCode::LimitExceeded).at("to").with("most", DAYS_MAX));
    }
    let dates = from.series(jiff::Span::new().days(1)).take_while(|date| *date <= to);
    dates.map(|date| Ok(CalendarDay { date: date.into(), kind: Chosen(calendar.day(date)?) })).collect()
}
