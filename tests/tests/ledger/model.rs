//! The ledger decided act after act against a second, simple ledger that predicts each answer (L1-L6, L9, L12-L15, L20).
//!
//! Decided in memory by the same functions as in the writer, so that many acts are tried: thousands in the short form,
//! `YULIN_LONG=1` a million. The seed is printed, and taken again from `YULIN_SEED`.

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::Uuid;
use yulin_domain::codes::*;
use yulin_domain::district::RegisterDistrict;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::*;
use yulin_domain::journal::*;
use yulin_domain::party::RegisterParty;
use yulin_domain::quantity::{Instant, Units};
use yulin_tests::acts::grid;
use yulin_tests::ledger::{account, factor};
use yulin_tests::ledger_model::{Asked, Model, POOL, RETIRED};

const CAP: i64 = 600;
const HOLDERS: usize = 4;
const ACTS_A_WORLD: usize = 400;
/// 2026-06-01T00:00:00Z.
const BEGINS: i64 = 1_780_272_000_000_000;
const HOUR: i64 = 3_600_000_000;

/// A ledger in memory.
struct World {
    set: WorkingSet,
    seq: i64,
    now: Instant,
    issuance: AccountId,
    accounts: Vec<AccountId>,
    holds: Vec<HoldId>,
}

impl World {
    fn new() -> Self {
        let (set, now) = (WorkingSet::default(), Instant::from_micros(BEGINS));
        let mut world =
            Self { set, seq: 0, now, issuance: AccountId(Uuid::nil()), accounts: Vec::new(), holds: Vec::new() };
        let district = RegisterDistrict {
            code: "Z".to_owned(),
            name: "Z".to_owned(),
            parent: None,
            profile: CodeProfile::Open,
            grid: grid(),
            time_zone: "Asia/Shanghai".to_owned(),
            calendar: "CN".to_owned(),
            boundary: None,
            generated: false,
        };
        let district = DistrictId::made_by(world.must(district), 0, 0);
        let cod = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        let cod = FactorId::made_by(world.must(cod), 0, 0);
        let open = |world: &mut Self, code: &str, purpose, holder| {
            AccountId::made_by(world.must(account(code, cod, purpose, district, holder)), 0, 0)
        };
        world.issuance = open(&mut world, "I", AccountPurpose::Issuance, None);
        let own = [("P", AccountPurpose::Pool), ("R", AccountPurpose::Retirement)];
        world.accounts = own.map(|(code, purpose)| open(&mut world, code, purpose, None)).to_vec();
        for nth in 0..HOLDERS {
            let party = RegisterParty {
                kind: PartyKind::Enterprise,
                name: Some(format!("{nth}")),
                credit_code: None,
                personal: None,
                external: None,
            };
            let party = PartyId::made_by(world.must(party), 0, 0);
            let id = open(&mut world, &format!("H{nth}"), AccountPurpose::Holding, Some(party));
            world.accounts.push(id);
        }
        world.must(SetCap { factor: cod, period: 2026, most: Units::of(CAP) });
        world
    }

    fn must(&mut self, body: impl Into<ActBody>) -> ActId {
        let (id, decided) = self.perform(body.into());
        decided.expect("the act is recorded");
        id
    }

    fn perform(&mut self, body: ActBody) -> (ActId, Result<Decided, Refused>) {
        let id =
            ActId(Uuid::from_u128((u128::from(self.seq.unsigned_abs()) << 64) | u128::from(rand::random::<u64>())));
        let mut envelope = Envelope::by_the_registry(id);
        (envelope.reason, envelope.legal_basis) = (Some("model".to_owned()), Some("model".to_owned()));
        self.now = Instant::from_micros(self.now.micros() + 1);
        let act = Act { envelope, legs: vec![body] };
        let footprints = PreparedFootprints::default();
        let decided = decide_entry(&mut self.set, &act, &footprints, self.now, self.seq + 1);
        if decided.is_ok() {
            self.set.keep();
            self.seq += 1;
        }
        (id, decided)
    }

    fn body(&self, asked: Asked) -> ActBody {
        let units = Units::of;
        let selection = Selection::default();
        let hold = |place: usize| self.holds.get(place).copied().unwrap_or(HoldId(Uuid::nil()));
        let settle = |place, to: usize, amount, remainder| SettleHolds {
            legs: vec![SettleLeg { hold: hold(place), to: self.accounts[to], amount: units(amount), remainder }],
            reference: None,
        };
        match asked {
            Asked::Issue { amount } => IssueUnits {
                from: self.issuance,
                to: self.accounts[POOL],
                amount: units(amount),
                period: 2026,
                origin: LotOrigin::Reserve,
                vintage: 2026,
                class: LotClass::default(),
                retirement: None,
                permit: None,
                reference: None,
            }
            .into(),
            Asked::Transfer { from, to, amount } => {
                yulin_tests::ledger::transfer(self.accounts[from], self.accounts[to], amount).into()
            }
            Asked::Retire { from, amount } => RetireUnits {
                from: self.accounts[from],
                to: self.accounts[RETIRED],
                amount: units(amount),
                kind: MoveKind::Retire,
                selection,
                reference: None,
            }
            .into(),
            Asked::Hold { account, amount } => PlaceHold {
                account: self.accounts[account],
                amount: units(amount),
                kind: HoldKind::Order,
                selection,
                expires_at: Some(Instant::from_micros(self.now.micros() + HOUR)),
                to: None,
                pledgee: None,
                reference: None,
            }
            .into(),
            Asked::Settle { hold, to, amount } => settle(hold, to, amount, Remainder::Keep).into(),
            Asked::SettleAll { hold, to, amount } => settle(hold, to, amount, Remainder::Release).into(),
            Asked::Release { hold: place, amount } => {
                ReleaseHold { hold: hold(place), amount: Some(units(amount)) }.into()
            }
            Asked::Expire { hold: place } => ExpireHold { hold: hold(place) }.into(),
            Asked::Freeze { account, amount } => FreezeUnits {
                account: self.accounts[account],
                amount: Some(units(amount)),
                kind: HoldKind::Court,
                authority: "court".to_owned(),
                document: None,
                suspends: vec![],
            }
            .into(),
        }
    }

    /// Does what is asked; what lies on the accounts that were touched.
    fn answer(&mut self, asked: Asked) -> Result<BTreeMap<usize, (i64, i64)>, ErrorCode> {
        let hidden = self.now;
        // Its deadline has passed for whom it expires, and for nobody else.
        if let Asked::Expire { .. } = asked {
            self.now = Instant::from_micros(self.now.micros() + 2 * HOUR);
        }
        let (id, decided) = self.perform(self.body(asked));
        if let Asked::Expire { .. } = asked {
            self.now = hidden;
        }
        let decided = decided.map_err(|refused| refused.code)?;
        if let Asked::Hold { .. } | Asked::Freeze { .. } = asked {
            self.holds.push(HoldId::made_by(id, 0, 0));
        }
        let mut told = BTreeMap::new();
        for version in decided.changes.iter().flat_map(|change| &change.versions) {
            if let Record::Posting(posting) = &*version.state
                && let Some(place) = self.accounts.iter().position(|account| *account == posting.account)
            {
                told.insert(place, (posting.after.posted.count(), posting.after.held.count()));
            }
        }
        Ok(told)
    }

    /// Who owns each unit, and whether it is set aside, as the lots say; each unit must be in one lot.
    fn custody(&self, issued: usize) -> Vec<(usize, bool)> {
        let mut owners = vec![None; issued];
        for (place, account) in self.accounts.iter().enumerate() {
            for id in self.set.lots_of(*account) {
                let Some(lot) = self.set.lot(id, self.now).filter(|lot| lot.account == *account) else { continue };
                for number in lot.units.from..lot.units.to {
                    let slot = &mut owners[usize::try_from(number).unwrap()];
                    assert_eq!(*slot, None, "unit {number} is in two lots");
                    *slot = Some((place, lot.held_by.is_some()));
                }
            }
        }
        owners.into_iter().map(|owner| owner.expect("every unit is in a lot")).collect()
    }
}

fn some_ask(rng: &mut StdRng, model: &Model) -> Asked {
    let account = |rng: &mut StdRng| rng.random_range(0..HOLDERS + 2);
    let amount =
        |rng: &mut StdRng| if rng.random_bool(0.03) { rng.random_range(-1..1) } else { rng.random_range(1..60) };
    let hold = |rng: &mut StdRng| rng.random_range(0..model.holds() + 1);
    match rng.random_range(0..20) {
        0 | 1 => Asked::Issue { amount: amount(rng) },
        2..=7 => Asked::Transfer { from: account(rng), to: account(rng), amount: amount(rng) },
        8 => Asked::Retire { from: account(rng), amount: amount(rng) / 4 },
        9..=12 => Asked::Hold { account: account(rng), amount: amount(rng) / 2 },
        13..=15 => {
            let hold = hold(rng);
            let exact = rng.random_bool(0.3).then(|| model.open(hold));
            Asked::Settle { hold, to: account(rng), amount: exact.unwrap_or_else(|| amount(rng) / 3) }
        }
        16 => Asked::SettleAll { hold: hold(rng), to: account(rng), amount: amount(rng) / 3 },
        17 => Asked::Release { hold: hold(rng), amount: amount(rng) / 3 },
        18 => Asked::Expire { hold: hold(rng) },
        _ => Asked::Freeze { account: account(rng), amount: amount(rng) / 8 },
    }
}

#[test]
fn every_answer_is_the_one_that_the_model_predicts() {
    let seed = std::env::var("YULIN_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(rand::random);
    let worlds = if std::env::var_os("YULIN_LONG").is_some() { 2_500 } else { 60 };
    println!("ledger model: seed {seed}, {} acts", worlds * ACTS_A_WORLD);
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut done, mut refused) = (0_u64, BTreeMap::<String, u64>::new());
    for _ in 0..worlds {
        let (mut world, mut model) = (World::new(), Model::capped(CAP));
        for nth in 0..ACTS_A_WORLD {
            let asked = some_ask(&mut rng, &model);
            let (answered, predicted) = (world.answer(asked), model.answer(asked));
            // The issuance account is not the model's.
            assert_eq!(answered, predicted, "seed {seed}, act {nth}: {asked:?}");
            match answered {
                Ok(_) => done += 1,
                Err(code) => *refused.entry(code.to_string()).or_default() += 1,
            }
        }
        let custody = model.custody();
        assert_eq!(world.custody(custody.len()), custody, "seed {seed}: custody");
        for (place, account) in world.accounts.iter().enumerate() {
            let balance = world.set.balance(*account);
            assert_eq!((balance.posted.count(), balance.held.count()), model.lying(place), "seed {seed}: {place}");
        }
    }
    println!("ledger model: {done} done, refused {refused:?}");
    assert!(done > 0 && refused.len() >= 6, "too little was tried: {refused:?}");
}
