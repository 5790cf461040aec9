//! The coordinate reference system a file says it is in.
//!
//! Only what files say; transformations are the domain's. Offset web-map systems (GCJ-02, BD-09) are recognised by name,
//! because data in them look right on a map and lie hundreds of metres off.

use super::crs_names::{epsg_by_name, normalised};

/// What a file says of its coordinates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectedCrs {
    /// The EPSG code, `None` where the file names none that is known.
    pub epsg: Option<u32>,
    /// What told it: `caller`, `RFC 7946`, `crs member`, `gpkg_spatial_ref_sys`, `.prj`, `SRID`, `none`.
    pub from: &'static str,
    /// The definition in the file, as it stands there.
    pub wkt: Option<String>,
    /// The name that says the coordinates are offset, as found.
    pub obfuscated_by: Option<String>,
}

/// Why the coordinates of a file cannot be used as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrsProblem {
    #[error("the file calls its coordinates {name}: an offset system is not accepted")]
    Obfuscated { name: String },
    #[error("the file does not say a known coordinate reference system (looked at: {from}); one is to be named")]
    Missing { from: &'static str },
}

impl CrsProblem {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Obfuscated { .. } => "CRS_OBFUSCATED",
            Self::Missing { .. } => "CRS_MISSING",
        }
    }
}

impl DetectedCrs {
    /// A system known by its code alone.
    pub(crate) fn of_epsg(epsg: u32, from: &'static str) -> Self {
        Self { epsg: Some(epsg), from, wkt: None, obfuscated_by: None }
    }

    /// Nothing is said.
    pub(crate) fn unknown(from: &'static str) -> Self {
        Self { epsg: None, from, wkt: None, obfuscated_by: None }
    }

    /// What a WKT definition says: its authority code, else its name.
    pub(crate) fn of_wkt(wkt: &str, from: &'static str) -> Self {
        let epsg = authority_epsg(wkt).or_else(|| quoted_name(wkt).and_then(epsg_by_name));
        let offset = quoted_name(wkt).filter(|name| tells_obfuscation(name)).map(str::to_owned);
        Self { epsg, from, wkt: Some(wkt.trim().to_owned()), obfuscated_by: offset }
    }

    /// What a name or URN says (`EPSG:4549`, `urn:ogc:def:crs:EPSG::4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`).
    pub(crate) fn of_name(name: &str, from: &'static str) -> Self {
        let plain = normalised(name);
        let epsg = if plain.ends_with("crs84") {
            Some(4326)
        } else if plain.contains("epsg") {
            name.rsplit([':', '/', ' ']).next().and_then(|code| code.parse().ok())
        } else {
            epsg_by_name(name)
        };
        Self { epsg, from, wkt: None, obfuscated_by: tells_obfuscation(name).then(|| name.to_owned()) }
    }

    /// Marks the system as offset when another name of the file (its own, its layer's) says so.
    pub(crate) fn heeding_name(mut self, name: &str) -> Self {
        if self.obfuscated_by.is_none() && tells_obfuscation(name) {
            self.obfuscated_by = Some(name.to_owned());
        }
        self
    }

    /// Whether a name in the file says GCJ-02 or BD-09.
    pub fn is_obfuscated(&self) -> bool {
        self.obfuscated_by.is_some()
    }

    /// The EPSG code to read the coordinates in, or why there is none.
    pub fn usable_epsg(&self) -> Result<u32, CrsProblem> {
        match (&self.obfuscated_by, self.epsg) {
            (Some(name), _) => Err(CrsProblem::Obfuscated { name: name.clone() }),
            (None, Some(epsg)) => Ok(epsg),
            (None, None) => Err(CrsProblem::Missing { from: self.from }),
        }
    }
}

/// Whether a name says GCJ-02 or BD-09 (the Chinese web-map offsets).
pub(crate) fn tells_obfuscation(name: &str) -> bool {
    let plain = normalised(name);
    ["gcj02", "bd09", "火星坐标", "百度坐标", "marscoordinate", "baiducoordinate"]
        .iter()
        .any(|sign| plain.contains(sign))
}

/// The EPSG code in the last `AUTHORITY` (or `ID`) of the outermost definition; those of its parts come before it.
fn authority_epsg(wkt: &str) -> Option<u32> {
    let mut depth = 0_usize;
    let mut start = None;
    for (at, letter) in wkt.char_indices() {
        match letter {
            '[' | '(' => {
                depth += 1;
                if depth == 2 {
                    start = Some(at);
                }
            }
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let start = start?;
    let keyword = wkt.get(..start)?.rsplit([',', '[', '(']).next()?.trim();
    if !keyword.eq_ignore_ascii_case("AUTHORITY") && !keyword.eq_ignore_ascii_case("ID") {
        return None;
    }
    let inside = wkt.get(start + 1..)?.split([']', ')']).next()?;
    let (authority, code) = inside.split_once(',')?;
    authority
        .trim()
        .trim_matches('"')
        .eq_ignore_ascii_case("EPSG")
        .then(|| code.trim().trim_matches('"').parse().ok())?
}

/// The name of the outermost definition: the first text in quotes.
fn quoted_name(wkt: &str) -> Option<&str> {
    wkt.split('"').nth(1)
}
