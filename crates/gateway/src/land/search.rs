//! A search for parcels: from the question to a page of answers.

use std::sync::Arc;

use async_graphql::Error;
use yulin_domain::codes::{FeatureKind, ZoneKind};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{Crs, Region, project_point};
use yulin_domain::journal::Refused;
use yulin_persistence::{Near, ParcelQuery, Registry, SearchPage, Sight, Snapshot};

use super::filter::ParcelFilterInput;
use super::order::ParcelOrder;
use super::region_filter::NearInput;
use crate::disclosure::{check_asked, land_of};
use crate::district::DistrictBook;
use crate::errors::{fault, refused_error, search_error};
use crate::request::Viewer;

/// Levels that an order may have.
const ORDER_MAX: usize = 5;
/// Reach of a search by distance in metres.
const NEAR_MAX_M: f64 = 200_000.0;

/// Whether every parcel is meant, or land with a stock status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Parcels,
    StockLand,
}

/// A question about land, ready to be asked.
pub struct Search {
    pub registry: Registry,
    pub snapshot: Snapshot,
    pub viewer: Viewer,
    pub query: ParcelQuery,
    /// Conditions that no parcel can meet: there is no zone of the kind to lie in, or no district of both.
    pub void: Vec<&'static str>,
}

/// Checks that the viewer may ask it; nothing has been read yet.
pub fn check_question(viewer: &Viewer, filter: &ParcelFilterInput, order: &[ParcelOrder]) -> Result<(), Error> {
    if order.len() > ORDER_MAX {
        let refused = Refused::new(ErrorCode::ListTooLong).at("orderBy").with("most", ORDER_MAX);
        return Err(refused_error(&refused));
    }
    let checked = filter.holder().and_then(|holder| {
        check_asked(viewer, &filter.asked(), holder)?;
        check_asked(viewer, &ParcelOrder::asked(order), None)
    });
    checked.map_err(|refused| refused_error(&refused))
}

impl Search {
    /// Turns a question into one that persistence answers; looks districts, zones and features up.
    pub async fn of(
        registry: &Registry,
        viewer: Viewer,
        snapshot: Snapshot,
        (filter, scope): (&ParcelFilterInput, Scope),
    ) -> Result<Self, Error> {
        let refused = |refused: Refused| refused_error(&refused);
        let stock_only = scope == Scope::StockLand;
        let query = ParcelQuery { stock_only, ..filter.read(land_of(&viewer)).map_err(refused)? };
        let mut search = Self { registry: registry.clone(), snapshot, viewer, query, void: Vec::new() };
        search.place(filter).await?;
        Ok(search)
    }

    async fn place(&mut self, filter: &ParcelFilterInput) -> Result<(), Error> {
        if filter.district.is_some() || !filter.listed_districts().is_empty() || filter.near.is_some() {
            let book = DistrictBook::load(&self.registry, self.snapshot).await?;
            self.districts(&book, filter).map_err(|refused| refused_error(&refused))?;
            if let Some(near) = &filter.near {
                let grid = self.grid(&book).map_err(|refused| refused_error(&refused))?;
                self.query.near = Some(self.near(near, grid).await?);
            }
        }
        if let Some(kinds) = filter.inside.as_ref().filter(|kinds| !kinds.is_empty()) {
            self.query.inside = self.zones(&kinds.iter().map(|kind| kind.0).collect::<Vec<_>>()).await?;
            // No zone to lie in is not the same as no condition.
            if self.query.inside.is_empty() {
                self.void.push("inside");
            }
        }
        if let Some(kinds) = &filter.outside {
            self.query.outside = self.zones(&kinds.iter().map(|kind| kind.0).collect::<Vec<_>>()).await?;
        }
        Ok(())
    }

    /// The districts asked about: those of the list, and of them those that the one holds.
    fn districts(&mut self, book: &DistrictBook, filter: &ParcelFilterInput) -> Result<(), Refused> {
        let below = |code: &String, field: String| {
            let unknown = || Refused::new(ErrorCode::DistrictUnknown).at(field).with("code", code.clone());
            book.by_code(code).map(|district| book.with_below(district.id)).ok_or_else(unknown)
        };
        let one = filter.district.as_ref().map(|code| below(code, "filter.district".to_owned())).transpose()?;
        let mut listed = Vec::new();
        for (place, code) in filter.listed_districts().iter().enumerate() {
            listed.extend(below(code, format!("filter.districts[{place}]"))?);
        }
        self.query.districts = match one {
            Some(one) if listed.is_empty() => one,
            Some(one) => {
                let both: Vec<_> = one.into_iter().filter(|district| listed.contains(district)).collect();
                // No district left is not the same as no condition.
                if both.is_empty() {
                    self.void.push("district");
                }
                both
            }
            None => listed,
        };
        Ok(())
    }

    /// The grid in which distances are measured: that of the districts asked about.
    fn grid(&self, book: &Arc<DistrictBook>) -> Result<Crs, Refused> {
        let meant = book.all().filter(|one| self.query.districts.is_empty() || self.query.districts.contains(&one.id));
        let mut grids: Vec<_> = meant.map(|district| district.grid).collect();
        grids.sort_unstable();
        grids.dedup();
        match grids.as_slice() {
            [grid] => Ok(*grid),
            [] => Err(Refused::new(ErrorCode::DistrictUnknown).at("filter.near")),
            _ => Err(Refused::new(ErrorCode::FilterInvalid).at("filter.near").with("missing", "filter.district")),
        }
    }

    async fn near(&self, near: &NearInput, grid: Crs) -> Result<Near, Error> {
        let refused = |refused: Refused| refused_error(&refused);
        let within = near.within_m.ratio("filter.near.withinM").map_err(refused)?;
        // Four decimals of a metre are exact in a float up to far beyond the reach.
        #[allow(clippy::cast_precision_loss)]
        let within_m = within.units() as f64 / 10_000.0;
        if !(0.0..=NEAR_MAX_M).contains(&within_m) {
            let out = Refused::new(ErrorCode::NumberInvalid).at("filter.near.withinM").told("most", NEAR_MAX_M);
            return Err(refused_error(&out));
        }
        if near.point.is_none() && near.features.as_ref().is_none_or(Vec::is_empty) {
            let missing = Refused::new(ErrorCode::FilterInvalid).at("filter.near").with("missing", "point or features");
            return Err(refused_error(&missing));
        }
        let mut targets = Vec::new();
        if let Some(point) = near.point {
            let (lon, lat) = point.read("filter.near.point").map_err(refused)?;
            let at = project_point((lon, lat).into(), grid.geographic(), grid);
            let at = at.map_err(|why| refused_error(&why.refused("filter.near.point")))?;
            targets.push(vec![[at.x, at.y]]);
        }
        if let Some(kinds) = &near.features {
            let kinds: Vec<FeatureKind> = kinds.iter().map(|kind| kind.0).collect();
            targets.extend(self.feature_lines(&kinds, grid).await?);
        }
        Ok(Near { targets, grid, within_m })
    }

    async fn feature_lines(&self, kinds: &[FeatureKind], grid: Crs) -> Result<Vec<Vec<[f64; 2]>>, Error> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let features = self.registry.features(&self.snapshot, None, kinds).await.map_err(|why| fault(&why))?;
        // Everybody is told of features and zones; a narrowed key narrows what is found, and not what it is measured by.
        let in_grid = features.into_iter().filter(|feature| feature.state.grid.crs == grid);
        Ok(in_grid.flat_map(|feature| feature.state.grid.lines).collect())
    }

    async fn zones(&self, kinds: &[ZoneKind]) -> Result<Vec<Region>, Error> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let zones = self.registry.zones(&self.snapshot, None, kinds).await.map_err(|why| fault(&why))?;
        // Who sees outlines is told by outlines.
        let shapes = zones.iter().filter_map(|zone| match self.query.sight {
            Sight::Full => Some(zone.state.footprint.lonlat()),
            Sight::Outline => zone.state.footprint.outline(),
        });
        shapes.map(|shape| Region::new(shape).map_err(|why| fault(&why))).collect()
    }

    /// Asks.
    pub async fn ask(&self, query: &ParcelQuery) -> Result<SearchPage, Error> {
        if !self.void.is_empty() {
            let (total, facets) = (query.wants.total.then_some(0), query.wants.facets.then(Default::default));
            return Ok(SearchPage { items: Vec::new(), has_next: false, total, facets });
        }
        self.registry.search(&self.snapshot, query).await.map_err(|why| search_error(&why))
    }
}
