//! A reference client of a trading venue: it trades through several gateways, keeps books of its own, and never loses count.
//!
//! To be read and copied: it knows nothing of the registry but HTTP and JSON, as docs/integrate-a-trading-venue.md tells
//! them. What it may show an integrator: an act is written down before it is sent; whatever became of an answer, the same
//! act is sent again; what others do to its accounts it learns from the feed; and at the end both books are compared as of
//! one entry. It may be killed at any moment and goes on with the same command.

mod books;
mod compare;
mod feed;
mod line;
mod options;
mod registry;
mod trade;

use std::process::ExitCode;

use anyhow::Result;

use books::Books;
use line::{Act, Line};
use options::Options;
use registry::Registry;

/// It could not be told whether the books agree; the same command goes on.
const NOT_TOLD: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(agreement) => agreement,
        Err(why) => {
            eprintln!("venue-client: {why:#}");
            ExitCode::from(NOT_TOLD)
        }
    }
}

async fn run() -> Result<ExitCode> {
    let options = Options::read(std::env::args().skip(1))?;
    let mut registry = Registry::at(&options)?;
    if let Some(seed) = options.faults {
        registry.ask_for_faults(seed).await?;
    }
    let mut books = Books::open(&options.books)?;
    if books.is_new() {
        let opened = compare::opening(&mut registry, &options.accounts).await?;
        books.write(opened)?;
    }
    loop {
        // What was under way when the program last ended comes first.
        while let Some(act) = books.unanswered().cloned().or_else(|| books.trade().and_then(trade::next)) {
            perform(&mut registry, &mut books, act).await?;
        }
        feed::follow(&mut registry, &mut books).await?;
        if books.trades().len() >= options.trades {
            break;
        }
        books.write(Line::Trade(trade::agreed(&books)))?;
    }
    let differences = compare::with_the_registry(&mut registry, &books).await?;
    compare::print(&books, &registry, &differences);
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sends an act that is written down, and writes down what became of it.
async fn perform(registry: &mut Registry, books: &mut Books, act: Act) -> Result<()> {
    if !books.knows(act.id) {
        books.write(Line::Act(act.clone()))?;
    }
    let outcome = registry.perform(&act).await?;
    books.write(Line::Outcome { act: act.id, outcome })
}
