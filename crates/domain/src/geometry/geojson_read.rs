//! Reading `GeoJSON` (RFC 7946) polygons from callers, with the place of whatever is wrong.
//!
//! The common reader says that something is wrong, not where; a planner with two thousand vertices needs the where.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::Value;

use super::refused::GeometryRefused;
use super::submitted::{RINGS_MAX, VERTICES_MAX};

/// Reads a Polygon, a `MultiPolygon`, or a Feature holding one. Heights and further ordinates are dropped.
pub(super) fn multipolygon_from_geojson(text: &str) -> Result<MultiPolygon<f64>, GeometryRefused> {
    let value: Value = serde_json::from_str(text).map_err(|e| malformed("$", &e.to_string()))?;
    let mut reader = Reader { rings: 0, vertices: 0 };
    let geometry = match value.get("type").and_then(Value::as_str) {
        Some("Feature") => value.get("geometry").ok_or_else(|| malformed("geometry", "the member is missing"))?,
        _ => &value,
    };
    // RFC 7946 took the member away; whoever still names another system means other places.
    if let Some(crs) = value.get("crs").or_else(|| geometry.get("crs")).filter(|crs| !is_lonlat(crs)) {
        return Err(malformed("crs", &format!("coordinates are longitude and latitude, not {crs}")));
    }
    let prefix = if std::ptr::eq(geometry, &raw const value) { "" } else { "geometry." };
    reader.geometry(geometry, prefix)
}

/// Whether a member of the older standard names what the newer one means anyway.
fn is_lonlat(crs: &Value) -> bool {
    let name = crs.pointer("/properties/name").or_else(|| crs.get("name")).and_then(Value::as_str);
    name.is_some_and(|name| ["CRS84", "EPSG:4326", "EPSG::4326"].iter().any(|known| name.ends_with(known)))
}

fn malformed(pointer: &str, problem: &str) -> GeometryRefused {
    GeometryRefused::Malformed { pointer: pointer.to_owned(), problem: problem.to_owned() }
}

struct Reader {
    rings: usize,
    vertices: usize,
}

impl Reader {
    fn geometry(&mut self, value: &Value, prefix: &str) -> Result<MultiPolygon<f64>, GeometryRefused> {
        let pointer = format!("{prefix}coordinates");
        let kind = match value.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(_) => return Err(malformed(&format!("{prefix}type"), "not a text")),
            None => return Err(malformed(&format!("{prefix}type"), "the member is missing")),
        };
        let coordinates = || value.get("coordinates").ok_or_else(|| malformed(&pointer, "the member is missing"));
        let parts = match kind {
            "Polygon" => vec![self.polygon(coordinates()?, &pointer)?],
            "MultiPolygon" => members(coordinates()?, &pointer, |part, at| self.polygon(part, at))?,
            other => return Err(GeometryRefused::WrongType { found: other.chars().take(40).collect() }),
        };
        Ok(MultiPolygon(parts))
    }

    fn polygon(&mut self, value: &Value, pointer: &str) -> Result<Polygon<f64>, GeometryRefused> {
        let mut rings = members(value, pointer, |ring, at| self.ring(ring, at))?.into_iter();
        let shell = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Ok(Polygon::new(shell, rings.collect()))
    }

    fn ring(&mut self, value: &Value, pointer: &str) -> Result<LineString<f64>, GeometryRefused> {
        self.rings += 1;
        self.vertices += value.as_array().map_or(0, Vec::len);
        if self.rings > RINGS_MAX {
            return Err(GeometryRefused::TooManyRings { found: self.rings, max: RINGS_MAX });
        }
        if self.vertices > VERTICES_MAX {
            return Err(GeometryRefused::TooManyVertices { found: self.vertices, max: VERTICES_MAX });
        }
        let ring = members(value, pointer, position)?;
        // What is shorter is too short, closed or not.
        if ring.len() > 2 && ring.first() != ring.last() {
            return Err(GeometryRefused::RingNotClosed { pointer: pointer.to_owned() });
        }
        Ok(LineString(ring))
    }
}

fn position(value: &Value, pointer: &str) -> Result<Coord<f64>, GeometryRefused> {
    let ordinates = value.as_array().ok_or_else(|| malformed(pointer, "a position is an array of numbers"))?;
    let [x, y, ..] = ordinates.as_slice() else {
        return Err(malformed(pointer, "a position has at least two numbers"));
    };
    let number = |value: &Value, index: usize| {
        value.as_f64().ok_or_else(|| malformed(&format!("{pointer}[{index}]"), "not a number"))
    };
    Ok(Coord { x: number(x, 0)?, y: number(y, 1)? })
}

/// Reads each member of an array, telling it its pointer.
fn members<T>(
    value: &Value,
    pointer: &str,
    mut read: impl FnMut(&Value, &str) -> Result<T, GeometryRefused>,
) -> Result<Vec<T>, GeometryRefused> {
    let array = value.as_array().ok_or_else(|| malformed(pointer, "not an array"))?;
    let mut place = String::with_capacity(pointer.len() + 8);
    let each = array.iter().enumerate().map(|(index, member)| {
        place.clear();
        place.push_str(pointer);
        place.push('[');
        place.push_str(&index.to_string());
        place.push(']');
        read(member, &place)
    });
    each.collect()
}
