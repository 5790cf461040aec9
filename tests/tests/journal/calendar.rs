//! Working calendars: set, replaced, refused, rescinded and asked for, on both databases.

use serde_json::{Value, json};
use yulin_domain::calendar::{CHINA, SetCalendar, shipped};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::quantity::Instant;
use yulin_persistence::{PerformError, Versioned};
use yulin_tests::acts::{act, envelope};
use yulin_tests::command::run;
use yulin_tests::{Gateway, TestRegistry, each_backend};

const SET: &str =
    "mutation($act: ActEnvelopeInput!, $input: SetCalendarInput!) { setCalendar(act: $act, input: $input) {
    __typename ... on ActDone { receipt { seq } changed } ... on ActRefused { code field }
    ... on ActPreview { changes { record kind } refusal { code } } } }";

fn china() -> SetCalendar {
    shipped(CHINA).unwrap()
}

async fn known(t: &TestRegistry) -> Vec<Versioned<yulin_domain::calendar::WorkingCalendar>> {
    t.registry.calendars(&t.now().await).await.unwrap()
}

/// As the API takes it, of one year.
fn input(name: &str) -> Value {
    json!({ "name": name, "source": "test", "workingHours": { "opens": "09:00", "closes": "17:00" },
        "restDays": ["SATURDAY", "SUNDAY"], "holidays": ["2026-02-16", "2026-02-17"],
        "makeUpDays": ["2026-02-14"], "coversFrom": "2026-01-01", "coversTo": "2026-12-31" })
}

fn by(reason: Option<&str>) -> Value {
    json!({ "actId": uuid::Uuid::now_v7(), "reason": reason })
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("no code: {answer}"))
}

each_backend! {
    async fn a_calendar_is_set_once_and_replaced_by_who_has_seen_it(t) {
        let set = act(t.admin, china());
        let receipt = t.registry.perform(set.clone()).await.unwrap();
        assert_eq!(t.registry.perform(set.clone()).await.unwrap(), receipt, "asked again it is the same");
        let mut other = set;
        other.legs = vec![SetCalendar { source: "another".to_owned(), ..china() }.into()];
        assert_eq!(t.refused(other).await.0, ErrorCode::IdReused);
        assert_eq!(t.refused(act(t.admin, china())).await, (ErrorCode::CodeDuplicate, "name".to_owned()));
        let replaces = |seq| Some(Seen { id: CalendarId::named(CHINA), seq });
        let shorter = |seq| SetCalendar { make_up_days: [].into(), replaces: replaces(seq), ..china() };
        assert_eq!(t.refused(act(t.admin, shorter(receipt.seq - 1))).await.0, ErrorCode::Conflict);
        t.done(shorter(receipt.seq)).await;
        assert_eq!(known(&t).await[0].state, shorter(0).calendar());
        t.assert_sound().await;
    }

    async fn a_refused_leg_leaves_no_calendar_behind(t) {
        let wrong = SetCalendar { name: "XX".to_owned(), source: String::new(), ..china() };
        let bundle = Act { envelope: envelope(t.admin), legs: vec![china().into(), wrong.into()] };
        let refused = match t.registry.perform(bundle).await {
            Err(PerformError::Refused(refused)) => refused,
            other => panic!("not refused: {other:?}"),
        };
        assert_eq!((refused.code, refused.leg), (ErrorCode::FieldRequired, Some(1)));
        assert!(known(&t).await.is_empty());
    }

    async fn of_two_gateways_that_set_it_at_once_one_does(t) {
        let other = t.another_gateway().await;
        let (one, two) = (act(t.admin, china()), act(t.admin, china()));
        let (one, two) = tokio::join!(t.registry.perform(one), other.perform(two));
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
        assert_eq!(known(&t).await.len(), 1);
        other.close().await;
        t.assert_sound().await;
    }

    async fn a_rescinded_calendar_is_known_again_as_it_was(t) {
        let first = act(t.admin, china());
        let (id, seq) = (first.envelope.id, t.registry.perform(first).await.unwrap().seq);
        let replaces = Some(Seen { id: CalendarId::named(CHINA), seq });
        let second = act(t.admin, SetCalendar { holidays: [].into(), replaces, ..china() });
        let act_id = second.envelope.id;
        let later = t.registry.perform(second).await.unwrap().seq;
        assert_eq!(t.refused(act(t.admin, RescindAct { seq, act: id })).await.0, ErrorCode::HasDependents);
        t.done(RescindAct { seq: later, act: act_id }).await;
        assert_eq!(known(&t).await[0].state, china().calendar());
        t.done(RescindAct { seq, act: id }).await;
        assert!(known(&t).await.is_empty());
        t.done(china()).await;
        assert_eq!(known(&t).await.len(), 1, "a name that is free again is taken again");
        t.assert_sound().await;
    }

    async fn a_district_added_by_the_command_line_brings_the_calendar_of_china_along_once(t) {
        let folder = tempfile::tempdir().unwrap();
        let add = async |code: &str, more: &[&str]| {
            let words = ["district", "add", "--code", code, "--name", "N", "--profile", "cn"];
            run(&t, folder.path(), &[&words, more].concat()).await.result["calendarSetAs"].clone()
        };
        assert_eq!(add("330725", &["--calendar", "OWN"]).await, Value::Null);
        assert!(known(&t).await.is_empty(), "a district may name a calendar that is not set");
        let seq = add("330726", &[]).await;
        assert_eq!(add("330727", &[]).await, Value::Null);
        let known = known(&t).await;
        assert_eq!((known.len(), json!(known[0].version), &known[0].state), (1, seq, &china().calendar()));
        t.assert_sound().await;
    }

    async fn a_calendar_may_be_scheduled(t) {
        let begins_at = Instant::from_micros(jiff::Timestamp::now().as_microsecond() + 400_000);
        t.done(ScheduleAct { begins_at, legs: vec![china().into()] }).await;
        assert!(known(&t).await.is_empty());
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            if !known(&t).await.is_empty() {
                return t.assert_sound().await;
            }
        }
        panic!("it did not begin");
    }

    async fn calendars_are_set_and_read_over_the_api(t) {
        let house = Gateway::open(&t.registry).await;
        let (officer, planner) = (t.key(Role::ZoneOfficer).await, t.key(Role::Planner).await);
        let (officer, planner) = (officer.as_deref(), planner.as_deref());
        let set = |act: Value, input: Value| json!({ "act": act, "input": input });
        let barred = house.asked(planner, SET, &set(by(Some("why")), input("X"))).await;
        assert_eq!(code(&barred), "FORBIDDEN");
        let mut tried = by(Some("why"));
        tried["dryRun"] = json!(true);
        let tried = house.told(officer, SET, &set(tried, input("X"))).await;
        assert_eq!(tried["setCalendar"]["changes"][0]["kind"], "CALENDAR", "{tried}");
        let without = house.asked(officer, SET, &set(by(None), input("X"))).await;
        assert!(without.to_string().contains("REASON_REQUIRED"), "{without}");
        let done = house.told(officer, SET, &set(by(Some("why")), input("X"))).await;
        let calendar = &done["setCalendar"]["changed"][0];
        assert_eq!(done["setCalendar"]["__typename"], "ActDone", "{done}");
        let again = house.told(officer, SET, &set(by(Some("why")), input("X"))).await;
        assert_eq!(again["setCalendar"]["code"], "CODE_DUPLICATE");
        let read = "query($id: ID!) { calendars { name } none: calendar(name: \"Y\") { id }
            node(id: $id) { id ... on Calendar { source } }
            calendar(name: \"X\") { id version source workingHours { opens closes } restDays holidays makeUpDays
                coversFrom coversTo days(from: \"2026-02-13\", to: \"2026-02-16\") { date kind } } }";
        let told = house.told(None, read, &json!({ "id": calendar })).await;
        assert_eq!(told["calendars"], json!([{ "name": "X" }]));
        assert_eq!((&told["none"], &told["node"]["id"]), (&Value::Null, calendar));
        let told = &told["calendar"];
        assert_eq!(told["workingHours"], json!({ "opens": "09:00", "closes": "17:00" }));
        assert_eq!((&told["makeUpDays"], &told["coversTo"]), (&json!(["2026-02-14"]), &json!("2026-12-31")));
        let kinds: Vec<_> = told["days"].as_array().unwrap().iter().map(|day| day["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["WORKING", "MAKE_UP", "REST", "HOLIDAY"]);
        house.close().await;
    }

    async fn a_deadline_is_counted_by_the_calendar_of_a_district_and_never_guessed(t) {
        let house = Gateway::open(&t.registry).await;
        let district = t.district("D1").await;
        let ask = "query($district: ID!, $from: DateTime!, $days: Int) {
            workingDeadline(district: $district, from: $from, days: $days, hours: 2) }";
        let asked = |from: &str, days: i32| json!({ "district": format!("district:{district}"), "from": from, "days": days });
        let unset = house.asked(None, ask, &asked("2026-02-13T16:30:00+08:00", 1)).await;
        assert_eq!(code(&unset), "CALENDAR_UNKNOWN");
        let mut set = china();
        set.hours = yulin_domain::calendar::WorkingHours { opens: "09:00".parse().unwrap(), closes: "17:00".parse().unwrap() };
        t.done(set).await;
        let told = house.told(None, ask, &asked("2026-02-13T16:30:00+08:00", 1)).await;
        assert_eq!(told["workingDeadline"], "2026-02-24T02:30:00Z", "the festival lies between");
        let beyond = house.asked(None, ask, &asked("2026-12-30T16:30:00+08:00", 1)).await;
        assert_eq!(code(&beyond), "CALENDAR_NOT_COVERED");
        for (from, days) in [("2026-02-13", 1), ("2026-02-13T16:30:00+08:00", -1)] {
            let wrong = house.asked(None, ask, &asked(from, days)).await;
            assert!(["TIME_INVALID", "NUMBER_INVALID"].contains(&code(&wrong)), "{wrong}");
        }
        house.close().await;
    }
}
