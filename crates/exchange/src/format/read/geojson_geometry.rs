//! GeoJSON geometries.
//!
//! Ordinates are parsed from their text by the standard library, not by the JSON parser: only so does every double that was
//! written in its shortest form come back bit by bit.

use std::borrow::Cow;

use geo_types::{Coord, Geometry, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Point};
use serde::de::{DeserializeOwned, Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::format::FeatureProblem;
use crate::format::geometry::{Place, line, multi_polygon, polygon};
use crate::format::limits::NESTING_MAX;

/// Whether `kind` is a geometry type.
pub(super) fn geometry_kind(kind: &str) -> bool {
    matches!(
        kind,
        "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon" | "GeometryCollection"
    )
}

/// Decodes a geometry; `null` is none.
pub(super) fn decode(text: &str) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    if text == "null" { Ok(None) } else { read_geometry(text, 0).map(Some) }
}

#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow)]
    geometries: Option<&'a RawValue>,
}

/// A coordinate: two ordinates, and what more numbers a file carries, left out.
struct Position(Coord<f64>);

struct Ordinate(f64);

impl<'de> Deserialize<'de> for Ordinate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        raw.get().parse().map(Self).map_err(|_| D::Error::custom("an ordinate is not a number"))
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PositionVisitor)
    }
}

struct PositionVisitor;

impl<'de> Visitor<'de> for PositionVisitor {
    type Value = Position;

    fn expecting(&self, formatter: &mut std::fmt::Formatter) -> std::fmt::Result {
        formatter.write_str("a position of two numbers or more")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Position, A::Error> {
        let Some(Ordinate(x)) = seq.next_element()? else {
            return Err(A::Error::custom("a position has no ordinates"));
        };
        let Some(Ordinate(y)) = seq.next_element()? else {
            return Err(A::Error::custom("a position has one ordinate"));
        };
        while seq.next_element::<Ordinate>()?.is_some() {}
        Ok(Position(Coord { x, y }))
    }
}

fn read_geometry(text: &str, depth: usize) -> Result<Geometry<f64>, FeatureProblem> {
    if depth > NESTING_MAX {
        return Err(FeatureProblem::malformed(format!("collections are nested deeper than {NESTING_MAX}")));
    }
    let shape: Shape = serde_json::from_str(text).map_err(FeatureProblem::malformed)?;
    let first = Place { part: 1, ring: 1 };
    Ok(match shape.kind.as_deref() {
        Some("Point") => {
            let Position(coord) = coordinates(&shape)?;
            line(vec![coord], first)?;
            Geometry::Point(Point(coord))
        }
        Some("MultiPoint") => Geometry::MultiPoint(MultiPoint(
            line(plain(coordinates(&shape)?), first)?.0.into_iter().map(Point).collect(),
        )),
        Some("LineString") => Geometry::LineString(line(plain(coordinates(&shape)?), first)?),
        Some("MultiLineString") => {
            let lines = coordinates::<Vec<Vec<Position>>>(&shape)?.into_iter().enumerate();
            let checked = lines.map(|(index, positions)| line(plain(positions), Place { part: index + 1, ring: 1 }));
            Geometry::MultiLineString(MultiLineString(checked.collect::<Result<_, _>>()?))
        }
        Some("Polygon") => {
            let rings: Vec<Vec<Position>> = coordinates(&shape)?;
            if rings.is_empty() {
                Geometry::MultiPolygon(MultiPolygon(Vec::new()))
            } else {
                Geometry::Polygon(polygon(rings.into_iter().map(plain).collect(), 1)?)
            }
        }
        Some("MultiPolygon") => {
            let parts: Vec<Vec<Vec<Position>>> = coordinates(&shape)?;
            let parts = parts.into_iter().map(|rings| rings.into_iter().map(plain).collect()).collect();
            Geometry::MultiPolygon(multi_polygon(parts)?)
        }
        Some("GeometryCollection") => Geometry::GeometryCollection(collection(&shape, depth)?),
        Some(kind) => {
            return Err(FeatureProblem::GeometryUnsupported { kind: kind.chars().take(40).collect() });
        }
        None => return Err(FeatureProblem::malformed("the geometry has no type")),
    })
}

fn collection(shape: &Shape, depth: usize) -> Result<GeometryCollection<f64>, FeatureProblem> {
    let members = shape.geometries.ok_or_else(|| FeatureProblem::malformed("the collection has no geometries"))?;
    let members: Vec<&RawValue> = serde_json::from_str(members.get()).map_err(FeatureProblem::malformed)?;
    let read = members.into_iter().map(|member| read_geometry(member.get(), depth + 1));
    read.collect::<Result<_, _>>().map(GeometryCollection)
}

fn coordinates<T: DeserializeOwned>(shape: &Shape) -> Result<T, FeatureProblem> {
    let raw = shape.coordinates.ok_or_else(|| FeatureProblem::malformed("the geometry has no coordinates"))?;
    serde_json::from_str(raw.get()).map_err(FeatureProblem::malformed)
}

fn plain(positions: Vec<Position>) -> Vec<Coord<f64>> {
    positions.into_iter().map(|Position(coord)| coord).collect()
}
