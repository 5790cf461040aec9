//! Who may do what alone: limits that no partition of an act evades, offices that keep to their factors, references that
//! count once, one time for the ledger, and land that accounts are bound to.

use serde_json::{Value, json};
use uuid::Uuid;
use yulin_domain::codes::{AccountPurpose, FactorKind, MoveKind, Role, UnitTracking};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    CarryOverLots, ConfirmTransfer, Controls, IssueUnits, OpenAccount, RetireUnits, ReverseTransfer, Selection, SetCap,
    UnitRange,
};
use yulin_domain::journal::{
    AccountId, Act, ActBody, ActId, ApproveAct, ProposeAct, RecordKey, RescindAct, ScheduleId, ScheduleOutcome, Seen,
};
use yulin_domain::land::{MergeParcels, ParcelPatch};
use yulin_domain::quantity::Units;
use yulin_tests::acts::{act, ago, parcel, rectangle};
use yulin_tests::ledger::{Ledger, account, bundle, dated, factor, hold_of, settle, transfer, transfer_of};
use yulin_tests::{Gateway, TestRegistry, each_backend};

/// A ledger of a factor of which nobody hands over more than 50 alone; firm 0 has 1,000.
async fn limited(t: &TestRegistry, reversal_days: u16, confirmed_by: Option<&str>) -> Ledger {
    let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
    let confirmed_by = confirmed_by.map(str::to_owned);
    rights.controls = dated(Controls { four_eyes_above: Some(50), reversal_days, confirmed_by, ..Controls::default() });
    let l = t.ledger_of(rights).await;
    t.done(l.issue(1_000, None)).await;
    let fill = (0..20).map(|_| transfer(l.pool, l.firms[0].rights, 50));
    for one in fill {
        t.done(one).await;
    }
    l
}

async fn of_role(t: &TestRegistry, role: Role, body: impl Into<ActBody>) -> Act {
    let principal = t.registry.ensure_principal(&format!("an {role}"), role).await.unwrap();
    let mut act = act(principal, body);
    act.envelope.role = role;
    act
}

each_backend! {
    async fn no_more_is_handed_over_alone_in_parts_than_at_once(t) {
        let l = limited(&t, 0, None).await;
        let [from, to] = l.firms.map(|firm| firm.rights);
        let parts = |many: usize, each: i64| (0..many).map(|_| ActBody::from(transfer(from, to, each))).collect();
        for (many, each) in [(2, 26), (5, 50), (51, 1)] {
            let refused = t.refused(bundle(l.admin, parts(many, each))).await;
            assert_eq!(refused.0, ErrorCode::FourEyes, "{many} of {each}");
        }
        t.registry.perform(bundle(l.admin, parts(2, 25))).await.unwrap();
        // Of two holders each has his own sum; of one it is one sum, from whichever of his accounts and whoever receives it.
        t.registry.perform(bundle(l.admin, vec![transfer(from, to, 50).into(), transfer(to, l.pool, 50).into()])).await.unwrap();
        assert_eq!(t.refused(bundle(l.admin, vec![transfer(from, to, 30).into(), transfer(from, l.pool, 30).into()])).await.0, ErrorCode::FourEyes);
        let open = account("SECOND", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let second = t.account(open).await;
        // Between accounts of one holder nothing is handed over.
        t.done(transfer(from, second, 200)).await;
        let parts = vec![transfer(from, to, 30).into(), transfer(second, to, 30).into()];
        assert_eq!(t.refused(bundle(l.admin, parts)).await.0, ErrorCode::FourEyes);
        t.assert_sound().await;
    }

    async fn the_longest_delay_of_a_proposal_counts_whatever_the_order_of_its_parts(t) {
        let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        rights.controls = dated(Controls { four_eyes_above: Some(5), delay_days: 3, ..Controls::default() });
        let l = t.ledger_of(rights).await;
        t.done(l.issue(5, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, 5)).await;
        t.done(l.deposit(1, 100)).await;
        let units = t.registry.perform(of_role(&t, Role::TradeOperator, l.order(l.firms[0].rights, 5)).await).await.unwrap();
        let money = t.registry.perform(of_role(&t, Role::TradeOperator, l.order(l.firms[1].money, 9)).await).await.unwrap();
        let [units, money] = [units, money].map(|receipt| hold_of(receipt.act_id));
        let trade = settle(&[(money, l.firms[0].money, 9), (units, l.firms[1].rights, 5)]);
        let proposed = of_role(&t, Role::TradeOperator, ProposeAct { legs: vec![trade.into()] }).await;
        let proposed = t.registry.perform(proposed).await.unwrap();
        let schedule = t.registry.schedules_by_ids(&t.now().await, &[ScheduleId::made_by(proposed.act_id, 0, 0)]).await.unwrap();
        assert_eq!(schedule[0].state.delay.map(|delay| delay.days), Some(3));
    }

    async fn who_runs_trade_hands_nothing_over_alone_by_way_of_a_hold(t) {
        let l = limited(&t, 0, None).await;
        let [from, to] = l.firms.map(|firm| firm.rights);
        let id = ActId(Uuid::now_v7());
        let mut both = of_role(&t, Role::TradeOperator, l.order(from, 60)).await;
        both.envelope.id = id;
        both.legs.push(settle(&[(hold_of(id), to, 60)]).into());
        assert_eq!(t.refused(both).await.0, ErrorCode::FourEyes);
        let held = t.registry.perform(of_role(&t, Role::TradeOperator, l.order(from, 60)).await).await.unwrap();
        let settled = settle(&[(hold_of(held.act_id), to, 60)]);
        assert_eq!(t.refused(of_role(&t, Role::TradeOperator, settled.clone()).await).await.0, ErrorCode::FourEyes);
        // Two sides agreed to what a venue settles.
        let sold = hold_of(t.registry.perform(l.by_venue(l.order(from, 60))).await.unwrap().act_id);
        t.registry.perform(l.by_venue(settle(&[(sold, to, 60)]))).await.unwrap();
        let proposed = of_role(&t, Role::TradeOperator, ProposeAct { legs: vec![settled.into()] }).await;
        let proposed = t.registry.perform(proposed).await.unwrap();
        let schedule = Seen { id: ScheduleId::made_by(proposed.act_id, 0, 0), seq: proposed.seq };
        t.registry.perform(of_role(&t, Role::Approver, ApproveAct { schedule }).await).await.unwrap();
        for _ in 0..100 {
            let found = t.registry.schedules_by_ids(&t.now().await, &[schedule.id]).await.unwrap();
            if found[0].state.outcome != ScheduleOutcome::Waiting {
                assert_eq!(found[0].state.outcome, ScheduleOutcome::Begun);
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(t.lying(to).await, (120, 0));
        t.assert_sound().await;
    }

    async fn an_office_decides_about_its_own_factors_alone(t) {
        let l = t.ledger().await;
        t.done(l.issue(100, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, 100)).await;
        let retire = || RetireUnits {
            kind: MoveKind::Retire, from: l.firms[0].rights, to: l.retired, amount: Units::of(1),
            selection: Selection::default(), reference: None,
        };
        let cap = || SetCap { factor: l.cod, period: 2030, most: Units::of(10) };
        let opened = |code: &str| account(code, l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        for role in [Role::Planner, Role::Finance, Role::Energy] {
            assert_eq!(t.refused(of_role(&t, role, retire()).await).await.0, ErrorCode::Forbidden, "{role}");
            let back = of_role(&t, role, transfer(l.firms[0].rights, l.pool, 1)).await;
            assert_eq!(t.refused(back).await.0, ErrorCode::Forbidden, "{role}");
        }
        let carried = carry_over(l.firms[0].rights, 1, Selection::default());
        assert_eq!(t.refused(of_role(&t, Role::Energy, carried).await).await.0, ErrorCode::Forbidden);
        let opened_to = yulin_domain::factor::AuthoriseVenue {
            venue: l.venue, accounts: vec![], factors: vec![l.cod], access: yulin_domain::factor::VenueAccess::Withdrawn,
        };
        assert_eq!(t.refused(of_role(&t, Role::Finance, opened_to).await).await.0, ErrorCode::Forbidden);
        for role in [Role::Finance, Role::Energy, Role::TradeOperator] {
            let mut act = of_role(&t, role, cap()).await;
            act.envelope.legal_basis = Some("a law".to_owned());
            assert_eq!(t.refused(act).await.0, ErrorCode::Forbidden, "{role}");
        }
        assert_eq!(t.refused(of_role(&t, Role::Energy, opened("E")).await).await.0, ErrorCode::Forbidden);
        for role in [Role::Ecology, Role::ZoneOfficer, Role::TradeOperator] {
            t.registry.perform(of_role(&t, role, opened(&role.to_string())).await).await.unwrap();
        }
        let mut mine = of_role(&t, Role::Ecology, cap()).await;
        mine.envelope.legal_basis = Some("a law".to_owned());
        t.registry.perform(mine).await.unwrap();
        t.registry.perform(of_role(&t, Role::Ecology, retire()).await).await.unwrap();
    }

    async fn what_a_register_confirmed_may_be_reversed_from_then_on(t) {
        let l = limited(&t, 5, Some("register")).await;
        let [from, to] = l.firms.map(|firm| firm.rights);
        let sold = hold_of(t.registry.perform(l.by_venue(l.order(from, 10))).await.unwrap().act_id);
        let id = transfer_of(t.registry.perform(l.by_venue(settle(&[(sold, to, 10)]))).await.unwrap().act_id);
        let reverse = || act(l.admin, ReverseTransfer { transfer: id });
        assert_eq!(t.refused(reverse()).await.0, ErrorCode::State);
        t.done(ConfirmTransfer { transfer: id, register_reference: "R".to_owned() }).await;
        t.registry.perform(reverse()).await.unwrap();
        assert_eq!((t.lying(from).await, t.lying(to).await), ((1_000, 0), (0, 0)));
        t.assert_sound().await;
    }

    async fn the_ledger_has_one_time(t) {
        let l = t.ledger().await;
        t.done(l.issue(10, None)).await;
        let mut back = act(l.admin, transfer(l.pool, l.firms[0].rights, 1));
        back.envelope.effective_at = Some(ago(3));
        let refused = t.refused(back).await;
        assert_eq!((refused.0, refused.1.as_str()), (ErrorCode::Validation, "effectiveAt"));
        let gateway = Gateway::open(&t.registry).await;
        let key = t.key(Role::Auditor).await.unwrap();
        let id = RecordKey::from(l.pool).to_string();
        let asked = format!("{{ account(id: \"{id}\", asOf: {{valid: \"2026-01-01T00:00:00Z\"}}) {{ code }} }}");
        let answer = gateway.asked(Some(&key), &asked, &json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "AS_OF_INVALID", "{answer}");
        // A factor tells of its caps and totals as of when it was itself read.
        let before = t.now().await.seq;
        t.done(transfer(l.pool, l.firms[0].rights, 10)).await;
        let asked = format!(
            "{{ then: factor(code: \"COD\", asOf: {{recorded: {{seq: \"{before}\"}}}}) {{ totals {{ seq }} }} \
             now: factor(code: \"COD\") {{ totals {{ seq }} }} }}"
        );
        let told = gateway.told(Some(&key), &asked, &json!({})).await;
        assert_eq!(told["then"]["totals"]["seq"], before.to_string());
        assert_eq!(told["now"]["totals"]["seq"], (before + 1).to_string());
        gateway.close().await;
    }

    async fn a_reference_counts_once_however_it_is_typed(t) {
        let l = t.ledger().await;
        t.done(l.issue(10_000, None)).await;
        t.done(transfer(l.pool, l.firms[0].rights, 10_000)).await;
        let gateway = Gateway::open(&t.registry).await;
        let key = t.key(Role::Admin).await.unwrap();
        let global = |id: RecordKey| id.to_string();
        let perform = |body: Value| json!({"act": {"actId": Uuid::now_v7(), "legalBasis": "a law"}, "do": body});
        let deposit = |reference: &str| perform(json!({"recordDeposit": {"bank": global(l.bank.into()),
            "account": global(l.firms[0].money.into()), "amount": "5", "bankReference": reference}}));
        let offset = |source: &str| perform(json!({"offsetUnits": {"from": global(l.firms[0].rights.into()),
            "to": global(l.retired.into()), "emitted": "10", "ratioHundredths": 120, "project": "P", "source": source}}));
        let acts = [deposit("BR-1"), deposit("BR-1 "), deposit("ＢＲ-1"), offset("M-1"), offset("M-1 "), offset("m-1"), offset("Ｍ-1")];
        let query = "mutation($acts: [ActInput!]!) { performAll(acts: $acts) { __typename ... on ActRefused { code } } }";
        let told = gateway.told(Some(&key), query, &json!({"acts": acts})).await;
        let codes: Vec<_> = told["performAll"].as_array().unwrap().iter().map(|one| one["code"].as_str()).collect();
        let (booked, used) = (Some("BANK_REFERENCE_BOOKED"), Some("OFFSET_SOURCE_USED"));
        assert_eq!(codes, [None, booked, booked, None, used, used, used]);
        assert_eq!(t.lying(l.firms[0].money).await, (5, 0));
        gateway.close().await;
    }

    async fn land_and_districts_on_which_accounts_stand_are_not_rescinded(t) {
        let l = t.ledger().await;
        t.done(l.issue(10, None)).await;
        let registered = t.registry.perform(act(l.admin, parcel(l.district, "P", [0.0, 0.0, 10.0, 10.0]))).await.unwrap();
        let land = yulin_domain::journal::ParcelId::made_by(registered.act_id, 0, 0);
        let open = account("Q", l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
        let bound = t.account(OpenAccount { parcel: Some(land), ..open }).await;
        t.done(transfer(l.pool, bound, 10)).await;
        let mut rescind = act(l.admin, RescindAct { seq: registered.seq, act: registered.act_id });
        rescind.envelope.reason = Some("a mistake".to_owned());
        assert_eq!(t.refused(rescind).await.0, ErrorCode::HasDependents);
        let other = yulin_domain::district::RegisterDistrict {
            code: "OTHER".to_owned(), name: "other".to_owned(), parent: None, profile: yulin_domain::codes::CodeProfile::Open,
            grid: yulin_tests::acts::grid(), time_zone: "Asia/Shanghai".to_owned(), calendar: "CN".to_owned(),
            boundary: None, generated: false,
        };
        let other = t.registry.perform(act(l.admin, other)).await.unwrap();
        let district = yulin_domain::journal::DistrictId::made_by(other.act_id, 0, 0);
        t.account(account("D", l.cod, AccountPurpose::Holding, district, Some(l.firms[0].party))).await;
        let mut rescind = act(l.admin, RescindAct { seq: other.seq, act: other.act_id });
        rescind.envelope.reason = Some("a mistake".to_owned());
        assert_eq!(t.refused(rescind).await.0, ErrorCode::HasDependents);
        t.assert_sound().await;
    }

    async fn merged_land_has_carried_over_what_its_parts_had(t) {
        let mut rights = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        rights.controls = dated(Controls { carry_over_permille: Some(500), ..Controls::default() });
        let l = t.ledger_of(rights).await;
        t.done(l.issue(2_000, None)).await;
        let mut parents = Vec::new();
        for (nth, west) in [(0, 0.0), (1, 10.0)] {
            let land = t.parcel(l.district, &format!("P{nth}"), [west, 0.0, west + 10.0, 10.0]).await;
            let open = account(&format!("Q{nth}"), l.cod, AccountPurpose::Holding, l.district, Some(l.firms[0].party));
            let bound = t.account(OpenAccount { parcel: Some(land), ..open }).await;
            t.done(transfer(l.pool, bound, 1_000)).await;
            let amount = 400;
            t.done(carry_over(bound, amount, of_this_year(&t, bound, amount).await)).await;
            parents.push(t.seen(land).await);
        }
        let patch = ParcelPatch { code: Some("M".to_owned()), ..ParcelPatch::default() };
        t.done(MergeParcels { parcels: parents, facts: patch, footprint: rectangle([0.0, 0.0, 20.0, 10.0]), dispositions: vec![] }).await;
        let now = t.now().await;
        let filter = yulin_persistence::AccountFilter { code: Some("Q0/M".to_owned()), ..Default::default() };
        let heir = t.registry.account_ids(&now, &filter, None, 10).await.unwrap()[0];
        assert_eq!(t.lying(heir).await, (2_000, 0));
        let refused = t.refused(act(l.admin, carry_over(heir, 201, of_this_year(&t, heir, 201).await))).await;
        assert_eq!(refused.0, ErrorCode::CarryoverLimit);
        t.done(carry_over(heir, 200, of_this_year(&t, heir, 200).await)).await;
        t.assert_sound().await;
    }

    async fn units_that_are_not_told_apart_have_no_last_day(t) {
        let l = t.ledger().await;
        let fund = factor("FUND", FactorKind::Fund, UnitTracking::Amount);
        let fund = yulin_domain::journal::FactorId::made_by(t.done(fund).await, 0, 0);
        let open = |code: &str, purpose| account(code, fund, purpose, l.district, None);
        let from = t.account(open("F-I", AccountPurpose::Issuance)).await;
        let to = t.account(open("F-P", AccountPurpose::Pool)).await;
        let retirement = Some(t.account(open("F-R", AccountPurpose::Retirement)).await);
        let mut cap = act(l.admin, SetCap { factor: fund, period: 2026, most: Units::of(100) });
        cap.envelope.legal_basis = Some("a law".to_owned());
        t.registry.perform(cap).await.unwrap();
        let issue = IssueUnits { from, to, retirement, period: 2026, ..l.issue(10, Some("2029-12-31")) };
        assert_eq!(t.refused(act(l.admin, issue)).await.1, "class.expiresOn");
    }
}

fn carry_over(account: AccountId, amount: i64, selection: Selection) -> CarryOverLots {
    CarryOverLots { account, amount: Units::of(amount), selection, vintage: 2027, expires_on: None }
}

/// Units of an account that were not yet carried over.
async fn of_this_year(t: &TestRegistry, account: AccountId, amount: i64) -> Selection {
    let lots = t.registry.lots_of(&t.now().await, &[account]).await.unwrap();
    let fits = |lot: &&yulin_domain::factor::Lot| lot.vintage < 2027 && lot.units.units().count() >= amount;
    let from = lots.iter().find(fits).unwrap().units.from;
    Selection::Numbers { units: vec![UnitRange { from, to: from + amount }] }
}
