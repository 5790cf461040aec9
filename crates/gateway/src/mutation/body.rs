//! What an act does, as one input: exactly one of the kinds of act.

use async_graphql::OneofObject;
use yulin_domain::journal::{ActBody, ActKind};

use super::calendar::SetCalendarInput;
use super::district::{AmendDistrictInput, RegisterDistrictInput};
use super::feature::{RegisterFeatureInput, RetireFeatureInput};
use super::freeze::{ApproveFreezeReleaseInput, PlaceFreezeInput, ProposeFreezeReleaseInput};
use super::journal::RescindActInput;
use super::parcel::{
    ChangeParcelInput, ChangeUseInput, CorrectParcelInput, RegisterParcelInput, SetPlanningInput, SetPriceInput,
    SetStockStatusInput,
};
use super::party::{AmendPartyInput, ErasePersonalInput, RegisterPartyInput};
use super::principal::{GrantRoleInput, RegisterPrincipalInput, RevokeRoleInput};
use super::read::Read;
use super::restriction::{EndRestrictionInput, PlaceRestrictionInput};
use super::right::{EndRightInput, GrantRightInput, RecordTitleInput, TransferRightInput};
use super::schedule::{CancelScheduleInput, ScheduleActInput};
use super::succession::{MergeParcelsInput, RetireParcelInput, SplitParcelInput};
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
    /// Set a working calendar (设定工作日历).
    SetCalendar(SetCalendarInput);
}
