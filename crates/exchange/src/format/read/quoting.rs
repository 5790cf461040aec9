//! Quotation marks of delimited text: whether each that opens a cell is closed where the cell ends.
//!
//! The reader of tables takes whatever it is given; a mark left open would hide the rows behind it in one cell.

/// Where in a cell the scan stands.
#[derive(Debug, Clone, Copy)]
enum At {
    Start,
    Plain,
    Quoted,
    /// Behind a mark within a quoted cell: it closes the cell, unless another follows.
    Mark,
    /// Behind a quoted cell, where nothing but spaces may follow.
    Behind,
}

/// Whether every quoted cell of a row ends at a delimiter or with the row.
pub(super) fn is_closed(row: &[u8], delimiter: u8) -> bool {
    let mut at = At::Start;
    for byte in row.iter().copied() {
        let ends_cell = byte == delimiter || matches!(byte, b'\n' | b'\r');
        at = match (at, byte) {
            (At::Quoted, b'"') => At::Mark,
            (At::Start | At::Mark, b'"') | (At::Quoted, _) => At::Quoted,
            (At::Start | At::Plain | At::Mark | At::Behind, _) if ends_cell => At::Start,
            (At::Mark | At::Behind, b' ') => At::Behind,
            (At::Mark | At::Behind, _) => return false,
            (At::Start | At::Plain, _) => At::Plain,
        };
    }
    !matches!(at, At::Quoted)
}
