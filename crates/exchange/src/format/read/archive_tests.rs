//! Tests of archives made to hurt.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use super::Archive;

const INFLATED: u32 = 3_000_001;
const MAX: u64 = 1 << 20;

/// Zeros that shrink to a thousandth; the size that the archive declares is set to a lie where one is given.
fn bomb(lie: Option<u32>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("a.shp", SimpleFileOptions::default()).unwrap();
    writer.write_all(&vec![0_u8; INFLATED as usize]).unwrap();
    let mut bytes = writer.finish().unwrap().into_inner();
    let Some(lie) = lie else { return bytes };
    let declared = INFLATED.to_le_bytes();
    let places: Vec<usize> = (0..bytes.len() - 3).filter(|at| bytes[*at..at + 4] == declared).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie.to_le_bytes());
    }
    bytes
}

#[test]
fn a_bomb_is_refused_whatever_size_it_declares() {
    for lie in [None, Some(0), Some(4_096), Some(u32::MAX - 1)] {
        let bytes = bomb(lie);
        assert!(bytes.len() < 20_000);
        let mut archive = Archive::open_within(bytes.clone(), "Shapefile", MAX).unwrap();
        assert_eq!(
            archive.read(0, "Shapefile").map(|bytes| bytes.len()).unwrap_err().code(),
            "ARCHIVE_TOO_LARGE",
            "read, {lie:?}"
        );
        let mut archive = Archive::open_within(bytes, "XLSX", MAX).unwrap();
        assert_eq!(archive.weigh("XLSX").unwrap_err().code(), "ARCHIVE_TOO_LARGE", "weighed, {lie:?}");
    }
}

#[test]
fn the_maximum_counts_all_members_together() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a", "b"] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(&vec![0_u8; 600_000]).unwrap();
    }
    let mut archive = Archive::open_within(writer.finish().unwrap().into_inner(), "Shapefile", MAX).unwrap();
    assert_eq!(archive.read(0, "Shapefile").unwrap().len(), 600_000);
    assert_eq!(archive.read(1, "Shapefile").map(|bytes| bytes.len()).unwrap_err().code(), "ARCHIVE_TOO_LARGE");
}
