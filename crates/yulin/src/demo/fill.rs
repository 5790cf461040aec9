//! Filling a database with the demo zone.
//!
//! Interrupted and started again it goes on: the same acts have the same ids, and what stands is answered with its
//! receipt.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use yulin_domain::codes::Role;
use yulin_domain::journal::{Act, ActId, Receipt};
use yulin_persistence::{PerformError, Registry};

use super::layout::DemoScale;
use super::parcels::Office;
use super::{history, zone};

/// Acts that are handed over at once.
const CHUNK: usize = 500;
/// Districts, which everything else is laid out in: recorded one by one before the rest.
const FOUNDING: usize = 2;
const ATTEMPTS_MAX: u32 = 200;
const PAUSE: Duration = Duration::from_millis(25);

/// What filling did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillReport {
    /// Entries of the demo in the journal.
    pub acts: u64,
    /// Parcels registered before splits and mergers.
    pub parcels: u32,
    /// The last of the entries.
    pub last_seq: i64,
}

/// Marks the database as a demo and records the zone; `progress` is told the acts done and their number.
///
/// Fails when an act is refused, which means that the generator and the rules disagree.
pub async fn fill(registry: &Registry, scale: DemoScale, progress: &mut dyn FnMut(u64, u64)) -> Result<FillReport> {
    registry.mark_demo().await?;
    let principal = registry.ensure_principal("demo", Role::Admin).await?;
    let office = zone::office(scale, principal)?;
    let mut filling = Filling::of(registry, &office, progress)?;
    let mut acts = zone::acts(scale, principal)?;
    for act in acts.by_ref().take(FOUNDING) {
        filling.perform(vec![act?]).await?;
    }
    loop {
        let chunk = acts.by_ref().take(CHUNK).collect::<Result<Vec<_>>>()?;
        if chunk.is_empty() {
            break;
        }
        filling.perform(chunk).await?;
    }
    let later = history::acts(&office, &filling.entries)?;
    for chunk in later.chunks(CHUNK) {
        filling.perform(chunk.to_vec()).await?;
    }
    Ok(FillReport { acts: filling.done, parcels: office.pen.scale.parcels, last_seq: filling.last_seq })
}

struct Filling<'a> {
    registry: &'a Registry,
    progress: &'a mut dyn FnMut(u64, u64),
    /// Acts whose entries the history refers to.
    wanted: HashSet<ActId>,
    entries: HashMap<ActId, i64>,
    done: u64,
    of: u64,
    last_seq: i64,
}

impl<'a> Filling<'a> {
    fn of(registry: &'a Registry, office: &Office, progress: &'a mut dyn FnMut(u64, u64)) -> Result<Self> {
        let wanted = history::subjects(office).iter().map(|lot| office.act_id(lot)).collect();
        let of = zone::count(office)?;
        Ok(Self { registry, progress, wanted, entries: HashMap::new(), done: 0, of, last_seq: 0 })
    }

    /// Performs acts; those the queue had no room for, or whose outcome is unknown, are given again.
    async fn perform(&mut self, mut acts: Vec<Act>) -> Result<()> {
        for _ in 0..ATTEMPTS_MAX {
            let answers = self.registry.perform_all(acts.clone()).await;
            let mut again = Vec::new();
            for (act, answer) in acts.into_iter().zip(answers) {
                match answer {
                    Ok(receipt) => self.note(&receipt),
                    Err(PerformError::Busy | PerformError::OutcomeUnknown) => again.push(act),
                    Err(why) => return Err(why).context(format!("act {} ({})", act.envelope.id, act.kind())),
                }
            }
            (self.progress)(self.done, self.of.max(self.done));
            if again.is_empty() {
                return Ok(());
            }
            acts = again;
            tokio::time::sleep(PAUSE).await;
        }
        bail!("the registry stayed busy; {} acts were not taken", acts.len())
    }

    fn note(&mut self, receipt: &Receipt) {
        self.done += 1;
        self.last_seq = self.last_seq.max(receipt.seq);
        if self.wanted.contains(&receipt.act_id) {
            self.entries.insert(receipt.act_id, receipt.seq);
        }
    }
}
