//! What is to be known of a file before its features are imported: its digest, axis order, and whether it looks shifted.

use std::io::Read;
use std::path::Path;

use geo::CoordsIter;
use geo_types::Coord;
use sha2::{Digest as _, Sha256};
use yulin_domain::district::District;
use yulin_domain::geometry::{
    AxisOrder, Crs, Footprint, Transformation, WebMapShift, axis_order, fits_better_unshifted,
};
use yulin_domain::journal::Digest;

use crate::format::{OpenOptions, OpenRefused, Source};

/// Points looked at; more tell nothing new.
const POINTS_MAX: usize = 1_000;
/// Features looked at for them.
const FEATURES_MAX: usize = 500;
/// Points taken of one feature, so that a single large one does not speak for the file.
const POINTS_OF_FEATURE_MAX: usize = 8;

/// What a sample of the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLook {
    pub axis: AxisOrder,
    /// Either order of the ordinates would lie where the system is used, and nothing else tells.
    pub both_orders_fit: bool,
    /// It fits the district far better once this web map's offset is taken off.
    pub shift: Option<WebMapShift>,
}

/// Looks at a sample of a file that is to be read in `crs`.
pub fn look_at(path: &Path, options: &OpenOptions, crs: Crs, district: &District) -> Result<FileLook, OpenRefused> {
    let points = sample(Source::open(path, options)?);
    let boundary = district.boundary.as_ref();
    let expected = boundary.map(Footprint::bounds_lonlat);
    // Where neither order fits, each feature is told so by itself.
    let within = axis_order(&points, crs, expected).or_else(|_| axis_order(&points, crs, None));
    let axis = within.unwrap_or(AxisOrder::EastFirst);
    let shift = boundary.and_then(|boundary| {
        let lonlat = in_degrees(&points, crs, axis);
        fits_better_unshifted(&lonlat, boundary.lonlat())
    });
    let swapped: Vec<_> = points.iter().map(|at| AxisOrder::NorthFirst.east_north(*at)).collect();
    let fits = |points: &[Coord<f64>]| axis_order(points, crs, expected) == Ok(AxisOrder::EastFirst);
    let both_orders_fit = crs.is_projected() && !points.is_empty() && fits(&points) && fits(&swapped);
    Ok(FileLook { axis, both_orders_fit, shift })
}

fn sample(source: Source) -> Vec<Coord<f64>> {
    let features = source.map_while(Result::ok).take(FEATURES_MAX);
    let geometries = features.filter_map(|feature| feature.geometry.ok().flatten());
    let points = geometries.flat_map(|geometry| {
        let points: Vec<_> = geometry.coords_iter().take(POINTS_OF_FEATURE_MAX).collect();
        points
    });
    points.take(POINTS_MAX).collect()
}

fn in_degrees(points: &[Coord<f64>], crs: Crs, axis: AxisOrder) -> Vec<Coord<f64>> {
    let Ok(to_lonlat) = Transformation::between(crs, crs.geographic()) else { return Vec::new() };
    points.iter().filter_map(|at| to_lonlat.apply_point(axis.east_north(*at)).ok()).collect()
}

/// SHA-256 of a file, read in pieces.
pub fn digest_of_file(path: &Path) -> std::io::Result<Digest> {
    let mut file = std::fs::File::open(path)?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(Digest(hasher.finalize().into())),
            read => hasher.update(piece.get(..read).unwrap_or_default()),
        }
    }
}
