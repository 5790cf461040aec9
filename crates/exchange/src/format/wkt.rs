//! Well-known text to geometry, and multipolygons back.
//!
//! Own and strict: nesting has a maximum, curves are named and refused, an `SRID=` in front is read. `Z` and `M` are left out.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point};

use super::FeatureProblem;
use super::geometry::{Place, line, multi_polygon, polygon};
use super::limits::NESTING_MAX;
use super::number::OrdinateText;
use super::wkt_scanner::{Scanner, Token};

const CURVES: [&str; 10] = [
    "CIRCULARSTRING",
    "COMPOUNDCURVE",
    "CURVEPOLYGON",
    "MULTICURVE",
    "MULTISURFACE",
    "CURVE",
    "SURFACE",
    "POLYHEDRALSURFACE",
    "TIN",
    "TRIANGLE",
];
const STRAIGHT: [&str; 7] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

/// Whether the text begins as well-known text does.
pub(crate) fn starts_like_wkt(text: &str) -> bool {
    let body = split_srid(text.trim_start()).1;
    let word: String =
        body.chars().take_while(char::is_ascii_alphabetic).take(24).collect::<String>().to_ascii_uppercase();
    let kind = word.strip_suffix("ZM").or_else(|| word.strip_suffix(['Z', 'M'])).unwrap_or(&word);
    STRAIGHT.contains(&word.as_str()) || STRAIGHT.contains(&kind) || CURVES.contains(&word.as_str())
}

/// The SRID that EWKT writes in front, and the text behind it.
pub(crate) fn split_srid(text: &str) -> (Option<u32>, &str) {
    let Some(tail) = text.get(..5).filter(|head| head.eq_ignore_ascii_case("SRID=")).and_then(|_| text.get(5..)) else {
        return (None, text);
    };
    match tail.split_once(';') {
        Some((number, body)) => (number.trim().parse().ok(), body),
        None => (None, text),
    }
}

/// Decodes one geometry that fills `text`; the empty point is no geometry.
pub fn decode(text: &str) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    let mut scanner = Scanner::new(split_srid(text.trim()).1);
    let geometry = read_geometry(&mut scanner, 0)?;
    scanner.expect(Token::End)?;
    Ok(geometry)
}

/// The multipolygon as text.
pub(crate) fn encode(shape: &MultiPolygon<f64>, ordinates: OrdinateText) -> String {
    if shape.0.is_empty() {
        return "MULTIPOLYGON EMPTY".to_owned();
    }
    let mut out = String::from("MULTIPOLYGON");
    list(&mut out, shape.0.iter(), |out, part| {
        list(out, std::iter::once(part.exterior()).chain(part.interiors()), |out, ring| {
            list(out, ring.0.iter(), |out, coord| {
                ordinates.write(coord.x, out);
                out.push(' ');
                ordinates.write(coord.y, out);
            });
        });
    });
    out
}

fn list<T>(out: &mut String, items: impl Iterator<Item = T>, mut write: impl FnMut(&mut String, T)) {
    out.push('(');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(')');
}

fn read_geometry(scanner: &mut Scanner, depth: usize) -> Result<Option<Geometry<f64>>, FeatureProblem> {
    if depth > NESTING_MAX {
        return Err(FeatureProblem::malformed(format!("collections are nested deeper than {NESTING_MAX}")));
    }
    let kind = read_kind(scanner)?;
    if scanner.peek()? == Token::Word("EMPTY")
        || matches!(scanner.peek()?, Token::Word(word) if word.eq_ignore_ascii_case("EMPTY"))
    {
        scanner.take()?;
        return Ok(empty(&kind));
    }
    let first = Place { part: 1, ring: 1 };
    Ok(Some(match kind.as_str() {
        "POINT" => {
            let coords = line(read_list(scanner, read_coord)?, first)?;
            let [only] = coords.0.as_slice() else {
                return Err(FeatureProblem::malformed("a point has one coordinate"));
            };
            Geometry::Point(Point(*only))
        }
        "LINESTRING" => Geometry::LineString(line(read_coords(scanner)?, first)?),
        "POLYGON" => Geometry::Polygon(polygon(read_rings(scanner)?, 1)?),
        "MULTIPOINT" => {
            let coords = line(read_list(scanner, read_point_member)?, first)?;
            Geometry::MultiPoint(MultiPoint(coords.0.into_iter().map(Point).collect()))
        }
        "MULTILINESTRING" => {
            let lines = read_list(scanner, read_coords)?.into_iter().enumerate();
            let checked = lines.map(|(index, coords)| line(coords, Place { part: index + 1, ring: 1 }));
            Geometry::MultiLineString(MultiLineString(checked.collect::<Result<_, _>>()?))
        }
        "MULTIPOLYGON" => Geometry::MultiPolygon(multi_polygon(read_list(scanner, read_rings)?)?),
        "GEOMETRYCOLLECTION" => {
            let members = read_list(scanner, |scanner| read_geometry(scanner, depth + 1))?;
            Geometry::GeometryCollection(GeometryCollection(members.into_iter().flatten().collect()))
        }
        _ => return Err(FeatureProblem::GeometryUnsupported { kind }),
    }))
}

/// The keyword in capitals without its `Z`, `M` or `ZM`, whether that is a suffix or a word of its own.
fn read_kind(scanner: &mut Scanner) -> Result<String, FeatureProblem> {
    let token = scanner.take()?;
    let Token::Word(word) = token else {
        return Err(scanner.unexpected(token));
    };
    let upper = word.to_ascii_uppercase();
    if let Token::Word(next) = scanner.peek()?
        && matches!(next.to_ascii_uppercase().as_str(), "Z" | "M" | "ZM")
    {
        scanner.take()?;
    }
    let known = |name: &str| STRAIGHT.contains(&name) || CURVES.contains(&name);
    let bare = upper.strip_suffix("ZM").or_else(|| upper.strip_suffix(['Z', 'M']));
    match bare {
        _ if known(&upper) => Ok(upper),
        Some(bare) if known(bare) => Ok(bare.to_owned()),
        _ => Err(FeatureProblem::malformed(format!("{} is no geometry", word.chars().take(40).collect::<String>()))),
    }
}

fn empty(kind: &str) -> Option<Geometry<f64>> {
    match kind {
        "LINESTRING" => Some(Geometry::LineString(LineString(Vec::new()))),
        "POLYGON" | "MULTIPOLYGON" => Some(Geometry::MultiPolygon(MultiPolygon(Vec::new()))),
        "MULTIPOINT" => Some(Geometry::MultiPoint(MultiPoint(Vec::new()))),
        "MULTILINESTRING" => Some(Geometry::MultiLineString(MultiLineString(Vec::new()))),
        "GEOMETRYCOLLECTION" => Some(Geometry::GeometryCollection(GeometryCollection(Vec::new()))),
        _ => None,
    }
}

fn read_list<T>(
    scanner: &mut Scanner,
    mut read: impl FnMut(&mut Scanner) -> Result<T, FeatureProblem>,
) -> Result<Vec<T>, FeatureProblem> {
    scanner.expect(Token::Open)?;
    let mut items = Vec::new();
    loop {
        items.push(read(scanner)?);
        match scanner.take()? {
            Token::Comma => {}
            Token::Close => return Ok(items),
            other => return Err(scanner.unexpected(other)),
        }
    }
}

fn read_coord(scanner: &mut Scanner) -> Result<Coord<f64>, FeatureProblem> {
    let (x, y) = (read_number(scanner)?, read_number(scanner)?);
    for _ in 0..2 {
        if let Token::Number(_) = scanner.peek()? {
            scanner.take()?;
        }
    }
    Ok(Coord { x, y })
}

fn read_number(scanner: &mut Scanner) -> Result<f64, FeatureProblem> {
    match scanner.take()? {
        Token::Number(number) => Ok(number),
        other => Err(scanner.unexpected(other)),
    }
}

fn read_coords(scanner: &mut Scanner) -> Result<Vec<Coord<f64>>, FeatureProblem> {
    read_list(scanner, read_coord)
}

fn read_rings(scanner: &mut Scanner) -> Result<Vec<Vec<Coord<f64>>>, FeatureProblem> {
    read_list(scanner, read_coords)
}

/// A member of a multipoint: with parentheses by the standard, without by habit.
fn read_point_member(scanner: &mut Scanner) -> Result<Coord<f64>, FeatureProblem> {
    if scanner.peek()? != Token::Open {
        return read_coord(scanner);
    }
    scanner.take()?;
    let coord = read_coord(scanner)?;
    scanner.expect(Token::Close)?;
    Ok(coord)
}
