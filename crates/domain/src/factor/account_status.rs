//! What an account lets through: frozen one way or both, being closed, closed.

use serde::{Deserialize, Serialize};

use super::Account;
use super::check::{administered_by_actor, known_factor};
use crate::codes::AccountStatus;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Change, Context, Decision, Needs, Record, Refused, Seen, Span};

/// Sets the status of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAccountStatus {
    pub account: Seen<AccountId>,
    pub status: AccountStatus,
}

/// From which status an account may come to which.
const fn may_follow(now: AccountStatus, next: AccountStatus) -> bool {
    use AccountStatus::{Closed, Closing, FrozenBoth, FrozenIn, FrozenOut, Open};
    match now {
        Open | FrozenOut | FrozenIn | FrozenBoth => matches!(next, Open | FrozenOut | FrozenIn | FrozenBoth | Closing),
        Closing => matches!(next, Open | FrozenBoth | Closed),
        Closed => false,
    }
}

impl Body for SetAccountStatus {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.unchanged(self.account, "account")?;
        context.reasoned()?;
        let account = known(context, self.account.id)?;
        administered_by_actor(context, known_factor(context, account.factor, "account")?)?;
        if account.status == self.status {
            return Ok(Decision::default());
        }
        if !may_follow(account.status, self.status) {
            let refused = Refused::new(ErrorCode::State).at("status").told("state", account.status);
            return Err(refused.told("asked", self.status));
        }
        let balance = context.set.balance(account.id);
        if self.status == AccountStatus::Closed && balance.posted.is_positive() {
            let refused = Refused::new(ErrorCode::AccountNotEmpty).at("status").told("account", account.id);
            return Err(refused.told("balance", balance.posted.count()).told("held", balance.held.count()));
        }
        let account = Account { status: self.status, ..account.clone() };
        Ok(vec![Change::put(account.id.into(), account.id.into(), Span::ALL, account)].into())
    }
}

/// An account as it stands.
pub fn known<'a>(context: &Context<'a>, id: AccountId) -> Result<&'a Account, Refused> {
    match context.set.state(id, context.now) {
        Some(Record::Account(account)) => Ok(account),
        _ => Err(Refused::new(ErrorCode::AccountUnknown).at("account").told("account", id)),
    }
}
