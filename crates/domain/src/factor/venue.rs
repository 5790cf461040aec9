//! Which venues may deal in a factor and on an account, and whom a holder trusts.

use serde::{Deserialize, Serialize};

use super::account::Trusted;
use super::account_status::known;
use super::check::{administered_by_actor, known_factor};
use super::{Account, Factor};
use crate::codes::Role;
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Body, Change, Context, Decision, FactorId, Needs, PrincipalId, Record, Refused, Seen, Span,
};

/// Venues of an account or factor, and accounts that one trusts.
const LISTED_MAX: usize = 200;

/// Whether something is put on a list or taken off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VenueAccess {
    Granted,
    Withdrawn,
}

/// Opens an account or a factor to a venue, or closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthoriseVenue {
    pub venue: PrincipalId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<FactorId>,
    pub access: VenueAccess,
}

/// Puts an account on the list of those its holder trusts, or takes it off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrustCounterparty {
    pub account: Seen<AccountId>,
    pub counterparty: AccountId,
    pub access: VenueAccess,
}

impl Body for AuthoriseVenue {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.venue.into());
        needs.ledger.accounts.extend(&self.accounts);
        needs.records.extend(self.factors.iter().map(|factor| crate::journal::RecordKey::from(*factor)));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if self.accounts.len().saturating_add(self.factors.len()) > LISTED_MAX {
            return Err(Refused::new(ErrorCode::ListTooLong).at("accounts").with("most", LISTED_MAX));
        }
        match context.set.state(self.venue, context.now) {
            Some(Record::Principal(venue)) if venue.roles.contains(&Role::Venue) => {}
            _ => return Err(Refused::new(ErrorCode::NotFound).at("venue").told("principal", self.venue)),
        }
        let mut changes = Vec::new();
        for id in &self.accounts {
            let account = known(context, *id)?;
            administered_by_actor(context, known_factor(context, account.factor, "accounts")?)?;
            if let Some(venues) = listed(&account.venues, self.venue, self.access)? {
                let account = Account { venues, ..account.clone() };
                changes.push(Change::put(account.id.into(), account.id.into(), Span::ALL, account));
            }
        }
        for id in &self.factors {
            let factor = known_factor(context, *id, "factors")?;
            administered_by_actor(context, factor)?;
            if let Some(venues) = listed(&factor.venues, self.venue, self.access)? {
                let factor = Factor { venues, ..factor.clone() };
                changes.push(Change::put(factor.id.into(), factor.id.into(), Span::ALL, factor));
            }
        }
        Ok(changes.into())
    }
}

/// The list with or without one; none where it stays as it is.
fn listed(now: &[PrincipalId], one: PrincipalId, access: VenueAccess) -> Result<Option<Vec<PrincipalId>>, Refused> {
    let is_listed = now.contains(&one);
    let mut next: Vec<_> = now.iter().copied().filter(|other| *other != one).collect();
    match access {
        VenueAccess::Granted if is_listed => return Ok(None),
        VenueAccess::Withdrawn if !is_listed => return Ok(None),
        VenueAccess::Withdrawn => {}
        VenueAccess::Granted if next.len() >= LISTED_MAX => {
            return Err(Refused::new(ErrorCode::ListTooLong).at("venue").with("most", LISTED_MAX));
        }
        VenueAccess::Granted => next.push(one),
    }
    next.sort_unstable();
    Ok(Some(next))
}

impl Body for TrustCounterparty {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.account.id, self.counterparty]);
        needs.calendars = true;
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.unchanged(self.account, "account")?;
        let account = known(context, self.account.id)?;
        let Some(Record::Factor(factor)) = context.set.state(account.factor, context.now) else {
            return Err(Refused::new(ErrorCode::FactorUnknown).at("account").told("factor", account.factor));
        };
        super::check::own_accounts(context, account, factor, "account")?;
        let other = known(context, self.counterparty).map_err(|refused| refused.at("counterparty"))?;
        if other.factor != account.factor || other.id == account.id {
            return Err(Refused::new(ErrorCode::FactorMismatch).at("counterparty").told("account", other.id));
        }
        let is_listed = account.trusted.iter().any(|trusted| trusted.account == other.id);
        if is_listed == (self.access == VenueAccess::Granted) {
            return Ok(Decision::default());
        }
        let mut trusted: Vec<_> = account.trusted.iter().copied().filter(|one| one.account != other.id).collect();
        if self.access == VenueAccess::Granted {
            if trusted.len() >= LISTED_MAX {
                return Err(Refused::new(ErrorCode::ListTooLong).at("counterparty").with("most", LISTED_MAX));
            }
            trusted.push(Trusted { account: other.id, from: super::delay::after(context, account, factor)? });
        }
        let account = Account { trusted, ..account.clone() };
        Ok(vec![Change::put(account.id.into(), account.id.into(), Span::ALL, account)].into())
    }
}
