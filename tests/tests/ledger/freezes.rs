//! What an authority froze stays frozen, and what it lacks falls to it as soon as it comes free: whatever gave it up.

use sea_orm::ConnectionTrait;
use yulin_domain::codes::{AccountPurpose, HoldKind, HoldState};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{ConfirmTransfer, Controls, OpenAccount, RejectTransfer, ReleaseHold};
use yulin_domain::journal::{AccountId, HoldId, IssuanceId};
use yulin_domain::land::{Child, ParcelPatch, SplitParcel};
use yulin_domain::quantity::{Area, Units};
use yulin_tests::acts::{act, rectangle};
use yulin_tests::ledger::{Ledger, account, freeze, hold_of, settle, transfer, transfer_of};
use yulin_tests::{TestRegistry, each_backend};

/// What a hold has set aside, and lacks.
async fn stands(t: &TestRegistry, hold: HoldId) -> (i64, i64) {
    let found = t.registry.holds_by_ids(&t.now().await, &[hold]).await.unwrap();
    assert_eq!(found[0].state.state, HoldState::Open);
    (found[0].state.open.count(), found[0].state.shortfall.count())
}

async fn ordered(t: &TestRegistry, l: &Ledger, account: AccountId, amount: i64) -> HoldId {
    hold_of(t.registry.perform(l.by_venue(l.order(account, amount))).await.unwrap().act_id)
}

async fn confirmed_by_a_register(t: &TestRegistry, l: &Ledger) {
    let confirmed_by = Some("register".to_owned());
    t.control(l.cod, Controls { confirmed_by, reversal_days: 5, ..Controls::default() }).await;
}

/// Has the registry take an issuance out of use. The clock cannot be set forward; the last day of the units is set back
/// beneath the registry instead, which is all that is then wrong with its tables.
async fn lapses(t: &TestRegistry, l: &Ledger, issuance: IssuanceId) {
    let known = t.registry.issuances_by_ids(&t.now().await, &[issuance]).await.unwrap();
    let member = |micros: i64| format!("\"lapses_at\":{micros}");
    let text = t.backend.replaced(&member(known[0].state.lapses_at.unwrap().micros()), &member(1_000_000));
    let sql = format!(
        "UPDATE record_version SET due_at = 1000000, state = {text} WHERE kind = 'issuance' AND id = '{issuance}'"
    );
    t.raw().await.execute_unprepared(&sql).await.unwrap();
    // What is due is done before whatever comes next; another gateway does not yet know that nothing was due.
    t.another_gateway().await.perform(act(l.admin, l.issue(1, None))).await.unwrap();
}

fn today() -> String {
    jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date().to_string()
}

each_backend! {
    async fn all_there_is_counts_what_an_order_has_set_aside(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        for suspends in [true, false] {
            let account = l.firms[0].rights;
            let order = ordered(&t, &l, account, 60).await;
            let stopped = if suspends { vec![order] } else { vec![] };
            let court = hold_of(t.done(freeze(HoldKind::Court, account, None, stopped)).await);
            assert_eq!(stands(&t, court).await, (40, 60));
            t.registry.perform(l.by_venue(ReleaseHold { hold: order, amount: Some(Units::of(20)) })).await.unwrap();
            assert_eq!(stands(&t, court).await, (60, 40));
            t.registry.perform(l.by_venue(ReleaseHold { hold: order, amount: None })).await.unwrap();
            assert_eq!((stands(&t, court).await, t.lying(account).await), ((100, 0), (100, 100)));
            assert_eq!(t.refused(act(l.admin, transfer(account, l.firms[1].rights, 1))).await.0, ErrorCode::Insufficient);
            t.lifted(court, HoldKind::Court).await;
            assert_eq!(t.lying(account).await, (100, 0));
        }
        t.assert_sound().await;
    }

    async fn of_two_courts_the_first_is_served_first_whatever_else_is_in_the_batch(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let account = l.firms[0].rights;
        for _ in 0..4 {
            let order = ordered(&t, &l, account, 90).await;
            let first = hold_of(t.done(freeze(HoldKind::Court, account, None, vec![])).await);
            let second = hold_of(t.done(freeze(HoldKind::Court, account, None, vec![])).await);
            t.registry.perform(l.by_venue(ReleaseHold { hold: order, amount: None })).await.unwrap();
            assert_eq!((stands(&t, first).await, stands(&t, second).await), ((100, 0), (0, 100)));
            t.lifted(second, HoldKind::Court).await;
            t.lifted(first, HoldKind::Court).await;
        }
        // What came free falls to the freeze, not what was free besides.
        let order = ordered(&t, &l, account, 100).await;
        let court = hold_of(t.done(freeze(HoldKind::Court, account, Some(5), vec![])).await);
        t.done(l.issue(10, None)).await;
        t.done(transfer(l.pool, account, 10)).await;
        t.registry.perform(l.by_venue(ReleaseHold { hold: order, amount: Some(Units::of(1)) })).await.unwrap();
        assert_eq!((stands(&t, court).await, t.lying(account).await), ((1, 4), (110, 100)));
        t.assert_sound().await;
    }

    async fn a_reversal_is_made_whole_before_a_freeze_takes_what_came_back(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        t.control(l.cod, Controls { reversal_days: 5, ..Controls::default() }).await;
        let open = account("C", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let third = t.account(open).await;
        let venue = yulin_domain::factor::AuthoriseVenue {
            venue: l.venue, accounts: vec![third], factors: vec![], access: yulin_domain::factor::VenueAccess::Granted,
        };
        t.done(venue).await;
        let [first, second] = l.firms.map(|firm| firm.rights);
        t.done(transfer(first, second, 20)).await;
        // Ten go from the first to the second, and ten others on from there, in one settlement.
        let sold = [ordered(&t, &l, first, 10).await, ordered(&t, &l, second, 10).await];
        let left = ordered(&t, &l, second, 10).await;
        let court = hold_of(t.done(freeze(HoldKind::Court, second, None, vec![])).await);
        assert_eq!(stands(&t, court).await, (0, 20));
        let both = settle(&[(sold[0], second, 10), (sold[1], third, 10)]);
        let id = transfer_of(t.registry.perform(l.by_venue(both)).await.unwrap().act_id);
        t.done(yulin_domain::factor::ReverseTransfer { transfer: id }).await;
        assert_eq!((t.lying(first).await, t.lying(second).await, t.lying(third).await), ((80, 0), (20, 20), (0, 0)));
        assert_eq!(stands(&t, court).await, (10, 10));
        t.registry.perform(l.by_venue(ReleaseHold { hold: left, amount: None })).await.unwrap();
        assert_eq!(stands(&t, court).await, (20, 0));
        t.assert_sound().await;
    }

    async fn what_a_weaker_freeze_gives_up_falls_to_the_stronger_that_lacks_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        let account = l.firms[0].rights;
        let weak = hold_of(t.done(freeze(HoldKind::Supervision, account, None, vec![])).await);
        let clawback = hold_of(t.done(freeze(HoldKind::Clawback, account, Some(50), vec![])).await);
        let court = hold_of(t.done(freeze(HoldKind::Court, account, Some(70), vec![])).await);
        assert_eq!((stands(&t, court).await, stands(&t, clawback).await), ((0, 70), (0, 50)));
        t.lifted(weak, HoldKind::Supervision).await;
        assert_eq!((stands(&t, court).await, stands(&t, clawback).await), ((70, 0), (30, 20)));
        t.lifted(court, HoldKind::Court).await;
        assert_eq!(stands(&t, clawback).await, (50, 0));
        assert_eq!(t.lying(account).await, (100, 50));
        t.assert_sound().await;
    }

    async fn what_a_register_confirms_or_gives_back_falls_to_the_freeze_that_lacks_it(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 100).await;
        confirmed_by_a_register(&t, &l).await;
        let [seller, buyer] = l.firms.map(|firm| firm.rights);
        let mut sold = Vec::new();
        for amount in [10, 20] {
            let order = ordered(&t, &l, seller, amount).await;
            sold.push(transfer_of(t.registry.perform(l.by_venue(settle(&[(order, buyer, amount)]))).await.unwrap().act_id));
        }
        let at_buyer = hold_of(t.done(freeze(HoldKind::Court, buyer, None, vec![])).await);
        let at_seller = hold_of(t.done(freeze(HoldKind::Court, seller, Some(75), vec![])).await);
        assert_eq!((stands(&t, at_buyer).await, stands(&t, at_seller).await), ((0, 30), (70, 5)));
        let register_reference = "R".to_owned();
        t.done(ConfirmTransfer { transfer: sold[0], register_reference: register_reference.clone() }).await;
        assert_eq!(stands(&t, at_buyer).await, (10, 20));
        t.done(RejectTransfer { transfer: sold[1], register_reference }).await;
        assert_eq!((stands(&t, at_seller).await, t.lying(seller).await), ((75, 0), (90, 75)));
        assert_eq!(t.lying(buyer).await, (10, 10));
        t.assert_sound().await;
    }

    async fn a_freeze_that_found_nothing_keeps_land_from_being_split(t) {
        let l = t.ledger().await;
        t.done(l.issue(100, None)).await;
        let parcel = t.parcel(l.district, "P", [0.0, 0.0, 20.0, 10.0]).await;
        let open = account("Q", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let bound = t.account(OpenAccount { parcel: Some(parcel), ..open }).await;
        t.done(transfer(l.pool, bound, 10)).await;
        t.done(freeze(HoldKind::Court, bound, Some(10), vec![])).await;
        let lacking = hold_of(t.done(freeze(HoldKind::Supervision, bound, Some(5), vec![])).await);
        let piece = |code: &str, west: f64| Child {
            facts: ParcelPatch {
                code: Some(code.to_owned()), registered_area: Some(Area::from_units(1_000_000)), ..ParcelPatch::default()
            },
            footprint: rectangle([west, 0.0, west + 10.0, 10.0]),
        };
        let split = SplitParcel {
            parcel: t.seen(parcel).await, children: vec![piece("A", 0.0), piece("B", 10.0)], dispositions: vec![], apportion: vec![],
        };
        assert_eq!(stands(&t, lacking).await, (0, 5));
        assert_eq!(t.refused(act(l.admin, split)).await.0, ErrorCode::UnitsEncumbered);
    }

    async fn a_freeze_outlives_what_lapses_under_it(t) {
        let l = t.ledger().await;
        let lapsing = IssuanceId::made_by(t.done(l.issue(20, Some(&today()))).await, 0, 0);
        t.done(l.issue(80, None)).await;
        let account = l.firms[0].rights;
        t.done(transfer(l.pool, account, 20)).await;
        t.done(transfer(l.pool, account, 80)).await;
        let class = yulin_domain::factor::LotClass::default();
        let mut order = l.order(account, 60);
        order.selection = yulin_domain::factor::Selection::InOrder { class: Some(class) };
        let order = hold_of(t.registry.perform(l.by_venue(order)).await.unwrap().act_id);
        let court = hold_of(t.done(freeze(HoldKind::Court, account, Some(30), vec![order])).await);
        assert_eq!(stands(&t, court).await, (30, 0));
        lapses(&t, &l, lapsing).await;
        // Of the 30 the 20 that lapsed are gone; what was free besides it has taken, and lacks the rest.
        assert_eq!((stands(&t, court).await, t.lying(account).await), ((20, 10), (80, 80)));
        assert_eq!(t.refused(l.by_venue(settle(&[(order, l.firms[1].rights, 1)]))).await.0, ErrorCode::Suspended);
    }

    async fn of_what_is_left_where_units_lapse_the_strongest_freeze_has_the_first(t) {
        let l = t.ledger().await;
        let account = l.firms[0].rights;
        let mut issued = Vec::new();
        // All of one class: what is left lies behind what lapses.
        for amount in [20, 10] {
            issued.push(IssuanceId::made_by(t.done(l.issue(amount, Some(&today()))).await, 0, 0));
            t.done(transfer(l.pool, account, amount)).await;
        }
        let mut frozen = Vec::new();
        for (kind, amount) in [(HoldKind::Clawback, 4), (HoldKind::Court, 8), (HoldKind::Supervision, 2)] {
            frozen.push(hold_of(t.done(freeze(kind, account, Some(amount), vec![])).await));
        }
        lapses(&t, &l, issued[0]).await;
        let stand = [stands(&t, frozen[0]).await, stands(&t, frozen[1]).await, stands(&t, frozen[2]).await];
        assert_eq!((stand, t.lying(account).await), ([(0, 4), (8, 0), (2, 0)], (10, 10)));
        lapses(&t, &l, issued[1]).await;
        assert_eq!((stands(&t, frozen[1]).await, t.lying(account).await), ((0, 8), (0, 0)));
    }
}
