//! Where is measured: a new SQLite file, a throw-away PostgreSQL cluster with full durability, or a database of others.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sea_orm::{ConnectionTrait, Database};
use tempfile::TempDir;
use yulin_tests::Backend;
use yulin_tests::postgres::cluster_with;

use crate::options::Options;

/// `fsync` and `synchronous_commit` are on, as they are where nothing is said; the rest is what the machine has room for.
const CLUSTER: &str = "-c shared_buffers=2GB -c max_wal_size=8GB -c checkpoint_timeout=15min -c fsync=on \
                       -c synchronous_commit=on";

/// A database to measure on.
#[derive(Debug)]
pub struct Place {
    pub backend: Backend,
    pub url: String,
    /// The process that the database runs in, where it is ours: SQLite runs in that of the registry.
    pub postmaster: Option<u32>,
    /// Where the peer finds a PostgreSQL server.
    pub peer: Option<String>,
    _folder: Option<TempDir>,
}

/// The databases that the command line asks for.
pub async fn places(options: &Options) -> Result<Vec<Place>> {
    if let Some(url) = options.database.clone() {
        let is_postgres = url.starts_with("postgres");
        let backend = if is_postgres { Backend::Postgres } else { Backend::Sqlite };
        return Ok(vec![Place {
            backend,
            peer: is_postgres.then(|| url.clone()),
            url,
            postmaster: None,
            _folder: None,
        }]);
    }
    let cluster = tokio::task::spawn_blocking(|| cluster_with(CLUSTER)).await?;
    let mut places = Vec::new();
    if let Some(cluster) = cluster {
        let server = format!("postgres://postgres@127.0.0.1:{}", cluster.port);
        let connection = Database::connect(format!("{server}/postgres")).await?;
        connection.execute_unprepared("CREATE DATABASE ledger").await?;
        places.push(Place {
            backend: Backend::Postgres,
            url: format!("{server}/ledger"),
            postmaster: Some(postmaster(&cluster.data())?),
            peer: Some(format!("{server}/postgres")),
            _folder: None,
        });
    }
    let folder = tempfile::Builder::new().prefix("yulin-bench-").tempdir_in(target())?;
    places.push(Place {
        backend: Backend::Sqlite,
        url: format!("sqlite://{}?mode=rwc", folder.path().join("ledger.sqlite").display()),
        postmaster: None,
        peer: None,
        _folder: Some(folder),
    });
    Ok(places)
}

/// The folder of builds, which lies on a disk: temporary folders may not.
fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

fn postmaster(data: &Path) -> Result<u32> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).context("the cluster runs")?;
    Ok(text.lines().next().context("a process id")?.trim().parse()?)
}
