//! An import under way: one chunk is looked up, planned, performed and told.

use std::collections::HashMap;

use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs, WebMapShift};
use yulin_domain::journal::{Act, ActBody, Digest, ParcelId, Refused};
use yulin_domain::quantity::Instant;
use yulin_exchange::import::{
    ActNaming, Line, Manner, Mapping, Outcome, Plan, Setting, Warning, name_act, warnings_of,
};
use yulin_persistence::{Registry, Rehearsal};

use super::args::What;
use super::chunk::Item;
use super::known::{Known, load};
use super::performed::{perform, rehearse};
use crate::connection::{Author, now};

/// Whether acts are recorded, or only tried.
#[derive(Debug)]
pub enum Mode {
    Record,
    DryRun(Box<Rehearsal>),
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
    /// The web map's offset that the data seem to carry.
    pub shift: Option<WebMapShift>,
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
    /// What it says otherwise than a right that stands in its way.
    differs: Vec<&'static str>,
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
    pub async fn settle(&mut self, items: &[Item]) -> anyhow::Result<Settled> {
        let snapshot = now(&self.registry).await?;
        let chunk = (items, &self.mapping);
        let mut known = load(&self.registry, &snapshot, self.what, &self.district, chunk).await?;
        if let Mode::DryRun(rehearsal) = &self.mode {
            known.after(rehearsal);
        }
        let mut planned = Vec::with_capacity(items.len());
        for item in items {
            let (step, differs) = (self.step(item, &known)?, known.differs(item, &self.mapping));
            planned.push(Planned { item, step, differs });
        }
        let stood = items.iter().filter(|item| item.first && known.stands(item)).count();
        let mut settled = match &mut self.mode {
            Mode::Record => self.record(planned, &known).await?,
            Mode::DryRun(rehearsal) => rehearsed(rehearsal, planned, &known).await?,
        };
        if let Some(shift) = self.shift {
            settled.lines.iter_mut().for_each(|line| line.warnings.push(Warning::shifted(shift)));
        }
        Ok(Settled { stood: u64::try_from(stood)?, ..settled })
    }

    fn step(&self, item: &Item, known: &Known) -> anyhow::Result<Step> {
        let body = match known.plan(item, &self.mapping, &self.setting()) {
            Err(refused) => return Ok(Step::Reject(self.with_columns(refused))),
            Ok(Plan::Unchanged) => return Ok(Step::Keep),
            Ok(Plan::Perform(body)) => *body,
        };
        let mut act = self.author.act(body);
        act.envelope.effective_at = match self.manner {
            // A correction says in its body since when the record was wrong; what it makes new begins then too.
            Manner::Correction if corrects(&act) => None,
            Manner::Correction | Manner::Change => self.effective,
        };
        name_act(&mut act, &ActNaming { file: self.file, feature: item.feature.number, head: self.head })?;
        Ok(Step::Perform(Box::new(act)))
    }

    /// Where a fact is required that no column gives: the columns that would have been understood.
    fn with_columns(&self, refused: Refused) -> Refused {
        let given = refused.field.as_deref().is_none_or(|field| self.mapping.gives(field));
        if refused.code != ErrorCode::FieldRequired || given {
            return refused;
        }
        refused.with("understood", self.what.keys().to_vec())
    }

    async fn record(&self, planned: Vec<Planned<'_>>, known: &Known) -> anyhow::Result<Settled> {
        let acts = acts_of(&planned);
        let mut answers = perform(&self.registry, acts).await?.into_iter();
        let mut settled = Settled::default();
        let mut made = Vec::new();
        for Planned { item, step, differs } in planned {
            let line = match step {
                Step::Reject(refused) => rejected(item, known, refused),
                Step::Keep => unchanged(item, known),
                Step::Perform(act) => match answers.next() {
                    Some(Ok(Ok(receipt))) => {
                        made.extend(parcel_made(&act, known, item).map(|id| (settled.lines.len(), id)));
                        Line { seq: Some(receipt.seq), ..line(item, Outcome::Stored) }
                    }
                    Some(Ok(Err(refused))) => rejected(item, known, compared(refused, differs)),
                    Some(Err(fault)) => {
                        settled.fault.get_or_insert(fault.into());
                        continue;
                    }
                    None => continue,
                },
            };
            settled.tell(item, &line);
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
}

/// Tries what is planned, after all that was tried before.
async fn rehearsed(rehearsal: &mut Rehearsal, planned: Vec<Planned<'_>>, known: &Known) -> anyhow::Result<Settled> {
    let mut tried = rehearse(rehearsal, acts_of(&planned)).await?.into_iter();
    let mut settled = Settled::default();
    for Planned { item, step, differs } in planned {
        let line = match step {
            Step::Reject(refused) => rejected(item, known, refused),
            Step::Keep => unchanged(item, known),
            Step::Perform(_) => match tried.next() {
                Some(Ok(parcel)) => {
                    let warnings = parcel.as_ref().map(warnings_of).unwrap_or_default();
                    Line { warnings, ..line(item, Outcome::WouldStore) }
                }
                Some(Err(refused)) => rejected(item, known, compared(refused, differs)),
                None => continue,
            },
        };
        settled.tell(item, &line);
    }
    Ok(settled)
}

impl Settled {
    /// Takes in the line of an item, once for every feature of it.
    fn tell(&mut self, item: &Item, line: &Line) {
        self.lines.extend(item.numbers().map(|feature| Line { feature, ..line.clone() }));
    }
}

fn acts_of(planned: &[Planned<'_>]) -> Vec<Act> {
    let acts = planned.iter().filter_map(|planned| match &planned.step {
        Step::Perform(act) => Some((**act).clone()),
        Step::Reject(_) | Step::Keep => None,
    });
    acts.collect()
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

/// A refusal; that nothing would change is none.
fn rejected(item: &Item, known: &Known, refused: Refused) -> Line {
    if refused.code == ErrorCode::NothingChanges {
        return unchanged(item, known);
    }
    Line { refusal: Some(refused.into()), ..line(item, Outcome::Rejected) }
}

/// The refusal of a right with what it says otherwise than the one that stands.
fn compared(refused: Refused, differs: Vec<&'static str>) -> Refused {
    if refused.code == ErrorCode::RightOverlap && !differs.is_empty() {
        refused.with("differs", differs)
    } else {
        refused
    }
}

fn unchanged(item: &Item, known: &Known) -> Line {
    let warnings = known.parcel(item).map(warnings_of).unwrap_or_default();
    Line { warnings, ..line(item, Outcome::Unchanged) }
}
