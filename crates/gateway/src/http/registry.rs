//! The gateway over a registry: keys are looked up there, and its schema answers.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::Request;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;
use yulin_domain::codes::Role;
use yulin_domain::party::Principal;
use yulin_persistence::{Identity, PersistenceError, Registry};

use super::admission::{Admission, Admitted, Sender};
use super::allowance::Allowance;
use super::caller::Caller;
use super::documents::Documents;
use super::graphql::Door;
use super::limits::SHUTDOWN_MAX_S;
use super::performing::Performing;
use super::profile::Profile;
use super::rate::Rates;
use super::refused::HttpRefused;
use super::serve::{Listening, Running, ServeError, start};
use crate::export::Exporter;
use crate::feed::Events;
use crate::identity::{Provider, SignedIn, TokenRefused};
use crate::request::{AnswerSize, Bearer, OperationSeq, PinnedAt, SessionUntil, Viewer};
use crate::schema::build_schema_with;
use crate::webhook::{Courier, Targets};

/// How long it is believed whether the registry can answer.
const READY_FRESH: Duration = Duration::from_millis(500);
/// How long it may take to tell who asks.
const LOOK_UP_MAX: Duration = Duration::from_secs(10);
/// How long deliveries may take to end.
const COURIER_MAX: Duration = Duration::from_secs(10);

/// What is served, where, to whom, and until when.
pub struct ServeOptions {
    pub registry: Registry,
    pub listening: Listening,
    pub profile: Profile,
    /// How much callers may ask.
    pub rates: Rates,
    /// The documents that are trusted.
    pub documents: Documents,
    /// How events are told.
    pub events: Events,
    /// Whose tokens are taken beside the registry's own keys.
    pub provider: Option<Provider>,
    /// When it comes, nothing more is accepted and what was accepted is finished.
    pub shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl ServeOptions {
    /// What is usual in a profile, until the process ends.
    pub fn usual(registry: Registry, listening: Listening, profile: Profile) -> Self {
        let (rates, documents, events) = (Rates::usual(profile), Documents::default(), Events::default());
        let shutdown = Box::pin(std::future::pending());
        Self { registry, listening, profile, rates, documents, events, provider: None, shutdown }
    }
}

/// Serves a registry. The caller closes the registry when the server has ended.
pub async fn serve(options: ServeOptions) -> Result<Running, ServeError> {
    let ServeOptions { registry, listening, profile, rates, documents, events, provider, shutdown } = options;
    let targets = match profile {
        Profile::Development => Targets::LoopbackToo,
        Profile::Production => Targets::Public,
    };
    let executor = build_schema_with(registry.clone(), &events, targets);
    let (admission, allowance) = (ByKey::of(registry.clone(), provider), Allowance::of(rates));
    let performing = Performing::here();
    let door = Door { executor, admission, profile, allowance, documents, performing: performing.clone() };
    let (end, ending) = oneshot::channel::<()>();
    let ended = async move {
        shutdown.await;
        // Where nobody waits for it the server has ended already.
        let _ = end.send(());
    };
    let running = start(door, listening, ended).await?;
    // Nothing is delivered by a gateway that cannot listen.
    let courier = events.webhooks.and_then(|options| {
        let courier = Courier::start(registry, options, targets);
        courier.inspect_err(|error| tracing::error!(%error, "webhooks are not delivered from here")).ok()
    });
    let Running { address, handle } = running;
    Ok(Running { address, handle: tokio::spawn(finished(handle, (ending, courier), performing)) })
}

/// Waits until the server has ended and all that was under way in it, as long as it may take together: deliveries are let go of
/// beside it, and mutations whose clients are gone go on.
async fn finished(
    mut server: JoinHandle<std::io::Result<()>>,
    (ending, courier): (oneshot::Receiver<()>, Option<Courier>),
    performing: Performing,
) -> std::io::Result<()> {
    let served = tokio::select! {
        served = &mut server => Some(served),
        // It comes, or can come no more.
        _ = ending => None,
    };
    let asked_at = Instant::now();
    let stopping = async {
        if let Some(courier) = courier
            && tokio::time::timeout(COURIER_MAX, courier.stop()).await.is_err()
        {
            tracing::warn!("deliveries did not end in time; they come again from whoever goes on");
        }
    };
    let serving = async {
        match served {
            Some(served) => served,
            None => server.await,
        }
    };
    let (served, ()) = tokio::join!(serving, stopping);
    let left = Duration::from_secs(SHUTDOWN_MAX_S).saturating_sub(asked_at.elapsed());
    if tokio::time::timeout(left, performing.finished()).await.is_err() {
        tracing::warn!("a mutation did not end in time; whether it was recorded is told to whoever sends its id again");
    }
    served.map_err(std::io::Error::other)?
}

/// Lets in whom the registry knows by his key, and everybody without one as the public.
#[derive(Debug, Clone)]
struct ByKey {
    registry: Registry,
    exporter: Exporter,
    provider: Option<Provider>,
    /// Whether the registry could answer, and when that was looked at.
    ready: Arc<Mutex<Option<(Instant, bool)>>>,
}

impl ByKey {
    fn of(registry: Registry, provider: Option<Provider>) -> Self {
        Self { exporter: Exporter::of(registry.clone()), registry, provider, ready: Arc::default() }
    }

    /// Who a sender is, and until when, where that is said. Nothing is begun for whom nobody can tell in time.
    async fn viewer(&self, sender: &Sender) -> Result<(Viewer, Option<SessionUntil>), HttpRefused> {
        let looked_up = tokio::time::timeout(LOOK_UP_MAX, self.look_up(sender)).await;
        looked_up.unwrap_or(Err(HttpRefused::NotReady))
    }

    async fn look_up(&self, sender: &Sender) -> Result<(Viewer, Option<SessionUntil>), HttpRefused> {
        let Some(token) = &sender.token else { return Ok((Viewer::public(), None)) };
        let (identity, until) = match &self.provider {
            Some(provider) if Provider::is_token(token) => {
                let SignedIn { name, until } = provider.signed_in(token).await.map_err(|why| match why {
                    TokenRefused::Unknown => HttpRefused::KeyUnknown,
                    TokenRefused::Unreachable => HttpRefused::NotReady,
                })?;
                (self.by_name(&provider.principal(&name), sender.role).await?, Some(SessionUntil(until)))
            }
            Some(_) | None => (self.by_key(token, sender.role).await?, None),
        };
        Ok((Viewer::of(identity), until))
    }

    async fn by_key(&self, token: &str, named: Option<Role>) -> Result<Identity, HttpRefused> {
        let identity = self.registry.authenticate(token).await.map_err(|error| fault(&error))?;
        let identity = identity.ok_or(HttpRefused::KeyUnknown)?;
        match named {
            Some(role) if role != identity.role => Err(HttpRefused::RoleNotGranted { granted: vec![identity.role] }),
            Some(_) | None => Ok(identity),
        }
    }

    /// Whoever signed in asks in the role that he names, of those that acts granted to him, or in the only one.
    async fn by_name(&self, name: &str, named: Option<Role>) -> Result<Identity, HttpRefused> {
        let principal = self.registry.principal_named(name).await.map_err(|error| fault(&error))?;
        let Some(Principal { id: principal, roles, party, .. }) = principal else {
            // The name may be somebody's own.
            let name = hex::encode(Sha256::digest(name.as_bytes()).get(..6).unwrap_or_default());
            tracing::info!(name, "somebody signed in who is no principal here");
            return Err(HttpRefused::PrincipalUnknown);
        };
        let only = if roles.len() == 1 { roles.first().copied() } else { None };
        match named.or(only).filter(|role| roles.contains(role)) {
            Some(role) => Ok(Identity { principal, role, party, narrowing: None }),
            None => Err(HttpRefused::RoleNotGranted { granted: roles.into_iter().collect() }),
        }
    }
}

impl Admission for ByKey {
    async fn admit(&self, sender: &Sender, request: Request) -> Result<Admitted, HttpRefused> {
        let (viewer, until) = self.viewer(sender).await?;
        let caller = caller(sender, &viewer, until);
        let operation = OperationSeq::default();
        let request = request.data(viewer).data(PinnedAt { at_least: sender.at_least }).data(AnswerSize::default());
        let mut request = request.data(operation.clone());
        match (until, &sender.token) {
            (Some(until), _) => request = request.data(until),
            (None, Some(token)) => request = request.data(Bearer(token.clone())),
            (None, None) => {}
        }
        Ok(Admitted { request, answered_at: Box::new(move || operation.seq()), caller })
    }

    async fn exporter(&self, sender: &Sender) -> Result<(Exporter, Viewer, Caller), HttpRefused> {
        let (_, viewer, caller) = self.reader(sender).await?;
        Ok((self.exporter.clone(), viewer, caller))
    }

    async fn reader(&self, sender: &Sender) -> Result<(Registry, Viewer, Caller), HttpRefused> {
        let (viewer, until) = self.viewer(sender).await?;
        let caller = caller(sender, &viewer, until);
        Ok((self.registry.clone(), viewer, caller))
    }

    fn log(&self) -> Result<&Registry, HttpRefused> {
        Ok(&self.registry)
    }

    async fn is_ready(&self) -> Result<(), HttpRefused> {
        // Whoever asks together is answered together.
        let mut known = self.ready.lock().await;
        let fresh = known.filter(|(looked_at, _)| looked_at.elapsed() < READY_FRESH);
        let is_ready = if let Some((_, is_ready)) = fresh {
            is_ready
        } else {
            let ready = self.registry.readiness().await;
            let ready = ready.inspect_err(|error| tracing::warn!(%error, "not ready")).is_ok();
            *known = Some((Instant::now(), ready));
            ready
        };
        drop(known);
        is_ready.then_some(()).ok_or(HttpRefused::NotReady)
    }
}

/// Whose allowance is asked: a new token is no new caller.
fn caller(sender: &Sender, viewer: &Viewer, until: Option<SessionUntil>) -> Caller {
    match (until, &viewer.identity) {
        (Some(_), Some(Identity { principal, role, .. })) => Caller::SignedIn(*principal, *role),
        (Some(_) | None, _) => Caller::of(sender),
    }
}

/// What went wrong stands in the log, under the reference that the reply carries.
fn fault(error: &PersistenceError) -> HttpRefused {
    if matches!(error, PersistenceError::Stopped) || error.is_out_of_reach() {
        return HttpRefused::NotReady;
    }
    let reference = uuid::Uuid::new_v4();
    tracing::error!(%reference, %error, "a key could not be looked up");
    HttpRefused::Fault { reference }
}
