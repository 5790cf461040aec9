//! Writing longitude and latitude as `GeoJSON` (RFC 7946): nine decimals at most and no noise of binary fractions.

use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use super::node::Lattice;

/// Text of a multipolygon in longitude and latitude; a Polygon when it has one part.
pub fn to_geojson(polygons: &MultiPolygon<f64>) -> String {
    let vertices: usize = polygons.0.iter().map(|p| p.exterior().0.len()).sum();
    let mut out = String::with_capacity(64 + vertices * 28);
    if let [single] = polygons.0.as_slice() {
        out.push_str(r#"{"type":"Polygon","coordinates":"#);
        polygon(&mut out, single);
    } else {
        out.push_str(r#"{"type":"MultiPolygon","coordinates":"#);
        list(&mut out, polygons.0.iter(), polygon);
    }
    out.push('}');
    out
}

fn list<T>(out: &mut String, members: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    out.push('[');
    for (position, member) in members.enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(out, member);
    }
    out.push(']');
}

fn polygon(out: &mut String, polygon: &Polygon<f64>) {
    list(out, std::iter::once(polygon.exterior()).chain(polygon.interiors()), ring);
}

fn ring(out: &mut String, line: &LineString<f64>) {
    list(out, line.0.iter(), |out, &at| position(out, at));
}

fn position(out: &mut String, at: Coord<f64>) {
    let node = Lattice::LonLat.node(at);
    out.push('[');
    decimal(out, node.x);
    out.push(',');
    decimal(out, node.y);
    out.push(']');
}

/// Writes a count of 0.000000001 as a decimal number without trailing zeros.
fn decimal(out: &mut String, nano: i64) {
    const NANO: u64 = 1_000_000_000;
    if nano < 0 {
        out.push('-');
    }
    let size = nano.unsigned_abs();
    out.push_str(&(size / NANO).to_string());
    let fraction = size % NANO;
    if fraction != 0 {
        out.push('.');
        out.push_str(format!("{fraction:09}").trim_end_matches('0'));
    }
}
