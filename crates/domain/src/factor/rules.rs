//! The table of movements: which act moves which factor between which accounts, in which status, by whose hand.
//!
//! Every check of a movement, its code and its documentation derive from this table and nothing else.

use std::sync::LazyLock;

use crate::codes::{AccountPurpose, AccountStatus, FactorKind, MoveKind, Role};

use AccountPurpose::{Escrow, Holding, Issuance, Pool, Retirement};
use AccountStatus::{Closed, Closing, FrozenBoth, FrozenIn, FrozenOut, Open};
use FactorKind::{CarbonAllowance, CarbonBudget, EmissionRight, EnergyQuota, Fund, LandQuota, Money};

/// How the holders of the two accounts must relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderRule {
    Any,
    Same,
    Different,
}

/// Whether the factor must be tradable on the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradeCheck {
    /// Between holders that differ.
    BetweenHolders,
    NotAsked,
}

/// Whether a movement goes on while books differ about one of its accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhileBlocked {
    Stops,
    /// It takes back, records what happened elsewhere, or what time brings.
    GoesOn,
}

/// A line of the table: this movement of these factors is allowed from such an account to such an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoveRule {
    pub movement: MoveKind,
    pub kinds: &'static [FactorKind],
    pub from: &'static [AccountPurpose],
    pub to: &'static [AccountPurpose],
    pub from_status: &'static [AccountStatus],
    pub to_status: &'static [AccountStatus],
    /// Beside the administrator and the registry itself.
    pub roles: &'static [Role],
    pub holder: HolderRule,
    pub trade: TradeCheck,
    pub while_blocked: WhileBlocked,
}

const PAYS: &[AccountStatus] = &[Open, FrozenIn, Closing];
const TAKES: &[AccountStatus] = &[Open, FrozenOut];
/// What was promised while an account was open is kept when it no longer is.
const STANDS: &[AccountStatus] = &[Open, FrozenIn, FrozenOut, FrozenBoth, Closing];
const WHATEVER: &[AccountStatus] = &[Open, FrozenIn, FrozenOut, FrozenBoth, Closing, Closed];

/// Factors of which units are allocated here.
const UNITS: &[FactorKind] = &[LandQuota, EmissionRight, EnergyQuota, CarbonBudget, Fund];
/// Factors of which units may have a last day.
const LAPSING: &[FactorKind] = &[LandQuota, EmissionRight, EnergyQuota, CarbonBudget, CarbonAllowance, Fund];
const RIGHTS: &[FactorKind] = &[EmissionRight, EnergyQuota];
const TRADED: &[FactorKind] = &[LandQuota, EmissionRight, EnergyQuota, CarbonBudget, Money];
const ALL: &[FactorKind] = &[LandQuota, EmissionRight, EnergyQuota, CarbonBudget, CarbonAllowance, Fund, Money];

/// Who brings units of a kind into the books, and takes them out: nobody else decides about them.
const KEEPERS: &[(&[FactorKind], &[Role])] = &[
    (&[LandQuota], &[Role::Planner, Role::ZoneOfficer]),
    (&[EmissionRight], &[Role::Ecology]),
    (&[EnergyQuota], &[Role::Energy]),
    (&[CarbonBudget], &[Role::Ecology, Role::Energy]),
    (&[Fund], FINANCE),
];
/// A split or merger of parcels brings it about.
const SURVEYORS: &[Role] = &[Role::ZoneOfficer];
const OPERATORS: &[Role] = &[Role::TradeOperator];
const VENUES: &[Role] = &[Role::Venue, Role::TradeOperator];
const TRADERS: &[Role] = &[Role::TradeOperator, Role::Enterprise];
const FINANCE: &[Role] = &[Role::Finance];

const fn rule(
    movement: MoveKind,
    kinds: &'static [FactorKind],
    (from, to): (&'static [AccountPurpose], &'static [AccountPurpose]),
    (from_status, to_status): (&'static [AccountStatus], &'static [AccountStatus]),
    roles: &'static [Role],
) -> MoveRule {
    let (holder, trade, while_blocked) = (HolderRule::Any, TradeCheck::NotAsked, WhileBlocked::Stops);
    MoveRule { movement, kinds, from, to, from_status, to_status, roles, holder, trade, while_blocked }
}

impl MoveRule {
    const fn traded(self) -> Self {
        Self { trade: TradeCheck::BetweenHolders, ..self }
    }

    const fn goes_on(self) -> Self {
        Self { while_blocked: WhileBlocked::GoesOn, ..self }
    }

    const fn between(self, holder: HolderRule) -> Self {
        Self { holder, ..self }
    }
}

/// What the keepers of a kind do with its units.
const KEPT: &[(MoveKind, Purposes)] = &[
    (MoveKind::Issue, (&[Issuance], &[Pool])),
    (MoveKind::Transfer, (&[Pool], &[Pool, Holding])),
    (MoveKind::Transfer, (&[Holding], &[Pool])),
    (MoveKind::Retire, (&[Holding], &[Retirement])),
    (MoveKind::Cancel, (&[Pool], &[Retirement])),
];

type Purposes = (&'static [AccountPurpose], &'static [AccountPurpose]);

/// Every movement that is allowed. What is not here is refused.
pub static RULES: LazyLock<Vec<MoveRule>> = LazyLock::new(|| {
    let kept = KEPT.iter().flat_map(|(movement, purposes)| {
        KEEPERS.iter().map(|(kinds, roles)| rule(*movement, kinds, *purposes, (PAYS, TAKES), roles))
    });
    kept.chain(FURTHER.iter().copied()).collect()
});

const FURTHER: &[MoveRule] = &[
    // A mirror: what the national registry allotted stands with its holder at once.
    rule(MoveKind::Issue, &[CarbonAllowance], (&[Issuance], &[Holding]), (PAYS, TAKES), &[Role::Ecology]),
    rule(MoveKind::Transfer, TRADED, (&[Holding], &[Holding]), (PAYS, TAKES), TRADERS).traded(),
    rule(MoveKind::Transfer, TRADED, (&[Holding], &[Escrow]), (PAYS, TAKES), TRADERS).between(HolderRule::Same),
    rule(MoveKind::Transfer, TRADED, (&[Escrow], &[Holding]), (PAYS, TAKES), OPERATORS),
    rule(MoveKind::Settle, TRADED, (&[Holding, Escrow], &[Holding, Escrow]), (STANDS, TAKES), VENUES).traded(),
    rule(MoveKind::Settle, TRADED, (&[Pool], &[Holding]), (STANDS, TAKES), VENUES).traded(),
    rule(MoveKind::Settle, TRADED, (&[Holding], &[Pool]), (STANDS, TAKES), VENUES),
    rule(
        MoveKind::Surrender,
        RIGHTS,
        (&[Holding], &[Retirement]),
        (PAYS, TAKES),
        &[Role::Ecology, Role::Energy, Role::Enterprise],
    ),
    rule(
        MoveKind::Surrender,
        &[CarbonBudget, CarbonAllowance],
        (&[Holding], &[Retirement]),
        (PAYS, TAKES),
        &[Role::Ecology, Role::Energy],
    ),
    rule(
        MoveKind::Offset,
        &[EmissionRight, CarbonBudget],
        (&[Holding], &[Retirement]),
        (PAYS, TAKES),
        &[Role::Ecology],
    ),
    rule(MoveKind::Expire, LAPSING, (&[Pool, Holding, Escrow], &[Retirement]), (WHATEVER, WHATEVER), &[]).goes_on(),
    rule(
        MoveKind::Reverse,
        ALL,
        (&[Pool, Holding, Escrow, Retirement], &[Pool, Holding, Escrow]),
        (STANDS, STANDS),
        &[Role::Approver],
    )
    .goes_on(),
    rule(MoveKind::Reverse, ALL, (&[Pool, Holding], &[Issuance]), (STANDS, STANDS), &[Role::Approver]).goes_on(),
    rule(
        MoveKind::Reject,
        TRADED,
        (&[Pool, Holding, Escrow], &[Pool, Holding, Escrow]),
        (WHATEVER, WHATEVER),
        OPERATORS,
    )
    .goes_on(),
    rule(MoveKind::Deposit, &[Money], (&[Issuance], &[Holding]), (PAYS, TAKES), FINANCE).goes_on(),
    rule(MoveKind::Payout, &[Money], (&[Holding], &[Issuance]), (STANDS, TAKES), FINANCE).goes_on(),
    rule(MoveKind::Lease, RIGHTS, (&[Holding], &[Holding]), (PAYS, TAKES), TRADERS)
        .between(HolderRule::Different)
        .traded(),
    rule(MoveKind::LeaseReturn, RIGHTS, (&[Holding], &[Holding]), (WHATEVER, WHATEVER), &[]).goes_on(),
    rule(MoveKind::Apportion, UNITS, (&[Holding], &[Holding]), (STANDS, TAKES), SURVEYORS).between(HolderRule::Same),
    rule(MoveKind::Apportion, UNITS, (&[Pool], &[Pool]), (STANDS, TAKES), SURVEYORS),
];

/// Whether a role keeps the books of a kind of factor: it brings units or money into them.
pub fn keeps(role: Role, kind: FactorKind) -> bool {
    let brings =
        |rule: &&MoveRule| matches!(rule.movement, MoveKind::Issue | MoveKind::Deposit) && rule.kinds.contains(&kind);
    matches!(role, Role::Admin | Role::System) || RULES.iter().filter(brings).any(|rule| rule.roles.contains(&role))
}

/// The lines for a movement of a factor between accounts of two purposes.
pub fn rules_for(
    movement: MoveKind,
    kind: FactorKind,
    from: AccountPurpose,
    to: AccountPurpose,
) -> impl Iterator<Item = &'static MoveRule> {
    RULES.iter().filter(move |rule| {
        rule.movement == movement && rule.kinds.contains(&kind) && rule.from.contains(&from) && rule.to.contains(&to)
    })
}
