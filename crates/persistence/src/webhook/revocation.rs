//! What the revocation of a key does to webhooks: they stop, since whoever had the key may have made them.
//!
//! Only their owner sets them going again, with a key that is good (`keep.rs`).

use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use yulin_domain::error_catalogue::ErrorCode;

use super::row::WebhookState;
use crate::dialect::statement;
use crate::error::PersistenceError;

/// Why they stop: the code that the bearer of the key is answered with from then on.
const BECAUSE: ErrorCode = ErrorCode::Unauthenticated;

/// Stops the webhooks of the principal of a key, which is named by its hash.
pub(crate) async fn stop_webhooks_of_key(
    transaction: &DatabaseTransaction,
    hash: Vec<u8>,
) -> Result<(), PersistenceError> {
    let of_principal = " AND principal = (SELECT k.principal FROM api_key k WHERE k.hash = $4)";
    stop(transaction, of_principal, Some(hash.into())).await
}

/// Stops every webhook there is.
pub(crate) async fn stop_all_webhooks(transaction: &DatabaseTransaction) -> Result<(), PersistenceError> {
    stop(transaction, "", None).await
}

/// Stops those that are active; what its owner or the registry stopped before keeps its state and its reason.
async fn stop(transaction: &DatabaseTransaction, of: &str, more: Option<Value>) -> Result<(), PersistenceError> {
    let sql = format!("UPDATE webhook SET state = $1, disabled_because = $2 WHERE state = $3{of}");
    let [disabled, active] = [WebhookState::Disabled, WebhookState::Active].map(WebhookState::name);
    let mut values: Vec<Value> = vec![disabled.into(), BECAUSE.code().into(), active.into()];
    values.extend(more);
    transaction.execute_raw(statement(transaction, sql, values)).await?;
    Ok(())
}
