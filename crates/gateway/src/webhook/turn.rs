//! A turn of a webhook: what is to be tried again, then what is new, in the order of the journal, until nothing is left
//! or it was long enough.

use std::time::{Duration, Instant};

use async_graphql::Error;
use rand::Rng;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_persistence::{Failing, Held, PersistenceError, Ready, Registry, Undelivered, WebhookId};

use super::event::{cloud_event, event_id};
use super::options::WebhookOptions;
use super::send::{Attempt, Sender};
use crate::errors::fault;
use crate::feed::{EventBatch, EventObject, Follower, is_changed};
use crate::http::metrics;

/// Events that are tried before it is written down how far it has come: so many may come twice after a crash.
const BATCH: usize = 20;
/// How long a turn lasts; then others have theirs.
const TURN_MAX: Duration = Duration::from_secs(20);
/// So many entries of others are passed over before that is written down.
const PASSED_MAX: i64 = 1_000;

/// What a turn needs.
#[derive(Debug, Clone)]
pub struct Turns {
    pub registry: Registry,
    pub sender: Sender,
    pub options: WebhookOptions,
    /// Under which name this gateway holds webhooks.
    pub holder: String,
}

/// Why a turn ends early.
enum Stop {
    /// It is no longer held, or no longer active, or its time is over.
    Lost,
    Disabled(ErrorCode),
    Failed(Error),
}

impl From<PersistenceError> for Stop {
    fn from(why: PersistenceError) -> Self {
        Self::Failed(fault(&why))
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        // What its owner may see has changed meanwhile: the next turn looks whether it goes on.
        if is_changed(&error) { Self::Lost } else { Self::Failed(error) }
    }
}

impl Turns {
    /// Gives a webhook its turn, where no other gateway holds it; how it stands then.
    pub async fn turn(&self, ready: Ready) -> Ready {
        let id = ready.id;
        let mut held = match self.registry.hold_webhook(id, &self.holder).await {
            Ok(Some(held)) => held,
            // Somebody was faster, or its owner stopped it: the next look tells.
            Ok(None) => return unknown(id),
            Err(error) => {
                tracing::warn!(%error, webhook = %id, "a webhook could not be held");
                return unknown(id);
            }
        };
        match self.work(&mut held).await {
            Ok(head) => return Ready { id, position: held.webhook.position, head, retries: 0 },
            Err(Stop::Lost) => {}
            Err(Stop::Disabled(code)) => self.disable(&held, code).await,
            Err(Stop::Failed(error)) => tracing::warn!(error = %error.message, webhook = %id, "a turn failed"),
        }
        unknown(id)
    }

    async fn disable(&self, held: &Held, code: ErrorCode) {
        let id = held.webhook.id;
        tracing::warn!(webhook = %id, %code, "a webhook was stopped");
        if let Err(error) = self.registry.disable_webhook(held, code).await {
            tracing::warn!(%error, webhook = %id, "that a webhook was stopped could not be written down");
        }
    }

    /// Works until nothing is left; the entry up to which that is so.
    async fn work(&self, held: &mut Held) -> Result<i64, Stop> {
        let begun = Instant::now();
        let follower = Follower::of_webhook(self.registry.clone(), &held.webhook).await;
        let stop = |error| {
            if is_changed(&error) { Stop::Disabled(ErrorCode::FeedChanged) } else { Stop::Failed(error) }
        };
        let mut follower = follower.map_err(stop)?;
        while begun.elapsed() < TURN_MAX {
            let retries = self.registry.webhook_retries(held.webhook.id, 20).await?;
            for undelivered in &retries {
                self.try_again(held, &mut follower, undelivered).await?;
            }
            let batch = follower.read(BATCH).await?;
            let (is_last, up_to) = (batch.nodes.is_empty(), batch.complete_to.0);
            self.deliver(held, batch).await?;
            if is_last && retries.is_empty() && up_to >= follower.head() {
                return Ok(up_to);
            }
        }
        Err(Stop::Lost)
    }

    /// Tries what is new, once each, and writes down how far that has come.
    async fn deliver(&self, held: &mut Held, batch: EventBatch) -> Result<(), Stop> {
        let EventBatch { nodes, complete_to, feed } = batch;
        for event in &nodes {
            if let Err(stop) = self.deliver_one(held, event, &feed).await {
                // What was tried before it is not tried again when the webhook goes on.
                let tried = event.event.previous.filter(|seq| *seq > held.webhook.position);
                if let Some(seq) = tried {
                    self.registry.advance_webhook(held, seq, &feed).await?;
                }
                return Err(stop);
            }
        }
        let passed = complete_to.0 - held.webhook.position;
        if nodes.is_empty() && passed < PASSED_MAX {
            return Ok(());
        }
        if self.registry.advance_webhook(held, complete_to.0, &feed).await? { Ok(()) } else { Err(Stop::Lost) }
    }

    async fn deliver_one(&self, held: &Held, event: &EventObject, feed: &str) -> Result<(), Stop> {
        match self.attempt(held, event, feed).await? {
            None => Ok(()),
            Some(failure) => self.failed(held, event, 1, failure).await,
        }
    }

    async fn try_again(&self, held: &Held, follower: &mut Follower, undelivered: &Undelivered) -> Result<(), Stop> {
        let Undelivered { seq, previous, tries, .. } = *undelivered;
        let (event, feed) = follower.again(seq, previous).await?;
        let Some(event) = event else {
            // Whoever followed it may not see it any more.
            return Ok(self.registry.webhook_delivered(held.webhook.id, seq).await?);
        };
        match self.attempt(held, &event, &feed).await? {
            None => Ok(self.registry.webhook_delivered(held.webhook.id, seq).await?),
            Some(failure) => self.failed(held, &event, tries + 1, failure).await,
        }
    }

    /// Why an event could not be delivered; none where it was.
    async fn attempt(&self, held: &Held, event: &EventObject, feed: &str) -> Result<Option<String>, Stop> {
        if !self.registry.keep_hold(held).await? {
            return Err(Stop::Lost);
        }
        let body = cloud_event(event, self.registry.journal(), feed)?;
        let attempt = self.sender.send(&held.webhook, &event_id(event), body).await;
        metrics::delivered(attempt.outcome());
        match attempt {
            Attempt::Delivered => Ok(None),
            Attempt::Gone => Err(Stop::Disabled(ErrorCode::WebhookGone)),
            Attempt::Failed(failure) => Ok(Some(failure)),
        }
    }

    async fn failed(&self, held: &Held, event: &EventObject, tries: i64, failure: String) -> Result<(), Stop> {
        let (seq, previous) = (event.event.entry.header.seq, event.event.previous);
        let pause = usize::try_from(tries - 1).ok().and_then(|nth| self.options.retries.get(nth));
        let again_in = pause.map(|pause| spread(*pause));
        let failing = Failing { seq, previous, tries, again_in, failure };
        Ok(self.registry.webhook_failed(held.webhook.id, failing).await?)
    }
}

/// Nothing is known of it: the next look decides.
const fn unknown(id: WebhookId) -> Ready {
    Ready { id, position: -1, head: -1, retries: -1 }
}

/// A pause in microseconds, up to a tenth longer or shorter, so that what failed together does not come back together.
fn spread(pause: Duration) -> i64 {
    let micros = i64::try_from(pause.as_micros()).unwrap_or(i64::MAX / 4);
    let tenth = micros / 10;
    micros - tenth + rand::rng().random_range(0..=tenth.saturating_mul(2))
}
