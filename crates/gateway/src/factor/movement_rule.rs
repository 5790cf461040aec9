//! A line of the table of movements as the API shows it.

use async_graphql::SimpleObject;
use yulin_domain::codes::{AccountPurpose, AccountStatus, FactorKind, MoveKind, Role};
use yulin_domain::factor::{HolderRule, MoveRule, TradeCheck, WhileBlocked};

use crate::codes::Chosen;

/// A line of the table of movements (变动规则).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "MovementRule")]
pub struct MovementRuleObject {
    /// How units or money move (变动类型).
    pub movement: Chosen<MoveKind>,
    /// Of which kinds of factor (要素类型).
    pub kinds: Vec<Chosen<FactorKind>>,
    /// From accounts for these purposes (转出账户用途).
    pub from: Vec<Chosen<AccountPurpose>>,
    /// To accounts for these purposes (转入账户用途).
    pub to: Vec<Chosen<AccountPurpose>>,
    /// In which status the account must be that it leaves (转出账户状态).
    pub from_status: Vec<Chosen<AccountStatus>>,
    /// In which status the account must be that it comes to (转入账户状态).
    pub to_status: Vec<Chosen<AccountStatus>>,
    /// Who may ask for it, beside the administrator; none: the registry alone (角色).
    pub roles: Vec<Chosen<Role>>,
    /// True: the holders must be the same; false: they must differ; null: whoever they are (持有人须相同).
    pub same_holder: Option<bool>,
    /// Whether the factor must be tradable on the day, between holders that differ (须可交易).
    pub tradable: bool,
    /// Whether it goes on while books differ about one of the accounts (对账暂停期间照常).
    pub goes_on_while_blocked: bool,
}

impl From<&MoveRule> for MovementRuleObject {
    fn from(rule: &MoveRule) -> Self {
        let MoveRule { movement, kinds, from, to, from_status, to_status, roles, holder, trade, while_blocked } = rule;
        Self {
            movement: Chosen(*movement),
            kinds: chosen(kinds),
            from: chosen(from),
            to: chosen(to),
            from_status: chosen(from_status),
            to_status: chosen(to_status),
            roles: chosen(roles),
            same_holder: match holder {
                HolderRule::Any => None,
                HolderRule::Same => Some(true),
                HolderRule::Different => Some(false),
            },
            tradable: *trade == TradeCheck::BetweenHolders,
            goes_on_while_blocked: *while_blocked == WhileBlocked::GoesOn,
        }
    }
}

fn chosen<T: Copy>(members: &[T]) -> Vec<Chosen<T>> {
    members.iter().copied().map(Chosen).collect()
}
