//! What lies around and across the parcels: control zones, roads, a river, exits and works of supply.

use anyhow::Result;
use yulin_domain::codes::{FeatureKind, ZoneKind};
use yulin_domain::journal::{Act, ActBody};
use yulin_domain::land::{FeatureGeometry, RegisterFeature, RegisterZone};

use super::chance::Chance;
use super::layout::Layout;
use super::names::{street_along, street_up};
use super::parcels::{Office, grid};
use super::pen::{Day, footprint};

/// Land around the outermost blocks that belongs to the zone, in metres.
const MARGIN_M: f64 = 60.0;
/// Steps of a line across the zone.
const STEPS: u32 = 40;
/// Roads a way that are registered as lines.
const ROADS_MAX: usize = 12;

/// Points by their share of the zone's reach from the middle, east and north.
const POINTS: [(FeatureKind, &str, [f64; 2]); 11] = [
    (FeatureKind::HighwayExit, "演示高速浦江互通", [0.06, -0.08]),
    (FeatureKind::HighwayExit, "演示高速浦江西互通", [-0.72, 0.35]),
    (FeatureKind::HighwayExit, "演示高速浦江东互通", [0.7, 0.55]),
    (FeatureKind::Substation, "演示110千伏变电站", [-0.35, -0.4]),
    (FeatureKind::Substation, "演示220千伏变电站", [0.45, -0.6]),
    (FeatureKind::Substation, "演示35千伏变电站", [0.2, 0.65]),
    (FeatureKind::SewagePlant, "演示污水处理厂", [0.85, -0.85]),
    (FeatureKind::WaterPlant, "演示自来水厂", [-0.8, 0.8]),
    (FeatureKind::GasSupplyStation, "演示燃气门站", [-0.6, -0.75]),
    (FeatureKind::FireStation, "演示消防站", [0.1, 0.2]),
    (FeatureKind::BusStation, "演示客运站", [-0.15, 0.1]),
];

/// Rounded areas: kind, name, middle and radius as shares of the zone's reach.
const AREAS: [(ZoneKind, &str, [f64; 2], f64); 6] = [
    (ZoneKind::IndustrialControlLine, "演示工业用地控制线", [0.0, 0.0], 0.82),
    (ZoneKind::PermanentBasicFarmland, "演示永久基本农田", [-0.95, 0.95], 0.3),
    (ZoneKind::EcologicalRedLine, "演示生态保护红线", [0.98, 0.98], 0.28),
    (ZoneKind::ContaminatedPlot, "演示污染地块一号", [0.32, -0.28], 0.04),
    (ZoneKind::ContaminatedPlot, "演示污染地块二号", [-0.5, 0.15], 0.05),
    (ZoneKind::Heritage, "演示文物保护范围", [-0.22, -0.55], 0.03),
];

/// How far south of the blocks the river runs, and how far it floods to its south and north, in metres.
const RIVER_M: f64 = 150.0;
const FLOOD_M: [f64; 2] = [90.0, 330.0];

/// The acts that register zones and features.
pub(super) fn acts(office: &Office) -> Result<Vec<Act>> {
    let legs = zones(office)?.into_iter().map(ActBody::from).chain(features(office)?.into_iter().map(ActBody::from));
    let numbered = (0..).zip(legs);
    Ok(numbered.map(|(number, leg)| office.pen.act(office.pen.id("around", number), Day(4_180), vec![leg])).collect())
}

/// The boundary of the zone on the ground, closed.
pub(super) fn boundary(layout: &Layout) -> Vec<[f64; 2]> {
    let [east, north] = layout.reach().map(|reach| reach + MARGIN_M);
    let along = |from: [f64; 2], to: [f64; 2]| (0..STEPS).map(move |step| between(from, to, step));
    let corners = [[-east, -north], [east, -north], [east, north], [-east, north]];
    let next = corners.iter().cycle().skip(1);
    layout.warp.ring(corners.iter().zip(next).flat_map(|(from, to)| along(*from, *to)))
}

fn between([x0, y0]: [f64; 2], [x1, y1]: [f64; 2], step: u32) -> [f64; 2] {
    let share = f64::from(step) / f64::from(STEPS);
    [share.mul_add(x1 - x0, x0), share.mul_add(y1 - y0, y0)]
}

fn zones(office: &Office) -> Result<Vec<RegisterZone>> {
    let layout = &office.layout;
    let mut rings = vec![
        (ZoneKind::ZoneBoundary, "浦江经济开发区边界（演示）", boundary(layout)),
        (ZoneKind::Flood, "演示江洪水淹没区", band(layout)),
    ];
    rings
        .extend((0..).zip(AREAS).map(|(nth, (kind, name, at, radius))| (kind, name, rounded(layout, nth, at, radius))));
    let zone = |(nth, (kind, name, ring)): (usize, (ZoneKind, &str, Vec<[f64; 2]>))| {
        Ok(RegisterZone {
            district: office.district,
            kind,
            code: format!("ZONE-{:03}", nth + 1),
            name: Some(name.to_owned()),
            source: Some("生成的演示数据".to_owned()),
            footprint: footprint(&ring, grid()?)?,
            replaces: None,
        })
    };
    rings.into_iter().enumerate().map(zone).collect()
}

/// An irregular rounded area; its vertices go once around its middle, so it is simple.
fn rounded(layout: &Layout, nth: u32, [u, v]: [f64; 2], radius: f64) -> Vec<[f64; 2]> {
    let [east, north] = layout.reach();
    let mut chance = Chance::at(layout.scale.seed, [8, nth]);
    let corner = |step: u32| {
        let reach = radius * 0.12f64.mul_add(chance.swing(), 1.0);
        let (sine, cosine) = (f64::from(step) / 28.0 * std::f64::consts::TAU).sin_cos();
        [east * reach.mul_add(cosine, u), north * reach.mul_add(sine, v)]
    };
    layout.warp.ring((0..28).map(corner))
}

/// The land along the river.
fn band(layout: &Layout) -> Vec<[f64; 2]> {
    let [east, north] = layout.reach();
    let bank = |side: f64| (0..=STEPS).map(move |step| river(east, north, step, side));
    let back: Vec<_> = bank(FLOOD_M[1]).collect();
    layout.warp.ring(bank(-FLOOD_M[0]).chain(back.into_iter().rev()))
}

fn river(east: f64, north: f64, step: u32, side: f64) -> [f64; 2] {
    let along = f64::from(step) / f64::from(STEPS) * 2.0 - 1.0;
    let bend = 45.0 * (along * 5.0).sin();
    [east * along, bend + side - north - RIVER_M]
}

fn features(office: &Office) -> Result<Vec<RegisterFeature>> {
    let layout = &office.layout;
    let [east, north] = layout.reach();
    let mut placed: Vec<(FeatureKind, String, Vec<[f64; 2]>)> = POINTS
        .iter()
        .map(|(kind, name, [u, v])| (*kind, format!("{name}（生成）"), vec![layout.warp.apply([u * east, v * north])]))
        .collect();
    let stream = (0..=STEPS).map(|step| layout.warp.apply(river(east, north, step, 0.0))).collect();
    placed.push((FeatureKind::River, "演示江（生成）".to_owned(), stream));
    placed.extend(roads(layout).into_iter().map(|(name, line)| (FeatureKind::Road, name, line)));
    let grid = grid()?;
    let feature = |(nth, (kind, name, line)): (usize, (FeatureKind, String, Vec<[f64; 2]>))| RegisterFeature {
        district: office.district,
        kind,
        code: format!("FEAT-{:03}", nth + 1),
        name: Some(name),
        geometry: FeatureGeometry { crs: grid, lines: vec![line] },
        replaces: None,
    };
    Ok(placed.into_iter().enumerate().map(feature).collect())
}

/// The arterial roads, each along the middle of its street.
fn roads(layout: &Layout) -> Vec<(String, Vec<[f64; 2]>)> {
    let [east, north] = layout.reach();
    let line = |from, to| (0..=STEPS).map(|step| layout.warp.apply(between(from, to, step))).collect::<Vec<_>>();
    let every = super::layout::ARTERIAL_EVERY as usize;
    let rows = (0_u32..).zip(layout.rows()).step_by(every).take(ROADS_MAX);
    let along =
        rows.map(|(row, strip)| (street_along(row), line([-east, strip.from - 20.0], [east, strip.from - 20.0])));
    let columns = (0_u32..).zip(layout.columns()).step_by(every).take(ROADS_MAX);
    let up = columns
        .map(|(column, strip)| (street_up(column), line([strip.from - 20.0, -north], [strip.from - 20.0, north])));
    along.chain(up).map(|(name, line)| (format!("{name}（生成）"), line)).collect()
}
