//! Cases that were wrong once: units of several classes, what others set aside, what comes back to closed accounts, what is
//! carried over, what a freeze lacks.

use yulin_domain::codes::{AccountPurpose, AccountStatus, HoldKind, MoveKind, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    AuthoriseVenue, CarryOverLots, Controls, OpenAccount, PlaceHold, RejectTransfer, ReleaseHold, RetireUnits,
    Selection, SetAccountStatus, VenueAccess,
};
use yulin_domain::journal::{AccountId, Act, ActBody, PrincipalId, Seen};
use yulin_domain::land::{Child, ParcelPatch, SplitParcel};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Area, Instant, Units};
use yulin_tests::acts::{act, rectangle};
use yulin_tests::ledger::{Ledger, account, freeze, hold_of, settle, transfer, transfer_of};
use yulin_tests::{TestRegistry, each_backend};

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

/// Firm 0 has 60 units that lapse in 2029 and 40 that lapse in 2030.
async fn two_classes(t: &TestRegistry) -> Ledger {
    let l = t.ledger().await;
    for (amount, last) in [(60, "2029-12-31"), (40, "2030-12-31")] {
        t.done(l.issue(amount, Some(last))).await;
        t.done(transfer(l.pool, l.firms[0].rights, amount)).await;
    }
    l
}

/// An act of the holder himself.
async fn by_holder(t: &TestRegistry, l: &Ledger, body: impl Into<ActBody>) -> Act {
    let name = format!("holder {}", uuid::Uuid::now_v7());
    let register = RegisterPrincipal { name, party: Some(l.firms[0].party), roles: [Role::Enterprise].into() };
    let principal = PrincipalId::made_by(t.done(register).await, 0, 0);
    let mut act = act(principal, body);
    act.envelope.role = Role::Enterprise;
    act
}

async fn status(t: &TestRegistry, account: AccountId) -> (AccountStatus, i64) {
    let found = t.registry.accounts_by_ids(&t.now().await, &[account]).await.unwrap();
    (found[0].state.status, found[0].version)
}

async fn brought_to(t: &TestRegistry, account: AccountId, next: AccountStatus) {
    let seq = status(t, account).await.1;
    t.done(SetAccountStatus { account: Seen { id: account, seq }, status: next }).await;
}

each_backend! {
    async fn what_is_frozen_of_several_classes_is_freed_whole(t) {
        let l = two_classes(&t).await;
        let hold = hold_of(t.done(freeze(HoldKind::Court, l.firms[0].rights, None, vec![])).await);
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 100));
        t.lifted(hold, HoldKind::Court).await;
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 0));
        t.assert_sound().await;
    }

    async fn what_a_venue_set_aside_is_not_the_holders_to_give_up_and_the_venue_always_may(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let held = hold_of(t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 40))).await.unwrap().act_id);
        let release = ReleaseHold { hold: held, amount: None };
        let own = by_holder(&t, &l, release.clone()).await;
        assert_eq!(t.refused(own).await.0, ErrorCode::Forbidden);
        let later = Instant::from_micros(jiff::Timestamp::now().as_microsecond() + 7_200_000_000);
        let extend = yulin_domain::factor::ExtendHold { hold: held, expires_at: later };
        assert_eq!(t.refused(by_holder(&t, &l, extend).await).await.0, ErrorCode::Forbidden);
        let pledge = PlaceHold { kind: HoldKind::Pledge, pledgee: Some(l.firms[1].party), ..l.order(l.firms[0].rights, 1) };
        assert_eq!(t.refused(l.by_venue(pledge)).await, (ErrorCode::Forbidden, "kind".to_owned()));
        let (venue, accounts, factors) = (l.venue, vec![l.firms[0].rights], vec![]);
        t.done(AuthoriseVenue { venue, accounts, factors, access: VenueAccess::Withdrawn }).await;
        let settled = settle(&[(held, l.firms[1].rights, 1)]);
        assert_eq!(t.refused(l.by_venue(settled)).await.0, ErrorCode::VenueNotAuthorised);
        t.registry.perform(l.by_venue(release)).await.unwrap();
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 0));
    }

    async fn what_a_stopped_order_gives_up_falls_to_the_freeze_that_lacks_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let account = l.firms[0].rights;
        let order = hold_of(t.registry.perform(l.by_venue(l.order(account, 70))).await.unwrap().act_id);
        let first = hold_of(t.done(freeze(HoldKind::Court, account, Some(50), vec![order])).await);
        let second = hold_of(t.done(freeze(HoldKind::Court, account, Some(10), vec![order])).await);
        t.registry.perform(l.by_venue(ReleaseHold { hold: order, amount: None })).await.unwrap();
        let now = t.now().await;
        let found = t.registry.holds_by_ids(&now, &[first, second]).await.unwrap();
        let told = |id| found.iter().find(|hold| hold.state.id == id).map(|hold| {
            (hold.state.open.count(), hold.state.shortfall.count())
        });
        assert_eq!((told(first), told(second)), (Some((50, 0)), Some((10, 0))));
        assert_eq!(t.lying(account).await, (100, 60));
        t.lifted(first, HoldKind::Court).await;
        t.lifted(second, HoldKind::Court).await;
        assert_eq!(t.lying(account).await, (100, 0));
        t.assert_sound().await;
    }

    async fn an_order_that_two_courts_stopped_goes_on_when_both_let_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let account = l.firms[0].rights;
        let order = hold_of(t.registry.perform(l.by_venue(l.order(account, 70))).await.unwrap().act_id);
        let first = hold_of(t.done(freeze(HoldKind::Court, account, Some(10), vec![order])).await);
        let second = hold_of(t.done(freeze(HoldKind::Court, account, Some(10), vec![order])).await);
        let settled = || l.by_venue(settle(&[(order, l.firms[1].rights, 70)]));
        t.lifted(first, HoldKind::Court).await;
        assert_eq!(t.refused(settled()).await.0, ErrorCode::Suspended);
        t.lifted(second, HoldKind::Court).await;
        t.registry.perform(settled()).await.unwrap();
        t.assert_sound().await;
    }

    async fn what_goes_to_another_account_of_its_holder_has_carried_over_its_share(t) {
        let l = two_classes(&t).await;
        t.control(l.cod, Controls { carry_over_permille: Some(100), ..Controls::default() }).await;
        let carry = |account, amount| CarryOverLots {
            account, amount: Units::of(amount), selection: Selection::default(), vintage: 2027, expires_on: Some(day("2030-06-30")),
        };
        let open = account("OTHER", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let (first, other) = (l.firms[0].rights, t.account(open).await);
        t.done(carry(first, 5)).await;
        // Half of the units have carried over half of it, rounded up.
        t.done(transfer(first, other, 50)).await;
        assert_eq!(t.refused(act(l.admin, carry(other, 3))).await.0, ErrorCode::CarryoverLimit);
        t.done(carry(other, 2)).await;
        assert_eq!(t.refused(act(l.admin, carry(first, 4))).await.0, ErrorCode::CarryoverLimit);
        t.done(carry(first, 3)).await;
        // Back on one account it is all there may be.
        t.done(transfer(other, first, 48)).await;
        assert_eq!(t.refused(act(l.admin, carry(first, 1))).await.0, ErrorCode::CarryoverLimit);
        t.assert_sound().await;
    }

    async fn no_more_is_carried_over_in_many_acts_than_in_one(t) {
        let l = two_classes(&t).await;
        t.control(l.cod, Controls { carry_over_permille: Some(100), ..Controls::default() }).await;
        let carry = |amount, expires_on: Option<&str>| CarryOverLots {
            account: l.firms[0].rights, amount: Units::of(amount), selection: Selection::default(), vintage: 2027,
            expires_on: expires_on.map(day),
        };
        assert_eq!(t.refused(act(l.admin, carry(1, None))).await, (ErrorCode::FieldRequired, "expiresOn".to_owned()));
        assert_eq!(t.refused(act(l.admin, carry(1, Some("2099-01-01")))).await.0, ErrorCode::RightTerm);
        t.done(carry(6, Some("2030-06-30"))).await;
        assert_eq!(t.refused(act(l.admin, carry(5, Some("2030-06-30")))).await.0, ErrorCode::CarryoverLimit);
        t.done(carry(4, Some("2030-06-30"))).await;
        let own = by_holder(&t, &l, carry(1, Some("2030-06-30"))).await;
        assert!(t.registry.perform(own).await.is_err());
        // Units that came by an earlier leg are carried over like any other.
        let moved = transfer(l.firms[0].rights, l.firms[1].rights, 50);
        let there = CarryOverLots { account: l.firms[1].rights, ..carry(2, Some("2030-06-30")) };
        t.registry.perform(yulin_tests::ledger::bundle(l.admin, vec![moved.into(), there.into()])).await.unwrap();
        brought_to(&t, l.firms[0].rights, AccountStatus::FrozenBoth).await;
        assert_eq!(t.refused(act(l.admin, carry(1, Some("2030-06-30")))).await.0, ErrorCode::AccountStatus);
        t.assert_sound().await;
    }

    async fn what_comes_back_to_a_closed_account_can_be_taken_from_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        t.control(l.cod, Controls { confirmed_by: Some("province".to_owned()), ..Controls::default() }).await;
        let [seller, buyer] = l.firms.map(|firm| firm.rights);
        let sold = transfer_of(t.done(transfer(seller, buyer, 100)).await);
        for next in [AccountStatus::Closing, AccountStatus::Closed] {
            brought_to(&t, seller, next).await;
        }
        t.done(RejectTransfer { transfer: sold, register_reference: "R-1".to_owned() }).await;
        assert_eq!((t.lying(seller).await, status(&t, seller).await.0), ((100, 0), AccountStatus::Closing));
        let told = t.registry.transfers_by_ids(&t.now().await, &[sold]).await.unwrap();
        assert_eq!(told[0].state.register_reference.as_deref(), Some("R-1"));
        t.done(transfer(seller, l.pool, 100)).await;
        t.assert_sound().await;
    }

    async fn what_was_frozen_stays_frozen_when_its_land_is_split(t) {
        let l = t.ledger().await;
        t.done(l.issue(100, None)).await;
        let parcel = t.parcel(l.district, "P", [0.0, 0.0, 20.0, 10.0]).await;
        let open = account("Q", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let bound = t.account(OpenAccount { parcel: Some(parcel), ..open.clone() }).await;
        t.done(transfer(l.pool, bound, 10)).await;
        brought_to(&t, bound, AccountStatus::FrozenOut).await;
        // A name that a successor would bear is taken.
        let taken = account("Q/B", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        t.account(taken).await;
        let piece = |code: &str, west: f64| Child {
            facts: ParcelPatch {
                code: Some(code.to_owned()), registered_area: Some(Area::from_units(1_000_000)), ..ParcelPatch::default()
            },
            footprint: rectangle([west, 0.0, west + 10.0, 10.0]),
        };
        let split = |second: &str, parcel| SplitParcel {
            parcel, children: vec![piece("A", 0.0), piece(second, 10.0)], dispositions: vec![], apportion: vec![],
        };
        let seen = t.seen(parcel).await;
        assert_eq!(t.refused(act(l.admin, split("B", seen))).await.0, ErrorCode::CodeDuplicate);
        t.done(split("C", seen)).await;
        let filter = yulin_persistence::AccountFilter::default();
        let now = t.now().await;
        let ids = t.registry.account_ids(&now, &filter, None, 100).await.unwrap();
        let heirs = t.registry.accounts_by_ids(&now, &ids).await.unwrap();
        let heirs: Vec<_> = heirs.iter().filter(|heir| ["Q/A", "Q/C"].contains(&heir.state.code.as_str())).collect();
        assert_eq!(heirs.len(), 2);
        assert!(heirs.iter().all(|heir| heir.state.status == AccountStatus::FrozenOut));
        let bank = OpenAccount { purpose: AccountPurpose::Retirement, code: "R".to_owned(), parcel: Some(parcel), ..open };
        assert!(t.registry.perform(act(l.admin, bank)).await.is_err());
        t.assert_sound().await;
    }

    async fn units_are_frozen_and_freed_however_scattered_they_are(t) {
        let l = t.ledger().await;
        t.done(l.issue(5_000, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, 5_000)).await;
        // Every second unit goes away, so that what is left are more lots than a request may name.
        for part in 0..3 {
            let units = (0..500).map(|nth| {
                let from = (part * 500 + nth) * 2;
                yulin_domain::factor::UnitRange { from, to: from + 1 }
            });
            let selection = Selection::Numbers { units: units.collect() };
            t.done(yulin_domain::factor::TransferUnits { selection, ..transfer(l.firms[0].rights, l.firms[1].rights, 500) }).await;
        }
        let hold = hold_of(t.done(freeze(HoldKind::Court, l.firms[0].rights, None, vec![])).await);
        assert_eq!(t.lying(l.firms[0].rights).await, (3_500, 3_500));
        t.lifted(hold, HoldKind::Court).await;
        assert_eq!(t.lying(l.firms[0].rights).await, (3_500, 0));
        t.assert_sound().await;
    }

    async fn what_was_surrendered_comes_back_within_its_window(t) {
        let l = two_classes(&t).await;
        t.control(l.cod, Controls { reversal_days: 5, ..Controls::default() }).await;
        let retire = RetireUnits {
            kind: MoveKind::Surrender, from: l.firms[0].rights, to: l.retired, amount: Units::of(10),
            selection: Selection::default(), reference: None,
        };
        let id = transfer_of(t.done(retire).await);
        t.done(yulin_domain::factor::ReverseTransfer { transfer: id }).await;
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 0));
    }
}
