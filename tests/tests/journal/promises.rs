//! The journal's promises, on both databases.

use sea_orm::ConnectionTrait;
use yulin_domain::codes::{PartyKind, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::party::*;
use yulin_domain::quantity::{Instant, Share};
use yulin_persistence::{ActFilter, AsOf, PerformError, RecordedAt};
use yulin_tests::{acts, each_backend};

fn refused(answer: Result<Receipt, PerformError>) -> Refused {
    match answer {
        Err(PerformError::Refused(refused) | PerformError::Malformed(refused)) => refused,
        other => panic!("not refused: {other:?}"),
    }
}

each_backend! {
    async fn an_act_asked_twice_has_one_effect_and_one_receipt(t) {
        let district = t.district("D1").await;
        let act = acts::act(t.admin, acts::parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]));
        let first = t.registry.perform(act.clone()).await.unwrap();
        let again: Vec<_> = t.registry.perform_all(vec![act.clone(), act.clone()]).await;
        assert!(again.iter().all(|answer| answer.as_ref().unwrap() == &first));
        let mut other = act;
        other.envelope.reason = Some("another".to_owned());
        assert_eq!(refused(t.registry.perform(other).await).code, ErrorCode::IdReused);
        assert_eq!(t.now().await.seq, first.seq);
        t.assert_sound().await;
    }

    async fn a_refusal_is_remembered_though_the_act_could_now_succeed(t) {
        let district = t.district("D1").await;
        let blocking = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let act = acts::act(t.admin, acts::parcel(district, "P2", [50.0, 0.0, 150.0, 100.0]));
        let first = refused(t.registry.perform(act.clone()).await);
        assert_eq!(first.code, ErrorCode::ParcelOverlap);
        assert_eq!(first.facts["overlaps"][0]["code"], "P1");
        assert_eq!(first.facts["overlaps"][0]["squareMetres"], "5000");
        let retire = RetireParcel { parcel: t.seen(blocking).await, dispositions: vec![] };
        t.done(retire).await;
        assert_eq!(refused(t.registry.perform(act.clone()).await), first);
        let mut anew = act;
        anew.envelope.id = acts::envelope(t.admin).id;
        t.registry.perform(anew).await.unwrap();
        t.assert_sound().await;
    }

    async fn an_act_on_what_has_changed_since_is_told_what_came_between(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let old = t.seen(parcel).await;
        let name = |seen, name: &str| ChangeParcel {
            parcel: seen,
            facts: ParcelPatch { name: Some(name.to_owned()), ..ParcelPatch::default() },
            footprint: None,
            state: None,
        };
        let between = t.done(name(old, "first")).await;
        let conflict = refused(t.registry.perform(acts::act(t.admin, name(old, "second"))).await);
        assert_eq!(conflict.code, ErrorCode::Conflict);
        assert_eq!(conflict.facts["between"][0]["actId"], between.to_string());
        assert_eq!(conflict.facts["between"][0]["kind"], "CHANGE_PARCEL");
    }

    async fn a_bundle_with_one_refused_leg_leaves_nothing(t) {
        let district = t.district("D1").await;
        let before = t.now().await;
        let mut bundle = acts::act(t.admin, acts::parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]));
        bundle.legs.push(acts::parcel(district, "P2", [99.0, 0.0, 200.0, 100.0]).into());
        let refusal = refused(t.registry.perform(bundle.clone()).await);
        assert_eq!((refusal.code, refusal.leg), (ErrorCode::ParcelOverlap, Some(1)));
        assert_eq!(t.now().await.seq, before.seq);
        bundle.envelope.id = acts::envelope(t.admin).id;
        bundle.legs[1] = acts::parcel(district, "P2", [100.0, 0.0, 200.0, 100.0]).into();
        let receipt = t.registry.perform(bundle).await.unwrap();
        assert_eq!((receipt.kind, receipt.seq), (ActKind::Bundle, before.seq + 1));
        t.assert_sound().await;
    }

    async fn a_correction_leaves_what_was_known_before_as_it_was(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let pinned = t.now().await;
        let as_of = AsOf { valid: Some(pinned.valid), recorded: Some(RecordedAt::Seq(pinned.seq)) };
        let before = t.registry.parcels_by_ids(&pinned, &[parcel]).await.unwrap();
        t.done(CorrectParcel {
            parcel: t.seen(parcel).await,
            valid: Span::ALL,
            facts: ParcelPatch { name: Some("corrected".to_owned()), ..ParcelPatch::default() },
            footprint: Some(acts::rectangle([0.0, 0.0, 90.0, 90.0])),
        }).await;
        let again = t.registry.snapshot(as_of, None).await.unwrap();
        assert_eq!(t.registry.parcels_by_ids(&again, &[parcel]).await.unwrap(), before);
        let now = t.registry.parcels_by_ids(&t.now().await, &[parcel]).await.unwrap();
        assert_eq!(now[0].state.name.as_deref(), Some("corrected"));
        t.assert_sound().await;
    }

    async fn a_split_conserves_land_and_carries_rights_and_a_rescission_undoes_it(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let thirds = [t.party("One").await, t.party("Two").await, t.party("Three").await];
        let share = Share::new(1, 3).unwrap();
        let tenure = Tenure {
            right_type: yulin_domain::codes::RightType::StateConstruction,
            nature: None, grant_method: None, starts_on: None, ends_on: None,
        };
        let granted = t.done(GrantRight {
            parcel: t.seen(parcel).await,
            tenure,
            holders: thirds.into_iter().map(|party| HolderShare { party, share }).collect(),
            certificate: None,
            external: None,
        }).await;
        let right: RecordKey = RightId::made_by(granted, 0, 0).into();
        let child = |code: &str, bounds| Child {
            facts: ParcelPatch { code: Some(code.to_owned()), ..ParcelPatch::default() },
            footprint: acts::rectangle(bounds),
        };
        let children = vec![child("P2", [0.0, 0.0, 40.0, 100.0]), child("P3", [40.0, 0.0, 100.0, 100.0])];
        let mut split = SplitParcel { parcel: t.seen(parcel).await, children, dispositions: vec![], apportion: vec![] };
        let left = refused(t.registry.perform(acts::act(t.admin, split.clone())).await);
        assert_eq!(left.code, ErrorCode::RightsNotCarried);
        split.dispositions = vec![Disposition::Carried { record: right, onto: vec![0, 1] }];
        let mut short = split.clone();
        short.children[1].footprint = acts::rectangle([41.0, 0.0, 100.0, 100.0]);
        assert_eq!(refused(t.registry.perform(acts::act(t.admin, short)).await).code, ErrorCode::SplitMismatch);
        let id = t.done(split).await;
        let made = [ParcelId::made_by(id, 0, 0), ParcelId::made_by(id, 0, 1)];
        let now = t.now().await;
        let rights = t.registry.rights_on(&now, &made).await.unwrap();
        assert!(made.iter().all(|parcel| rights[parcel].len() == 1 && rights[parcel][0].state.holders.len() == 3));
        let parent = t.registry.parcels_by_ids(&now, &[parcel]).await.unwrap().remove(0).state;
        assert_eq!(parent.successors, made);
        let child = t.registry.parcels_by_ids(&now, &made[..1]).await.unwrap().remove(0).state;
        assert_eq!(child.parents, vec![parcel]);
        t.assert_sound().await;
        t.done(RescindAct { seq: now.seq, act: id }).await;
        let now = t.now().await;
        assert!(t.registry.parcels_by_ids(&now, &made).await.unwrap().is_empty());
        assert!(t.registry.parcels_by_ids(&now, &[parcel]).await.unwrap()[0].state.is_registered());
        assert_eq!(t.registry.rights_on(&now, &[parcel]).await.unwrap()[&parcel].len(), 1);
        t.assert_sound().await;
    }

    async fn personal_data_stay_out_of_the_journal_and_go_when_erased(t) {
        let fields = PersonalFields([("name".to_owned(), "演示某甲".to_owned())].into());
        let act = acts::act(t.admin, RegisterParty {
            kind: PartyKind::NaturalPerson,
            name: None,
            credit_code: None,
            personal: Some(PersonalText::Given(fields.clone())),
            external: None,
        });
        let receipt = t.registry.perform(act.clone()).await.unwrap();
        assert_eq!(t.registry.perform(act.clone()).await.unwrap(), receipt, "asked twice, with personal data");
        let party = PartyId::made_by(act.envelope.id, 0, 0);
        let sealed = t.registry.personal_of_party(party).await.unwrap();
        assert_eq!(t.registry.personal(&sealed).await.unwrap()[&sealed[0]], fields);
        let entry = t.registry.act_by_id(act.envelope.id).await.unwrap().unwrap();
        let body = EntryBody::decode(&entry.body).unwrap();
        let whole = [body.act.clone(), body.changes.concat()].concat();
        assert!(!String::from_utf8(whole).unwrap().contains("演示某甲"));
        t.done(ErasePersonal { party: Seen { id: party, seq: receipt.seq }, personal: sealed.clone() }).await;
        assert!(t.registry.personal(&sealed).await.unwrap().is_empty());
        let erased = t.registry.erasures(&t.now().await, &sealed).await.unwrap();
        assert_eq!(erased[&sealed[0]], t.now().await.seq);
        t.assert_sound().await;
    }

    async fn a_freeze_blocks_dealings_until_two_persons_release_it(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let authority = "Court".to_owned();
        let placed = t.done(PlaceFreeze {
            parcel: t.seen(parcel).await,
            kind: yulin_domain::codes::FreezeKind::Court,
            authority: authority.clone(),
            document: None,
        }).await;
        let freeze = FreezeId::made_by(placed, 0, 0);
        let retire = |seen| RetireParcel { parcel: seen, dispositions: vec![] };
        let blocked = refused(t.registry.perform(acts::act(t.admin, retire(t.seen(parcel).await))).await);
        assert_eq!(blocked.code, ErrorCode::Frozen);
        t.done(ProposeFreezeRelease { parcel: t.seen(parcel).await, freeze, authority }).await;
        let approve = ApproveFreezeRelease { parcel: t.seen(parcel).await, freeze };
        assert_eq!(refused(t.registry.perform(acts::act(t.admin, approve.clone())).await).code, ErrorCode::FourEyes);
        let second = t.registry.ensure_principal("second", yulin_domain::codes::Role::Admin).await.unwrap();
        t.registry.perform(acts::act(second, approve)).await.unwrap();
        t.done(retire(t.seen(parcel).await)).await;
        t.assert_sound().await;
    }

    async fn a_rescission_gives_nobody_more_than_the_roles_give(t) {
        let approver = t.registry.ensure_principal("approver", Role::Approver).await.unwrap();
        let planner = t.registry.ensure_principal("planner", Role::Planner).await.unwrap();
        let rescind = |principal, role, seq, act| {
            let mut act = acts::act(principal, RescindAct { seq, act });
            act.envelope.role = role;
            act
        };
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let placed = t.done(PlaceFreeze {
            parcel: t.seen(parcel).await,
            kind: yulin_domain::codes::FreezeKind::Court,
            authority: "Court".to_owned(),
            document: None,
        }).await;
        let seq = t.now().await.seq;
        for (principal, role) in [(approver, Role::Approver), (t.admin, Role::Admin)] {
            let refusal = refused(t.registry.perform(rescind(principal, role, seq, placed)).await);
            assert_eq!((refusal.code, &refusal.facts["kind"]), (ErrorCode::NotRescindable, &"PLACE_FREEZE".into()));
        }
        let filter = ActFilter { kinds: vec![ActKind::RegisterPrincipal], ..ActFilter::default() };
        let seen = t.registry.acts(&t.now().await, &filter, None, 10).await.unwrap();
        let seen = seen.iter().find(|entry| PrincipalId::made_by(entry.header.act_id, 0, 0) == planner).unwrap().header.seq;
        let revoked = t.done(RevokeRole { principal: Seen { id: planner, seq: seen }, role: Role::Planner }).await;
        let seq = t.now().await.seq;
        let barred = refused(t.registry.perform(rescind(approver, Role::Approver, seq, revoked)).await);
        assert_eq!((barred.code, &barred.facts["kind"]), (ErrorCode::Forbidden, &"REVOKE_ROLE".into()));
        let voided = rescind(t.admin, Role::Admin, seq, revoked);
        let receipt = t.registry.perform(voided.clone()).await.unwrap();
        let again = rescind(approver, Role::Approver, receipt.seq, voided.envelope.id);
        assert_eq!(refused(t.registry.perform(again).await).code, ErrorCode::Forbidden);
        let mistaken = t.done(acts::parcel(district, "P2", [200.0, 0.0, 300.0, 100.0])).await;
        let seq = t.now().await.seq;
        t.registry.perform(rescind(approver, Role::Approver, seq, mistaken)).await.unwrap();
        t.assert_sound().await;
    }

    async fn who_has_acted_stays_known(t) {
        let register = |name: &str| RegisterPrincipal { name: name.to_owned(), party: None, roles: [Role::Admin].into() };
        let busy = t.done(register("busy")).await;
        let seq = t.now().await.seq;
        let idle = t.done(register("idle")).await;
        let did = acts::act(PrincipalId::made_by(busy, 0, 0), register("third"));
        let did = t.registry.perform(did).await.unwrap();
        let refusal = refused(t.registry.perform(acts::act(t.admin, RescindAct { seq, act: busy })).await);
        assert_eq!((refusal.code, &refusal.facts["entries"]), (ErrorCode::HasDependents, &vec![did.seq].into()));
        t.done(RescindAct { seq: seq + 1, act: idle }).await;
        // In one batch with what he does.
        let hasty = acts::act(t.admin, register("hasty"));
        let made = t.registry.perform(hasty.clone()).await.unwrap();
        let does = acts::act(PrincipalId::made_by(hasty.envelope.id, 0, 0), register("fourth"));
        let undone = acts::act(t.admin, RescindAct { seq: made.seq, act: hasty.envelope.id });
        let mut answers = t.registry.perform_all(vec![does, undone]).await;
        assert_eq!(refused(answers.pop().unwrap()).code, ErrorCode::HasDependents);
        t.assert_sound().await;
    }

    async fn personal_data_of_somebody_else_are_not_erased(t) {
        let mut made = Vec::new();
        for name in ["演示某甲", "演示某乙"] {
            let fields = PersonalFields([("name".to_owned(), name.to_owned())].into());
            let act = acts::act(t.admin, RegisterParty {
                kind: PartyKind::NaturalPerson,
                name: None,
                credit_code: None,
                personal: Some(PersonalText::Given(fields)),
                external: None,
            });
            let seq = t.registry.perform(act.clone()).await.unwrap().seq;
            made.push(Seen { id: PartyId::made_by(act.envelope.id, 0, 0), seq });
        }
        let foreign = t.registry.personal_of_party(made[1].id).await.unwrap();
        let erase = ErasePersonal { party: made[0], personal: foreign.clone() };
        let refusal = refused(t.registry.perform(acts::act(t.admin, erase)).await);
        assert_eq!((refusal.code, refusal.field.as_deref()), (ErrorCode::NotFound, Some("personal[0]")));
        assert_eq!(t.registry.personal(&foreign).await.unwrap().len(), 1);
        // A set that stands nowhere any more is still the party's to erase.
        let since = Instant::from_micros(jiff::Timestamp::now().as_microsecond() - 3_600_000_000);
        let mut seen = made[0];
        for name in ["演示某丙", "演示某丁"] {
            let amended = PersonalText::Given(PersonalFields([("name".to_owned(), name.to_owned())].into()));
            let amend = AmendParty { party: seen, name: None, credit_code: None, personal: Some(amended), external: None };
            let mut amend = acts::act(t.admin, amend);
            amend.envelope.effective_at = Some(since);
            seen.seq = t.registry.perform(amend).await.unwrap().seq;
        }
        let own = t.registry.personal_of_party(seen.id).await.unwrap();
        assert_eq!(own.len(), 3);
        t.done(ErasePersonal { party: seen, personal: own.clone() }).await;
        assert!(t.registry.personal(&own).await.unwrap().is_empty());
        t.assert_sound().await;
    }

    async fn a_freeze_is_not_passed_by_the_cause_or_the_verb(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let party = t.party("One").await;
        let tenure = Tenure {
            right_type: yulin_domain::codes::RightType::StateConstruction,
            nature: None, grant_method: None, starts_on: None, ends_on: None,
        };
        let holders = vec![HolderShare { party, share: Share::new(1, 1).unwrap() }];
        let grant = GrantRight { parcel: t.seen(parcel).await, tenure, holders, certificate: None, external: None };
        let right = RightId::made_by(t.done(grant).await, 0, 0);
        let lease = PlaceRestriction {
            parcel: t.seen(parcel).await,
            particulars: Particulars { in_favour_of: Some(party), ..acts::particulars(RestrictionNature::Restriction(yulin_domain::codes::RestrictionKind::Lease)) },
        };
        let restriction = RestrictionId::made_by(t.done(lease).await, 0, 0);
        t.done(PlaceFreeze {
            parcel: t.seen(parcel).await,
            kind: yulin_domain::codes::FreezeKind::Court,
            authority: "Court".to_owned(),
            document: None,
        }).await;
        let seen = t.seen(parcel).await;
        let cause = EndCause::TermEnded;
        let footprint = Some(acts::rectangle([0.0, 0.0, 50.0, 100.0]));
        let facts = ParcelPatch::default();
        let passes: [ActBody; 3] = [
            EndRight { parcel: seen, right, cause }.into(),
            EndRestriction { parcel: seen, restriction, cause }.into(),
            CorrectParcel { parcel: seen, valid: Span::ALL, facts, footprint }.into(),
        ];
        for pass in passes {
            let kind = pass.kind();
            assert_eq!(refused(t.registry.perform(acts::act(t.admin, pass)).await).code, ErrorCode::Frozen, "{kind}");
        }
        let order = acts::act(t.admin, EndRight { parcel: seen, right, cause: EndCause::CourtOrder });
        let mut bare = order.clone();
        (bare.envelope.id, bare.envelope.legal_basis) = (acts::envelope(t.admin).id, None);
        assert_eq!(refused(t.registry.perform(bare).await).code, ErrorCode::Frozen);
        t.registry.perform(order).await.unwrap();
        t.assert_sound().await;
    }

    async fn verification_names_the_first_entry_that_was_tampered_with(t) {
        let district = t.district("D1").await;
        let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
        let seq = t.now().await.seq;
        t.parcel(district, "P2", [100.0, 0.0, 200.0, 100.0]).await;
        t.assert_sound().await;
        let raw = t.raw().await;
        let change = |sql: String| { let raw = raw.clone(); async move { raw.execute_unprepared(&sql).await.unwrap() } };
        change(format!("UPDATE parcel_index SET area = 1 WHERE id = '{parcel}'")).await;
        let wrong = t.verify().await.first_wrong.unwrap();
        assert_eq!((wrong.seq, wrong.table), (seq, "parcel_index"));
        change(format!("DELETE FROM parcel_index WHERE id = '{parcel}'")).await;
        let wrong = t.verify().await.first_wrong.unwrap();
        assert_eq!((wrong.seq, wrong.table, wrong.what.as_str()), (seq, "parcel_index", "the row is missing"));
        change(format!("UPDATE journal SET reason = 'other' WHERE seq = {seq}")).await;
        let wrong = t.verify().await.first_wrong.unwrap();
        assert_eq!((wrong.seq, wrong.table), (seq, "journal"));
    }

    async fn a_term_that_ends_is_an_act_of_the_registry(t) {
        let district = t.district("D1").await;
        let day = 24 * 3600 * 1_000_000;
        let days_ago = |days: i64| Instant::from_micros(jiff::Timestamp::now().as_microsecond() - days * day);
        let mut register = acts::act(t.admin, acts::parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]));
        register.envelope.effective_at = Some(days_ago(5));
        t.registry.perform(register.clone()).await.unwrap();
        let parcel = ParcelId::made_by(register.envelope.id, 0, 0);
        let yesterday = days_ago(1).date_in("Asia/Shanghai").unwrap();
        let lease = PlaceRestriction {
            parcel: t.seen(parcel).await,
            particulars: Particulars { in_favour_of: Some(t.party("One").await), ends_on: Some(yesterday), ..acts::particulars(RestrictionNature::Restriction(yulin_domain::codes::RestrictionKind::Lease)) },
        };
        let mut act = acts::act(t.admin, lease);
        assert_eq!(refused(t.registry.perform(act.clone()).await).code, ErrorCode::TermInvalid);
        // Recorded late, as of while it ran: it falls due at once, and ended when it ended.
        act.envelope.id = acts::envelope(t.admin).id;
        act.envelope.effective_at = Some(days_ago(4));
        let placed = t.registry.perform(act).await.unwrap();
        let later = t.party("Two").await;
        let filter = ActFilter { from_seq: Some(placed.seq + 1), ..ActFilter::default() };
        let entries = t.registry.acts(&t.now().await, &filter, None, 10).await.unwrap();
        let ended = Instant::start_of(yesterday.tomorrow().unwrap(), "Asia/Shanghai").unwrap();
        assert_eq!(entries[0].header.kind, ActKind::EndRestriction);
        assert_eq!((entries[0].header.principal, entries[0].header.effective_at), (PrincipalId::SYSTEM, ended));
        assert_eq!(entries[1].header.kind, ActKind::RegisterParty, "what fell due comes before {later}");
        assert!(t.registry.restrictions_on(&t.now().await, &[parcel]).await.unwrap().is_empty());
        t.assert_sound().await;
    }

    async fn two_gateways_share_one_order(t) {
        let district = t.district("D1").await;
        let other = t.another_gateway().await;
        let mut acts_here = Vec::new();
        let mut acts_there = Vec::new();
        for n in 0..20_u32 {
            let x = f64::from(n) * 10.0;
            acts_here.push(acts::act(t.admin, acts::parcel(district, &format!("A{n}"), [x, 0.0, x + 10.0, 10.0])));
            acts_there.push(acts::act(t.admin, acts::parcel(district, &format!("B{n}"), [x, 5.0, x + 10.0, 15.0])));
        }
        let (here, there) = tokio::join!(t.registry.perform_all(acts_here), other.perform_all(acts_there));
        let won: Vec<_> = here.iter().chain(&there).map(Result::is_ok).collect();
        for n in 0..20 {
            assert!(won[n] != won[n + 20], "exactly one of two overlapping parcels is registered");
        }
        other.close().await;
        t.assert_sound().await;
    }
}
