//! An operation of a socket: read, weighed, admitted and answered as one over HTTP is, with as many answers as it has.

use std::panic::AssertUnwindSafe;

use actix_web::web;
use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, ServerError};
use futures_util::{FutureExt, StreamExt};
use serde_json::{Map, Value};

use super::message::{Closing, Said};
use super::talk::{Running, Spoken, Voice};
use crate::http::admission::{Admission, Sender};
use crate::http::answer::Shaped;
use crate::http::graphql::{Door, panicked};
use crate::http::parameters::Sent;
use crate::http::refused::HttpRefused;

/// An operation under way.
pub struct Operating<E, A> {
    pub door: web::Data<Door<E, A>>,
    pub voice: Voice,
    pub running: Running,
    pub id: String,
}

impl<E: Executor, A: Admission> Operating<E, A> {
    /// Runs to the end, or until the client is gone.
    pub async fn run(mut self, sender: Sender, payload: Map<String, Value>) {
        let ended = match self.answer(&sender, payload).await {
            Ok(true) => self.voice.say(&Said::Complete { id: &self.id }).await.map(drop),
            // An error is the last message of its operation.
            Ok(false) => Ok(()),
            Err(refused) => self.fail(&[refused.to_error()]).await,
        };
        // Until its last message was said it is under way: whoever does not listen has no more of them than he may.
        self.running.borrow_mut().remove(&self.id);
        if ended.is_err() {
            tracing::debug!("a client went before its operation ended");
        }
    }

    /// Whether it came to its regular end.
    async fn answer(&mut self, sender: &Sender, payload: Map<String, Value>) -> Result<bool, HttpRefused> {
        let sent = Sent::from_fields(payload)?;
        let operation = self.door.operation(sender, sent).await?;
        if operation.kind != Some(OperationType::Subscription) {
            let shaped = self.door.executed_once(operation).await?;
            return Ok(self.tell(&shaped).await);
        }
        if let Some(under_way) = self.running.borrow_mut().get_mut(&self.id) {
            under_way.is_streamed = true;
        }
        let (request, told) = operation.streamed();
        let mut answers = self.door.executor.execute_stream(request, None);
        loop {
            let next = AssertUnwindSafe(answers.next()).catch_unwind().await.map_err(|_| panicked())?;
            let Some(response) = next else { return Ok(true) };
            if !self.tell(&Shaped::of(response, &told, self.door.profile)).await {
                return Ok(false);
            }
        }
    }

    /// Tells an answer; false where it was the last.
    async fn tell(&mut self, shaped: &Shaped) -> bool {
        if let Some(errors) = shaped.request_errors() {
            let _ = self.fail(errors).await;
            return false;
        }
        self.voice.say(&Said::Next { id: &self.id, payload: shaped }).await == Ok(Spoken::AsIs)
    }

    async fn fail(&mut self, errors: &[ServerError]) -> Result<(), Closing> {
        self.voice.say(&Said::Error { id: &self.id, payload: errors }).await.map(drop)
    }
}
