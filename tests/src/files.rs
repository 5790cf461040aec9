//! Small files as land offices send them: Shapefiles, plain and zipped, with tables in old encodings.

use std::io::Write;
use std::path::Path;

/// A shape: one polygon ring, a line, or a point, x before y.
#[derive(Debug, Clone)]
pub enum Shape {
    Ring(Vec<[f64; 2]>),
    Line(Vec<[f64; 2]>),
    Point([f64; 2]),
}

/// A row of a table: bytes, in whatever encoding the test is about.
pub type Row = Vec<Vec<u8>>;

/// The members of a Shapefile: shapes, their index and their table.
pub fn shapefile(columns: &[&str], rows: &[(Shape, Row)]) -> Vec<(&'static str, Vec<u8>)> {
    let kind = match rows.first().map(|(shape, _)| shape) {
        Some(Shape::Point(_)) => 1,
        Some(Shape::Line(_)) => 3,
        Some(Shape::Ring(_)) | None => 5,
    };
    let (mut shapes, mut places) = (Vec::new(), Vec::new());
    for (at, (shape, _)) in rows.iter().enumerate() {
        let content = content_of(shape);
        places.extend(words(100 + shapes.len()).iter().chain(&words(content.len())).copied());
        shapes.extend(u32::try_from(at + 1).unwrap_or_default().to_be_bytes());
        shapes.extend(words(content.len()));
        shapes.extend(content);
    }
    let whole = |records: Vec<u8>| [header(kind, 100 + records.len()), records].concat();
    vec![("shp", whole(shapes)), ("shx", whole(places)), ("dbf", table(columns, rows))]
}

/// Writes the members of a Shapefile beside one another.
pub fn write_plain(folder: &Path, name: &str, members: &[(&str, Vec<u8>)]) {
    for (extension, bytes) in members {
        std::fs::write(folder.join(format!("{name}.{extension}")), bytes).expect("the member is written");
    }
}

/// Writes the members of a Shapefile as one archive.
pub fn write_zipped(folder: &Path, name: &str, members: &[(&str, Vec<u8>)]) {
    let file = std::fs::File::create(folder.join(format!("{name}.zip"))).expect("the archive is made");
    let mut archive = zip::ZipWriter::new(file);
    for (extension, bytes) in members {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(format!("{name}.{extension}"), options).expect("a member begins");
        archive.write_all(bytes).expect("a member is written");
    }
    archive.finish().expect("the archive is finished");
}

/// A number of bytes, as 16-bit words, big end first.
fn words(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes / 2).unwrap_or_default().to_be_bytes()
}

fn header(kind: u32, bytes: usize) -> Vec<u8> {
    let mut header = 9994_u32.to_be_bytes().to_vec();
    header.resize(24, 0);
    header.extend(words(bytes));
    header.extend(1000_u32.to_le_bytes());
    header.extend(kind.to_le_bytes());
    header.resize(100, 0);
    header
}

fn content_of(shape: &Shape) -> Vec<u8> {
    let (kind, line) = match shape {
        Shape::Point([x, y]) => return [&1_u32.to_le_bytes()[..], &x.to_le_bytes(), &y.to_le_bytes()].concat(),
        Shape::Line(line) => (3_u32, line),
        Shape::Ring(line) => (5, line),
    };
    let mut content = kind.to_le_bytes().to_vec();
    // The box is not believed by readers, but must be there; then one part, beginning at the first vertex.
    content.resize(36, 0);
    content.extend(1_u32.to_le_bytes());
    content.extend(u32::try_from(line.len()).unwrap_or_default().to_le_bytes());
    content.extend(0_u32.to_le_bytes());
    content.extend(line.iter().flatten().flat_map(|ordinate| ordinate.to_le_bytes()));
    content
}

/// A dBase table of texts.
fn table(columns: &[&str], rows: &[(Shape, Row)]) -> Vec<u8> {
    const WIDTH: usize = 40;
    let row_bytes = u16::try_from(1 + WIDTH * columns.len()).unwrap_or_default();
    let header_bytes = u16::try_from(33 + 32 * columns.len()).unwrap_or_default();
    let mut table = vec![3, 126, 1, 1];
    table.extend(u32::try_from(rows.len()).unwrap_or_default().to_le_bytes());
    table.extend(header_bytes.to_le_bytes());
    table.extend(row_bytes.to_le_bytes());
    table.resize(32, 0);
    for column in columns {
        let mut field = column.as_bytes().to_vec();
        field.resize(11, 0);
        field.extend([b'C', 0, 0, 0, 0, 40]);
        field.resize(32, 0);
        table.extend(field);
    }
    table.push(0x0d);
    for (_, row) in rows {
        table.push(b' ');
        for value in row {
            let mut value = value.clone();
            value.resize(WIDTH, b' ');
            table.extend(value);
        }
    }
    table.push(0x1a);
    table
}
