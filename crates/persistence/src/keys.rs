//! Keys, principals and settings: what is not in the journal, and the few acts by which principals come to be.

use std::sync::Arc;

use rand::RngCore;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, Set, TransactionTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::journal::{
    Act, ActBody, ActId, Claim, Envelope, Narrowing, PartyId, PrincipalId, Record, RecordKind, Seen,
};
use yulin_domain::party::{GrantRole, Principal, RegisterPrincipal};
use yulin_domain::quantity::Instant;

use crate::dialect::{clock, now_micros, statement};
use crate::entity::{api_key, setting};
use crate::error::{PerformError, PersistenceError};
use crate::keys_narrowed::{self, Narrowed};
use crate::record::claim_text;
use crate::registry::Registry;
use crate::webhook::stop_all_webhooks;

const SERVER_KEY: &str = "server_key";
const DEMO: &str = "demo";
const DEMO_FILLED: &str = "demo_filled";
const SANDBOX: &str = "sandbox";
/// What every key begins with, so that one that leaks is recognised.
const PREFIX: &str = "yulin_";

/// Who a key speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    pub principal: PrincipalId,
    pub role: Role,
    /// The party whose own data an ENTERPRISE sees.
    pub party: Option<PartyId>,
    /// What the key is narrowed to; none where it is not.
    pub narrowing: Option<Arc<Narrowed>>,
}

/// The registry's secret, made once.
pub async fn server_key(connection: &impl ConnectionTrait) -> Result<[u8; 32], PersistenceError> {
    secret(connection, SERVER_KEY).await
}

/// The secret under a name, made when it is first asked for.
pub async fn secret(connection: &impl ConnectionTrait, name: &'static str) -> Result<[u8; 32], PersistenceError> {
    // Asked far more often than made.
    if let Some(known) = stored_secret(connection, name).await? {
        return Ok(known);
    }
    let fresh = setting::ActiveModel { name: Set(name.to_owned()), value: Set(random().to_vec()) };
    let insert =
        setting::Entity::insert(fresh).on_conflict(OnConflict::column(setting::Column::Name).do_nothing().to_owned());
    insert.exec_without_returning(connection).await?;
    stored_secret(connection, name).await?.ok_or_else(|| PersistenceError::corrupt("setting", name, "not 32 bytes"))
}

/// The secret under a name; none where it is not there or not one.
pub async fn stored_secret(
    connection: &impl ConnectionTrait,
    name: &str,
) -> Result<Option<[u8; 32]>, PersistenceError> {
    let stored = setting::Entity::find_by_id(name).one(connection).await?;
    Ok(stored.and_then(|stored| stored.value.try_into().ok()))
}

/// 256 random bits.
pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// What is kept of a key.
pub(crate) fn digest_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A key of 256 random bits that never expires, and what is kept of it.
pub(crate) fn fresh_key(principal: String, role: String, created_at: i64) -> (String, api_key::ActiveModel) {
    let token = format!("{PREFIX}{}", hex::encode(random()));
    let key = api_key::ActiveModel {
        hash: Set(digest_of(&token)),
        principal: Set(principal),
        role: Set(role),
        created_at: Set(created_at),
        expires_at: Set(None),
        revoked_at: Set(None),
        narrowing: Set(None),
    };
    (token, key)
}

/// The condition that a row of `api_key` is a key that is neither revoked nor expired.
pub(crate) fn is_good(connection: &impl ConnectionTrait) -> String {
    format!("revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {})", now_micros(connection))
}

/// Holds a key until the transaction ends, so that nobody revokes it meanwhile; false where it is no longer good.
pub(crate) async fn hold_key(transaction: &DatabaseTransaction, token: &str) -> Result<bool, PersistenceError> {
    // It changes nothing: either database lets nobody else write the row until the end, and PostgreSQL looks at it anew
    // where it had to wait.
    let sql = format!("UPDATE api_key SET role = role WHERE hash = $1 AND {}", is_good(transaction));
    let done = transaction.execute_raw(statement(transaction, sql, vec![digest_of(token).into()])).await?;
    Ok(done.rows_affected() == 1)
}

impl Registry {
    /// Issues a key of 256 random bits to a principal for a role; only its hash is kept.
    pub async fn issue_key(
        &self,
        principal: PrincipalId,
        role: Role,
        expires_at: Option<Instant>,
    ) -> Result<String, PersistenceError> {
        self.issue_narrowed_key((principal, role), None, expires_at).await
    }

    /// Issues a key that opens no more than what it is narrowed to, where it is.
    pub async fn issue_narrowed_key(
        &self,
        (principal, role): (PrincipalId, Role),
        narrowing: Option<&Narrowing>,
        expires_at: Option<Instant>,
    ) -> Result<String, PersistenceError> {
        let narrowing = narrowing.map(keys_narrowed::kept).transpose()?;
        let (token, key) = fresh_key(principal.to_string(), role.to_string(), clock(self.primary()).await?);
        let expires_at = expires_at.map(Instant::micros);
        let key = api_key::ActiveModel { expires_at: Set(expires_at), narrowing: Set(narrowing), ..key };
        api_key::Entity::insert(key).exec_without_returning(self.primary()).await?;
        Ok(token)
    }

    /// Who a key speaks for; none where it is unknown, expired or revoked, or its role no longer granted.
    pub async fn authenticate(&self, token: &str) -> Result<Option<Identity>, PersistenceError> {
        let sql = format!(
            "SELECT k.principal, k.role, k.narrowing, r.row_id, r.state FROM api_key k JOIN record_version r \
             ON r.kind = '{}' AND r.id = k.principal AND r.recorded_to = {open} AND r.valid_to = {open} \
             WHERE k.hash = $1 AND {is_good}",
            RecordKind::Principal.tag(),
            open = i64::MAX,
            is_good = is_good(self.primary()),
        );
        let values = vec![digest_of(token).into()];
        let Some(row) = self.primary().query_one_raw(statement(self.primary(), sql, values)).await? else {
            return Ok(None);
        };
        let text: String = row.try_get("", "role")?;
        let role: Role = text.parse().map_err(|why| PersistenceError::corrupt("api_key", &text, why))?;
        let state: Vec<u8> = row.try_get("", "state")?;
        let Record::Principal(principal) = crate::record::state_of(row.try_get("", "row_id")?, &state)? else {
            return Ok(None);
        };
        if !principal.roles.contains(&role) {
            return Ok(None);
        }
        let narrowing = match row.try_get::<Option<String>>("", "narrowing")? {
            Some(kept) => Some(Arc::new(keys_narrowed::read_now(self.primary(), &kept).await?)),
            None => None,
        };
        Ok(Some(Identity { principal: principal.id, role, party: principal.party, narrowing }))
    }

    /// The principal of a name, as he is now.
    pub async fn principal_named(&self, name: &str) -> Result<Option<Principal>, PersistenceError> {
        let sql = format!(
            "SELECT r.row_id, r.state FROM record_version r WHERE r.kind = '{}' AND r.claim_a = $1 \
             AND r.recorded_to = {open} AND r.valid_to = {open}",
            RecordKind::Principal.tag(),
            open = i64::MAX,
        );
        let values = vec![claim_text(&Claim::PrincipalName(name.to_owned())).into()];
        let Some(row) = self.primary().query_one_raw(statement(self.primary(), sql, values)).await? else {
            return Ok(None);
        };
        let state: Vec<u8> = row.try_get("", "state")?;
        match crate::record::state_of(row.try_get("", "row_id")?, &state)? {
            Record::Principal(principal) => Ok(Some(*principal)),
            _ => Ok(None),
        }
    }

    /// Revokes a key, at once and on every gateway. The webhooks of its principal stop with it: whoever had the key may
    /// have made them.
    pub async fn revoke_key(&self, token: &str) -> Result<bool, PersistenceError> {
        self.revoke_key_of(digest_of(token)).await
    }

    /// Revokes all keys, and stops all webhooks with them; tells how many keys.
    pub async fn revoke_all_keys(&self) -> Result<u64, PersistenceError> {
        let transaction = self.primary().begin().await?;
        let now = now_micros(&transaction);
        let sql = format!("UPDATE api_key SET revoked_at = {now} WHERE revoked_at IS NULL");
        let mut revoked = 0;
        loop {
            // Who was being replaced while this waited for him has a successor by now.
            let done = transaction.execute_raw(statement(&transaction, sql.clone(), vec![])).await?.rows_affected();
            revoked += done;
            if done == 0 {
                break;
            }
        }
        stop_all_webhooks(&transaction).await?;
        transaction.commit().await?;
        Ok(revoked)
    }

    /// Marks the database as one that the demo made.
    pub async fn mark_demo(&self) -> Result<(), PersistenceError> {
        self.mark(DEMO).await
    }

    /// Whether the demo made this database.
    pub async fn is_demo(&self) -> Result<bool, PersistenceError> {
        self.is_marked(DEMO).await
    }

    /// Marks the database as one that the sandbox made.
    pub async fn mark_sandbox(&self) -> Result<(), PersistenceError> {
        self.mark(SANDBOX).await
    }

    /// Whether the sandbox made this database.
    pub async fn is_sandbox(&self) -> Result<bool, PersistenceError> {
        self.is_marked(SANDBOX).await
    }

    /// Marks the demo zone as complete.
    pub async fn mark_demo_filled(&self) -> Result<(), PersistenceError> {
        self.mark(DEMO_FILLED).await
    }

    /// Whether the demo zone is complete.
    pub async fn is_demo_filled(&self) -> Result<bool, PersistenceError> {
        self.is_marked(DEMO_FILLED).await
    }

    async fn mark(&self, name: &str) -> Result<(), PersistenceError> {
        let mark = setting::ActiveModel { name: Set(name.to_owned()), value: Set(vec![1]) };
        let conflict = OnConflict::column(setting::Column::Name).do_nothing().to_owned();
        setting::Entity::insert(mark).on_conflict(conflict).exec_without_returning(self.primary()).await?;
        Ok(())
    }

    async fn is_marked(&self, name: &str) -> Result<bool, PersistenceError> {
        Ok(setting::Entity::find_by_id(name).one(self.primary()).await?.is_some())
    }

    /// A principal of this name that is granted the role, made by acts of the registry itself where it is missing.
    pub async fn ensure_principal(&self, name: &str, role: Role) -> Result<PrincipalId, PerformError> {
        let (id, act) = self.principal_or_act(name, role).await?;
        if let Some(act) = act {
            self.perform(act).await?;
        }
        Ok(id)
    }

    /// The principal of a name, and the act by which it comes to have the role where it has not.
    pub(crate) async fn principal_or_act(
        &self,
        name: &str,
        role: Role,
    ) -> Result<(PrincipalId, Option<Act>), PerformError> {
        let snapshot = self.latest().await?;
        let principals = self.principals(&snapshot).await?;
        let known = principals.into_iter().find(|principal| principal.state.name == name);
        let (id, body): (_, ActBody) = match known {
            Some(known) if known.state.roles.contains(&role) => return Ok((known.state.id, None)),
            Some(known) => {
                let Principal { id, .. } = known.state;
                (Some(id), GrantRole { principal: Seen { id, seq: known.version }, role }.into())
            }
            None => {
                let roles = [role].into();
                (None, RegisterPrincipal { name: name.to_owned(), party: None, roles }.into())
            }
        };
        let act_id = ActId(Uuid::now_v7());
        let act = Act { envelope: Envelope::by_the_registry(act_id), legs: vec![body] };
        Ok((id.unwrap_or_else(|| PrincipalId::made_by(act_id, 0, 0)), Some(act)))
    }
}
