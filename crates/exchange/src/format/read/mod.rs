//! One file a format; `body` is what they have in common once opened.

mod archive;
mod body;
mod dbf;
mod geojson_geometry;
mod gpkg_blob;
mod gpkg_layers;
mod quoting;
mod rings;
mod sheet;
mod shp;

pub(super) mod geojson;
pub(super) mod geopackage;
pub(super) mod shapefile;
pub(super) mod table;
pub(super) mod wkt_file;

pub(super) use body::Body;
