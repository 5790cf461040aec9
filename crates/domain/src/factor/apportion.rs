//! Quotas bound to land go with it when parcels are split or merged: to the last base unit, in the same act.
//!
//! By area with the largest remainders, ties to the lower code; or by amounts that are stated and sum.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Account;
use super::book::{Book, Carry, Source};
use super::complete::begun;
use super::{Movement, Transfer, Trusted};
use crate::codes::{AccountPurpose, AccountStatus, MoveKind};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Change, Claim, Context, DistrictId, FactorId, ParcelId, PartyId, PrincipalId, Record, RecordKind,
    Refused,
};
use crate::land::Parcel;
use crate::quantity::{Area, Units};

/// How much of an account one new parcel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// The place of the new parcel in the act's list.
    pub child: usize,
    pub amount: Units,
}

/// How one account bound to a parcel is divided, where not by area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apportionment {
    pub account: AccountId,
    pub amounts: Vec<Stated>,
}

/// The changes by which the accounts bound to a parcel go on with its pieces.
pub fn split(
    context: &Context<'_>,
    parent: ParcelId,
    children: &[Parcel],
    stated: &[Apportionment],
) -> Result<Vec<Change>, Refused> {
    let accounts = bound(context, &[parent])?;
    for (place, one) in stated.iter().enumerate() {
        if !accounts.iter().any(|account| account.id == one.account) {
            let refused = Refused::new(ErrorCode::AccountUnknown).at(format!("apportion[{place}].account"));
            return Err(refused.told("account", one.account));
        }
        if stated.iter().take(place).any(|before| before.account == one.account) {
            let refused = Refused::new(ErrorCode::Validation).at(format!("apportion[{place}].account"));
            return Err(refused.with("reason", "TWICE").told("account", one.account));
        }
    }
    let mut book = Book::open(context);
    let mut movements = Vec::new();
    let told = begun(&book);
    for account in &accounts {
        let lying = book.balance(account.id).posted;
        let amounts = match stated.iter().position(|one| one.account == account.id) {
            Some(place) => as_stated(lying, children.len(), stated.get(place), place)?,
            None => by_area(lying, children)?,
        };
        for (child, amount) in children.iter().zip(amounts) {
            if amount.is_positive() {
                let heir = heir(&mut book, account, child)?;
                movements.push(moved(&mut book, (account, heir), amount, &told)?);
            }
        }
        let left = book.account(account.id, "parcel")?;
        book.put_account(Account { status: AccountStatus::Closed, ..left });
    }
    if !movements.is_empty() {
        book.put(told.id, told.id, Transfer { movements, ..told });
    }
    Ok(book.close())
}

/// The changes by which the accounts bound to several parcels go on with the one they become: like accounts as one.
pub fn merge(context: &Context<'_>, parents: &[ParcelId], merged: &Parcel) -> Result<Vec<Change>, Refused> {
    let accounts = bound(context, parents)?;
    let mut book = Book::open(context);
    let mut movements = Vec::new();
    let told = begun(&book);
    let mut heirs: BTreeMap<Likeness, AccountId> = BTreeMap::new();
    for account in &accounts {
        let lying = book.balance(account.id).posted;
        if lying.is_positive() {
            let heir = match heirs.get(&Likeness::of(account)) {
                Some(heir) => *heir,
                None => heir(&mut book, account, merged)?,
            };
            heirs.insert(Likeness::of(account), heir);
            blocked_too(&mut book, account, heir)?;
            movements.push(moved(&mut book, (account, heir), lying, &told)?);
        }
        let left = book.account(account.id, "parcel")?;
        book.put_account(Account { status: AccountStatus::Closed, ..left });
    }
    if !movements.is_empty() {
        book.put(told.id, told.id, Transfer { movements, ..told });
    }
    Ok(book.close())
}

/// What makes two accounts go on as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    factor: FactorId,
    purpose: AccountPurpose,
    district: DistrictId,
    holder: Option<PartyId>,
    permit: Option<String>,
    status: AccountStatus,
    venues: Vec<PrincipalId>,
    trusted: Vec<Trusted>,
}

impl Likeness {
    fn of(account: &Account) -> Self {
        let Account { factor, purpose, district, holder, permit, status, venues, trusted, .. } = account.clone();
        Self { factor, purpose, district, holder, permit, status, venues, trusted }
    }
}

/// The accounts bound to parcels, in order of their codes; refused where something on them is set aside.
fn bound(context: &Context<'_>, parcels: &[ParcelId]) -> Result<Vec<Account>, Refused> {
    let keys = parcels.iter().flat_map(|parcel| context.set.on_parcel(*parcel, RecordKind::Account));
    let mut accounts: Vec<_> = keys
        .filter_map(|(key, _)| match context.set.state(key, context.now) {
            Some(Record::Account(account)) if account.status != AccountStatus::Closed => Some((**account).clone()),
            _ => None,
        })
        .collect();
    accounts.sort_by(|one, other| one.code.cmp(&other.code));
    // A freeze that found nothing stands all the same.
    let held: Vec<_> = accounts
        .iter()
        .filter_map(|account| {
            let holds: Vec<_> = context.set.open_holds(account.id, context.now).map(|hold| hold.to_string()).collect();
            let held = context.set.balance(account.id).held;
            let told =
                serde_json::json!({"account": account.id, "code": account.code, "held": held.count(), "holds": holds});
            (held.is_positive() || !holds.is_empty()).then_some(told)
        })
        .collect();
    if !held.is_empty() {
        return Err(Refused::new(ErrorCode::UnitsEncumbered).at("parcel").with("accounts", held));
    }
    Ok(accounts)
}

/// An account like one, bound to a new parcel.
fn heir(book: &mut Book<'_>, account: &Account, parcel: &Parcel) -> Result<AccountId, Refused> {
    let context = book.context;
    let code = format!("{}/{}", account.code, parcel.label());
    if context.set.claimants(&Claim::AccountCode(code.clone())).next().is_some() {
        return Err(Refused::new(ErrorCode::CodeDuplicate).at("apportion").with("code", code));
    }
    let nth = book.next();
    let id = AccountId::made_by(context.envelope.id, context.leg, nth);
    let (status, parcel) = (AccountStatus::Open, Some(parcel.id));
    book.put_account(Account { id, code, parcel, status, carried: BTreeMap::new(), ..account.clone() });
    Ok(id)
}

/// What is blocked on one of several accounts that go on as one is blocked on that.
fn blocked_too(book: &mut Book<'_>, account: &Account, heir: AccountId) -> Result<(), Refused> {
    let mut heir = book.account(heir, "apportion")?;
    for block in &account.blocks {
        match heir.blocks.iter_mut().find(|known| known.is_of(block.source, block.venue)) {
            Some(known) => known.join(block),
            None => heir.blocks.push(block.clone()),
        }
    }
    heir.blocks.sort_by_key(|block| (block.source, block.venue));
    book.put_account(heir);
    Ok(())
}

fn moved(
    book: &mut Book<'_>,
    (account, heir): (&Account, AccountId),
    amount: Units,
    told: &Transfer,
) -> Result<Movement, Refused> {
    let opened = book.account(heir, "apportion")?;
    book.put_account(Account { status: AccountStatus::Open, ..opened });
    let (kind, source) = (MoveKind::Apportion, Source::First);
    let movement = book.carry(&Carry { kind, from: account.id, to: heir, amount, source, transfer: told.id })?;
    // What was frozen is frozen there.
    let opened = book.account(heir, "apportion")?;
    book.put_account(Account { status: account.status, ..opened });
    Ok(movement)
}

fn as_stated(
    lying: Units,
    children: usize,
    stated: Option<&Apportionment>,
    place: usize,
) -> Result<Vec<Units>, Refused> {
    let mut amounts = vec![Units::ZERO; children];
    let mut sum = Units::ZERO;
    for (line, one) in stated.iter().flat_map(|stated| &stated.amounts).enumerate() {
        let invalid = || Refused::new(ErrorCode::UnitsInvalid).at(format!("apportion[{place}].amounts[{line}]"));
        let amount = amounts.get_mut(one.child).filter(|amount| !amount.is_positive()).ok_or_else(invalid)?;
        super::check::positive(one.amount, "apportion")?;
        *amount = one.amount;
        sum = sum.plus(one.amount).ok_or_else(invalid)?;
    }
    if sum != lying {
        let refused = Refused::new(ErrorCode::ApportionSum).at(format!("apportion[{place}].amounts"));
        return Err(refused.told("stated", sum.count()).told("lying", lying.count()));
    }
    Ok(amounts)
}

/// Shares by area: whole base units, what is left to the largest remainders, ties to the lower code.
pub fn by_area(lying: Units, children: &[Parcel]) -> Result<Vec<Units>, Refused> {
    let areas = areas(children);
    let total: i128 = areas.iter().map(|area| i128::from(area.units())).sum();
    if total <= 0 {
        return Err(Refused::new(ErrorCode::AreaInvalid).at("children"));
    }
    let exact = |area: &Area| i128::from(lying.count()) * i128::from(area.units());
    let mut shares: Vec<i128> = areas.iter().map(|area| exact(area) / total).collect();
    let left = i128::from(lying.count()) - shares.iter().sum::<i128>();
    let mut order: Vec<usize> = (0..children.len()).collect();
    let remainder = |place: &usize| areas.get(*place).map_or(0, |area| exact(area) % total);
    let label = |place: &usize| children.get(*place).map(|child| child.label().clone());
    order.sort_by(|one, other| remainder(other).cmp(&remainder(one)).then_with(|| label(one).cmp(&label(other))));
    for place in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        if let Some(share) = shares.get_mut(place) {
            *share += 1;
        }
    }
    Ok(shares.into_iter().map(|share| Units::of(i64::try_from(share).unwrap_or(i64::MAX))).collect())
}

/// The areas that all pieces have: registered, else surveyed, else computed.
fn areas(children: &[Parcel]) -> Vec<Area> {
    let registered: Option<Vec<_>> = children.iter().map(|child| child.registered_area).collect();
    let surveyed = || children.iter().map(|child| child.surveyed_area).collect::<Option<Vec<_>>>();
    let computed = || {
        let computed = |child: &Parcel| child.footprint.as_ref().map(crate::geometry::Footprint::area_computed);
        children.iter().map(|child| computed(child).unwrap_or_default()).collect()
    };
    registered.or_else(surveyed).unwrap_or_else(computed)
}
