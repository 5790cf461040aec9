//! Questions to try on the demo zone.
//!
//! They hold for every seed and size: the areas lie about the zone's middle, and the parcel with a history is the first
//! lot of the first block, whose code is always the same.

use serde_json::{Value, json};
use yulin_domain::geometry::{Crs, Transformation};

use super::warp::CENTRE;
use super::zone::{GRID_EPSG, ZONE_CODE};

/// A question with its variables.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub title: String,
    pub title_zh: String,
    pub query: String,
    /// A JSON object.
    pub variables: Value,
}

/// The code of the first lot of the first block, which is split in every demo zone.
pub(super) const SPLIT_CODE: &str = "330726001001GB00001";

/// A seven-sided area about the middle of the zone, as metres from it.
const AREA_M: [[f64; 2]; 7] = [
    [-1_500.0, -900.0],
    [-200.0, -1_600.0],
    [1_300.0, -1_100.0],
    [1_700.0, 400.0],
    [600.0, 1_500.0],
    [-700.0, 1_200.0],
    [-1_700.0, 500.0],
];

/// The questions, ready to run.
pub fn examples() -> Vec<Example> {
    vec![
        Example {
            title: "Idle and inefficient land of 10 mu or more within an area, cheapest first".to_owned(),
            title_zh: "查询范围内10亩以上的闲置和低效用地，按价格从低到高".to_owned(),
            query: include_str!("stock.graphql").to_owned(),
            variables: json!({ "area": area() }),
        },
        Example {
            title: "Clean industrial land of 30 mu or more within 3 km of a highway exit".to_owned(),
            title_zh: "高速出入口3公里内、土壤环境准入、30亩以上的闲置或净地工业用地".to_owned(),
            query: include_str!("near_exit.graphql").to_owned(),
            variables: json!({ "district": ZONE_CODE }),
        },
        Example {
            title: "A parcel that was split: as it was in 2020, what became of it, and its acts".to_owned(),
            title_zh: "一宗已分割的宗地：2020年的状态、分割结果与登记历史".to_owned(),
            query: include_str!("split_history.graphql").to_owned(),
            variables: json!({ "district": ZONE_CODE, "code": SPLIT_CODE, "then": "2020-01-01T00:00:00+08:00" }),
        },
    ]
}

/// The area as a GeoJSON polygon.
fn area() -> Value {
    let ring: Vec<_> = AREA_M.iter().chain(AREA_M.first()).filter_map(|at| lonlat(*at)).collect();
    json!({ "type": "Polygon", "coordinates": [ring] })
}

/// Longitude and latitude of a place so many metres from the middle, to a centimetre or so.
fn lonlat([east, north]: [f64; 2]) -> Option<[f64; 2]> {
    let grid = Crs::epsg(GRID_EPSG).ok()?;
    let at = Transformation::between(grid, grid.geographic()).ok()?;
    let found = at.apply_point((CENTRE[0] + east, CENTRE[1] + north).into()).ok()?;
    Some([found.x, found.y].map(|degrees| (degrees * 1e7).round() / 1e7))
}
