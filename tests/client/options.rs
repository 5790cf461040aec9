//! What the command line says.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "\
venue-client --gateway URL [--gateway URL ...] [--key KEY]

  --gateway URL      a gateway of the registry; each is asked in turn
  --key KEY          the key of a VENUE; else the variable YULIN_KEY
  --books FILE       where the books are kept [venue-books.ndjson]
  --trades N         so many trades, those that the books hold already among them [20]
  --accounts A,B,C,D codes of two firms' accounts: units, money, units, money
                     [those of two firms of the sandbox: PJ-COD-1,PJ-CNY-1,PJ-COD-3,PJ-CNY-3]
  --patience MS      how long an answer is waited for before it is asked for again [10000]
  --faults SEED      asks a sandbox for lost, late and refused answers

Ends with 0 where the books agree with the registry's, with 1 where they differ, and with 2 where that could not be told:
the same command then goes on.";

/// What the command line says.
#[derive(Debug)]
pub struct Options {
    pub gateways: Vec<String>,
    pub key: String,
    pub books: PathBuf,
    pub trades: usize,
    pub accounts: [String; 4],
    pub patience: Duration,
    pub faults: Option<u64>,
}

impl Options {
    /// Reads the words of the command line.
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            gateways: Vec::new(),
            key: std::env::var("YULIN_KEY").unwrap_or_default(),
            books: PathBuf::from("venue-books.ndjson"),
            trades: 20,
            accounts: ["PJ-COD-1", "PJ-CNY-1", "PJ-COD-3", "PJ-CNY-3"].map(str::to_owned),
            patience: Duration::from_secs(10),
            faults: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().context(USAGE);
            match word.as_str() {
                "--gateway" => options.gateways.push(origin(&value()?)),
                "--key" => options.key = value()?,
                "--books" => options.books = value()?.into(),
                "--trades" => options.trades = value()?.parse()?,
                "--accounts" => options.accounts = four(&value()?)?,
                "--patience" => options.patience = Duration::from_millis(value()?.parse()?),
                "--faults" => options.faults = Some(value()?.parse()?),
                _ => bail!(USAGE),
            }
        }
        if options.gateways.is_empty() || options.key.is_empty() {
            bail!(USAGE);
        }
        Ok(options)
    }
}

/// The address of a gateway, also where that of its endpoint was given.
fn origin(address: &str) -> String {
    address.trim_end_matches('/').trim_end_matches("/graphql").to_owned()
}

fn four(codes: &str) -> Result<[String; 4]> {
    let codes: Vec<_> = codes.split(',').map(str::to_owned).collect();
    codes.try_into().ok().context("--accounts takes four codes")
}
