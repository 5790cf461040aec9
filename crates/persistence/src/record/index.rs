//! The row of a parcel in the index in which parcels are searched.

use sea_orm::{ActiveValue::NotSet, Set};
use yulin_domain::codes::{Infrastructure, Labelled};
use yulin_domain::geometry::wkb_of;
use yulin_domain::journal::Row;
use yulin_domain::land::Parcel;
use yulin_domain::quantity::Area;

use crate::entity::parcel_index::ActiveModel;

/// What stands between the texts that are searched. It cannot be typed in a needle, so that no match spans two of them.
pub const FIELDS_APART: &str = "\u{1f}";

/// The index row of a version of a parcel.
pub fn index_row(parcel: &Parcel, row: &Row, recorded_to: i64) -> ActiveModel {
    let footprint = parcel.footprint.as_ref();
    let bounds = footprint.map(yulin_domain::geometry::Footprint::bounds_lonlat);
    let stock = parcel.stock.as_ref();
    ActiveModel {
        row_id: NotSet,
        id: Set(parcel.id.to_string()),
        valid_from: Set(row.valid.from.micros()),
        valid_to: Set(row.valid.to.micros()),
        recorded_from: Set(row.recorded_from),
        recorded_to: Set(recorded_to),
        district: Set(parcel.district.to_string()),
        root: Set(parcel.root_district.to_string()),
        label: Set(parcel.label()),
        state: Set(parcel.state.code().to_owned()),
        layer: Set(parcel.layer.code().to_owned()),
        status: Set(stock.map(|stock| stock.status.code().to_owned())),
        since: Set(stock.map(|stock| stock.since.to_string())),
        use_code: Set(parcel.uses.first().map(|part| part.land_use.as_str().to_owned())),
        area: Set(parcel.area().map(Area::units)),
        price: Set(parcel.price.ordering().map(yulin_domain::quantity::FenPerSquareMetre::fen)),
        asking: Set(parcel.price.asking.map(yulin_domain::quantity::FenPerSquareMetre::fen)),
        plot_ratio: Set(parcel.planning.plot_ratio.and_then(|range| range.max).map(|(ratio, _)| ratio.units())),
        soil_gate: Set(parcel.soil_gate.code().to_owned()),
        infrastructure: Set(mask(&parcel.infrastructure)),
        street: Set(parcel.street.clone()),
        search: Set(searched(parcel)),
        min_x: Set(bounds.map(|[west, ..]| west)),
        min_y: Set(bounds.map(|[_, south, ..]| south)),
        max_x: Set(bounds.map(|[.., east, _]| east)),
        max_y: Set(bounds.map(|[.., north]| north)),
        footprint: Set(footprint.map(|footprint| wkb_of(footprint.lonlat()))),
        outline: Set(footprint.and_then(|footprint| footprint.outline()).map(wkb_of)),
        grid: Set(footprint.map(|footprint| wkb_of(footprint.grid()))),
        public_area: Set(public_area(parcel).map(Area::units)),
    }
}

/// The area by which the public finds it: registered, else surveyed, else that of the outline.
fn public_area(parcel: &Parcel) -> Option<Area> {
    let shown = || parcel.footprint.as_ref().and_then(yulin_domain::geometry::Footprint::outline_area);
    parcel.registered_area.or(parcel.surveyed_area).or_else(shown)
}

/// Connections as bits, in the order of their list.
pub fn mask<'a>(connections: impl IntoIterator<Item = &'a Infrastructure>) -> i64 {
    let bit = |one: &Infrastructure| Infrastructure::all().iter().position(|other| other == one);
    connections.into_iter().filter_map(bit).fold(0, |mask, bit| mask | (1 << bit))
}

/// The text in which any substring is found, folded as needles are.
fn searched(parcel: &Parcel) -> String {
    let texts = [&parcel.code, &parcel.unit_code, &parcel.lot_number, &parcel.name, &parcel.location];
    let present: Vec<_> = texts.into_iter().flatten().map(String::as_str).collect();
    folded(&present.join(FIELDS_APART))
}

/// Case folded, in every language the same on both databases.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}
