//! Scheduled acts: handed in now, with who and why; begun by the registry when their time has come.
//!
//! A scheduled act is decided when it begins, by the rules and on the facts of then: what it names by version must be as
//! its author saw it. When and by which entry it begins is said in `due`.

use serde::{Deserialize, Serialize};

use super::{
    ActBody, ActKind, Body, Change, Context, Decision, Digest, DistrictId, GridOf, LEGS_MAX, Narrowing, Needs,
    PrincipalId, Record, RecordKey, Refused, ScheduleId, may_perform,
};
use crate::codes::Role;
use crate::error_catalogue::ErrorCode;
use crate::geometry::SubmittedFootprint;
use crate::quantity::Instant;

/// How far ahead an act may be scheduled: a hundred years.
const AHEAD_MAX_MICROS: i64 = 100 * 366 * 24 * 3_600 * 1_000_000;

/// An act that waits for its time, or did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    pub id: ScheduleId,
    /// Who handed it in, and in which role; on whose behalf it begins.
    pub author: PrincipalId,
    pub role: Role,
    pub begins_at: Instant,
    /// What is done then.
    pub legs: Vec<ActBody>,
    /// Within what the keys may act by which it was handed in and approved; it must stay within each when it begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<Narrowing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Digest>,
    /// Who approved it, where it was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<PrincipalId>,
    /// How long it waits once approved, on whose calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<ApprovalDelay>,
    pub outcome: ScheduleOutcome,
}

/// Working days on a district's calendar between an approval and its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalDelay {
    pub days: u16,
    pub district: DistrictId,
}

/// What became of a scheduled act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScheduleOutcome {
    /// It waits for someone else to approve it.
    Proposed,
    Waiting,
    Begun,
    /// Refused when its time had come.
    Refused(Refused),
    Cancelled,
}

/// What became of a scheduled act, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScheduleState {
    Proposed,
    Waiting,
    Begun,
    Refused,
    Cancelled,
}

impl ScheduleState {
    /// The word, as in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "PROPOSED",
            Self::Waiting => "WAITING",
            Self::Begun => "BEGUN",
            Self::Refused => "REFUSED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl ScheduleOutcome {
    /// In a word.
    pub const fn state(&self) -> ScheduleState {
        match self {
            Self::Proposed => ScheduleState::Proposed,
            Self::Waiting => ScheduleState::Waiting,
            Self::Begun => ScheduleState::Begun,
            Self::Refused(_) => ScheduleState::Refused,
            Self::Cancelled => ScheduleState::Cancelled,
        }
    }

    /// Why it was refused, where it was.
    pub const fn refusal(&self) -> Option<&Refused> {
        match self {
            Self::Refused(refused) => Some(refused),
            Self::Proposed | Self::Waiting | Self::Begun | Self::Cancelled => None,
        }
    }
}

/// Hands in an act that is to begin later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleAct {
    pub begins_at: Instant,
    pub legs: Vec<ActBody>,
}

/// Takes back a scheduled act that has not begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelSchedule {
    pub schedule: super::Seen<ScheduleId>,
}

/// Records what became of a scheduled act when its time had come. The registry alone performs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettleSchedule {
    pub schedule: ScheduleId,
    pub author: PrincipalId,
    /// Why it did not begin; absent where it did, with the legs that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

impl Schedule {
    /// When it falls due; none once settled.
    pub fn due_at(&self) -> Option<Instant> {
        (self.outcome == ScheduleOutcome::Waiting).then_some(self.begins_at)
    }
}

impl Body for ScheduleAct {
    fn needs(&self, needs: &mut Needs) {
        // Whether it stays within what a key is narrowed to is seen from what the legs name.
        self.legs.iter().for_each(|leg| leg.needs(needs));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        // Prepared now so that what cannot be read is refused now, and again when the act begins.
        self.legs.iter().flat_map(ActBody::footprints).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        self.check_time(context.now)?;
        check_legs(context, &self.legs)?;
        let id = ScheduleId::made_by(context.envelope.id, context.leg, 0);
        let schedule = Schedule {
            id,
            author: context.principal(),
            role: context.role(),
            begins_at: self.begins_at,
            legs: self.legs.clone(),
            within: context.envelope.narrowing.iter().cloned().collect(),
            reason: context.envelope.reason.clone(),
            legal_basis: context.envelope.legal_basis.clone(),
            evidence: context.envelope.evidence.clone(),
            approved_by: None,
            delay: None,
            outcome: ScheduleOutcome::Waiting,
        };
        Ok(vec![Change::put(id.into(), id.into(), context.span(), schedule)].into())
    }
}

/// Legs that may wait, and that their author may do himself.
pub(super) fn check_legs(context: &Context<'_>, legs: &[ActBody]) -> Result<(), Refused> {
    if legs.is_empty() || legs.len() >= LEGS_MAX {
        return Err(Refused::new(ErrorCode::BundleInvalid).at("legs").with("most", LEGS_MAX - 1));
    }
    for (place, kind) in legs.iter().map(ActBody::kind).enumerate() {
        let at = |code| Refused::new(code).at(format!("legs[{place}]")).told("act", kind);
        if !may_be_scheduled(kind) {
            return Err(at(ErrorCode::NotSchedulable));
        }
        if !may_perform(context.role(), kind) {
            return Err(at(ErrorCode::Forbidden).told("role", context.role()));
        }
    }
    Ok(())
}

impl ScheduleAct {
    fn check_time(&self, now: Instant) -> Result<(), Refused> {
        let latest = Instant::from_micros(now.micros().saturating_add(AHEAD_MAX_MICROS));
        let refused = |code| Refused::new(code).at("beginsAt").told("beginsAt", self.begins_at);
        if self.begins_at <= now {
            return Err(refused(ErrorCode::DeadlinePassed).told("now", now));
        }
        if self.begins_at > latest {
            return Err(refused(ErrorCode::LimitExceeded).told("latest", latest));
        }
        Ok(())
    }
}

impl Body for CancelSchedule {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.schedule.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let waiting = open(context, self.schedule.id, &[ScheduleOutcome::Proposed, ScheduleOutcome::Waiting])?;
        context.unchanged(self.schedule, "schedule")?;
        context.nothing_later(self.schedule.id, "schedule")?;
        // Whoever disposes of what is his own alone takes back what is his own alone.
        let is_officer = !matches!(context.role(), Role::Enterprise | Role::Venue);
        let may = waiting.author == context.principal()
            || (is_officer && waiting.legs.iter().all(|leg| may_perform(context.role(), leg.kind())));
        if !may {
            return Err(Refused::new(ErrorCode::Forbidden).at("schedule").told("role", context.role()));
        }
        Ok(vec![settled(context, waiting, ScheduleOutcome::Cancelled)].into())
    }
}

impl Body for SettleSchedule {
    fn needs(&self, needs: &mut Needs) {
        needs.records.extend([RecordKey::from(self.schedule), self.author.into()]);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if context.principal() != PrincipalId::SYSTEM {
            return Err(Refused::new(ErrorCode::Forbidden).told("act", ActKind::SettleSchedule));
        }
        let waiting = waiting(context, self.schedule)?;
        if let Some(refused) = &self.refused {
            return Ok(vec![settled(context, waiting, ScheduleOutcome::Refused(refused.clone()))].into());
        }
        // Who has lost the role in the meantime no longer does through the registry what he may not do himself.
        let granted = match context.set.state(waiting.author, context.now) {
            Some(Record::Principal(author)) => author.roles.contains(&waiting.role),
            _ => waiting.author == PrincipalId::SYSTEM,
        };
        if !granted {
            let refused = Refused::new(ErrorCode::RoleNotGranted).told("principal", waiting.author);
            return Err(refused.told("role", waiting.role));
        }
        Ok(vec![settled(context, waiting, ScheduleOutcome::Begun)].into())
    }
}

/// A scheduled act that has not been settled.
fn waiting<'a>(context: &Context<'a>, id: ScheduleId) -> Result<&'a Schedule, Refused> {
    open(context, id, &[ScheduleOutcome::Waiting])
}

/// A scheduled act of which something may still become.
pub(super) fn open<'a>(
    context: &Context<'a>,
    id: ScheduleId,
    outcomes: &[ScheduleOutcome],
) -> Result<&'a Schedule, Refused> {
    match context.set.state(id, context.now) {
        Some(Record::Schedule(schedule)) if outcomes.contains(&schedule.outcome) => Ok(schedule),
        Some(Record::Schedule(_)) => Err(Refused::new(ErrorCode::State).at("schedule").told("schedule", id)),
        _ => Err(Refused::new(ErrorCode::NotFound).at("schedule").told("schedule", id)),
    }
}

fn settled(context: &Context<'_>, schedule: &Schedule, outcome: ScheduleOutcome) -> Change {
    let settled = Schedule { outcome, ..schedule.clone() };
    Change::put(settled.id.into(), settled.id.into(), context.span(), settled)
}

/// Whether an act may wait for its time. Not what names other entries, needs a second pair of eyes, or carries
/// personal data: those lie beside the journal and must be erasable through what holds them.
const fn may_be_scheduled(kind: ActKind) -> bool {
    match kind {
        ActKind::RegisterParty
        | ActKind::AmendParty
        | ActKind::ErasePersonal
        | ActKind::ProposeFreezeRelease
        | ActKind::ApproveFreezeRelease
        | ActKind::RescindAct
        | ActKind::ScheduleAct
        | ActKind::CancelSchedule
        | ActKind::ProposeAct
        | ActKind::ApproveAct
        | ActKind::SettleSchedule
        | ActKind::AmendFactor
        | ActKind::SetAccountStatus
        | ActKind::TrustCounterparty
        | ActKind::ExtendHold
        | ActKind::ReleaseHold
        | ActKind::ExpireHold
        | ActKind::FreezeUnits
        | ActKind::ProposeUnfreeze
        | ActKind::ApproveUnfreeze
        | ActKind::ReverseTransfer
        | ActKind::ConfirmTransfer
        | ActKind::RejectTransfer
        | ActKind::ExpireLots
        | ActKind::RecordDeposit
        | ActKind::ConfirmPayout
        | ActKind::ReturnPayout
        | ActKind::ReconcileBooks
        | ActKind::ReportDifferences
        | ActKind::LiftBlock
        | ActKind::ClosePeriod
        | ActKind::Bundle => false,
        ActKind::RegisterDistrict
        | ActKind::AmendDistrict
        | ActKind::RegisterPrincipal
        | ActKind::GrantRole
        | ActKind::RevokeRole
        | ActKind::RegisterParcel
        | ActKind::CorrectParcel
        | ActKind::ChangeParcel
        | ActKind::ChangeUse
        | ActKind::SetPlanning
        | ActKind::SetPrice
        | ActKind::SetStockStatus
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
        | ActKind::RegisterZone
        | ActKind::RetireZone
        | ActKind::RegisterFeature
        | ActKind::RetireFeature
        | ActKind::RegisterFactor
        | ActKind::SetCap
        | ActKind::OpenAccount
        | ActKind::AuthoriseVenue
        | ActKind::IssueUnits
        | ActKind::TransferUnits
        | ActKind::PlaceHold
        | ActKind::SettleHolds
        | ActKind::RetireUnits
        | ActKind::OffsetUnits
        | ActKind::LeaseUnits
        | ActKind::CarryOverLots
        | ActKind::RequestPayout
        | ActKind::SetCalendar => true,
    }
}
