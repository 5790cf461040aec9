//! A gateway over a test's registry, asked over HTTP as its clients ask.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use yulin_domain::codes::Role;
use yulin_domain::journal::{DistrictId, FactorId, Narrowing, PartyId, PrincipalId};
use yulin_domain::party::RegisterPrincipal;
use yulin_gateway::feed::{Events, Pace};
use yulin_gateway::http::{Listening, Profile, Running, Sandbox, ServeOptions, serve};
use yulin_gateway::identity::{Oidc, Provider};
use yulin_persistence::Registry;

use crate::TestRegistry;

/// A server of its own.
pub struct Gateway {
    pub registry: Registry,
    pub address: SocketAddr,
    running: Running,
    stop: Stop,
    client: reqwest::Client,
}

/// Asks a server to stop; clones ask the same one.
#[derive(Clone)]
pub struct Stop(Arc<Mutex<Option<oneshot::Sender<()>>>>);

impl Stop {
    /// Asks it; once.
    pub fn stop(&self) {
        let stop = self.0.lock().expect("nobody panicked").take().expect("it was not asked before");
        stop.send(()).expect("the server runs");
    }
}

impl Gateway {
    /// Serves a registry.
    pub async fn open(registry: &Registry) -> Self {
        Self::with_heartbeat(registry, Pace::default().heartbeat).await
    }

    /// Serves a registry, with signs of life as often as that; webhooks are not delivered, so that nothing is asked unasked.
    pub async fn with_heartbeat(registry: &Registry, heartbeat: Duration) -> Self {
        Self::with(registry, Events { pace: Pace { heartbeat }, webhooks: None }).await
    }

    /// Serves a registry that tells of its events in a way of its own.
    pub async fn with(registry: &Registry, events: Events) -> Self {
        Self::serving(registry, events, None).await
    }

    /// Serves a registry as a sandbox.
    pub async fn sandbox(registry: &Registry, sandbox: Sandbox) -> Self {
        Self::serving(registry, Events { pace: Pace::default(), webhooks: None }, Some(sandbox)).await
    }

    /// Serves a registry that takes the tokens of a provider as well.
    pub async fn taking_tokens(registry: &Registry, oidc: Oidc) -> Self {
        let provider = Provider::of(oidc).expect("a provider");
        let events = Events { pace: Pace { heartbeat: Duration::from_millis(300) }, webhooks: None };
        Self::served(registry, (events, None, Some(provider))).await
    }

    async fn serving(registry: &Registry, events: Events, sandbox: Option<Sandbox>) -> Self {
        Self::served(registry, (events, sandbox, None)).await
    }

    async fn served(
        registry: &Registry,
        (events, sandbox, provider): (Events, Option<Sandbox>, Option<Provider>),
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let listening = Listening { sandbox, ..Listening::at(SocketAddr::from(([127, 0, 0, 1], 0))) };
        let usual = ServeOptions::usual(registry.clone(), listening, Profile::Development);
        let shutdown = Box::pin(async { stopped.await.unwrap_or_default() });
        let options = ServeOptions { events, provider, shutdown, ..usual };
        let running = serve(options).await.expect("the server listens");
        let stop = Stop(Arc::new(Mutex::new(Some(stop))));
        Self { registry: registry.clone(), address: running.address, running, stop, client: reqwest::Client::new() }
    }

    /// A POST to the endpoint, as a bearer of a key or as the public.
    pub fn post(&self, key: Option<&str>) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("http://{}/graphql", self.address));
        let request = request.header("Accept", "application/graphql-response+json");
        match key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    /// The client, for requests of other kinds.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// The bytes of an answer.
    pub async fn bytes(&self, key: Option<&str>, query: &str, variables: &Value) -> Vec<u8> {
        let request = self.post(key).json(&json!({ "query": query, "variables": variables }));
        let answer = request.send().await.expect("an answer");
        answer.bytes().await.expect("a body").to_vec()
    }

    /// An answer, whatever it is.
    pub async fn asked(&self, key: Option<&str>, query: &str, variables: &Value) -> Value {
        serde_json::from_slice(&self.bytes(key, query, variables).await).expect("an answer is JSON")
    }

    /// The data of an answer without errors.
    pub async fn told(&self, key: Option<&str>, query: &str, variables: &Value) -> Value {
        let mut answer = self.asked(key, query, variables).await;
        assert!(answer.get("errors").is_none(), "{}", answer["errors"]);
        answer["data"].take()
    }

    /// By what it is asked to stop while others still hold it.
    pub fn stopping(&self) -> Stop {
        self.stop.clone()
    }

    /// Stops listening.
    pub async fn close(self) {
        self.stop.stop();
        self.ended().await;
    }

    /// Waits until it has ended.
    pub async fn ended(self) {
        self.running.handle.await.expect("the server ends").expect("the server ends well");
    }
}

impl TestRegistry {
    /// A key of a principal of its own for a role; none for the public, who has none.
    pub async fn key(&self, role: Role) -> Option<String> {
        if role == Role::Public {
            return None;
        }
        let name = format!("test-{role}");
        let principal = self.registry.ensure_principal(&name, role).await.expect("a principal");
        Some(self.registry.issue_key(principal, role, None).await.expect("a key"))
    }

    /// A key of the principal of a role, narrowed to districts and factors.
    pub async fn narrowed_key(&self, role: Role, districts: &[DistrictId], factors: &[FactorId]) -> String {
        let principal = self.registry.ensure_principal(&format!("test-{role}"), role).await.expect("a principal");
        let narrowing = Narrowing::to(districts.iter().copied().collect(), factors.iter().copied().collect());
        let issued = self.registry.issue_narrowed_key((principal, role), narrowing.as_ref(), None).await;
        issued.expect("a key")
    }

    /// A key of an enterprise that reads the data of a party.
    pub async fn key_of_party(&self, party: PartyId) -> String {
        let roles = [Role::Enterprise].into();
        let act = self.done(RegisterPrincipal { name: format!("of {party}"), party: Some(party), roles }).await;
        let principal = PrincipalId::made_by(act, 0, 0);
        self.registry.issue_key(principal, Role::Enterprise, None).await.expect("a key")
    }
}
