//! What falls due: scheduled acts that begin, are refused or taken back; terms that end once and block nobody.

use std::time::Duration;

use sea_orm::{ConnectionTrait, TransactionTrait};
use yulin_domain::codes::{RestrictionKind, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::party::RevokeRole;
use yulin_domain::quantity::Instant;
use yulin_persistence::{ActFilter, PerformError, Versioned};
use yulin_tests::{Backend, TestRegistry, acts, each_backend};

fn refused(answer: Result<Receipt, PerformError>) -> Refused {
    match answer {
        Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => refused,
        other => panic!("not refused: {other:?}"),
    }
}

/// Far enough ahead that what is prepared meanwhile is done on a slow machine too, in milliseconds.
const SOON: i64 = 5_000;

fn in_millis(millis: i64) -> Instant {
    Instant::from_micros(jiff::Timestamp::now().as_microsecond() + millis * 1_000)
}

/// A parcel renamed.
fn renamed(parcel: Seen<ParcelId>, name: &str) -> ChangeParcel {
    let facts = ParcelPatch { name: Some(name.to_owned()), ..ParcelPatch::default() };
    ChangeParcel { parcel, facts, footprint: None, state: None }
}

async fn schedule(t: &TestRegistry, begins_at: Instant, leg: impl Into<ActBody>) -> ScheduleId {
    ScheduleId::made_by(t.done(ScheduleAct { begins_at, legs: vec![leg.into()] }).await, 0, 0)
}

async fn found(t: &TestRegistry, id: ScheduleId) -> Versioned<Schedule> {
    t.registry.schedules_by_ids(&t.now().await, &[id]).await.unwrap().remove(0)
}

/// Waits for the writer's own timer: nobody performs anything meanwhile.
async fn settled(t: &TestRegistry, id: ScheduleId) -> Versioned<Schedule> {
    for _ in 0..600 {
        let schedule = found(t, id).await;
        if schedule.state.outcome != ScheduleOutcome::Waiting {
            return schedule;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("nothing became of the scheduled act in thirty seconds");
}

/// Waits until an instant has gone by.
async fn past(at: Instant) {
    while in_millis(-500) < at {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn due_refusals(t: &TestRegistry) -> Vec<(i64, i64)> {
    let raw = t.raw().await;
    let sql = "SELECT subject_seq, refused_at FROM due_refusal ORDER BY 1";
    let rows = raw.query_all_raw(sea_orm::Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "subject_seq").unwrap(), row.try_get("", "refused_at").unwrap())).collect()
}

/// Where the database does not take a parcel P7, what registers it is given up when it falls due, and nothing else.
async fn assert_p7_alone_fails(t: &TestRegistry, district: DistrictId) {
    let at = in_millis(SOON);
    let poisoned = schedule(t, at, acts::parcel(district, "P7", [0.0, 0.0, 10.0, 10.0])).await;
    let sound = schedule(t, at, acts::parcel(district, "P8", [20.0, 0.0, 30.0, 10.0])).await;
    let ScheduleOutcome::Refused(why) = settled(t, poisoned).await.state.outcome else {
        panic!("it cannot be written")
    };
    assert_eq!(why.code, ErrorCode::Internal);
    assert_eq!(settled(t, sound).await.state.outcome, ScheduleOutcome::Begun);
    t.party("Somebody").await;
    t.assert_sound().await;
}

each_backend! {
    async fn a_scheduled_act_begins_by_itself_on_behalf_of_its_author(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let at = in_millis(SOON);
        let act = acts::act(t.admin, ScheduleAct { begins_at: at, legs: vec![renamed(t.seen(parcel).await, "later").into()] });
        let receipt = t.registry.perform(act.clone()).await.unwrap();
        assert_eq!(t.registry.perform(act.clone()).await.unwrap(), receipt);
        let id = ScheduleId::made_by(act.envelope.id, 0, 0);
        assert_eq!(found(&t, id).await.state.outcome, ScheduleOutcome::Waiting);
        let begun = settled(&t, id).await;
        assert_eq!(begun.state.outcome, ScheduleOutcome::Begun);
        let filter = ActFilter { from_seq: Some(begun.version), to_seq: Some(begun.version), ..ActFilter::default() };
        let entry = t.registry.acts(&t.now().await, &filter, None, 1).await.unwrap().remove(0);
        assert_eq!((entry.header.principal, entry.header.kind), (PrincipalId::SYSTEM, ActKind::Bundle));
        assert_eq!((entry.header.effective_at, entry.header.recorded_at >= at), (at, true));
        assert_eq!(entry.header.on_behalf_of, Some(format!("principal:{}", t.admin)));
        assert_eq!(entry.header.reason.as_deref(), Some("test"));
        let now = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap();
        assert_eq!(now[0].state.name.as_deref(), Some("later"));
        assert_eq!(now[0].valid.from, at);
        t.assert_sound().await;
    }

    async fn a_scheduled_registration_brings_its_footprint_and_is_decided_when_it_begins(t) {
        let district = t.district("D1").await;
        let free = schedule(&t, in_millis(SOON), acts::parcel(district, "P1", [0.0, 0.0, 50.0, 50.0])).await;
        let taken = schedule(&t, in_millis(SOON), acts::parcel(district, "P2", [200.0, 0.0, 250.0, 50.0])).await;
        t.parcel(district, "P3", [220.0, 0.0, 300.0, 50.0]).await;
        assert_eq!(settled(&t, free).await.state.outcome, ScheduleOutcome::Begun);
        let ScheduleOutcome::Refused(why) = settled(&t, taken).await.state.outcome else { panic!("it overlaps") };
        assert_eq!((why.code, why.leg), (ErrorCode::ParcelOverlap, Some(1)));
        t.assert_sound().await;
    }

    async fn a_scheduled_act_on_what_has_changed_since_is_refused_and_says_so(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let id = schedule(&t, in_millis(SOON), renamed(t.seen(parcel).await, "later")).await;
        let between = t.done(renamed(t.seen(parcel).await, "meanwhile")).await;
        let ScheduleOutcome::Refused(why) = settled(&t, id).await.state.outcome else { panic!("the parcel changed") };
        assert_eq!(why.code, ErrorCode::Conflict);
        assert_eq!(why.facts["between"][0]["actId"], between.to_string());
        let now = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap();
        assert_eq!(now[0].state.name.as_deref(), Some("meanwhile"));
        t.done(renamed(t.seen(parcel).await, "after")).await;
        t.assert_sound().await;
    }

    async fn a_scheduled_act_that_is_taken_back_never_begins(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let at = in_millis(SOON);
        let id = schedule(&t, at, renamed(t.seen(parcel).await, "later")).await;
        let seen = Seen { id, seq: found(&t, id).await.version };
        t.done(CancelSchedule { schedule: seen }).await;
        past(at).await;
        assert_eq!(found(&t, id).await.state.outcome, ScheduleOutcome::Cancelled);
        t.party("Somebody").await;
        assert_eq!(found(&t, id).await.state.outcome, ScheduleOutcome::Cancelled);
        let again = CancelSchedule { schedule: Seen { id, seq: found(&t, id).await.version } };
        assert_eq!(refused(t.registry.perform(acts::act(t.admin, again)).await).code, ErrorCode::State);
        t.assert_sound().await;
    }

    async fn what_its_author_may_no_longer_do_does_not_begin(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let officer = t.registry.ensure_principal("officer", Role::ZoneOfficer).await.unwrap();
        let mut act = acts::act(officer, ScheduleAct {
            begins_at: in_millis(SOON),
            legs: vec![renamed(t.seen(parcel).await, "later").into()],
        });
        act.envelope.role = Role::ZoneOfficer;
        t.registry.perform(act.clone()).await.unwrap();
        let seq = t.now().await.seq - 1;
        t.done(RevokeRole { principal: Seen { id: officer, seq }, role: Role::ZoneOfficer }).await;
        let ScheduleOutcome::Refused(why) = settled(&t, ScheduleId::made_by(act.envelope.id, 0, 0)).await.state.outcome
        else { panic!("the role was taken away") };
        assert_eq!(why.code, ErrorCode::RoleNotGranted);
        t.assert_sound().await;
    }

    async fn what_cannot_wait_is_refused_at_once(t) {
        let late = acts::act(t.admin, ScheduleAct { begins_at: in_millis(-1), legs: vec![
            RevokeRole { principal: Seen { id: t.admin, seq: 1 }, role: Role::Planner }.into(),
        ]});
        assert_eq!(refused(t.registry.perform(late).await).code, ErrorCode::DeadlinePassed);
        let nested = RescindAct { seq: 1, act: acts::envelope(t.admin).id };
        let nested = acts::act(t.admin, ScheduleAct { begins_at: in_millis(60_000), legs: vec![nested.into()] });
        assert_eq!(refused(t.registry.perform(nested).await).code, ErrorCode::NotSchedulable);
        let planner = t.registry.ensure_principal("planner", Role::Planner).await.unwrap();
        let district = t.district("D1").await;
        let beyond = acts::parcel(district, "P1", [0.0, 0.0, 10.0, 10.0]);
        let mut beyond = acts::act(planner, ScheduleAct { begins_at: in_millis(60_000), legs: vec![beyond.into()] });
        beyond.envelope.role = Role::Planner;
        assert_eq!(refused(t.registry.perform(beyond).await).code, ErrorCode::Forbidden);
        let settle = SettleSchedule { schedule: ScheduleId(uuid::Uuid::nil()), author: t.admin, refused: None };
        assert_eq!(refused(t.registry.perform(acts::act(t.admin, settle)).await).code, ErrorCode::Forbidden);
    }

    async fn a_term_whose_end_was_rescinded_is_tried_again_only_when_its_parcel_changes_and_blocks_nobody(t) {
        let district = t.district("D1").await;
        let day = 24 * 3_600 * 1_000;
        let mut register = acts::act(t.admin, acts::parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]));
        register.envelope.effective_at = Some(in_millis(-5 * day));
        t.registry.perform(register.clone()).await.unwrap();
        let parcel = ParcelId::made_by(register.envelope.id, 0, 0);
        let mut lease = acts::act(t.admin, PlaceRestriction {
            parcel: t.seen(parcel).await,
            particulars: Particulars { in_favour_of: Some(t.party("Lessee").await), ends_on: Some(in_millis(-day).date_in("Asia/Shanghai").unwrap()), ..acts::particulars(RestrictionNature::Restriction(RestrictionKind::Lease)) },
        });
        lease.envelope.effective_at = Some(in_millis(-4 * day));
        let placed = t.registry.perform(lease).await.unwrap();
        t.party("Somebody").await;
        let filter = ActFilter { from_seq: Some(placed.seq + 1), ..ActFilter::default() };
        let ended = t.registry.acts(&t.now().await, &filter, None, 1).await.unwrap().remove(0);
        assert_eq!(ended.header.principal, PrincipalId::SYSTEM);
        assert!(due_refusals(&t).await.is_empty());
        // Rescinded, the term is over again; but its deadline's act stands in the journal and is not done twice.
        t.done(RescindAct { seq: ended.header.seq, act: ended.header.act_id }).await;
        t.party("Another").await;
        let remembered = due_refusals(&t).await;
        assert_eq!(remembered.len(), 1);
        t.party("And another").await;
        assert_eq!(due_refusals(&t).await, remembered, "not tried again while its parcel stands as it stood");
        t.done(renamed(t.seen(parcel).await, "changed")).await;
        t.party("The last").await;
        let again = due_refusals(&t).await;
        assert!(again.len() == 1 && again[0].0 > remembered[0].0, "tried once more: {again:?}");
        assert_eq!(t.registry.restrictions_on(&t.now().await, &[parcel]).await.unwrap()[&parcel].len(), 1);
        t.assert_sound().await;
    }

    async fn what_the_database_fails_at_is_refused_and_keeps_nobody_waiting(t) {
        let district = t.district("D1").await;
        let poison = match t.backend {
            Backend::Sqlite => "CREATE TRIGGER poison BEFORE INSERT ON parcel_index WHEN new.label = 'P7' \
                                BEGIN SELECT raise(ABORT, 'poison'); END",
            Backend::Postgres => "ALTER TABLE parcel_index ADD CONSTRAINT poison CHECK (label <> 'P7')",
        };
        t.raw().await.execute_unprepared(poison).await.unwrap();
        assert_p7_alone_fails(&t, district).await;
    }

    async fn what_fails_again_and_again_for_a_reason_that_seems_to_pass_is_given_up(t) {
        // Only there can a trigger say with which code it fails.
        if t.backend == Backend::Sqlite {
            return;
        }
        let district = t.district("D1").await;
        let raw = t.raw().await;
        for poison in [
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '57P01'; END $$",
            "CREATE TRIGGER poison BEFORE INSERT ON parcel_index FOR EACH ROW WHEN (new.label = 'P7') \
             EXECUTE FUNCTION poison()",
        ] {
            raw.execute_unprepared(poison).await.unwrap();
        }
        assert_p7_alone_fails(&t, district).await;
    }

    async fn nobody_takes_the_name_of_what_falls_due_beforehand(t) {
        let district = t.district("D1").await;
        let at = in_millis(SOON);
        let id = schedule(&t, at, acts::parcel(district, "P1", [0.0, 0.0, 10.0, 10.0])).await;
        for kind in ["BEGIN", "REFUSE"] {
            let mut squatting = acts::act(t.admin, acts::parcel(district, kind, [20.0, 0.0, 30.0, 10.0]));
            squatting.envelope.id = ActId(uuid::Uuid::new_v5(&id.0, format!("{kind}/{}", at.micros()).as_bytes()));
            drop(t.registry.perform(squatting).await);
        }
        assert_eq!(settled(&t, id).await.state.outcome, ScheduleOutcome::Begun);
        t.assert_sound().await;
    }

    async fn an_act_does_not_overtake_what_fell_due_before_it_however_much_that_is(t) {
        let district = t.district("D1").await;
        let at = in_millis(2 * SOON);
        let schedules: Vec<_> = (0..205)
            .map(|nth| {
                let west = f64::from(nth) * 10.0;
                let leg = acts::parcel(district, &format!("P{nth}"), [west, 0.0, west + 10.0, 10.0]);
                acts::act(t.admin, ScheduleAct { begins_at: at, legs: vec![leg.into()] })
            })
            .collect();
        let ids: Vec<_> = schedules.iter().map(|act| ScheduleId::made_by(act.envelope.id, 0, 0)).collect();
        assert!(t.registry.perform_all(schedules).await.iter().all(Result::is_ok));
        // While somebody else holds the order, everything falls due.
        let raw = t.raw().await;
        let held = raw.begin().await.unwrap();
        held.execute_unprepared("UPDATE journal_head SET seq = seq").await.unwrap();
        past(at).await;
        let act = acts::act(t.admin, acts::parcel(district, "LAST", [0.0, 20.0, 10.0, 30.0]));
        let sent = tokio::spawn({ let registry = t.registry.clone(); async move { registry.perform(act).await } });
        tokio::time::sleep(Duration::from_millis(300)).await;
        held.rollback().await.unwrap();
        let last = sent.await.unwrap().unwrap().seq;
        let begun = t.registry.schedules_by_ids(&t.now().await, &ids).await.unwrap();
        assert!(begun.iter().all(|one| one.state.outcome == ScheduleOutcome::Begun && one.version < last));
    }
}
