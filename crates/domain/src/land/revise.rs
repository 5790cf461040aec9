//! How the facts or the boundary of a parcel change, or are corrected where they were recorded wrongly.

use serde::{Deserialize, Serialize};

use super::check::check_parcel;
use super::facts::{Planning, Price, Stock, UseShare};
use super::parcel::Parcel;
use super::patch::ParcelPatch;
use super::register::{given_codes, lay};
use crate::codes::ParcelState;
use crate::error_catalogue::ErrorCode;
use crate::geometry::SubmittedFootprint;
use crate::journal::{Body, Change, Context, Decision, GridOf, Needs, ParcelId, Record, Refused, Seen, Span, Version};
use crate::quantity::Instant;

/// Something changed in the world: the facts hold from the act's effect on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeParcel {
    pub parcel: Seen<ParcelId>,
    #[serde(default)]
    pub facts: ParcelPatch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprint: Option<SubmittedFootprint>,
    /// A planned lot becomes registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ParcelState>,
}

/// The record was wrong: within a span of valid time the facts are known to have been so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectParcel {
    pub parcel: Seen<ParcelId>,
    /// The part of the parcel's life that was recorded wrongly; all of it where nothing is said.
    #[serde(default = "whole_life")]
    pub valid: Span,
    #[serde(default)]
    pub facts: ParcelPatch,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footprint: Option<SubmittedFootprint>,
}

/// The use of the land changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeUse {
    pub parcel: Seen<ParcelId>,
    pub uses: Vec<UseShare>,
}

/// The planning limits are set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPlanning {
    pub parcel: Seen<ParcelId>,
    pub planning: Planning,
}

/// The prices are set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPrice {
    pub parcel: Seen<ParcelId>,
    pub price: Price,
}

/// The stock status is set, with the facts it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetStockStatus {
    pub parcel: Seen<ParcelId>,
    pub stock: Stock,
}

const fn whole_life() -> Span {
    Span::ALL
}

/// Whether the world changed or the record was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Change,
    Correction,
}

/// What an act revises, and when that is valid.
struct Revision<'a> {
    how: How,
    parcel: Seen<ParcelId>,
    span: Span,
    facts: &'a ParcelPatch,
    footprint: Option<&'a SubmittedFootprint>,
    state: Option<ParcelState>,
}

impl Revision<'_> {
    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let unknown = || Refused::new(ErrorCode::NotFound).at("parcel").told("parcel", self.parcel.id);
        let timeline = context.set.timeline(self.parcel.id).ok_or_else(unknown)?;
        match self.how {
            How::Change => drop(context.parcel(self.parcel, "parcel")?),
            How::Correction => context.unchanged(self.parcel, "parcel")?,
        }
        let mut changes = Vec::new();
        let mut within = false;
        for row in timeline.rows() {
            let (Some(common), Record::Parcel(before)) = (row.valid.intersection(self.span), &*row.state) else {
                continue;
            };
            within = true;
            self.keeps_what_is_later(context, before, row.valid.from)?;
            if let Some(after) = self.revised(context, before, common)? {
                let id = self.parcel.id;
                changes.push(Change::put(id.into(), id.into(), common, after));
            }
        }
        if !within {
            return Err(unknown().told("validFrom", self.span.from));
        }
        Ok(merged(changes).into())
    }

    /// What changes from an instant on does not undo a later change of the same fact; a correction says how it all was.
    fn keeps_what_is_later(&self, context: &Context<'_>, later: &Parcel, since: Instant) -> Result<(), Refused> {
        let Some(Record::Parcel(then)) = context.set.state(self.parcel.id, self.span.from) else { return Ok(()) };
        let moved = self.footprint.filter(|_| later.footprint != then.footprint).map(|_| "footprint");
        match self.facts.differing(then, later).or(moved) {
            Some(fact) if self.how == How::Change => {
                Err(Refused::new(ErrorCode::LaterFacts).at(fact).told("knownSince", since))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// The state as revised and checked; none where nothing changes.
    fn revised(&self, context: &Context<'_>, before: &Parcel, span: Span) -> Result<Option<Parcel>, Refused> {
        let mut after = before.clone();
        if let Some(state) = self.state {
            if before.state != ParcelState::Planned || state != ParcelState::Registered {
                return Err(Refused::new(ErrorCode::State).at("state").told("from", before.state).told("to", state));
            }
            after.state = state;
        }
        self.facts.apply(&mut after);
        if let Some(submitted) = self.footprint {
            lay(&mut after, submitted, context.footprint(0)?);
        }
        if after == *before {
            return Ok(None);
        }
        if before.state == ParcelState::Retired {
            return Err(Refused::new(ErrorCode::Retired).at("parcel").told("parcel", before.id));
        }
        if after.is_registered() && after.footprint.is_none() {
            return Err(Refused::new(ErrorCode::GeometryRequired).at("footprint"));
        }
        // What land it is stays while it is frozen; facts that deal with nothing may be recorded.
        if !after.is_same_land(before) {
            context.not_frozen(before.id)?;
        }
        check_parcel(context, &mut after, span, &[])?;
        Ok(Some(after))
    }
}

/// Changes of one record become one, where they adjoin.
fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::new();
    for change in changes {
        match joined.last_mut() {
            Some(last) if last.span.to == change.span.from => {
                last.span.to = change.span.to;
                for version in change.versions {
                    extend(&mut last.versions, version);
                }
            }
            Some(_) | None => joined.push(change),
        }
    }
    joined
}

fn extend(versions: &mut Vec<Version>, next: Version) {
    match versions.last_mut() {
        Some(last) if last.state == next.state => last.valid.to = next.valid.to,
        Some(_) | None => versions.push(next),
    }
}

fn whole_needs(needs: &mut Needs, parcel: ParcelId) {
    needs.parcels.push(parcel);
    needs.neighbours_of.push(parcel);
}

impl Body for ChangeParcel {
    fn needs(&self, needs: &mut Needs) {
        whole_needs(needs, self.parcel.id);
        needs.parcel_codes.extend(given_codes(&self.facts));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.footprint.iter().map(|footprint| (GridOf::Parcel(self.parcel.id), footprint)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let Self { parcel, facts, footprint, state } = self;
        let (parcel, state, footprint) = (*parcel, *state, footprint.as_ref());
        Revision { how: How::Change, parcel, span: context.span(), facts, footprint, state }.decide(context)
    }
}

impl Body for CorrectParcel {
    fn needs(&self, needs: &mut Needs) {
        whole_needs(needs, self.parcel.id);
        needs.parcel_codes.extend(given_codes(&self.facts));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.footprint.iter().map(|footprint| (GridOf::Parcel(self.parcel.id), footprint)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if self.valid.from >= self.valid.to {
            return Err(Refused::new(ErrorCode::Validation).at("valid"));
        }
        let Self { parcel, valid, facts, footprint } = self;
        let (parcel, footprint) = (*parcel, footprint.as_ref());
        Revision { how: How::Correction, parcel, span: *valid, facts, footprint, state: None }.decide(context)
    }
}

macro_rules! revisions {
    ($($act:ident . $given:ident),* $(,)?) => {$(
        impl Body for $act {
            fn needs(&self, needs: &mut Needs) {
                whole_needs(needs, self.parcel.id);
            }

            fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
                let facts = ParcelPatch { $given: Some(self.$given.clone()), ..ParcelPatch::default() };
                let (parcel, span) = (self.parcel, context.span());
                Revision { how: How::Change, parcel, span, facts: &facts, footprint: None, state: None }.decide(context)
            }
        }
    )*};
}
revisions!(ChangeUse.uses, SetPlanning.planning, SetPrice.price, SetStockStatus.stock);
