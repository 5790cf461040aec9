//! A small ledger for tests: emission rights and money, two firms, a venue.

use std::collections::BTreeMap;

use uuid::Uuid;
use yulin_domain::codes::{AccountPurpose, EnergyBasis, FactorKind, HoldKind, LotOrigin, Role, UnitTracking};
use yulin_domain::factor::{
    AmendFactor, ApproveUnfreeze, AuthoriseVenue, Balance, Controls, DisplayUnit, FreezeUnits, IssueUnits, LotClass,
    OpenAccount, PlaceHold, ProposeUnfreeze, RecordDeposit, RegisterFactor, Remainder, Selection, SetCap, SettleHolds,
    SettleLeg, TradeRule, TransferUnits, VenueAccess,
};
use yulin_domain::journal::{
    AccountId, Act, ActBody, ActId, ActKind, DistrictId, EntryBody, FactorId, HoldId, PartyId, PrincipalId, Seen,
    TransferId,
};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::{Instant, Units};
use yulin_persistence::ActFilter;

use crate::TestRegistry;
use crate::acts::{act, envelope};

/// The year whose cap tests issue against.
pub const YEAR: i16 = 2026;

/// Accounts of emission rights (COD, numbered) and of money (CNY, amounts).
#[derive(Debug, Clone)]
pub struct Ledger {
    pub district: DistrictId,
    pub cod: FactorId,
    pub cny: FactorId,
    pub issuance: AccountId,
    pub pool: AccountId,
    pub retired: AccountId,
    pub bank: AccountId,
    /// Two firms, each with an account of rights and one of money.
    pub firms: [Firm; 2],
    /// The test's administrator.
    pub admin: PrincipalId,
    /// A principal with the role VENUE, authorised for everything here.
    pub venue: PrincipalId,
}

/// A firm and its accounts.
#[derive(Debug, Clone, Copy)]
pub struct Firm {
    pub party: PartyId,
    pub rights: AccountId,
    pub money: AccountId,
}

/// The registration of a factor that may be traded.
pub fn factor(code: &str, kind: FactorKind, tracking: UnitTracking) -> RegisterFactor {
    RegisterFactor {
        code: code.to_owned(),
        name_zh: code.to_owned(),
        name_en: code.to_owned(),
        kind,
        basis: (kind == FactorKind::EnergyQuota).then_some(EnergyBasis::Equivalent),
        tracking,
        base_unit: if kind == FactorKind::Money { "fen" } else { "g/a" }.to_owned(),
        display: vec![DisplayUnit { symbol: "t/a".to_owned(), decimals: 6 }],
        mirror_of: matches!(kind, FactorKind::Money | FactorKind::CarbonAllowance).then(|| "outside".to_owned()),
        trade_rules: vec![TradeRule {
            from: "2000-01-01".parse().expect("a date"),
            to: None,
            tradable: true,
            legal_basis: "test".to_owned(),
            source: "test".to_owned(),
        }],
        controls: Controls::default(),
    }
}

impl TestRegistry {
    /// A ledger with nothing on it but accounts.
    pub async fn ledger(&self) -> Ledger {
        let cod = factor("COD", FactorKind::EmissionRight, UnitTracking::Numbered);
        self.ledger_of(cod).await
    }

    /// The same, of a factor that says more.
    pub async fn ledger_of(&self, rights: RegisterFactor) -> Ledger {
        let district = self.district("ZONE").await;
        let cod = FactorId::made_by(self.done(rights).await, 0, 0);
        let cny = FactorId::made_by(self.done(factor("CNY", FactorKind::Money, UnitTracking::Amount)).await, 0, 0);
        let zone = |purpose, factor, code: &str| account(code, factor, purpose, district, None);
        let issuance = self.account(zone(AccountPurpose::Issuance, cod, "COD-ISSUANCE")).await;
        let pool = self.account(zone(AccountPurpose::Pool, cod, "COD-POOL")).await;
        let retired = self.account(zone(AccountPurpose::Retirement, cod, "COD-RETIRED")).await;
        let bank = self.account(zone(AccountPurpose::Issuance, cny, "CNY-BANK")).await;
        let firms = [self.firm("甲", (cod, cny), district).await, self.firm("乙", (cod, cny), district).await];
        let venue = self.venue("venue").await;
        let accounts = firms.iter().flat_map(|firm| [firm.rights, firm.money]).chain([pool]).collect();
        let access = VenueAccess::Granted;
        self.done(AuthoriseVenue { venue, accounts, factors: vec![cod, cny], access }).await;
        self.done(SetCap { factor: cod, period: YEAR, most: Units::of(1_000_000_000) }).await;
        Ledger { district, cod, cny, issuance, pool, retired, bank, firms, admin: self.admin, venue }
    }

    /// Opens an account.
    pub async fn account(&self, open: OpenAccount) -> AccountId {
        AccountId::made_by(self.done(open).await, 0, 0)
    }

    /// The entries by which accounts were opened to a venue, as the journal tells.
    pub async fn opened_to(&self, venue: PrincipalId) -> BTreeMap<AccountId, i64> {
        let filter = ActFilter { kinds: vec![ActKind::AuthoriseVenue], ..ActFilter::default() };
        let mut opened = BTreeMap::new();
        for entry in self.registry.acts(&self.now().await, &filter, None, 1_000).await.expect("the journal is read") {
            let act = EntryBody::decode(&entry.body).and_then(|body| body.read_act()).expect("it is an act");
            for leg in act.legs {
                let ActBody::AuthoriseVenue(leg) = leg else { continue };
                let accounts = leg.accounts.iter().filter(|_| leg.venue == venue);
                opened.extend(accounts.map(|account| (*account, entry.header.seq)));
            }
        }
        opened
    }

    /// A principal with the role VENUE.
    pub async fn venue(&self, name: &str) -> PrincipalId {
        let register = RegisterPrincipal { name: name.to_owned(), party: None, roles: [Role::Venue].into() };
        PrincipalId::made_by(self.done(register).await, 0, 0)
    }

    /// A firm with an account of each factor.
    pub async fn firm(&self, name: &str, factors: (FactorId, FactorId), district: DistrictId) -> Firm {
        self.firm_of(self.party(name).await, name, factors, district).await
    }

    /// A party as a firm: with an account of each factor, of rights and of money.
    pub async fn firm_of(
        &self,
        party: PartyId,
        name: &str,
        (cod, cny): (FactorId, FactorId),
        district: DistrictId,
    ) -> Firm {
        let holding = |factor, code: String| account(&code, factor, AccountPurpose::Holding, district, Some(party));
        let rights = self.account(holding(cod, format!("COD-{name}"))).await;
        let money = self.account(holding(cny, format!("CNY-{name}"))).await;
        Firm { party, rights, money }
    }

    /// Gives a factor other controls, dated as they must be.
    pub async fn control(&self, factor: FactorId, controls: Controls) {
        let found = self.registry.factors_by_ids(&self.now().await, &[factor]).await.expect("factors are read");
        let seen = Seen { id: factor, seq: found.first().expect("it is registered").version };
        self.done(AmendFactor { factor: seen, trade_rules: None, controls: Some(dated(controls)) }).await;
    }

    /// Lifts a freeze that `freeze` made, as two people of its authority.
    pub async fn lifted(&self, hold: HoldId, kind: HoldKind) {
        self.done(ProposeUnfreeze { hold, authority: kind.to_string() }).await;
        let other = self.registry.ensure_principal("another", Role::Admin).await.expect("a principal is made");
        self.registry.perform(act(other, ApproveUnfreeze { hold })).await.expect("the freeze is lifted");
    }

    /// What lies on an account now.
    pub async fn balance(&self, account: AccountId) -> Balance {
        let balances = self.registry.balances(&self.now().await, &[account]).await.expect("balances are read");
        balances.get(&account).copied().unwrap_or_default()
    }

    /// What lies on an account now and what of it is set aside, as numbers.
    pub async fn lying(&self, account: AccountId) -> (i64, i64) {
        let balance = self.balance(account).await;
        (balance.posted.count(), balance.held.count())
    }
}

/// An account to be opened.
pub fn account(
    code: &str,
    factor: FactorId,
    purpose: AccountPurpose,
    district: DistrictId,
    holder: Option<PartyId>,
) -> OpenAccount {
    OpenAccount { code: code.to_owned(), factor, purpose, district, holder, parcel: None, permit: None }
}

impl Ledger {
    /// An issue into the pool.
    pub fn issue(&self, amount: i64, expires_on: Option<&str>) -> IssueUnits {
        let expires_on = expires_on.map(|date| date.parse().expect("a date"));
        IssueUnits {
            from: self.issuance,
            to: self.pool,
            amount: Units::of(amount),
            period: YEAR,
            origin: LotOrigin::Reserve,
            vintage: YEAR,
            class: LotClass { expires_on, control_unit: None },
            retirement: expires_on.map(|_| self.retired),
            permit: None,
            reference: None,
        }
    }

    /// A deposit for a firm.
    pub fn deposit(&self, firm: usize, fen: i64) -> RecordDeposit {
        RecordDeposit {
            bank: self.bank,
            account: self.firms[firm].money,
            amount: Units::of(fen),
            bank_reference: Uuid::now_v7().to_string(),
            value_date: None,
        }
    }

    /// An order of the venue on an account, good for an hour.
    pub fn order(&self, account: AccountId, amount: i64) -> PlaceHold {
        let hour = jiff::Timestamp::now().as_microsecond() + 3_600_000_000;
        PlaceHold {
            account,
            amount: Units::of(amount),
            kind: HoldKind::Order,
            selection: Selection::default(),
            expires_at: Some(Instant::from_micros(hour)),
            to: None,
            pledgee: None,
            reference: None,
        }
    }

    /// An act of the venue.
    pub fn by_venue(&self, body: impl Into<ActBody>) -> Act {
        let mut act = act(self.venue, body);
        act.envelope.role = Role::Venue;
        act
    }

    /// Firm 0 has `units` of rights, firm 1 `fen` of money.
    pub async fn fill(&self, registry: &TestRegistry, units: i64, fen: i64) {
        registry.done(self.issue(units, None)).await;
        registry.done(transfer(self.pool, self.firms[0].rights, units)).await;
        registry.done(self.deposit(1, fen)).await;
    }
}

/// A freeze; its authority is named as its kind.
pub fn freeze(kind: HoldKind, account: AccountId, amount: Option<i64>, suspends: Vec<HoldId>) -> FreezeUnits {
    let authority = kind.to_string();
    FreezeUnits { account, amount: amount.map(Units::of), kind, authority, document: None, suspends }
}

/// Controls with a date and a source, without which none are taken.
pub fn dated(controls: Controls) -> Controls {
    let dated = Some("2026-01-01".parse().expect("a date"));
    Controls { dated, source: Some("test".to_owned()), ..controls }
}

/// A transfer in the declared order.
pub fn transfer(from: AccountId, to: AccountId, amount: i64) -> TransferUnits {
    let (amount, selection) = (Units::of(amount), Selection::default());
    TransferUnits { from, to, amount, selection, reference: None, value_date: None }
}

/// A settlement of holds, each with where it goes and how much.
pub fn settle(legs: &[(HoldId, AccountId, i64)]) -> SettleHolds {
    let leg = |(hold, to, amount): &(HoldId, AccountId, i64)| SettleLeg {
        hold: *hold,
        to: *to,
        amount: Units::of(*amount),
        remainder: Remainder::Keep,
    };
    SettleHolds { legs: legs.iter().map(leg).collect(), reference: None }
}

/// The hold that an act of one leg placed.
pub fn hold_of(act: ActId) -> HoldId {
    HoldId::made_by(act, 0, 0)
}

/// The transfer that an act of one leg made.
pub fn transfer_of(act: ActId) -> TransferId {
    TransferId::made_by(act, 0, 0)
}

/// A bundle of legs by the test's administrator.
pub fn bundle(principal: PrincipalId, legs: Vec<ActBody>) -> Act {
    Act { envelope: envelope(principal), legs }
}
