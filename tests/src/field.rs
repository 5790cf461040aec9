//! A field of adjacent irregular parcels with facts at random, and areas to ask about that often touch its corners.

use geo_types::{LineString, MultiPolygon, Polygon};
use rand::{Rng, rngs::StdRng, seq::IndexedRandom};
use yulin_domain::codes::{InefficiencyReason, Labelled, LandUseCode, SoilGate, StockStatus};
use yulin_domain::geometry::SubmittedFootprint;
use yulin_domain::land::{Parcel, ParcelPatch, Price, Stock, UseShare};
use yulin_domain::quantity::{FenPerSquareMetre, Share};
use yulin_persistence::{ParcelQuery, Sight, Versioned};

use crate::{TestRegistry, acts};

/// Parcels along a side of the field.
const SIDE: usize = 20;
const USES: [&str; 4] = ["MNR2023:100101", "MNR2023:100102", "MNR2023:070102", "GBT21010_2017:0601"];

/// Registers the field; its parcels as they now stand.
pub async fn lay_out(t: &TestRegistry, random: &mut StdRng) -> Vec<Versioned<Parcel>> {
    let district = t.district("D1").await;
    let corners: Vec<Vec<[f64; 2]>> =
        (0..=SIDE).map(|row| (0..=SIDE).map(|column| corner(random, column, row)).collect()).collect();
    let mut list = Vec::new();
    for row in 0..SIDE {
        for column in 0..SIDE {
            let at = |right: usize, up: usize| corners[row + up][column + right];
            let mut register = acts::parcel(district, &format!("P{row:02}{column:02}"), [0.0, 0.0, 1.0, 1.0]);
            register.footprint = Some(quadrangle([at(0, 0), at(1, 0), at(1, 1), at(0, 1)]));
            at_random(&mut register.facts, random);
            list.push(acts::act(t.admin, register));
        }
    }
    let answers = t.registry.perform_all(list).await;
    assert!(answers.iter().all(Result::is_ok), "the parcels of the field lie side by side");
    let now = t.now().await;
    let everything = ParcelQuery { sight: Sight::Full, first: 10_000, ..ParcelQuery::default() };
    let found = t.registry.search(&now, &everything).await.expect("a search of everything").items;
    let ids: Vec<_> = found.iter().map(|found| found.id).collect();
    let parcels = t.registry.parcels_by_ids(&now, &ids).await.expect("parcels are read");
    assert_eq!(parcels.len(), SIDE * SIDE);
    parcels
}

/// A corner that four parcels share; along the edges of a street of the lattice some stay in line.
fn corner(random: &mut StdRng, column: usize, row: usize) -> [f64; 2] {
    let straight = column.is_multiple_of(5) || row.is_multiple_of(5);
    let mut off = || if straight { 0.0 } else { random.random_range(-12.0..12.0) };
    [column as f64 * 50.0 + off(), row as f64 * 40.0 + off()]
}

fn quadrangle(corners: [[f64; 2]; 4]) -> SubmittedFootprint {
    let mut ring: Vec<_> = corners.into_iter().map(acts::placed).collect();
    ring.extend(ring.first().copied());
    let polygon = Polygon::new(LineString::from(ring), vec![]);
    SubmittedFootprint::new(acts::grid(), MultiPolygon(vec![polygon])).expect("a quadrangle is a footprint")
}

fn at_random(facts: &mut ParcelPatch, random: &mut StdRng) {
    facts.name = Some(format!("地块{}", random.random_range(0..50)));
    let land_use = LandUseCode::parse(USES.choose(random).expect("some")).expect("a use of the lists");
    facts.uses = Some(vec![UseShare { land_use, share: Share::WHOLE }]);
    facts.soil_gate = SoilGate::all().choose(random).copied();
    if random.random_bool(0.7) {
        let asking = Some(FenPerSquareMetre::from_fen(random.random_range(1..20)));
        facts.price = Some(Price { asking, floor: None });
    }
    if random.random_bool(0.8) {
        let status = *StockStatus::all().choose(random).expect("some");
        let since = jiff::civil::date(random.random_range(2015..2026), 1, 1);
        let inefficient = status == StockStatus::Inefficient;
        let reasons = inefficient.then_some(InefficiencyReason::TaxPerMuLow).into_iter().collect();
        facts.stock = Some(Stock { status, since, reasons, contract: None });
    }
}

/// The corners of parcels, in degrees.
pub fn corners(parcels: &[Versioned<Parcel>]) -> Vec<[f64; 2]> {
    let footprints = parcels.iter().filter_map(|parcel| parcel.state.footprint.as_ref());
    let rings = footprints.flat_map(|footprint| footprint.lonlat().iter().map(|part| part.exterior().clone()));
    rings.flat_map(|ring| ring.0.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>()).collect()
}

/// A polygon of three to five corners, each often that of a parcel, as `GeoJSON`; valid or not.
pub fn area(random: &mut StdRng, corners: &[[f64; 2]]) -> String {
    let mut ring: Vec<[f64; 2]> = (0..random.random_range(3..6))
        .map(|_| {
            let [x, y] = *corners.choose(random).expect("a field has corners");
            if random.random_bool(0.5) {
                [x, y]
            } else {
                // Nine decimals, as areas are taken.
                let near = |at: f64, off: f64| ((at + off) * 1e9).round() / 1e9;
                [near(x, random.random_range(-4e-4..4e-4)), near(y, random.random_range(-4e-4..4e-4))]
            }
        })
        .collect();
    ring.extend(ring.first().copied());
    serde_json::json!({ "type": "Polygon", "coordinates": [ring] }).to_string()
}
