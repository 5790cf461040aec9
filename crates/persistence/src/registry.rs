//! The registry as its users hold it: servers to read from, and a queue to the one writer.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use yulin_domain::journal::Receipt;

use crate::dialect::is_locked;
use crate::error::{OpenError, PerformError, PersistenceError};
use crate::journal::{Prepared, Writer, ensure_head, head_of, head_row};
use crate::servers::{ReadFrom, Servers};
use crate::{database, keys, measured};

/// Acts that may wait; the next one is told BUSY.
const QUEUE_MAX: usize = 8_192;

/// How long the writer may take to end: what it was sent has been answered before.
const WRITER_END_MAX: Duration = Duration::from_secs(5);

/// How often it is looked whether another gateway has recorded something, while anybody follows.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// How often the servers are asked what they are, where there are several.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// What to do where a database lacks steps of migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    Apply,
    Check,
}

/// How a registry is opened.
#[derive(Debug, Clone)]
pub struct OpenOptions {
    /// `sqlite://path?mode=rwc` or `postgres://…`; several servers of one cluster of PostgreSQL with commas in between.
    pub url: String,
    /// Connections that read, to each server.
    pub readers: u32,
    pub migrate: Migrate,
}

/// How often a database is opened that another is just making, and how far apart.
const TRIES_MAX: u32 = 20;
const TRIED_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// An act that waits to be recorded.
pub(crate) struct Waiting {
    pub act: Prepared,
    pub answer: oneshot::Sender<Result<Receipt, PerformError>>,
    /// What it was asked in.
    pub span: tracing::Span,
}

/// A registry; clones share everything.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

struct Shared {
    servers: Arc<Servers>,
    statements: Arc<AtomicU64>,
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    sender: mpsc::WeakSender<Waiting>,
    writer: Mutex<Option<JoinHandle<()>>>,
    server_key: [u8; 32],
    /// The journal's own name, which no other has.
    journal: String,
    grown: watch::Sender<u64>,
    /// The extent of all land, and when it was read.
    extent: Mutex<Option<(Instant, Option<[f64; 4]>)>>,
    /// Searches that look at shapes, each of which keeps a connection for as long.
    searches: Semaphore,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Registry")
    }
}

impl Registry {
    /// Connects, checks that the database keeps what it acknowledges and that its journal can be read, and
    /// starts the writer.
    ///
    /// Whoever makes an embedded file turns it to writing ahead, for which nobody can wait who opens it just then: it is tried
    /// again.
    pub async fn open(options: &OpenOptions) -> Result<Self, OpenError> {
        let mut tries = 0;
        loop {
            match Self::open_once(options).await {
                Err(OpenError::Fault(PersistenceError::Database(error))) if tries < TRIES_MAX && is_locked(&error) => {
                    tries += 1;
                    tokio::time::sleep(TRIED_AGAIN_AFTER).await;
                }
                opened => return opened,
            }
        }
    }

    async fn open_once(options: &OpenOptions) -> Result<Self, OpenError> {
        let mut servers = Servers::of(&options.url, options.readers).await?;
        let statements = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&statements);
        servers.count_statements(move || {
            counted.fetch_add(1, Ordering::Relaxed);
        });
        let servers = Arc::new(servers);
        let (write, seat) = servers.first_writer().await?;
        match options.migrate {
            Migrate::Apply => database::migrate(&write).await?,
            Migrate::Check if database::lacks_steps(&write).await? => return Err(OpenError::NotMigrated),
            Migrate::Check => {}
        }
        ensure_head(&write).await?;
        let head = head_row(&write).await?;
        head_of(&head)?;
        let server_key = keys::server_key(&write).await?;
        servers.hold(&head.journal);
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let weak = sender.downgrade();
        let grown = watch::Sender::new(0);
        let writer = Writer::new((write, seat), Arc::clone(&servers), server_key, grown.clone());
        let writer = tokio::spawn(writer.run(receiver));
        let shared = Arc::new(Shared {
            servers,
            statements,
            queue: Mutex::new(Some(sender)),
            sender: weak,
            writer: Mutex::new(Some(writer)),
            server_key,
            journal: head.journal,
            grown,
            extent: Mutex::default(),
            searches: Semaphore::new((options.readers / 2).max(1) as usize),
        });
        tokio::spawn(look_for_others(Arc::downgrade(&shared)));
        if shared.servers.are_several() {
            tokio::spawn(keep_looking(Arc::downgrade(&shared.servers)));
        }
        Ok(Self(shared))
    }

    /// Finishes what was accepted, then closes; a database that does not answer is waited for a little while.
    pub async fn close(&self) {
        drop(self.0.queue.lock().await.take());
        let Some(writer) = self.0.writer.lock().await.take() else { return };
        match tokio::time::timeout(WRITER_END_MAX, writer).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the writer did not end well"),
            Err(_) => tracing::error!("the database does not answer; what waited for it was acknowledged to nobody"),
        }
    }

    /// Whether it can answer and record: the database answers, no step of migration is lacking, the journal can be
    /// read, the writer works. What holds at the start may end later.
    pub async fn readiness(&self) -> Result<(), PersistenceError> {
        self.head().await?;
        if database::lacks_steps(self.primary()).await? {
            return Err(PersistenceError::NotMigrated);
        }
        let works = self.queue().is_some_and(|queue| !queue.is_closed());
        works.then_some(()).ok_or(PersistenceError::Stopped)
    }

    /// The key under which requests and cursors are authenticated.
    pub fn server_key(&self) -> [u8; 32] {
        self.0.server_key
    }

    /// The name of the journal, which no other has.
    pub fn journal(&self) -> &str {
        &self.0.journal
    }

    /// Tells, soon after the fact, that entries were recorded here or elsewhere; which, is to be read. It counts how often
    /// that was told.
    pub fn growth(&self) -> watch::Receiver<u64> {
        self.0.grown.subscribe()
    }

    /// How many statements have been sent by those who read, since the registry was opened.
    pub fn statements_read(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// From now on snapshots are read from a server that follows the one that is written to, while one follows closely;
    /// false where there is but one server.
    pub fn read_standby(&self) -> bool {
        self.0.servers.read_standby();
        self.0.servers.are_several()
    }

    /// From where snapshots are read.
    pub fn read_from(&self) -> ReadFrom {
        self.0.servers.read_from()
    }

    /// For whatever is read as of a snapshot.
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        self.0.servers.reader()
    }

    /// For whatever must be as it is now, and for what is written beside the journal.
    pub(crate) fn primary(&self) -> &DatabaseConnection {
        self.0.servers.primary()
    }

    pub(crate) fn servers(&self) -> &Servers {
        &self.0.servers
    }

    /// A place among the searches that look at shapes, as soon as there is one.
    pub(crate) async fn place_to_search(&self) -> Result<SemaphorePermit<'_>, PersistenceError> {
        self.0.searches.acquire().await.map_err(|_| PersistenceError::Stopped)
    }

    /// The extent of all land as it was last read, for one who reads it at a time.
    pub(crate) async fn extent_known(&self) -> MutexGuard<'_, Option<(Instant, Option<[f64; 4]>)>> {
        self.0.extent.lock().await
    }

    /// The way to the writer; none once the registry closes.
    pub(crate) fn queue(&self) -> Option<mpsc::Sender<Waiting>> {
        self.0.sender.upgrade()
    }
}

/// Tells those who follow of what other gateways recorded, until the registry is gone.
async fn look_for_others(shared: Weak<Shared>) {
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(shared) = shared.upgrade() else { return };
        if shared.grown.receiver_count() == 0 {
            continue;
        }
        let registry = Registry(shared);
        match registry.head_for(None, None).await {
            Ok(head) if seen == Some(head.seq) => {}
            Ok(head) => {
                seen = Some(head.seq);
                measured::newest(head.seq);
                registry.0.grown.send_modify(|times| *times += 1);
            }
            Err(error) => tracing::warn!(%error, "the head of the journal could not be looked at"),
        }
    }
}

/// Asks the servers what they are, until the registry is gone.
async fn keep_looking(servers: Weak<Servers>) {
    loop {
        let Some(servers) = servers.upgrade() else { return };
        servers.look().await;
        drop(servers);
        tokio::time::sleep(ASK_EVERY).await;
    }
}
