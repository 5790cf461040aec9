//! The factor ledger of the demo: pools, accounts of firms, allocations, money at the bank, orders of a venue.

use yulin_domain::codes::{AccountPurpose, HoldKind, Labelled, LotOrigin, Role};
use yulin_domain::factor::{
    AuthoriseVenue, IssueUnits, LotClass, OpenAccount, PlaceHold, RecordDeposit, Selection, SetCap, TransferUnits,
    VenueAccess, shipped,
};
use yulin_domain::journal::{AccountId, Act, ActBody, DistrictId, FactorId, PartyId, PrincipalId};
use yulin_domain::party::RegisterPrincipal;
use yulin_domain::quantity::Units;

use super::parties::{Standing, firm_number, firms};
use super::pen::{Day, Pen};

/// The year whose pools the demo allocates.
const YEAR: i16 = 2026;
/// Factors of which firms hold units, each with what is issued and what a firm is allotted, in base units.
const ALLOTTED: [(&str, i64, i64); 4] = [
    ("COD", 50_630_000, 1_200_000),
    ("NH3-N", 5_050_000, 90_000),
    ("ENERGY-EQUIVALENT", 9_000_000, 240_000),
    ("ZCB", 60_000_000, 1_500_000),
];
/// Firms that have accounts.
const FIRMS_MAX: u32 = 12;
/// What each firm has at the bank, in fen.
const AT_THE_BANK: i64 = 500_000_000;

/// The acts that make the ledger.
pub(super) fn acts(pen: &Pen, district: DistrictId) -> Vec<Act> {
    let office = Office { pen: *pen, district };
    let mut acts: Vec<_> =
        shipped().into_iter().map(|factor| office.act("factor", &factor.code.clone(), factor)).collect();
    acts.push(office.venue());
    for (factor, issued, allotted) in ALLOTTED {
        acts.extend(office.pool(factor, issued));
        for firm in 0..firms(pen).min(FIRMS_MAX) {
            acts.push(office.open(factor, AccountPurpose::Holding, Some(firm)));
            let transfer = TransferUnits {
                from: office.account(factor, "POOL"),
                to: office.account(factor, &firm.to_string()),
                amount: Units::of(allotted + i64::from(firm) * 1_000),
                selection: Selection::default(),
                reference: None,
                value_date: None,
            };
            acts.push(office.act("allot", &format!("{factor}/{firm}"), transfer));
        }
    }
    acts.extend(office.money());
    acts.extend(office.opened_to_the_venue());
    acts.extend(office.orders());
    acts
}

struct Office {
    pen: Pen,
    district: DistrictId,
}

impl Office {
    fn act(&self, what: &str, name: &str, body: impl Into<ActBody>) -> Act {
        let mut act = self.pen.act_now(self.pen.id(&format!("ledger/{what}/{name}"), 0), vec![body.into()]);
        act.envelope.legal_basis = Some("生成的演示数据".to_owned());
        act
    }

    fn factor(&self, code: &str) -> FactorId {
        FactorId::made_by(self.pen.id(&format!("ledger/factor/{code}"), 0), 0, 0)
    }

    fn account(&self, factor: &str, name: &str) -> AccountId {
        AccountId::made_by(self.pen.id(&format!("ledger/account/{factor}/{name}"), 0), 0, 0)
    }

    fn holder(&self, firm: u32) -> PartyId {
        // The first is the company behind the demo's ENTERPRISE key.
        if firm == 0 { Standing::Platform.id(&self.pen) } else { firm_number(&self.pen, firm) }
    }

    /// The zone's own account of a purpose, or that of a firm.
    fn open(&self, factor: &str, purpose: AccountPurpose, firm: Option<u32>) -> Act {
        let name = firm.map_or_else(|| purpose.code().to_owned(), |firm| firm.to_string());
        let open = OpenAccount {
            code: format!("PJ-{factor}-{name}"),
            factor: self.factor(factor),
            purpose,
            district: self.district,
            holder: firm.map(|firm| self.holder(firm)),
            parcel: None,
            permit: None,
        };
        self.act("account", &format!("{factor}/{name}"), open)
    }

    /// A factor's cap and accounts, and what is issued into its pool.
    fn pool(&self, factor: &str, issued: i64) -> Vec<Act> {
        let cap = SetCap { factor: self.factor(factor), period: YEAR, most: Units::of(issued) };
        let issue = IssueUnits {
            from: self.account(factor, AccountPurpose::Issuance.code()),
            to: self.account(factor, AccountPurpose::Pool.code()),
            amount: Units::of(issued),
            period: YEAR,
            origin: LotOrigin::Reserve,
            vintage: YEAR,
            class: LotClass::default(),
            retirement: None,
            permit: None,
            reference: Some(format!("演示〔{YEAR}〕{factor}")),
        };
        let own = [AccountPurpose::Issuance, AccountPurpose::Pool, AccountPurpose::Retirement];
        let opened = own.map(|purpose| self.open(factor, purpose, None));
        let first = [self.act("cap", factor, cap)];
        first.into_iter().chain(opened).chain([self.act("issue", factor, issue)]).collect()
    }

    /// The bank, and what firms have there.
    fn money(&self) -> Vec<Act> {
        let mut acts = vec![self.open("CNY", AccountPurpose::Issuance, None)];
        for firm in 0..firms(&self.pen).min(FIRMS_MAX) {
            acts.push(self.open("CNY", AccountPurpose::Holding, Some(firm)));
            let deposit = RecordDeposit {
                bank: self.account("CNY", AccountPurpose::Issuance.code()),
                account: self.account("CNY", &firm.to_string()),
                amount: Units::of(AT_THE_BANK),
                bank_reference: format!("DEMO-{firm}"),
                value_date: None,
            };
            acts.push(self.act("deposit", &firm.to_string(), deposit));
        }
        acts
    }

    /// The principal behind the demo's VENUE key.
    fn venue(&self) -> Act {
        let name = format!("demo-{}", Role::Venue.code().to_lowercase());
        self.act("venue", "", RegisterPrincipal { name, party: None, roles: [Role::Venue].into() })
    }

    fn venue_id(&self) -> PrincipalId {
        PrincipalId::made_by(self.pen.id("ledger/venue/", 0), 0, 0)
    }

    fn opened_to_the_venue(&self) -> Vec<Act> {
        let firms = || 0..firms(&self.pen).min(FIRMS_MAX);
        let accounts = ["COD", "NH3-N", "CNY"];
        let accounts = accounts.iter().flat_map(|factor| firms().map(|firm| self.account(factor, &firm.to_string())));
        let authorise = AuthoriseVenue {
            venue: self.venue_id(),
            accounts: accounts.collect(),
            factors: ["COD", "NH3-N", "CNY"].map(|factor| self.factor(factor)).to_vec(),
            access: VenueAccess::Granted,
        };
        vec![self.act("authorise", "", authorise)]
    }

    /// Two orders that stay open for years.
    fn orders(&self) -> Vec<Act> {
        let years = Day(-8 * 365).instant();
        let order = |factor: &str, firm: u32, amount: i64| {
            let hold = PlaceHold {
                account: self.account(factor, &firm.to_string()),
                amount: Units::of(amount),
                kind: HoldKind::Order,
                selection: Selection::default(),
                expires_at: Some(years),
                to: None,
                pledgee: None,
                reference: Some(format!("演示委托-{factor}-{firm}")),
            };
            self.act("order", &format!("{factor}/{firm}"), hold)
        };
        vec![order("COD", 1, 200_000), order("CNY", 2, 100_000_000)]
    }
}
