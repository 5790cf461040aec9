//! Well-known binary of polygons: how geometries are kept in the journal and in columns.
//!
//! Written little-endian, two-dimensional, always as a multipolygon, so that equal geometries are equal bytes. Read
//! leniently (either byte order, ISO and extended forms; heights and measures dropped) but with every count checked
//! against the bytes that are there: the general reader at hand unwraps, and these bytes may come from outside.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Deserializer, Serializer};

use super::refused::GeometryRefused;
use super::submitted::{RINGS_MAX, VERTICES_MAX};

const POLYGON: u32 = 3;
const MULTIPOLYGON: u32 = 6;
const HAS_Z: u32 = 0x8000_0000;
const HAS_M: u32 = 0x4000_0000;
const HAS_SRID: u32 = 0x2000_0000;

/// Little-endian WKB of a multipolygon.
pub fn wkb_of(polygons: &MultiPolygon<f64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(32 + 16 * polygons.0.iter().map(|p| p.exterior().0.len() + 2).sum::<usize>());
    head(&mut out, MULTIPOLYGON, polygons.0.len());
    for polygon in &polygons.0 {
        head(&mut out, POLYGON, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            count(&mut out, ring.0.len());
            for at in &ring.0 {
                out.extend_from_slice(&at.x.to_le_bytes());
                out.extend_from_slice(&at.y.to_le_bytes());
            }
        }
    }
    out
}

fn head(out: &mut Vec<u8>, kind: u32, members: usize) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
    count(out, members);
}

fn count(out: &mut Vec<u8>, members: usize) {
    // Counts are bounded by the maxima of a submitted geometry, far below the format's 32 bits.
    out.extend_from_slice(&u32::try_from(members).unwrap_or(u32::MAX).to_le_bytes());
}

/// Reads WKB of a polygon or multipolygon.
pub fn multipolygon_from_wkb(bytes: &[u8]) -> Result<MultiPolygon<f64>, GeometryRefused> {
    let mut reader = Reader { bytes, at: 0, little: true, rings: 0, vertices: 0 };
    let (kind, ordinates) = reader.kind()?;
    let parts = match kind {
        POLYGON => vec![reader.polygon(ordinates)?],
        MULTIPOLYGON => {
            let parts = reader.bounded(RINGS_MAX, |found, max| GeometryRefused::TooManyRings { found, max })?;
            (0..parts).map(|_| reader.member()).collect::<Result<_, _>>()?
        }
        other => return Err(GeometryRefused::WrongType { found: kind_name(other) }),
    };
    if reader.at < bytes.len() {
        return Err(reader.malformed("bytes are left over"));
    }
    Ok(MultiPolygon(parts))
}

fn kind_name(kind: u32) -> String {
    let names = [
        "Geometry",
        "Point",
        "LineString",
        "Polygon",
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
        "GeometryCollection",
    ];
    names.get(kind as usize).map_or_else(|| format!("WKB type {kind}"), |name| (*name).to_owned())
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    little: bool,
    rings: usize,
    vertices: usize,
}

impl Reader<'_> {
    fn malformed(&self, problem: &str) -> GeometryRefused {
        GeometryRefused::Malformed { pointer: format!("byte {}", self.at), problem: problem.to_owned() }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], GeometryRefused> {
        let taken = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<N>).copied();
        let taken = taken.ok_or_else(|| self.malformed("the bytes end too early"))?;
        self.at += N;
        Ok(taken)
    }

    fn word(&mut self) -> Result<u32, GeometryRefused> {
        let bytes = self.take::<4>()?;
        Ok(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self) -> Result<f64, GeometryRefused> {
        let bytes = self.take::<8>()?;
        Ok(if self.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// The type of the geometry that begins here and how many ordinates its vertices have.
    fn kind(&mut self) -> Result<(u32, usize), GeometryRefused> {
        self.little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            [_] => return Err(self.malformed("neither byte order mark 0 nor 1")),
        };
        let code = self.word()?;
        if code & HAS_SRID != 0 {
            self.word()?;
        }
        let plain = code & !(HAS_Z | HAS_M | HAS_SRID);
        let iso = match plain / 1000 {
            0 => 0,
            1 | 2 => 1,
            3 => 2,
            _ => return Err(self.malformed("an unknown geometry type")),
        };
        let flagged = usize::from(code & HAS_Z != 0) + usize::from(code & HAS_M != 0);
        Ok((plain % 1000, 2 + flagged.max(iso)))
    }

    fn bounded(
        &mut self,
        max: usize,
        refused: impl Fn(usize, usize) -> GeometryRefused,
    ) -> Result<usize, GeometryRefused> {
        let found = self.word()? as usize;
        if found > max { Err(refused(found, max)) } else { Ok(found) }
    }

    fn member(&mut self) -> Result<Polygon<f64>, GeometryRefused> {
        match self.kind()? {
            (POLYGON, ordinates) => self.polygon(ordinates),
            (other, _) => Err(GeometryRefused::WrongType { found: kind_name(other) }),
        }
    }

    fn polygon(&mut self, ordinates: usize) -> Result<Polygon<f64>, GeometryRefused> {
        let rings = self.bounded(RINGS_MAX, |found, max| GeometryRefused::TooManyRings { found, max })?;
        self.rings += rings;
        if self.rings > RINGS_MAX {
            return Err(GeometryRefused::TooManyRings { found: self.rings, max: RINGS_MAX });
        }
        let mut lines = (0..rings).map(|_| self.ring(ordinates)).collect::<Result<Vec<_>, _>>()?.into_iter();
        let shell = lines.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(shell, lines.collect()))
    }

    fn ring(&mut self, ordinates: usize) -> Result<LineString<f64>, GeometryRefused> {
        let vertices = self.bounded(VERTICES_MAX, |found, max| GeometryRefused::TooManyVertices { found, max })?;
        self.vertices += vertices;
        if self.vertices > VERTICES_MAX {
            return Err(GeometryRefused::TooManyVertices { found: self.vertices, max: VERTICES_MAX });
        }
        (0..vertices).map(|_| self.vertex(ordinates)).collect::<Result<_, _>>().map(LineString)
    }

    fn vertex(&mut self, ordinates: usize) -> Result<Coord<f64>, GeometryRefused> {
        let at = Coord { x: self.number()?, y: self.number()? };
        for _ in 2..ordinates {
            self.number()?;
        }
        Ok(at)
    }
}

/// Serde of a multipolygon as base64 of its WKB; for `#[serde(with = …)]`.
pub(super) mod base64_wkb {
    use super::{Deserialize, Deserializer, Engine, MultiPolygon, STANDARD, Serializer, multipolygon_from_wkb, wkb_of};

    pub(in super::super) fn serialize<S: Serializer>(polygons: &MultiPolygon<f64>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(wkb_of(polygons)))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<MultiPolygon<f64>, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let bytes = STANDARD.decode(text.as_bytes()).map_err(serde::de::Error::custom)?;
        multipolygon_from_wkb(&bytes).map_err(serde::de::Error::custom)
    }
}
