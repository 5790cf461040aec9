//! What lies on a tile, as far as its viewer may see.

use async_graphql::Error;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use yulin_domain::codes::Labelled;
use yulin_domain::journal::Refused;
use yulin_domain::land::{Feature, Zone};
use yulin_exchange::tile::{TileFeature, TilePlace, TileShape, TileValue};
use yulin_persistence::{MapBox, MapParcel, Narrowed, Registry, Sight, Snapshot, Versioned};

use super::attribute::{ZOOM_DETAILED, attributes};
use crate::disclosure::sight;
use crate::district::DistrictBook;
use crate::errors::fault;
use crate::layer::Layer;
use crate::request::Viewer;
use crate::scalars::write_id;

/// Parcels on one tile, the largest; how many are left out is told.
const PARCELS_MAX: usize = 20_000;
/// Units of a tile below which a parcel is no more than a speck: about half a dot of a screen.
const SPECK_UNITS: f64 = 4.0;

/// What a tile is drawn from.
pub struct Sheet<'a> {
    pub registry: &'a Registry,
    pub snapshot: Snapshot,
    pub viewer: &'a Viewer,
    pub place: TilePlace,
}

/// What is drawn.
#[derive(Default)]
pub struct Drawn {
    pub features: Vec<TileFeature>,
    pub left_out: u64,
}

/// What lies on a tile, as far as it must be known to name it.
pub enum Lying {
    /// Parcels are not read to name their tile: the last entry that touched any, and when that was recorded.
    Parcels(Option<(i64, i64)>),
    Zones(Vec<Versioned<Zone>>),
    Features(Vec<Versioned<Feature>>),
}

impl Lying {
    /// The name of what lies there, in a few letters: another where anything has changed.
    pub fn tag(&self) -> String {
        match self {
            Self::Parcels(None) => "0".to_owned(),
            Self::Parcels(Some((seq, recorded_at))) => format!("{seq}.{recorded_at:x}"),
            Self::Zones(zones) => digest(zones),
            Self::Features(features) => digest(features),
        }
    }
}

impl Sheet<'_> {
    /// What lies there of a layer.
    pub async fn lying(&self, layer: Layer) -> Result<Lying, Error> {
        Ok(match layer {
            Layer::Parcels => {
                let last = self.registry.last_entry_in(&self.snapshot, self.place.bounds()).await;
                Lying::Parcels(last.map_err(|why| fault(&why))?)
            }
            Layer::Restrictions => Lying::Zones(self.zones().await?),
            Layer::Features => Lying::Features(self.points_and_lines().await?),
        })
    }

    /// Draws what lies there.
    pub async fn draw(&self, lying: &Lying) -> Result<Drawn, Error> {
        let features = match lying {
            Lying::Parcels(_) => return self.parcels().await,
            Lying::Zones(zones) => zones.iter().filter_map(|zone| self.zone(&zone.state)).collect(),
            Lying::Features(found) => found.iter().map(|one| point_or_line(&one.state)).collect(),
        };
        Ok(Drawn { features, left_out: 0 })
    }

    async fn parcels(&self) -> Result<Drawn, Error> {
        let least = self.place.unit() * SPECK_UNITS;
        let within = self.viewer.narrowed().and_then(Narrowed::districts);
        let of = MapBox { bounds: self.place.bounds(), least, most: PARCELS_MAX, within };
        let found = self.registry.parcels_in(&self.snapshot, sight(self.viewer.role), of).await;
        let (parcels, left_out) = found.map_err(|why| fault(&why))?;
        let zoom = self.place.zoom();
        let told: Vec<_> = attributes(self.viewer.role).filter(|one| one.is_told_at(zoom)).collect();
        let districts = DistrictBook::load(self.registry, self.snapshot).await?;
        let feature = |parcel: MapParcel| {
            let district = parcel.district.parse().ok().and_then(|id| districts.district(id));
            let mut values = Vec::new();
            if zoom >= ZOOM_DETAILED {
                values.push(("id", TileValue::Text(write_id(parcel.id).0)));
                values.extend(district.map(|district| ("district", TileValue::Text(district.code.clone()))));
            }
            values.extend(told.iter().filter_map(|attribute| attribute.of(&parcel)));
            TileFeature { id: number_of(parcel.id.0), shape: TileShape::Polygons(parcel.shape), values }
        };
        Ok(Drawn { features: parcels.into_iter().map(feature).collect(), left_out })
    }

    async fn zones(&self) -> Result<Vec<Versioned<Zone>>, Error> {
        let mut zones = self.registry.zones(&self.snapshot, None, &[]).await.map_err(|why| fault(&why))?;
        zones.retain(|zone| self.viewer.sees_land_of(zone.state.district));
        zones.retain(|zone| meets(self.place.bounds(), zone.state.footprint.bounds_lonlat()));
        Ok(zones)
    }

    async fn points_and_lines(&self) -> Result<Vec<Versioned<Feature>>, Error> {
        let mut found = self.registry.features(&self.snapshot, None, &[]).await.map_err(|why| fault(&why))?;
        found.retain(|one| self.viewer.sees_land_of(one.state.district));
        let bounds = self.place.bounds();
        found.retain(|one| one.state.lonlat.bounds().is_some_and(|other| meets(bounds, other)));
        Ok(found)
    }

    fn zone(&self, zone: &Zone) -> Option<TileFeature> {
        let shape = match sight(self.viewer.role) {
            Sight::Full => zone.footprint.lonlat(),
            Sight::Outline => zone.footprint.outline()?,
        };
        let mut values = told(write_id(zone.id).0, zone.kind.code(), &zone.code);
        values.extend(zone.name.clone().map(|name| ("name", TileValue::Text(name))));
        Some(TileFeature { id: number_of(zone.id.0), shape: TileShape::Polygons(shape.clone()), values })
    }
}

fn point_or_line(feature: &Feature) -> TileFeature {
    let mut values = told(write_id(feature.id).0, feature.kind.code(), &feature.code);
    values.extend(feature.name.clone().map(|name| ("name", TileValue::Text(name))));
    TileFeature { id: number_of(feature.id.0), shape: TileShape::lines(&feature.lonlat.lines), values }
}

fn told(id: String, kind: &str, code: &str) -> Vec<(&'static str, TileValue)> {
    let text = |text: &str| TileValue::Text(text.to_owned());
    vec![("id", TileValue::Text(id)), ("kind", text(kind)), ("code", text(code))]
}

/// A number for a record, the same on every tile and below what browsers count to; the id itself stands beside it.
fn number_of(id: Uuid) -> u64 {
    let (_, low) = id.as_u64_pair();
    low & ((1 << 53) - 1)
}

fn meets(a: [f64; 4], b: [f64; 4]) -> bool {
    let ([west, south, east, north], [other_west, other_south, other_east, other_north]) = (a, b);
    west <= other_east && other_west <= east && south <= other_north && other_south <= north
}

/// What lies on a tile, in a few letters. The numbers of entries alone would not do: after a restore another entry has the
/// same.
fn digest<T: Serialize>(found: &[Versioned<T>]) -> String {
    let mut digest = Sha256::new();
    for version in found {
        // Records are written as JSON wherever they are kept.
        digest.update(serde_json::to_vec(&version.state).unwrap_or_default());
    }
    digest.update(found.len().to_be_bytes());
    hex::encode(digest.finalize().get(..8).unwrap_or_default())
}

/// What a file of tiles could not be written for.
pub fn unwritten(why: &yulin_exchange::tile::TileError) -> Refused {
    crate::errors::refusal_of(&fault(why))
}
