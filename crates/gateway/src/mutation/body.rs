//! What an act does, as one input: exactly one of the kinds of act.

use async_graphql::OneofObject;
use yulin_domain::journal::{ActBody, ActKind};

use super::account::{AuthoriseVenueInput, OpenAccountInput, SetAccountStatusInput, TrustCounterpartyInput};
use super::calendar::SetCalendarInput;
use super::district::{AmendDistrictInput, RegisterDistrictInput};
use super::factor::{AmendFactorInput, RegisterFactorInput, SetCapInput};
use super::feature::{RegisterFeatureInput, RetireFeatureInput};
use super::freeze::{ApproveFreezeReleaseInput, PlaceFreezeInput, ProposeFreezeReleaseInput};
use super::hold::{
    ApproveUnfreezeInput, ExtendHoldInput, FreezeUnitsInput, PlaceHoldInput, ProposeUnfreezeInput, ReleaseHoldInput,
    SettleHoldsInput,
};
use super::journal::RescindActInput;
use super::money::{ConfirmPayoutInput, RecordDepositInput, RequestPayoutInput, ReturnPayoutInput};
use super::parcel::{
    ChangeParcelInput, ChangeUseInput, CorrectParcelInput, RegisterParcelInput, SetPlanningInput, SetPriceInput,
    SetStockStatusInput,
};
use super::party::{AmendPartyInput, ErasePersonalInput, RegisterPartyInput};
use super::principal::{GrantRoleInput, RegisterPrincipalInput, RevokeRoleInput};
use super::read::Read;
use super::reconciliation::{ClosePeriodInput, LiftBlockInput, ReconcileBooksInput};
use super::restriction::{EndRestrictionInput, PlaceRestrictionInput};
use super::right::{EndRightInput, GrantRightInput, RecordTitleInput, TransferRightInput};
use super::schedule::{ApproveActInput, CancelScheduleInput, ProposeActInput, ScheduleActInput};
use super::succession::{MergeParcelsInput, RetireParcelInput, SplitParcelInput};
use super::units::{
    CarryOverLotsInput, ConfirmTransferInput, IssueUnitsInput, LeaseUnitsInput, OffsetUnitsInput, RejectTransferInput,
    RetireUnitsInput, ReverseTransferInput, TransferUnitsInput,
};
use super::zone::{RegisterZoneInput, RetireZoneInput};

macro_rules! bodies {
    ($($(#[$doc:meta])+ $kind:ident($input:ident);)+) => {
        /// What an act does: exactly one of the kinds of act (登记内容).
        // As large as its largest input; it lives for one request and is moved a few times.
        #[allow(clippy::large_enum_variant)]
        #[derive(Debug, Clone, OneofObject)]
        pub enum ActBodyInput {
            $( $(#[$doc])+ $kind($input), )+
        }

        impl ActBodyInput {
            /// The kind of act, known before anything of it is read.
            pub(super) const fn kind(&self) -> ActKind {
                match self { $( Self::$kind(_) => ActKind::$kind, )+ }
            }

            /// The act's body; refused with the field that cannot be read.
            pub(super) fn read(self) -> Read<ActBody> {
                Ok(match self { $( Self::$kind(input) => ActBody::$kind(input.try_into()?), )+ })
            }
        }
    };
}

bodies! {
    /// Register a district (登记辖区).
    RegisterDistrict(RegisterDistrictInput);
    /// Amend a district (变更辖区).
    AmendDistrict(AmendDistrictInput);
    /// Register a party (登记主体).
    RegisterParty(RegisterPartyInput);
    /// Amend a party (变更主体).
    AmendParty(AmendPartyInput);
    /// Erase personal data (删除个人信息).
    ErasePersonal(ErasePersonalInput);
    /// Register a principal (登记操作主体).
    RegisterPrincipal(RegisterPrincipalInput);
    /// Grant a role (授予角色).
    GrantRole(GrantRoleInput);
    /// Take a role away (收回角色).
    RevokeRole(RevokeRoleInput);
    /// Register a parcel or plan a lot (登记宗地).
    RegisterParcel(RegisterParcelInput);
    /// Correct a parcel (更正宗地).
    CorrectParcel(CorrectParcelInput);
    /// Change a parcel (变更宗地).
    ChangeParcel(ChangeParcelInput);
    /// Change the use of a parcel (变更用途).
    ChangeUse(ChangeUseInput);
    /// Set planning limits (设定规划条件).
    SetPlanning(SetPlanningInput);
    /// Set prices (设定价格).
    SetPrice(SetPriceInput);
    /// Set the stock status (设定存量状态).
    SetStockStatus(SetStockStatusInput);
    /// Split a parcel (分割宗地).
    SplitParcel(SplitParcelInput);
    /// Merge parcels (合并宗地).
    MergeParcels(MergeParcelsInput);
    /// Retire a parcel (注销宗地).
    RetireParcel(RetireParcelInput);
    /// Grant a right (设立权利).
    GrantRight(GrantRightInput);
    /// Transfer a right (转移权利).
    TransferRight(TransferRightInput);
    /// End a right (终止权利).
    EndRight(EndRightInput);
    /// Record a title (记录权证).
    RecordTitle(RecordTitleInput);
    /// Place a restriction or responsibility (设立限制或责任).
    PlaceRestriction(PlaceRestrictionInput);
    /// End a restriction or responsibility (解除限制或责任).
    EndRestriction(EndRestrictionInput);
    /// Freeze a parcel (冻结).
    PlaceFreeze(PlaceFreezeInput);
    /// Propose the release of a freeze (申请解冻).
    ProposeFreezeRelease(ProposeFreezeReleaseInput);
    /// Approve the release of a freeze (批准解冻).
    ApproveFreezeRelease(ApproveFreezeReleaseInput);
    /// Register a restriction zone (登记控制区).
    RegisterZone(RegisterZoneInput);
    /// End a restriction zone (注销控制区).
    RetireZone(RetireZoneInput);
    /// Register a feature (登记要素).
    RegisterFeature(RegisterFeatureInput);
    /// End a feature (注销要素).
    RetireFeature(RetireFeatureInput);
    /// Rescind an act (撤销登记).
    RescindAct(RescindActInput);
    /// Schedule an act (预约登记).
    ScheduleAct(ScheduleActInput);
    /// Take a scheduled act back (取消预约).
    CancelSchedule(CancelScheduleInput);
    /// Register a factor (登记要素品种).
    RegisterFactor(RegisterFactorInput);
    /// Amend rules and controls of a factor (变更要素规则).
    AmendFactor(AmendFactorInput);
    /// Set the cap of a factor for a year (设定总量上限).
    SetCap(SetCapInput);
    /// Open an account (开立账户).
    OpenAccount(OpenAccountInput);
    /// Set the status of an account (设定账户状态).
    SetAccountStatus(SetAccountStatusInput);
    /// Open accounts and factors to a venue (授权交易平台).
    AuthoriseVenue(AuthoriseVenueInput);
    /// Trust a counterparty (可信对手方).
    TrustCounterparty(TrustCounterpartyInput);
    /// Issue units (发行).
    IssueUnits(IssueUnitsInput);
    /// Transfer units or money (划转).
    TransferUnits(TransferUnitsInput);
    /// Set units or money aside (冻结).
    PlaceHold(PlaceHoldInput);
    /// Give an order more time (展期).
    ExtendHold(ExtendHoldInput);
    /// Give up a hold (解除冻结).
    ReleaseHold(ReleaseHoldInput);
    /// Settle holds (交收).
    SettleHolds(SettleHoldsInput);
    /// Freeze units or money (要素冻结).
    FreezeUnits(FreezeUnitsInput);
    /// Propose the release of frozen units (申请解冻要素).
    ProposeUnfreeze(ProposeUnfreezeInput);
    /// Approve the release of frozen units (批准解冻要素).
    ApproveUnfreeze(ApproveUnfreezeInput);
    /// Take units out of use (注销、清缴或核销).
    RetireUnits(RetireUnitsInput);
    /// Offset what a project emits (削减替代).
    OffsetUnits(OffsetUnitsInput);
    /// Reverse a transfer (冲正).
    ReverseTransfer(ReverseTransferInput);
    /// Record the confirmation of the outside register (外部登记确认).
    ConfirmTransfer(ConfirmTransferInput);
    /// Record the rejection by the outside register (外部登记驳回).
    RejectTransfer(RejectTransferInput);
    /// Lease units (出租).
    LeaseUnits(LeaseUnitsInput);
    /// Carry units over (结转).
    CarryOverLots(CarryOverLotsInput);
    /// Record a deposit (入金).
    RecordDeposit(RecordDepositInput);
    /// Request a payout (申请出金).
    RequestPayout(RequestPayoutInput);
    /// Confirm a payout (确认出金).
    ConfirmPayout(ConfirmPayoutInput);
    /// Return a payout (退回出金).
    ReturnPayout(ReturnPayoutInput);
    /// Propose an act that another must approve (提请复核).
    ProposeAct(ProposeActInput);
    /// Approve a proposed act (批准复核).
    ApproveAct(ApproveActInput);
    /// Set a working calendar (设定工作日历).
    SetCalendar(SetCalendarInput);
    /// Compare books (对账).
    ReconcileBooks(ReconcileBooksInput);
    /// Lift a block (解除对账暂停).
    LiftBlock(LiftBlockInput);
    /// Close a period (关闭账期).
    ClosePeriod(ClosePeriodInput);
}
