//! Four eyes and delay (L16): whoever proposed is never the one who approves, and what was approved begins when the
//! delay of the factor has passed on the working calendar, and not before.
//!
//! Decided in memory by the functions of the writer, for random pairs, instants and delays. What the calendar itself
//! keeps is tested beside it, in the domain.

use proptest::prelude::*;
use uuid::Uuid;
use yulin_domain::calendar::{CHINA, Delay, shipped};
use yulin_domain::codes::*;
use yulin_domain::district::RegisterDistrict;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::*;
use yulin_domain::journal::*;
use yulin_domain::party::{RegisterParty, RegisterPrincipal};
use yulin_domain::quantity::{Instant, Units};
use yulin_tests::acts::{envelope, grid};
use yulin_tests::ledger::{account, dated, factor, hold_of, transfer};

const PRINCIPALS: usize = 4;
/// Above so many units a transfer needs two.
const LIMIT: i64 = 50;
/// 2026-01-05 to 2026-07-01, in seconds.
const STARTS: std::ops::Range<i64> = 1_767_571_200..1_782_864_000;
const SHANGHAI: &str = "Asia/Shanghai";

/// A ledger in memory, and several who may do everything.
struct Desk {
    set: WorkingSet,
    seq: i64,
    now: Instant,
    principals: Vec<PrincipalId>,
    /// A firm's rights, another's, money, the bank.
    rights: [AccountId; 2],
    money: AccountId,
    bank: AccountId,
}

impl Desk {
    fn open(now: Instant, delay_days: u16) -> Self {
        let nobody = AccountId(Uuid::nil());
        let (set, rights) = (WorkingSet::default(), [nobody; 2]);
        let mut desk = Self { set, seq: 0, now, principals: Vec::new(), rights, money: nobody, bank: nobody };
        desk.must(PrincipalId::SYSTEM, shipped(CHINA).unwrap());
        let register = RegisterDistrict {
            code: "Z".to_owned(),
            name: "Z".to_owned(),
            parent: None,
            profile: CodeProfile::Open,
            grid: grid(),
            time_zone: SHANGHAI.to_owned(),
            calendar: CHINA.to_owned(),
            boundary: None,
            generated: false,
        };
        let district = DistrictId::made_by(desk.must(PrincipalId::SYSTEM, register), 0, 0);
        for nth in 0..PRINCIPALS {
            let register = RegisterPrincipal { name: nth.to_string(), party: None, roles: [Role::Admin].into() };
            let principal = PrincipalId::made_by(desk.must(PrincipalId::SYSTEM, register), 0, 0);
            desk.principals.push(principal);
        }
        desk.fill(district, delay_days);
        desk
    }

    /// The first firm has a hundred units, and a thousand fen.
    fn fill(&mut self, district: DistrictId, delay_days: u16) {
        let mut cod = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        cod.controls = dated(Controls { four_eyes_above: Some(LIMIT), delay_days, ..Controls::default() });
        let cod = FactorId::made_by(self.must(PrincipalId::SYSTEM, cod), 0, 0);
        let cny = factor("CNY", FactorKind::Money, UnitTracking::Amount);
        let cny = FactorId::made_by(self.must(PrincipalId::SYSTEM, cny), 0, 0);
        let mut open = |code: &str, factor, purpose, holder| {
            AccountId::made_by(self.must(PrincipalId::SYSTEM, account(code, factor, purpose, district, holder)), 0, 0)
        };
        let from = open("I", cod, AccountPurpose::Issuance, None);
        let pool = open("P", cod, AccountPurpose::Pool, None);
        self.bank = open("B", cny, AccountPurpose::Issuance, None);
        for nth in 0..2 {
            let kind = PartyKind::Enterprise;
            let (name, credit_code, personal, external) = (Some(nth.to_string()), None, None, None);
            let party = RegisterParty { kind, name, credit_code, personal, external };
            let party = PartyId::made_by(self.must(PrincipalId::SYSTEM, party), 0, 0);
            let holding = account(&format!("H{nth}"), cod, AccountPurpose::Holding, district, Some(party));
            self.rights[nth] = AccountId::made_by(self.must(PrincipalId::SYSTEM, holding), 0, 0);
            let money = account(&format!("M{nth}"), cny, AccountPurpose::Holding, district, Some(party));
            self.money = AccountId::made_by(self.must(PrincipalId::SYSTEM, money), 0, 0);
        }
        self.must(PrincipalId::SYSTEM, SetCap { factor: cod, period: 2026, most: Units::of(1_000) });
        let issue = IssueUnits {
            from,
            to: pool,
            amount: Units::of(100),
            period: 2026,
            origin: LotOrigin::Reserve,
            vintage: 2026,
            class: LotClass::default(),
            retirement: None,
            permit: None,
            reference: None,
        };
        self.must(PrincipalId::SYSTEM, issue);
        for _ in 0..2 {
            self.must(PrincipalId::SYSTEM, transfer(pool, self.rights[0], LIMIT));
        }
        let (bank, account, bank_reference) = (self.bank, self.money, "in".to_owned());
        let amount = Units::of(1_000);
        self.must(PrincipalId::SYSTEM, RecordDeposit { bank, account, amount, bank_reference, value_date: None });
    }

    fn must(&mut self, principal: PrincipalId, body: impl Into<ActBody>) -> ActId {
        self.perform(principal, body).expect("the act is recorded").0
    }

    fn perform(
        &mut self,
        principal: PrincipalId,
        body: impl Into<ActBody>,
    ) -> Result<(ActId, Option<PrincipalId>), ErrorCode> {
        let mut envelope = envelope(principal);
        if principal == PrincipalId::SYSTEM {
            envelope.role = Role::System;
        }
        self.decide(&Act { envelope, legs: vec![body.into()] })
    }

    /// The id, and who approved.
    fn decide(&mut self, act: &Act) -> Result<(ActId, Option<PrincipalId>), ErrorCode> {
        let decided = decide_entry(&mut self.set, act, &PreparedFootprints::default(), self.now, self.seq + 1);
        let decided = decided.map_err(|refused| refused.code)?;
        self.set.keep();
        self.seq += 1;
        self.now = Instant::from_micros(self.now.micros() + 1);
        Ok((act.envelope.id, decided.approved_by))
    }

    fn schedule(&self, id: ScheduleId) -> Schedule {
        match self.set.state(id, self.now) {
            Some(Record::Schedule(schedule)) => (**schedule).clone(),
            other => panic!("no schedule: {other:?}"),
        }
    }

    fn units(&self, account: AccountId) -> i64 {
        self.set.balance(account).posted.count()
    }
}

fn instants() -> impl Strategy<Value = Instant> {
    STARTS.prop_map(|seconds| Instant::from_micros(seconds * 1_000_000))
}

fn pairs() -> impl Strategy<Value = (usize, usize)> {
    (0..PRINCIPALS, 0..PRINCIPALS)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_transfer_is_approved_by_another_and_begins_after_its_delay(
        (one, two) in pairs(), start in instants(), days in 0..12_u16, amount in 1..=100_i64
    ) {
        let mut desk = Desk::open(start, days);
        let (one, two) = (desk.principals[one], desk.principals[two]);
        let asked = transfer(desk.rights[0], desk.rights[1], amount);
        if amount > LIMIT {
            prop_assert_eq!(desk.perform(one, asked.clone()), Err(ErrorCode::FourEyes));
        }
        let proposed = desk.must(one, ProposeAct { legs: vec![asked.into()] });
        let id = ScheduleId::made_by(proposed, 0, 0);
        let (approve, approved_at) = (ApproveAct { schedule: Seen { id, seq: desk.seq } }, desk.now);
        let answer = desk.perform(two, approve.clone());
        if one == two {
            prop_assert_eq!(answer, Err(ErrorCode::FourEyes));
            prop_assert_eq!(desk.schedule(id).outcome, ScheduleOutcome::Proposed);
            let later = ScheduleAct { begins_at: Instant::from_micros(desk.now.micros() + 1), legs: vec![approve.into()] };
            prop_assert_eq!(desk.perform(one, later), Err(ErrorCode::NotSchedulable), "nor by way of the registry");
            return Ok(());
        }
        prop_assert_eq!(answer.unwrap().1, Some(two));
        let schedule = desk.schedule(id);
        prop_assert_eq!((schedule.author, schedule.approved_by), (one, Some(two)));
        let delay = Delay { days, hours: 0 };
        let end = shipped(CHINA).unwrap().calendar().after(approved_at, delay, SHANGHAI).unwrap();
        prop_assert_eq!(schedule.begins_at, if days == 0 { approved_at } else { end });
        let begin = Record::from(schedule.clone()).due().unwrap().act;
        if schedule.begins_at > desk.now {
            desk.now = Instant::from_micros(schedule.begins_at.micros() - 1);
            prop_assert_eq!(desk.decide(&begin), Err(ErrorCode::EffectiveInFuture), "a moment too soon");
            desk.now = schedule.begins_at;
        }
        prop_assert!(desk.decide(&begin).is_ok());
        prop_assert_eq!((desk.units(desk.rights[0]), desk.units(desk.rights[1])), (100 - amount, amount));
    }

    #[test]
    fn a_payout_is_confirmed_by_another_than_who_requested_it((one, two) in pairs(), start in instants()) {
        let mut desk = Desk::open(start, 0);
        let (one, two) = (desk.principals[one], desk.principals[two]);
        let request = RequestPayout { account: desk.money, amount: Units::of(300), reference: None };
        let hold = hold_of(desk.must(one, request));
        let confirm = ConfirmPayout { hold, bank: desk.bank, bank_reference: "out".to_owned() };
        let answer = desk.perform(two, confirm);
        prop_assert_eq!(answer.as_ref().map(|(_, by)| *by), if one == two { Err(&ErrorCode::FourEyes) } else { Ok(Some(two)) });
        prop_assert_eq!(desk.units(desk.money), if one == two { 1_000 } else { 700 });
    }

    #[test]
    fn a_freeze_is_lifted_by_another_than_who_last_proposed_it(
        proposers in prop::collection::vec(0..PRINCIPALS, 1..4), two in 0..PRINCIPALS, start in instants()
    ) {
        let mut desk = Desk::open(start, 0);
        let freeze = FreezeUnits {
            account: desk.rights[0],
            amount: Some(Units::of(30)),
            kind: HoldKind::Court,
            authority: "court".to_owned(),
            document: None,
            suspends: vec![],
        };
        let (hold, authority) = (hold_of(desk.must(desk.principals[0], freeze)), "court".to_owned());
        for proposer in &proposers {
            let again = desk.perform(desk.principals[*proposer], ProposeUnfreeze { hold, authority: authority.clone() });
            prop_assert!(matches!(again, Ok(_) | Err(ErrorCode::NothingChanges)));
        }
        let answer = desk.perform(desk.principals[two], ApproveUnfreeze { hold });
        let is_same = proposers.last() == Some(&two);
        prop_assert_eq!(answer.err(), is_same.then_some(ErrorCode::FourEyes));
        prop_assert_eq!(desk.set.balance(desk.rights[0]).held.count(), if is_same { 30 } else { 0 });
    }
}
