//! The peer: what a careful programmer asks the same database by hand, one statement a question, nothing checked.
//!
//! SQLite has no geometry, so there the peer is content with boxes, which is less work than what is asked.

use anyhow::{Context as _, Result, ensure};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};

use crate::Options;
use crate::questions::{Place, Work};

const NOW: &str = "recorded_to = 9223372036854775807 AND valid_to = 9223372036854775807";

/// A parcel drawn from the zone.
#[derive(Debug)]
pub struct Drawn {
    pub code: String,
    /// Its middle, in degrees.
    pub at: [f64; 2],
    /// What a parcel takes of the zone on the average, in degrees.
    pub width: [f64; 2],
}

/// The database, asked without the registry.
#[derive(Debug)]
pub struct Peer {
    connection: DatabaseConnection,
}

impl Peer {
    /// Connects as many times as there are clients.
    pub async fn connect(options: &Options) -> Result<Self> {
        let mut connect = ConnectOptions::new(&options.database);
        connect.max_connections(u32::try_from(options.clients)?).sqlx_logging(false).test_before_acquire(false);
        Ok(Self { connection: Database::connect(connect).await? })
    }

    fn on_postgres(&self) -> bool {
        self.connection.get_database_backend() == DbBackend::Postgres
    }

    async fn rows(&self, sql: String, values: Vec<Value>) -> Result<Vec<sea_orm::QueryResult>> {
        let statement = Statement::from_sql_and_values(self.connection.get_database_backend(), sql, values);
        Ok(self.connection.query_all_raw(statement).await?)
    }

    /// Parcels now registered.
    pub async fn parcels(&self) -> Result<u64> {
        let rows = self.rows(format!("SELECT count(*) AS n FROM parcel_index WHERE {NOW}"), vec![]).await?;
        let count: i64 = rows.first().context("a count")?.try_get("", "n")?;
        Ok(count.unsigned_abs())
    }

    /// Parcels spread over the zone.
    pub async fn sample(&self, count: usize) -> Result<Vec<Drawn>> {
        let all = self.parcels().await?;
        let step = (all / count as u64).max(1);
        let sql = format!(
            "SELECT label, (min_x + max_x) / 2 AS x, (min_y + max_y) / 2 AS y FROM parcel_index \
             WHERE {NOW} AND min_x IS NOT NULL AND row_id % {step} = 0 ORDER BY row_id LIMIT {count}"
        );
        let rows = self.rows(sql, vec![]).await?;
        let extent = "SELECT max(max_x) - min(min_x) AS x, max(max_y) - min(min_y) AS y FROM parcel_index";
        let extent = self.rows(extent.to_owned(), vec![]).await?;
        let extent = extent.first().context("an extent")?;
        let side = (all as f64).sqrt();
        let width = [extent.try_get::<f64>("", "x")? / side, extent.try_get::<f64>("", "y")? / side];
        rows.iter()
            .map(|row| {
                Ok(Drawn { code: row.try_get("", "label")?, at: [row.try_get("", "x")?, row.try_get("", "y")?], width })
            })
            .collect()
    }

    /// Asks by hand what a question asks.
    pub async fn ask(&self, work: Work, place: &Place) -> Result<()> {
        let (sql, values) = match place {
            Place::Code(code) => self.by_code(code),
            Place::Ring(ring) => self.within(work, ring),
        };
        let found = self.rows(sql, values).await?;
        ensure!(!found.is_empty() || work != Work::ByCode, "no parcel of that code");
        Ok(())
    }

    fn by_code(&self, code: &str) -> (String, Vec<Value>) {
        let sql = format!(
            "SELECT r.state AS parcel, h.state AS holding FROM parcel_index p \
             JOIN record_version r ON r.kind = 'parcel' AND r.id = p.id AND r.{NOW} \
             LEFT JOIN record_version h ON h.parcel = p.id AND h.kind = 'right' AND h.{NOW} \
             WHERE p.label = $1 AND p.{NOW}"
        );
        (qualified(&sql), vec![code.into()])
    }

    fn within(&self, work: Work, ring: &[[f64; 2]]) -> (String, Vec<Value>) {
        let corners: Vec<_> = ring.iter().map(|[x, y]| format!("{x} {y}")).collect();
        let by = |at: usize| ring.iter().map(move |corner| corner[at]);
        let (low, high) = (|at| by(at).fold(f64::INFINITY, f64::min), |at| by(at).fold(f64::NEG_INFINITY, f64::max));
        let (place, values) = if self.on_postgres() {
            let meets = "ST_Intersects(p.geom, ST_SetSRID(ST_GeomFromText($1), 4326))";
            (meets, vec![Value::from(format!("POLYGON(({}))", corners.join(",")))])
        } else {
            let meets = "p.row_id IN (SELECT row_id FROM parcel_box WHERE max_x >= $1 AND max_y >= $2 \
                         AND min_x <= $3 AND min_y <= $4)";
            (meets, [low(0), low(1), high(0), high(1)].map(Value::from).to_vec())
        };
        let (which, order) = match work {
            Work::Polygon => ("p.status IN ('IDLE', 'INEFFICIENT')", "p.price"),
            Work::ByCode | Work::Viewport => ("p.status IS NOT NULL", "p.label"),
        };
        let sql = format!(
            "SELECT f.id, f.footprint, h.state AS holding FROM (SELECT p.id, p.footprint FROM parcel_index p \
             WHERE p.{NOW} AND {which} AND {place} ORDER BY {order} LIMIT 50) f \
             LEFT JOIN record_version h ON h.parcel = f.id AND h.kind = 'right' AND h.{NOW}"
        );
        (qualified(&sql), values)
    }

    /// What the database takes on disk.
    pub async fn size(&self, parcels: u64) -> Result<String> {
        let sql = if self.on_postgres() {
            "SELECT pg_database_size(current_database()) AS bytes"
        } else {
            "SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()"
        };
        let rows = self.rows(sql.to_owned(), vec![]).await?;
        let bytes: i64 = rows.first().context("a size")?.try_get("", "bytes")?;
        let bytes = bytes.unsigned_abs();
        Ok(format!(
            "{parcels} parcels in {bytes} bytes: {} bytes a parcel, history and journal included",
            bytes / parcels.max(1)
        ))
    }
}

/// `x.a = … AND b = …` as conditions on one table.
fn qualified(sql: &str) -> String {
    ["p", "r", "h"].iter().fold(sql.to_owned(), |sql, alias| {
        sql.replace(&format!("{alias}.{NOW}"), &format!("{alias}.{}", NOW.replace(" AND ", &format!(" AND {alias}."))))
    })
}
