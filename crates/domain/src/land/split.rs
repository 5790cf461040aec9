//! How a parcel is split into new ones that together are what it was.

use serde::{Deserialize, Serialize};

use super::check::check_parcel;
use super::parcel::Parcel;
use super::patch::ParcelPatch;
use super::register::{given_codes, lay};
use super::retire::{leaving, retired};
use super::succession::{Disposition, carried, no_rights_left, released};
use crate::error_catalogue::ErrorCode;
use crate::factor::{Apportionment, apportion};
use crate::geometry::{Footprint, SubmittedFootprint, area_tolerance, overlap_area, overlap_limit, union_mismatch};
use crate::journal::{Body, Change, Context, Decision, GridOf, Needs, ParcelId, Refused, Seen};
use crate::quantity::Area;

/// Parcels that one split may make.
pub const CHILDREN_MAX: usize = 200;

/// One of the new parcels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Child {
    /// What differs from the parent; the code is new.
    pub facts: ParcelPatch,
    pub footprint: SubmittedFootprint,
}

/// Splits a parcel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitParcel {
    pub parcel: Seen<ParcelId>,
    pub children: Vec<Child>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Disposition>,
    /// How quotas bound to the parcel are divided, where not by area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apportion: Vec<Apportionment>,
}

impl Body for SplitParcel {
    fn needs(&self, needs: &mut Needs) {
        needs.parcels.push(self.parcel.id);
        needs.neighbours_of.push(self.parcel.id);
        needs.ledger.bound_to.push(self.parcel.id);
        needs.ledger.heirs.extend(self.children.iter().filter_map(|child| child.facts.label()));
        needs.parcel_codes.extend(self.children.iter().flat_map(|child| given_codes(&child.facts)));
    }

    fn footprints(&self) -> Vec<(GridOf, &SubmittedFootprint)> {
        self.children.iter().map(|child| (GridOf::Parcel(self.parcel.id), &child.footprint)).collect()
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let parent = context.registered_parcel(self.parcel, "parcel")?;
        leaving(context, parent)?;
        count_within(self.children.len(), CHILDREN_MAX, ErrorCode::SplitTooFew, "children")?;
        no_rights_left(context, &[parent.id], &self.dispositions, self.children.len())?;
        let children = self.heirs(context, parent)?;
        same_land(&[parent], &children.iter().collect::<Vec<_>>(), ErrorCode::SplitMismatch)
            .map_err(|refused| refused.at("children"))?;
        let ids: Vec<_> = children.iter().map(|child| child.id).collect();
        let quotas = apportion::split(context, parent.id, &children, &self.apportion)?;
        let mut changes = released(context, parent.id);
        changes.push(retired(context, parent, ids.clone()));
        changes.extend(
            children.into_iter().map(|child| Change::put(child.id.into(), child.id.into(), context.span(), child)),
        );
        changes.extend(carried(context, &self.dispositions, &ids)?);
        changes.extend(quotas);
        Ok(changes.into())
    }
}

impl SplitParcel {
    /// The new parcels, each checked against the neighbours and against its siblings.
    fn heirs(&self, context: &Context<'_>, parent: &Parcel) -> Result<Vec<Parcel>, Refused> {
        let mut heirs: Vec<Parcel> = Vec::with_capacity(self.children.len());
        for (place, child) in self.children.iter().enumerate() {
            let id = ParcelId::made_by(context.envelope.id, context.leg, place);
            let mut heir = heir_of(parent, id, vec![parent.id]);
            child.facts.apply(&mut heir);
            lay(&mut heir, &child.footprint, context.footprint(place)?);
            let at = |refused: Refused| within(refused, &format!("children[{place}]"));
            like(parent, &heir, ErrorCode::SplitMismatch).map_err(at)?;
            new_code(&heir, &heirs).map_err(at)?;
            check_parcel(context, &mut heir, context.span(), &[parent.id]).map_err(at)?;
            apart_from(&heir, &heirs).map_err(at)?;
            heirs.push(heir);
        }
        Ok(heirs)
    }
}

/// Land does not change its layer or its owner by being divided or joined.
pub(super) fn like(parent: &Parcel, heir: &Parcel, code: ErrorCode) -> Result<(), Refused> {
    if heir.layer != parent.layer {
        return Err(Refused::new(code).at("layer").told("expected", parent.layer));
    }
    if heir.ownership != parent.ownership {
        return Err(Refused::new(code).at("ownership").told("expected", parent.ownership));
    }
    Ok(())
}

/// A parcel that continues another: its facts, without what named it or measured it.
pub(super) fn heir_of(parent: &Parcel, id: ParcelId, parents: Vec<ParcelId>) -> Parcel {
    Parcel {
        id,
        parents,
        code: None,
        unit_code: None,
        lot_number: None,
        registered_area: None,
        surveyed_area: None,
        external: None,
        successors: Vec::new(),
        ..parent.clone()
    }
}

/// Siblings of one act are not yet in the working set: their codes and land are compared here.
fn new_code(heir: &Parcel, siblings: &[Parcel]) -> Result<(), Refused> {
    let taken = siblings.iter().find(|sibling| sibling.code == heir.code || shares_unit(sibling, heir));
    taken.map_or(Ok(()), |sibling| Err(Refused::new(ErrorCode::CodeDuplicate).at("code").told("code", sibling.label())))
}

fn shares_unit(one: &Parcel, other: &Parcel) -> bool {
    one.unit_code.is_some() && one.unit_code == other.unit_code
}

fn apart_from(heir: &Parcel, siblings: &[Parcel]) -> Result<(), Refused> {
    let Some(footprint) = &heir.footprint else { return Ok(()) };
    for sibling in siblings {
        let Some(other) = &sibling.footprint else { continue };
        let area = overlap_area(footprint, other).map_err(|fault| fault.refused("footprint"))?;
        if area > overlap_limit(footprint.area_computed(), other.area_computed()) {
            let refused = Refused::new(ErrorCode::ParcelOverlap).at("footprint").with("count", 1);
            let named = serde_json::json!([{"code": sibling.label(), "squareMetres": area.square_metres()}]);
            return Err(refused.with("overlaps", named));
        }
    }
    Ok(())
}

/// The land is the same before and after: the unions agree within the limit of the smallest piece, and so do
/// the registered areas within the tolerance of the survey.
pub(super) fn same_land(before: &[&Parcel], after: &[&Parcel], code: ErrorCode) -> Result<(), Refused> {
    let olds: Vec<&Footprint> = before.iter().filter_map(|parcel| parcel.footprint.as_ref()).collect();
    let news: Vec<&Footprint> = after.iter().filter_map(|parcel| parcel.footprint.as_ref()).collect();
    let mismatch = union_mismatch(&olds, &news).map_err(|fault| fault.refused("footprint"))?;
    let smallest = olds.iter().chain(&news).map(|footprint| footprint.area_computed()).min().unwrap_or_default();
    let limit = overlap_limit(smallest, smallest);
    if mismatch > limit {
        return Err(Refused::new(code)
            .at("footprint")
            .with("mismatchSquareMetres", mismatch.square_metres())
            .with("limitSquareMetres", limit.square_metres()));
    }
    areas_conserve(before, after, code)
}

fn areas_conserve(before: &[&Parcel], after: &[&Parcel], code: ErrorCode) -> Result<(), Refused> {
    // Where no certificate states an area the footprints alone are compared, and they agree.
    let (Some(old), Some(new)) = (registered_sum(before), registered_sum(after)) else { return Ok(()) };
    let footprints = before.iter().filter_map(|parcel| parcel.footprint.as_ref());
    let tolerance = footprints.map(|footprint| area_tolerance(footprint.grid(), 50).units()).sum();
    if old.abs_diff(new) > Area::from_units(tolerance) {
        return Err(Refused::new(code)
            .at("registeredArea")
            .with("before", old.square_metres())
            .with("after", new.square_metres())
            .with("tolerance", Area::from_units(tolerance).square_metres()));
    }
    Ok(())
}

fn registered_sum(parcels: &[&Parcel]) -> Option<Area> {
    parcels.iter().try_fold(Area::default(), |sum, parcel| sum.checked_add(parcel.registered_area?))
}

/// At least two, and not more than one act may bring.
pub(super) fn count_within(count: usize, most: usize, too_few: ErrorCode, field: &str) -> Result<(), Refused> {
    match count {
        0 | 1 => Err(Refused::new(too_few).at(field).with("count", count)),
        _ if count > most => Err(Refused::new(ErrorCode::ListTooLong).at(field).with("most", most)),
        _ => Ok(()),
    }
}

/// Puts a path before the field of a refusal.
pub(super) fn within(refused: Refused, path: &str) -> Refused {
    let field = match &refused.field {
        Some(field) => format!("{path}.{field}"),
        None => path.to_owned(),
    };
    refused.at(field)
}
