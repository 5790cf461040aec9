//! How events are delivered.

use std::time::Duration;

/// To which addresses events are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// Over TLS to public addresses.
    Public,
    /// To this machine as well, where TLS is not asked for.
    LoopbackToo,
}

/// How a gateway delivers.
#[derive(Debug, Clone)]
pub struct WebhookOptions {
    /// How long after each failed attempt the next one is made; after the last, an event is a dead letter.
    pub retries: Vec<Duration>,
    /// How long an attempt may take.
    pub attempt_max: Duration,
    /// How often it is looked whether there is something to deliver.
    pub look_every: Duration,
    /// Webhooks that are served at once.
    pub at_once: usize,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

impl Default for WebhookOptions {
    /// The schedule that Standard Webhooks advises.
    fn default() -> Self {
        let seconds = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
        Self {
            retries: seconds.map(Duration::from_secs).into(),
            attempt_max: Duration::from_secs(15),
            look_every: Duration::from_millis(500),
            at_once: 16,
        }
    }
}
