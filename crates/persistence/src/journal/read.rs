//! Reading entries.

use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use yulin_domain::journal::{ActId, ActKind, Digest, Entry, Header, PrincipalId, Subject};
use yulin_domain::quantity::Instant;

use crate::dialect::{among, statement, texts};
use crate::entity::{journal, subject_entry};
use crate::error::PersistenceError;
use crate::record::Snapshot;
use crate::registry::Registry;

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct ActFilter {
    pub subject: Option<Subject>,
    pub kinds: Vec<ActKind>,
    pub from_seq: Option<i64>,
    pub to_seq: Option<i64>,
}

impl Registry {
    /// Entries up to the snapshot, newest last, after a `seq`.
    pub async fn acts(
        &self,
        snapshot: &Snapshot,
        filter: &ActFilter,
        after: Option<i64>,
        limit: u64,
    ) -> Result<Vec<Entry>, PersistenceError> {
        let condition = asked(snapshot, filter, after);
        let rows = journal::Entity::find().filter(condition).order_by_asc(journal::Column::Seq).limit(limit);
        rows.all(self.reader()).await?.into_iter().map(entry_of).collect()
    }

    /// How many entries there are up to the snapshot.
    pub async fn count_acts(&self, snapshot: &Snapshot, filter: &ActFilter) -> Result<u64, PersistenceError> {
        Ok(journal::Entity::find().filter(asked(snapshot, filter, None)).count(self.reader()).await?)
    }

    /// The entries of acts, in no particular order.
    pub async fn acts_by_ids(&self, ids: &[ActId]) -> Result<Vec<Entry>, PersistenceError> {
        let sql = format!("SELECT * FROM journal WHERE {}", among(self.primary(), "act_id", 1));
        let rows = journal::Entity::find().from_raw_sql(statement(self.primary(), sql, vec![texts(ids)]));
        rows.all(self.primary()).await?.into_iter().map(entry_of).collect()
    }

    /// The entry of an act.
    pub async fn act_by_id(&self, id: ActId) -> Result<Option<Entry>, PersistenceError> {
        let found = journal::Entity::find().filter(journal::Column::ActId.eq(id.to_string()));
        found.one(self.primary()).await?.map(entry_of).transpose()
    }
}

/// The condition on entries up to the snapshot.
fn asked(snapshot: &Snapshot, filter: &ActFilter, after: Option<i64>) -> Condition {
    let seq = journal::Column::Seq;
    let least = filter.from_seq.unwrap_or(1).max(after.map_or(1, |after| after.saturating_add(1)));
    let newest = seq.lte(snapshot.seq.min(filter.to_seq.unwrap_or(i64::MAX)));
    let mut condition = Condition::all().add(newest).add(seq.gte(least));
    if !filter.kinds.is_empty() {
        let kinds = filter.kinds.iter().map(|kind| kind.name());
        condition = condition.add(journal::Column::Kind.is_in(kinds));
    }
    if let Some(subject) = filter.subject {
        let of_subject = subject_entry::Entity::find()
            .select_only()
            .column(subject_entry::Column::Seq)
            .filter(subject_entry::Column::Subject.eq(subject.to_string()));
        condition = condition.add(seq.in_subquery(sea_orm::QuerySelect::query(&mut of_subject.clone()).to_owned()));
    }
    condition
}

/// The entry that a row holds.
pub fn entry_of(row: journal::Model) -> Result<Entry, PersistenceError> {
    let journal::Model {
        seq,
        act_id,
        principal,
        on_behalf_of,
        kind,
        format,
        effective_at,
        recorded_at,
        request_hash,
        reason,
        legal_basis,
        evidence_hashes,
        approved_by,
        body,
        prev_hash,
        hash,
    } = row;
    let corrupt = |why: String| PersistenceError::corrupt("journal", seq, why);
    let digest = |bytes: &[u8]| Digest::from_slice(bytes).ok_or_else(|| corrupt("a digest is not 32 bytes".to_owned()));
    let principal_of = |text: &str| text.parse::<PrincipalId>().map_err(|why| corrupt(why.to_string()));
    let header = Header {
        seq,
        act_id: act_id.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?,
        principal: principal_of(&principal)?,
        on_behalf_of,
        kind: kind.parse().map_err(corrupt)?,
        format: i32::try_from(format).map_err(|why| corrupt(why.to_string()))?,
        effective_at: Instant::from_micros(effective_at),
        recorded_at: Instant::from_micros(recorded_at),
        request_hash: digest(&request_hash)?,
        reason,
        legal_basis,
        evidence_hashes: digests_of(&evidence_hashes).ok_or_else(|| corrupt("evidence".to_owned()))?,
        approved_by: approved_by.as_deref().map(principal_of).transpose()?,
        prev_hash: digest(&prev_hash)?,
    };
    Ok(Entry { header, body, hash: digest(&hash)? })
}

/// The row of an entry.
pub fn row_of(entry: &Entry) -> journal::ActiveModel {
    let header = &entry.header;
    let evidence: Vec<_> = header.evidence_hashes.iter().map(ToString::to_string).collect();
    journal::ActiveModel {
        seq: sea_orm::Set(header.seq),
        act_id: sea_orm::Set(header.act_id.to_string()),
        principal: sea_orm::Set(header.principal.to_string()),
        on_behalf_of: sea_orm::Set(header.on_behalf_of.clone()),
        kind: sea_orm::Set(header.kind.name().to_owned()),
        format: sea_orm::Set(i64::from(header.format)),
        effective_at: sea_orm::Set(header.effective_at.micros()),
        recorded_at: sea_orm::Set(header.recorded_at.micros()),
        request_hash: sea_orm::Set(header.request_hash.0.to_vec()),
        reason: sea_orm::Set(header.reason.clone()),
        legal_basis: sea_orm::Set(header.legal_basis.clone()),
        evidence_hashes: sea_orm::Set(evidence.join(",")),
        approved_by: sea_orm::Set(header.approved_by.map(|principal| principal.to_string())),
        body: sea_orm::Set(entry.body.clone()),
        prev_hash: sea_orm::Set(header.prev_hash.0.to_vec()),
        hash: sea_orm::Set(entry.hash.0.to_vec()),
    }
}

fn digests_of(text: &str) -> Option<Vec<Digest>> {
    let parts = text.split(',').filter(|part| !part.is_empty());
    parts.map(|part| Digest::from_slice(&hex::decode(part).ok()?)).collect()
}
