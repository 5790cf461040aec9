//! The key that signs for the log. It is an operational row, and its name is that of the journal.

use sea_orm::ConnectionTrait;
use uuid::Uuid;
use yulin_domain::log::{Signer, VerifierKey, origin_of};

use crate::error::PersistenceError;
use crate::journal::head_row;
use crate::keys::{secret, stored_secret};
use crate::registry::Registry;

const LOG_KEY: &str = "log_key";

/// The signer, whose key is made when it is first asked for.
pub async fn signer(connection: &impl ConnectionTrait) -> Result<Signer, PersistenceError> {
    Ok(Signer::new(origin(connection).await?, &secret(connection, LOG_KEY).await?))
}

/// The signer; none before the first checkpoint.
pub async fn stored_signer(connection: &impl ConnectionTrait) -> Result<Option<Signer>, PersistenceError> {
    let secret = stored_secret(connection, LOG_KEY).await?;
    let origin = origin(connection).await?;
    Ok(secret.map(|secret| Signer::new(origin, &secret)))
}

async fn origin(connection: &impl ConnectionTrait) -> Result<String, PersistenceError> {
    let journal = head_row(connection).await?.journal;
    let id = Uuid::parse_str(&journal).map_err(|why| PersistenceError::corrupt("journal_head", 1, why))?;
    Ok(origin_of(id))
}

impl Registry {
    /// The key by which the signatures of this registry are checked.
    pub async fn log_key(&self) -> Result<VerifierKey, PersistenceError> {
        Ok(signer(self.primary()).await?.verifier())
    }
}
