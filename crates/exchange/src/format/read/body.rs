//! The features of an opened file, whichever its format.
//!
//! A closed enum instead of a trait: the formats are known, and a new one is to be met by the compiler everywhere.

use super::geojson::GeoJsonBody;
use super::geopackage::GeoPackageBody;
use super::shapefile::ShapefileBody;
use super::table::TableBody;
use super::wkt_file::WktBody;
use crate::format::{ReadFault, SourceFeature};

/// The place in an opened file.
#[derive(Debug)]
pub(in crate::format) enum Body {
    GeoJson(GeoJsonBody),
    GeoPackage(Box<GeoPackageBody>),
    Shapefile(Box<ShapefileBody>),
    Table(TableBody),
    Wkt(WktBody),
}

impl Body {
    pub(in crate::format) fn next_feature(&mut self) -> Option<Result<SourceFeature, ReadFault>> {
        match self {
            Self::GeoJson(body) => body.next_feature().map(Ok),
            Self::GeoPackage(body) => body.next_feature(),
            Self::Shapefile(body) => body.next_feature().map(Ok),
            Self::Table(body) => body.next_feature().map(Ok),
            Self::Wkt(body) => body.next_feature().map(Ok),
        }
    }

    pub(in crate::format) fn skip_to(&mut self, number: u64) -> Result<(), ReadFault> {
        let place = number.saturating_sub(1);
        match self {
            Self::GeoJson(body) => body.done = place,
            Self::GeoPackage(body) => return body.skip_to(number),
            Self::Shapefile(body) => body.done = place,
            Self::Table(body) => body.done = place,
            Self::Wkt(body) => body.done = place,
        }
        Ok(())
    }
}

/// The item at a place counted by features already read.
pub(super) fn item_at<T>(items: &[T], done: u64) -> Option<&T> {
    usize::try_from(done).ok().and_then(|index| items.get(index))
}

/// A length as a count of features.
pub(super) fn count_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Names made unique by a number at the end, so that no column hides another.
pub(super) fn unique_names(names: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::BTreeSet::new();
    let mut unique = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let base = if name.is_empty() { format!("column_{}", index + 1) } else { name };
        let mut candidate = base.clone();
        let mut copy = 2;
        while !seen.insert(candidate.clone()) {
            candidate = format!("{base}_{copy}");
            copy += 1;
        }
        unique.push(candidate);
    }
    unique
}

/// Chooses among the layers of a file: the one that is named, else the only one.
pub(super) fn choose_layer(layers: &[String], named: Option<&str>) -> Result<usize, crate::format::OpenRefused> {
    use crate::format::OpenRefused;
    match (named, layers) {
        (_, []) => Err(OpenRefused::LayerMissing),
        (Some(name), _) => layers
            .iter()
            .position(|layer| layer == name)
            .ok_or_else(|| OpenRefused::LayerUnknown { layer: name.to_owned(), layers: layers.to_vec() }),
        (None, [_]) => Ok(0),
        (None, _) => Err(OpenRefused::LayerAmbiguous { layers: layers.to_vec() }),
    }
}
