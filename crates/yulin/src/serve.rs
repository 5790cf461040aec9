//! `yulin serve`: the registry over HTTP, or a generated zone of its own.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use yulin_domain::codes::Labelled;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_gateway::feed::Events;
use yulin_gateway::http::{DemoInfo, Metrics, Profile, Running, ServeOptions, serve, tell_metrics};

use crate::cli::General;
use crate::connection::{database_url, open};
use crate::generated::Generated;
use crate::say::Say;
use crate::serve_args::ServeArgs;

const READERS: u32 = 6;
/// How often a checkpoint of the journal is signed, where it has grown.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(1);
/// How often the ledger is compared with what the journal says of it.
const COMPARE_EVERY: Duration = Duration::from_secs(10);

/// Serves until it is asked to stop; what was accepted is finished.
pub async fn run(general: &General, say: Say, args: ServeArgs) -> anyhow::Result<ExitCode> {
    let url = database_url(general, args.generated().map(Generated::database));
    args.check(&url)?;
    let (generated, documents, provider) = (args.generated(), args.documents()?, args.provider()?);
    let mut listening = args.listening()?;
    if args.profile() == Profile::Production && !args.has_public_url() {
        tracing::warn!("links begin with whatever host a client names: say --public-url");
    }
    if args.profile() == Profile::Development && !args.bind.ip().is_loopback() && generated.is_none() {
        tracing::warn!("others than this machine are served in the development profile: say --profile production");
    }
    // Before anything is opened, so that nothing goes uncounted.
    let telling = args.metrics_bind.map(tell).transpose()?;
    let registry = open(&url, READERS).await?;
    args.read_standby(&registry)?;
    let made = match generated {
        Some(generated) => Some(generated.prepare(&registry, args.scale, say).await?),
        None => None,
    };
    // The page gives its keys to whoever reaches it: beyond this machine they are told here alone.
    listening.demo = made.clone().filter(|_| listening.bind.ip().is_loopback());
    let scheme = if listening.tls.is_some() { "https" } else { "http" };
    let options = ServeOptions {
        registry: registry.clone(),
        listening,
        profile: args.profile(),
        rates: args.rates(),
        documents,
        events: Events::default(),
        provider,
        shutdown: Box::pin(asked_to_stop()),
    };
    let serving = serve(options).await;
    let not_ready = |why| Refused::new(ErrorCode::NotReady).at("bind").told("problem", why);
    let running = serving.map_err(not_ready)?;
    let metrics = telling.as_ref().map(|telling| format!("http://{}/metrics", telling.address));
    announce(say, &format!("{scheme}://{}", running.address), (args.profile(), metrics), made.as_ref());
    let signing = tokio::spawn(registry.clone().keep_checkpoints(CHECKPOINT_EVERY));
    let comparing = tokio::spawn(registry.clone().keep_comparing(COMPARE_EVERY));
    let ended = running.handle.await;
    signing.abort();
    comparing.abort();
    registry.close().await;
    if let Some(telling) = telling {
        telling.handle.abort();
    }
    ended??;
    Ok(ExitCode::SUCCESS)
}

/// Tells Prometheus at an address how the registry fares.
fn tell(bind: SocketAddr) -> anyhow::Result<Running> {
    let not_ready = |why| Refused::new(ErrorCode::NotReady).at("metrics-bind").told("problem", why);
    Ok(tell_metrics(Metrics::install()?, bind).map_err(not_ready)?)
}

fn announce(say: Say, address: &str, (profile, metrics): (Profile, Option<String>), demo: Option<&DemoInfo>) {
    let page = (profile == Profile::Development).then(|| format!("{address}/"));
    let (map, endpoint) = (format!("{address}/map"), format!("{address}/graphql"));
    if say == Say::Json {
        let tokens =
            demo.map(|demo| demo.tokens.iter().map(|(role, token)| json!({"role": role.code(), "token": token})));
        let tokens: Vec<_> = tokens.into_iter().flatten().collect();
        let told = json!({ "page": page, "map": map, "endpoint": endpoint, "metrics": metrics, "tokens": tokens });
        say.result(&told, "");
        return;
    }
    if let Some(page) = page {
        say.note(format!("Query page  {page}"));
    }
    say.note(format!("Map         {map}\nGraphQL     {endpoint}"));
    if let Some(metrics) = metrics {
        say.note(format!("Metrics     {metrics}"));
    }
    let Some(demo) = demo else { return };
    say.note(format!("\n{}\n\nKeys (new at each start; send as `Authorization: Bearer KEY`):", demo.zone_name));
    for (role, token) in &demo.tokens {
        say.note(format!("  {:<14} {token}", role.code()));
    }
    say.note("\nThree questions to begin with, ready to run on the query page:");
    for example in &demo.examples {
        say.note(format!("  - {}\n    {}", example.title, example.title_zh));
    }
    say.note("\nCtrl-C stops.");
}

/// Ctrl-C, or the signal by which a service is stopped.
pub async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
        return;
    }
    if let Err(error) = interrupted.await {
        tracing::warn!(%error, "signals are not heard; the server runs until it is killed");
    }
}
