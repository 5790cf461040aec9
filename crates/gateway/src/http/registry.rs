//! The gateway over a registry: keys are looked up there, and its schema answers.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;

use async_graphql::Request;
use tokio::sync::oneshot;
use yulin_persistence::{PersistenceError, Registry};

use super::admission::{Admission, Admitted, Sender};
use super::demo::DemoInfo;
use super::graphql::Door;
use super::profile::Profile;
use super::refused::HttpRefused;
use super::sandbox::Sandbox;
use super::serve::{Listening, Running, ServeError, start};
use crate::export::Exporter;
use crate::feed::Events;
use crate::request::{AnswerSize, Bearer, OperationSeq, PinnedAt, Viewer};
use crate::schema::build_schema_with;
use crate::webhook::{Courier, Targets};

/// What is served, where, to whom, and until when.
pub struct ServeOptions {
    pub registry: Registry,
    pub bind: SocketAddr,
    /// Threads that answer.
    pub workers: usize,
    pub profile: Profile,
    /// What the page of a demo shows; keys among it, so a demo listens on loopback only.
    pub demo: Option<DemoInfo>,
    /// The faults that may be asked for, where the registry is a sandbox.
    pub sandbox: Option<Sandbox>,
    /// How events are told.
    pub events: Events,
    /// When it comes, nothing more is accepted and what was accepted is finished.
    pub shutdown: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// Serves a registry. The caller closes the registry when the server has ended.
pub async fn serve(options: ServeOptions) -> Result<Running, ServeError> {
    let ServeOptions { registry, bind, workers, profile, demo, sandbox, events, shutdown } = options;
    let targets = match profile {
        Profile::Development => Targets::LoopbackToo,
        Profile::Production => Targets::Public,
    };
    let executor = build_schema_with(registry.clone(), &events, targets);
    let door = Door { executor, admission: ByKey::of(registry.clone()), profile };
    let (begin, begun) = oneshot::channel::<Courier>();
    let ended = async move {
        shutdown.await;
        if let Ok(courier) = begun.await {
            courier.stop().await;
        }
    };
    let running = start(door, Listening { bind, workers, demo, sandbox }, ended).await?;
    // Nothing is delivered by a gateway that cannot listen.
    if let Some(options) = events.webhooks {
        match Courier::start(registry, options, targets) {
            Ok(courier) => drop(begin.send(courier)),
            Err(error) => tracing::error!(%error, "webhooks are not delivered from here"),
        }
    }
    Ok(running)
}

/// Lets in whom the registry knows by his key, and everybody without one as the public.
#[derive(Debug, Clone)]
struct ByKey {
    registry: Registry,
    exporter: Exporter,
}

impl ByKey {
    fn of(registry: Registry) -> Self {
        Self { exporter: Exporter::of(registry.clone()), registry }
    }

    async fn viewer(&self, token: Option<&str>) -> Result<Viewer, HttpRefused> {
        let Some(token) = token else { return Ok(Viewer::public()) };
        let identity = self.registry.authenticate(token).await.map_err(|error| fault(&error))?;
        identity.map(Viewer::of).ok_or(HttpRefused::KeyUnknown)
    }
}

impl Admission for ByKey {
    async fn admit(&self, sender: &Sender, request: Request) -> Result<Admitted, HttpRefused> {
        let viewer = self.viewer(sender.token.as_deref()).await?;
        let operation = OperationSeq::default();
        let request = request.data(viewer).data(PinnedAt { at_least: sender.at_least }).data(AnswerSize::default());
        let mut request = request.data(operation.clone());
        if let Some(token) = &sender.token {
            request = request.data(Bearer(token.clone()));
        }
        Ok(Admitted { request, answered_at: Box::new(move || operation.seq()) })
    }

    async fn exporter(&self, sender: &Sender) -> Result<(Exporter, Viewer), HttpRefused> {
        Ok((self.exporter.clone(), self.viewer(sender.token.as_deref()).await?))
    }

    fn log(&self) -> Result<&Registry, HttpRefused> {
        Ok(&self.registry)
    }

    async fn is_ready(&self) -> Result<(), HttpRefused> {
        match self.registry.readiness().await {
            Ok(()) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, "not ready");
                Err(HttpRefused::NotReady)
            }
        }
    }
}

/// What went wrong stands in the log, under the reference that the reply carries.
fn fault(error: &PersistenceError) -> HttpRefused {
    if matches!(error, PersistenceError::Stopped) {
        return HttpRefused::NotReady;
    }
    let reference = uuid::Uuid::new_v4();
    tracing::error!(%reference, %error, "a key could not be looked up");
    HttpRefused::Fault { reference }
}
