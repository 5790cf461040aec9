//! Mutations of holds: placed, given time, given up, settled; freezes ordered by an authority.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::HoldKind;
use yulin_domain::factor::{
    ApproveUnfreeze, ExtendHold, FreezeUnits, PlaceHold, ProposeUnfreeze, ReleaseHold, Remainder, SETTLED_MAX,
    SUSPENDED_MAX, SettleHolds, SettleLeg,
};
use yulin_domain::journal::Refused;

use super::lots::{SelectionInput, chosen_units};
use super::read::{Read, each, few, id, ids, maybe_id, units};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::{Decimal, Timestamp};

/// Units or money to be set aside for an order or as a pledge (冻结).
#[derive(Debug, Clone, InputObject)]
pub struct PlaceHoldInput {
    /// The account (账户).
    pub account: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// ORDER or PLEDGE (种类).
    pub kind: Chosen<HoldKind>,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// It may be settled strictly before this instant; required of an order (到期时间).
    pub expires_at: Option<Timestamp>,
    /// The only account it may be settled to (限定转入账户).
    pub to: Option<ID>,
    /// To whom it is pledged; required of a pledge (质权人).
    pub pledgee: Option<ID>,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<PlaceHoldInput> for PlaceHold {
    type Error = Refused;
    fn try_from(
        PlaceHoldInput { account, amount, kind, selection, expires_at, to, pledgee, reference }: PlaceHoldInput,
    ) -> Read<Self> {
        Ok(Self {
            account: id(&account, "account")?,
            amount: units(&amount, "amount")?,
            kind: kind.0,
            selection: chosen_units(selection)?,
            expires_at: expires_at.map(|at| at.instant("expiresAt")).transpose()?,
            to: maybe_id(to.as_ref(), "to")?,
            pledgee: maybe_id(pledgee.as_ref(), "pledgee")?,
            reference,
        })
    }
}

/// An order to be given more time (展期).
#[derive(Debug, Clone, InputObject)]
pub struct ExtendHoldInput {
    /// The hold (冻结).
    pub hold: ID,
    /// The later deadline (到期时间).
    pub expires_at: Timestamp,
}

impl TryFrom<ExtendHoldInput> for ExtendHold {
    type Error = Refused;
    fn try_from(ExtendHoldInput { hold, expires_at }: ExtendHoldInput) -> Read<Self> {
        Ok(Self { hold: id(&hold, "hold")?, expires_at: expires_at.instant("expiresAt")? })
    }
}

/// A hold to be given up, whole or in part (解除冻结).
#[derive(Debug, Clone, InputObject)]
pub struct ReleaseHoldInput {
    /// The hold (冻结).
    pub hold: ID,
    /// How much; left out: all that is still set aside (数量).
    pub amount: Option<Decimal>,
}

impl TryFrom<ReleaseHoldInput> for ReleaseHold {
    type Error = Refused;
    fn try_from(ReleaseHoldInput { hold, amount }: ReleaseHoldInput) -> Read<Self> {
        Ok(Self { hold: id(&hold, "hold")?, amount: amount.map(|given| units(&given, "amount")).transpose()? })
    }
}

/// One part of a settlement (交收分项).
#[derive(Debug, Clone, InputObject)]
pub struct SettleLegInput {
    /// The hold (冻结).
    pub hold: ID,
    /// Where it goes (转入账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// What becomes of the rest: kept until the hold expires, or free at once (剩余部分处理).
    pub remainder: Option<Chosen<Remainder>>,
}

impl TryFrom<SettleLegInput> for SettleLeg {
    type Error = Refused;
    fn try_from(SettleLegInput { hold, to, amount, remainder }: SettleLegInput) -> Read<Self> {
        Ok(Self {
            hold: id(&hold, "hold")?,
            to: id(&to, "to")?,
            amount: units(&amount, "amount")?,
            remainder: remainder.map(|chosen| chosen.0).unwrap_or_default(),
        })
    }
}

/// Holds to be settled, all or none: units one way and money the other are delivery versus payment (交收).
#[derive(Debug, Clone, InputObject)]
pub struct SettleHoldsInput {
    /// The parts, at most 100 (分项).
    #[graphql(default)]
    pub legs: Vec<SettleLegInput>,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<SettleHoldsInput> for SettleHolds {
    type Error = Refused;
    fn try_from(SettleHoldsInput { legs, reference }: SettleHoldsInput) -> Read<Self> {
        few(&legs, SETTLED_MAX, "legs")?;
        Ok(Self { legs: each(legs, "legs")?, reference })
    }
}

/// Units or money to be frozen on the word of an authority: what is available is taken, the shortfall is named; what comes
/// free later falls to it, what arrives later is kept in by the status `FROZEN_OUT` of the account alone (要素冻结).
#[derive(Debug, Clone, InputObject)]
pub struct FreezeUnitsInput {
    /// The account (账户).
    pub account: ID,
    /// How much is ordered; left out: all there is (数量).
    pub amount: Option<Decimal>,
    /// CLAWBACK, SUPERVISION or COURT (种类).
    pub kind: Chosen<HoldKind>,
    /// Who ordered it; on its word alone is it released (决定机关).
    pub authority: String,
    /// The document (文书).
    pub document: Option<String>,
    /// Orders that must not be settled while it stands; their clocks stop (中止的订单冻结).
    #[graphql(default)]
    pub suspends: Vec<ID>,
}

impl TryFrom<FreezeUnitsInput> for FreezeUnits {
    type Error = Refused;
    fn try_from(
        FreezeUnitsInput { account, amount, kind, authority, document, suspends }: FreezeUnitsInput,
    ) -> Read<Self> {
        few(&suspends, SUSPENDED_MAX, "suspends")?;
        Ok(Self {
            account: id(&account, "account")?,
            amount: amount.map(|given| units(&given, "amount")).transpose()?,
            kind: kind.0,
            authority,
            document,
            suspends: ids(&suspends, "suspends")?,
        })
    }
}

/// A freeze to be released, as proposed (申请解冻要素).
#[derive(Debug, Clone, InputObject)]
pub struct ProposeUnfreezeInput {
    /// The freeze (冻结).
    pub hold: ID,
    /// The authority on whose word it is released (决定机关).
    pub authority: String,
}

impl TryFrom<ProposeUnfreezeInput> for ProposeUnfreeze {
    type Error = Refused;
    fn try_from(ProposeUnfreezeInput { hold, authority }: ProposeUnfreezeInput) -> Read<Self> {
        Ok(Self { hold: id(&hold, "hold")?, authority })
    }
}

/// A release that someone else proposed, to be approved (批准解冻要素).
#[derive(Debug, Clone, InputObject)]
pub struct ApproveUnfreezeInput {
    /// The freeze (冻结).
    pub hold: ID,
}

impl TryFrom<ApproveUnfreezeInput> for ApproveUnfreeze {
    type Error = Refused;
    fn try_from(ApproveUnfreezeInput { hold }: ApproveUnfreezeInput) -> Read<Self> {
        Ok(Self { hold: id(&hold, "hold")? })
    }
}

mutations! {
    HoldMutations:
    /// Sets units or money aside for an order, or as a pledge (冻结).
    place_hold(PlaceHoldInput) = PlaceHold;
    /// Gives an order more time (展期).
    extend_hold(ExtendHoldInput) = ExtendHold;
    /// Gives up what is set aside (解除冻结).
    release_hold(ReleaseHoldInput) = ReleaseHold;
    /// Settles holds, all or none (交收).
    settle_holds(SettleHoldsInput) = SettleHolds;
    /// Freezes units or money on the word of an authority (要素冻结).
    freeze_units(FreezeUnitsInput) = FreezeUnits;
    /// Proposes that a freeze be released (申请解冻要素).
    propose_unfreeze(ProposeUnfreezeInput) = ProposeUnfreeze;
    /// Approves a release that someone else proposed; the orders it suspended go on with the time they had (批准解冻要素).
    approve_unfreeze(ApproveUnfreezeInput) = ApproveUnfreeze;
}
