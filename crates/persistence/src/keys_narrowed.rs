//! What a key is narrowed to, as it is kept and as it is when somebody asks.
//!
//! A district holds what lies below it at the time of asking: its descendants are looked up with the key, and not kept.

use std::collections::BTreeSet;

use sea_orm::ConnectionTrait;
use yulin_domain::journal::{DistrictId, FactorId, Narrowing, RecordKind};

use crate::dialect::{listed, statement, texts};
use crate::error::PersistenceError;

/// What a key is narrowed to, with all that lies below its districts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Narrowed {
    to: Narrowing,
    districts: BTreeSet<DistrictId>,
}

impl Narrowed {
    /// What it is narrowed to, as it was said.
    pub const fn narrowing(&self) -> &Narrowing {
        &self.to
    }

    /// The districts whose land is seen; none where land is not narrowed.
    pub fn districts(&self) -> Option<&BTreeSet<DistrictId>> {
        (!self.to.districts().is_empty()).then_some(&self.districts)
    }

    /// The factors of which what is booked is seen; none where the ledger is not narrowed.
    pub fn factors(&self) -> Option<&BTreeSet<FactorId>> {
        (!self.to.factors().is_empty()).then_some(self.to.factors())
    }
}

/// A narrowing as it is kept.
pub(crate) fn kept(narrowing: &Narrowing) -> Result<String, PersistenceError> {
    serde_json::to_string(narrowing).map_err(|why| PersistenceError::corrupt("api_key", "-", why))
}

/// A narrowing that was kept.
pub(crate) fn read(kept: &str) -> Result<Narrowing, PersistenceError> {
    serde_json::from_str(kept).map_err(|why| PersistenceError::corrupt("api_key", "-", why))
}

/// A narrowing that was kept, with the districts that now lie below those it names.
pub(crate) async fn read_now(connection: &impl ConnectionTrait, kept: &str) -> Result<Narrowed, PersistenceError> {
    let to = read(kept)?;
    let districts = if to.districts().is_empty() { BTreeSet::new() } else { below(connection, to.districts()).await? };
    Ok(Narrowed { to, districts })
}

/// Districts and all that lie below them.
async fn below(
    connection: &impl ConnectionTrait,
    tops: &BTreeSet<DistrictId>,
) -> Result<BTreeSet<DistrictId>, PersistenceError> {
    let sql = format!(
        "WITH RECURSIVE below (id) AS (SELECT t.value FROM {tops} \
         UNION SELECT r.id FROM record_version r JOIN below b ON r.district = b.id \
         WHERE r.kind = '{kind}' AND r.recorded_to = {open} AND r.valid_to = {open}) SELECT id FROM below",
        tops = listed(connection, "t", 1),
        kind = RecordKind::District.tag(),
        open = i64::MAX,
    );
    let rows = connection.query_all_raw(statement(connection, sql, vec![texts(tops)])).await?;
    let mut found = BTreeSet::new();
    for row in rows {
        let id: String = row.try_get("", "id")?;
        found.insert(id.parse().map_err(|why: uuid::Error| PersistenceError::corrupt("record_version", &id, why))?);
    }
    Ok(found)
}
