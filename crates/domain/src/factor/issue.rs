//! How units come to be: numbered, against the cap of a year, into a pool.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::book::{Book, Carry, Source};
use super::cap::cap_of;
use super::check::{positive, today};
use super::complete::begun;
use super::pick::Selection;
use super::{Account, Cap, Factor, Lot, LotClass, Transfer, UnitRange};
use crate::codes::{FactorKind, LotOrigin, MoveKind};
use crate::district::check_given;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, FactorId, IssuanceId, LotId, Needs, Refused};
use crate::quantity::{Instant, Units};

/// Years for which units may count: no plan reaches further.
const VINTAGES: std::ops::RangeInclusive<i16> = 1990..=2200;

/// Units that were issued together: one origin, one vintage, one validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuance {
    pub id: IssuanceId,
    pub factor: FactorId,
    /// Their numbers.
    pub units: UnitRange,
    pub origin: LotOrigin,
    pub vintage: i16,
    pub class: LotClass,
    /// The instant at which what is left of them lapses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses_at: Option<Instant>,
    /// How often the registry has taken a part of what lapses: one entry takes so many lots.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lapse_round: u32,
    /// Whether all that lapsed is retired.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lapsed: bool,
    /// Where lapsed units go.
    pub retirement: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
    /// What another register or the decision calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The issuance of which these units were a part before they were carried over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried_from: Option<IssuanceId>,
}

impl Issuance {
    /// When units of it lapse next; a part at a time, each under a deadline of its own.
    pub fn due_at(&self) -> Option<Instant> {
        let at = self.lapses_at.filter(|_| !self.lapsed && self.retirement.is_some())?;
        Some(Instant::from_micros(at.micros().saturating_add(i64::from(self.lapse_round))))
    }
}

/// Issues units into a pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueUnits {
    /// The issuance account.
    pub from: AccountId,
    pub to: AccountId,
    pub amount: Units,
    /// The calendar year whose cap it is issued against.
    pub period: i16,
    pub origin: LotOrigin,
    pub vintage: i16,
    #[serde(default)]
    pub class: LotClass,
    /// Where units go that lapse unused; required where they lapse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retirement: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Body for IssueUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.from, self.to]);
        needs.ledger.accounts.extend(self.retirement);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let mut book = Book::open(context);
        let (from, to) = (book.account(self.from, "from")?, book.account(self.to, "to")?);
        let factor = book.factor(from.factor)?;
        self.check_facts(&book, &from, factor)?;
        let cap = self.capped(context, factor)?;
        let told = begun(&book);
        let transfer = told.id;
        let units = if factor.is_numbered() { vec![self.number(&mut book, &from, &to)?] } else { Vec::new() };
        let (selection, kind) = (Selection::Numbers { units }, MoveKind::Issue);
        let source = Source::Free(&selection);
        let movement = book.carry(&Carry { kind, from: from.id, to: to.id, amount: self.amount, source, transfer })?;
        if let Some(cap) = cap {
            book.put(factor.id, cap.id, cap);
        }
        let reference = self.reference.clone();
        book.put(transfer, transfer, Transfer { reference, movements: vec![movement], ..told });
        Ok(book.close().into())
    }
}

/// The year for which units count, and their last day: not over, of emission rights within five years.
pub fn check_term(
    book: &Book<'_>,
    account: &Account,
    (vintage, expires_on): (i16, Option<Date>),
    field: &str,
) -> Result<(), Refused> {
    if !VINTAGES.contains(&vintage) {
        return Err(Refused::new(ErrorCode::DateInvalid).at("vintage").with("given", vintage));
    }
    let Some(expires) = expires_on else { return Ok(()) };
    let today = today(book.context, account)?;
    if expires < today {
        return Err(Refused::new(ErrorCode::RightTerm).at(field).told("today", today));
    }
    let is_right = book.factor(account.factor)?.kind == FactorKind::EmissionRight;
    match last_of_right(today) {
        Some(last) if is_right && expires > last => {
            Err(Refused::new(ErrorCode::RightTerm).at(field).told("given", expires).told("last", last))
        }
        _ => Ok(()),
    }
}

impl IssueUnits {
    fn check_facts(&self, book: &Book<'_>, from: &Account, factor: &Factor) -> Result<(), Refused> {
        positive(self.amount, "amount")?;
        check_given(self.permit.as_deref(), "permit")?;
        check_given(self.reference.as_deref(), "reference")?;
        check_given(self.class.control_unit.as_deref(), "class.controlUnit")?;
        if !VINTAGES.contains(&self.period) {
            return Err(Refused::new(ErrorCode::DateInvalid).at("period").with("given", self.period));
        }
        check_term(book, from, (self.vintage, self.class.expires_on), "class.expiresOn")?;
        if self.class.expires_on.is_none() {
            return Ok(());
        }
        // Only numbered units can be told apart by their last day.
        if !factor.is_numbered() {
            return Err(Refused::new(ErrorCode::Validation).at("class.expiresOn").told("tracking", factor.tracking));
        }
        let Some(retirement) = self.retirement else {
            return Err(Refused::new(ErrorCode::FieldRequired).at("retirement"));
        };
        let retirement = book.account(retirement, "retirement")?;
        let fits = retirement.factor == factor.id && retirement.purpose == crate::codes::AccountPurpose::Retirement;
        let refused = || Refused::new(ErrorCode::MoveNotAllowed).at("retirement").told("account", retirement.id);
        fits.then_some(()).ok_or_else(refused)
    }

    /// The cap of the period with what is now issued; mirrors of outside registers have none.
    fn capped(&self, context: &Context<'_>, factor: &Factor) -> Result<Option<Cap>, Refused> {
        if factor.mirror_of.is_some() {
            return Ok(None);
        }
        let refused = |code| Refused::new(code).at("amount").with("period", self.period);
        let cap = cap_of(context, factor.id, self.period).ok_or_else(|| refused(ErrorCode::CapMissing))?;
        let issued = cap.issued.plus(self.amount).filter(|issued| *issued <= cap.most);
        let left = cap.most.less(cap.issued).unwrap_or_default().count();
        let exceeded = || refused(ErrorCode::CapExceeded).told("cap", cap.most.count()).told("left", left);
        Ok(Some(Cap { issued: issued.ok_or_else(exceeded)?, ..cap.clone() }))
    }

    /// Gives the units their numbers: a new lot on the issuance account, from which they are then carried.
    fn number(&self, book: &mut Book<'_>, from: &Account, to: &Account) -> Result<UnitRange, Refused> {
        let context = book.context;
        let first = from.next_number;
        let range = || Refused::new(ErrorCode::UnitsInvalid).at("amount").told("amount", self.amount.count());
        let units = UnitRange { from: first, to: first.checked_add(self.amount.count()).ok_or_else(range)? };
        let id = IssuanceId::made_by(context.envelope.id, context.leg, 0);
        let issuance = Issuance {
            id,
            factor: from.factor,
            units,
            origin: self.origin,
            vintage: self.vintage,
            class: self.class.clone(),
            lapses_at: self.class.expires_on.map(|last| end_of(book, last, to)).transpose()?,
            lapse_round: 0,
            lapsed: false,
            retirement: self.retirement,
            permit: self.permit.clone(),
            reference: self.reference.clone(),
            carried_from: None,
        };
        book.put(id, id, issuance);
        book.put_account(Account { next_number: units.to, ..from.clone() });
        let lot = LotId::made_by(context.envelope.id, context.leg, 0);
        book.lay(Lot {
            id: lot,
            factor: from.factor,
            issuance: id,
            account: from.id,
            units,
            origin: self.origin,
            vintage: self.vintage,
            class: self.class.clone(),
            permit: self.permit.clone(),
            held_by: None,
            retired_as: None,
            cut_from: None,
        });
        Ok(units)
    }
}

/// The instant at which a last day ends in the district of an account.
pub(super) fn end_of(book: &Book<'_>, last: Date, account: &Account) -> Result<Instant, Refused> {
    let invalid = || Refused::new(ErrorCode::DateInvalid).at("class.expiresOn").told("given", last);
    let next = last.tomorrow().map_err(|_| invalid())?;
    let zone = &book.context.district(account.district)?.time_zone;
    Instant::start_of(next, zone).map_err(|_| invalid())
}

/// Emission rights hold five years at most, then they are verified and allocated anew (domain.md 5.1).
fn last_of_right(today: Date) -> Option<Date> {
    today.checked_add(jiff::Span::new().years(5)).ok()
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(round: &u32) -> bool {
    *round == 0
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_false(lapsed: &bool) -> bool {
    !*lapsed
}
