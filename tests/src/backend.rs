//! A registry on a database of its own, on either kind.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::journal::PrincipalId;
use yulin_persistence::{Migrate, OpenOptions, Registry, VerifyOptions, VerifyReport, Wrong};

use crate::postgres::{self, Cluster};

/// The kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// The stored state of a record with one text in place of another, as SQL: for tampering.
    pub fn replaced(self, old: &str, new: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST(replace(CAST(state AS TEXT), '{old}', '{new}') AS BLOB)"),
            Self::Postgres => format!("convert_to(replace(convert_from(state, 'UTF8'), '{old}', '{new}'), 'UTF8')"),
        }
    }
}

/// A registry that a test has to itself.
#[derive(Debug)]
pub struct TestRegistry {
    pub registry: Registry,
    pub url: String,
    pub admin: PrincipalId,
    pub backend: Backend,
    _folder: Option<TempDir>,
}

impl TestRegistry {
    /// Opens a new registry; none where the database is not installed.
    pub async fn open(backend: Backend) -> Option<Self> {
        let (url, folder) = database(backend).await?;
        Some(Self::on((url, folder), backend).await)
    }

    /// Opens a new registry on a server that the test has to itself.
    pub async fn on_cluster(cluster: &Cluster) -> Self {
        Self::on((database_on(&cluster.url()).await, None), Backend::Postgres).await
    }

    async fn on((url, folder): (String, Option<TempDir>), backend: Backend) -> Self {
        Self { _folder: folder, ..Self::at(backend, url).await }
    }

    /// Opens a registry on a database that is the caller's.
    pub async fn at(backend: Backend, url: String) -> Self {
        let registry = open(&url).await;
        let admin = registry.ensure_principal("test-admin", Role::Admin).await.expect("an administrator");
        Self { registry, url, admin, backend, _folder: None }
    }

    /// Another gateway on the same database.
    pub async fn another_gateway(&self) -> Registry {
        open(&self.url).await
    }

    /// A connection past the registry, for looking and for tampering.
    pub async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.expect("a connection")
    }

    /// Verifies, from outside.
    pub async fn verify(&self) -> VerifyReport {
        yulin_persistence::verify(&self.url, &VerifyOptions::default(), &mut |_| {}).await.expect("verification runs")
    }

    /// Verifies against a checkpoint that was kept outside; what is wrong first.
    pub async fn verify_against(&self, checkpoint: &str) -> Option<Wrong> {
        let options = VerifyOptions { checkpoint: Some(checkpoint.to_owned()), ..VerifyOptions::default() };
        let report = yulin_persistence::verify(&self.url, &options, &mut |_| {}).await.expect("verification runs");
        report.first_wrong
    }

    /// Asserts that the registry is sound.
    pub async fn assert_sound(&self) {
        let report = self.verify().await;
        assert!(report.sound, "{:?}", report.first_wrong);
    }
}

/// The address of a new, empty database, and the folder that goes with it; none where the database is not installed.
pub async fn database(backend: Backend) -> Option<(String, Option<TempDir>)> {
    match backend {
        Backend::Sqlite => {
            let folder = tempfile::tempdir().expect("a folder for the test");
            let path = folder.path().join("registry.sqlite");
            Some((format!("sqlite://{}?mode=rwc", path.display()), Some(folder)))
        }
        Backend::Postgres => Some((postgres_database().await?, None)),
    }
}

async fn open(url: &str) -> Registry {
    let options = OpenOptions { url: url.to_owned(), readers: 4, migrate: Migrate::Apply };
    Registry::open(&options).await.expect("the registry opens")
}

async fn postgres_database() -> Option<String> {
    // A URL of a server that may be filled with databases takes the place of one started here.
    let server = match std::env::var("YULIN_TEST_POSTGRES") {
        Ok(url) => url,
        Err(_) => {
            let cluster = tokio::task::spawn_blocking(postgres::cluster).await.expect("the cluster starts")?;
            cluster.url()
        }
    };
    Some(database_on(&server).await)
}

async fn database_on(server: &str) -> String {
    let name = format!("yulin_{}", Uuid::new_v4().simple());
    let connection = Database::connect(format!("{server}/postgres")).await.expect("the server answers");
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database of the test's own");
    connection.close().await.expect("closed");
    format!("{server}/{name}")
}
