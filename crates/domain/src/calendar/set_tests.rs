//! Setting a calendar: each refusal and its order, what is known afterwards, and who may ask for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;

use super::*;
use crate::codes::{CodeProfile, Labelled, Role, Weekday};
use crate::district::RegisterDistrict;
use crate::error_catalogue::ErrorCode;
use crate::geometry::Crs;
use crate::journal::*;
use crate::quantity::Instant;
use uuid::Uuid;

const NOW: Instant = Instant::from_micros(1_770_000_000_000_000);

/// Decides acts of the registry one after the other.
#[derive(Default)]
struct Book {
    set: WorkingSet,
    seq: i64,
}

impl Book {
    fn take(&mut self, body: impl Into<ActBody>, envelope: impl FnOnce(&mut Envelope)) -> Result<Decided, Refused> {
        let mut act = Act {
            envelope: Envelope {
                reason: Some("a test".to_owned()),
                ..Envelope::by_the_registry(ActId(Uuid::from_u128(7_000 + u128::from(self.seq.unsigned_abs()))))
            },
            legs: vec![body.into()],
        };
        envelope(&mut act.envelope);
        let decided = decide_entry(&mut self.set, &act, &PreparedFootprints::default(), NOW, self.seq + 1)?;
        self.set.keep();
        self.seq += 1;
        Ok(decided)
    }

    fn told(&mut self, body: impl Into<ActBody>) -> (ErrorCode, String) {
        let refused = self.take(body, |_| {}).unwrap_err();
        (refused.code, refused.field.unwrap_or_default())
    }

    fn known(&self, name: &str) -> Option<&Record> {
        self.set.state(CalendarId::named(name), NOW)
    }
}

fn calendar() -> SetCalendar {
    shipped(CHINA).unwrap()
}

#[test]
fn a_calendar_is_known_at_every_valid_time_once_it_is_set() {
    let mut book = Book::default();
    let decided = book.take(calendar(), |_| {}).unwrap();
    assert_eq!(decided.changes.len(), 1);
    assert_eq!(book.known(CHINA), Some(&calendar().calendar().into()));
    assert_eq!(book.set.state(CalendarId::named(CHINA), Instant::MIN), book.known(CHINA));
    assert_eq!(book.known("FR"), None);
}

#[test]
fn what_contradicts_itself_is_refused_with_the_date() {
    let set = |change: fn(&mut SetCalendar)| {
        let mut given = calendar();
        change(&mut given);
        Book::default().told(given)
    };
    let invalid = |field: &str| (ErrorCode::CalendarInvalid, field.to_owned());
    assert_eq!(set(|given| given.name = " ".to_owned()), (ErrorCode::FieldRequired, "name".to_owned()));
    assert_eq!(set(|given| given.source = String::new()), (ErrorCode::FieldRequired, "source".to_owned()));
    assert_eq!(set(|given| given.source = "x".repeat(2_001)), (ErrorCode::TextTooLong, "source".to_owned()));
    assert_eq!(set(|given| given.hours.closes = given.hours.opens), invalid("workingHours"));
    assert_eq!(set(|given| given.rest_days = Weekday::all().iter().copied().collect()), invalid("restDays"));
    assert_eq!(set(|given| given.covers.to = date(2023, 1, 1)), invalid("coversTo"));
    assert_eq!(set(|given| given.covers.to = date(2080, 1, 1)), (ErrorCode::LimitExceeded, "coversTo".to_owned()));
    assert_eq!(set(|given| given.covers.to = date(2026, 6, 1)), invalid("holidays"));
    assert_eq!(set(|given| given.make_up_days.extend([date(2027, 1, 3)])), invalid("makeUpDays"));
    assert_eq!(set(|given| given.make_up_days.extend([date(2026, 10, 3)])), invalid("makeUpDays"), "a holiday");
    assert_eq!(set(|given| given.make_up_days.extend([date(2026, 3, 3)])), invalid("makeUpDays"), "a Tuesday");
}

#[test]
fn a_calendar_has_a_reason_or_a_legal_basis() {
    let told = |reason: Option<&str>, basis: Option<&str>| {
        let (reason, legal_basis) = (reason.map(str::to_owned), basis.map(str::to_owned));
        let given = |envelope: &mut Envelope| (envelope.reason, envelope.legal_basis) = (reason, legal_basis);
        Book::default().take(calendar(), given).map(|_| ()).map_err(|refused| refused.code)
    };
    assert_eq!(told(None, None), Err(ErrorCode::ReasonRequired));
    assert_eq!(told(Some(" "), Some(" ")), Err(ErrorCode::ReasonRequired));
    assert_eq!(told(Some("why"), None), Ok(()));
    assert_eq!(told(None, Some("by what")), Ok(()));
}

#[test]
fn only_who_has_seen_a_calendar_replaces_it_and_then_the_whole_of_it() {
    let mut book = Book::default();
    let id = CalendarId::named(CHINA);
    let seen = |seq| SetCalendar { replaces: Some(Seen { id, seq }), source: "another".to_owned(), ..calendar() };
    assert_eq!(book.told(seen(0)), (ErrorCode::NotFound, "replaces".to_owned()));
    book.take(calendar(), |_| {}).unwrap();
    assert_eq!(book.told(calendar()), (ErrorCode::CodeDuplicate, "name".to_owned()));
    assert_eq!(book.told(seen(7)), (ErrorCode::Conflict, "replaces".to_owned()));
    let other = SetCalendar { name: "XX".to_owned(), ..seen(1) };
    assert_eq!(book.told(other), (ErrorCode::CalendarInvalid, "replaces".to_owned()));
    let same = SetCalendar { source: calendar().source, ..seen(1) };
    assert_eq!(book.told(same).0, ErrorCode::NothingChanges);
    let shorter = SetCalendar { holidays: [].into(), make_up_days: [].into(), ..seen(1) };
    book.take(shorter.clone(), |_| {}).unwrap();
    assert_eq!(book.known(CHINA), Some(&shorter.calendar().into()));
}

#[test]
fn a_decision_finds_the_calendar_of_its_district_or_is_refused() {
    let mut book = Book::default();
    let register = RegisterDistrict {
        code: "D".to_owned(),
        name: "D".to_owned(),
        parent: None,
        profile: CodeProfile::Open,
        grid: Crs::epsg(4549).unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        calendar: CHINA.to_owned(),
        boundary: None,
        generated: false,
    };
    let act = ActId(Uuid::from_u128(1));
    book.take(register, |envelope| envelope.id = act).unwrap();
    let district = DistrictId::made_by(act, 0, 0);
    let deadline = |book: &Book| {
        let envelope = Envelope::by_the_registry(act);
        let footprints = PreparedFootprints::default();
        let context = Context::bare(&book.set, &envelope, NOW, &footprints);
        let clock = context.working_clock(district)?;
        Ok::<_, Refused>(clock.after(NOW, Delay { days: 10, hours: 0 })?)
    };
    let refused = deadline(&book).unwrap_err();
    assert_eq!((refused.code, &refused.facts["calendar"]), (ErrorCode::CalendarUnknown, &CHINA.into()));
    book.take(calendar(), |_| {}).unwrap();
    // From Monday, 2 February 2026, 10:40: the tenth working day is a Saturday that is made up for.
    assert_eq!(deadline(&book).unwrap(), Instant::parse("2026-02-14T10:40:00+08:00").unwrap());
}

#[test]
fn administrators_and_officers_of_the_zone_set_calendars() {
    let may: Vec<_> = Role::all().iter().filter(|role| may_perform(**role, ActKind::SetCalendar)).collect();
    assert_eq!(may, [&Role::ZoneOfficer, &Role::Admin, &Role::System]);
}
