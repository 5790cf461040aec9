//! What was asked before: the same id with the same content has the same answer, for ever or for a time.

use std::collections::HashMap;

use sea_orm::{DatabaseTransaction, EntityTrait};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{Act, ActId, Digest, Header, PrincipalId, Receipt, Refused};

use super::batch::Answer;
use super::read::entry_of;
use crate::dialect::{among, statement, texts};
use crate::entity::{journal, refusal};
use crate::error::{PerformError, PersistenceError};

/// What is known of an act id.
#[derive(Debug, Clone)]
pub struct Known {
    pub request_hash: Digest,
    pub principal: PrincipalId,
    pub outcome: Result<Receipt, Refused>,
}

impl Known {
    /// The answer to an act under the same id.
    pub fn answer(&self, act: &Act, request_hash: Digest) -> Answer {
        if self.request_hash != request_hash || self.principal != act.envelope.principal {
            let refused = Refused::new(ErrorCode::IdReused).at("actId").told("actId", act.envelope.id);
            return Err(PerformError::Malformed(refused));
        }
        self.outcome.clone().map_err(PerformError::Refused)
    }
}

/// What was asked before under the ids of these acts: receipts and remembered refusals.
pub async fn already_asked(
    transaction: &DatabaseTransaction,
    ids: Vec<String>,
) -> Result<HashMap<ActId, Known>, PersistenceError> {
    let mut known = HashMap::new();
    if ids.is_empty() {
        return Ok(known);
    }
    let list = texts(ids);
    let sql = format!("SELECT * FROM journal WHERE {}", among(transaction, "act_id", 1));
    let found = journal::Entity::find().from_raw_sql(statement(transaction, sql, vec![list.clone()]));
    for row in found.all(transaction).await? {
        let entry = entry_of(row)?;
        let Header { act_id, request_hash, principal, .. } = entry.header;
        known.insert(act_id, Known { request_hash, principal, outcome: Ok(entry.receipt()) });
    }
    let sql = format!("SELECT * FROM refusal WHERE {}", among(transaction, "act_id", 1));
    let found = refusal::Entity::find().from_raw_sql(statement(transaction, sql, vec![list]));
    for refusal::Model { act_id, request_hash, principal, refused_at: _, refused } in found.all(transaction).await? {
        let corrupt = |why: String| PersistenceError::corrupt("refusal", &act_id, why);
        let remembered = Known {
            request_hash: Digest::from_slice(&request_hash).ok_or_else(|| corrupt("hash".to_owned()))?,
            principal: principal.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?,
            outcome: Err(serde_json::from_str(&refused).map_err(|why| corrupt(why.to_string()))?),
        };
        known.insert(act_id.parse().map_err(|why: uuid::Error| corrupt(why.to_string()))?, remembered);
    }
    Ok(known)
}
