//! Names of coordinate reference systems, as EPSG and ESRI write them, to their EPSG codes.
//!
//! A short list of what land files here and in the test districts carry; the CGCS2000, Xi'an 1980 and UTM families are
//! computed because their codes run in sequence (source: the EPSG registry).

const NAMED: [(&str, u32); 26] = [
    ("wgs84", 4326),
    ("wgs1984", 4326),
    ("gcswgs1984", 4326),
    ("wgs84geodetic", 4326),
    ("wgs84crs84", 4326),
    ("wgs84pseudomercator", 3857),
    ("wgs1984webmercatorauxiliarysphere", 3857),
    ("cgcs2000", 4490),
    ("gcscgcs2000", 4490),
    ("chinageodeticcoordinatesystem2000", 4490),
    ("gcschinageodeticcoordinatesystem2000", 4490),
    ("gcschinageodeticcoordinate2000", 4490),
    ("rgf93lambert93", 2154),
    ("rgf93v1lambert93", 2154),
    ("rgf1993lambert93", 2154),
    ("amersfoortrdnew", 28992),
    ("rdnew", 28992),
    ("sjtskkrovakeastnorth", 5514),
    ("sjtskkrovak", 5514),
    ("jgd2011", 6668),
    ("gcsjgd2011", 6668),
    ("etrs89", 4258),
    ("gcsetrs1989", 4258),
    ("xian1980", 4610),
    ("gcsxian1980", 4610),
    ("gcsrgf1993", 4171),
];

/// The name in small letters and digits only; Chinese characters stay.
pub(super) fn normalised(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The EPSG code of a well-known name, in any spelling of case, spaces and punctuation.
pub(super) fn epsg_by_name(name: &str) -> Option<u32> {
    let plain = normalised(name).replace("gausskruger", "gk");
    let listed = NAMED.iter().find(|(known, _)| *known == plain).map(|(_, epsg)| *epsg);
    listed.or_else(|| gauss_kruger(&plain)).or_else(|| utm(&plain)).or_else(|| japan(&plain))
}

/// Gauss-Krüger grids of China: `…_3_Degree_GK_CM_120E`, `…_3_Degree_GK_Zone_40`, and the 6-degree ones without the prefix.
fn gauss_kruger(plain: &str) -> Option<u32> {
    let (bases, rest) = if let Some(rest) = plain.strip_prefix("cgcs2000") {
        ([4513, 4534, 4491, 4502], rest)
    } else {
        ([2349, 2370, 2327, 2338], plain.strip_prefix("xian1980")?)
    };
    let [zone_3, meridian_3, zone_6, meridian_6] = bases;
    if let Some(grid) = rest.strip_prefix("3degreegk") {
        in_sequence(zone(grid), 25..=45, 1, zone_3).or_else(|| in_sequence(meridian(grid), 75..=135, 3, meridian_3))
    } else {
        let grid = rest.strip_prefix("gk")?;
        in_sequence(zone(grid), 13..=23, 1, zone_6).or_else(|| in_sequence(meridian(grid), 75..=135, 6, meridian_6))
    }
}

fn zone(grid: &str) -> Option<u32> {
    grid.strip_prefix("zone")?.parse().ok()
}

fn meridian(grid: &str) -> Option<u32> {
    grid.strip_prefix("cm")?.strip_suffix('e')?.parse().ok()
}

/// The code of `value` in a run of codes that starts with `base` at the start of `range` and goes by `step`.
fn in_sequence(value: Option<u32>, range: std::ops::RangeInclusive<u32>, step: u32, base: u32) -> Option<u32> {
    let offset = value.filter(|value| range.contains(value))? - range.start();
    offset.is_multiple_of(step).then_some(base + offset / step)
}

fn utm(plain: &str) -> Option<u32> {
    let rest = plain.strip_prefix("wgs84utmzone").or_else(|| plain.strip_prefix("wgs1984utmzone"))?;
    match rest.strip_suffix('n') {
        Some(number) => in_sequence(number.parse().ok(), 1..=60, 1, 32_601),
        None => in_sequence(rest.strip_suffix('s')?.parse().ok(), 1..=60, 1, 32_701),
    }
}

fn japan(plain: &str) -> Option<u32> {
    in_sequence(plain.strip_prefix("jgd2011japanzone")?.parse().ok(), 1..=19, 1, 6_669)
}

#[cfg(test)]
#[path = "crs_names_tests.rs"]
mod crs_names_tests;
