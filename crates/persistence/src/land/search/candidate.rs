//! Rows of the index as candidates, and the order they come in.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use sea_orm::FromQueryResult;
use yulin_domain::journal::ParcelId;
use yulin_domain::quantity::Area;

use super::query::{Cursor, CursorKey, Direction, FacetRow, Facets, Found, OrderField, Sight};
use crate::error::PersistenceError;

/// The columns by which candidates are ordered and grouped, as far as the asker may see.
pub fn columns(sight: Sight) -> String {
    let (price, area) = (price_column(sight), area_column(sight));
    format!("p.row_id, p.id, p.label, {price} AS price, {area} AS area, p.since, p.status, p.use_code, p.street")
}

/// The price that orders and narrows: what is asked, and for those who may read it else the floor.
pub const fn price_column(sight: Sight) -> &'static str {
    match sight {
        Sight::Full => "p.price",
        Sight::Outline => "p.asking",
    }
}

/// The area that orders, narrows and is summed: where none is registered or surveyed, that of the shape that is seen.
pub const fn area_column(sight: Sight) -> &'static str {
    match sight {
        Sight::Full => "p.area",
        Sight::Outline => "p.public_area",
    }
}

/// A row that may be an answer.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Candidate {
    pub row_id: i64,
    pub id: String,
    pub label: String,
    pub price: Option<i64>,
    pub area: Option<i64>,
    pub since: Option<String>,
    pub status: Option<String>,
    pub use_code: Option<String>,
    pub street: Option<String>,
    #[sea_orm(skip)]
    pub distance_m: Option<f64>,
}

impl Candidate {
    /// The value by which a field orders it.
    pub fn key(&self, field: OrderField) -> CursorKey {
        let int = |value: Option<i64>| value.map_or(CursorKey::Null, CursorKey::Int);
        match field {
            OrderField::Code => CursorKey::Text(self.label.clone()),
            OrderField::Price => int(self.price),
            OrderField::Area => int(self.area),
            OrderField::Distance => self.distance_m.map_or(CursorKey::Null, |metres| CursorKey::Real(metres.to_bits())),
            OrderField::Age => self.since.clone().map_or(CursorKey::Null, CursorKey::Text),
        }
    }

    /// Where a page that ends here ended.
    pub fn cursor(&self, order: &[(OrderField, Direction)]) -> Result<Cursor, PersistenceError> {
        let keys = order.iter().map(|(field, _)| self.key(*field)).collect();
        Ok(Cursor { keys, id: self.parcel()? })
    }

    /// The parcel found.
    pub fn found(&self, order: &[(OrderField, Direction)]) -> Result<Found, PersistenceError> {
        Ok(Found { id: self.parcel()?, distance_m: self.distance_m, cursor: self.cursor(order)? })
    }

    fn parcel(&self) -> Result<ParcelId, PersistenceError> {
        self.id.parse().map_err(|why| PersistenceError::corrupt("parcel_index", self.row_id, why))
    }

    /// How it stands to the end of a page.
    pub fn against(&self, cursor: &Cursor, order: &[(OrderField, Direction)]) -> Ordering {
        let keys = order.iter().zip(&cursor.keys);
        let by_keys = keys.map(|((field, direction), key)| compare(&self.key(*field), key, *direction));
        by_keys.fold(Ordering::Equal, Ordering::then).then_with(|| self.id.cmp(&cursor.id.to_string()))
    }
}

/// Orders two candidates.
pub fn in_order(a: &Candidate, b: &Candidate, order: &[(OrderField, Direction)]) -> Ordering {
    let by_keys = order.iter().map(|(field, direction)| compare(&a.key(*field), &b.key(*field), *direction));
    by_keys.fold(Ordering::Equal, Ordering::then).then_with(|| a.id.cmp(&b.id))
}

/// Compares two keys of one field; nulls come last both ways.
fn compare(a: &CursorKey, b: &CursorKey, direction: Direction) -> Ordering {
    let ascending = match (a, b) {
        (CursorKey::Null, CursorKey::Null) => return Ordering::Equal,
        (CursorKey::Null, _) => return Ordering::Greater,
        (_, CursorKey::Null) => return Ordering::Less,
        (CursorKey::Int(a), CursorKey::Int(b)) => a.cmp(b),
        (CursorKey::Text(a), CursorKey::Text(b)) => a.cmp(b),
        (CursorKey::Real(a), CursorKey::Real(b)) => f64::from_bits(*a).total_cmp(&f64::from_bits(*b)),
        // Keys of one field are of one kind; a forged cursor orders somehow and harms nobody.
        (CursorKey::Int(_) | CursorKey::Text(_) | CursorKey::Real(_), _) => Ordering::Equal,
    };
    match direction {
        Direction::Asc => ascending,
        Direction::Desc => ascending.reverse(),
    }
}

/// Candidates in groups, largest first.
pub fn facets(candidates: &[Candidate]) -> Facets {
    Facets {
        by_status: groups(candidates, |candidate| candidate.status.as_deref()),
        by_use: groups(candidates, |candidate| candidate.use_code.as_deref()),
        by_street: groups(candidates, |candidate| candidate.street.as_deref()),
    }
}

fn groups<'a>(candidates: &'a [Candidate], key: impl Fn(&'a Candidate) -> Option<&'a str>) -> Vec<FacetRow> {
    let mut groups: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    for candidate in candidates {
        if let Some(key) = key(candidate) {
            let (count, units) = groups.entry(key).or_default();
            *count += 1;
            *units = units.saturating_add(candidate.area.unwrap_or(0));
        }
    }
    let rows = groups.into_iter().map(|(key, (count, units))| FacetRow {
        key: key.to_owned(),
        count,
        area: Area::from_units(units),
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.key.cmp(&b.key)));
    rows
}
