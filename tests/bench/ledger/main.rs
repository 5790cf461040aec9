//! How fast the ledger is through GraphQL over HTTP, every rule checked and every act durable, beside pgbench doing the
//! bare transfer in the same run.
//!
//! `cargo bench --bench ledger -- --help` tells how; `tests/bench/README.md` keeps what was measured.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod fill;
mod journal;
mod load;
mod options;
mod peer;
mod place;
#[path = "../common/process.rs"]
mod process;
mod processor;
mod server;
mod table;
mod work;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;

use fill::Field;
use journal::Journal;
use load::load;
use options::Options;
use peer::Peer;
use place::Place;
use processor::Watched;
use server::{Import, Server};
use table::Table;
use work::{Desk, Line, Spread, Work};

/// Acts a request, where there are many.
const LIST: usize = 100;
/// Clients of the lines that are not measured at every number of clients.
const BESIDE: usize = 32;

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    let (folder, mut table) = (tempfile::tempdir()?, Table::default());
    for place in place::places(&options).await? {
        println!("\n### {:?}\n", place.backend);
        table.head();
        Measured::open(&place, &options, folder.path()).await?.measure(&mut table).await?;
    }
    Ok(())
}

/// One database under measurement.
struct Measured<'a> {
    place: &'a Place,
    options: &'a Options,
    folder: &'a Path,
    field: Field,
    server: Server,
    journal: Journal,
    peer: Option<Peer>,
}

impl<'a> Measured<'a> {
    async fn open(place: &'a Place, options: &'a Options, folder: &'a Path) -> Result<Self> {
        let field = fill::fill(place, options.accounts, options.history).await?;
        let peer = match &place.peer {
            Some(url) => Some(Peer::prepare(url, options.accounts).await?),
            None => None,
        };
        let (server, journal) = (Server::start(&place.url)?, Journal::open(place).await?);
        Ok(Self { place, options, folder, field, server, journal, peer })
    }

    async fn measure(&self, table: &mut Table) -> Result<()> {
        let before = self.journal.size().await?;
        for &clients in &self.options.clients {
            self.bare(table, (clients, Spread::Uniform), "").await?;
            let works = [Work::Transfer, Work::HoldAndSettle, Work::Bundle];
            for work in works.into_iter().filter(|work| self.options.wants(work.word())) {
                for acts in [1, LIST] {
                    self.line(table, Line { work, spread: Spread::Uniform, clients, acts }, "").await?;
                }
            }
        }
        if self.options.wants("hot") {
            self.bare(table, (BESIDE, Spread::OneAccount), "").await?;
            for acts in [1, LIST] {
                let line = Line { work: Work::Transfer, spread: Spread::OneAccount, clients: BESIDE, acts };
                self.line(table, line, "").await?;
            }
        }
        table.note(self.journal.grown(&before).await?);
        if self.options.wants("import") {
            self.beside_an_import(table).await?;
        }
        if let Some(kib) = self.server.process.memory_kib() {
            table.note(format!("{} MiB of resident memory in the registry", kib / 1024));
        }
        table.end();
        self.server.check_conserved(&self.field.auditor).await
    }

    async fn beside_an_import(&self, table: &mut Table) -> Result<()> {
        let (beside, head) = ("an import", self.journal.head().await?);
        let mut import = Import::start(&self.place.url, self.folder)?;
        // It reads its file before it records.
        while self.journal.parcels(head).await? == 0 {
            import.check_going_on()?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        self.bare(table, (BESIDE, Spread::Uniform), beside).await?;
        for acts in [1, LIST] {
            let (head, began) = (self.journal.head().await?, Instant::now());
            let line = Line { work: Work::Transfer, spread: Spread::Uniform, clients: BESIDE, acts };
            self.line(table, line, beside).await?;
            let (parcels, took) = (self.journal.parcels(head).await?, began.elapsed());
            let rate = parcels as f64 / took.as_secs_f64();
            table.note(format!("beside requests of {acts} acts, {rate:.0} parcels a second were imported"));
        }
        import.check_going_on()
    }

    /// A line of the peer, which later lines of as many clients are compared with.
    async fn bare(&self, table: &mut Table, (clients, spread): (usize, Spread), beside: &'static str) -> Result<()> {
        let Some(peer) = &self.peer else { return Ok(()) };
        let bare = peer.transfers(clients, spread, self.options.time, self.folder).await?;
        table.bare((clients, spread, beside), &bare);
        Ok(())
    }

    async fn line(&self, table: &mut Table, line: Line, beside: &'static str) -> Result<()> {
        let watched = Watched { registry: Some(self.server.process.pid()), postmaster: self.place.postmaster };
        let (desk, head) = (Desk::new(&self.server, &self.field, line), self.journal.head().await?);
        let figures = load(line.clients, self.options.time, &watched, || desk.turn()).await;
        let commits = self.journal.acts_a_commit(head).await?;
        table.line((line, beside), &figures, commits);
        if let Some(failure) = desk.failure.take() {
            let (work, clients) = (line.work.name(), line.clients);
            table.note(format!("{work} of {clients} clients in requests of {}: a failure: {failure:.300}", line.acts));
        }
        Ok(())
    }
}
