//! Damaged files: every flip of bytes and every cut is refused or counted, and nothing falls.

use yulin_exchange::format::{AttributeValue, FieldKind, FieldSpec, FileFormat, Sink, SinkOptions, SinkTarget};

use super::build::{Scratch, bytes_of, dbf, open, parcel, shp, shp_polygon, shx, square, zip};

/// A small generator of numbers, seeded: a failure can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    /// Flips some bytes, puts in great numbers, cuts or repeats.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        for _ in 0..=self.below(6) {
            if damaged.is_empty() {
                break;
            }
            let at = self.below(damaged.len());
            match self.below(5) {
                0 => damaged.truncate(at),
                1 => damaged[at] = 0xff,
                2 => damaged[at] ^= 1 << self.below(8),
                3 => damaged[at] = 0,
                _ => {
                    let again = damaged[at..(at + self.below(32)).min(damaged.len())].to_vec();
                    damaged.splice(at..at, again);
                }
            }
        }
        damaged
    }
}

fn written(format: FileFormat, features: u32) -> Vec<u8> {
    let field = |name: &str, kind| FieldSpec { name: name.to_owned(), kind };
    let fields = vec![field("code", FieldKind::Text), field("area", FieldKind::Decimal)];
    let options = SinkOptions { layer: "parcels".to_owned(), crs_epsg: Some(4549), fields, ..SinkOptions::default() };
    let mut sink = Sink::create(SinkTarget::Unnamed, format, &options).unwrap();
    for index in 0..features {
        let values =
            [Some(AttributeValue::Text(format!("浦江{index}"))), Some(AttributeValue::Decimal(format!("{index}.25")))];
        sink.write(&values, Some(&parcel(f64::from(index), 0.0, 1.0))).unwrap();
    }
    bytes_of(sink)
}

/// Opens the file and reads it to the end; what was announced must have come, unless the reading ended in a fault.
fn read_to_the_end(path: &std::path::Path, what: &str) {
    let Ok(source) = open(path) else { return };
    let announced = source.total();
    let (mut read, mut fault) = (0_u64, false);
    for feature in source {
        match feature {
            Ok(feature) => {
                read += 1;
                assert_eq!(feature.number, read, "{what}");
            }
            Err(_) => fault = true,
        }
    }
    assert!(
        fault || announced.is_none_or(|announced| announced == read),
        "{what}: announced {announced:?}, read {read}"
    );
}

#[test]
fn damaged_single_files_never_fall_and_always_add_up() {
    let scratch = Scratch::new();
    let wkt = "SRID=4549;MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))\nGEOMETRYCOLLECTION(POINT Z (1 2 3),LINESTRING(0 0,1 1))\n".repeat(4);
    let files = [
        ("a.geojson", written(FileFormat::GeoJson, 12), 400),
        ("a.csv", written(FileFormat::Csv, 12), 400),
        ("a.wkt", wkt.into_bytes(), 400),
        ("a.xlsx", written(FileFormat::Xlsx, 12), 250),
        ("a.gpkg", written(FileFormat::GeoPackage, 12), 250),
    ];
    for (name, bytes, rounds) in files {
        for seed in 0..rounds {
            let damaged = Dice(seed).damage(&bytes);
            read_to_the_end(&scratch.write(name, damaged), &format!("{name}, seed {seed}"));
        }
    }
}

#[test]
fn a_damaged_package_of_many_pages_neither_falls_nor_runs_in_circles() {
    let scratch = Scratch::new();
    let bytes = written(FileFormat::GeoPackage, 900);
    for seed in 0..80 {
        let mut dice = Dice(seed);
        let mut damaged = bytes.clone();
        for _ in 0..4 {
            // A page, and in it the header and the pointers at its head, where a circle would begin.
            let at = dice.below(bytes.len() / 4_096) * 4_096 + dice.below(64);
            damaged[at] = u8::try_from(dice.below(64)).unwrap();
        }
        read_to_the_end(&scratch.write("a.gpkg", damaged), &format!("seed {seed}"));
    }
}

#[test]
fn damaged_parts_of_a_workbook_never_fall() {
    let scratch = Scratch::new();
    let bytes = written(FileFormat::Xlsx, 12);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let mut member = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        std::io::copy(&mut member, &mut content).unwrap();
        members.push((member.name().to_owned(), content));
    }
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let victim = dice.below(members.len());
        let damaged = dice.damage(&members[victim].1);
        let parts: Vec<(&str, &[u8])> = members
            .iter()
            .enumerate()
            .map(|(index, (name, content))| {
                (name.as_str(), if index == victim { damaged.as_slice() } else { content.as_slice() })
            })
            .collect();
        read_to_the_end(&scratch.write("a.xlsx", zip(&parts)), &format!("{}, seed {seed}", members[victim].0));
    }
}

#[test]
fn damaged_shapefiles_never_fall_and_always_add_up() {
    let scratch = Scratch::new();
    let records: Vec<Vec<u8>> =
        (0..8_u8).map(|x| shp_polygon(&[square(f64::from(x), 0.0, 1.0), square(f64::from(x), 0.0, 0.5)])).collect();
    let rows: Vec<_> = (0..8).map(|index| (b' ', vec![format!("P{index}").into_bytes(), b"12.5".to_vec()])).collect();
    let parts = [shp(&records), shx(&records), dbf(0x4d, &[(b"code", b'C', 8, 0), (b"area", b'N', 9, 2)], &rows)];
    for seed in 0..1_200 {
        let mut dice = Dice(seed);
        let victim = dice.below(3);
        let damaged = dice.damage(&parts[victim]);
        for (index, extension) in ["shp", "shx", "dbf"].iter().enumerate() {
            scratch.write(&format!("a.{extension}"), if index == victim { &damaged } else { &parts[index] });
        }
        read_to_the_end(&scratch.path("a.shp"), &format!("part {victim}, seed {seed}"));
    }
}

#[test]
fn a_damaged_geometry_in_a_package_is_one_feature_with_a_problem() {
    let scratch = Scratch::new();
    let bytes = written(FileFormat::GeoPackage, 12);
    for seed in 0..150 {
        let path = scratch.write("a.gpkg", &bytes);
        let package = rusqlite::Connection::open(&path).unwrap();
        let blob: Vec<u8> = package.query_row("SELECT geom FROM parcels WHERE fid = 5", [], |row| row.get(0)).unwrap();
        let damaged = Dice(seed).damage(&blob);
        package.execute("UPDATE parcels SET geom = ?1 WHERE fid = 5", [damaged]).unwrap();
        drop(package);
        let read: Vec<_> = open(&path).unwrap().map(Result::unwrap).collect();
        assert_eq!(read.len(), 12, "seed {seed}");
        assert!(
            read.iter().filter(|feature| feature.number != 5).all(|feature| matches!(feature.geometry, Ok(Some(_))))
        );
    }
}
