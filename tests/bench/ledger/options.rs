//! What the command line says.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const USAGE: &str = "\
ledger [--database URL] [--clients 1,8,32,128] [--seconds N] [--accounts N] [--history N]
       [--works WORD,...]

  --database URL   an empty database; a new SQLite file and a throw-away PostgreSQL cluster where left out
  --clients LIST   how many clients ask at once
  --seconds N      how long each line is measured, after a tenth of it to warm up [5]
  --accounts N     firms, each with an account of units and one of money [1000]
  --history N      transfers that are recorded before anything is measured [50000]
  --works WORDS    of transfer, pair, bundle, hot, import; all where left out

A release binary is taken from YULIN_BINARY, else target/release/yulin. The lines beside an import need node.";

/// What the command line says.
#[derive(Debug)]
pub struct Options {
    pub database: Option<String>,
    pub clients: Vec<usize>,
    pub time: Duration,
    pub accounts: usize,
    pub history: usize,
    pub works: Option<String>,
}

impl Options {
    /// Reads the words of the command line.
    pub fn read(words: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = Self {
            database: None,
            clients: vec![1, 8, 32, 128],
            time: Duration::from_secs(5),
            accounts: 1_000,
            history: 50_000,
            works: None,
        };
        // `cargo bench` adds a word of its own.
        let mut words = words.filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            let mut value = || words.next().context(USAGE);
            match word.as_str() {
                "--database" => options.database = Some(value()?),
                "--clients" => {
                    options.clients = value()?.split(',').map(str::parse).collect::<Result<_, _>>()?;
                }
                "--seconds" => options.time = Duration::from_secs(value()?.parse()?),
                "--accounts" => options.accounts = value()?.parse()?,
                "--history" => options.history = value()?.parse()?,
                "--works" => options.works = Some(value()?),
                _ => bail!(USAGE),
            }
        }
        Ok(options)
    }

    /// Whether a kind of lines is wanted.
    pub fn wants(&self, work: &str) -> bool {
        self.works.as_ref().is_none_or(|works| works.split(',').any(|one| one == work))
    }
}
