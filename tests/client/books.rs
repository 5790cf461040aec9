//! The client's own books: a file of lines that is only added to, and what the lines come to.
//!
//! Every line is on the disk before anything follows from it, so that whoever reads them after a crash knows as much as
//! the one who wrote them.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use uuid::Uuid;

use crate::line::{Account, Act, Balance, Effect, Event, Line, Outcome, Place, Step, Terms};

/// A trade as far as it has come.
#[derive(Debug)]
pub struct Trade {
    pub terms: Terms,
    /// The accounts of both firms.
    pub accounts: Vec<Account>,
    acts: Vec<(Act, Option<Outcome>)>,
}

/// The books.
#[derive(Debug)]
pub struct Books {
    file: File,
    /// As of the entry up to which the feed was followed. What we did is taken in when the feed tells of it, among what
    /// others did: the balances of a reply hold whatever others had done by then.
    accounts: Vec<Account>,
    trades: Vec<Trade>,
    place: Place,
    /// Acts of which the feed told.
    told: HashSet<Uuid>,
    /// How often others changed an account.
    others: usize,
    /// The first of our acts whose reply told other balances than ours.
    differed_at: Option<i64>,
}

impl Books {
    /// Opens books, or begins them. Nobody else may have them open.
    pub fn open(path: &Path) -> Result<Self> {
        let mut options = OpenOptions::new();
        let mut file = options.read(true).append(true).create(true).open(path).context("the books do not open")?;
        file.try_lock().context("another has these books open")?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        // A line that was cut off by a crash was never acted on.
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        let (accounts, trades, place, told) = (Vec::new(), Vec::new(), Place::default(), HashSet::new());
        let mut books = Self { file, accounts, trades, place, told, others: 0, differed_at: None };
        for line in text[..whole].lines() {
            books.take(serde_json::from_str(line).with_context(|| format!("no line of these books: {line}"))?)?;
        }
        Ok(books)
    }

    /// Whether nothing is written yet.
    pub fn is_new(&self) -> bool {
        self.accounts.is_empty()
    }

    /// Writes a line, and takes it in when it is on the disk.
    pub fn write(&mut self, line: Line) -> Result<()> {
        let mut text = serde_json::to_vec(&line)?;
        text.push(b'\n');
        self.file.write_all(&text)?;
        self.file.sync_data()?;
        self.take(line)
    }

    fn take(&mut self, line: Line) -> Result<()> {
        match line {
            Line::Opened { seq, accounts } => {
                self.accounts = accounts;
                self.place.complete_to = seq;
            }
            Line::Trade(terms) => {
                self.trades.push(Trade { terms, accounts: self.accounts.clone(), acts: Vec::new() });
            }
            Line::Act(act) => self.trades.last_mut().context("an act of no trade")?.acts.push((act, None)),
            Line::Outcome { act, outcome } => self.answer(act, outcome)?,
            Line::Told { place, events } => {
                self.place = place;
                for event in events {
                    self.hear(event)?;
                }
            }
        }
        Ok(())
    }

    fn hear(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Ours(act) => self.hear_of_ours(act),
            Event::Theirs(effect) => {
                self.others += 1;
                self.apply(&effect);
                Ok(())
            }
        }
    }

    /// Takes an act of ours in, when all that came before it is.
    fn hear_of_ours(&mut self, id: Uuid) -> Result<()> {
        let (act, outcome) = self.acts().find(|(act, _)| act.id == id).context("an event of no act")?;
        let Some(Outcome::Done { seq, balances, .. }) = outcome else {
            bail!("an event of act {id}, which is not done")
        };
        let (seq, balances) = (*seq, balances.clone());
        let effects: Vec<_> = act.effects.iter().map(|effect| self.with_what_waits(effect, &balances)).collect();
        ensure!(self.told.insert(id), "the feed told of act {id} twice");
        effects.iter().for_each(|effect| self.apply(effect));
        if !balances.iter().all(|balance| self.agrees_with(balance)) {
            self.differed_at.get_or_insert(seq);
        }
        Ok(())
    }

    /// An effect, and what only the reply tells of it: where an outside register has to confirm, all that an account receives
    /// is set aside until it does. Whatever else is set aside there is no effect of ours, and is not taken for one.
    fn with_what_waits(&self, effect: &Effect, balances: &[Balance]) -> Effect {
        let waiting = Effect { held: effect.held + effect.posted, ..effect.clone() };
        let lay = self.accounts.iter().find(|account| account.id == effect.account);
        let lies = balances.iter().find(|balance| balance.account == effect.account);
        let fits = lay.zip(lies).is_some_and(|(lay, lies)| lay.held + waiting.held == lies.held);
        if fits && effect.posted > 0 { waiting } else { effect.clone() }
    }

    fn agrees_with(&self, told: &Balance) -> bool {
        let mut ours = self.accounts.iter().filter(|account| account.id == told.account);
        ours.all(|account| (account.posted, account.held) == (told.posted, told.held))
    }

    fn answer(&mut self, id: Uuid, outcome: Outcome) -> Result<()> {
        let mut acts = self.trades.iter_mut().flat_map(|trade| &mut trade.acts);
        let (_, answered) = acts.find(|(act, _)| act.id == id).context("an outcome of no act")?;
        ensure!(answered.is_none(), "act {id} has two outcomes");
        *answered = Some(outcome);
        Ok(())
    }

    fn apply(&mut self, effect: &Effect) {
        for account in self.accounts.iter_mut().filter(|account| account.id == effect.account) {
            account.posted += effect.posted;
            account.held += effect.held;
        }
    }
}

impl Books {
    /// The accounts as of the entry up to which the feed was followed.
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    pub fn trades(&self) -> &[Trade] {
        &self.trades
    }

    /// The trade under way, or the last one.
    pub fn trade(&self) -> Option<&Trade> {
        self.trades.last()
    }

    /// How far the feed was followed.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    pub fn acts(&self) -> impl Iterator<Item = &(Act, Option<Outcome>)> {
        self.trades.iter().flat_map(|trade| &trade.acts)
    }

    pub fn knows(&self, id: Uuid) -> bool {
        self.acts().any(|(act, _)| act.id == id)
    }

    /// The act that was sent, or was about to be, and has no outcome; there is one at most.
    pub fn unanswered(&self) -> Option<&Act> {
        self.acts().find(|(_, outcome)| outcome.is_none()).map(|(act, _)| act)
    }

    /// The entries that our acts became.
    pub fn done(&self) -> impl Iterator<Item = (Uuid, i64)> {
        self.acts().filter_map(|(act, outcome)| match outcome {
            Some(Outcome::Done { seq, .. }) => Some((act.id, *seq)),
            Some(Outcome::Refused { .. }) | None => None,
        })
    }

    /// Acts that were done and of which the feed has not told.
    pub fn untold(&self) -> usize {
        self.done().filter(|(id, _)| !self.told.contains(id)).count()
    }

    /// How often others changed an account.
    pub const fn others(&self) -> usize {
        self.others
    }

    /// The entry of the first of our acts whose reply told other balances than ours.
    pub const fn differed_at(&self) -> Option<i64> {
        self.differed_at
    }
}

impl Trade {
    /// What became of a step when it was last tried.
    pub fn outcome(&self, step: Step) -> Option<&Outcome> {
        let last = self.acts.iter().rev().find(|(act, _)| act.step == step);
        last.and_then(|(_, outcome)| outcome.as_ref())
    }

    /// How often a step was tried.
    pub fn tries(&self, step: Step) -> usize {
        self.acts.iter().filter(|(act, _)| act.step == step).count()
    }
}
