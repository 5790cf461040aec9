//! What a viewer reads whose key is narrowed: rows beyond do not exist for him, and what is told of the whole registry
//! undivided is closed to him.

use async_graphql::Error;
use sha2::{Digest, Sha256};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{DistrictId, FactorId};
use yulin_persistence::{Narrowed, ParcelQuery};

use super::readers::{Reading, sight};
use super::table::reading;
use crate::errors::coded;
use crate::request::Viewer;

/// Bytes of the digest by which narrowings are told apart.
const DIGEST_LENGTH: usize = 8;

/// Every field that tells of the whole registry undivided.
pub const UNDIVIDED: &[(&str, &[&str])] = &[
    ("Query", &["act", "acts", "events", "principals", "reconciliation", "schedule", "schedules", "webhooks"]),
    ("Subscription", &["events"]),
    ("Event", &["act"]),
    ("Principal", &["id", "version", "name", "roles", "party", "validFrom"]),
];

/// What a viewer reads of a field: what his role reads of it, as far as his key opens it.
pub fn reading_of(viewer: &Viewer, parent: &str, field: &str) -> Reading {
    let is_undivided = || UNDIVIDED.iter().any(|(of, fields)| *of == parent && fields.contains(&field));
    if viewer.narrowed().is_some() && is_undivided() {
        return Reading::No;
    }
    reading(viewer.role, parent, field)
}

/// Refuses who does not read a field of the root of everybody.
pub fn may_read_all(viewer: &Viewer, field: &str) -> Result<(), Error> {
    match reading_of(viewer, "Query", field) {
        Reading::Yes => Ok(()),
        Reading::OwnOnly | Reading::No => Err(coded(ErrorCode::Forbidden, field)),
    }
}

/// The question for all land that a viewer may be told of.
pub fn land_of(viewer: &Viewer) -> ParcelQuery {
    let within = viewer.narrowed().and_then(Narrowed::districts).cloned();
    ParcelQuery { sight: sight(viewer.role), within, ..ParcelQuery::default() }
}

impl Viewer {
    /// What his key is narrowed to; none where it is not.
    pub fn narrowed(&self) -> Option<&Narrowed> {
        self.identity.as_ref()?.narrowing.as_deref()
    }

    /// Whether the land of a district is there for him.
    pub fn sees_land_of(&self, district: DistrictId) -> bool {
        self.narrowed().and_then(Narrowed::districts).is_none_or(|districts| districts.contains(&district))
    }

    /// Whether what is booked of a factor is there for him.
    pub fn sees_books_of(&self, factor: FactorId) -> bool {
        self.narrowed().and_then(Narrowed::factors).is_none_or(|factors| factors.contains(&factor))
    }

    /// By what answers to the same question differ: his role, and what his key is narrowed to.
    pub fn standpoint(&self) -> String {
        let Some(narrowed) = self.narrowed() else { return self.role.to_string() };
        let digest = Sha256::digest(format!("{narrowed:?}"));
        format!("{}-{}", self.role, hex::encode(digest.get(..DIGEST_LENGTH).unwrap_or_default()))
    }
}
