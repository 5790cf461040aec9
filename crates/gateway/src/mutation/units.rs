//! Mutations that move units: issued, transferred, retired, offset, leased, carried over, reversed, answered by a register.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::{LotOrigin, MoveKind};
use yulin_domain::factor::{
    CarryOverLots, ConfirmTransfer, IssueUnits, LeaseUnits, OffsetUnits, RejectTransfer, RetireUnits, ReverseTransfer,
    TransferUnits, plain_reference,
};
use yulin_domain::journal::Refused;

use super::common::date;
use super::lots::{LotClassInput, SelectionInput, chosen_units};
use super::read::{Read, count, id, maybe, maybe_id, units, year};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::scalars::{Decimal, LocalDate};

/// Units to be issued (发行).
#[derive(Debug, Clone, InputObject)]
pub struct IssueUnitsInput {
    /// The issuance account (发行账户).
    pub from: ID,
    /// The pool, or of a mirrored allowance the holding (转入账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// The calendar year whose cap it counts against (年度).
    pub period: i32,
    /// Where they come from (来源).
    pub origin: Chosen<LotOrigin>,
    /// The year they count for (年份).
    pub vintage: i32,
    /// When they lapse and for which control unit they count (同质类别).
    pub class: Option<LotClassInput>,
    /// Where they go that lapse unused; required where they lapse (到期转入账户).
    pub retirement: Option<ID>,
    /// The permit (许可证).
    pub permit: Option<String>,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<IssueUnitsInput> for IssueUnits {
    type Error = Refused;
    fn try_from(
        IssueUnitsInput { from, to, amount, period, origin, vintage, class, retirement, permit, reference }: IssueUnitsInput,
    ) -> Read<Self> {
        Ok(Self {
            from: id(&from, "from")?,
            to: id(&to, "to")?,
            amount: units(&amount, "amount")?,
            period: year(period, "period")?,
            origin: origin.0,
            vintage: year(vintage, "vintage")?,
            class: maybe(class, "class")?.unwrap_or_default(),
            retirement: maybe_id(retirement.as_ref(), "retirement")?,
            permit,
            reference,
        })
    }
}

/// Units or money to be moved (划转).
#[derive(Debug, Clone, InputObject)]
pub struct TransferUnitsInput {
    /// The account they leave (转出账户).
    pub from: ID,
    /// The account they come to (转入账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
    /// The day on which it counts, told beside the order of entries; not in the future, nor in a closed period (起息日).
    pub value_date: Option<LocalDate>,
}

impl TryFrom<TransferUnitsInput> for TransferUnits {
    type Error = Refused;
    fn try_from(
        TransferUnitsInput { from, to, amount, selection, reference, value_date }: TransferUnitsInput,
    ) -> Read<Self> {
        Ok(Self {
            from: id(&from, "from")?,
            to: id(&to, "to")?,
            amount: units(&amount, "amount")?,
            selection: chosen_units(selection)?,
            reference,
            value_date: date(value_date, "valueDate")?,
        })
    }
}

/// Units to be taken out of use (注销、清缴或核销).
#[derive(Debug, Clone, InputObject)]
pub struct RetireUnitsInput {
    /// The account they leave (转出账户).
    pub from: ID,
    /// A retirement account (注销账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// RETIRE, SURRENDER or CANCEL (方式).
    pub kind: Chosen<MoveKind>,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<RetireUnitsInput> for RetireUnits {
    type Error = Refused;
    fn try_from(RetireUnitsInput { from, to, amount, kind, selection, reference }: RetireUnitsInput) -> Read<Self> {
        Ok(Self {
            from: id(&from, "from")?,
            to: id(&to, "to")?,
            amount: units(&amount, "amount")?,
            kind: kind.0,
            selection: chosen_units(selection)?,
            reference,
        })
    }
}

/// What a project newly emits, to be offset by a ratio; the ratio rests on the legal basis of the act (削减替代).
#[derive(Debug, Clone, InputObject)]
pub struct OffsetUnitsInput {
    /// The account they leave (转出账户).
    pub from: ID,
    /// A retirement account (注销账户).
    pub to: ID,
    /// What the project emits, in base units, before the ratio (新增排放量).
    pub emitted: Decimal,
    /// The ratio in hundredths, at least 100 (替代比例百分数).
    pub ratio_hundredths: i32,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// The project (项目).
    pub project: String,
    /// The measure of reduction they come from; used once (削减来源).
    pub source: String,
}

impl TryFrom<OffsetUnitsInput> for OffsetUnits {
    type Error = Refused;
    fn try_from(
        OffsetUnitsInput { from, to, emitted, ratio_hundredths, selection, project, source }: OffsetUnitsInput,
    ) -> Read<Self> {
        Ok(Self {
            from: id(&from, "from")?,
            to: id(&to, "to")?,
            emitted: units(&emitted, "emitted")?,
            ratio_hundredths: count(Some(ratio_hundredths), "ratioHundredths")?.unwrap_or_default(),
            selection: chosen_units(selection)?,
            project,
            source: plain_reference(&source),
        })
    }
}

/// Units to be leased to another; they come back by themselves (出租).
#[derive(Debug, Clone, InputObject)]
pub struct LeaseUnitsInput {
    /// The account of the lessor (出租方账户).
    pub from: ID,
    /// The account of the lessee (承租方账户).
    pub to: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// The last day, a year ahead at most (租期截止日).
    pub until: LocalDate,
    /// What the other side calls it: an order, a contract, a decision (业务参考号).
    pub reference: Option<String>,
}

impl TryFrom<LeaseUnitsInput> for LeaseUnits {
    type Error = Refused;
    fn try_from(LeaseUnitsInput { from, to, amount, selection, until, reference }: LeaseUnitsInput) -> Read<Self> {
        Ok(Self {
            from: id(&from, "from")?,
            to: id(&to, "to")?,
            amount: units(&amount, "amount")?,
            selection: chosen_units(selection)?,
            until: until.date("until")?,
            reference,
        })
    }
}

/// Units to be carried over into another year (结转).
#[derive(Debug, Clone, InputObject)]
pub struct CarryOverLotsInput {
    /// The account (账户).
    pub account: ID,
    /// How many base units (数量).
    pub amount: Decimal,
    /// Which units; left out: the first of the first class (选取方式).
    pub selection: Option<SelectionInput>,
    /// The year they then count for (年份).
    pub vintage: i32,
    /// The last day on which they are then valid (有效期截止日).
    pub expires_on: Option<LocalDate>,
}

impl TryFrom<CarryOverLotsInput> for CarryOverLots {
    type Error = Refused;
    fn try_from(
        CarryOverLotsInput { account, amount, selection, vintage, expires_on }: CarryOverLotsInput,
    ) -> Read<Self> {
        Ok(Self {
            account: id(&account, "account")?,
            amount: units(&amount, "amount")?,
            selection: chosen_units(selection)?,
            vintage: year(vintage, "vintage")?,
            expires_on: date(expires_on, "expiresOn")?,
        })
    }
}

/// A transfer to be reversed whole, once, within its window; for a reason (冲正).
#[derive(Debug, Clone, InputObject)]
pub struct ReverseTransferInput {
    /// The transfer (划转).
    pub transfer: ID,
}

impl TryFrom<ReverseTransferInput> for ReverseTransfer {
    type Error = Refused;
    fn try_from(ReverseTransferInput { transfer }: ReverseTransferInput) -> Read<Self> {
        Ok(Self { transfer: id(&transfer, "transfer")? })
    }
}

/// That the outside register confirmed a transfer (外部登记确认).
#[derive(Debug, Clone, InputObject)]
pub struct ConfirmTransferInput {
    /// The transfer (划转).
    pub transfer: ID,
    /// The reference under which it stands there (外部登记号).
    pub register_reference: String,
}

impl TryFrom<ConfirmTransferInput> for ConfirmTransfer {
    type Error = Refused;
    fn try_from(ConfirmTransferInput { transfer, register_reference }: ConfirmTransferInput) -> Read<Self> {
        Ok(Self { transfer: id(&transfer, "transfer")?, register_reference })
    }
}

/// That the outside register rejected a transfer (外部登记驳回).
#[derive(Debug, Clone, InputObject)]
pub struct RejectTransferInput {
    /// The transfer (划转).
    pub transfer: ID,
    /// The reference of the rejection (驳回文号).
    pub register_reference: String,
}

impl TryFrom<RejectTransferInput> for RejectTransfer {
    type Error = Refused;
    fn try_from(RejectTransferInput { transfer, register_reference }: RejectTransferInput) -> Read<Self> {
        Ok(Self { transfer: id(&transfer, "transfer")?, register_reference })
    }
}

mutations! {
    UnitMutations:
    /// Issues numbered units against the cap of a year (发行).
    issue_units(IssueUnitsInput) = IssueUnits;
    /// Moves units or money between accounts (划转).
    transfer_units(TransferUnitsInput) = TransferUnits;
    /// Takes units out of use (注销、清缴或核销).
    retire_units(RetireUnitsInput) = RetireUnits;
    /// Offsets what a project newly emits (削减替代).
    offset_units(OffsetUnitsInput) = OffsetUnits;
    /// Leases units to another (出租).
    lease_units(LeaseUnitsInput) = LeaseUnits;
    /// Carries units over into another year (结转).
    carry_over_lots(CarryOverLotsInput) = CarryOverLots;
    /// Reverses a transfer by new entries (冲正).
    reverse_transfer(ReverseTransferInput) = ReverseTransfer;
    /// Records that the outside register confirmed a transfer; what was received is free (外部登记确认).
    confirm_transfer(ConfirmTransferInput) = ConfirmTransfer;
    /// Records that the outside register rejected a transfer; units and money go back in one act (外部登记驳回).
    reject_transfer(RejectTransferInput) = RejectTransfer;
}
