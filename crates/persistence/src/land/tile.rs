//! What lies in a box of the map, as far as a map shows it; read from the index alone.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use geo_types::MultiPolygon;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use yulin_domain::codes::{Labelled, ParcelState};
use yulin_domain::geometry::multipolygon_from_wkb;
use yulin_domain::journal::{DistrictId, ParcelId};

use super::search::{Sight, area_column, price_column};
use crate::dialect::{in_box, statement, texts};
use crate::error::PersistenceError;
use crate::record::{Snapshot, as_of, as_of_values};
use crate::registry::Registry;

/// How long an extent that was read is told.
const EXTENT_KEPT: Duration = Duration::from_secs(5);
/// Parts of a degree to which an extent is rounded, so that it tells no vertex.
const EXTENT_PARTS: f64 = 1e5;

/// A box of the map.
#[derive(Debug, Clone, Copy)]
pub struct MapBox<'a> {
    /// West, south, east and north in degrees.
    pub bounds: [f64; 4],
    /// Parcels whose box is smaller than that both ways, in degrees, are left out.
    pub least: f64,
    /// So many parcels at most, the largest.
    pub most: usize,
    /// In these districts alone; none: in all.
    pub within: Option<&'a BTreeSet<DistrictId>>,
}

/// A parcel as a map shows it.
#[derive(Debug, Clone)]
pub struct MapParcel {
    pub id: ParcelId,
    pub label: String,
    pub district: String,
    pub state: String,
    pub layer: String,
    pub status: Option<String>,
    pub since: Option<String>,
    pub use_code: Option<String>,
    pub street: Option<String>,
    /// 0.0001 m².
    pub area: Option<i64>,
    /// Fen per square metre; the asking price alone for who sees outlines.
    pub price: Option<i64>,
    pub shape: MultiPolygon<f64>,
}

#[derive(FromQueryResult)]
struct Indexed {
    row_id: i64,
    id: String,
    label: String,
    district: String,
    state: String,
    layer: String,
    status: Option<String>,
    since: Option<String>,
    use_code: Option<String>,
    street: Option<String>,
    area: Option<i64>,
    price: Option<i64>,
    shape: Option<Vec<u8>>,
}

impl Registry {
    /// The last entry, up to a snapshot, that changed any parcel in a box, and when it was recorded in µs: after a
    /// restoration another entry may have its number. None where none ever did.
    pub async fn last_entry_in(
        &self,
        snapshot: &Snapshot,
        bounds: [f64; 4],
    ) -> Result<Option<(i64, i64)>, PersistenceError> {
        let connection = self.reader();
        // Both ends of a version are entries; an end that is still to come is none.
        let sql = format!(
            "SELECT j.seq, j.recorded_at FROM journal j WHERE j.seq = (SELECT \
             max(CASE WHEN p.recorded_to <= $5 THEN p.recorded_to ELSE p.recorded_from END) \
             FROM parcel_index p WHERE p.recorded_from <= $5 AND {})",
            in_box(connection, 1)
        );
        let values = bounds.map(Value::from).into_iter().chain([snapshot.seq.into()]).collect();
        let row = connection.query_one_raw(statement(connection, sql, values)).await?;
        Ok(row.map(|row| Ok::<_, DbErr>((row.try_get("", "seq")?, row.try_get("", "recorded_at")?))).transpose()?)
    }

    /// The box of all parcels, in some districts or in all, in degrees, rounded outwards by a metre or two; none where there
    /// are none. Every parcel is looked at for it: that of all districts is as of a snapshot, or as it was a few seconds
    /// before.
    pub async fn extent(
        &self,
        snapshot: &Snapshot,
        within: Option<&BTreeSet<DistrictId>>,
    ) -> Result<Option<[f64; 4]>, PersistenceError> {
        if within.is_some() {
            return self.extent_at(snapshot, within).await;
        }
        // Held while it is read, so that of many who ask one looks.
        let mut known = self.extent_known().await;
        match *known {
            Some((read_at, extent)) if read_at.elapsed() < EXTENT_KEPT => Ok(extent),
            Some(_) | None => {
                let extent = self.extent_at(snapshot, None).await?;
                *known = Some((Instant::now(), extent));
                Ok(extent)
            }
        }
    }

    async fn extent_at(
        &self,
        snapshot: &Snapshot,
        within: Option<&BTreeSet<DistrictId>>,
    ) -> Result<Option<[f64; 4]>, PersistenceError> {
        let mut values = as_of_values(snapshot).to_vec();
        let sql = format!(
            "SELECT min(p.min_x) AS west, min(p.min_y) AS south, max(p.max_x) AS east, max(p.max_y) AS north \
             FROM parcel_index p WHERE {}{}",
            as_of("p", 1),
            in_districts(self.reader(), within, &mut values)
        );
        let Some(row) = self.reader().query_one_raw(statement(self.reader(), sql, values)).await? else {
            return Ok(None);
        };
        let read = |name: &str| row.try_get::<Option<f64>>("", name);
        let (Some(west), Some(south), Some(east), Some(north)) =
            (read("west")?, read("south")?, read("east")?, read("north")?)
        else {
            return Ok(None);
        };
        let down = |degrees: f64| (degrees * EXTENT_PARTS).floor() / EXTENT_PARTS;
        let up = |degrees: f64| (degrees * EXTENT_PARTS).ceil() / EXTENT_PARTS;
        Ok(Some([down(west), down(south), up(east), up(north)]))
    }

    /// The registered and planned parcels in a box, and how many more there are than were asked for.
    pub async fn parcels_in(
        &self,
        snapshot: &Snapshot,
        sight: Sight,
        of: MapBox<'_>,
    ) -> Result<(Vec<MapParcel>, u64), PersistenceError> {
        let connection = self.reader();
        let shape = match sight {
            Sight::Full => "p.footprint",
            Sight::Outline => "p.outline",
        };
        let states = texts([ParcelState::Registered, ParcelState::Planned].map(Labelled::code));
        let mut condition = format!(
            "{} AND {} AND {} AND (p.max_x - p.min_x >= $8 OR p.max_y - p.min_y >= $8)",
            as_of("p", 1),
            in_box(connection, 3),
            crate::dialect::among(connection, "p.state", 7)
        );
        let mut values = as_of_values(snapshot).to_vec();
        values.extend(of.bounds.map(Value::from));
        values.extend([states, of.least.into()]);
        condition.push_str(&in_districts(connection, of.within, &mut values));
        let sql = format!(
            "SELECT p.row_id, p.id, p.label, p.district, p.state, p.layer, p.status, p.since, p.use_code, p.street, \
             {} AS area, {} AS price, {shape} AS shape FROM parcel_index p WHERE {condition} \
             ORDER BY (p.max_x - p.min_x) + (p.max_y - p.min_y) DESC, p.id LIMIT {}",
            area_column(sight),
            price_column(sight),
            of.most
        );
        let rows = connection.query_all_raw(statement(connection, sql, values.clone())).await?;
        let left_out = if rows.len() < of.most { 0 } else { self.beyond_most(&condition, values, of.most).await? };
        let found =
            rows.iter().map(|row| Indexed::from_query_result(row, "")?.read()).collect::<Result<Vec<_>, _>>()?;
        Ok((found.into_iter().flatten().collect(), left_out))
    }

    async fn beyond_most(&self, condition: &str, values: Vec<Value>, most: usize) -> Result<u64, PersistenceError> {
        let sql = format!("SELECT count(*) AS n FROM parcel_index p WHERE {condition}");
        Ok(self.counted(sql, values).await?.saturating_sub(most as u64))
    }
}

/// That parcels lie in some districts, as the last of conditions; nothing where they may lie anywhere.
fn in_districts(
    connection: &impl ConnectionTrait,
    within: Option<&BTreeSet<DistrictId>>,
    values: &mut Vec<Value>,
) -> String {
    let Some(within) = within else { return String::new() };
    values.push(texts(within));
    format!(" AND {}", crate::dialect::among(connection, "p.district", values.len()))
}

impl Indexed {
    /// Nothing where the searcher is shown no shape: an outline may be too small for whole metres.
    fn read(self) -> Result<Option<MapParcel>, PersistenceError> {
        let Self { row_id, id, label, district, state, layer, status, since, use_code, street, area, price, shape } =
            self;
        let corrupt = |why: String| PersistenceError::corrupt("parcel_index", row_id, why);
        let Some(wkb) = shape else { return Ok(None) };
        let shape = multipolygon_from_wkb(&wkb).map_err(|why| corrupt(why.to_string()))?;
        let id = id.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?;
        let parcel =
            MapParcel { id, label, district, state, layer, status, since, use_code, street, area, price, shape };
        Ok(Some(parcel))
    }
}
