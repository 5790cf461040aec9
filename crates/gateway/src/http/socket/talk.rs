//! One socket: it is greeted, hears messages, runs operations, and is closed with the code that fits.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::web;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, ProtocolError, Session};
use async_graphql::Executor;
use futures_util::StreamExt;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::message::{Closing, Heard, Said};
use super::operation::Operating;
use crate::http::admission::{Admission, Sender};
use crate::http::answer::bounded;
use crate::http::graphql::Door;
use crate::http::limits::{
    OPERATION_ID_MAX, OPERATION_MAX, SOCKET_INIT_MAX, SOCKET_OPERATIONS_MAX, SOCKET_PING_EVERY, SOCKET_SEND_MAX,
    SOCKET_SILENCE_MAX, STRANGER_IDLE_MAX,
};
use crate::http::refused::HttpRefused;
use crate::http::sockets::{SocketPlace, Sockets};

/// How often it is looked whether what was accepted is finished.
const FINISHED_LOOKED_EVERY: Duration = Duration::from_millis(20);

/// The operations of a socket that are under way. A socket lives on one thread.
pub type Running = Rc<RefCell<HashMap<String, UnderWay>>>;

/// An operation that is under way.
pub struct UnderWay {
    pub task: AbortHandle,
    /// Whether it tells answer after answer, and not one alone.
    pub is_streamed: bool,
}

/// The way back to the client; clones share it.
#[derive(Clone)]
pub struct Voice {
    session: Session,
    /// Told when the client has not listened for too long.
    unheard: Rc<Notify>,
}

/// What became of what was to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    AsIs,
    /// It was too large: that was said in its place, and its operation has ended with it.
    Refused,
}

impl Voice {
    /// Says something, unless the client is gone or does not listen for too long.
    pub async fn say(&mut self, said: &Said<'_>) -> Result<Spoken, Closing> {
        let (text, spoken) = match (bounded(said), said) {
            (Ok(text), _) => (text, Spoken::AsIs),
            (Err(_), Said::Next { id, .. }) => {
                let refused = [HttpRefused::AnswerTooLarge.to_error()];
                (bounded(&Said::Error { id, payload: &refused }).map_err(|_| Closing::Fault)?, Spoken::Refused)
            }
            (Err(_), _) => return Err(Closing::Fault),
        };
        let text = String::from_utf8(text).map_err(|_| Closing::Fault)?;
        let said = within(self.session.text(text)).await;
        if said.is_err() {
            self.unheard.notify_one();
        }
        said.map(|()| spoken)
    }
}

async fn within(sent: impl Future<Output = Result<(), actix_ws::Closed>>) -> Result<(), Closing> {
    match tokio::time::timeout(SOCKET_SEND_MAX, sent).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Closing::Silent),
    }
}

/// A socket and what is known of its client.
pub struct Talk<E, A> {
    door: web::Data<Door<E, A>>,
    voice: Voice,
    sender: Sender,
    place: SocketPlace,
    is_greeted: bool,
    running: Running,
    /// When something was last asked, or under way.
    asked_at: Instant,
}

impl<E: Executor, A: Admission> Talk<E, A> {
    /// A socket that was just opened.
    pub fn new(door: web::Data<Door<E, A>>, session: Session, (sender, place): (Sender, SocketPlace)) -> Self {
        let voice = Voice { session, unheard: Rc::default() };
        let (running, asked_at) = (Running::default(), Instant::now());
        Self { door, voice, sender, place, is_greeted: false, running, asked_at }
    }

    /// Holds it until either side closes; what is under way then ends, but for mutations.
    pub async fn hold(mut self, mut messages: AggregatedMessageStream, sockets: &Sockets) {
        let closing = tokio::select! {
            closing = self.converse(&mut messages) => closing,
            () = sockets.ended() => Closing::Away,
        };
        if closing == Closing::Away {
            self.finish().await;
        }
        for (_, operation) in self.running.borrow_mut().drain() {
            operation.task.abort();
        }
        // A client that is gone hears no reason.
        let _ = within(self.voice.session.close(Some(closing.reason()))).await;
    }

    /// Answers what was accepted, before the server ends; streams go on elsewhere.
    async fn finish(&self) {
        let begun = Instant::now();
        while self.has_unfinished() && begun.elapsed() < OPERATION_MAX {
            tokio::time::sleep(FINISHED_LOOKED_EVERY).await;
        }
    }

    /// Whether something is under way that has an end; streams are let go of, whenever they begin.
    fn has_unfinished(&self) -> bool {
        let mut running = self.running.borrow_mut();
        running.retain(|_, operation| {
            if operation.is_streamed {
                operation.task.abort();
            }
            !operation.is_streamed
        });
        !running.is_empty()
    }

    async fn converse(&mut self, messages: &mut AggregatedMessageStream) -> Closing {
        let mut greeting_due = std::pin::pin!(tokio::time::sleep(SOCKET_INIT_MAX));
        let mut pulse = tokio::time::interval(SOCKET_PING_EVERY);
        let mut heard_at = Instant::now();
        let unheard = Rc::clone(&self.voice.unheard);
        loop {
            let done = tokio::select! {
                message = messages.next() => {
                    heard_at = Instant::now();
                    self.take(message).await
                }
                () = &mut greeting_due, if !self.is_greeted => Err(Closing::InitLate),
                () = unheard.notified() => Err(Closing::Silent),
                _ = pulse.tick() => self.beat(heard_at).await,
            };
            if let Err(closing) = done {
                return closing;
            }
        }
    }

    /// Asks whether the client is still there, and lets go of a stranger who wants nothing.
    async fn beat(&mut self, heard_at: Instant) -> Result<(), Closing> {
        if !self.running.borrow().is_empty() {
            self.asked_at = Instant::now();
        }
        if heard_at.elapsed() > SOCKET_SILENCE_MAX {
            return Err(Closing::Silent);
        }
        if self.place.is_strangers() && self.asked_at.elapsed() > STRANGER_IDLE_MAX {
            return Err(Closing::Idle);
        }
        within(self.voice.session.ping(b"")).await
    }

    async fn take(&mut self, message: Option<Result<AggregatedMessage, ProtocolError>>) -> Result<(), Closing> {
        match message {
            Some(Ok(AggregatedMessage::Text(text))) => {
                let heard = serde_json::from_str(&text).map_err(|_| Closing::Invalid)?;
                self.hear(heard).await
            }
            Some(Ok(AggregatedMessage::Ping(bytes))) => within(self.voice.session.pong(&bytes)).await,
            Some(Ok(AggregatedMessage::Pong(_))) => Ok(()),
            Some(Ok(AggregatedMessage::Close(_))) | None => Err(Closing::Normal),
            Some(Err(ProtocolError::Overflow)) => Err(Closing::TooLarge),
            Some(Ok(AggregatedMessage::Binary(_)) | Err(_)) => Err(Closing::Invalid),
        }
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), Closing> {
        match heard {
            Heard::ConnectionInit { .. } if self.is_greeted => Err(Closing::InitAgain),
            Heard::ConnectionInit { payload } => self.greet(payload.unwrap_or_default()).await,
            Heard::Ping { payload } => self.voice.say(&Said::Pong { payload }).await.map(drop),
            Heard::Pong {} => Ok(()),
            Heard::Subscribe { .. } if !self.is_greeted => Err(Closing::Unauthorized),
            Heard::Subscribe { id, .. } if id.is_empty() || id.len() > OPERATION_ID_MAX => Err(Closing::Invalid),
            Heard::Subscribe { id, .. } if self.running.borrow().contains_key(&id) => Err(Closing::IdInUse { id }),
            Heard::Subscribe { id, payload } => self.begin(id, payload).await,
            Heard::Complete { id } => {
                if let Some(operation) = self.running.borrow_mut().remove(&id) {
                    operation.task.abort();
                }
                Ok(())
            }
        }
    }

    /// Takes the key out of the greeting, where it holds one, and looks whether it is good.
    async fn greet(&mut self, payload: Map<String, Value>) -> Result<(), Closing> {
        let given = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if let Some((_, given)) = given {
            let token = given.as_str().and_then(Sender::token_of).ok_or(Closing::Forbidden)?;
            self.sender.token = Some(token);
        }
        // Browsers set no headers of a handshake.
        if let Some((_, named)) = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("yulin-role")) {
            self.sender.role = Some(named.as_str().and_then(|code| code.parse().ok()).ok_or(Closing::Forbidden)?);
        }
        let caller = match self.door.admission.greet(&self.sender).await {
            Ok(caller) => caller,
            Err(HttpRefused::KeyUnknown | HttpRefused::PrincipalUnknown | HttpRefused::RoleNotGranted { .. }) => {
                return Err(Closing::Forbidden);
            }
            Err(_) => return Err(Closing::Fault),
        };
        self.place.greeted(caller).map_err(|_| Closing::Full)?;
        self.is_greeted = true;
        self.voice.say(&Said::ConnectionAck).await.map(drop)
    }

    async fn begin(&mut self, id: String, payload: Map<String, Value>) -> Result<(), Closing> {
        if self.running.borrow().len() >= SOCKET_OPERATIONS_MAX {
            let refused = HttpRefused::TooManyOperations.to_error();
            return self.voice.say(&Said::Error { id: &id, payload: &[refused] }).await.map(drop);
        }
        self.asked_at = Instant::now();
        let operating = Operating {
            door: self.door.clone(),
            voice: self.voice.clone(),
            running: Rc::clone(&self.running),
            id: id.clone(),
        };
        let operation = actix_web::rt::spawn(operating.run(self.sender.clone(), payload));
        let under_way = UnderWay { task: operation.abort_handle(), is_streamed: false };
        self.running.borrow_mut().insert(id, under_way);
        Ok(())
    }
}
