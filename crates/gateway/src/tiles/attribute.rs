//! What a tile tells of a parcel: each attribute names the field of the API that tells the same, so that who may not
//! read the field gets no attribute.

use yulin_domain::codes::Role;
use yulin_exchange::tile::TileValue;
use yulin_persistence::MapParcel;

use crate::disclosure::{Reading, reading};

/// The zoom from which a tile tells all attributes; below it, those by which a map is coloured.
pub const ZOOM_DETAILED: u8 = 10;
const COLOURED_BY: [&str; 3] = ["state", "layer", "stockStatus"];

/// Units of area in a square metre.
const UNITS_PER_SQUARE_METRE: i64 = 10_000;

/// An attribute of a parcel on a tile.
pub struct Attribute {
    pub name: &'static str,
    /// As TileJSON tells it.
    pub description: &'static str,
    /// The type and the field of the API under which the same is read.
    reads: (&'static str, &'static str),
    value: fn(&MapParcel) -> Option<TileValue>,
}

type Row = (&'static str, &'static str, (&'static str, &'static str), fn(&MapParcel) -> Option<TileValue>);

const ROWS: &[Row] = &[
    (
        "code",
        "String: the code, or the lot number of a planned lot (宗地代码或地块编号)",
        ("Parcel", "code"),
        |p| Some(TileValue::Text(p.label.clone())),
    ),
    ("state", "String: REGISTERED or PLANNED (宗地状态)", ("Parcel", "state"), |p| {
        Some(TileValue::Text(p.state.clone()))
    }),
    ("layer", "String: the spatial layer (空间层)", ("Parcel", "layer"), |p| Some(TileValue::Text(p.layer.clone()))),
    ("stockStatus", "String: the stock status (存量用地状态)", ("Parcel", "stockStatus"), |p| {
        text(p.status.as_ref())
    }),
    ("stockSince", "String: since which day it stands (状态起始日期)", ("Stock", "since"), |p| {
        text(p.since.as_ref())
    }),
    ("landUse", "String: the principal use as SCHEME:CODE (主要用途)", ("Parcel", "landUse"), |p| {
        text(p.use_code.as_ref())
    }),
    ("street", "String: the street or town (街道或乡镇)", ("Parcel", "street"), |p| text(p.street.as_ref())),
    ("areaM2", "Number: the area in whole square metres, for drawing (面积，平方米)", ("Parcel", "area"), |p| {
        p.area.map(|units| TileValue::Integer(units / UNITS_PER_SQUARE_METRE))
    }),
    ("priceFen", "Number: the price in fen per square metre (价格，分每平方米)", ("Price", "asking"), |p| {
        p.price.map(TileValue::Integer)
    }),
];

fn text(value: Option<&String>) -> Option<TileValue> {
    value.cloned().map(TileValue::Text)
}

/// The attributes that a role reads of every parcel.
pub fn attributes(role: Role) -> impl Iterator<Item = Attribute> {
    let all = ROWS.iter().map(|(name, description, reads, value)| Attribute {
        name,
        description,
        reads: *reads,
        value: *value,
    });
    all.filter(move |one| reading(role, one.reads.0, one.reads.1) == Reading::Yes)
}

impl Attribute {
    /// Whether it stands on tiles of a zoom.
    pub fn is_told_at(&self, zoom: u8) -> bool {
        zoom >= ZOOM_DETAILED || COLOURED_BY.contains(&self.name)
    }

    /// What stands in it.
    pub fn of(&self, parcel: &MapParcel) -> Option<(&'static str, TileValue)> {
        Some((self.name, (self.value)(parcel)?))
    }
}
