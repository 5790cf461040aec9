//! How fast parcels are found in a large demo zone, beside bare SQL on the same database in the same run.
//!
//! `cargo bench -p yulin-tests --bench search -- --help` tells how; `tests/bench/README.md` keeps what was measured.
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]

mod load;
mod peer;
#[path = "../common/process.rs"]
mod process;
mod questions;
mod server;

use std::time::Duration;

use anyhow::{Context as _, Result};

use load::{Figures, load};
use peer::Peer;
use questions::{Places, Work};
use server::Server;

/// What the command line says.
#[derive(Debug)]
pub struct Options {
    pub database: String,
    pub parcels: u32,
    pub clients: usize,
    pub seconds: u64,
}

const USAGE: &str = "search [--database URL] [--parcels N] [--clients N] [--seconds N]\n\
    The demo zone is made where there is none; a release binary is taken from YULIN_BINARY, else target/release/yulin.";

fn options() -> Result<Options> {
    let mut options = Options {
        database: "sqlite://target/bench.sqlite?mode=rwc".to_owned(),
        parcels: 1_000_000,
        clients: 8,
        seconds: 10,
    };
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| USAGE.to_owned());
        match word.as_str() {
            "--database" => options.database = value()?,
            "--parcels" => options.parcels = value()?.parse()?,
            "--clients" => options.clients = value()?.parse()?,
            "--seconds" => options.seconds = value()?.parse()?,
            _ => anyhow::bail!(USAGE),
        }
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = options()?;
    let server = Server::start(&options)?;
    let peer = Peer::connect(&options).await?;
    let places = Places::of(&peer).await?;
    println!("| work | Yulin req/s | p50 | p99 | bare SQL req/s | p50 | p99 | ratio |");
    println!("|---|---|---|---|---|---|---|---|");
    for work in [Work::ByCode, Work::Viewport, Work::Polygon] {
        let time = Duration::from_secs(options.seconds);
        let asked = load(options.clients, time, |turn| server.ask(places.question(work, turn))).await?;
        let bare = load(options.clients, time, |turn| peer.ask(work, places.place(work, turn))).await?;
        println!("| {} | {} | {} | {:.2} |", work.name(), cells(&asked), cells(&bare), asked.a_second / bare.a_second);
    }
    println!("\n{}", peer.size(places.parcels).await?);
    if let Some(kib) = server.process.memory_kib() {
        println!("resident memory of the registry: {} MiB", kib / 1024);
    }
    Ok(())
}

fn cells(figures: &Figures) -> String {
    format!("{:.0} | {:.1} ms | {:.1} ms", figures.a_second, figures.p50_ms, figures.p99_ms)
}
