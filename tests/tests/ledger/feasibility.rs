//! What could be traded and what was: every reason at once, what may be sold, closed periods, the statement of a day.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yulin_domain::codes::{AccountPurpose, AccountStatus, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{ClosePeriod, OpenAccount, RULES, SetAccountStatus, TransferUnits};
use yulin_domain::journal::{AccountId, FactorId, RecordKey, Seen};
use yulin_domain::land::RetireParcel;
use yulin_tests::acts::act;
use yulin_tests::ledger::{Ledger, account, hold_of, settle, transfer};
use yulin_tests::{Gateway, TestRegistry, each_backend};

const FEASIBLE: &str = "query($legs: [TradeLegInput!]!) { feasibility(legs: $legs) { feasible asOf
    reasons { code field leg facts } } }";

fn global(account: AccountId) -> String {
    RecordKey::from(account).to_string()
}

fn leg(from: AccountId, to: AccountId, amount: i64) -> Value {
    json!({ "from": global(from), "to": global(to), "amount": amount.to_string() })
}

async fn seen_factor(t: &TestRegistry, factor: FactorId) -> Seen<FactorId> {
    let found = t.registry.factors_by_ids(&t.now().await, &[factor]).await.unwrap();
    Seen { id: factor, seq: found[0].version }
}

async fn frozen(t: &TestRegistry, account: AccountId) {
    let seq = t.registry.accounts_by_ids(&t.now().await, &[account]).await.unwrap()[0].version;
    t.done(SetAccountStatus { account: Seen { id: account, seq }, status: AccountStatus::FrozenBoth }).await;
}

/// The venue's answer: each reason as its part and code.
async fn told(gateway: &Gateway, key: &str, legs: &[Value]) -> (bool, BTreeSet<(u64, String)>) {
    let told = gateway.told(Some(key), FEASIBLE, &json!({ "legs": legs })).await;
    let found = &told["feasibility"];
    let reasons = found["reasons"].as_array().unwrap().iter();
    let reasons = reasons.map(|one| (one["leg"].as_u64().unwrap(), one["code"].as_str().unwrap().to_owned()));
    (found["feasible"].as_bool().unwrap(), reasons.collect())
}

fn reasons(expected: &[(u64, &str)]) -> BTreeSet<(u64, String)> {
    expected.iter().map(|(leg, code)| (*leg, (*code).to_owned())).collect()
}

async fn ready(t: &TestRegistry) -> (Ledger, Gateway, String) {
    let l = t.ledger().await;
    l.fill(t, 1_000, 500).await;
    let gateway = Gateway::open(&t.registry).await;
    let key = t.registry.issue_key(l.venue, Role::Venue, None).await.unwrap();
    (l, gateway, key)
}

each_backend! {
    async fn a_trade_is_feasible_or_every_reason_against_it_is_told_at_once(t) {
        let (l, gateway, key) = ready(&t).await;
        let [seller, buyer] = l.firms;
        let trade = [leg(seller.rights, buyer.rights, 400), leg(buyer.money, seller.money, 300)];
        assert_eq!(told(&gateway, &key, &trade).await, (true, BTreeSet::new()));
        // What is said to be feasible is done.
        let units = t.registry.perform(l.by_venue(l.order(seller.rights, 400))).await.unwrap();
        let money = t.registry.perform(l.by_venue(l.order(buyer.money, 300))).await.unwrap();
        let legs = [(hold_of(units.act_id), buyer.rights, 400), (hold_of(money.act_id), seller.money, 300)];
        t.registry.perform(l.by_venue(settle(&legs))).await.unwrap();
        // Everything that stands in the way, in both parts.
        frozen(&t, seller.rights).await;
        let trade = [leg(seller.rights, buyer.rights, 601), leg(buyer.money, seller.money, 201)];
        let expected = reasons(&[(0, "ACCOUNT_STATUS"), (0, "INSUFFICIENT"), (1, "INSUFFICIENT")]);
        assert_eq!(told(&gateway, &key, &trade).await, (false, expected));
        // What one part takes is gone for the next.
        let twice = [leg(buyer.money, seller.money, 150), leg(buyer.money, seller.money, 150)];
        assert_eq!(told(&gateway, &key, &twice).await, (false, reasons(&[(1, "INSUFFICIENT")])));
        let odd = [leg(buyer.money, seller.rights, 0), leg(buyer.money, seller.rights, 1), leg(buyer.money, buyer.money, 1)];
        let expected = reasons(&[(0, "UNITS_INVALID"), (1, "FACTOR_MISMATCH"), (2, "SAME_ACCOUNT")]);
        assert_eq!(told(&gateway, &key, &odd).await, (false, expected));
        gateway.close().await;
    }

    async fn of_accounts_on_which_nobody_may_deal_no_more_is_told_than_that(t) {
        let (l, gateway, _) = ready(&t).await;
        let stranger = t.key(Role::Venue).await.unwrap();
        let trade = [leg(l.firms[0].rights, l.firms[1].rights, 1_000_000)];
        assert_eq!(told(&gateway, &stranger, &trade).await, (false, reasons(&[(0, "VENUE_NOT_AUTHORISED")])));
        let public = gateway.asked(None, FEASIBLE, &json!({ "legs": trade })).await;
        assert_eq!(public["errors"][0]["extensions"]["code"], "FORBIDDEN");
        let many = vec![trade[0].clone(); 101];
        let refused = gateway.asked(Some(&stranger), FEASIBLE, &json!({ "legs": many })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "LIST_TOO_LONG");
        gateway.close().await;
    }

    async fn what_may_be_sold_is_what_is_available_unless_something_stands_in_the_way(t) {
        let (l, gateway, key) = ready(&t).await;
        t.registry.perform(l.by_venue(l.order(l.firms[0].rights, 400))).await.unwrap();
        let asked = "query($id: ID!) { account(id: $id) { sale { quantity { units } atOnce { units } reasons { code } } }
            movementRules { movement roles tradable } }";
        let id = json!({ "id": global(l.firms[0].rights) });
        let answer = gateway.told(Some(&key), asked, &id).await;
        assert_eq!(answer["account"]["sale"], json!({ "quantity": { "units": "600" }, "atOnce": { "units": "600" }, "reasons": [] }));
        assert_eq!(answer["movementRules"].as_array().unwrap().len(), RULES.len());
        frozen(&t, l.firms[0].rights).await;
        let answer = gateway.told(Some(&key), asked, &id).await;
        let expected = json!({ "quantity": { "units": "0" }, "atOnce": { "units": "0" }, "reasons": [{ "code": "ACCOUNT_STATUS" }] });
        assert_eq!(answer["account"]["sale"], expected);
        gateway.close().await;
    }

    async fn nothing_is_booked_into_a_closed_period(t) {
        let l = t.ledger().await;
        l.fill(&t, 1_000, 500).await;
        let until: jiff::civil::Date = "2026-06-30".parse().unwrap();
        let close = ClosePeriod { factor: seen_factor(&t, l.cod).await, district: l.district, until };
        t.done(close.clone()).await;
        let dated = |day: &str| TransferUnits { value_date: Some(day.parse().unwrap()), ..transfer(l.pool, l.firms[0].rights, 1) };
        let mut filled = l.issue(10, None);
        filled.reference = Some("more".to_owned());
        t.done(filled).await;
        assert_eq!(t.refused(act(l.admin, dated("2026-06-30"))).await, (ErrorCode::PeriodClosed, "valueDate".to_owned()));
        t.done(dated("2026-07-01")).await;
        // It is closed for good, and never ahead of the day.
        let factor = seen_factor(&t, l.cod).await;
        let earlier = ClosePeriod { factor, until: "2026-05-31".parse().unwrap(), ..close.clone() };
        assert_eq!(t.refused(act(l.admin, earlier)).await.0, ErrorCode::PeriodClosed);
        let ahead = ClosePeriod { factor, until: "2999-01-01".parse().unwrap(), ..close };
        assert_eq!(t.refused(act(l.admin, ahead)).await.0, ErrorCode::DateInvalid);
        t.assert_sound().await;
    }

    async fn land_with_quotas_bound_to_it_does_not_leave_the_register(t) {
        let l = t.ledger().await;
        t.done(l.issue(100, None)).await;
        let parcel = t.parcel(l.district, "P", [0.0, 0.0, 10.0, 10.0]).await;
        let holder = Some(l.firms[0].party);
        let open = account("BOUND", l.cod, AccountPurpose::Holding, l.district, holder);
        let bound = t.account(OpenAccount { parcel: Some(parcel), ..open }).await;
        t.done(transfer(l.pool, bound, 7)).await;
        let retire = RetireParcel { parcel: t.seen(parcel).await, dispositions: vec![] };
        assert_eq!(t.refused(act(l.admin, retire.clone())).await, (ErrorCode::AccountNotEmpty, "parcel".to_owned()));
        t.done(transfer(bound, l.pool, 7)).await;
        t.done(retire).await;
    }

    async fn the_statement_of_a_day_tells_every_account_from_opening_to_closing(t) {
        let (l, gateway, key) = ready(&t).await;
        for amount in 1..=3 {
            t.done(transfer(l.firms[0].rights, l.firms[1].rights, amount)).await;
        }
        let officer = t.key(yulin_domain::codes::Role::Auditor).await.unwrap();
        let today = jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
        let (status, csv) = statement(&gateway, &key, &today.to_string()).await;
        assert_eq!(status, 200, "{csv}");
        let mut lines = csv.trim_start_matches('\u{feff}').lines();
        let head: Vec<_> = lines.next().unwrap().split(',').collect();
        let at = |name: &str| head.iter().position(|column| *column == name).unwrap();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        let accounts: BTreeSet<_> = rows.iter().map(|row| row[at("account_code")]).collect();
        assert_eq!(accounts, BTreeSet::from(["CNY-乙", "CNY-甲", "COD-POOL", "COD-乙", "COD-甲"]));
        for code in accounts {
            let of: Vec<_> = rows.iter().filter(|row| row[at("account_code")] == code).collect();
            assert_eq!((of[0][0], of[of.len() - 1][0]), ("OPENING", "SO_FAR"));
            assert_eq!(of[0][at("posted_after")], "0");
            let mut lying = 0_i64;
            for entry in &of[1..of.len() - 1] {
                let amount: i64 = entry[at("amount")].parse().unwrap();
                lying += if entry[at("kind")] == "CREDIT" { amount } else { -amount };
                assert_eq!(entry[at("posted_after")], lying.to_string());
            }
            assert_eq!(of[of.len() - 1][at("posted_after")], lying.to_string());
        }
        // Narrowed to a factor, and to what moved.
        let narrowed = async |members: &str| statement(&gateway, &key, &format!("{today}{members}")).await;
        let counted = |csv: &str, code: &str| csv.lines().filter(|line| line.contains(code)).count();
        let (_, of_money) = narrowed("&factor=CNY").await;
        assert_eq!((counted(&of_money, "CNY-"), counted(&of_money, "COD-")), (counted(&csv, "CNY-"), 0));
        let quiet = today.yesterday().unwrap();
        let (_, before) = statement(&gateway, &officer, &format!("{quiet}&moved=true")).await;
        assert_eq!(before.lines().count(), 1);
        let moved: BTreeSet<_> = rows.iter().filter(|row| row[0] == "ENTRY").map(|row| row[at("account_code")]).collect();
        assert!(moved.len() < 5, "nothing happened on some: {moved:?}");
        let of_moved: Vec<_> = csv.lines().filter(|line| line.split(',').nth(1).is_none_or(|code| moved.contains(code))).collect();
        assert_eq!(narrowed("&moved=true").await.1.lines().skip(1).collect::<Vec<_>>(), of_moved);
        assert_eq!((narrowed("&factor=XX").await.0, narrowed("&moved=perhaps").await.0), (422, 400));
        let tomorrow = today.tomorrow().unwrap().tomorrow().unwrap().to_string();
        assert_eq!(statement(&gateway, &key, &tomorrow).await.0, 409);
        assert_eq!(statement(&gateway, &key, "2026-02-30").await.0, 400);
        // Nobody had opened an account to the venue then; an officer sees that nothing lay there.
        let (status, before) = statement(&gateway, &key, "2026-01-01").await;
        assert_eq!((status, before.lines().count()), (200, 1));
        let (status, before) = statement(&gateway, &officer, "2026-01-01").await;
        assert_eq!((status, before.lines().count()), (200, 17));
        gateway.close().await;
    }
}

async fn statement(gateway: &Gateway, key: &str, date: &str) -> (u16, String) {
    let address = format!("http://{}/export/statement.csv?date={date}", gateway.address);
    let answer = gateway.client().get(address).bearer_auth(key).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}
