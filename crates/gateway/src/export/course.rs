//! The course of an export: one snapshot, one question, page after page into one file.

use std::collections::BTreeSet;
use std::fs::File;
use std::sync::Arc;

use geo_types::MultiPolygon;
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::{DistrictId, Refused};
use yulin_exchange::export::{FootprintShown, parcel_geometry};
use yulin_exchange::format::{
    AttributeValue, FileFormat, GeometryColumn, Sink, SinkError, SinkOptions, SinkTarget, Written,
};
use yulin_persistence::{AsOf, Found, ParcelQuery, PersistenceError, Registry, SearchPage, Sight, Wants};

use super::columns::Columns;
use super::{ExportError, ExportQuestion, Exportable};
use crate::disclosure::{Reading, reading_of, sight};
use crate::district::DistrictBook;
use crate::errors::{fault, snapshot_error};
use crate::land::{ParcelPage, Search, check_question};
use crate::request::Viewer;
use crate::scalars::AsOfInput;

/// Parcels found by one search; a question about shapes looks at every candidate once a search.
const FOUND_MAX: usize = 100_000;
/// Parcels loaded and written at once.
const LOADED_MAX: usize = 500;

type Row = (Vec<Option<AttributeValue>>, Option<MultiPolygon<f64>>);

/// An export that has begun: who asks, what is asked, and as of when are settled.
pub struct Export {
    what: Exportable,
    search: Search,
    districts: Arc<DistrictBook>,
    columns: Columns,
    crs: Crs,
}

/// What was exported.
#[derive(Debug)]
pub struct Exported {
    pub features: u64,
    /// The entry as of which everything stands.
    pub seq: i64,
    /// The system of outlines, where there are any.
    pub crs: Option<Crs>,
    /// Facts that the viewer may not read, of which there is no column.
    pub withheld: Vec<&'static str>,
    /// The file from its start, where the target has no name.
    pub file: Option<File>,
}

impl Export {
    /// Settles the question: what the viewer may not ask is refused before anything is read.
    pub async fn begin(
        registry: &Registry,
        viewer: Viewer,
        at_least: Option<i64>,
        question: ExportQuestion,
    ) -> Result<Self, ExportError> {
        let ExportQuestion { what, filter, as_of, crs } = question;
        if reading_of(&viewer, "Query", what.query_field()) != Reading::Yes {
            return Err(Refused::new(ErrorCode::Forbidden).at(what.name()).into());
        }
        check_question(&viewer, &filter, &[])?;
        let as_of = as_of.map(AsOfInput::times).transpose()?.unwrap_or_default();
        let snapshot = registry.snapshot(as_of, at_least).await.map_err(|refused| snapshot_error(&refused))?;
        let columns = Columns::of(viewer.role);
        let search = Search::of(registry, viewer, snapshot, (&filter, what.scope())).await?;
        let districts = DistrictBook::load(registry, snapshot).await?;
        let crs = match crs {
            Some(crs) => crs,
            None if districts.all().next().is_some() => grid_of(&districts, &search.query.districts)?,
            // As of a time before all districts the file is empty, in the grid that they have now.
            None => {
                let now = registry.snapshot(AsOf::default(), at_least).await.map_err(|why| snapshot_error(&why))?;
                grid_of(&*DistrictBook::load(registry, now).await?, &[])?
            }
        };
        Ok(Self { what, search, districts, columns, crs })
    }

    /// Writes the file; more parcels than `most` are refused before the first is written. `told` hears how many are
    /// written, of how many.
    pub async fn write(
        self,
        (target, format): (SinkTarget, FileFormat),
        most: u64,
        mut told: impl FnMut(u64, u64),
    ) -> Result<Exported, ExportError> {
        let mut query =
            ParcelQuery { first: FOUND_MAX, wants: Wants { total: true, facets: false }, ..self.search.query.clone() };
        let mut page = self.search.ask(&query).await?;
        query.wants.total = false;
        let total = page.total.unwrap_or_default();
        if total > most {
            return Err(Refused::new(ErrorCode::LimitExceeded)
                .at("filter")
                .with("found", total)
                .with("most", most)
                .into());
        }
        let options = self.options(format);
        let mut sink = blocking(move || Sink::create(target, format, &options)).await?;
        let mut done = 0;
        loop {
            for found in page.items.chunks(LOADED_MAX) {
                let rows = self.rows(found).await?;
                done += rows.len() as u64;
                sink = blocking(move || with_rows(sink, &rows)).await?;
                told(done, total);
            }
            if !next(&mut query, &page) {
                break;
            }
            page = self.search.ask(&query).await?;
        }
        let written = blocking(move || sink.finish()).await?;
        self.exported(written, total)
    }

    fn options(&self, format: FileFormat) -> SinkOptions {
        // A sheet is read by people: outlines would fill its cells.
        let geometry_column = match format {
            FileFormat::Xlsx => GeometryColumn::Absent,
            FileFormat::Csv
            | FileFormat::GeoJson
            | FileFormat::GeoPackage
            | FileFormat::Shapefile
            | FileFormat::Wkt => GeometryColumn::Wkt,
        };
        SinkOptions {
            layer: self.what.name().to_owned(),
            crs_epsg: Some(self.crs.code()),
            fields: self.columns.fields(),
            geometry_column,
            ..SinkOptions::default()
        }
    }

    async fn rows(&self, found: &[Found]) -> Result<Vec<Row>, ExportError> {
        let ids: Vec<_> = found.iter().map(|found| found.id).collect();
        let Search { registry, snapshot, viewer, .. } = &self.search;
        let shown = match sight(viewer.role) {
            Sight::Full => FootprintShown::Surveyed,
            Sight::Outline => FootprintShown::Outline,
        };
        let page = ParcelPage::load(registry, *snapshot, viewer, &ids).await?;
        let mut rows = Vec::with_capacity(ids.len());
        for parcel in page.objects(&ids) {
            let values = self.columns.values(&parcel, shown, &self.districts).await?;
            let facts = parcel.facts();
            let district = self.districts.district(facts.district).ok_or_else(|| lost("a district"))?;
            let geometry = parcel_geometry(facts, shown, district.grid, self.crs);
            rows.push((values, geometry.map_err(|why| why.refused("crs"))?));
        }
        if rows.len() == ids.len() { Ok(rows) } else { Err(lost("a parcel")) }
    }

    /// Fewer rows than parcels counted would be a cut result.
    fn exported(self, written: Written, total: u64) -> Result<Exported, ExportError> {
        let Written { features, file } = written;
        if features != total {
            return Err(lost("a parcel that was counted"));
        }
        let (seq, withheld) = (self.search.snapshot.seq, self.columns.withheld);
        Ok(Exported { features, seq, crs: Some(self.crs), withheld, file })
    }
}

/// Turns the question to the page behind; false where there is none.
fn next(query: &mut ParcelQuery, page: &SearchPage) -> bool {
    query.after = page.items.last().map(|found| found.cursor.clone());
    page.has_next && query.after.is_some()
}

fn with_rows(mut sink: Sink, rows: &[Row]) -> Result<Sink, SinkError> {
    rows.iter().try_for_each(|(values, geometry)| sink.write(values, geometry.as_ref()))?;
    Ok(sink)
}

/// Files are written apart from the threads that answer.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SinkError> + Send + 'static,
) -> Result<T, ExportError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|why| fault(&why))?;
    Ok(done?)
}

/// The index names what the records do not hold.
fn lost(what: &str) -> ExportError {
    let (row, why) = ("?".to_owned(), format!("{what} is not there"));
    fault(&PersistenceError::Corrupt { table: "parcel_index", row, why }).into()
}

/// The grid of the districts asked about, where they have one grid; that of the root where none is named.
fn grid_of(districts: &DistrictBook, asked: &[DistrictId]) -> Result<Crs, Refused> {
    let named = |one: &&District| asked.contains(&one.id);
    let root = |one: &&District| one.parent.is_none();
    let meant = districts.all().filter(|one| if asked.is_empty() { root(one) } else { named(one) });
    let grids: BTreeSet<Crs> = meant.map(|district| district.grid).collect();
    if let (Some(grid), 1) = (grids.first(), grids.len()) {
        return Ok(*grid);
    }
    let grids: Vec<u32> = grids.iter().map(|grid| grid.code()).collect();
    Err(Refused::new(ErrorCode::CrsMissing).at("crs").with("grids", grids))
}
