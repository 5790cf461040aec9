//! Whether a movement is allowed: the table of movements held against two accounts, who acts, and the day.
//!
//! The order of the checks is the order in which refusals take precedence.

use jiff::civil::Date;

use super::book::Book;
use super::four_eyes::{hands_over, within_limit};
use super::rules::{HolderRule, MoveRule, TradeCheck, WhileBlocked, keeps, rules_for};
use super::{Account, Block, Factor};
use crate::codes::{AccountStatus, FactorKind, MoveKind, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{Context, DistrictId, FactorId, PartyId, PrincipalId, Record, Refused};
use crate::quantity::Units;

/// A movement that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub kind: MoveKind,
    pub from: &'a Account,
    pub to: &'a Account,
    pub amount: Units,
}

/// Refuses a movement that the rules do not allow.
pub fn check(book: &Book<'_>, asked: &Asked<'_>) -> Result<(), Refused> {
    let ruled = may_be_asked(book, asked)?;
    hindrances(book.context, asked, &ruled).into_iter().next().map_or(Ok(()), Err)
}

/// The factor of a movement, and the line of the table under which it may be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Ruled<'a> {
    pub factor: &'a Factor,
    rule: &'static MoveRule,
}

/// Whether a movement may be asked for at all, by who asks. Nobody else is told more about the accounts.
pub fn may_be_asked<'a>(book: &Book<'a>, asked: &Asked<'_>) -> Result<Ruled<'a>, Refused> {
    positive(asked.amount, "amount")?;
    if asked.from.id == asked.to.id {
        return Err(Refused::new(ErrorCode::SameAccount).at("to").told("account", asked.to.id));
    }
    own_accounts(book.context, asked.from, book.factor(asked.from.factor)?, "from")?;
    if book.context.actor_role == Role::Venue {
        own_accounts(book.context, asked.to, book.factor(asked.to.factor)?, "to")?;
    }
    let factor = same_factor(book, asked)?;
    let rule = ruled(book.context, asked, factor)?;
    Ok(Ruled { factor, rule })
}

/// Everything that stands in the way of a movement that may be asked for, in the order of precedence.
pub fn hindrances(context: &Context<'_>, asked: &Asked<'_>, ruled: &Ruled<'_>) -> Vec<Refused> {
    let Ruled { factor, rule } = *ruled;
    let trusted = trusted(context, asked);
    // Of an account to which he may not transfer a holder is told nothing.
    let of_to = |check: &dyn Fn() -> Result<(), Refused>| if trusted.is_ok() { check() } else { Ok(()) };
    let checks = [
        holders(rule, asked),
        tradable(context, rule, asked, factor),
        status_of("from", asked.from, rule.from_status),
        of_to(&|| status_of("to", asked.to, rule.to_status)),
        unblocked(context, rule, (asked.from, "from")),
        of_to(&|| unblocked(context, rule, (asked.to, "to"))),
        trusted,
        seen_by_four(context, asked, factor),
    ];
    checks.into_iter().filter_map(Result::err).collect()
}

/// A whole number of base units, above none.
pub fn positive(amount: Units, field: &str) -> Result<(), Refused> {
    let refused = || Refused::new(ErrorCode::UnitsInvalid).at(field).told("given", amount.count());
    amount.is_positive().then_some(()).ok_or_else(refused)
}

fn same_factor<'a>(book: &Book<'a>, asked: &Asked<'_>) -> Result<&'a Factor, Refused> {
    let (from, to) = (book.factor(asked.from.factor)?, book.factor(asked.to.factor)?);
    if from.id == to.id {
        return Ok(from);
    }
    let both_energy = from.kind == FactorKind::EnergyQuota && to.kind == FactorKind::EnergyQuota;
    let code = if both_energy && from.basis != to.basis { ErrorCode::EnergyBasis } else { ErrorCode::FactorMismatch };
    Err(Refused::new(code).at("to").with("from", from.code.clone()).with("to", to.code.clone()))
}

/// The line of the table under which this may be done by who asks.
fn ruled(context: &Context<'_>, asked: &Asked<'_>, factor: &Factor) -> Result<&'static MoveRule, Refused> {
    let mut rules = rules_for(asked.kind, factor.kind, asked.from.purpose, asked.to.purpose).peekable();
    if rules.peek().is_none() {
        let is_local = factor.kind == FactorKind::CarbonAllowance;
        let code = if is_local { ErrorCode::CeaLocalTransferForbidden } else { ErrorCode::MoveNotAllowed };
        let refused = Refused::new(code).at("to").told("movement", asked.kind).with("factor", factor.code.clone());
        return Err(refused.told("from", asked.from.purpose).told("to", asked.to.purpose));
    }
    let role = context.actor_role;
    let refused = || Refused::new(ErrorCode::Forbidden).told("movement", asked.kind).told("role", role);
    let above = matches!(role, Role::System | Role::Admin);
    rules.find(|rule| above || rule.roles.contains(&role)).ok_or_else(refused)
}

/// The party on whose behalf the actor acts.
pub fn party_of_actor(context: &Context<'_>) -> Option<PartyId> {
    match context.set.state(context.actor, context.now) {
        Some(Record::Principal(principal)) => principal.party,
        _ => None,
    }
}

/// An enterprise disposes of its own accounts, a venue deals on those opened to it.
pub fn own_accounts(context: &Context<'_>, account: &Account, factor: &Factor, field: &str) -> Result<(), Refused> {
    match context.actor_role {
        Role::Venue => {
            let listed = account.venues.contains(&context.actor) && factor.venues.contains(&context.actor);
            let refused = || Refused::new(ErrorCode::VenueNotAuthorised).at(field).told("account", account.id);
            listed.then_some(()).ok_or_else(|| refused().with("factor", factor.code.clone()))
        }
        Role::Enterprise => {
            let party = party_of_actor(context);
            let is_own = party.is_some() && account.holder == party;
            is_own.then_some(()).ok_or_else(|| Refused::new(ErrorCode::Forbidden).at(field).told("account", account.id))
        }
        Role::Public
        | Role::Investor
        | Role::ZoneOfficer
        | Role::Planner
        | Role::Ecology
        | Role::Energy
        | Role::Finance
        | Role::Evaluator
        | Role::TradeOperator
        | Role::Approver
        | Role::Auditor
        | Role::Admin
        | Role::System => Ok(()),
    }
}

/// A factor as it stands.
pub fn known_factor<'a>(context: &Context<'a>, id: FactorId, field: &str) -> Result<&'a Factor, Refused> {
    match context.set.state(id, context.now) {
        Some(Record::Factor(factor)) => Ok(factor),
        _ => Err(Refused::new(ErrorCode::FactorUnknown).at(field).told("factor", id)),
    }
}

/// Who brings units or money of a kind into the books sets their caps and closes them.
pub fn kept_by_actor(context: &Context<'_>, factor: &Factor) -> Result<(), Refused> {
    by_role(context, factor, keeps(context.actor_role, factor.kind))
}

/// Accounts are opened, and their status is set, by who keeps the factor, by the zone and by who runs its trade.
pub fn administered_by_actor(context: &Context<'_>, factor: &Factor) -> Result<(), Refused> {
    let role = context.actor_role;
    let may = keeps(role, factor.kind) || matches!(role, Role::ZoneOfficer | Role::TradeOperator);
    by_role(context, factor, may)
}

fn by_role(context: &Context<'_>, factor: &Factor, may: bool) -> Result<(), Refused> {
    let refused = || Refused::new(ErrorCode::Forbidden).at("factor").told("role", context.actor_role);
    may.then_some(()).ok_or_else(|| refused().with("factor", factor.code.clone()))
}

fn holders(rule: &MoveRule, asked: &Asked<'_>) -> Result<(), Refused> {
    let are_same = asked.from.holder == asked.to.holder;
    let fits = match rule.holder {
        HolderRule::Any => true,
        HolderRule::Same => are_same,
        HolderRule::Different => !are_same,
    };
    fits.then_some(()).ok_or_else(|| Refused::new(ErrorCode::HolderMismatch).at("to").told("account", asked.to.id))
}

fn tradable(context: &Context<'_>, rule: &MoveRule, asked: &Asked<'_>, factor: &Factor) -> Result<(), Refused> {
    let is_asked = match rule.trade {
        TradeCheck::BetweenHolders => asked.from.holder != asked.to.holder,
        TradeCheck::NotAsked => false,
    };
    if !is_asked {
        return Ok(());
    }
    tradable_on(factor, today(context, asked.from)?).map_err(|refused| refused.at("from"))
}

/// Whether a factor may be traded on a day; money always.
pub fn tradable_on(factor: &Factor, day: Date) -> Result<(), Refused> {
    if factor.kind == FactorKind::Money {
        return Ok(());
    }
    let refused = || Refused::new(ErrorCode::NotTradable).with("factor", factor.code.clone());
    match factor.trade_rule(day) {
        Some(rule) if rule.tradable => Ok(()),
        Some(rule) => Err(refused().with("legalBasis", rule.legal_basis.clone())),
        None => Err(refused().told("on", day)),
    }
}

/// The local day of the district in whose book an account stands.
pub fn today(context: &Context<'_>, account: &Account) -> Result<Date, Refused> {
    today_in(context, account.district)
}

/// The local day of a district.
pub fn today_in(context: &Context<'_>, district: DistrictId) -> Result<Date, Refused> {
    let zone = &context.district(district)?.time_zone;
    let told = |why: &dyn std::fmt::Display| Refused::new(ErrorCode::TimeInvalid).told("problem", why);
    context.now.date_in(zone).map_err(|why| told(&why))
}

fn status_of(field: &str, account: &Account, allowed: &[AccountStatus]) -> Result<(), Refused> {
    if allowed.contains(&account.status) {
        return Ok(());
    }
    let refused = Refused::new(ErrorCode::AccountStatus).at(field).told("account", account.id);
    Err(refused.told("status", account.status))
}

/// While books differ about an account it is not traded on.
fn unblocked(context: &Context<'_>, rule: &MoveRule, (account, field): (&Account, &str)) -> Result<(), Refused> {
    match rule.while_blocked {
        WhileBlocked::GoesOn => Ok(()),
        WhileBlocked::Stops => agreed(context, account, field),
    }
}

/// No book differs from this one about an account. What a venue's books say of the zone's own accounts stops that venue
/// alone: nobody else's allotments wait for it.
pub fn agreed(context: &Context<'_>, account: &Account, field: &str) -> Result<(), Refused> {
    agreed_for(Some(context.actor), account, field)
}

/// The same for whoever asks, if he is known.
pub fn agreed_for(asks: Option<PrincipalId>, account: &Account, field: &str) -> Result<(), Refused> {
    let stops = |block: &&Block| account.holder.is_some() || block.venue.is_none_or(|venue| asks == Some(venue));
    account.blocks.iter().find(stops).map_or(Ok(()), |block| {
        let refused = Refused::new(ErrorCode::AccountBlocked).at(field).told("account", account.id);
        let refused = refused.told("source", block.source).told("reconciliation", block.found_by);
        Err(match block.venue {
            Some(venue) => refused.told("venue", venue),
            None => refused,
        })
    })
}

/// Who disposes of his own account alone may do so only towards those he trusts.
fn trusted(context: &Context<'_>, asked: &Asked<'_>) -> Result<(), Refused> {
    let asks = context.actor_role == Role::Enterprise && hands_over(asked.kind, Role::Enterprise);
    if !asks || context.approved || asked.from.holder == asked.to.holder {
        return Ok(());
    }
    let listed = asked.from.trusted.iter().find(|trusted| trusted.account == asked.to.id);
    let refused = || Refused::new(ErrorCode::CounterpartyNotTrusted).at("to").told("account", asked.to.id);
    match listed {
        Some(trusted) if trusted.from <= context.now => Ok(()),
        Some(trusted) => Err(refused().told("trustedFrom", trusted.from)),
        None => Err(refused()),
    }
}

fn seen_by_four(context: &Context<'_>, asked: &Asked<'_>, factor: &Factor) -> Result<(), Refused> {
    let are_of_one = asked.from.holder.is_some() && asked.from.holder == asked.to.holder;
    let asks = hands_over(asked.kind, context.actor_role) && !are_of_one && !context.approved;
    if asks { within_limit(factor, asked.amount) } else { Ok(()) }
}
