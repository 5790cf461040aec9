//! What is asked, and where: places are drawn from the zone with a fixed seed, the same for both sides.

use anyhow::{Result, ensure};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};

use crate::peer::Peer;

/// Places of each kind.
const PLACES: usize = 2_000;
/// Half the side of a viewport, in parcels' widths, so that about a hundred are seen.
const VIEWPORT: f64 = 6.0;
/// The mean radius of an irregular polygon in parcels' widths, so that it holds about 6,600.
const POLYGON: f64 = 49.0;
const CORNERS: usize = 9;

const BY_CODE: &str = "query($code: String!) { parcel(district: \"PJEDZ\", code: $code) {
    id code name location stockStatus state layer landUse { code }
    area { registered { squareMetres } computed { squareMetres } } price { asking }
    holders { party { id name } share { numerator denominator } } } }";
const VIEW: &str = "query($area: GeoJSON!) { stockLand(filter: { area: { geometry: $area, relation: INTERSECTS } },
    first: 50) { nodes { id code name stockStatus footprint holders { party { name } share { numerator denominator } } }
    pageInfo { hasNextPage } } }";
const POLY: &str = "query($area: GeoJSON!) { stockLand(filter: { area: { geometry: $area, relation: INTERSECTS },
    statuses: [IDLE, INEFFICIENT] }, orderBy: [{ field: PRICE, direction: ASC }], first: 50) {
    nodes { id code name stockStatus footprint holders { party { name } share { numerator denominator } } }
    pageInfo { hasNextPage } } }";

/// A kind of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    ByCode,
    Viewport,
    Polygon,
}

impl Work {
    /// What it is called in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ByCode => "parcel by code, with its holders",
            Self::Viewport => "stock land in a viewport, 50 rows with holders and outlines",
            Self::Polygon => "stock land in an irregular polygon, filtered, by price, 50 rows",
        }
    }
}

/// A code, or a ring of longitudes and latitudes.
#[derive(Debug)]
pub enum Place {
    Code(String),
    Ring(Vec<[f64; 2]>),
}

/// Where is asked.
#[derive(Debug)]
pub struct Places {
    pub parcels: u64,
    codes: Vec<Place>,
    viewports: Vec<Place>,
    polygons: Vec<Place>,
}

impl Places {
    /// Draws places from the zone that is there.
    pub async fn of(peer: &Peer) -> Result<Self> {
        let sample = peer.sample(PLACES).await?;
        ensure!(!sample.is_empty(), "the zone has no parcels");
        let parcels = peer.parcels().await?;
        let mut chance = StdRng::seed_from_u64(330_726);
        let mut rings = |corners: usize, reach: f64| -> Vec<Place> {
            let around = sample.iter().map(|one| {
                let ring = (0..corners).map(|corner| {
                    let angle = std::f64::consts::TAU * (corner as f64 + 0.5) / corners as f64;
                    let far = reach * if corners == 4 { 2f64.sqrt() } else { chance.random_range(0.8..1.2) };
                    [one.at[0] + angle.cos() * far * one.width[0], one.at[1] + angle.sin() * far * one.width[1]]
                });
                let mut ring: Vec<_> = ring.collect();
                ring.extend(ring.first().copied());
                Place::Ring(ring)
            });
            around.collect()
        };
        let (viewports, polygons) = (rings(4, VIEWPORT), rings(CORNERS, POLYGON));
        let codes = sample.into_iter().map(|one| Place::Code(one.code)).collect();
        Ok(Self { parcels, codes, viewports, polygons })
    }

    /// The place of a turn.
    pub fn place(&self, work: Work, turn: usize) -> &Place {
        let places = match work {
            Work::ByCode => &self.codes,
            Work::Viewport => &self.viewports,
            Work::Polygon => &self.polygons,
        };
        &places[turn % places.len()]
    }

    /// The question of a turn.
    pub fn question(&self, work: Work, turn: usize) -> (&'static str, Value) {
        let query = match work {
            Work::ByCode => BY_CODE,
            Work::Viewport => VIEW,
            Work::Polygon => POLY,
        };
        let variables = match self.place(work, turn) {
            Place::Code(code) => json!({ "code": code }),
            Place::Ring(ring) => json!({ "area": { "type": "Polygon", "coordinates": [ring] } }),
        };
        (query, variables)
    }
}
