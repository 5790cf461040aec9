//! `yulin serve`: the registry over HTTP, or a generated zone of its own.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;
use yulin_domain::codes::Labelled;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_gateway::feed::Events;
use yulin_gateway::http::{DemoInfo, Profile, Sandbox, ServeOptions, serve};

use crate::cli::General;
use crate::connection::{database_url, open};
use crate::demo::DemoScale;
use crate::generated::Generated;
use crate::say::Say;

const READERS: u32 = 4;
/// How often a checkpoint of the journal is signed, where it has grown.
const CHECKPOINT_EVERY: Duration = Duration::from_mins(1);
/// How often the ledger is compared with what the journal says of it.
const COMPARE_EVERY: Duration = Duration::from_secs(10);

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Serve a generated demo zone on a file of its own, on this machine only
    #[arg(long, group = "generated")]
    demo: bool,
    /// Serve a generated zone on a file of its own to integrators, with faults that they may ask for
    #[arg(long, group = "generated")]
    sandbox: bool,
    /// Parcels of the generated zone when it is made
    #[arg(long, value_name = "PARCELS", allow_negative_numbers = true, requires = "generated", default_value_t = DemoScale::default().parcels)]
    scale: u32,
    /// Where to listen
    #[arg(long, env = "YULIN_BIND", default_value = "127.0.0.1:8080")]
    bind: SocketAddr,
    /// Threads that answer
    #[arg(long, env = "YULIN_WORKERS", allow_negative_numbers = true, default_value_t = 2)]
    workers: usize,
    /// How open the schema is
    #[arg(long, env = "YULIN_PROFILE", value_enum, default_value_t = ProfileName::Development)]
    profile: ProfileName,
}

impl ServeArgs {
    /// Which generated zone is asked for; the two exclude each other.
    fn generated(&self) -> Option<Generated> {
        let sandbox = self.sandbox.then_some(Generated::Sandbox);
        sandbox.or_else(|| self.demo.then_some(Generated::Demo))
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileName {
    Development,
    Production,
}

/// Serves until it is asked to stop; what was accepted is finished.
pub async fn run(general: &General, say: Say, args: ServeArgs) -> anyhow::Result<ExitCode> {
    if args.demo && !args.bind.ip().is_loopback() {
        let refused = Refused::new(ErrorCode::Validation).at("bind").told("given", args.bind);
        return Err(refused.with("problem", "the demo listens on this machine only").into());
    }
    let generated = args.generated();
    let url = database_url(general, generated.map(Generated::database));
    let registry = open(&url, READERS).await?;
    let made = match generated {
        Some(generated) => Some(generated.prepare(&registry, args.scale, say).await?),
        None => None,
    };
    let profile = match args.profile {
        ProfileName::Development => Profile::Development,
        ProfileName::Production => Profile::Production,
    };
    let (bind, workers) = (args.bind, args.workers);
    let options = ServeOptions {
        registry: registry.clone(),
        bind,
        workers,
        profile,
        // The page gives its keys to whoever reaches it: beyond this machine they are told here alone.
        demo: made.clone().filter(|_| bind.ip().is_loopback()),
        events: Events::default(),
        sandbox: args.sandbox.then(Sandbox::default),
        shutdown: Box::pin(asked_to_stop()),
    };
    let serving = serve(options).await;
    let running = serving.map_err(|why| Refused::new(ErrorCode::NotReady).at("bind").told("problem", why))?;
    announce(say, running.address, made.as_ref());
    let signing = tokio::spawn(registry.clone().keep_checkpoints(CHECKPOINT_EVERY));
    let comparing = tokio::spawn(registry.clone().keep_comparing(COMPARE_EVERY));
    let ended = running.handle.await;
    signing.abort();
    comparing.abort();
    registry.close().await;
    ended??;
    Ok(ExitCode::SUCCESS)
}

fn announce(say: Say, address: SocketAddr, demo: Option<&DemoInfo>) {
    let (page, endpoint) = (format!("http://{address}/"), format!("http://{address}/graphql"));
    if say == Say::Json {
        let tokens =
            demo.map(|demo| demo.tokens.iter().map(|(role, token)| json!({"role": role.code(), "token": token})));
        let tokens: Vec<_> = tokens.into_iter().flatten().collect();
        say.result(&json!({ "page": page, "endpoint": endpoint, "tokens": tokens }), "");
        return;
    }
    say.note(format!("Query page  {page}\nGraphQL     {endpoint}"));
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
