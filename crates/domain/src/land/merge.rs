//! How parcels are merged into one that is all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::check::check_parcel;
use super::parcel::Parcel;
use super::patch::ParcelPatch;
use super::register::{given_codes, lay};
use super::retire::{leaving, retired};
use super::right::Right;
use super::split::{count_within, heir_of, like, same_land};
use super::succession::{Disposition, carried, no_rights_left, released};
use crate::error_catalogue::ErrorCode;
use crate::factor::apportion;
use crate::geometry::SubmittedFootprint;
use crate::journal::{Body, Change, Context, Decision, GridOf, Needs, ParcelId, Record, Refused, RightId, Seen};

/// Parcels that one merger may join.
pub const PARENTS_MAX: usize = 200;

/// Merges parcels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MergeParcels {
    pub parcels: Vec<Seen<ParcelId>>,
    /// What differs from the first of the parcels; the code is new.
    pub facts: ParcelPatch,
    pub footprint: SubmittedFootprint,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Disposition>,
}

impl Body for MergeParcels {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.extend(self.parcels.iter().map(|seen| seen.id));
        needs.neighbours_of.extend(self.parcels.iter().map(|seen| seen.id));
        needs.ledger.bound_to.extend(self.parcels.iter().map(|seen| seen.id));
        needs.ledger.heirs.extend(self.facts.label());
        needs.parcel_codes.extend(given_codes(&self.facts));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.parcels.first().map(|seen| (GridOf::Parcel(seen.id), &self.footprint)).into_iter().collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parents = self.parents(context)?;
        let ids: Vec<_> = parents.iter().map(|parent| parent.id).collect();
        no_rights_left(context, &ids, &self.dispositions, 1)?;
        let Some(first) = parents.first() else { return Ok(Decision::default()) };
        let id = ParcelId::made_by(context.envelope.id, context.leg, 0);
        let mut heir = heir_of(first, id, ids.clone());
        self.facts.apply(&mut heir);
        lay(&mut heir, &self.footprint, context.footprint(0)?);
        like(first, &heir, ErrorCode::MergeMismatch)?;
        check_parcel(context, &mut heir, context.span(), &ids)?;
        same_land(&parents, &[&heir], ErrorCode::MergeMismatch)?;
        let quotas = apportion::merge(context, &ids, &heir)?;
        let mut changes: Vec<_> = ids.iter().flat_map(|parent| released(context, *parent)).collect();
        changes.extend(parents.iter().map(|parent| retired(context, parent, vec![id])));
        changes.push(Change::put(id.into(), id.into(), context.span(), heir));
        changes.extend(consolidated(carried(context, &self.dispositions, &[id])?)?);
        changes.extend(quotas);
        Ok(changes.into())
    }
}

impl MergeParcels {
    /// The parcels, each once, registered, in one district and layer, and free to go.
    fn parents<'a>(&self, context: &Context<'a>) -> Result<Vec<&'a Parcel>, Refused> {
        count_within(self.parcels.len(), PARENTS_MAX, ErrorCode::MergeTooFew, "parcels")?;
        let mut parents: Vec<&Parcel> = Vec::with_capacity(self.parcels.len());
        for (place, seen) in self.parcels.iter().enumerate() {
            let field = format!("parcels[{place}]");
            let parcel = context.registered_parcel(*seen, &field)?;
            let alike = parents.first().is_none_or(|first| {
                first.district == parcel.district && first.layer == parcel.layer && first.ownership == parcel.ownership
            });
            if !alike {
                return Err(Refused::new(ErrorCode::MergeUnlike).at(field).told("parcel", parcel.label()));
            }
            if parents.iter().any(|other| other.id == parcel.id) {
                return Err(Refused::new(ErrorCode::Validation).at(field).told("parcel", parcel.label()));
            }
            leaving(context, parcel).map_err(|refused| refused.at(field))?;
            parents.push(parcel);
        }
        Ok(parents)
    }
}

/// Rights that differ in nothing but the parcel they come from become one, and what lay on either lies on it; two that
/// differ cannot both be carried where one right of a type stands.
fn consolidated(changes: Vec<Change>) -> Result<Vec<Change>, Refused> {
    let mut kept: Vec<Change> = Vec::new();
    let mut joined: BTreeMap<RightId, RightId> = BTreeMap::new();
    for change in changes {
        let Some(Record::Right(right)) = change.versions.first().map(|version| &*version.state) else {
            kept.push(weighing_on(&joined, change));
            continue;
        };
        let rival = kept.iter().filter_map(right_of).find(|other| other.tenure.right_type == right.tenure.right_type);
        match rival {
            None => kept.push(change),
            Some(other) if other.tenure == right.tenure && other.holders == right.holders => {
                joined.insert(right.id, other.id);
            }
            Some(other) => {
                return Err(Refused::new(ErrorCode::RightOverlap)
                    .at("dispositions")
                    .told("right", label(other))
                    .told("with", label(right)));
            }
        }
    }
    Ok(kept)
}

/// A restriction of a right that was joined to another lies on that other.
fn weighing_on(joined: &BTreeMap<RightId, RightId>, mut change: Change) -> Change {
    for version in &mut change.versions {
        if let Record::Restriction(restriction) = &*version.state
            && let Some(other) = restriction.particulars.right.and_then(|right| joined.get(&right))
        {
            let mut moved = restriction.clone();
            moved.particulars.right = Some(*other);
            version.state = Arc::new(Record::Restriction(moved));
        }
    }
    change
}

fn right_of(change: &Change) -> Option<&Right> {
    match change.versions.first().map(|version| &*version.state) {
        Some(Record::Right(right)) => Some(right),
        _ => None,
    }
}

fn label(right: &Right) -> String {
    right.carried_from.unwrap_or(right.id).to_string()
}
