//! How a working calendar is set.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Covered, WorkingCalendar, WorkingHours};
use crate::codes::{Labelled, Weekday};
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{Body, CalendarId, Change, Context, Decision, Needs, Record, Refused, Seen, Span};

/// Days that a calendar may cover: fifty years.
pub const COVERED_DAYS_MAX: i32 = 50 * 366;
/// Greatest length of a source in characters.
const SOURCE_MAX: usize = 2_000;

/// Sets a working calendar, or replaces the whole of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetCalendar {
    pub name: String,
    pub source: String,
    pub hours: WorkingHours,
    pub rest_days: BTreeSet<Weekday>,
    pub holidays: BTreeSet<Date>,
    pub make_up_days: BTreeSet<Date>,
    pub covers: Covered,
    /// The calendar of this name that is replaced, as its author saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Seen<CalendarId>>,
}

impl Body for SetCalendar {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.id().into());
        needs.records.extend(self.replaces.map(|seen| crate::journal::RecordKey::from(seen.id)));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.name, "name")?;
        self.check_source()?;
        based(context)?;
        self.check_hours()?;
        self.check_covers()?;
        self.check_days()?;
        self.check_replaced(context)?;
        let calendar = self.calendar();
        if context.set.state(calendar.id, context.now) == Some(&Record::from(calendar.clone())) {
            return Ok(Decision::default());
        }
        // Its days carry their own dates: what is now known of it is known of all valid time.
        Ok(vec![Change::put(calendar.id.into(), calendar.id.into(), Span::ALL, calendar)].into())
    }
}

/// A calendar moves deadlines: it has a reason or a legal basis.
fn based(context: &Context<'_>) -> Result<(), Refused> {
    match &context.envelope.legal_basis {
        Some(basis) if !basis.trim().is_empty() => Ok(()),
        Some(_) | None => context.reasoned(),
    }
}

impl SetCalendar {
    /// The id that follows from the name.
    pub fn id(&self) -> CalendarId {
        CalendarId::named(&self.name)
    }

    /// The calendar as it will be known.
    pub fn calendar(&self) -> WorkingCalendar {
        let Self { name, source, hours, rest_days, holidays, make_up_days, covers, replaces: _ } = self.clone();
        WorkingCalendar { id: self.id(), name, source, hours, rest_days, holidays, make_up_days, covers }
    }

    fn check_source(&self) -> Result<(), Refused> {
        let length = self.source.chars().count();
        if length > SOURCE_MAX {
            let refused = Refused::new(ErrorCode::TextTooLong).at("source");
            return Err(refused.with("length", length).with("most", SOURCE_MAX));
        }
        let is_given = !self.source.trim().is_empty();
        is_given.then_some(()).ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("source"))
    }

    fn check_hours(&self) -> Result<(), Refused> {
        let WorkingHours { opens, closes } = self.hours;
        if opens >= closes {
            return Err(invalid("workingHours").told("opens", opens).told("closes", closes));
        }
        if self.rest_days.len() == Weekday::all().len() {
            return Err(invalid("restDays").with("problem", "no day of the week is worked"));
        }
        Ok(())
    }

    fn check_covers(&self) -> Result<(), Refused> {
        let Covered { from, to } = self.covers;
        if from > to {
            return Err(invalid("coversTo").told("coversFrom", from).told("coversTo", to));
        }
        let days = (to - from).get_days();
        if days >= COVERED_DAYS_MAX {
            let refused = Refused::new(ErrorCode::LimitExceeded).at("coversTo");
            return Err(refused.with("days", days).with("most", COVERED_DAYS_MAX));
        }
        Ok(())
    }

    /// Every date lies in what is covered, and no date is said to be two things.
    fn check_days(&self) -> Result<(), Refused> {
        let lists = [(&self.holidays, "holidays"), (&self.make_up_days, "makeUpDays")];
        for (dates, field) in lists {
            if let Some(date) = dates.iter().find(|date| !self.covers.contains(**date)) {
                return Err(invalid(field).told("date", date).with("problem", "it is not covered"));
            }
        }
        if let Some(date) = self.make_up_days.intersection(&self.holidays).next() {
            return Err(invalid("makeUpDays").told("date", date).with("problem", "it is a holiday as well"));
        }
        let worked = |date: &&Date| !self.rest_days.contains(&Weekday::of(**date));
        if let Some(date) = self.make_up_days.iter().find(worked) {
            return Err(invalid("makeUpDays").told("date", date).with("problem", "it is worked anyway"));
        }
        Ok(())
    }

    /// One that stands is replaced by whoever has seen it, and by nobody else.
    fn check_replaced(&self, context: &Context<'_>) -> Result<(), Refused> {
        let id = self.id();
        let stands = context.set.state(id, context.now).is_some();
        match self.replaces {
            None if stands => {
                let refused = Refused::new(ErrorCode::CodeDuplicate).at("name").with("name", self.name.clone());
                Err(refused.with("actualSeq", context.set.head(id)))
            }
            None => Ok(()),
            Some(seen) if seen.id != id => Err(invalid("replaces").with("problem", "it bears another name")),
            Some(_) if !stands => Err(Refused::new(ErrorCode::NotFound).at("replaces").told("calendar", id)),
            Some(seen) => context.unchanged(seen, "replaces"),
        }
    }
}

fn invalid(field: &str) -> Refused {
    Refused::new(ErrorCode::CalendarInvalid).at(field)
}
