//! Point and line features near which land is sought: highway exits, substations, roads.

use serde::{Deserialize, Serialize};

use crate::codes::FeatureKind;
use crate::district::{check_given, check_text};
use crate::error_catalogue::ErrorCode;
use crate::geometry::{Crs, Transformation, snapped};
use crate::journal::{
    Body, Change, Claim, Context, Decision, DistrictId, FeatureId, Needs, Record, RecordKey, Refused, Seen,
};

/// Vertices that one feature may have.
pub const FEATURE_VERTICES_MAX: usize = 20_000;

/// Points (lines of one vertex) or lines, in one CRS; x east, y north.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureGeometry {
    pub crs: Crs,
    pub lines: Vec<Vec<[f64; 2]>>,
}

/// A point or line feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    pub id: FeatureId,
    pub district: DistrictId,
    pub kind: FeatureKind,
    /// Unique in its district.
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In the district's grid, metres: distances are measured there.
    pub grid: FeatureGeometry,
    /// The same vertices in longitude and latitude.
    pub lonlat: FeatureGeometry,
}

/// Registers a feature, or replaces one from the act's effect on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterFeature {
    pub district: DistrictId,
    pub kind: FeatureKind,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub geometry: FeatureGeometry,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Seen<FeatureId>>,
}

/// Ends a feature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetireFeature {
    pub feature: Seen<FeatureId>,
}

impl FeatureGeometry {
    /// West, south, east and north ends; none of no vertex.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let mut vertices = self.lines.iter().flatten();
        let [x, y] = *vertices.next()?;
        Some(vertices.fold([x, y, x, y], |[west, south, east, north], [x, y]| {
            [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
        }))
    }

    fn check(&self) -> Result<(), Refused> {
        let count: usize = self.lines.iter().map(Vec::len).sum();
        if count == 0 || self.lines.iter().any(Vec::is_empty) {
            return Err(Refused::new(ErrorCode::GeometryEmpty).at("geometry"));
        }
        if count > FEATURE_VERTICES_MAX {
            return Err(Refused::new(ErrorCode::TooManyVertices).at("geometry").with("most", FEATURE_VERTICES_MAX));
        }
        if self.lines.iter().flatten().flatten().any(|ordinate| !ordinate.is_finite()) {
            return Err(Refused::new(ErrorCode::GeometryNotFinite).at("geometry"));
        }
        Ok(())
    }

    /// The same vertices in another CRS.
    fn transformed(&self, to: Crs) -> Result<Self, Refused> {
        let faulty = |why: crate::geometry::CrsError| why.refused("geometry");
        let transformation = Transformation::between(self.crs, to).map_err(faulty)?;
        let moved = |&[x, y]: &[f64; 2]| {
            let at = transformation.apply_point((x, y).into()).map_err(faulty)?;
            let out_of_range = || Refused::new(ErrorCode::CoordinateOutOfRange).at("geometry");
            let at = snapped(at, to).ok_or_else(|| out_of_range().with("x", x).with("y", y))?;
            Ok([at.x, at.y])
        };
        let lines = self.lines.iter().map(|line| line.iter().map(moved).collect());
        let lines = lines.collect::<Result<Vec<Vec<_>>, Refused>>()?;
        if let Some(place) = lines.iter().position(|line| line.len() > 1 && line.windows(2).all(is_nowhere)) {
            return Err(Refused::new(ErrorCode::LineTooShort).at("geometry").with("line", place));
        }
        Ok(Self { crs: to, lines })
    }
}

fn is_nowhere(pair: &[[f64; 2]]) -> bool {
    matches!(pair, [[x, y], [other_x, other_y]] if x.to_bits() == other_x.to_bits() && y.to_bits() == other_y.to_bits())
}

impl Body for RegisterFeature {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.district.into());
        needs.records.extend(self.replaces.map(|seen| RecordKey::from(seen.id)));
        needs.claims.push(Claim::FeatureCode(self.district, self.code.clone()));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let district = context.district(self.district)?;
        check_text(&self.code, "code")?;
        check_given(self.name.as_deref(), "name")?;
        self.geometry.check()?;
        let id = self.replaces.map_or_else(|| FeatureId::made_by(context.envelope.id, context.leg, 0), |seen| seen.id);
        if let Some(seen) = self.replaces {
            standing(context, seen)?;
        }
        let claim = Claim::FeatureCode(self.district, self.code.clone());
        if let Some(other) = context.set.claimants(&claim).find(|key| *key != id.into()) {
            let refused = Refused::new(ErrorCode::CodeDuplicate).at("code");
            return Err(refused.with("code", self.code.clone()).told("feature", other.id));
        }
        let feature = Feature {
            id,
            district: self.district,
            kind: self.kind,
            code: self.code.clone(),
            name: self.name.clone(),
            grid: self.geometry.transformed(district.grid)?,
            lonlat: self.geometry.transformed(district.grid.geographic())?,
        };
        if context.set.state(id, context.effective) == Some(&Record::from(feature.clone())) {
            return Ok(Decision::default());
        }
        Ok(vec![Change::put(id.into(), id.into(), context.span(), feature)].into())
    }
}

impl Body for RetireFeature {
    fn needs(&self, needs: &mut Needs) {
        needs.records.push(self.feature.id.into());
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        standing(context, self.feature)?;
        Ok(vec![Change::void(self.feature.id.into(), self.feature.id.into(), context.span())].into())
    }
}

fn standing(context: &Context<'_>, seen: Seen<FeatureId>) -> Result<(), Refused> {
    context.unchanged(seen, "feature")?;
    context.nothing_later(seen.id, "feature")?;
    let there = context.set.state(seen.id, context.effective).is_some();
    there.then_some(()).ok_or_else(|| Refused::new(ErrorCode::NotFound).at("feature").told("feature", seen.id))
}
