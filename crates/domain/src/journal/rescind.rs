//! Rescinding: a mistaken act is void in recorded time, where nothing depends on it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    ActId, ActKind, Body, Change, Context, Decision, Needs, ParcelId, Record, RecordKey, RecordKind, Refused, Row,
    Span, Subject, Version, WorkingSet, authority::may_rescind,
};
use crate::error_catalogue::ErrorCode;
use crate::land::{Parcel, check_overlap};

/// Greatest number of changes of an entry that may be rescinded.
pub const RESCIND_MAX: usize = 2_000;

/// Voids the act recorded as `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescindAct {
    pub seq: i64,
    pub act: ActId,
}

/// What persistence knows of the entry to be rescinded.
#[derive(Debug, Clone)]
pub struct Rescindable {
    pub act: ActId,
    /// The kinds of its legs.
    pub kinds: Vec<ActKind>,
    /// How much it changed; of more than `RESCIND_MAX` nothing else is loaded.
    pub changes: usize,
    /// Every record the entry changed, its subject, and the rows that were known just before.
    pub before: Vec<(Subject, RecordKey, Vec<Row>)>,
    /// The later entry by which it is void already.
    pub void_by: Option<i64>,
    /// Later entries on its subjects that stand: neither void nor what made another void.
    pub later: Vec<i64>,
    /// The last entry that was looked at; what is recorded since is of the batch at hand.
    pub seen: i64,
    /// Later entries that speak of what this one made.
    pub dependents: Vec<i64>,
}

impl Body for RescindAct {
    fn needs(&self, needs: &mut Needs) {
        needs.entries.push(self.seq);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let unknown = || Refused::new(ErrorCode::NotFound).at("act").with("seq", self.seq);
        let entry = context.set.rescindable(self.seq).filter(|entry| entry.act == self.act).ok_or_else(unknown)?;
        context.reasoned()?;
        entry.may_be_rescinded(context)?;
        // What an earlier leg of the same entry changed has no entry yet.
        if context.leg > 0 {
            return Err(Refused::new(ErrorCode::BundleInvalid).at("act").with("leg", 0));
        }
        if let Some(by) = entry.void_by {
            return Err(Refused::new(ErrorCode::RescindedAlready).at("act").with("by", by));
        }
        let heads = entry.before.iter().filter_map(|(subject, ..)| context.set.head(*subject));
        let later = heads.filter(|head| *head > entry.seen).chain(entry.later.iter().copied());
        let new = entry.before.iter().filter(|(.., rows)| rows.is_empty());
        let made: Vec<_> = new.map(|(_, key, _)| *key).collect();
        let naming = context.set.naming_since(self.seq, &made).chain(context.set.acted(&made));
        let naming = naming.chain(entry.dependents.iter().copied());
        let mut dependents: Vec<_> = later.chain(naming).collect();
        dependents.sort_unstable();
        dependents.dedup();
        if !dependents.is_empty() {
            return Err(Refused::new(ErrorCode::HasDependents).at("act").with("entries", dependents));
        }
        entry.fits_again(context.set)?;
        let changes = entry.before.iter().map(|(subject, key, rows)| restored(*subject, *key, rows));
        Ok(changes.collect::<Vec<_>>().into())
    }
}

impl Rescindable {
    /// Whether acts of these kinds may be rescinded at all, by this role, in one act.
    fn may_be_rescinded(&self, context: &Context<'_>) -> Result<(), Refused> {
        let refused = |code, kind: &ActKind| Err(Refused::new(code).at("act").told("kind", kind));
        if let Some(kind) = self.kinds.iter().find(|kind| is_final(**kind)) {
            return refused(ErrorCode::NotRescindable, kind);
        }
        if let Some(kind) = self.kinds.iter().find(|kind| !may_rescind(context.role(), **kind)) {
            return refused(ErrorCode::Forbidden, kind).map_err(|refused| refused.told("role", context.role()));
        }
        // A split or a merger that carried quotas with it.
        if self.before.iter().any(|(_, key, _)| key.kind == RecordKind::Posting) {
            return Err(Refused::new(ErrorCode::NotRescindable).at("act").told("kind", ActKind::TransferUnits));
        }
        if self.changes > RESCIND_MAX {
            let refused = Refused::new(ErrorCode::TooLarge).at("act");
            return Err(refused.with("changes", self.changes).with("most", RESCIND_MAX));
        }
        Ok(())
    }

    /// Whether what would be known again agrees with what has been recorded since: it bears no name that another now
    /// bears, and overlaps no land registered since.
    fn fits_again(&self, set: &WorkingSet) -> Result<(), Refused> {
        let keys: Vec<_> = self.before.iter().map(|(_, key, _)| *key).collect();
        let parcels: Vec<_> =
            keys.iter().filter(|key| key.kind == RecordKind::Parcel).map(|key| ParcelId(key.id)).collect();
        for (_, _, rows) in &self.before {
            for row in rows {
                names_what_is_there(row, set, &keys)?;
                for claim in row.state.claims() {
                    if let Some(other) = set.claimants(&claim).find(|other| !keys.contains(other)) {
                        let refused = Refused::new(ErrorCode::HasDependents).at("act");
                        return Err(refused.with("name", claim.name().to_owned()).told("record", other));
                    }
                }
                parcel_of(row).map_or(Ok(()), |parcel| check_overlap(set, parcel, row.valid, &parcels))?;
            }
        }
        Ok(())
    }
}

/// A row that would be known again names parties and a district that are known, or would be again with it.
fn names_what_is_there(row: &Row, set: &WorkingSet, again: &[RecordKey]) -> Result<(), Refused> {
    let parties = row.state.parties().into_iter().map(RecordKey::from);
    let mut named = parties.chain(row.state.district().map(RecordKey::from));
    let gone = named.find(|key| set.timeline(*key).is_none() && !again.contains(key));
    gone.map_or(Ok(()), |key| Err(Refused::new(ErrorCode::HasDependents).at("act").told("gone", key)))
}

/// Acts that are undone in a way of their own or not at all: a freeze is released by two, a scheduled act is taken
/// back or scheduled anew, and what is erased is gone.
const fn is_final(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::PlaceFreeze
            | ActKind::ProposeFreezeRelease
            | ActKind::ApproveFreezeRelease
            | ActKind::ErasePersonal
            | ActKind::ScheduleAct
            | ActKind::CancelSchedule
            | ActKind::ProposeAct
            | ActKind::ApproveAct
            | ActKind::SettleSchedule
    ) || is_ledgers(kind)
}

/// Whether an act is of the factor ledger: what happened there is reversed by new entries, never undone.
pub(super) const fn is_ledgers(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::RegisterFactor
            | ActKind::AmendFactor
            | ActKind::SetCap
            | ActKind::OpenAccount
            | ActKind::SetAccountStatus
            | ActKind::AuthoriseVenue
            | ActKind::TrustCounterparty
            | ActKind::IssueUnits
            | ActKind::TransferUnits
            | ActKind::PlaceHold
            | ActKind::ExtendHold
            | ActKind::ReleaseHold
            | ActKind::SettleHolds
            | ActKind::ExpireHold
            | ActKind::FreezeUnits
            | ActKind::ProposeUnfreeze
            | ActKind::ApproveUnfreeze
            | ActKind::RetireUnits
            | ActKind::OffsetUnits
            | ActKind::ReverseTransfer
            | ActKind::ConfirmTransfer
            | ActKind::RejectTransfer
            | ActKind::LeaseUnits
            | ActKind::CarryOverLots
            | ActKind::ExpireLots
            | ActKind::RecordDeposit
            | ActKind::RequestPayout
            | ActKind::ConfirmPayout
            | ActKind::ReturnPayout
            | ActKind::ReconcileBooks
            | ActKind::ReportDifferences
            | ActKind::LiftBlock
            | ActKind::ClosePeriod
    )
}

fn parcel_of(row: &Row) -> Option<&Parcel> {
    match &*row.state {
        Record::Parcel(parcel) => Some(parcel),
        _ => None,
    }
}

/// The record is again known as it was.
fn restored(subject: Subject, key: RecordKey, rows: &[Row]) -> Change {
    let versions = rows.iter().map(|row| Version { valid: row.valid, state: Arc::clone(&row.state) });
    Change { subject, previous: None, key, span: Span::ALL, versions: versions.collect() }
}
