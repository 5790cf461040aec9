//! Who may perform which kind of act.

use super::ActKind;
use crate::codes::Role;

/// Whether a role may perform an act. A bundle needs the authority of every leg, which is asked leg by leg.
pub fn may_perform(role: Role, kind: ActKind) -> bool {
    let is_above = role == Role::System || (role == Role::Admin && !is_the_registrys(kind));
    is_above || officers(kind).contains(&role)
}

/// What the registry alone does, when it falls due.
const fn is_the_registrys(kind: ActKind) -> bool {
    matches!(kind, ActKind::SettleSchedule | ActKind::ExpireHold | ActKind::ExpireLots | ActKind::ReportDifferences)
}

/// Whether a role may void an act of a kind: the approver what officers record, the administrator what is his alone.
/// What an act that rescinds gave back may be his too.
pub(super) fn may_rescind(role: Role, kind: ActKind) -> bool {
    let is_officers = kind != ActKind::RescindAct && !officers(kind).is_empty();
    (role == Role::Approver && is_officers) || (role != Role::Approver && may_perform(role, kind))
}

/// The roles, beside the administrator and the registry itself, that may perform an act.
const fn officers(kind: ActKind) -> &'static [Role] {
    match kind {
        ActKind::RegisterDistrict
        | ActKind::AmendDistrict
        | ActKind::RegisterPrincipal
        | ActKind::GrantRole
        | ActKind::RevokeRole
        | ActKind::ErasePersonal
        | ActKind::RegisterFactor
        | ActKind::AmendFactor
        | ActKind::ExpireHold
        | ActKind::ExpireLots
        | ActKind::ReportDifferences
        | ActKind::SettleSchedule => &[],
        ActKind::RescindAct | ActKind::ReverseTransfer | ActKind::ApproveAct => &[Role::Approver],
        ActKind::ApproveFreezeRelease | ActKind::ApproveUnfreeze => &[Role::Approver, Role::ZoneOfficer],
        ActKind::SetPlanning | ActKind::ChangeUse | ActKind::RegisterZone | ActKind::RetireZone => {
            &[Role::Planner, Role::ZoneOfficer]
        }
        ActKind::RegisterFeature | ActKind::RetireFeature => &[Role::Planner, Role::ZoneOfficer],
        ActKind::SetPrice => &[Role::ZoneOfficer, Role::Finance],
        ActKind::SetStockStatus => &[Role::ZoneOfficer, Role::Planner],
        ActKind::RegisterParty
        | ActKind::AmendParty
        | ActKind::RegisterParcel
        | ActKind::CorrectParcel
        | ActKind::ChangeParcel
        | ActKind::SplitParcel
        | ActKind::MergeParcels
        | ActKind::RetireParcel
        | ActKind::GrantRight
        | ActKind::TransferRight
        | ActKind::EndRight
        | ActKind::RecordTitle
        | ActKind::PlaceRestriction
        | ActKind::EndRestriction
        | ActKind::PlaceFreeze
        | ActKind::ProposeFreezeRelease
        | ActKind::SetCalendar => &[Role::ZoneOfficer],
        ActKind::SetCap | ActKind::OpenAccount | ActKind::SetAccountStatus | ActKind::AuthoriseVenue => {
            &[Role::ZoneOfficer, Role::Ecology, Role::Energy, Role::Finance, Role::TradeOperator]
        }
        ActKind::IssueUnits | ActKind::CarryOverLots | ActKind::ClosePeriod => {
            &[Role::ZoneOfficer, Role::Planner, Role::Ecology, Role::Energy, Role::Finance]
        }
        ActKind::TransferUnits | ActKind::RetireUnits => &[
            Role::ZoneOfficer,
            Role::Planner,
            Role::Ecology,
            Role::Energy,
            Role::Finance,
            Role::TradeOperator,
            Role::Enterprise,
        ],
        ActKind::PlaceHold | ActKind::ExtendHold | ActKind::ReleaseHold => {
            &[Role::Venue, Role::TradeOperator, Role::Enterprise]
        }
        ActKind::SettleHolds => &[Role::Venue, Role::TradeOperator],
        ActKind::ReconcileBooks => &[Role::Venue, Role::TradeOperator, Role::Finance],
        ActKind::LiftBlock => &[Role::TradeOperator, Role::Finance],
        ActKind::TrustCounterparty | ActKind::LeaseUnits => &[Role::TradeOperator, Role::Enterprise],
        ActKind::FreezeUnits | ActKind::ProposeUnfreeze => {
            &[Role::ZoneOfficer, Role::TradeOperator, Role::Ecology, Role::Energy, Role::Finance]
        }
        ActKind::OffsetUnits => &[Role::Ecology],
        ActKind::ConfirmTransfer | ActKind::RejectTransfer => &[Role::TradeOperator],
        ActKind::RecordDeposit | ActKind::ConfirmPayout | ActKind::ReturnPayout => &[Role::Finance],
        ActKind::RequestPayout => &[Role::Enterprise, Role::Finance],
        // The legs decide; any officer may bundle, schedule or propose what he may do alone.
        ActKind::ProposeAct | ActKind::ScheduleAct | ActKind::CancelSchedule | ActKind::Bundle => &[
            Role::ZoneOfficer,
            Role::Planner,
            Role::Finance,
            Role::Approver,
            Role::Ecology,
            Role::Energy,
            Role::TradeOperator,
            Role::Venue,
            Role::Enterprise,
        ],
    }
}
