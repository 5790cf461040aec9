//! The kinds of act, and the one place that dispatches over them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ApproveAct, CancelSchedule, Claim, Context, Decision, LedgerNeeds, ParcelId, PartyId, PersonalText, ProposeAct,
    RecordKey, Refused, RescindAct, ScheduleAct, SettleSchedule,
};
use crate::calendar::SetCalendar;
use crate::district::{AmendDistrict, RegisterDistrict};
use crate::factor::{
    AmendFactor, ApproveUnfreeze, AuthoriseVenue, CarryOverLots, ClosePeriod, ConfirmPayout, ConfirmTransfer,
    ExpireHold, ExpireLots, ExtendHold, FreezeUnits, IssueUnits, LeaseUnits, LiftBlock, OffsetUnits, OpenAccount,
    PlaceHold, ProposeUnfreeze, ReconcileBooks, RecordDeposit, RegisterFactor, RejectTransfer, ReleaseHold,
    ReportDifferences, RequestPayout, RetireUnits, ReturnPayout, ReverseTransfer, SetAccountStatus, SetCap,
    SettleHolds, TransferUnits, TrustCounterparty,
};
use crate::geometry::{Crs, Prepared as PreparedFootprint, SubmittedFootprint};
use crate::journal::DistrictId;
use crate::land::{
    ApproveFreezeRelease, ChangeParcel, ChangeUse, CorrectParcel, EndRestriction, EndRight, GrantRight, MergeParcels,
    PlaceFreeze, PlaceRestriction, ProposeFreezeRelease, RecordTitle, RegisterFeature, RegisterParcel, RegisterZone,
    RetireFeature, RetireParcel, RetireZone, SetPlanning, SetPrice, SetStockStatus, SplitParcel, TransferRight,
};
use crate::party::{AmendParty, ErasePersonal, GrantRole, RegisterParty, RegisterPrincipal, RevokeRole};

/// Where the grid comes from in which a submitted footprint is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridOf {
    District(DistrictId),
    Parcel(ParcelId),
    Crs(Crs),
}

/// What an act may look at, for persistence to load.
#[derive(Debug, Default)]
pub struct Needs {
    pub records: Vec<RecordKey>,
    /// Parcels with all rights, restrictions and freezes on them.
    pub parcels: Vec<ParcelId>,
    /// Parcels whose neighbours matter where they lie now.
    pub neighbours_of: Vec<ParcelId>,
    pub claims: Vec<Claim>,
    /// Parcel and unit codes whose bearers matter, under whatever root.
    pub parcel_codes: Vec<String>,
    /// Parties of which every set of personal data matters.
    pub personal_of: Vec<PartyId>,
    /// Entries whose changes may be undone.
    pub entries: Vec<i64>,
    /// What of the factor ledger matters.
    pub ledger: LedgerNeeds,
    /// Whether working calendars matter; they are few, and all are loaded.
    pub calendars: bool,
}

/// The prepared footprints of an act, by leg and place within the leg.
#[derive(Debug, Clone, Default)]
pub struct PreparedFootprints(pub BTreeMap<(usize, usize), PreparedFootprint>);

/// What a kind of act can be asked.
pub(crate) trait Body {
    /// What the decision will look at.
    fn needs(&self, needs: &mut Needs);
    /// Decides the act as one leg against the working set.
    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused>;
    /// The footprints as submitted, in the order of `Context::footprint`, and whose grid they are prepared in.
    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        Vec::new()
    }
    /// The personal data it carries.
    fn personal_mut(&mut self) -> Option<&mut PersonalText> {
        None
    }
}

macro_rules! acts {
    ($($kind:ident = $name:literal;)*) => {
        /// What an act does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActKind { $(
            #[doc = concat!("`", $name, "`.")]
            $kind,
        )*
            /// Several acts as numbered legs of one.
            Bundle,
        }

        impl ActKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)* Self::Bundle];

            /// The name in the journal and the API.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* Self::Bundle => "BUNDLE" }
            }
        }

        /// One act, or one leg of a bundle.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        pub enum ActBody { $(
            #[doc = concat!("`", $name, "`.")]
            #[serde(rename = $name)]
            $kind($kind),
        )* }

        impl ActBody {
            /// The kind of the act.
            pub const fn kind(&self) -> ActKind {
                match self { $(Self::$kind(_) => ActKind::$kind,)* }
            }

            fn body(&self) -> &dyn Body {
                match self { $(Self::$kind(body) => body,)* }
            }

            fn body_mut(&mut self) -> &mut dyn Body {
                match self { $(Self::$kind(body) => body,)* }
            }
        }

        $(impl From<$kind> for ActBody {
            fn from(body: $kind) -> Self {
                Self::$kind(body)
            }
        })*
    };
}

acts! {
    RegisterDistrict = "REGISTER_DISTRICT";
    AmendDistrict = "AMEND_DISTRICT";
    RegisterParty = "REGISTER_PARTY";
    AmendParty = "AMEND_PARTY";
    ErasePersonal = "ERASE_PERSONAL";
    RegisterPrincipal = "REGISTER_PRINCIPAL";
    GrantRole = "GRANT_ROLE";
    RevokeRole = "REVOKE_ROLE";
    RegisterParcel = "REGISTER_PARCEL";
    CorrectParcel = "CORRECT_PARCEL";
    ChangeParcel = "CHANGE_PARCEL";
    ChangeUse = "CHANGE_USE";
    SetPlanning = "SET_PLANNING";
    SetPrice = "SET_PRICE";
    SetStockStatus = "SET_STOCK_STATUS";
    SplitParcel = "SPLIT_PARCEL";
    MergeParcels = "MERGE_PARCELS";
    RetireParcel = "RETIRE_PARCEL";
    GrantRight = "GRANT_RIGHT";
    TransferRight = "TRANSFER_RIGHT";
    EndRight = "END_RIGHT";
    RecordTitle = "RECORD_TITLE";
    PlaceRestriction = "PLACE_RESTRICTION";
    EndRestriction = "END_RESTRICTION";
    PlaceFreeze = "PLACE_FREEZE";
    ProposeFreezeRelease = "PROPOSE_FREEZE_RELEASE";
    ApproveFreezeRelease = "APPROVE_FREEZE_RELEASE";
    RegisterZone = "REGISTER_ZONE";
    RetireZone = "RETIRE_ZONE";
    RegisterFeature = "REGISTER_FEATURE";
    RetireFeature = "RETIRE_FEATURE";
    RescindAct = "RESCIND_ACT";
    ScheduleAct = "SCHEDULE_ACT";
    CancelSchedule = "CANCEL_SCHEDULE";
    SettleSchedule = "SETTLE_SCHEDULE";
    RegisterFactor = "REGISTER_FACTOR";
    AmendFactor = "AMEND_FACTOR";
    SetCap = "SET_CAP";
    OpenAccount = "OPEN_ACCOUNT";
    SetAccountStatus = "SET_ACCOUNT_STATUS";
    AuthoriseVenue = "AUTHORISE_VENUE";
    TrustCounterparty = "TRUST_COUNTERPARTY";
    IssueUnits = "ISSUE_UNITS";
    TransferUnits = "TRANSFER_UNITS";
    PlaceHold = "PLACE_HOLD";
    ExtendHold = "EXTEND_HOLD";
    ReleaseHold = "RELEASE_HOLD";
    SettleHolds = "SETTLE_HOLDS";
    ExpireHold = "EXPIRE_HOLD";
    FreezeUnits = "FREEZE_UNITS";
    ProposeUnfreeze = "PROPOSE_UNFREEZE";
    ApproveUnfreeze = "APPROVE_UNFREEZE";
    RetireUnits = "RETIRE_UNITS";
    OffsetUnits = "OFFSET_UNITS";
    ReverseTransfer = "REVERSE_TRANSFER";
    ConfirmTransfer = "CONFIRM_TRANSFER";
    RejectTransfer = "REJECT_TRANSFER";
    LeaseUnits = "LEASE_UNITS";
    CarryOverLots = "CARRY_OVER_LOTS";
    ExpireLots = "EXPIRE_LOTS";
    RecordDeposit = "RECORD_DEPOSIT";
    RequestPayout = "REQUEST_PAYOUT";
    ConfirmPayout = "CONFIRM_PAYOUT";
    ReturnPayout = "RETURN_PAYOUT";
    ProposeAct = "PROPOSE_ACT";
    ApproveAct = "APPROVE_ACT";
    SetCalendar = "SET_CALENDAR";
    ReconcileBooks = "RECONCILE_BOOKS";
    ReportDifferences = "REPORT_DIFFERENCES";
    LiftBlock = "LIFT_BLOCK";
    ClosePeriod = "CLOSE_PERIOD";
}

impl ActBody {
    /// What the decision will look at.
    pub fn needs(&self, needs: &mut Needs) {
        self.body().needs(needs);
    }

    /// The footprints as submitted, and whose grid they are prepared in.
    pub fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.body().footprints()
    }

    /// The personal data it carries.
    pub fn personal_mut(&mut self) -> Option<&mut PersonalText> {
        self.body_mut().personal_mut()
    }

    pub(super) fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        self.body().decide(context)
    }
}

impl std::fmt::Display for ActKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for ActKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|kind| kind.name() == text);
        found.copied().ok_or_else(|| format!("{text:?} is no kind of act"))
    }
}
