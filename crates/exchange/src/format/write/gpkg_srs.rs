//! Reference systems as a GeoPackage defines them.
//!
//! The three rows that every package must have, and the system of the layer. Definitions are well-known text (OGC 01-009) for
//! the systems this registry writes; of another only its EPSG number is said, which is what readers go by.

/// A row of `gpkg_spatial_ref_sys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReferenceSystem {
    pub(super) name: String,
    pub(super) id: i32,
    pub(super) organization: &'static str,
    pub(super) definition: String,
}

const WGS_84: &str = "GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]";
const CGCS2000: &str = "GEOGCS[\"China Geodetic Coordinate System 2000\",DATUM[\"China_2000\",SPHEROID[\"CGCS2000\",6378137,298.257222101,AUTHORITY[\"EPSG\",\"1024\"]],AUTHORITY[\"EPSG\",\"1043\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4490\"]]";
const RGF93: &str = "GEOGCS[\"RGF93\",DATUM[\"Reseau_Geodesique_Francais_1993\",SPHEROID[\"GRS 1980\",6378137,298.257222101,AUTHORITY[\"EPSG\",\"7019\"]],AUTHORITY[\"EPSG\",\"6171\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4171\"]]";

/// The rows of a package whose layer is in `epsg`; the last one is the layer's.
pub(super) fn rows(epsg: Option<u32>) -> Vec<ReferenceSystem> {
    let undefined = |name: &str, id| ReferenceSystem {
        name: name.to_owned(),
        id,
        organization: "NONE",
        definition: "undefined".to_owned(),
    };
    let mut rows = vec![
        undefined("Undefined geographic SRS", 0),
        ReferenceSystem {
            name: "WGS 84 geodetic".to_owned(),
            id: 4326,
            organization: "EPSG",
            definition: WGS_84.to_owned(),
        },
        undefined("Undefined Cartesian SRS", -1),
    ];
    match epsg.and_then(|epsg| i32::try_from(epsg).ok().map(|id| (epsg, id))) {
        None => {}
        // Rows are unique: the mandatory one moves to the end, where the layer's own stands.
        Some((4326, _)) => rows.swap(1, 2),
        Some((epsg, id)) => {
            let (name, definition) = define(epsg);
            rows.push(ReferenceSystem { name, id, organization: "EPSG", definition });
        }
    }
    rows
}

fn define(epsg: u32) -> (String, String) {
    match epsg {
        4490 => ("China Geodetic Coordinate System 2000".to_owned(), CGCS2000.to_owned()),
        2154 => ("RGF93 v1 / Lambert-93".to_owned(), lambert_93()),
        4513..=4533 => {
            gauss_kruger(epsg, &format!("zone {}", 25 + epsg - 4513), 75 + 3 * (epsg - 4513), 25 + epsg - 4513)
        }
        4534..=4554 => gauss_kruger(epsg, &format!("CM {}E", 75 + 3 * (epsg - 4534)), 75 + 3 * (epsg - 4534), 0),
        _ => (format!("EPSG:{epsg}"), "undefined".to_owned()),
    }
}

/// A 3-degree Gauss-Krüger grid on CGCS2000; with a zone number the easting begins with it.
fn gauss_kruger(epsg: u32, grid: &str, meridian: u32, zone: u32) -> (String, String) {
    let name = format!("CGCS2000 / 3-degree Gauss-Kruger {grid}");
    let easting = zone * 1_000_000 + 500_000;
    let definition = format!(
        "PROJCS[\"{name}\",{CGCS2000},PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"latitude_of_origin\",0],PARAMETER[\"central_meridian\",{meridian}],PARAMETER[\"scale_factor\",1],PARAMETER[\"false_easting\",{easting}],PARAMETER[\"false_northing\",0],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AUTHORITY[\"EPSG\",\"{epsg}\"]]"
    );
    (name, definition)
}

fn lambert_93() -> String {
    format!(
        "PROJCS[\"RGF93 v1 / Lambert-93\",{RGF93},PROJECTION[\"Lambert_Conformal_Conic_2SP\"],PARAMETER[\"latitude_of_origin\",46.5],PARAMETER[\"central_meridian\",3],PARAMETER[\"standard_parallel_1\",49],PARAMETER[\"standard_parallel_2\",44],PARAMETER[\"false_easting\",700000],PARAMETER[\"false_northing\",6600000],UNIT[\"metre\",1,AUTHORITY[\"EPSG\",\"9001\"]],AUTHORITY[\"EPSG\",\"2154\"]]"
    )
}
