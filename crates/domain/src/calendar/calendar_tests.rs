//! Working time: the laws it keeps on random calendars, and days that can be looked up.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::clock::Clock;
use super::*;
use crate::codes::Weekday;
use crate::journal::CalendarId;
use crate::quantity::Instant;

const SHANGHAI: &str = "Asia/Shanghai";
/// Zones with and without summer time, on both sides of Greenwich.
const ZONES: [&str; 4] = [SHANGHAI, "Europe/Paris", "America/New_York", "Australia/Lord_Howe"];
const COVERS: Covered = Covered { from: date(2024, 1, 1), to: date(2029, 12, 31) };
/// Starts lie well before the end of what is covered: 2024-01-02 to 2027-12-31, in seconds.
const STARTS: std::ops::Range<i64> = 1_704_200_000..1_830_200_000;

fn hours(opens: &str, closes: &str) -> WorkingHours {
    WorkingHours { opens: opens.parse().unwrap(), closes: closes.parse().unwrap() }
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn weekend() -> BTreeSet<Weekday> {
    [Weekday::Saturday, Weekday::Sunday].into()
}

fn china(hours: WorkingHours) -> WorkingCalendar {
    WorkingCalendar { hours, ..shipped(CHINA).unwrap().calendar() }
}

fn dates(year: i16, month: i8, days: std::ops::RangeInclusive<i8>) -> impl Iterator<Item = Date> {
    days.map(move |day| date(year, month, day))
}

/// Random holidays, make-up days, days of rest and hours; the night is never worked.
fn calendars() -> impl Strategy<Value = WorkingCalendar> {
    let days = || prop::collection::btree_set(0..2_190_i32, 0..200);
    let hours =
        prop_oneof![Just(hours("09:00", "17:00")), Just(hours("08:30", "12:15")), Just(hours("06:00", "24:00"))];
    let rest = prop_oneof![Just(weekend()), Just(BTreeSet::new()), Just([Weekday::Friday].into())];
    (days(), days(), hours, rest).prop_map(|(off, make_up, hours, rest_days)| {
        let day = |days: i32| COVERS.from.checked_add(jiff::Span::new().days(days)).unwrap();
        let holidays: BTreeSet<Date> = off.into_iter().map(day).collect();
        let make_up = make_up.into_iter().map(day).filter(|date| rest_days.contains(&Weekday::of(*date)));
        let make_up_days = make_up.filter(|date| !holidays.contains(date)).collect();
        let (name, source) = ("X".to_owned(), "a test".to_owned());
        WorkingCalendar {
            id: CalendarId::named("X"),
            name,
            source,
            hours,
            rest_days,
            holidays,
            make_up_days,
            covers: COVERS,
        }
    })
}

fn instants() -> impl Strategy<Value = Instant> {
    (STARTS, 0..1_000_000_i64).prop_map(|(seconds, micros)| Instant::from_micros(seconds * 1_000_000 + micros))
}

fn delays() -> impl Strategy<Value = Delay> {
    (0..60_u16, 0..200_u16).prop_map(|(days, hours)| Delay { days, hours })
}

fn days(days: u16) -> Delay {
    Delay { days, hours: 0 }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_later_start_never_ends_earlier(
        calendar in calendars(), one in instants(), gap in 0..400_000_000_000_i64, delay in delays(),
        zone in prop::sample::select(&ZONES[..])
    ) {
        let other = Instant::from_micros(one.micros() + gap);
        prop_assert!(calendar.after(one, delay, zone).unwrap() <= calendar.after(other, delay, zone).unwrap());
    }

    #[test]
    fn a_longer_delay_never_ends_earlier(
        calendar in calendars(), from in instants(), delay in delays(), zone in prop::sample::select(&ZONES[..])
    ) {
        let end = calendar.after(from, delay, zone).unwrap();
        prop_assert!(from <= end);
        for longer in [Delay { days: delay.days + 1, ..delay }, Delay { hours: delay.hours + 1, ..delay }] {
            prop_assert!(end < calendar.after(from, longer, zone).unwrap());
        }
    }

    #[test]
    fn the_end_of_a_delay_lies_within_working_hours(
        calendar in calendars(), from in instants(), delay in delays(), zone in prop::sample::select(&ZONES[..])
    ) {
        let end = calendar.after(from, delay, zone).unwrap();
        let clock = Clock::of(zone).unwrap();
        let date = clock.date(end).unwrap();
        prop_assert!(calendar.is_working_day(date).unwrap());
        prop_assert!(clock.instant(date, calendar.hours.opens).unwrap() <= end);
        prop_assert!(end < clock.instant(date, calendar.hours.closes).unwrap());
    }

    #[test]
    fn whole_days_add_up(
        calendar in calendars(), from in instants(), a in 0..60_u16, b in 0..60_u16,
        zone in prop::sample::select(&ZONES[..])
    ) {
        let first = calendar.after(from, days(a), zone).unwrap();
        prop_assert_eq!(calendar.after(first, days(b), zone), calendar.after(from, days(a + b), zone));
    }

    #[test]
    fn hours_add_up(
        calendar in calendars(), from in instants(), a in 0..100_u16, b in 0..100_u16,
        zone in prop::sample::select(&ZONES[..])
    ) {
        let hours = |hours| Delay { days: 0, hours };
        let first = calendar.after(from, hours(a), zone).unwrap();
        prop_assert_eq!(calendar.after(first, hours(b), zone), calendar.after(from, hours(a + b), zone));
    }

    #[test]
    fn a_start_outside_working_hours_counts_from_the_next_working_instant(
        calendar in calendars(), from in instants(), delay in delays(), zone in prop::sample::select(&ZONES[..])
    ) {
        let next = calendar.after(from, Delay::default(), zone).unwrap();
        prop_assert!(next >= from);
        prop_assert_eq!(calendar.after(next, delay, zone), calendar.after(from, delay, zone));
        if next > from {
            let worked = Clock::of(zone).unwrap().instant(Clock::of(zone).unwrap().date(next).unwrap(), calendar.hours.opens);
            prop_assert_eq!(Ok(next), worked);
        }
    }

    /// Days of 23 and 25 hours, all of them worked: what holds even there.
    #[test]
    fn where_clocks_change_within_working_hours_a_later_start_still_never_ends_earlier(
        one in instants(), gap in 0..400_000_000_000_i64, delay in delays(), zone in prop::sample::select(&ZONES[..])
    ) {
        let calendar = WorkingCalendar {
            rest_days: BTreeSet::new(), hours: WorkingHours::WHOLE_DAY, holidays: BTreeSet::new(),
            make_up_days: BTreeSet::new(), covers: COVERS, ..china(WorkingHours::WHOLE_DAY)
        };
        let other = Instant::from_micros(one.micros() + gap);
        let (end, later) = (calendar.after(one, delay, zone).unwrap(), calendar.after(other, delay, zone).unwrap());
        prop_assert!(one <= end && end <= later);
    }
}

#[test]
fn the_days_of_china_are_those_declared() {
    let calendar = china(WorkingHours::WHOLE_DAY);
    let off: Vec<_> = dates(2026, 2, 15..=23).chain(dates(2025, 10, 1..=8)).chain(dates(2024, 2, 10..=17)).collect();
    assert!(off.iter().all(|day| calendar.day(*day) == Ok(DayKind::Holiday)));
    for day in [date(2024, 9, 14), date(2025, 1, 26), date(2026, 2, 14), date(2026, 5, 9)] {
        assert_eq!(calendar.day(day), Ok(DayKind::MakeUp), "{day}");
    }
    assert_eq!(calendar.day(date(2026, 2, 24)), Ok(DayKind::Working));
    assert_eq!(calendar.day(date(2024, 2, 9)), Ok(DayKind::Working), "the eve of 2024 was left to employers");
    assert_eq!(calendar.day(date(2026, 3, 1)), Ok(DayKind::Rest));
}

#[test]
fn a_year_of_china_has_as_many_working_days_as_the_law_leaves() {
    let calendar = china(WorkingHours::WHOLE_DAY);
    let worked = |year| {
        let all = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |day| day.year() == year);
        all.filter(|day| calendar.is_working_day(*day).unwrap()).count()
    };
    let weekdays = |year| {
        let all = date(year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |day| day.year() == year);
        all.filter(|day| !weekend().contains(&Weekday::of(*day))).count()
    };
    // The notices move days about; what is left free is the law's: 11 days in 2024, 13 since 2025.
    for (year, statutory) in [(2024, 11), (2025, 13), (2026, 13)] {
        assert_eq!(worked(year), weekdays(year) - statutory, "{year}");
    }
}

#[test]
fn a_delay_over_the_spring_festival_of_2026_waits_for_it_to_end() {
    let calendar = china(hours("09:00", "17:00"));
    let after = |from, days, hours| calendar.after(at(from), Delay { days, hours }, SHANGHAI).unwrap();
    // Friday the 13th; Saturday the 14th is worked; nine days off.
    assert_eq!(after("2026-02-13T10:00:00+08:00", 1, 0), at("2026-02-14T10:00:00+08:00"));
    assert_eq!(after("2026-02-13T10:00:00+08:00", 2, 0), at("2026-02-24T10:00:00+08:00"));
    assert_eq!(after("2026-02-14T16:00:00+08:00", 0, 1), at("2026-02-24T09:00:00+08:00"));
    assert_eq!(after("2026-02-14T16:00:00+08:00", 0, 26), at("2026-02-27T10:00:00+08:00"));
    assert_eq!(after("2026-02-18T03:00:00+08:00", 0, 0), at("2026-02-24T09:00:00+08:00"));
    assert_eq!(after("2026-02-14T17:00:00+08:00", 0, 0), at("2026-02-24T09:00:00+08:00"), "closing time is not worked");
}

#[test]
fn a_year_without_its_notice_is_never_guessed() {
    let calendar = china(hours("09:00", "17:00"));
    let refused = |from, delay| match calendar.after(at(from), delay, SHANGHAI) {
        Err(CalendarRefused::NotCovered { date, .. }) => date,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused("2026-12-31T16:00:00+08:00", days(1)), date(2027, 1, 1));
    assert_eq!(refused("2026-12-31T16:00:00+08:00", Delay { days: 0, hours: 1 }), date(2027, 1, 1));
    assert_eq!(refused("2023-12-31T16:00:00+08:00", days(0)), date(2023, 12, 31));
    assert_eq!(refused("2026-01-05T09:00:00+08:00", days(u16::MAX)), date(2027, 1, 1));
    assert_eq!(refused("2026-01-05T09:00:00+08:00", Delay { days: 0, hours: u16::MAX }), date(2027, 1, 1));
    assert!(calendar.is_working_day(date(2027, 1, 1)).is_err());
    let coded: crate::journal::Refused = calendar.day(date(2027, 1, 1)).unwrap_err().into();
    assert_eq!(coded.code.code(), "CALENDAR_NOT_COVERED");
    assert_eq!(coded.facts["coversTo"], "2026-12-31");
}

#[test]
fn a_zone_that_is_not_known_is_refused() {
    let calendar = china(WorkingHours::WHOLE_DAY);
    let answer = calendar.after(at("2026-01-05T09:00:00Z"), days(1), "Asia/Pujiang");
    assert_eq!(answer, Err(CalendarRefused::ZoneUnknown("Asia/Pujiang".to_owned())));
}

#[test]
fn a_day_that_the_clocks_left_out_is_not_worked() {
    // Samoa went from Thursday 29 December 2011 to Saturday the 31st.
    let covers = Covered { from: date(2011, 1, 1), to: date(2012, 12, 31) };
    let calendar = WorkingCalendar {
        covers,
        rest_days: BTreeSet::new(),
        holidays: BTreeSet::new(),
        make_up_days: BTreeSet::new(),
        ..china(hours("09:00", "17:00"))
    };
    let end = calendar.after(at("2011-12-29T10:00:00-10:00"), days(1), "Pacific/Apia").unwrap();
    assert_eq!(end, at("2011-12-31T10:00:00+14:00"));
}

#[test]
fn a_time_of_day_is_read_to_the_minute() {
    for text in ["00:00", "09:05", "24:00"] {
        assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
    }
    for text in ["", "9:00", "09:60", "24:01", "09:00:00", "+9:00", "aa:bb", "9"] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
}
