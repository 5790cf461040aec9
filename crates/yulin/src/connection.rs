//! How commands reach the registry, and as whom they write.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, ActBody, ActId, Envelope, PrincipalId, Refused};
use yulin_persistence::{
    AsOf, Migrate, OpenError, OpenOptions, PersistenceError, Registry, Rehearsal, Snapshot, Versioned,
};

use crate::cli::General;
use crate::fault::address_unknown;
use crate::say::{aside, not_performed};

/// The embedded database where none is named.
const DATABASE: &str = "sqlite://yulin.sqlite?mode=rwc";
/// Connections that a command reads with.
pub const READERS: u32 = 2;
/// After how long it is told that a database is waited for, where it lets nobody in.
const UNTOLD_MAX: Duration = Duration::from_millis(500);
/// The principal as which commands write.
const PRINCIPAL: &str = "cli";

/// The address of the database, or the default one; a SQLite file that is not there is made.
pub fn database_url(general: &General, default: Option<&str>) -> String {
    let url = general.database.clone().unwrap_or_else(|| default.unwrap_or(DATABASE).to_owned());
    let plain_file = url.starts_with("sqlite:") && !url.contains('?') && !url.contains(":memory:");
    if plain_file { format!("{url}?mode=rwc") } else { url }
}

/// The address of a database that is there: what only reads makes none.
pub fn existing_url(general: &General) -> anyhow::Result<String> {
    let url = database_url(general, None).replace("mode=rwc", "mode=rw");
    check_address(&url)?;
    if let Some(file) = file_of(&url)
        && !file.is_file()
    {
        return Err(unreadable().told("file", file.display()).into());
    }
    Ok(url)
}

/// Whether an address is of a kind of database that is known.
pub fn check_address(url: &str) -> Result<(), Refused> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite" | "postgres" | "postgresql") => Ok(()),
        Some(_) | None => Err(address_unknown()),
    }
}

/// The file of an embedded database; none for one in memory.
pub fn file_of(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or(path);
    (!path.is_empty() && path != ":memory:" && !url.contains("mode=memory")).then(|| Path::new(path))
}

fn unreadable() -> Refused {
    Refused::new(ErrorCode::FileUnreadable).at("database")
}

/// Waits for what opens a database and, maybe, works on it; it is large, and handed in a box. People are told soon where
/// nobody is let in yet.
pub async fn waited_for<T, E: Into<OpenError>>(
    url: &str,
    opening: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T> {
    // By itself: the work on a database may leave it no turn for so long that a server would seem not to answer.
    let telling = tokio::spawn(tell_waiting(url.to_owned()));
    let opened = opening.await;
    telling.abort();
    match opened {
        Ok(opened) => Ok(opened),
        Err(why) => Err(not_opened(url, why.into()).await),
    }
}

/// Tells what is waited for, unless it has been there all along and is merely worked on.
async fn tell_waiting(url: String) {
    tokio::time::sleep(UNTOLD_MAX).await;
    if let Some(away) = Registry::away(&url).await {
        aside(format!("yulin: waiting for the database at {away}"));
    }
}

/// What a database that does not open is told as: its own words are logged where somebody asks for them.
pub async fn not_opened(url: &str, error: OpenError) -> anyhow::Error {
    match error {
        OpenError::Fault(fault @ (PersistenceError::Database(_) | PersistenceError::Unreachable)) => {
            tracing::debug!(error = %fault, "the database does not open");
            let embedded = url.starts_with("sqlite:");
            if embedded { unreadable().into() } else { out_of_reach(url, &fault).await.into() }
        }
        other => other.into(),
    }
}

/// A server that is out of reach, with its place and the cause where there is one.
async fn out_of_reach(url: &str, fault: &PersistenceError) -> Refused {
    let refused = Refused::new(ErrorCode::NotReady).at("database");
    match Registry::why_away(url, fault).await {
        Some(why) => refused.told("problem", why),
        None => refused,
    }
}

/// Opens a database. An embedded one is brought up to date; a shared one only `yulin migrate` changes.
pub async fn open(url: &str, readers: u32) -> anyhow::Result<Registry> {
    let migrate = if url.starts_with("sqlite:") { Migrate::Apply } else { Migrate::Check };
    open_with(url, readers, migrate).await
}

/// Opens a database and says what to do where it lacks steps of migration.
pub async fn open_with(url: &str, readers: u32, migrate: Migrate) -> anyhow::Result<Registry> {
    check_address(url)?;
    let options = OpenOptions { url: url.to_owned(), readers, migrate };
    waited_for(url, Box::pin(Registry::open(&options))).await
}

/// Opens the database of a command.
pub async fn open_for_command(general: &General) -> anyhow::Result<Registry> {
    open(&database_url(general, None), READERS).await
}

/// Opens the database of a command that only reads: it neither makes nor migrates one.
pub async fn open_to_read(general: &General) -> anyhow::Result<Registry> {
    open_with(&existing_url(general)?, READERS, Migrate::Check).await
}

/// The registry as it stands now.
pub async fn now(registry: &Registry) -> anyhow::Result<Snapshot> {
    Ok(registry.snapshot(AsOf::default(), None).await?)
}

/// Who writes, and why.
#[derive(Debug, Clone)]
pub struct Author {
    principal: PrincipalId,
    reason: Option<String>,
}

impl Author {
    /// The command line as a principal, with the reason given.
    pub async fn of(registry: &Registry, reason: Option<String>) -> anyhow::Result<Self> {
        let principal = registry.ensure_principal(PRINCIPAL, Role::Admin).await.map_err(not_performed)?;
        Ok(Self { principal, reason })
    }

    /// The same for acts that are only tried.
    pub async fn rehearsed(rehearsal: &mut Rehearsal, reason: Option<String>) -> anyhow::Result<Self> {
        let principal = rehearsal.ensure_principal(PRINCIPAL, Role::Admin).await.map_err(not_performed)?;
        Ok(Self { principal, reason })
    }

    /// An act of one leg under a fresh id.
    pub fn act(&self, body: ActBody) -> Act {
        let envelope = Envelope {
            id: ActId(Uuid::now_v7()),
            principal: self.principal,
            role: Role::Admin,
            narrowing: None,
            on_behalf_of: None,
            effective_at: None,
            not_after: None,
            reason: self.reason.clone(),
            legal_basis: None,
            evidence: Vec::new(),
            personal_note: None,
        };
        Act { envelope, legs: vec![body] }
    }
}

/// The district of a code.
pub async fn district_of(registry: &Registry, code: &str) -> anyhow::Result<Versioned<District>> {
    let districts = registry.districts(&now(registry).await?).await?;
    let found = districts.into_iter().find(|district| district.state.code == code);
    let unknown = || Refused::new(ErrorCode::DistrictUnknown).at("district").with("district", code);
    Ok(found.ok_or_else(unknown)?)
}
