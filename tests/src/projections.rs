//! The journal and what is folded from it as plain rows, for tests that copy or compare whole tables.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, Database, Statement, Value};
use sha2::{Digest as _, Sha256};

/// A table and its columns: t text, i integer, f float, b bytes. Numbers that a database gives rows are left out.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    columns: &'static str,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(Option<String>),
    Integer(Option<i64>),
    Float(Option<f64>),
    Bytes(Option<Vec<u8>>),
}

/// The journal itself.
pub const JOURNAL: Table = Table {
    name: "journal",
    columns: "seq:i act_id:t principal:t on_behalf_of:t kind:t format:i effective_at:i recorded_at:i request_hash:b \
              reason:t legal_basis:t evidence_hashes:t approved_by:t body:b prev_hash:b hash:b",
};
/// Which entries changed which subjects.
pub const SUBJECTS: Table = Table { name: "subject_entry", columns: "subject:t seq:i" };
/// Versions of records.
pub const RECORDS: Table = Table {
    name: "record_version",
    columns: "kind:t id:t subject:t parcel:t district:t claim_a:t claim_b:t parties:t valid_from:i valid_to:i \
              recorded_from:i recorded_to:i due_at:i state:b",
};
/// The rows in which parcels are searched.
pub const PARCELS: Table = Table {
    name: "parcel_index",
    columns: "id:t valid_from:i valid_to:i recorded_from:i recorded_to:i district:t root:t label:t state:t layer:t \
              status:t since:t use_code:t area:i price:i asking:i plot_ratio:i soil_gate:t infrastructure:i street:t \
              search:t min_x:f min_y:f max_x:f max_y:f footprint:b outline:b grid:b",
};
/// Who is named where.
pub const NAMED: Table = Table { name: "party_record", columns: "party:t kind:t id:t" };

impl Table {
    fn columns(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.columns.split_whitespace().map(|column| column.split_once(':').expect("a name and a type"))
    }

    fn names(&self) -> String {
        self.columns().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
    }

    /// The place of a column.
    pub fn place(&self, column: &str) -> usize {
        self.columns().position(|(name, _)| name == column).expect("a column")
    }

    /// Rows that meet a condition.
    pub async fn rows(&self, connection: &impl ConnectionTrait, condition: &str) -> Vec<Vec<Cell>> {
        let sql = format!("SELECT {} FROM {} WHERE {condition}", self.names(), self.name);
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.expect("rows");
        let cell = |row: &sea_orm::QueryResult, (name, kind): (&str, &str)| match kind {
            "t" => Cell::Text(row.try_get("", name).expect("a text")),
            "i" => Cell::Integer(row.try_get("", name).expect("an integer")),
            "f" => Cell::Float(row.try_get("", name).expect("a float")),
            _ => Cell::Bytes(row.try_get("", name).expect("bytes")),
        };
        rows.iter().map(|row| self.columns().map(|column| cell(row, column)).collect()).collect()
    }

    /// Inserts a row.
    pub async fn insert(&self, connection: &impl ConnectionTrait, row: Vec<Cell>) {
        let places: Vec<_> = (1..=row.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO {} ({}) VALUES ({})", self.name, self.names(), places.join(", "));
        let values: Vec<Value> = row.into_iter().map(Value::from).collect();
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.execute_raw(statement).await.expect("a row is inserted");
    }

    /// The digest of all rows, whatever their order.
    pub async fn digest(&self, connection: &impl ConnectionTrait) -> String {
        let rows: BTreeSet<_> = self.rows(connection, "1 = 1").await.iter().map(|row| told(row)).collect();
        assert!(!rows.is_empty(), "{} is empty", self.name);
        hex::encode(Sha256::digest(rows.into_iter().collect::<Vec<_>>().join("\n")))
    }
}

/// The digest of every projection of a database.
pub async fn digests(url: &str) -> BTreeMap<&'static str, String> {
    let raw = Database::connect(url).await.expect("a connection");
    let mut found = BTreeMap::new();
    for table in [SUBJECTS, RECORDS, PARCELS, NAMED] {
        found.insert(table.name, table.digest(&raw).await);
    }
    raw.close().await.expect("closed");
    found
}

fn told(row: &[Cell]) -> String {
    let cells = row.iter().map(|cell| match cell {
        Cell::Text(text) => format!("{text:?}"),
        Cell::Integer(number) => format!("{number:?}"),
        Cell::Float(number) => format!("{number:?}"),
        Cell::Bytes(bytes) => format!("{:?}", bytes.as_ref().map(hex::encode)),
    });
    cells.collect::<Vec<_>>().join(" ")
}

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Text(text) => text.into(),
            Cell::Integer(number) => number.into(),
            Cell::Float(number) => number.into(),
            Cell::Bytes(bytes) => bytes.into(),
        }
    }
}
