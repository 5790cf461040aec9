//! Reading `GeoJSON` points and lines from callers, with the place of whatever is wrong.
//!
//! Polygons are read by the domain; features are points and lines, which nothing else in the registry is.

use serde_json::Value;
use yulin_domain::geometry::{GeometryRefused, VERTICES_MAX};

/// Lines of vertices; a point is a line of one.
type Lines = Vec<Vec<[f64; 2]>>;

/// Reads a Point, `MultiPoint`, `LineString` or `MultiLineString`, or a Feature holding one. Heights are dropped.
pub(super) fn lines(text: &str) -> Result<Lines, GeometryRefused> {
    let value: Value = serde_json::from_str(text).map_err(|why| malformed("$", &why.to_string()))?;
    let (geometry, prefix) = match value.get("type").and_then(Value::as_str) {
        Some("Feature") => (member(&value, "geometry", "")?, "geometry."),
        Some(_) | None => (&value, ""),
    };
    let kind = member(geometry, "type", prefix)?.as_str().ok_or_else(|| malformed("type", "not a text"))?;
    let at = format!("{prefix}coordinates");
    let read = match kind {
        "Point" => vec![vec![position(member(geometry, "coordinates", prefix)?, &at)?]],
        "MultiPoint" => {
            each(member(geometry, "coordinates", prefix)?, &at, |point, at| Ok(vec![position(point, at)?]))?
        }
        "LineString" => vec![line(member(geometry, "coordinates", prefix)?, &at)?],
        "MultiLineString" => each(member(geometry, "coordinates", prefix)?, &at, line)?,
        other => return Err(GeometryRefused::WrongType { found: other.chars().take(40).collect() }),
    };
    let found = read.iter().map(Vec::len).sum();
    if found > VERTICES_MAX {
        return Err(GeometryRefused::TooManyVertices { found, max: VERTICES_MAX });
    }
    Ok(read)
}

fn malformed(pointer: &str, problem: &str) -> GeometryRefused {
    GeometryRefused::Malformed { pointer: pointer.to_owned(), problem: problem.to_owned() }
}

fn member<'a>(value: &'a Value, name: &str, prefix: &str) -> Result<&'a Value, GeometryRefused> {
    value.get(name).ok_or_else(|| malformed(&format!("{prefix}{name}"), "the member is missing"))
}

fn each<T>(
    value: &Value,
    at: &str,
    read: impl Fn(&Value, &str) -> Result<T, GeometryRefused>,
) -> Result<Vec<T>, GeometryRefused> {
    let items = value.as_array().ok_or_else(|| malformed(at, "not an array"))?;
    items.iter().enumerate().map(|(place, item)| read(item, &format!("{at}[{place}]"))).collect()
}

fn line(value: &Value, at: &str) -> Result<Vec<[f64; 2]>, GeometryRefused> {
    let line = each(value, at, position)?;
    if line.len() < 2 {
        return Err(malformed(at, "a line has at least two positions"));
    }
    Ok(line)
}

fn position(value: &Value, at: &str) -> Result<[f64; 2], GeometryRefused> {
    let ordinates = value.as_array().ok_or_else(|| malformed(at, "a position is an array of numbers"))?;
    let [x, y, ..] = ordinates.as_slice() else {
        return Err(malformed(at, "a position has at least two numbers"));
    };
    let number = |value: &Value, place: usize| {
        value.as_f64().ok_or_else(|| malformed(&format!("{at}[{place}]"), "not a number"))
    };
    Ok([number(x, 0)?, number(y, 1)?])
}
