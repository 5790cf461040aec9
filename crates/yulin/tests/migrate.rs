//! A populated database of an earlier step is migrated while the earlier program goes on writing and reading.
//!
//! The earlier program's statements are repeated here: its entries are those of another registry, written one after
//! another as it wrote them, into the tables as they stood at its step.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use yulin_domain::codes::RightType;
use yulin_domain::journal::{PartyId, RightId};
use yulin_domain::land::{ChangeParcel, GrantRight, HolderShare, Move, ParcelPatch, Tenure, TransferRight};
use yulin_domain::quantity::Share;
use yulin_migrations::Migrator;
use yulin_persistence::{AsOf, Migrate, OpenOptions, Registry, VerifyOptions, rebuild, verify};
use yulin_tests::backend::database;
use yulin_tests::projections::{Cell, JOURNAL, PARCELS, RECORDS, SUBJECTS, Table, digests};
use yulin_tests::{TestRegistry, acts, each_backend};

/// The step at which the first journals were written.
const EARLIER: u32 = 3;
const PARCELS_MADE: u32 = 30;
const OPEN: i64 = i64::MAX;

/// A registry with parcels, rights that change hands, and corrections.
async fn lived_in(t: &TestRegistry) -> i64 {
    let district = t.district("D1").await;
    let parties: [PartyId; 2] = [t.party("One").await, t.party("Two").await];
    let tenure = Tenure {
        right_type: RightType::StateConstruction,
        nature: None,
        grant_method: None,
        starts_on: None,
        ends_on: None,
    };
    for nth in 0..PARCELS_MADE {
        let west = f64::from(nth) * 20.0;
        let parcel = t.parcel(district, &format!("P{nth}"), [west, 0.0, west + 20.0, 20.0]).await;
        let holders = vec![HolderShare { party: parties[0], share: Share::WHOLE }];
        let seen = t.seen(parcel).await;
        let grant = GrantRight { parcel: seen, tenure: tenure.clone(), holders, certificate: None, external: None };
        let right = RightId::made_by(t.done(grant).await, 0, 0);
        let facts = ParcelPatch { name: Some(format!("地块{nth}")), ..ParcelPatch::default() };
        t.done(ChangeParcel { parcel: t.seen(parcel).await, facts, footprint: None, state: None }).await;
        let moves = vec![Move { from: parties[0], to: parties[1], share: Share::new(1, 2).unwrap() }];
        let seen = t.seen(parcel).await;
        t.done(TransferRight { parcel: seen, right, moves, certificate: None, external: None }).await;
    }
    t.now().await.seq
}

/// The earlier program on its database.
#[derive(Clone)]
struct Earlier {
    source: DatabaseConnection,
    own: DatabaseConnection,
}

impl Earlier {
    /// Writes an entry with everything it closed and opened, in one transaction under the lock of the head.
    async fn write(&self, seq: i64) {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.own.begin_with_options(options).await.expect("the earlier program writes");
        transaction.execute_unprepared("UPDATE journal_head SET seq = seq WHERE id = 1").await.unwrap();
        for table in [JOURNAL, SUBJECTS] {
            for row in table.rows(&self.source, &format!("seq = {seq}")).await {
                table.insert(&transaction, row).await;
            }
        }
        for table in [RECORDS, PARCELS] {
            self.close(&transaction, table, seq).await;
            for mut row in table.rows(&self.source, &format!("recorded_from = {seq}")).await {
                row[table.place("recorded_to")] = Cell::Integer(Some(OPEN));
                table.insert(&transaction, row).await;
            }
        }
        let head = JOURNAL.rows(&self.source, &format!("seq = {seq}")).await.remove(0);
        let sql = "UPDATE journal_head SET seq = $1, recorded_at = $2, hash = $3";
        let values = ["seq", "recorded_at", "hash"].map(|column| head[JOURNAL.place(column)].clone().into());
        transaction
            .execute_raw(Statement::from_sql_and_values(self.own.get_database_backend(), sql, values))
            .await
            .unwrap();
        transaction.commit().await.expect("the earlier program commits");
    }

    async fn close(&self, transaction: &impl ConnectionTrait, table: Table, seq: i64) {
        let kind = if table.name == RECORDS.name { "kind = $4 AND " } else { "" };
        for row in table.rows(&self.source, &format!("recorded_to = {seq}")).await {
            let mut values: Vec<sea_orm::Value> =
                ["id", "recorded_from", "valid_from"].map(|column| row[table.place(column)].clone().into()).into();
            if !kind.is_empty() {
                values.push(row[table.place("kind")].clone().into());
            }
            let sql = format!(
                "UPDATE {} SET recorded_to = {seq} WHERE {kind}id = $1 AND recorded_from = $2 AND valid_from = $3",
                table.name
            );
            let done =
                transaction.execute_raw(Statement::from_sql_and_values(self.own.get_database_backend(), sql, values));
            assert_eq!(done.await.unwrap().rows_affected(), 1);
        }
    }

    /// What it answers as of its head: every record that stands, as it was written; and the same of the source.
    async fn read(&self) -> (i64, Vec<Vec<Cell>>, Vec<Vec<Cell>>) {
        let row = self
            .own
            .query_one_raw(Statement::from_string(self.own.get_database_backend(), "SELECT seq FROM journal_head"));
        let seq: i64 = row.await.expect("the earlier program reads").unwrap().try_get("", "seq").unwrap();
        let standing = format!("recorded_from <= {seq} AND recorded_to > {seq} ORDER BY id, valid_from");
        let settled = |mut rows: Vec<Vec<Cell>>| {
            for row in &mut rows {
                row[RECORDS.place("recorded_to")] = Cell::Integer(None);
            }
            rows
        };
        let (own, source) = (RECORDS.rows(&self.own, &standing).await, RECORDS.rows(&self.source, &standing).await);
        (seq, settled(own), settled(source))
    }
}

/// A database at the earlier step that continues the source's journal.
async fn earlier(t: &TestRegistry, url: &str) -> Earlier {
    let mut options = ConnectOptions::new(url);
    options.max_connections(4).map_sqlx_sqlite_opts(|sqlite| sqlite.busy_timeout(Duration::from_secs(20)));
    let own = Database::connect(options).await.unwrap();
    Migrator::up(&own, Some(EARLIER)).await.expect("the earlier steps");
    let source = t.raw().await;
    let head = "SELECT journal FROM journal_head";
    let row = source.query_one_raw(Statement::from_string(source.get_database_backend(), head)).await.unwrap().unwrap();
    let sql =
        "INSERT INTO journal_head (id, journal, seq, recorded_at, hash, least_format) VALUES (1, $1, 0, 0, $2, 1)";
    let values = [row.try_get::<String>("", "journal").unwrap().into(), vec![0_u8; 32].into()];
    own.execute_raw(Statement::from_sql_and_values(own.get_database_backend(), sql, values)).await.unwrap();
    Earlier { source, own }
}

fn migrate(url: &str) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_yulin")).args(["migrate", "--json", "--database", url]).output().expect("it runs")
}

each_backend! {
    async fn a_populated_database_is_migrated_under_a_running_gateway_of_the_earlier_step(t) {
        let last = lived_in(&t).await;
        let (url, _folder) = database(t.backend).await.unwrap();
        let gateway = earlier(&t, &url).await;
        for seq in 1..=last / 2 {
            gateway.write(seq).await;
        }
        let refused = Registry::open(&OpenOptions { url: url.clone(), readers: 1, migrate: Migrate::Check }).await;
        assert!(refused.is_err(), "this program does not start on the earlier step");
        let ended = Arc::new(AtomicBool::new(false));
        let reader = tokio::spawn({
            let (gateway, ended) = (gateway.clone(), Arc::clone(&ended));
            async move {
                let mut answers = 0;
                while !ended.load(Ordering::Relaxed) {
                    let (seq, own, source) = gateway.read().await;
                    assert!(own == source, "as of {seq} the answer is another");
                    answers += 1;
                }
                answers
            }
        });
        let migrated = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn({
            let (gateway, migrated) = (gateway.clone(), Arc::clone(&migrated));
            async move {
                let (mut seq, mut before, mut after) = (last / 2, 0, 0);
                // One entry at least is left until the migration has ended, however long it takes.
                while seq < last {
                    let is_migrated = migrated.load(Ordering::Relaxed);
                    if seq + 1 < last || is_migrated {
                        seq += 1;
                        gateway.write(seq).await;
                        *if is_migrated { &mut after } else { &mut before } += 1;
                    }
                    if !is_migrated {
                        tokio::time::sleep(Duration::from_millis(40)).await;
                    }
                }
                (before, after)
            }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        // Two at once: one does it, the other finds it done.
        let [one, other] = [url.clone(), url.clone()].map(|url| tokio::task::spawn_blocking(move || migrate(&url)));
        for done in [one.await.unwrap(), other.await.unwrap()] {
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
        migrated.store(true, Ordering::Relaxed);
        let (before, after) = writer.await.expect("the earlier program wrote on");
        assert!(before > 0 && after > 0, "the earlier program wrote {before} entries, then {after}");
        ended.store(true, Ordering::Relaxed);
        let answers = reader.await.expect("the earlier program read on");
        println!("{:?}: {last} entries, {answers} answers during the migration, all right", t.backend);
        assert!(answers > 10);
        let report = verify(&url, &VerifyOptions::default(), &mut |_| {}).await.unwrap();
        assert!(report.sound, "{:?}", report.first_wrong);
        let before = digests(&url).await;
        assert_eq!(before, digests(&t.url).await, "as if it had never been of the earlier step");
        assert_eq!(rebuild(&url, &mut |_| {}).await.unwrap(), last.unsigned_abs());
        assert_eq!(digests(&url).await, before, "rebuilt, it is what it was");
        let now = Registry::open(&OpenOptions { url: url.clone(), readers: 1, migrate: Migrate::Check }).await.unwrap();
        now.readiness().await.unwrap();
        let district = now.districts(&now.snapshot(AsOf::default(), None).await.unwrap()).await.unwrap()[0].state.id;
        let next = acts::act(t.admin, acts::parcel(district, "NEXT", [0.0, 500.0, 20.0, 520.0]));
        assert_eq!(now.perform(next).await.unwrap().seq, last + 1);
        now.close().await;
    }
}
