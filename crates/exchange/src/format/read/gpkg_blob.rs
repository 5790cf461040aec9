//! The header in front of every GeoPackage geometry (OGC 12-128r18, 2.1.3).
//!
//! The geometry behind it is plain WKB. The envelope is skipped, not believed: it is reckoned anew from the ordinates.

use geo_types::Geometry;

use crate::format::FeatureProblem;
use crate::format::wkb;

/// The header and the WKB behind it.
pub(super) struct Blob<'a> {
    /// The reference system of the geometry, by its number in the package.
    pub(super) srs_id: i32,
    empty: bool,
    wkb: &'a [u8],
}

/// Takes a blob apart.
pub(super) fn split(blob: &[u8]) -> Result<Blob<'_>, FeatureProblem> {
    let Some(([b'G', b'P', version, flags, srs @ ..], rest)) = blob.split_first_chunk::<8>() else {
        return Err(FeatureProblem::malformed("the GeoPackage header is missing"));
    };
    if *version != 0 {
        return Err(FeatureProblem::malformed(format!("version {version} of the GeoPackage header is unknown")));
    }
    if flags & 0b0010_0000 != 0 {
        return Err(FeatureProblem::GeometryUnsupported { kind: "ExtendedGeoPackageBinary".to_owned() });
    }
    let envelope_bytes = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(FeatureProblem::malformed(format!("envelope kind {other} is unknown"))),
    };
    let srs_id = if flags & 1 == 0 { i32::from_be_bytes(*srs) } else { i32::from_le_bytes(*srs) };
    let wkb = rest.get(envelope_bytes..).ok_or_else(|| FeatureProblem::malformed("the envelope ends too early"))?;
    Ok(Blob { srs_id, empty: flags & 0b0001_0000 != 0, wkb })
}

impl Blob<'_> {
    /// The geometry; an empty one is none.
    pub(super) fn geometry(&self) -> Result<Option<Geometry<f64>>, FeatureProblem> {
        let geometry = wkb::decode(self.wkb)?;
        Ok(if self.empty { None } else { geometry })
    }
}
