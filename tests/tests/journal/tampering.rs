//! Whatever is altered past the registry, verification says so and names the table.

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement};
use yulin_domain::codes::RestrictionKind;
use yulin_domain::journal::{ParcelId, Seen};
use yulin_domain::land::{Particulars, PlaceRestriction, RestrictionNature};
use yulin_domain::party::ErasePersonal;
use yulin_tests::{Backend, TestRegistry, acts, each_backend};

/// A column, and whether it holds numbers, bytes or texts.
#[derive(Debug, FromQueryResult)]
struct Column {
    name: String,
    kind: String,
}

async fn columns(raw: &DatabaseConnection, backend: Backend, table: &str) -> Vec<Column> {
    let sql = match backend {
        Backend::Sqlite => format!("SELECT name, type AS kind FROM pragma_table_info('{table}')"),
        Backend::Postgres => format!(
            "SELECT column_name::text AS name, data_type::text AS kind FROM information_schema.columns \
             WHERE table_name = '{table}' AND is_generated = 'NEVER'"
        ),
    };
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| Column::from_query_result(row, "").unwrap()).collect()
}

/// Another value than the one that is there.
fn altered(backend: Backend, column: &Column) -> String {
    let (name, kind) = (&column.name, column.kind.to_lowercase());
    if kind.contains("int") || kind.contains("real") || kind.contains("double") {
        format!("coalesce({name} - 1, 7)")
    } else if kind == "blob" {
        "x'00'".to_owned()
    } else if kind == "bytea" && backend == Backend::Postgres {
        "'\\x00'::bytea".to_owned()
    } else {
        "'altered'".to_owned()
    }
}

async fn populated(t: &TestRegistry) -> ParcelId {
    let district = t.district("D1").await;
    let parcel = t.parcel(district, "P1", [0.0, 0.0, 100.0, 100.0]).await;
    t.parcel(district, "P2", [100.0, 0.0, 200.0, 100.0]).await;
    let lease = PlaceRestriction {
        parcel: t.seen(parcel).await,
        particulars: Particulars {
            in_favour_of: Some(t.party("One").await),
            ..acts::particulars(RestrictionNature::Restriction(RestrictionKind::Lease))
        },
    };
    t.done(lease).await;
    parcel
}

/// Alters every column of a table in one row, one after another, and puts each back.
async fn every_column(t: &TestRegistry, raw: &DatabaseConnection, table: &str, key: &str, row: &str) {
    raw.execute_unprepared(&format!("CREATE TABLE kept AS SELECT * FROM {table}")).await.unwrap();
    let mut found = 0;
    for column in columns(raw, t.backend, table).await {
        if column.name == key {
            continue;
        }
        let (name, value) = (&column.name, altered(t.backend, &column));
        let altering = raw.execute_unprepared(&format!("UPDATE {table} SET {name} = {value} WHERE {row}")).await;
        // What the database itself does not let happen need not be found.
        if altering.is_err() {
            continue;
        }
        let wrong = t.verify().await.first_wrong;
        let wrong = wrong.unwrap_or_else(|| panic!("{table}.{name} = {value} was not noticed"));
        assert_eq!(wrong.table, table, "{table}.{name}: {wrong:?}");
        found += 1;
        let back = format!("UPDATE {table} SET {name} = (SELECT k.{name} FROM kept k WHERE k.{key} = {table}.{key})");
        raw.execute_unprepared(&back).await.unwrap();
    }
    assert!(found > 3, "{table}: {found} columns were altered");
    raw.execute_unprepared("DROP TABLE kept").await.unwrap();
    t.assert_sound().await;
}

/// Does something to the database that must be noticed, and undoes it.
async fn noticed(t: &TestRegistry, raw: &DatabaseConnection, table: &str, doing: &str, undoing: &str) {
    raw.execute_unprepared(doing).await.unwrap();
    let wrong = t.verify().await.first_wrong;
    assert_eq!(wrong.unwrap_or_else(|| panic!("{doing} was not noticed")).table, table, "{doing}");
    raw.execute_unprepared(undoing).await.unwrap();
    t.assert_sound().await;
}

each_backend! {
    async fn no_column_can_be_altered_unnoticed(t) {
        let parcel = populated(&t).await;
        let raw = t.raw().await;
        every_column(&t, &raw, "journal", "seq", "seq = 2").await;
        every_column(&t, &raw, "journal_head", "id", "id = 1").await;
        every_column(&t, &raw, "record_version", "row_id", &format!("id = '{parcel}'")).await;
        every_column(&t, &raw, "record_version", "row_id", "kind = 'restriction'").await;
        every_column(&t, &raw, "parcel_index", "row_id", &format!("id = '{parcel}'")).await;
    }

    async fn no_row_can_be_slipped_in_or_taken_away_unnoticed(t) {
        let parcel = populated(&t).await;
        let raw = t.raw().await;
        for (table, key) in [("subject_entry", "seq = 3"), ("party_record", "kind = 'restriction'")] {
            raw.execute_unprepared(&format!("CREATE TABLE kept AS SELECT * FROM {table} WHERE {key}")).await.unwrap();
            let taking = format!("DELETE FROM {table} WHERE {key}");
            noticed(&t, &raw, table, &taking, &format!("INSERT INTO {table} SELECT * FROM kept")).await;
            raw.execute_unprepared("DROP TABLE kept").await.unwrap();
        }
        let slipped = [
            ("subject_entry", "subject, seq", format!("'parcel:{parcel}', 2"), "seq = 2 AND subject LIKE 'parcel:%'"),
            ("subject_entry", "subject, seq", "'parcel:x', 99".to_owned(), "seq = 99"),
            ("party_record", "party, kind, id", format!("'nobody', 'parcel', '{parcel}'"), "party = 'nobody'"),
        ];
        raw.execute_unprepared("DELETE FROM subject_entry WHERE seq = 99").await.unwrap();
        for (table, names, values, undo) in slipped {
            let doing = format!("INSERT INTO {table} ({names}) VALUES ({values})");
            noticed(&t, &raw, table, &doing, &format!("DELETE FROM {table} WHERE {undo}")).await;
        }
        if t.backend == Backend::Sqlite {
            let row = format!("row_id = (SELECT row_id FROM parcel_index WHERE id = '{parcel}')");
            let away = format!("UPDATE parcel_box SET max_x = max_x + 1 WHERE {row}");
            noticed(&t, &raw, "parcel_box", &away, &format!("UPDATE parcel_box SET max_x = max_x - 1 WHERE {row}")).await;
            noticed(
                &t,
                &raw,
                "parcel_box",
                "INSERT INTO parcel_box VALUES (999, 0, 1, 0, 1)",
                "DELETE FROM parcel_box WHERE row_id = 999",
            )
            .await;
        }
    }
    async fn personal_data_are_those_that_were_sealed_and_no_others(t) {
        let [one, two] = [t.person("某甲").await, t.person("某乙").await];
        let raw = t.raw().await;
        let kept = "CREATE TABLE kept AS SELECT * FROM personal";
        raw.execute_unprepared(kept).await.unwrap();
        let back = "DELETE FROM personal; INSERT INTO personal SELECT * FROM kept";
        let salt = if t.backend == Backend::Sqlite { "x'00'" } else { "'\\x00'::bytea" };
        for doing in [
            "UPDATE personal SET fields = replace(fields, '某甲', '某丙')",
            &format!("UPDATE personal SET salt = {salt}"),
            "UPDATE personal SET id = 'personal' WHERE fields LIKE '%某乙%'",
            "DELETE FROM personal WHERE fields LIKE '%某乙%'",
            &format!("INSERT INTO personal (id, fields, salt) VALUES ('{one}', '{{}}', {salt})"),
        ] {
            noticed(&t, &raw, "personal", doing, back).await;
        }
        let sealed = t.registry.personal_of_party(two).await.unwrap();
        let seq = t.registry.parties_by_ids(&t.now().await, &[two]).await.unwrap()[0].version;
        t.done(ErasePersonal { party: Seen { id: two, seq }, personal: sealed }).await;
        t.assert_sound().await;
        let again = "INSERT INTO personal SELECT * FROM kept WHERE fields LIKE '%某乙%'";
        noticed(&t, &raw, "personal", again, "DELETE FROM personal WHERE fields LIKE '%某乙%'").await;
    }
}
