//! What the ledger is asked to show: quotas that follow their land, a hold hit by many at once, four eyes, and Pujiang's
//! reserve auction of November 2015.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::codes::{AccountPurpose, AccountStatus, FactorKind, Role, UnitTracking};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Apportionment, IssueUnits, OpenAccount, ReleaseHold, SetCap, Stated};
use yulin_domain::journal::{
    AccountId, Act, ApproveAct, FactorId, ParcelId, PrincipalId, ProposeAct, ScheduleId, ScheduleOutcome, Seen,
};
use yulin_domain::land::{Child, ParcelPatch, SplitParcel};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Area, Units};
use yulin_persistence::{AccountFilter, PerformError};
use yulin_tests::acts::{act, rectangle};
use yulin_tests::ledger::{Ledger, YEAR, account, factor, hold_of, settle, transfer};
use yulin_tests::{TestRegistry, each_backend};

const PIECES: usize = 7;

/// Three quotas of odd amounts, bound to a parcel.
async fn quotas(t: &TestRegistry, l: &Ledger, parcel: ParcelId) -> Vec<(AccountId, i64)> {
    let mut bound = Vec::new();
    let amounts = [1_000_003, 17, 5];
    for (place, amount) in amounts.into_iter().enumerate() {
        let code = format!("Q{place}");
        let holder = Some(l.firms[0].party);
        let open =
            OpenAccount { parcel: Some(parcel), ..account(&code, l.cod, AccountPurpose::Holding, l.district, holder) };
        let id = t.account(open).await;
        t.done(transfer(l.pool, id, amount)).await;
        bound.push((id, amount));
    }
    bound
}

/// A split of a strip 700 m long into seven pieces of random widths.
async fn strips(t: &TestRegistry, parcel: ParcelId, seed: u64) -> SplitParcel {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut cuts: Vec<i32> = (0..PIECES - 1).map(|_| rng.random_range(1..699)).collect();
    cuts.extend([0, 700]);
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |(nth, edge): (usize, &[i32])| {
        let area = i64::from(edge[1] - edge[0]) * 100 * 10_000;
        let facts = ParcelPatch {
            code: Some(format!("S{nth}")),
            registered_area: Some(Area::from_units(area)),
            ..ParcelPatch::default()
        };
        Child { facts, footprint: rectangle([f64::from(edge[0]), 0.0, f64::from(edge[1]), 100.0]) }
    };
    let children = cuts.windows(2).enumerate().map(piece).collect();
    SplitParcel { parcel: t.seen(parcel).await, children, dispositions: vec![], apportion: vec![] }
}

async fn bound_to(t: &TestRegistry, parcel: ParcelId) -> BTreeMap<String, i64> {
    let now = t.now().await;
    let filter = AccountFilter { parcel: Some(parcel), ..AccountFilter::default() };
    let ids = t.registry.account_ids(&now, &filter, None, 100).await.unwrap();
    let accounts = t.registry.accounts_by_ids(&now, &ids).await.unwrap();
    let balances = t.registry.balances(&now, &ids).await.unwrap();
    let lying = |id| balances.get(&id).map_or(0, |balance| balance.posted.count());
    accounts.into_iter().map(|account| (account.state.code, lying(account.state.id))).collect()
}

each_backend! {
    async fn quotas_follow_their_land_to_the_last_gram(t) {
        let l = t.ledger().await;
        t.done(l.issue(2_000_000, None)).await;
        let parcel = t.parcel(l.district, "P", [0.0, 0.0, 700.0, 100.0]).await;
        let quotas = quotas(&t, &l, parcel).await;
        let seed = rand::random();
        let split = strips(&t, parcel, seed).await;
        // What is set aside holds the land back, until the same act resolves it.
        let held = t.registry.perform(l.by_venue(l.order(quotas[0].0, 1))).await;
        assert!(matches!(held, Err(PerformError::Refused(refused)) if refused.code == ErrorCode::VenueNotAuthorised));
        let hold = hold_of(t.done(l.order(quotas[0].0, 1)).await);
        assert_eq!(t.refused(act(t.admin, split.clone())).await.0, ErrorCode::UnitsEncumbered);
        let legs = vec![ReleaseHold { hold, amount: None }.into(), split.clone().into()];
        let receipt = t.registry.perform(Act { envelope: act(t.admin, split.clone()).envelope, legs }).await;
        let receipt = receipt.expect("the same act frees it and splits the land");
        let children: Vec<_> =
            (0..split.children.len()).map(|nth| ParcelId::made_by(receipt.act_id, 1, nth)).collect();
        let total: i64 = split.children.iter().map(|child| child.facts.registered_area.unwrap().units()).sum();
        for (place, (_, amount)) in quotas.iter().enumerate() {
            let mut sum = 0;
            for (nth, child) in children.iter().enumerate() {
                let lying = bound_to(&t, *child).await;
                let share = lying.get(&format!("Q{place}/S{nth}")).copied().unwrap_or(0);
                let area = split.children[nth].facts.registered_area.unwrap().units();
                let exact = i128::from(*amount) * i128::from(area) / i128::from(total);
                assert!((0..=1).contains(&(i128::from(share) - exact)), "seed {seed}: {share} beside {exact}");
                sum += share;
            }
            assert_eq!(sum, *amount, "seed {seed}: quota {place}");
        }
        let old = t.registry.accounts_by_ids(&t.now().await, &[quotas[0].0]).await.unwrap();
        assert_eq!(old[0].state.status, AccountStatus::Closed);
        t.assert_sound().await;
    }

    async fn quotas_are_divided_as_stated_where_the_amounts_sum(t) {
        let l = t.ledger().await;
        t.done(l.issue(2_000_000, None)).await;
        let parcel = t.parcel(l.district, "P", [0.0, 0.0, 700.0, 100.0]).await;
        let quotas = quotas(&t, &l, parcel).await;
        let mut split = strips(&t, parcel, 1).await;
        let stated = |amount| Stated { child: 2, amount: Units::of(amount) };
        split.apportion = vec![Apportionment { account: quotas[1].0, amounts: vec![stated(16)] }];
        assert_eq!(t.refused(act(t.admin, split.clone())).await.0, ErrorCode::ApportionSum);
        split.apportion[0].amounts = vec![stated(17)];
        let twice = [split.apportion.clone(), split.apportion.clone()].concat();
        let twice = act(t.admin, yulin_domain::land::SplitParcel { apportion: twice, ..split.clone() });
        assert_eq!(t.refused(twice).await, (ErrorCode::Validation, "apportion[1].account".to_owned()));
        let id = t.done(split).await;
        let lying = bound_to(&t, ParcelId::made_by(id, 0, 2)).await;
        assert_eq!(lying.get("Q1/S2"), Some(&17));
        t.assert_sound().await;
    }

    async fn of_a_hundred_who_hit_a_hold_one_wins_and_the_others_are_told_the_same(t) {
        let l = t.ledger().await;
        l.fill(&t, 100, 1).await;
        let held = t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 60))).await.expect("held");
        let hold = hold_of(held.act_id);
        let hit = |nth: usize| match nth % 2 {
            0 => l.by_venue(settle(&[(hold, l.firms[1].rights, 60)])),
            _ => l.by_venue(ReleaseHold { hold, amount: None }),
        };
        let acts: Vec<_> = (0..100).map(hit).collect();
        let asked: Vec<_> = acts
            .iter()
            .map(|act| {
                let (registry, act) = (t.registry.clone(), act.clone());
                tokio::spawn(async move { registry.perform(act).await })
            })
            .collect();
        let (mut won, mut told) = (0, BTreeMap::new());
        for answer in asked {
            match answer.await.unwrap() {
                Ok(_) => won += 1,
                Err(PerformError::Refused(refused)) => {
                    *told.entry((refused.code, format!("{:?}", refused.facts))).or_insert(0) += 1;
                }
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!((won, told.len()), (1, 1), "{told:?}");
        assert_eq!(told.into_keys().next().unwrap().0, ErrorCode::HoldResolved);
        let (seller, buyer) = (t.lying(l.firms[0].rights).await, t.lying(l.firms[1].rights).await);
        assert!((seller, buyer) == ((40, 0), (60, 0)) || (seller, buyer) == ((100, 0), (0, 0)));
        t.assert_sound().await;
    }

    async fn a_refusal_stays_a_refusal_though_it_could_now_succeed(t) {
        let l = t.ledger().await;
        l.fill(&t, 10, 1).await;
        let asked = act(t.admin, transfer(l.firms[0].rights, l.firms[1].rights, 11));
        assert_eq!(t.refused(asked.clone()).await.0, ErrorCode::Insufficient);
        t.done(l.issue(5, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, 5)).await;
        assert_eq!(t.refused(asked.clone()).await.0, ErrorCode::Insufficient);
        let anew = act(t.admin, asked.legs.into_iter().next().unwrap());
        t.registry.perform(anew).await.expect("a new attempt takes a new id");
    }

    async fn a_large_transfer_needs_two_and_the_second_is_not_the_first(t) {
        let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        rights.controls.four_eyes_above = Some(50);
        rights.controls.dated = Some("2026-01-01".parse().unwrap());
        rights.controls.source = Some("test".to_owned());
        let l = t.ledger_of(rights).await;
        t.done(l.issue(100, None)).await;
        let large = transfer(l.pool, l.firms[0].rights, 60);
        assert_eq!(t.refused(act(t.admin, large.clone())).await.0, ErrorCode::FourEyes);
        let proposed = t.registry.perform(act(t.admin, ProposeAct { legs: vec![large.into()] })).await.unwrap();
        let schedule = Seen { id: ScheduleId::made_by(proposed.act_id, 0, 0), seq: proposed.seq };
        assert_eq!(t.refused(act(t.admin, ApproveAct { schedule })).await.0, ErrorCode::FourEyes);
        let second = RegisterPrincipal { name: "second".to_owned(), party: None, roles: [Role::Admin].into() };
        let second = PrincipalId::made_by(t.done(second).await, 0, 0);
        t.registry.perform(act(second, ApproveAct { schedule })).await.expect("approved by another");
        for _ in 0..100 {
            let found = t.registry.schedules_by_ids(&t.now().await, &[schedule.id]).await.unwrap();
            if found[0].state.outcome == ScheduleOutcome::Begun {
                assert_eq!(t.lying(l.firms[0].rights).await, (60, 0));
                t.assert_sound().await;
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("what was approved has not begun");
    }

    // Published: COD 50.63 t at 5,000, NH3-N 5.05 t at 5,097.2, SO2 18.874 t at 2,000, NOx 28.954 t at 1,511.9 yuan a ton
    // and year, and a total of 423,158 yuan, which is not what these come to.
    async fn the_reserve_auction_of_pujiang_adds_up_as_far_as_its_figures_do(t) {
        let l = t.ledger().await;
        let lots = [("A-COD", 50_630_000, 500_000), ("A-NH3-N", 5_050_000, 509_720), ("A-SO2", 18_874_000, 200_000),
            ("A-NOx", 28_954_000, 151_190)];
        t.done(l.deposit(1, 50_000_000)).await;
        let (buyer, mut paid) = (l.firms[1], 0);
        // The zone's office that sells from the reserve is paid as a firm is.
        let seller = l.firms[0].money;
        for (code, grams, fen_a_ton) in lots {
            let factor = FactorId::made_by(
                t.done(factor(code, FactorKind::EmissionRight, UnitTracking::Numbered)).await, 0, 0);
            let open = |purpose, holder, name: &str| account(&format!("{code}-{name}"), factor, purpose, l.district, holder);
            let issuance = t.account(open(AccountPurpose::Issuance, None, "I")).await;
            let pool = t.account(open(AccountPurpose::Pool, None, "P")).await;
            let bought = t.account(open(AccountPurpose::Holding, Some(buyer.party), "H")).await;
            t.done(SetCap { factor, period: YEAR, most: Units::of(grams) }).await;
            t.done(IssueUnits { from: issuance, to: pool, ..l.issue(grams, None) }).await;
            // Half up to the fen, once an invoice.
            let fen = (i128::from(grams) * fen_a_ton + 500_000) / 1_000_000;
            let fen = i64::try_from(fen).unwrap();
            let units = hold_of(t.done(l.order(pool, grams)).await);
            let money = hold_of(t.done(l.order(buyer.money, fen)).await);
            t.done(settle(&[(units, bought, grams), (money, seller, fen)])).await;
            assert_eq!(t.lying(bought).await, (grams, 0));
            paid += fen;
            let totals = t.registry.totals(&t.now().await, &[factor]).await.unwrap().remove(&factor).unwrap_or_default();
            assert_eq!((totals.issued(), totals.lying()), (i128::from(grams), i128::from(grams)));
        }
        // 360,414.41 yuan; the published total is 62,743.59 yuan more, and nothing here explains it.
        assert_eq!(paid, 36_041_441);
        assert_eq!(42_315_800 - paid, 6_274_359);
        assert_eq!(t.lying(seller).await, (36_041_441, 0));
        t.assert_sound().await;
    }
}
