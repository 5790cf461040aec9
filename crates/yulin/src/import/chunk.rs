//! Features of a file, taken in chunks that can be looked up and decided together.

use std::collections::HashSet;

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{ReadFault, Source, SourceFeature};
use yulin_exchange::import::{Mapping, Row, party_key};

use super::args::What;

/// Features of one chunk: acts of others wait no longer than a chunk takes.
pub const CHUNK_MAX: usize = 500;

/// A feature, what it speaks of, and why it is out before anything is looked up.
#[derive(Debug)]
pub struct Item {
    pub feature: SourceFeature,
    /// The code it bears, or the key of its party.
    pub code: Option<String>,
    pub refused: Option<Refused>,
    /// The first in the file to bear its code.
    pub first: bool,
}

/// The file as chunks.
#[derive(Debug)]
pub struct Chunks {
    source: Source,
    what: What,
    /// Read already, and of the next chunk.
    held: Option<Item>,
    seen: HashSet<String>,
    pub fault: Option<ReadFault>,
}

impl Chunks {
    /// The features of a source.
    pub fn of(source: Source, what: What) -> Self {
        Self { source, what, held: None, seen: HashSet::new(), fault: None }
    }

    /// The next features; none at the end, or where the file cannot be read on.
    pub fn next(&mut self, mapping: &Mapping) -> Vec<Item> {
        let mut chunk: Vec<Item> = Vec::with_capacity(CHUNK_MAX);
        let mut spoken_of = HashSet::new();
        while chunk.len() < CHUNK_MAX {
            let Some(item) = self.held.take().or_else(|| self.read(mapping)) else { break };
            // What follows from the first row about a parcel must be known when the second is decided.
            if !self.what.is_once()
                && let Some(code) = &item.code
                && !spoken_of.insert(code.clone())
            {
                self.held = Some(item);
                break;
            }
            chunk.push(item);
        }
        chunk
    }

    fn read(&mut self, mapping: &Mapping) -> Option<Item> {
        let feature = match self.source.next()? {
            Ok(feature) => feature,
            Err(fault) => {
                self.fault = Some(fault);
                return None;
            }
        };
        let row = Row { mapping, feature: &feature };
        let (code, mut refused) = match self.what {
            What::Parties => match party_key(&row) {
                Ok(key) => (key.map(|key| key.to_string()), None),
                Err(refused) => (None, Some(refused)),
            },
            What::Parcels | What::Zones | What::Features | What::Rights | What::Attributes => (row.text("code"), None),
        };
        let first = code.as_ref().is_none_or(|code| self.seen.insert(code.clone()));
        if let Some(code) = &code
            && !first
            && self.what.is_once()
        {
            refused = Some(Refused::new(ErrorCode::DuplicateInFile).at("code").with("code", code.clone()));
        }
        Some(Item { feature, code, refused, first })
    }
}
