//! The factor ledger end to end on both databases: issued, allocated, held, settled, reversed, expired, frozen, verified.

use std::time::Duration;

use yulin_domain::codes::{FactorKind, HoldKind, HoldState, MoveKind, TransferState, UnitTracking};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    ApproveUnfreeze, ConfirmPayout, ConfirmTransfer, ExtendHold, FreezeUnits, PlaceHold, ProposeUnfreeze,
    RejectTransfer, ReleaseHold, RequestPayout, RetireUnits, ReverseTransfer, Selection, TransferUnits, UnitRange,
};
use yulin_domain::journal::{AccountId, PrincipalId};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Instant, Units};
use yulin_tests::acts::act;
use yulin_tests::ledger::{bundle, factor, hold_of, settle, transfer, transfer_of};
use yulin_tests::{TestRegistry, each_backend};

async fn numbers(t: &TestRegistry, account: AccountId) -> Vec<(i64, i64)> {
    let lots = t.registry.lots_of(&t.now().await, &[account]).await.expect("lots are read");
    lots.iter().map(|lot| (lot.units.from, lot.units.to)).collect()
}

async fn approver(t: &TestRegistry) -> PrincipalId {
    let register =
        RegisterPrincipal { name: "second".to_owned(), party: None, roles: [yulin_domain::codes::Role::Admin].into() };
    PrincipalId::made_by(t.done(register).await, 0, 0)
}

each_backend! {
    async fn units_are_numbered_once_and_cut_and_joined_as_they_move(t) {
        let l = t.ledger().await;
        t.done(l.issue(1_000, None)).await;
        assert_eq!(numbers(&t, l.pool).await, [(0, 1_000)]);
        let [one, two] = l.firms;
        t.done(transfer(l.pool, one.rights, 300)).await;
        t.done(transfer(l.pool, two.rights, 200)).await;
        assert_eq!(numbers(&t, one.rights).await, [(0, 300)]);
        assert_eq!(numbers(&t, two.rights).await, [(300, 500)]);
        // What touches and is alike is one lot again.
        t.done(transfer(two.rights, one.rights, 150)).await;
        assert_eq!(numbers(&t, one.rights).await, [(0, 450)]);
        assert_eq!(numbers(&t, two.rights).await, [(450, 500)]);
        let middle = Selection::Numbers { units: vec![UnitRange { from: 100, to: 110 }] };
        let selected = TransferUnits { selection: middle, ..transfer(one.rights, two.rights, 10) };
        t.done(selected.clone()).await;
        assert_eq!(numbers(&t, one.rights).await, [(0, 100), (110, 450)]);
        assert_eq!(numbers(&t, two.rights).await, [(100, 110), (450, 500)]);
        let (code, field) = t.refused(act(t.admin, selected)).await;
        assert_eq!((code, field.as_str()), (ErrorCode::LotNotHeld, "units"));
        assert_eq!(t.lying(one.rights).await, (440, 0));
        let (code, _) = t.refused(act(t.admin, transfer(one.rights, two.rights, 441))).await;
        assert_eq!(code, ErrorCode::Insufficient);
        // A later issue goes on where the numbers ended.
        t.done(l.issue(50, None)).await;
        assert_eq!(numbers(&t, l.pool).await, [(500, 1_000), (1_000, 1_050)]);
        t.assert_sound().await;
    }

    async fn what_is_issued_stays_within_the_cap_of_its_year(t) {
        let l = t.ledger().await;
        t.done(l.issue(999_999_999, None)).await;
        let (code, _) = t.refused(act(t.admin, l.issue(2, None))).await;
        assert_eq!(code, ErrorCode::CapExceeded);
        t.done(l.issue(1, None)).await;
        let mut next = l.issue(1, None);
        next.period = 2027;
        assert_eq!(t.refused(act(t.admin, next)).await.0, ErrorCode::CapMissing);
        let totals = t.registry.totals(&t.now().await, &[l.cod]).await.expect("totals").remove(&l.cod).expect("its totals");
        assert_eq!((totals.issued(), totals.lying()), (1_000_000_000, 1_000_000_000));
    }

    async fn a_trade_is_delivery_versus_payment_in_one_act(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500_000).await;
        let [seller, buyer] = l.firms;
        let units = t.registry.perform(l.by_venue(l.order(seller.rights, 400))).await.expect("units are held");
        let money = t.registry.perform(l.by_venue(l.order(buyer.money, 200_000))).await.expect("money is held");
        let (units, money) = (hold_of(units.act_id), hold_of(money.act_id));
        assert_eq!((t.lying(seller.rights).await, t.lying(buyer.money).await), ((1_000, 400), (500_000, 200_000)));
        // One part that cannot be, and nothing has moved.
        let bad = settle(&[(units, buyer.rights, 100), (money, seller.money, 200_001)]);
        let (code, field) = t.refused(l.by_venue(bad)).await;
        assert_eq!((code, field.as_str()), (ErrorCode::HoldExceeded, "legs[1].amount"));
        assert_eq!(t.lying(buyer.rights).await, (0, 0));
        let part = settle(&[(units, buyer.rights, 100), (money, seller.money, 50_000)]);
        t.registry.perform(l.by_venue(part)).await.expect("a part is settled");
        assert_eq!((t.lying(seller.rights).await, t.lying(buyer.rights).await), ((900, 300), (100, 0)));
        assert_eq!((t.lying(buyer.money).await, t.lying(seller.money).await), ((450_000, 150_000), (50_000, 0)));
        let rest = settle(&[(units, buyer.rights, 300), (money, seller.money, 150_000)]);
        t.registry.perform(l.by_venue(rest.clone())).await.expect("the rest is settled");
        assert_eq!(t.refused(l.by_venue(rest)).await.0, ErrorCode::HoldResolved);
        assert_eq!((t.lying(seller.rights).await, t.lying(buyer.rights).await), ((600, 0), (400, 0)));
        t.assert_sound().await;
    }

    async fn a_venue_deals_on_what_is_opened_to_it_alone(t) {
        let l = t.ledger().await;
        l.fill(&t, 10, 10).await;
        let stranger = t.venue("stranger").await;
        let mut order = l.by_venue(l.order(l.firms[0].rights, 1));
        order.envelope.principal = stranger;
        assert_eq!(t.refused(order).await.0, ErrorCode::VenueNotAuthorised);
        let held = t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 1))).await.expect("held");
        let mut release = l.by_venue(ReleaseHold { hold: hold_of(held.act_id), amount: None });
        release.envelope.principal = stranger;
        assert_eq!(t.refused(release).await.0, ErrorCode::VenueNotAuthorised);
    }

    async fn a_hold_expires_by_itself_and_is_usable_strictly_before(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 10).await;
        let soon = Instant::from_micros(jiff::Timestamp::now().as_microsecond() + 1_200_000);
        let order = PlaceHold { expires_at: Some(soon), ..l.order(l.firms[0].rights, 60) };
        let held = t.registry.perform(l.by_venue(order)).await.expect("held");
        let hold = hold_of(held.act_id);
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 60));
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        let (code, _) = t.refused(l.by_venue(settle(&[(hold, l.firms[1].rights, 1)]))).await;
        assert_eq!(code, ErrorCode::HoldResolved);
        let found = t.registry.holds_by_ids(&t.now().await, &[hold]).await.expect("holds");
        assert_eq!(found[0].state.state, HoldState::Expired);
        assert_eq!(t.lying(l.firms[0].rights).await, (100, 0));
        let extend = ExtendHold { hold, expires_at: soon };
        assert_eq!(t.refused(l.by_venue(extend)).await.0, ErrorCode::HoldResolved);
        t.assert_sound().await;
    }

    async fn a_court_takes_what_is_there_names_the_shortfall_and_stops_the_clock_of_an_order(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 10).await;
        let [seller, buyer] = l.firms;
        let held = t.registry.perform(l.by_venue(l.order(seller.rights, 70))).await.expect("held");
        let order = hold_of(held.act_id);
        let freeze = FreezeUnits {
            account: seller.rights,
            amount: Some(Units::of(50)),
            kind: HoldKind::Court,
            authority: "法院".to_owned(),
            document: None,
            suspends: vec![order],
        };
        let weaker = FreezeUnits { kind: HoldKind::Clawback, ..freeze.clone() };
        assert_eq!(t.refused(act(t.admin, weaker)).await.0, ErrorCode::LienPriority);
        let frozen = hold_of(t.done(freeze).await);
        let found = t.registry.holds_by_ids(&t.now().await, &[frozen]).await.expect("holds");
        assert_eq!((found[0].state.open.count(), found[0].state.shortfall.count()), (30, 20));
        assert_eq!(t.lying(seller.rights).await, (100, 100));
        let try_it = || l.by_venue(settle(&[(order, buyer.rights, 70)]));
        assert_eq!(t.refused(try_it()).await.0, ErrorCode::Suspended);
        t.done(ProposeUnfreeze { hold: frozen, authority: "法院".to_owned() }).await;
        assert_eq!(t.refused(act(t.admin, ApproveUnfreeze { hold: frozen })).await.0, ErrorCode::FourEyes);
        let second = approver(&t).await;
        t.registry.perform(act(second, ApproveUnfreeze { hold: frozen })).await.expect("released by two");
        t.registry.perform(try_it()).await.expect("the order goes on");
        assert_eq!((t.lying(seller.rights).await, t.lying(buyer.rights).await), ((30, 0), (70, 0)));
        t.assert_sound().await;
    }

    async fn a_rejected_settlement_goes_back_whatever_happened_meanwhile(t) {
        let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        rights.controls.confirmed_by = Some("province".to_owned());
        rights.controls.dated = Some("2026-01-01".parse().expect("a date"));
        rights.controls.source = Some("test".to_owned());
        let l = t.ledger_of(rights).await;
        l.fill(&t, 1_000, 1_000).await;
        let [seller, buyer] = l.firms;
        let trade = async |amount: i64, fen: i64| {
            let units = t.registry.perform(l.by_venue(l.order(seller.rights, amount))).await.expect("held");
            let money = t.registry.perform(l.by_venue(l.order(buyer.money, fen))).await.expect("held");
            let legs =
                [(hold_of(units.act_id), buyer.rights, amount), (hold_of(money.act_id), seller.money, fen)];
            transfer_of(t.registry.perform(l.by_venue(settle(&legs))).await.expect("settled").act_id)
        };
        let first = trade(400, 100).await;
        let second = trade(300, 50).await;
        // Owned, but locked: neither side may pass it on, or take it out.
        assert_eq!((t.lying(buyer.rights).await, t.lying(seller.money).await), ((700, 700), (150, 150)));
        assert_eq!(t.refused(act(t.admin, transfer(buyer.rights, seller.rights, 1))).await.0, ErrorCode::Insufficient);
        let told = || "S-1".to_owned();
        t.done(ConfirmTransfer { transfer: first, register_reference: told() }).await;
        t.done(transfer(buyer.rights, seller.rights, 400)).await;
        t.done(RejectTransfer { transfer: second, register_reference: told() }).await;
        assert_eq!((t.lying(buyer.rights).await, t.lying(seller.rights).await), ((0, 0), (1_000, 400)));
        assert_eq!((t.lying(buyer.money).await, t.lying(seller.money).await), ((900, 0), (100, 0)));
        let again = RejectTransfer { transfer: second, register_reference: told() };
        assert_eq!(t.refused(act(t.admin, again)).await.0, ErrorCode::State);
        t.assert_sound().await;
    }

    async fn a_transfer_is_reversed_once_within_its_window_and_retired_units_move_no_other_way(t) {
        let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        rights.controls.reversal_days = 3;
        rights.controls.dated = Some("2026-01-01".parse().expect("a date"));
        rights.controls.source = Some("test".to_owned());
        let l = t.ledger_of(rights).await;
        l.fill(&t, 100, 10).await;
        let holder = l.firms[0].rights;
        let retire = RetireUnits {
            from: holder,
            to: l.retired,
            amount: Units::of(40),
            kind: MoveKind::Retire,
            selection: Selection::default(),
            reference: None,
        };
        let retired = transfer_of(t.done(retire).await);
        assert_eq!((t.lying(holder).await, t.lying(l.retired).await), ((60, 0), (40, 0)));
        assert_eq!(t.refused(act(t.admin, transfer(l.retired, holder, 40))).await.0, ErrorCode::MoveNotAllowed);
        let reversal = transfer_of(t.done(ReverseTransfer { transfer: retired }).await);
        assert_eq!((t.lying(holder).await, t.lying(l.retired).await), ((100, 0), (0, 0)));
        assert_eq!(numbers(&t, holder).await, [(0, 100)]);
        let again = t.refused(act(t.admin, ReverseTransfer { transfer: retired })).await;
        assert_eq!(again.0, ErrorCode::ReversedAlready);
        let back = t.refused(act(t.admin, ReverseTransfer { transfer: reversal })).await;
        assert_eq!(back.0, ErrorCode::State);
        let found = t.registry.transfers_by_ids(&t.now().await, &[retired]).await.expect("transfers");
        assert_eq!(found[0].state.state, TransferState::Reversed);
        t.assert_sound().await;
    }

    async fn a_payout_is_asked_by_one_and_confirmed_by_another_and_a_deposit_is_booked_once(t) {
        let l = t.ledger().await;
        let deposit = l.deposit(0, 1_000);
        t.done(deposit.clone()).await;
        assert_eq!(t.refused(act(t.admin, deposit)).await.0, ErrorCode::BankReferenceBooked);
        let account = l.firms[0].money;
        let asked = t.done(RequestPayout { account, amount: Units::of(600), reference: None }).await;
        assert_eq!(t.lying(account).await, (1_000, 600));
        let confirm = ConfirmPayout { hold: hold_of(asked), bank: l.bank, bank_reference: "B-9".to_owned() };
        assert_eq!(t.refused(act(t.admin, confirm.clone())).await.0, ErrorCode::FourEyes);
        let second = approver(&t).await;
        t.registry.perform(act(second, confirm)).await.expect("paid");
        assert_eq!((t.lying(account).await, t.lying(l.bank).await), ((400, 0), (400, 0)));
        t.assert_sound().await;
    }

    async fn a_bundle_across_factors_is_one_entry_or_nothing(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 1_000).await;
        let [one, two] = l.firms;
        let before = t.now().await.seq;
        let legs = vec![
            transfer(one.rights, two.rights, 10).into(),
            transfer(two.money, one.money, 500).into(),
            transfer(two.rights, one.rights, 11).into(),
        ];
        let (code, _) = t.refused(bundle(t.admin, legs)).await;
        assert_eq!(code, ErrorCode::Insufficient);
        assert_eq!((t.lying(one.rights).await, t.now().await.seq), ((100, 0), before));
        let legs = vec![
            transfer(one.rights, two.rights, 10).into(),
            transfer(two.money, one.money, 500).into(),
            transfer(two.rights, one.rights, 4).into(),
        ];
        let receipt = t.registry.perform(bundle(t.admin, legs)).await.expect("the bundle is one entry");
        assert_eq!(receipt.seq, before + 1);
        assert_eq!((t.lying(one.rights).await, t.lying(two.rights).await), ((94, 0), (6, 0)));
        let lines = t.registry.entries_of(&t.now().await, one.rights, (receipt.seq, None), 10).await.expect("entries");
        let after: Vec<_> = lines.iter().map(|line| (line.place, line.posting.after.posted.count())).collect();
        assert_eq!(after.len(), 2, "both touches are told: {after:?}");
        t.assert_sound().await;
    }

    async fn acts_of_one_batch_by_number_and_by_order_do_not_starve_each_other(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 10).await;
        let [one, two] = l.firms;
        // Two lots, so that what is loaded for the one act is not all there is.
        let apart = Selection::Numbers { units: vec![UnitRange { from: 40, to: 41 }] };
        t.done(TransferUnits { selection: apart, ..transfer(one.rights, two.rights, 1) }).await;
        let first = Selection::Numbers { units: vec![UnitRange { from: 0, to: 40 }] };
        let acts = vec![
            act(t.admin, TransferUnits { selection: first, ..transfer(one.rights, two.rights, 40) }),
            act(t.admin, transfer(one.rights, two.rights, 40)),
        ];
        for answer in t.registry.perform_all(acts).await {
            answer.expect("both find their units");
        }
        assert_eq!(t.lying(one.rights).await, (19, 0));
        t.assert_sound().await;
    }

    async fn a_pledge_is_released_by_the_pledgee_and_not_by_him_who_pledged(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 10).await;
        let [one, two] = l.firms;
        let pledge = PlaceHold {
            kind: HoldKind::Pledge,
            pledgee: Some(two.party),
            expires_at: None,
            ..l.order(one.rights, 30)
        };
        let hold = hold_of(t.done(pledge).await);
        assert_eq!(t.refused(act(t.admin, transfer(one.rights, two.rights, 71))).await.0, ErrorCode::Insufficient);
        let by = async |party| {
            let roles = [yulin_domain::codes::Role::Enterprise].into();
            let register = RegisterPrincipal { name: format!("of {party}"), party: Some(party), roles };
            let mut act = act(PrincipalId::made_by(t.done(register).await, 0, 0), ReleaseHold { hold, amount: None });
            act.envelope.role = yulin_domain::codes::Role::Enterprise;
            act
        };
        assert_eq!(t.refused(by(one.party).await).await.0, ErrorCode::Pledged);
        t.registry.perform(by(two.party).await).await.expect("the pledgee releases it");
        assert_eq!(t.lying(one.rights).await, (100, 0));
    }
}
