//! An import under way: one chunk is looked up, planned, performed and told.

use std::collections::HashMap;

use yulin_domain::district::District;
use yulin_domain::geometry::{AxisOrder, Crs};
use yulin_domain::journal::{Act, ActBody, Digest, ParcelId, Refused};
use yulin_domain::quantity::Instant;
use yulin_exchange::import::{
    ActNaming, Line, Manner, Mapping, Outcome, Plan, Setting, Warning, name_act, warnings_of,
};
use yulin_persistence::Registry;

use super::args::What;
use super::chunk::Item;
use super::known::{Known, load};
use super::performed::{perform, preview};
use crate::connection::{Author, now};

/// Whether acts are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Record,
    DryRun,
}

/// All that stays the same while a file is imported.
#[derive(Debug)]
pub struct Job {
    pub registry: Registry,
    pub author: Author,
    pub what: What,
    pub mode: Mode,
    pub district: District,
    pub mapping: Mapping,
    pub crs: Option<Crs>,
    pub axis: AxisOrder,
    pub manner: Manner,
    pub effective: Option<Instant>,
    pub file: Digest,
    /// The head when the import began.
    pub head: i64,
}

/// The lines of a chunk, how many of its codes stood in the registry before, and the fault that ends the import.
#[derive(Debug, Default)]
pub struct Settled {
    pub lines: Vec<Line>,
    pub stood: u64,
    pub fault: Option<anyhow::Error>,
}

/// An item that is planned and, where an act is needed, named.
struct Planned<'a> {
    item: &'a Item,
    step: Step,
}

enum Step {
    Reject(Refused),
    Keep,
    Perform(Box<Act>),
}

impl Job {
    fn setting(&self) -> Setting<'_> {
        let Self { district, crs, axis, manner, effective, .. } = self;
        Setting { district, crs: *crs, axis: *axis, manner: *manner, effective: *effective }
    }

    /// Settles a chunk: every item that was decided has a line.
    pub async fn settle(&self, items: &[Item]) -> anyhow::Result<Settled> {
        let snapshot = now(&self.registry).await?;
        let chunk = (items, &self.mapping);
        let known = load(&self.registry, &snapshot, self.what, &self.district, chunk).await?;
        let mut planned = Vec::with_capacity(items.len());
        for item in items {
            planned.push(Planned { item, step: self.step(item, &known)? });
        }
        let stood = items.iter().filter(|item| item.first && known.stands(item)).count();
        let settled = match self.mode {
            Mode::Record => self.record(planned, &known).await?,
            Mode::DryRun => self.preview(planned, &known).await?,
        };
        Ok(Settled { stood: u64::try_from(stood)?, ..settled })
    }

    fn step(&self, item: &Item, known: &Known) -> anyhow::Result<Step> {
        let body = match known.plan(item, &self.mapping, &self.setting()) {
            Err(refused) => return Ok(Step::Reject(refused)),
            Ok(Plan::Unchanged) => return Ok(Step::Keep),
            Ok(Plan::Perform(body)) => *body,
        };
        let mut act = self.author.act(body);
        act.envelope.effective_at = match self.manner {
            // A correction says in its body since when the record was wrong; what it makes new begins then too.
            Manner::Correction if corrects(&act) => None,
            Manner::Correction | Manner::Change => self.effective,
        };
        // What no code tells from others is known again by the id of its act alone.
        let head = item.code.as_ref().map(|_| self.head);
        name_act(&mut act, &ActNaming { file: self.file, feature: item.feature.number, head })?;
        Ok(Step::Perform(Box::new(act)))
    }

    async fn record(&self, planned: Vec<Planned<'_>>, known: &Known) -> anyhow::Result<Settled> {
        let acts = planned.iter().filter_map(|planned| match &planned.step {
            Step::Perform(act) => Some((**act).clone()),
            Step::Reject(_) | Step::Keep => None,
        });
        let mut answers = perform(&self.registry, acts.collect()).await?.into_iter();
        let mut settled = Settled::default();
        let mut made = Vec::new();
        for Planned { item, step } in planned {
            let line = match step {
                Step::Reject(refused) => rejected(item, refused),
                Step::Keep => unchanged(item, known),
                Step::Perform(act) => match answers.next() {
                    Some(Ok(Ok(receipt))) => {
                        made.extend(parcel_made(&act, known, item).map(|id| (settled.lines.len(), id)));
                        // Recorded before this import began: the same file asked the same before.
                        let again = receipt.seq <= self.head;
                        let outcome = if again { Outcome::Unchanged } else { Outcome::Stored };
                        Line { seq: Some(receipt.seq), ..line(item, outcome) }
                    }
                    Some(Ok(Err(refused))) => rejected(item, refused),
                    Some(Err(fault)) => {
                        settled.fault.get_or_insert(fault.into());
                        continue;
                    }
                    None => continue,
                },
            };
            settled.lines.push(line);
        }
        self.warn(&mut settled.lines, &made).await?;
        Ok(settled)
    }

    /// Adds to the lines what the registry marked on the parcels that were stored.
    async fn warn(&self, lines: &mut [Line], made: &[(usize, ParcelId)]) -> anyhow::Result<()> {
        let ids: Vec<ParcelId> = made.iter().map(|(_, id)| *id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let parcels = self.registry.parcels_by_ids(&now(&self.registry).await?, &ids).await?;
        let marked: HashMap<ParcelId, Vec<Warning>> =
            parcels.iter().map(|parcel| (parcel.state.id, warnings_of(&parcel.state))).collect();
        for (at, id) in made {
            if let (Some(line), Some(warnings)) = (lines.get_mut(*at), marked.get(id)) {
                line.warnings.clone_from(warnings);
            }
        }
        Ok(())
    }

    async fn preview(&self, planned: Vec<Planned<'_>>, known: &Known) -> anyhow::Result<Settled> {
        let mut settled = Settled::default();
        for Planned { item, step } in planned {
            settled.lines.push(match step {
                Step::Reject(refused) => rejected(item, refused),
                Step::Keep => unchanged(item, known),
                Step::Perform(act) => match preview(&self.registry, *act).await? {
                    Ok(parcel) => {
                        let warnings = parcel.as_ref().map(warnings_of).unwrap_or_default();
                        Line { warnings, ..line(item, Outcome::WouldStore) }
                    }
                    Err(refused) => rejected(item, refused),
                },
            });
        }
        Ok(settled)
    }
}

fn corrects(act: &Act) -> bool {
    matches!(act.legs.as_slice(), [ActBody::CorrectParcel(_)])
}

/// The parcel that an act registers, or of which it speaks.
fn parcel_made(act: &Act, known: &Known, item: &Item) -> Option<ParcelId> {
    match act.legs.as_slice() {
        [ActBody::RegisterParcel(_)] => Some(ParcelId::made_by(act.envelope.id, 0, 0)),
        _ => known.parcel(item).map(|parcel| parcel.id),
    }
}

fn line(item: &Item, outcome: Outcome) -> Line {
    let (feature, code) = (item.feature.number, item.code.clone());
    Line { feature, code, outcome, seq: None, refusal: None, warnings: Vec::new() }
}

fn rejected(item: &Item, refused: Refused) -> Line {
    Line { refusal: Some(refused.into()), ..line(item, Outcome::Rejected) }
}

fn unchanged(item: &Item, known: &Known) -> Line {
    let warnings = known.parcel(item).map(warnings_of).unwrap_or_default();
    Line { warnings, ..line(item, Outcome::Unchanged) }
}
