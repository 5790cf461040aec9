//! Features of a file, taken in chunks that can be looked up and decided together.

use std::collections::{HashMap, HashSet, VecDeque};

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{OpenRefused, ReadFault, Source, SourceFeature};
use yulin_exchange::import::{Mapping, Row, is_planned, part_of, party_key, record_refused};

use super::args::What;

/// Features of one chunk: acts of others wait no longer than a chunk takes.
pub const CHUNK_MAX: usize = 500;
/// Rows of rights in one file: they are held in memory, since the rows of one right may stand apart.
const RIGHT_ROWS_MAX: usize = 1_000_000;

/// By what an item names its parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedBy {
    Code,
    /// The lot number of a lot that is planned.
    Lot,
}

/// What one act may say: a feature, or the rows of one right; and why it is out before anything is looked up.
#[derive(Debug)]
pub struct Item {
    pub feature: SourceFeature,
    /// Further rows of the same right.
    pub more: Vec<SourceFeature>,
    /// The code it bears, the lot number, or the key of its party.
    pub code: Option<String>,
    pub named_by: NamedBy,
    pub refused: Option<Refused>,
    /// The first in the file to bear its code.
    pub first: bool,
}

impl Item {
    /// Its rows, as the mapping reads them.
    pub fn rows<'a>(&'a self, mapping: &'a Mapping) -> impl Iterator<Item = Row<'a>> {
        std::iter::once(&self.feature).chain(&self.more).map(move |feature| Row { mapping, feature })
    }

    /// The numbers of its features in the file.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        std::iter::once(&self.feature).chain(&self.more).map(|feature| feature.number)
    }
}

/// The file as chunks.
#[derive(Debug)]
pub struct Chunks {
    items: Items,
    what: What,
    /// Read already, and of a later chunk.
    held: VecDeque<Item>,
    seen: HashSet<(NamedBy, String)>,
    pub fault: Option<ReadFault>,
}

#[derive(Debug)]
enum Items {
    AsRead(Box<Source>),
    Gathered(std::vec::IntoIter<Item>),
}

impl Chunks {
    /// The features of a source.
    pub fn of(source: Source, what: What, mapping: &Mapping) -> Result<Self, OpenRefused> {
        let (items, fault) = match what {
            What::Rights => {
                let (items, fault) = gathered(source, mapping)?;
                (Items::Gathered(items.into_iter()), fault)
            }
            What::Parcels | What::Zones | What::Features | What::Parties | What::Attributes => {
                (Items::AsRead(Box::new(source)), None)
            }
        };
        Ok(Self { items, what, held: VecDeque::new(), seen: HashSet::new(), fault })
    }

    /// The next items; none at the end, or where the file cannot be read on.
    pub fn next(&mut self, mapping: &Mapping) -> Vec<Item> {
        let mut chunk: Vec<Item> = Vec::with_capacity(CHUNK_MAX);
        let mut spoken_of = HashSet::new();
        let mut waiting = std::mem::take(&mut self.held);
        while chunk.len() < CHUNK_MAX && self.held.len() < CHUNK_MAX {
            let Some(item) = waiting.pop_front().or_else(|| self.read(mapping)) else { break };
            // What follows from the first row about a parcel must be known when the second is decided.
            let again = !self.what.is_once() && item.code.as_ref().is_some_and(|code| !spoken_of.insert(code.clone()));
            if again {
                self.held.push_back(item);
            } else {
                chunk.push(item);
            }
        }
        self.held.append(&mut waiting);
        chunk
    }

    fn read(&mut self, mapping: &Mapping) -> Option<Item> {
        let mut item = match &mut self.items {
            Items::Gathered(items) => items.next()?,
            Items::AsRead(source) => match source.next()? {
                Ok(feature) => item_of(feature, self.what, mapping),
                Err(fault) => {
                    self.fault = Some(fault);
                    return None;
                }
            },
        };
        item.first = item.code.as_ref().is_none_or(|code| self.seen.insert((item.named_by, code.clone())));
        if let Some(code) = &item.code
            && !item.first
            && item.refused.is_none()
            && self.what.is_once()
        {
            item.refused = Some(Refused::new(ErrorCode::DuplicateInFile).at("code").with("code", code.clone()));
        }
        Some(item)
    }
}

fn item_of(feature: SourceFeature, what: What, mapping: &Mapping) -> Item {
    let row = Row { mapping, feature: &feature };
    let mut named_by = NamedBy::Code;
    let (code, refused) = match what {
        What::Parties => match party_key(&row) {
            Ok(key) => (key.map(|key| key.to_string()), None),
            Err(refused) => (None, Some(refused)),
        },
        What::Parcels if is_planned(&row) => {
            named_by = NamedBy::Lot;
            (row.text("lotNumber"), None)
        }
        What::Parcels | What::Zones | What::Features | What::Rights | What::Attributes => (row.text("code"), None),
    };
    let refused = record_refused(&feature).or(refused);
    Item { feature, more: Vec::new(), code, named_by, refused, first: true }
}

/// All rows of rights, those of one right together.
fn gathered(source: Source, mapping: &Mapping) -> Result<(Vec<Item>, Option<ReadFault>), OpenRefused> {
    let mut items: Vec<Item> = Vec::new();
    let mut places = HashMap::new();
    for (read, feature) in source.enumerate() {
        if read >= RIGHT_ROWS_MAX {
            return Err(OpenRefused::LimitExceeded { what: "rows of rights", found: read + 1, max: RIGHT_ROWS_MAX });
        }
        let feature = match feature {
            Ok(feature) => feature,
            Err(fault) => return Ok((items, Some(fault))),
        };
        let readable = record_refused(&feature).is_none();
        let part = readable.then(|| part_of(&Row { mapping, feature: &feature })).flatten();
        let place = part.map(|part| *places.entry(part).or_insert(items.len()));
        match place.and_then(|place| items.get_mut(place)) {
            Some(first) => first.more.push(feature),
            None => items.push(item_of(feature, What::Rights, mapping)),
        }
    }
    Ok((items, None))
}
