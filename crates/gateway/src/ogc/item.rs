//! Features as the service tells them: what a reader may see of a parcel, a zone, a point or a line.

use std::sync::Arc;

use async_graphql::Error;
use uuid::Uuid;
use yulin_domain::codes::{Labelled, ParcelState};
use yulin_domain::geometry::{Crs, CrsError, Footprint};
use yulin_domain::journal::{DistrictId, ParcelId, Refused};
use yulin_domain::land::{Feature, Zone};
use yulin_exchange::export::{FootprintShown, footprint_geometry};
use yulin_exchange::format::AttributeValue;
use yulin_persistence::{Registry, Sight, Snapshot};

use super::cql2::{Facts, Shape, Spatial};
use super::crs::ServiceCrs;
use super::geometry::Drawn;
use super::table::Table;
use crate::disclosure::sight;
use crate::district::DistrictBook;
use crate::errors::refused_error;
use crate::export::Columns;
use crate::land::{ParcelObject, ParcelPage};
use crate::request::Viewer;

type Values = Vec<Option<AttributeValue>>;

/// A feature.
pub struct Item {
    pub id: Uuid,
    pub values: Values,
    /// In longitude and latitude, for what is asked about it.
    pub lonlat: Option<Drawn>,
    /// In the system that is asked for.
    pub shown: Option<Drawn>,
}

/// From where features are told, to whom, as of when and in which system.
pub struct Source {
    pub registry: Registry,
    pub snapshot: Snapshot,
    pub viewer: Viewer,
    pub crs: ServiceCrs,
    pub table: Table,
    pub districts: Arc<DistrictBook>,
}

impl Source {
    /// Parcels, in the order of their ids as given; those that are neither registered nor planned are none.
    pub async fn parcels(&self, ids: &[ParcelId]) -> Result<Vec<Item>, Error> {
        let page = ParcelPage::load(&self.registry, self.snapshot, &self.viewer, ids).await?;
        let columns = Columns::of(self.viewer.role);
        let mut items = Vec::with_capacity(ids.len());
        for parcel in page.objects(ids) {
            if matches!(parcel.facts().state, ParcelState::Registered | ParcelState::Planned) {
                items.push(self.parcel(&parcel, &columns).await?);
            }
        }
        Ok(items)
    }

    async fn parcel(&self, parcel: &ParcelObject, columns: &Columns) -> Result<Item, Error> {
        let facts = parcel.facts();
        let values = columns.values(parcel, self.shown(), &self.districts).await?;
        let drawn = facts.footprint.as_ref().map(|footprint| self.drawn(footprint, facts.district));
        let (lonlat, shown) = drawn.transpose().map_err(|refused| refused_error(&refused))?.unwrap_or_default();
        Ok(Item { id: facts.id.0, values, lonlat, shown })
    }

    /// A zone.
    pub fn zone(&self, zone: &Zone) -> Result<Item, Refused> {
        let values = vec![
            self.code_of(zone.district),
            text(zone.kind.code()),
            text(&zone.code),
            zone.name.as_deref().and_then(text),
            zone.source.as_deref().and_then(text),
        ];
        let (lonlat, shown) = self.drawn(&zone.footprint, zone.district)?;
        Ok(Item { id: zone.id.0, values, lonlat, shown })
    }

    /// A point or line feature.
    pub fn feature(&self, feature: &Feature) -> Result<Item, Refused> {
        let values = vec![
            self.code_of(feature.district),
            text(feature.kind.code()),
            text(&feature.code),
            feature.name.as_deref().and_then(text),
        ];
        let lonlat = Drawn::Lines(feature.lonlat.lines.clone());
        let shown = if self.crs.crs == feature.grid.crs {
            Drawn::Lines(feature.grid.lines.clone())
        } else {
            lonlat.transformed(feature.lonlat.crs, self.crs.crs).map_err(outside)?
        };
        Ok(Item { id: feature.id.0, values, lonlat: Some(lonlat), shown: Some(shown) })
    }

    /// The geometry that the reader may see, in degrees and in the system asked for.
    fn drawn(&self, footprint: &Footprint, district: DistrictId) -> Result<(Option<Drawn>, Option<Drawn>), Refused> {
        let lonlat = match sight(self.viewer.role) {
            Sight::Full => Some(footprint.lonlat()),
            Sight::Outline => footprint.outline(),
        };
        let grid = self.districts.district(district).map_or(Crs::WGS84, |district| district.grid);
        let shown = footprint_geometry(footprint, self.shown(), grid, self.crs.crs).map_err(outside)?;
        Ok((lonlat.cloned().map(Drawn::Polygons), shown.map(Drawn::Polygons)))
    }

    fn shown(&self) -> FootprintShown {
        match sight(self.viewer.role) {
            Sight::Full => FootprintShown::Surveyed,
            Sight::Outline => FootprintShown::Outline,
        }
    }

    fn code_of(&self, district: DistrictId) -> Option<AttributeValue> {
        self.districts.district(district).and_then(|district| text(&district.code))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a value may be absent")]
fn text(value: &str) -> Option<AttributeValue> {
    Some(AttributeValue::Text(value.to_owned()))
}

#[expect(clippy::needless_pass_by_value, reason = "made from what a call refused")]
fn outside(why: CrsError) -> Refused {
    why.refused("crs")
}

/// An item with the names of its values, as a filter asks it.
pub struct Told<'a> {
    pub table: &'a Table,
    pub item: &'a Item,
}

impl Facts for Told<'_> {
    fn value(&self, property: &str) -> Option<&AttributeValue> {
        let place = self.table.fields.iter().position(|field| field.name == property)?;
        self.item.values.get(place)?.as_ref().filter(|value| **value != AttributeValue::Null)
    }

    fn lies(&self, spatial: Spatial, shape: &Shape) -> Option<bool> {
        self.item.lonlat.as_ref().map(|drawn| drawn.lies(spatial, shape))
    }
}
