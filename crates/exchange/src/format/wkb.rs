//! Well-known binary (ISO and EWKB forms) to geometry, and multipolygons back.
//!
//! Own and strict, because what comes in is hostile: counts are checked against the bytes that are left before anything
//! is allocated, nesting has a maximum, and a kind that is not supported is named instead of skipped.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point};

use super::FeatureProblem;
use super::geometry::{Place, line, multi_polygon, polygon};
use super::limits::NESTING_MAX;

type Rings = Vec<Vec<Coord<f64>>>;

/// Decodes one geometry that fills `bytes`; heights and measures are left out.
pub(crate) fn decode(bytes: &[u8]) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    let mut cursor = Cursor { rest: bytes };
    let geometry = read_geometry(&mut cursor, 0)?;
    if cursor.rest.is_empty() {
        Ok(geometry)
    } else {
        Err(FeatureProblem::malformed(format!("{} bytes follow the geometry", cursor.rest.len())))
    }
}

/// The multipolygon as little-endian ISO WKB.
pub(crate) fn encode(shape: &MultiPolygon<f64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    head(&mut out, 6);
    count(&mut out, shape.0.len());
    for part in shape {
        head(&mut out, 3);
        let rings: Vec<&LineString<f64>> = if part.exterior().0.is_empty() {
            Vec::new()
        } else {
            std::iter::once(part.exterior()).chain(part.interiors()).collect()
        };
        count(&mut out, rings.len());
        for ring in rings {
            count(&mut out, ring.0.len());
            for coord in &ring.0 {
                out.extend_from_slice(&coord.x.to_le_bytes());
                out.extend_from_slice(&coord.y.to_le_bytes());
            }
        }
    }
    out
}

fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
}

fn count(out: &mut Vec<u8>, number: usize) {
    // A list of more than 2^32 vertices cannot be held in memory in the first place.
    out.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

struct Cursor<'a> {
    rest: &'a [u8],
}

#[derive(Clone, Copy)]
enum ByteOrder {
    Big,
    Little,
}

/// The header of a geometry: byte order, base kind, ordinates a vertex.
#[derive(Clone, Copy)]
struct Header {
    order: ByteOrder,
    kind: u32,
    dimensions: usize,
}

impl Cursor<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], FeatureProblem> {
        let Some((bytes, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(FeatureProblem::malformed("the geometry ends too early"));
        };
        self.rest = rest;
        Ok(*bytes)
    }

    fn u32(&mut self, order: ByteOrder) -> Result<u32, FeatureProblem> {
        let bytes = self.array::<4>()?;
        Ok(match order {
            ByteOrder::Big => u32::from_be_bytes(bytes),
            ByteOrder::Little => u32::from_le_bytes(bytes),
        })
    }

    fn f64(&mut self, order: ByteOrder) -> Result<f64, FeatureProblem> {
        let bytes = self.array::<8>()?;
        Ok(match order {
            ByteOrder::Big => f64::from_be_bytes(bytes),
            ByteOrder::Little => f64::from_le_bytes(bytes),
        })
    }

    /// A count of things that take at least `least_bytes` each: never more than the bytes left can hold.
    fn count(&mut self, order: ByteOrder, least_bytes: usize) -> Result<usize, FeatureProblem> {
        let number = usize::try_from(self.u32(order)?).unwrap_or(usize::MAX);
        if number > self.rest.len() / least_bytes {
            return Err(FeatureProblem::malformed(format!("a count of {number} is more than the bytes can hold")));
        }
        Ok(number)
    }

    fn header(&mut self) -> Result<Header, FeatureProblem> {
        let order = match self.array::<1>()? {
            [0] => ByteOrder::Big,
            [1] => ByteOrder::Little,
            [other] => return Err(FeatureProblem::malformed(format!("byte order {other} is unknown"))),
        };
        let code = self.u32(order)?;
        if code & 0x2000_0000 != 0 {
            self.u32(order)?;
        }
        let iso = code & 0x0fff_ffff;
        let (height, measure) = (code & 0x8000_0000 != 0, code & 0x4000_0000 != 0);
        let dimensions = match (iso / 1000, height, measure) {
            (0, false, false) => 2,
            (1 | 2, false, false) | (0, true, false) | (0, false, true) => 3,
            (3, false, false) | (0, true, true) => 4,
            _ => return Err(FeatureProblem::malformed(format!("geometry code {code} is unknown"))),
        };
        Ok(Header { order, kind: iso % 1000, dimensions })
    }

    fn coord(&mut self, header: Header) -> Result<Coord<f64>, FeatureProblem> {
        let coord = Coord { x: self.f64(header.order)?, y: self.f64(header.order)? };
        for _ in 2..header.dimensions {
            self.f64(header.order)?;
        }
        Ok(coord)
    }

    fn coords(&mut self, header: Header) -> Result<Vec<Coord<f64>>, FeatureProblem> {
        let number = self.count(header.order, header.dimensions * 8)?;
        (0..number).map(|_| self.coord(header)).collect()
    }

    fn rings(&mut self, header: Header) -> Result<Rings, FeatureProblem> {
        let number = self.count(header.order, 4)?;
        (0..number).map(|_| self.coords(header)).collect()
    }

    /// The members of a multi-geometry, each with a header of its own that must be of `kind`.
    fn members<T>(
        &mut self,
        outer: Header,
        kind: u32,
        mut read: impl FnMut(&mut Self, Header) -> Result<T, FeatureProblem>,
    ) -> Result<Vec<T>, FeatureProblem> {
        let number = self.count(outer.order, 5)?;
        let mut members = Vec::with_capacity(number.min(1024));
        for _ in 0..number {
            let header = self.header()?;
            if header.kind != kind {
                return Err(unsupported(header.kind));
            }
            members.push(read(self, header)?);
        }
        Ok(members)
    }
}

fn read_geometry(cursor: &mut Cursor, depth: usize) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    if depth > NESTING_MAX {
        return Err(FeatureProblem::malformed(format!("collections are nested deeper than {NESTING_MAX}")));
    }
    let header = cursor.header()?;
    let first = Place { part: 1, ring: 1 };
    Ok(Some(match header.kind {
        1 => return Ok(point(cursor.coord(header)?)?.map(Geometry::Point)),
        2 => Geometry::LineString(line(cursor.coords(header)?, first)?),
        3 => Geometry::Polygon(polygon(cursor.rings(header)?, 1)?),
        4 => {
            let points = cursor.members(header, 1, Cursor::coord)?;
            Geometry::MultiPoint(MultiPoint(line(points, first)?.0.into_iter().map(Point).collect()))
        }
        // A multi-curve or multi-surface of straight members is a multi-line or multi-polygon by another name.
        5 | 11 => {
            let lines = cursor.members(header, 2, Cursor::coords)?;
            let checked =
                lines.into_iter().enumerate().map(|(index, coords)| line(coords, Place { part: index + 1, ring: 1 }));
            Geometry::MultiLineString(MultiLineString(checked.collect::<Result<_, _>>()?))
        }
        6 | 12 => Geometry::MultiPolygon(multi_polygon(cursor.members(header, 3, Cursor::rings)?)?),
        7 => {
            let number = cursor.count(header.order, 5)?;
            let mut members = Vec::new();
            for _ in 0..number {
                members.extend(read_geometry(cursor, depth + 1)?);
            }
            Geometry::GeometryCollection(GeometryCollection(members))
        }
        other => return Err(unsupported(other)),
    }))
}

/// A point; the empty one is written as two NaN.
fn point(coord: Coord<f64>) -> Result<Option<Point<f64>>, FeatureProblem> {
    if coord.x.is_nan() && coord.y.is_nan() {
        return Ok(None);
    }
    line(vec![coord], Place { part: 1, ring: 1 })?;
    Ok(Some(Point(coord)))
}

fn unsupported(kind: u32) -> FeatureProblem {
    let name = match kind {
        1 => "POINT",
        2 => "LINESTRING",
        3 => "POLYGON",
        4 => "MULTIPOINT",
        5 => "MULTILINESTRING",
        6 => "MULTIPOLYGON",
        7 => "GEOMETRYCOLLECTION",
        8 => "CIRCULARSTRING",
        9 => "COMPOUNDCURVE",
        10 => "CURVEPOLYGON",
        11 => "MULTICURVE",
        12 => "MULTISURFACE",
        13 => "CURVE",
        14 => "SURFACE",
        15 => "POLYHEDRALSURFACE",
        16 => "TIN",
        17 => "TRIANGLE",
        other => {
            return FeatureProblem::GeometryUnsupported { kind: format!("WKB {other}") };
        }
    };
    FeatureProblem::GeometryUnsupported { kind: name.to_owned() }
}

#[cfg(test)]
#[path = "wkb_tests.rs"]
mod wkb_tests;
