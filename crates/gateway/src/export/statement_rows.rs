//! The columns of the statement of a day, and its rows.

use std::collections::HashMap;

use yulin_domain::codes::Labelled;
use yulin_domain::factor::{Account, Balance, Factor, Transfer};
use yulin_domain::journal::{FactorId, RecordKey};
use yulin_domain::quantity::Units;
use yulin_exchange::format::{AttributeValue, FieldKind, FieldSpec, FileFormat};
use yulin_persistence::EntryLine;

/// Writes rows of accounts of these factors.
pub struct StatementRows(pub HashMap<FactorId, Factor>);

impl StatementRows {
    /// What lies on an account, before or after the day.
    pub fn row(&self, account: &Account, what: &str, balance: Balance) -> Row {
        let mut row = vec![None; COLUMNS.len()];
        let factor = self.0.get(&account.factor);
        let told = [
            text(what),
            text(&account.code),
            text(RecordKey::from(account.id)),
            factor.and_then(|factor| text(&factor.code)),
            factor.and_then(|factor| text(&factor.base_unit)),
            amount(balance.posted),
            amount(balance.held),
        ];
        row.iter_mut().zip(told).for_each(|(cell, value)| *cell = value);
        row
    }

    /// What an entry changed on an account; of a transfer whose references the viewer reads.
    pub fn entry(&self, account: &Account, line: &EntryLine, transfer: Option<&Transfer>) -> Row {
        let posting = &line.posting;
        let mut row = self.row(account, "ENTRY", posting.after);
        let units = posting.units.iter().map(|range| format!("{}-{}", range.from, range.to - 1));
        let units: Vec<_> = units.collect();
        let told = [
            Some(AttributeValue::Integer(line.seq)),
            Some(AttributeValue::Date(line.recorded_at.to_string())),
            posting.value_date.map(|date| AttributeValue::Date(date.to_string())),
            text(posting.kind.code()),
            posting.movement.and_then(|movement| text(movement.code())),
            amount(posting.amount),
            posting.transfer.and_then(|id| text(RecordKey::from(id))),
            posting.other.and_then(|id| text(RecordKey::from(id))),
            posting.hold.and_then(|id| text(RecordKey::from(id))),
            text(units.join(" ")).filter(|_| !units.is_empty()),
            transfer.and_then(|transfer| transfer.reference.as_deref()).and_then(text),
            transfer.and_then(|transfer| transfer.bank_reference.as_deref()).and_then(text),
        ];
        row.iter_mut().skip(BALANCE_COLUMNS).zip(told).for_each(|(cell, value)| *cell = value);
        row
    }
}

pub type Row = Vec<Option<AttributeValue>>;

/// Columns that every row has: which account, and what lies there.
const BALANCE_COLUMNS: usize = 7;

/// All columns; amounts are whole base units of the factor.
const COLUMNS: [(&str, FieldKind); 19] = [
    ("row", FieldKind::Text),
    ("account_code", FieldKind::Text),
    ("account", FieldKind::Text),
    ("factor", FieldKind::Text),
    ("base_unit", FieldKind::Text),
    ("posted_after", FieldKind::Integer),
    ("held_after", FieldKind::Integer),
    ("seq", FieldKind::Integer),
    ("recorded_at", FieldKind::Date),
    ("value_date", FieldKind::Date),
    ("kind", FieldKind::Text),
    ("movement", FieldKind::Text),
    ("amount", FieldKind::Integer),
    ("transfer", FieldKind::Text),
    ("other", FieldKind::Text),
    ("hold", FieldKind::Text),
    ("units", FieldKind::Text),
    ("reference", FieldKind::Text),
    ("bank_reference", FieldKind::Text),
];

/// By what programs that open tables know a formula; wide characters too, as Chinese is typed.
const FORMULA_STARTS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Rows as a file of a format holds them. What others call a transfer is free text, which a program that opens a CSV would
/// run: an apostrophe makes it text. A workbook says of each cell that it is. No file of a statement is read back in.
pub fn written_in(format: FileFormat, mut rows: Vec<Row>) -> Vec<Row> {
    if format == FileFormat::Csv {
        rows.iter_mut().flatten().flatten().for_each(make_inert);
    }
    rows
}

fn make_inert(cell: &mut AttributeValue) {
    if let AttributeValue::Text(text) = cell
        && text.starts_with(FORMULA_STARTS)
    {
        text.insert(0, '\'');
    }
}

/// The columns as a file declares them.
pub fn fields() -> Vec<FieldSpec> {
    COLUMNS.iter().map(|(name, kind)| FieldSpec { name: (*name).to_owned(), kind: *kind }).collect()
}

#[allow(clippy::unnecessary_wraps)]
fn text(value: impl std::fmt::Display) -> Option<AttributeValue> {
    Some(AttributeValue::Text(value.to_string()))
}

#[allow(clippy::unnecessary_wraps)]
const fn amount(units: Units) -> Option<AttributeValue> {
    Some(AttributeValue::Integer(units.count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(texts: &[&str]) -> Row {
        texts.iter().map(text).chain([amount(Units::of(-5)), None]).collect()
    }

    #[test]
    fn no_text_of_a_csv_is_run_and_amounts_stay_what_they_are() {
        let given = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "S-17", "0-399999", "'=1", ""];
        let told = ["'=1+1", "'+1", "'-1", "'@A1", "'\t=1", "'\r=1", "'\n=1", "'＝1", "S-17", "0-399999", "'=1", ""];
        assert_eq!(written_in(FileFormat::Csv, vec![row(&given), row(&[])]), [row(&told), row(&[])]);
    }

    #[test]
    fn a_workbook_holds_texts_as_they_were_given() {
        let rows = || vec![row(&["=1+1", "-1"])];
        assert_eq!(written_in(FileFormat::Xlsx, rows()), rows());
    }
}
