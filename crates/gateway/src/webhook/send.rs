//! One attempt to deliver one event.

use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use yulin_persistence::Webhook;

use super::address::{Guarded, read_address};
use super::event::CONTENT_TYPE;
use super::options::{Targets, WebhookOptions};
use super::sign::signatures;

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Any status of 200 to 299.
    Delivered,
    /// 410: the receiver wants no more.
    Gone,
    Failed(String),
}

impl Attempt {
    /// Its name where attempts are counted.
    pub const fn outcome(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Gone => "gone",
            Self::Failed(_) => "failed",
        }
    }
}

/// Sends events.
#[derive(Debug, Clone)]
pub struct Sender {
    client: Client,
    targets: Targets,
}

impl Sender {
    /// A sender that follows no redirect, asks no proxy and connects only where it may.
    pub fn new(options: &WebhookOptions, targets: Targets) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(options.attempt_max)
            .dns_resolver(std::sync::Arc::new(Guarded(targets)))
            .user_agent(concat!("yulin/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, targets })
    }

    /// Sends an event. Its id is the same at every attempt, its timestamp is that of the attempt.
    pub async fn send(&self, webhook: &Webhook, event: &str, body: String) -> Attempt {
        // What was allowed when it was registered may no longer be.
        let Ok(url) = read_address(&webhook.url, self.targets) else {
            return Attempt::Failed("the address is not one to which events are delivered".to_owned());
        };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(now.as_micros()).unwrap_or(i64::MAX);
        let (id, now) = (format!("msg_{}_{event}", webhook.id), micros / 1_000_000);
        let mut secrets = webhook.secrets.clone();
        if webhook.previous_until.is_none_or(|until| until.micros() <= micros) {
            secrets.previous = None;
        }
        let request = self
            .client
            .post(url)
            .header("content-type", CONTENT_TYPE)
            .header("webhook-timestamp", now)
            .header("webhook-signature", signatures(&secrets, &id, now, &body))
            .header("webhook-id", id);
        match request.body(body).send().await {
            Ok(answer) if answer.status().is_success() => Attempt::Delivered,
            Ok(answer) if answer.status() == StatusCode::GONE => Attempt::Gone,
            Ok(answer) => Attempt::Failed(format!("status {}", answer.status().as_u16())),
            Err(error) if error.is_timeout() => Attempt::Failed("no answer in time".to_owned()),
            Err(error) if error.is_connect() => Attempt::Failed("no connection".to_owned()),
            Err(_) => Attempt::Failed("no answer".to_owned()),
        }
    }
}
