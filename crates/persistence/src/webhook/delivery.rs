//! Events that could not be delivered: those that are tried again, and the dead letters.

use std::collections::HashMap;

use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult};
use yulin_domain::quantity::Instant;

use super::row::WebhookId;
use crate::dialect::{among, now_micros, statement, texts};
use crate::entity::webhook_delivery;
use crate::error::PersistenceError;
use crate::registry::Registry;

/// An event that could not be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub seq: i64,
    /// The event before it in its feed.
    pub previous: Option<i64>,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried again; none for a dead letter.
    pub next_at: Option<Instant>,
    pub failed_at: Instant,
    pub failure: String,
}

/// An attempt that failed.
#[derive(Debug, Clone)]
pub struct Failing {
    pub seq: i64,
    pub previous: Option<i64>,
    pub tries: i64,
    /// In how many microseconds it is tried again; none where that was the last time.
    pub again_in: Option<i64>,
    pub failure: String,
}

fn undelivered_of(row: webhook_delivery::Model) -> Undelivered {
    let webhook_delivery::Model { webhook: _, seq, previous, tries, next_at, failed_at, failure } = row;
    let (next_at, failed_at) = (next_at.map(Instant::from_micros), Instant::from_micros(failed_at));
    Undelivered { seq, previous, tries, next_at, failed_at, failure }
}

fn webhook_id(text: &str) -> Result<WebhookId, PersistenceError> {
    let corrupt = |why: uuid::Error| PersistenceError::corrupt("webhook_delivery", text, why.to_string());
    uuid::Uuid::parse_str(text).map(WebhookId).map_err(corrupt)
}

impl Registry {
    /// Writes down that an attempt failed.
    pub async fn webhook_failed(&self, id: WebhookId, failing: Failing) -> Result<(), PersistenceError> {
        let now = now_micros(self.primary());
        let again = if failing.again_in.is_some() { format!("{now} + $5") } else { "$5".to_owned() };
        // The parameter of a dead letter is null, of a type that both databases are told.
        let sql = format!(
            "INSERT INTO webhook_delivery (webhook, seq, previous, tries, next_at, failed_at, failure) \
             VALUES ($1, $2, $3, $4, {again}, {now}, $6) ON CONFLICT (webhook, seq) DO UPDATE SET \
             tries = excluded.tries, next_at = excluded.next_at, failed_at = excluded.failed_at, failure = excluded.failure"
        );
        let Failing { seq, previous, tries, again_in, failure } = failing;
        let values =
            vec![id.to_string().into(), seq.into(), previous.into(), tries.into(), again_in.into(), failure.into()];
        self.change(sql, values).await
    }

    /// Writes down that an event which had failed was delivered.
    pub async fn webhook_delivered(&self, id: WebhookId, seq: i64) -> Result<(), PersistenceError> {
        let sql = "DELETE FROM webhook_delivery WHERE webhook = $1 AND seq = $2";
        self.change(sql, vec![id.to_string().into(), seq.into()]).await
    }

    /// Events whose time has come to be tried again, in order of `seq`.
    pub async fn webhook_retries(&self, id: WebhookId, limit: u32) -> Result<Vec<Undelivered>, PersistenceError> {
        let sql = format!(
            "SELECT * FROM webhook_delivery WHERE webhook = $1 AND next_at <= {} ORDER BY seq LIMIT {limit}",
            now_micros(self.primary())
        );
        let rows = self.primary().query_all_raw(statement(self.primary(), sql, vec![id.to_string().into()])).await?;
        rows.iter().map(|row| Ok(undelivered_of(webhook_delivery::Model::from_query_result(row, "")?))).collect()
    }

    /// The dead letters of webhooks after a `seq`, at most `each` of every one, in its order; a webhook without any is left
    /// out.
    pub async fn dead_letters(
        &self,
        ids: &[WebhookId],
        after: i64,
        each: i64,
    ) -> Result<HashMap<WebhookId, Vec<Undelivered>>, PersistenceError> {
        let sql = format!(
            "SELECT * FROM (SELECT d.*, row_number() OVER (PARTITION BY d.webhook ORDER BY d.seq) AS nth \
             FROM webhook_delivery d WHERE {} AND d.next_at IS NULL AND d.seq > $2) n WHERE n.nth <= $3 ORDER BY n.seq",
            among(self.primary(), "d.webhook", 1)
        );
        let values = vec![texts(ids), after.into(), each.into()];
        let mut found: HashMap<WebhookId, Vec<Undelivered>> = HashMap::new();
        for row in self.primary().query_all_raw(statement(self.primary(), sql, values)).await? {
            let model = webhook_delivery::Model::from_query_result(&row, "")?;
            found.entry(webhook_id(&model.webhook)?).or_default().push(undelivered_of(model));
        }
        Ok(found)
    }

    /// How many events of webhooks are to be tried again, and how many are dead letters; a webhook without any is left out.
    pub async fn undelivered(&self, ids: &[WebhookId]) -> Result<HashMap<WebhookId, (i64, i64)>, PersistenceError> {
        let sql = format!(
            "SELECT webhook, count(next_at) AS again, count(*) AS failed FROM webhook_delivery WHERE {} GROUP BY webhook",
            among(self.primary(), "webhook", 1)
        );
        let rows = self.primary().query_all_raw(statement(self.primary(), sql, vec![texts(ids)])).await?;
        let counts = |row: &QueryResult| {
            let webhook: String = row.try_get("", "webhook")?;
            let (again, failed): (i64, i64) = (row.try_get("", "again")?, row.try_get("", "failed")?);
            Ok((webhook_id(&webhook)?, (again, failed - again)))
        };
        rows.iter().map(counts).collect()
    }

    /// Tries all dead letters again, from the first attempt on; tells how many.
    pub async fn retry_dead_letters(&self, id: WebhookId) -> Result<u64, PersistenceError> {
        let sql = format!(
            "UPDATE webhook_delivery SET tries = 0, next_at = {} WHERE webhook = $1 AND next_at IS NULL",
            now_micros(self.primary())
        );
        let done = self.primary().execute_raw(statement(self.primary(), sql, vec![id.to_string().into()])).await?;
        Ok(done.rows_affected())
    }
}
