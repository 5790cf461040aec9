//! Everything in which SQLite and PostgreSQL differ.
//!
//! Statements elsewhere are written once, with `$n` parameters that both understand.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::sqlx;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, QueryResult, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    Value,
};

/// A statement with its values, for either database.
pub fn statement(connection: &impl ConnectionTrait, sql: impl Into<String>, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// How long a statement waits for a lock that another process holds.
const LOCK_WAIT: Duration = Duration::from_secs(10);
/// How long the writer waits for readers to end before it leaves what was written ahead as it is.
const FORGET_WAIT: Duration = Duration::from_millis(200);

/// A gateway that stalls or vanishes within a transaction is cut off by the server within seconds, and the order goes on.
const CUT_OFF: [(&str, &str); 5] = [
    ("idle_in_transaction_session_timeout", "5000"),
    ("tcp_keepalives_idle", "3"),
    ("tcp_keepalives_interval", "2"),
    ("tcp_keepalives_count", "2"),
    ("tcp_user_timeout", "8000"),
];
/// The name under which those who migrate wait for each other; any constant would do.
const MIGRATING: i64 = 0x79_75_6c_69_6e;

/// Settings under which the database keeps what it acknowledges, and a stalled holder of the order is cut off;
/// false where the address names neither database.
pub fn make_durable(options: &mut ConnectOptions, url: &str) -> bool {
    let may_be_made = url.contains("mode=rwc");
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => options.map_sqlx_sqlite_opts(move |sqlite| {
            if may_be_made {
                make_private(sqlite.get_filename());
            }
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(LOCK_WAIT)
                .foreign_keys(true)
                // What is erased is overwritten, not only unlinked.
                .pragma("secure_delete", "on")
                .pragma("cache_size", "-65536")
                .pragma("temp_store", "memory")
        }),
        Some("postgres" | "postgresql") => options.map_sqlx_postgres_opts(|postgres| postgres.options(CUT_OFF)),
        Some(_) | None => return false,
    };
    true
}

/// A file that is made holds secrets and personal data: it is its owner's alone, and so are those that SQLite puts beside
/// it. One that is there is left as it is; where none can be made, whoever opens it is told why.
#[cfg(unix)]
fn make_private(file: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    if file.parent().is_some_and(|folder| folder.as_os_str().is_empty() || folder.is_dir()) {
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        drop(made);
    }
}

#[cfg(not(unix))]
fn make_private(_: &Path) {}

/// What a server of PostgreSQL says of its part: the timeline that it writes, or none where it follows another.
pub const PART: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN NULL \
     ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline";

/// Takes no connection to a server on which it shows less of the journal than it has shown before: one that starts
/// again goes on from earlier, and catches up.
pub fn never_back(options: &mut ConnectOptions, shown: Arc<AtomicI64>) {
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let shown = Arc::clone(&shown);
        pool.after_connect(move |connection, _| {
            let shown = Arc::clone(&shown);
            Box::pin(async move {
                let least = shown.load(Ordering::SeqCst);
                let head = "SELECT max(seq) FROM journal_head";
                let seq: Option<i64> = match least {
                    0 => None,
                    _ => sqlx::query_scalar(head).fetch_one(connection).await?,
                };
                if seq.unwrap_or_default() >= least {
                    return Ok(());
                }
                Err(sqlx::Error::Protocol(format!("the server has shown entry {least}, and not yet again")))
            })
        })
    });
}

/// Whether the database was out of reach, or is not the one that is written to.
pub fn is_out_of_reach(error: &DbErr) -> bool {
    match said(error) {
        // It shuts down, starts, follows another, lost the line, or had to go on replaying.
        Some(code) => ["57P", "08", "25006", "40001"].iter().any(|class| code.starts_with(class)),
        None => match error {
            DbErr::ConnectionAcquire(_) => true,
            DbErr::Conn(why) | DbErr::Exec(why) | DbErr::Query(why) => match why {
                RuntimeErr::SqlxError(why) => {
                    use sqlx::Error::{Io, PoolClosed, PoolTimedOut, Protocol, WorkerCrashed};
                    matches!(&**why, Io(_) | PoolClosed | PoolTimedOut | Protocol(_) | WorkerCrashed)
                }
                RuntimeErr::Internal(_) => false,
            },
            _ => false,
        },
    }
}

/// Begins a transaction that writes: alone from its first statement on, on either database.
pub async fn begin_writing(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    begin_holding(connection, "SELECT seq FROM journal_head WHERE id = 1 FOR UPDATE").await
}

/// Begins a transaction that signs a checkpoint: one at a time; on PostgreSQL the journal is written meanwhile.
pub async fn begin_signing(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    begin_holding(connection, "SELECT size FROM checkpoint_head WHERE id = 1 FOR UPDATE").await
}

async fn begin_holding(connection: &DatabaseConnection, row: &str) -> Result<DatabaseTransaction, DbErr> {
    let transaction = begin_immediately(connection).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // The lock is the first statement: what is read afterwards is what the last holder committed.
        transaction.execute_unprepared(row).await?;
    }
    Ok(transaction)
}

/// What the database said when it failed; none where it said nothing, being out of reach.
fn said(error: &DbErr) -> Option<String> {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    error.as_database_error()?.code().map(std::borrow::Cow::into_owned)
}

/// Whether it failed because another process holds a lock: SQLite's BUSY and LOCKED, PostgreSQL's `lock_not_available`.
pub fn is_locked(error: &DbErr) -> bool {
    said(error).is_some_and(|code| code == "55P03" || matches!(sqlite_code(&code), Some(5 | 6)))
}

/// Whether the database may do later what it failed at: it was out of reach or hindered, or a disk was.
pub fn is_passing(error: &DbErr) -> bool {
    match said(error) {
        Some(code) => match sqlite_code(&code) {
            Some(code) => matches!(code, 5..=8 | 10 | 13 | 14),
            None => ["08", "25", "40", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)),
        },
        None => matches!(error, DbErr::Conn(_) | DbErr::ConnectionAcquire(_) | DbErr::Exec(_) | DbErr::Query(_)),
    }
}

/// The primary code of SQLite's; PostgreSQL's codes have five places.
fn sqlite_code(code: &str) -> Option<u32> {
    (code.len() < 5).then(|| code.parse::<u32>().ok()).flatten().map(|code| code & 0xff)
}

async fn begin_immediately(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    connection.begin_with_options(options).await
}

/// Begins the transaction in which a database is migrated: one process at a time, and no writer meanwhile.
pub async fn begin_migrating(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return begin_immediately(connection).await;
    }
    let transaction = connection.begin().await?;
    transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATING})")).await?;
    if has_table(&transaction, "journal_head").await? {
        // A writer that holds one table and waits for another would meet a step that does so the other way round.
        transaction.execute_unprepared("SELECT seq FROM journal_head WHERE id = 1 FOR UPDATE").await?;
    }
    Ok(transaction)
}

/// Whether there is a table of a name.
pub async fn has_table(connection: &impl ConnectionTrait, name: &str) -> Result<bool, DbErr> {
    let sql = match connection.get_database_backend() {
        DbBackend::Postgres => "SELECT 1 AS found WHERE to_regclass($1) IS NOT NULL",
        _ => "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = $1",
    };
    Ok(connection.query_one_raw(statement(connection, sql, vec![name.into()])).await?.is_some())
}

/// The database's clock in microseconds since the epoch, as an expression.
pub fn now_micros(connection: &impl ConnectionTrait) -> &'static str {
    match connection.get_database_backend() {
        DbBackend::Postgres => "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
        _ => "CAST(unixepoch('now', 'subsec') * 1000000 AS INTEGER)",
    }
}

/// Begins a transaction that reads one state of the database; on SQLite every transaction does.
pub async fn begin_reading(connection: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            let (isolation, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
            connection.begin_with_config(Some(isolation), Some(access)).await
        }
        _ => connection.begin().await,
    }
}

/// The database's clock in microseconds since the epoch.
pub async fn clock(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let sql = format!("SELECT {} AS micros", now_micros(connection));
    let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    row.ok_or_else(|| DbErr::RecordNotFound("clock".to_owned()))?.try_get("", "micros")
}

/// Takes what was erased out of the database's files, as far as the database can: deleted rows are overwritten, but
/// copies of them stay in what was written ahead until that is folded in and cut off. Whether nothing stayed: whoever
/// reads an older state keeps it.
pub async fn forget(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared("VACUUM (INDEX_CLEANUP ON) personal").await?;
        // Only pages without a single dead row are visible to all.
        let sql = "SELECT relallvisible >= relpages AS done FROM pg_class WHERE oid = 'personal'::regclass";
        let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
        let is_clean: bool = row.map_or(Ok(false), |row| row.try_get("", "done"))?;
        // Freed bytes stay in their pages until the table is written anew.
        return if is_clean { rewritten(connection).await } else { Ok(false) };
    }
    connection.execute_unprepared(&busy_timeout(FORGET_WAIT)).await?;
    let cut = connection.query_one_raw(statement(connection, "PRAGMA wal_checkpoint(TRUNCATE)", vec![])).await;
    connection.execute_unprepared(&busy_timeout(LOCK_WAIT)).await?;
    cut?.map_or(Ok(false), |row| row.try_get::<i32>("", "busy").map(|busy| busy == 0))
}

/// Writes the table of personal data anew, unless somebody holds it.
async fn rewritten(connection: &DatabaseConnection) -> Result<bool, DbErr> {
    connection.execute_unprepared(&format!("SET lock_timeout = {}", FORGET_WAIT.as_millis())).await?;
    let rewritten = connection.execute_unprepared("VACUUM (FULL) personal").await;
    connection.execute_unprepared("RESET lock_timeout").await?;
    match rewritten {
        Err(error) if is_locked(&error) => Ok(false),
        other => other.map(|_| true),
    }
}

fn busy_timeout(wait: Duration) -> String {
    format!("PRAGMA busy_timeout = {}", wait.as_millis())
}

/// Writes the database as it stands into a file that is not there yet; false where the database is no file itself.
pub async fn copy_into(connection: &DatabaseConnection, file: &str) -> Result<bool, DbErr> {
    if connection.get_database_backend() == DbBackend::Postgres {
        return Ok(false);
    }
    connection.execute_raw(statement(connection, "VACUUM INTO $1", vec![file.into()])).await?;
    Ok(true)
}

/// Texts as the one parameter that [`among`] takes them in: a JSON array.
pub fn texts(items: impl IntoIterator<Item = impl ToString>) -> Value {
    let texts: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
    serde_json::Value::from(texts).to_string().into()
}

/// A condition that a column is among the texts of a JSON array given as a parameter.
pub fn among(connection: &impl ConnectionTrait, column: &str, parameter: usize) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => {
            format!("{column} = ANY(ARRAY(SELECT jsonb_array_elements_text(${parameter}::jsonb)))")
        }
        _ => format!("{column} IN (SELECT value FROM json_each(${parameter}))"),
    }
}

/// The texts of a JSON array given as a parameter, as a table with the column `value`.
pub fn listed(connection: &impl ConnectionTrait, alias: &str, parameter: usize) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("jsonb_array_elements_text(${parameter}::jsonb) AS {alias}(value)"),
        _ => format!("json_each(${parameter}) AS {alias}"),
    }
}

/// The last entry `e` on each account that the column names, up to a sequence where one is given. PostgreSQL would read all
/// entries for a few accounts as long as it knows little of the table, unless it is told to look them up one by one.
pub fn last_entries(connection: &impl ConnectionTrait, account: &str, up_to: Option<&str>) -> String {
    let bound = up_to.map(|seq| format!("AND x.seq <= {seq}")).unwrap_or_default();
    let last = |columns: &str| {
        format!(
            "SELECT {columns} FROM ledger_entry x WHERE x.account = {account} {bound} \
             ORDER BY x.seq DESC, x.place DESC LIMIT 1"
        )
    };
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("CROSS JOIN LATERAL ({}) e", last("x.account, x.posted, x.held")),
        _ => format!("JOIN ledger_entry e ON e.row_id = ({})", last("x.row_id")),
    }
}

/// The newest entries `e` on each account that the column names, up to a sequence; looked up account by account, as the
/// last ones are.
pub fn newest_entries(connection: &impl ConnectionTrait, account: &str, up_to: &str, limit: u64) -> String {
    let newest = |columns: &str| {
        format!(
            "SELECT {columns} FROM ledger_entry x WHERE x.account = {account} AND x.seq <= {up_to} \
             ORDER BY x.seq DESC, x.place DESC LIMIT {limit}"
        )
    };
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("CROSS JOIN LATERAL ({}) e", newest("x.*")),
        _ => format!("JOIN ledger_entry e ON e.row_id IN ({})", newest("x.row_id")),
    }
}

/// The objects of a JSON array given as a parameter, as a table to be joined: `WITH name AS (…)`. Each column has the
/// name of a member and a type of PostgreSQL.
pub fn rows_of(connection: &impl ConnectionTrait, name: &str, parameter: usize, columns: &[(&str, &str)]) -> String {
    if connection.get_database_backend() == DbBackend::Postgres {
        let typed: Vec<_> = columns.iter().map(|(column, of)| format!("{column} {of}")).collect();
        let typed = typed.join(", ");
        return format!(
            "WITH {name} AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(${parameter}::jsonb) AS r({typed}))"
        );
    }
    let read: Vec<_> =
        columns.iter().map(|(column, _)| format!("json_extract(value, '$.{column}') AS {column}")).collect();
    format!("WITH {name} AS MATERIALIZED (SELECT {} FROM json_each(${parameter}))", read.join(", "))
}

/// A member of the state of a record `r`, by its path, as a text; null where there is none. Indexes are made of the same
/// words (migration 13).
pub fn member(connection: &impl ConnectionTrait, path: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("(record_state(r.state) #>> '{{{}}}')", path.replace('.', ",")),
        _ => format!("json_extract(CAST(r.state AS TEXT), '$.{}')", path.replace(".0", "[0]")),
    }
}

/// A condition that some element of a list in the state of a record `r` has a member that is among the texts of a JSON array
/// given as a parameter.
pub fn some_member(connection: &impl ConnectionTrait, (list, member): (&str, &str), parameter: usize) -> String {
    let (elements, member) = match connection.get_database_backend() {
        DbBackend::Postgres => {
            let list = list.replace('.', ",");
            (format!("jsonb_array_elements(record_state(r.state) #> '{{{list}}}')"), format!("m.value ->> '{member}'"))
        }
        _ => (format!("json_each(CAST(r.state AS TEXT), '$.{list}')"), format!("json_extract(m.value, '$.{member}')")),
    };
    format!("EXISTS (SELECT 1 FROM {elements} AS m WHERE {})", among(connection, &member, parameter))
}

/// A condition that a text column holds the text of a parameter somewhere.
pub fn holds(connection: &impl ConnectionTrait, column: &str, parameter: usize) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("strpos({column}, ${parameter}) > 0"),
        _ => format!("instr({column}, ${parameter}) > 0"),
    }
}

/// A condition that the box of a parcel row meets west, south, east, north, given as four parameters from `first`.
pub fn in_box(connection: &impl ConnectionTrait, first: usize) -> String {
    let [west, south, east, north] = [first, first + 1, first + 2, first + 3];
    match connection.get_database_backend() {
        DbBackend::Postgres => format!(
            "p.geom && ST_MakeEnvelope(${west}::float8, ${south}::float8, ${east}::float8, ${north}::float8, 4326)"
        ),
        _ => format!(
            "p.row_id IN (SELECT row_id FROM parcel_box WHERE max_x >= ${west} AND max_y >= ${south} \
             AND min_x <= ${east} AND min_y <= ${north})"
        ),
    }
}

/// The ids of parcels now known whose boxes meet one of the boxes of a JSON array of [west, south, east, north].
pub fn in_boxes(connection: &impl ConnectionTrait) -> String {
    let open = i64::MAX;
    match connection.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT DISTINCT p.id FROM jsonb_array_elements($1::jsonb) AS b(box) \
             JOIN parcel_index p ON p.geom && ST_MakeEnvelope((box->>0)::float8, (box->>1)::float8, \
             (box->>2)::float8, (box->>3)::float8, 4326) WHERE p.recorded_to = {open}"
        ),
        // The boxes are read once, and come first: the R*Tree is entered by each of them.
        _ => format!(
            "WITH b AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS west, json_extract(value, '$[1]') AS south, \
             json_extract(value, '$[2]') AS east, json_extract(value, '$[3]') AS north FROM json_each($1)) \
             SELECT DISTINCT p.id FROM b CROSS JOIN parcel_box r ON r.max_x >= b.west AND r.max_y >= b.south \
             AND r.min_x <= b.east AND r.min_y <= b.north \
             CROSS JOIN parcel_index p ON p.row_id = r.row_id WHERE p.recorded_to = {open}"
        ),
    }
}

/// Asks a statement of a transaction that is planned for the tables as they are. Where plans are kept, one that was made while a
/// table was empty reads all of it each time, until statistics are gathered: within a minute, in which an import adds thousands.
pub async fn planned_anew(connection: &impl ConnectionTrait, asked: Statement) -> Result<Vec<QueryResult>, DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return connection.query_all_raw(asked).await;
    }
    connection.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan").await?;
    let rows = connection.query_all_raw(asked).await?;
    connection.execute_unprepared("SET LOCAL plan_cache_mode = auto").await?;
    Ok(rows)
}

/// The question for a parcel whose box in the R*Tree is not that of its row; none where the index is the database's own.
pub fn box_faults(connection: &impl ConnectionTrait) -> Option<String> {
    match connection.get_database_backend() {
        DbBackend::Postgres => None,
        // Boxes are stored in single precision and rounded outwards, by far less than a hundred-thousandth of a degree
        // times four.
        _ => Some(
            "SELECT p.recorded_from AS seq, p.id FROM parcel_index p LEFT JOIN parcel_box b ON b.row_id = p.row_id \
             WHERE (p.min_x IS NULL) <> (b.row_id IS NULL) \
             OR b.min_x > p.min_x OR b.min_y > p.min_y OR b.max_x < p.max_x OR b.max_y < p.max_y \
             OR b.min_x < p.min_x - 4e-5 OR b.min_y < p.min_y - 4e-5 \
             OR b.max_x > p.max_x + 4e-5 OR b.max_y > p.max_y + 4e-5 \
             UNION ALL SELECT 0, CAST(b.row_id AS TEXT) FROM parcel_box b \
             WHERE NOT EXISTS (SELECT 1 FROM parcel_index p WHERE p.row_id = b.row_id) LIMIT 1"
                .to_owned(),
        ),
    }
}

/// A setting under which the database may lose what it acknowledged; none where it keeps it.
pub async fn unsafe_setting(connection: &DatabaseConnection) -> Result<Option<String>, DbErr> {
    let wanted: &[(&str, &[&str])] = match connection.get_database_backend() {
        DbBackend::Postgres => &[
            ("SHOW fsync", &["on"]),
            ("SHOW full_page_writes", &["on"]),
            ("SHOW synchronous_commit", &["on", "local", "remote_write", "remote_apply"]),
        ],
        _ => &[("PRAGMA synchronous", &["2", "3"]), ("PRAGMA journal_mode", &["wal"])],
    };
    for (sql, wanted) in wanted {
        let row = connection.query_one_raw(statement(connection, *sql, vec![])).await?;
        let found = match row {
            Some(row) => {
                let number = row.try_get_by_index::<i32>(0).map(|number| number.to_string());
                number.or_else(|_| row.try_get_by_index::<String>(0))?
            }
            None => String::new(),
        };
        if !wanted.contains(&found.as_str()) {
            return Ok(Some(format!("{sql} is {found}")));
        }
    }
    Ok(None)
}

/// The bytes of a column as hexadecimal digits in small letters.
pub fn hex_of(connection: &impl ConnectionTrait, column: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("encode({column}, 'hex')"),
        _ => format!("lower(hex({column}))"),
    }
}

/// A text column as it is ordered: by bytes, whatever the database's language.
pub fn text_order(connection: &impl ConnectionTrait, column: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("{column} COLLATE \"C\""),
        _ => column.to_owned(),
    }
}
