//! What a feature of a file says of a point or line near which land is sought.

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{CrsError, Transformation};
use yulin_domain::journal::{Refused, Seen};
use yulin_domain::land::{Feature, FeatureGeometry, RegisterFeature};

use super::geometry::{lines, same_lines};
use super::plan::{Existing, Plan, Setting};
use super::row::Row;

/// The facts of a feature that a file may give.
pub const FEATURE_KEYS: &[&str] = &["code", "kind", "name"];

/// Plans what is to be done about a feature of a file; `existing` bears the row's code.
pub fn plan_feature(
    row: &Row<'_>,
    setting: &Setting<'_>,
    existing: Option<Existing<'_, Feature>>,
) -> Result<Plan, Refused> {
    let code = row.required("code")?;
    let required = |key: &str| Refused::new(ErrorCode::FieldRequired).at(key);
    let kind = row.listed("kind")?.or(existing.map(|known| known.state.kind)).ok_or_else(|| required("kind"))?;
    let geometry = lines(row.feature, setting)?;
    let geometry = geometry.ok_or_else(|| Refused::new(ErrorCode::GeometryRequired).at("geometry"))?;
    let before = existing.map(|known| known.state);
    let name = row.text("name").or_else(|| before.and_then(|known| known.name.clone()));
    if let Some(known) = before
        && (known.kind, &known.name) == (kind, &name)
        && same_lines(&known.grid, &on_grid(&geometry, setting)?)
    {
        return Ok(Plan::Unchanged);
    }
    let replaces = existing.map(|known| Seen { id: known.state.id, seq: known.seq });
    Ok(Plan::perform(RegisterFeature { district: setting.district.id, kind, code, name, geometry, replaces }))
}

/// The same vertices in the district's grid.
fn on_grid(geometry: &FeatureGeometry, setting: &Setting<'_>) -> Result<FeatureGeometry, Refused> {
    let faulty = |why: CrsError| why.refused("geometry");
    let grid = setting.district.grid;
    let transformation = Transformation::between(geometry.crs, grid).map_err(faulty)?;
    let moved = |line: &Vec<[f64; 2]>| {
        let vertices = line.iter().map(|[x, y]| transformation.apply_point((*x, *y).into()).map(|at| [at.x, at.y]));
        vertices.collect::<Result<Vec<_>, _>>()
    };
    let lines = geometry.lines.iter().map(moved).collect::<Result<_, _>>().map_err(faulty)?;
    Ok(FeatureGeometry { crs: grid, lines })
}
