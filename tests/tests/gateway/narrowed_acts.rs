//! What a narrowed key may do: acts all of whose changes lie within; whatever else is refused whole, told as an answer, and
//! leaves nothing behind. It holds of what waits and of what is proposed as well.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{RecordDeposit, SetCap};
use yulin_domain::journal::*;
use yulin_domain::land::{MergeParcels, ParcelPatch, Price, SetPrice};
use yulin_domain::party::RegisterParty;
use yulin_domain::quantity::{FenPerSquareMetre, Instant, Units};
use yulin_persistence::{ActFilter, PerformError};
use yulin_tests::acts::{act, parcel, rectangle};
use yulin_tests::ledger::{YEAR, hold_of, settle, transfer};
use yulin_tests::{Gateway, TestRegistry, each_backend};

/// A moment from now, soon enough to be waited for.
const SOON: i64 = 1_500;

fn to(districts: &[DistrictId], factors: &[FactorId]) -> Option<Narrowing> {
    Narrowing::to(districts.iter().copied().collect(), factors.iter().copied().collect())
}

/// An act of legs by somebody whose key is narrowed.
fn narrowed(principal: PrincipalId, narrowing: &Option<Narrowing>, legs: Vec<ActBody>) -> Act {
    let Act { envelope, .. } = act(principal, legs[0].clone());
    Act { envelope: Envelope { narrowing: narrowing.clone(), ..envelope }, legs }
}

/// Does it within a narrowing, which must succeed.
async fn done(t: &TestRegistry, narrowing: &Option<Narrowing>, legs: Vec<ActBody>) -> ActId {
    let act = narrowed(t.admin, narrowing, legs);
    let id = act.envelope.id;
    t.registry.perform(act).await.expect("it lies within");
    id
}

/// Tries it within a narrowing: it must be refused as beyond, and leave nothing behind. The subject that is told.
async fn beyond(t: &TestRegistry, narrowing: &Option<Narrowing>, legs: Vec<ActBody>) -> (String, Option<usize>) {
    let before = t.now().await.seq;
    let tried = t.registry.preview(narrowed(t.admin, narrowing, legs.clone())).await;
    assert!(matches!(&tried, Err(PerformError::Refused(refused)) if refused.code == ErrorCode::Forbidden), "{tried:?}");
    let answer = t.registry.perform(narrowed(t.admin, narrowing, legs)).await;
    let Err(PerformError::Refused(refused)) = answer else { panic!("not refused as an answer: {answer:?}") };
    assert_eq!((refused.code, t.now().await.seq), (ErrorCode::Forbidden, before), "{refused}");
    (refused.facts.get("subject").and_then(Value::as_str).unwrap_or_default().to_owned(), refused.leg)
}

fn price(parcel: Seen<ParcelId>, fen: i64) -> ActBody {
    SetPrice { parcel, price: Price { asking: Some(FenPerSquareMetre::from_fen(fen)), floor: None } }.into()
}

fn in_millis(millis: i64) -> Instant {
    Instant::from_micros(jiff::Timestamp::now().as_microsecond() + millis * 1_000)
}

async fn outcome(t: &TestRegistry, id: ScheduleId) -> ScheduleOutcome {
    for _ in 0..100 {
        let found = t.registry.schedules_by_ids(&t.now().await, &[id]).await.unwrap();
        let outcome = found[0].state.outcome.clone();
        if !matches!(outcome, ScheduleOutcome::Waiting | ScheduleOutcome::Proposed) {
            return outcome;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it has not begun");
}

async fn seen_schedule(t: &TestRegistry, id: ScheduleId) -> Seen<ScheduleId> {
    let found = t.registry.schedules_by_ids(&t.now().await, &[id]).await.unwrap();
    Seen { id, seq: found[0].version }
}

/// Performs an act that must succeed; its id.
async fn placed(t: &TestRegistry, act: Act) -> ActId {
    let id = act.envelope.id;
    t.registry.perform(act).await.expect("the hold is placed");
    id
}

async fn below(t: &TestRegistry, parent: DistrictId) -> DistrictId {
    let districts = t.registry.districts(&t.now().await).await.unwrap();
    let above = districts.into_iter().find(|one| one.state.id == parent).unwrap().state;
    let register = yulin_domain::district::RegisterDistrict {
        code: format!("{}-below", above.code),
        name: "below".to_owned(),
        parent: Some(parent),
        profile: above.profile,
        grid: above.grid,
        time_zone: above.time_zone,
        calendar: above.calendar,
        boundary: None,
        generated: false,
    };
    DistrictId::made_by(t.done(register).await, 0, 0)
}

each_backend! {
    async fn land_beyond_that_is_in_the_way_is_not_named(t) {
        let above = t.district("D").await;
        let [own, other] = [t.below("OURS", above).await, t.below("OTHER", above).await];
        let beyond = t.parcel(other, "THEIRS", [0.0, 0.0, 10.0, 10.0]).await;
        let within = t.parcel(own, "OURS", [10.0, 0.0, 20.0, 10.0]).await;
        let body = parcel(own, "NEW", [5.0, 0.0, 15.0, 10.0]);
        let refused = |narrowing: Option<Narrowing>| {
            let act = narrowed(t.admin, &narrowing, vec![body.clone().into()]);
            async { match t.registry.preview(act).await { Err(PerformError::Refused(refused)) => refused, other => panic!("{other:?}") } }
        };
        let named = |refused: &Refused| -> Vec<Option<String>> {
            let overlaps = refused.facts["overlaps"].as_array().unwrap();
            overlaps.iter().map(|one| one["parcel"].as_str().map(str::to_owned)).collect()
        };
        let (whole, part) = (refused(None).await, refused(to(&[own], &[])).await);
        assert_eq!(whole.code, ErrorCode::ParcelOverlap);
        assert!(named(&whole).contains(&Some(beyond.to_string())) && named(&whole).contains(&Some(within.to_string())));
        assert!(named(&part).contains(&None) && named(&part).contains(&Some(within.to_string())), "{part}");
        assert!(!part.to_string().contains("THEIRS") && !format!("{:?}", part.facts).contains("THEIRS"), "{part}");
    }

    async fn land_is_changed_in_its_districts_alone(t) {
        let (first, second) = (t.district("D1").await, t.district("D2").await);
        let within = to(&[first], &[]);
        let here = t.parcel(first, "P1", [0.0, 0.0, 50.0, 50.0]).await;
        let there = t.parcel(second, "Q1", [0.0, 0.0, 50.0, 50.0]).await;
        done(&t, &within, vec![price(t.seen(here).await, 5)]).await;
        // What was registered below after the key was issued lies within.
        let lower = below(&t, first).await;
        let made = done(&t, &within, vec![parcel(lower, "P2", [100.0, 0.0, 150.0, 50.0]).into()]).await;
        let beneath = ParcelId::made_by(made, 0, 0);
        done(&t, &within, vec![price(t.seen(beneath).await, 5)]).await;
        assert_eq!(beyond(&t, &within, vec![price(t.seen(there).await, 5)]).await, (format!("parcel:{there}"), None));
        let (subject, _) = beyond(&t, &within, vec![parcel(second, "Q2", [100.0, 0.0, 150.0, 50.0]).into()]).await;
        assert_eq!(subject, format!("district:{second}"));
        // A version that nobody has seen tells nothing of what lies beyond.
        beyond(&t, &within, vec![price(Seen { id: there, seq: 1 }, 5)]).await;
        let bundle = vec![price(t.seen(here).await, 7), price(t.seen(there).await, 7)];
        assert_eq!(beyond(&t, &within, bundle).await, (format!("parcel:{there}"), Some(1)));
        let found = t.registry.parcels_by_ids(&t.now().await, &[here]).await.unwrap();
        assert_eq!(found[0].state.price.asking, Some(FenPerSquareMetre::from_fen(5)));
        // A key narrowed to a district below does not reach what lies above.
        beyond(&t, &to(&[lower], &[]), vec![price(t.seen(here).await, 9)]).await;
        let merge = MergeParcels {
            parcels: vec![t.seen(here).await, t.seen(beneath).await],
            facts: ParcelPatch { code: Some("P9".to_owned()), ..ParcelPatch::default() },
            footprint: rectangle([0.0, 0.0, 150.0, 50.0]),
            dispositions: vec![],
        };
        beyond(&t, &to(&[lower], &[]), vec![merge.into()]).await;
        t.assert_sound().await;
    }

    async fn what_belongs_to_neither_is_changed_by_no_narrowed_key(t) {
        let l = t.ledger().await;
        let keys = [to(&[l.district], &[]), to(&[], &[l.cod]), to(&[l.district], &[l.cod, l.cny])];
        let party: ActBody = RegisterParty {
            kind: yulin_domain::codes::PartyKind::Enterprise,
            name: Some("企业".to_owned()),
            credit_code: None,
            personal: None,
            external: None,
        }
        .into();
        let amend: ActBody = yulin_domain::district::AmendDistrict {
            district: Seen { id: l.district, seq: t.registry.districts(&t.now().await).await.unwrap()[0].version },
            name: Some("another".to_owned()),
            calendar: None,
            boundary: None,
        }
        .into();
        let grant: ActBody = yulin_domain::party::RegisterPrincipal { name: "x".to_owned(), party: None, roles: [Role::Admin].into() }.into();
        for key in &keys {
            for leg in [&party, &amend, &grant] {
                beyond(&t, key, vec![leg.clone()]).await;
            }
            let (begins_at, legs) = (in_millis(86_400_000), vec![amend.clone()]);
            beyond(&t, key, vec![ScheduleAct { begins_at, legs: legs.clone() }.into()]).await;
            beyond(&t, key, vec![ProposeAct { legs: vec![grant.clone()] }.into()]).await;
        }
        done(&t, &None, vec![party]).await;
    }

    async fn the_ledger_is_moved_in_its_factors_alone(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 1_000).await;
        let [firm, other] = l.firms;
        let (rights, both, land) = (to(&[], &[l.cod]), to(&[], &[l.cod, l.cny]), to(&[l.district], &[]));
        done(&t, &rights, vec![transfer(firm.rights, other.rights, 5).into()]).await;
        done(&t, &rights, vec![SetCap { factor: l.cod, period: YEAR, most: Units::of(2_000_000_000) }.into()]).await;
        done(&t, &rights, vec![l.issue(10, None).into()]).await;
        // A key narrowed to land alone is not narrowed in the ledger, and one narrowed to factors alone not on land.
        done(&t, &land, vec![transfer(firm.rights, other.rights, 5).into()]).await;
        done(&t, &rights, vec![parcel(l.district, "P1", [0.0, 0.0, 50.0, 50.0]).into()]).await;
        let deposit: RecordDeposit = l.deposit(1, 7);
        beyond(&t, &rights, vec![deposit.clone().into()]).await;
        beyond(&t, &rights, vec![SetCap { factor: l.cny, period: YEAR, most: Units::of(1) }.into()]).await;
        beyond(&t, &rights, vec![l.order(other.money, 5).into()]).await;
        beyond(&t, &rights, vec![transfer(firm.rights, other.rights, 5).into(), deposit.into()]).await;
        let sold = hold_of(placed(&t, l.by_venue(l.order(firm.rights, 10))).await);
        let paid = hold_of(placed(&t, l.by_venue(l.order(other.money, 10))).await);
        let trade = settle(&[(sold, other.rights, 10), (paid, firm.money, 10)]);
        let by_venue = |narrowing: &Option<Narrowing>| {
            let act = l.by_venue(trade.clone());
            Act { envelope: Envelope { narrowing: narrowing.clone(), ..act.envelope }, ..act }
        };
        let before = (t.lying(firm.rights).await, t.lying(firm.money).await);
        let refused = t.registry.perform(by_venue(&rights)).await;
        assert!(matches!(&refused, Err(PerformError::Refused(why)) if why.code == ErrorCode::Forbidden), "{refused:?}");
        assert_eq!((t.lying(firm.rights).await, t.lying(firm.money).await), before);
        t.registry.perform(by_venue(&both)).await.expect("both factors lie within");
        t.assert_sound().await;
    }

    async fn what_waits_stays_within_when_it_is_handed_in_and_when_it_begins(t) {
        let (first, second) = (t.district("D1").await, t.district("D2").await);
        let within = to(&[first], &[]);
        let here = t.parcel(first, "P1", [0.0, 0.0, 50.0, 50.0]).await;
        let there = t.parcel(second, "Q1", [0.0, 0.0, 50.0, 50.0]).await;
        let later = |begins_at, legs| -> Vec<ActBody> { vec![ScheduleAct { begins_at, legs }.into()] };
        beyond(&t, &within, later(in_millis(SOON), vec![price(t.seen(there).await, 5)])).await;
        beyond(&t, &within, later(in_millis(SOON), vec![price(t.seen(here).await, 5), price(t.seen(there).await, 5)])).await;
        beyond(&t, &within, later(in_millis(SOON), vec![parcel(second, "Q2", [100.0, 0.0, 150.0, 50.0]).into()])).await;
        // One that nobody knows when it is handed in is in the other district when it begins.
        let unborn = ActId(Uuid::now_v7());
        let child = Seen { id: ParcelId::made_by(unborn, 0, 0), seq: 0 };
        let legs = vec![parcel(first, "P2", [200.0, 0.0, 250.0, 50.0]).into(), price(child, 5)];
        let made = done(&t, &within, later(in_millis(SOON), legs)).await;
        let mut register = act(t.admin, parcel(second, "Q3", [300.0, 0.0, 350.0, 50.0]));
        register.envelope.id = unborn;
        t.registry.perform(register).await.unwrap();
        let ScheduleOutcome::Refused(why) = outcome(&t, ScheduleId::made_by(made, 0, 0)).await else { panic!("it begins beyond") };
        assert_eq!((why.code, why.leg), (ErrorCode::Forbidden, Some(2)), "{why}");
        let made = done(&t, &within, later(in_millis(SOON), vec![price(t.seen(here).await, 8)])).await;
        assert_eq!(outcome(&t, ScheduleId::made_by(made, 0, 0)).await, ScheduleOutcome::Begun);
        // What others handed in is taken back where it lies within.
        let far = in_millis(86_400_000);
        let mine = ScheduleId::made_by(done(&t, &None, later(far, vec![price(t.seen(here).await, 9)])).await, 0, 0);
        let other = ScheduleId::made_by(done(&t, &None, later(far, vec![price(t.seen(there).await, 9)])).await, 0, 0);
        beyond(&t, &within, vec![CancelSchedule { schedule: seen_schedule(&t, other).await }.into()]).await;
        done(&t, &within, vec![CancelSchedule { schedule: seen_schedule(&t, mine).await }.into()]).await;
        t.assert_sound().await;
    }

    async fn what_is_proposed_and_approved_stays_within(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 1_000).await;
        let rights = to(&[], &[l.cod]);
        let payout = |firm: usize| -> ActBody {
            yulin_domain::factor::RequestPayout { account: l.firms[firm].money, amount: Units::of(5), reference: None }.into()
        };
        let hand_over = || -> ActBody { transfer(l.firms[0].rights, l.firms[1].rights, 5).into() };
        beyond(&t, &rights, vec![ProposeAct { legs: vec![payout(1)] }.into()]).await;
        beyond(&t, &rights, vec![ProposeAct { legs: vec![hand_over(), payout(1)] }.into()]).await;
        let approver = t.registry.ensure_principal("another", Role::Admin).await.unwrap();
        let approve = async |id: ScheduleId| {
            let legs = vec![ApproveAct { schedule: seen_schedule(&t, id).await }.into()];
            t.registry.perform(narrowed(approver, &rights, legs)).await
        };
        let proposed = ScheduleId::made_by(done(&t, &rights, vec![ProposeAct { legs: vec![hand_over()] }.into()]).await, 0, 0);
        approve(proposed).await.expect("it lies within");
        assert_eq!(outcome(&t, proposed).await, ScheduleOutcome::Begun);
        // Of what keys that are not narrowed proposed, that is approved which names nothing beyond.
        let proposed = ScheduleId::made_by(done(&t, &None, vec![ProposeAct { legs: vec![hand_over()] }.into()]).await, 0, 0);
        approve(proposed).await.expect("it lies within");
        assert_eq!(outcome(&t, proposed).await, ScheduleOutcome::Begun);
        let money = ScheduleId::made_by(done(&t, &None, vec![ProposeAct { legs: vec![payout(1)] }.into()]).await, 0, 0);
        let refused = approve(money).await;
        assert!(matches!(&refused, Err(PerformError::Refused(why)) if why.code == ErrorCode::Forbidden), "{refused:?}");
        t.assert_sound().await;
    }

    async fn an_entry_is_voided_where_all_that_it_changed_lies_within(t) {
        let (first, second) = (t.district("D1").await, t.district("D2").await);
        let within = to(&[first], &[]);
        let here = t.parcel(first, "P1", [0.0, 0.0, 50.0, 50.0]).await;
        let there = t.parcel(second, "Q1", [0.0, 0.0, 50.0, 50.0]).await;
        let firm = t.party("firm").await;
        let mut granted = Vec::new();
        for parcel in [here, there] {
            t.granted(parcel, firm).await;
            let seq = t.now().await.seq;
            let filter = ActFilter { from_seq: Some(seq), ..ActFilter::default() };
            let entry = t.registry.acts(&t.now().await, &filter, None, 1).await.unwrap().remove(0);
            granted.push(RescindAct { act: entry.header.act_id, seq });
        }
        let [mine, other] = [granted.remove(0), granted.remove(0)];
        assert_eq!(beyond(&t, &within, vec![other.into()]).await.0, format!("parcel:{there}"));
        done(&t, &within, vec![mine.into()]).await;
        t.assert_sound().await;
    }

    async fn an_act_under_an_id_that_another_key_used_is_not_answered_as_that_was(t) {
        let (first, second) = (t.district("D1").await, t.district("D2").await);
        let there = t.parcel(second, "Q1", [0.0, 0.0, 50.0, 50.0]).await;
        let act = narrowed(t.admin, &None, vec![price(t.seen(there).await, 5)]);
        t.registry.perform(act.clone()).await.unwrap();
        let again = Act { envelope: Envelope { narrowing: to(&[first], &[]), ..act.envelope }, ..act };
        let refused = t.registry.perform(again).await;
        assert!(matches!(&refused, Err(PerformError::Malformed(why)) if why.code == ErrorCode::IdReused), "{refused:?}");
    }

    async fn over_http_it_is_an_answer_for_single_acts_lists_bundles_and_tries(t) {
        let (first, second) = (t.district("D1").await, t.district("D2").await);
        let here = t.parcel(first, "P1", [0.0, 0.0, 50.0, 50.0]).await;
        let there = t.parcel(second, "Q1", [0.0, 0.0, 50.0, 50.0]).await;
        let gateway = Gateway::open(&t.registry).await;
        let key = t.narrowed_key(Role::ZoneOfficer, &[first], &[]).await;
        let seen = async |parcel: ParcelId| {
            let Seen { id, seq } = t.seen(parcel).await;
            json!({ "parcel": { "id": format!("parcel:{id}"), "expectedSeq": seq }, "price": { "asking": "12.5" } })
        };
        let envelope = |is_dry: bool| json!({ "actId": Uuid::now_v7(), "reason": "a test", "legalBasis": "a test", "dryRun": is_dry });
        let payload = "{ __typename ... on ActRefused { code facts leg } ... on ActPreview { refusal { code facts } } }";
        let ask = async |query: &str, variables: Value| gateway.told(Some(&key), query, &variables).await;
        let one = format!("mutation($input: SetPriceInput!, $act: ActEnvelopeInput!) {{ setPrice(input: $input, act: $act) {payload} }}");
        let before = t.now().await.seq;
        let told = ask(&one, json!({ "input": seen(there).await, "act": envelope(false) })).await;
        assert_eq!(told["setPrice"]["code"], "FORBIDDEN", "{told}");
        assert_eq!(told["setPrice"]["facts"]["subject"], format!("parcel:{there}"));
        let told = ask(&one, json!({ "input": seen(there).await, "act": envelope(true) })).await;
        assert_eq!(told["setPrice"]["refusal"]["code"], "FORBIDDEN", "{told}");
        let bundle = format!("mutation($legs: [ActBodyInput!]!, $act: ActEnvelopeInput!) {{ performBundle(legs: $legs, act: $act) {payload} }}");
        let legs = json!([{ "setPrice": seen(here).await }, { "setPrice": seen(there).await }]);
        let told = ask(&bundle, json!({ "legs": legs, "act": envelope(false) })).await;
        assert_eq!((&told["performBundle"]["code"], &told["performBundle"]["leg"]), (&json!("FORBIDDEN"), &json!(1)));
        assert_eq!(t.now().await.seq, before);
        let all = format!("mutation($acts: [ActInput!]!) {{ performAll(acts: $acts) {payload} }}");
        let acts = json!([
            { "act": envelope(false), "do": { "setPrice": seen(here).await } },
            { "act": envelope(false), "do": { "setPrice": seen(there).await } },
        ]);
        let told = ask(&all, json!({ "acts": acts })).await;
        let names: Vec<_> = told["performAll"].as_array().unwrap().iter().map(|one| one["__typename"].clone()).collect();
        assert_eq!(names, ["ActDone", "ActRefused"], "{told}");
        gateway.close().await;
    }
}
