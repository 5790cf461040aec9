//! `yulin serve`: the registry over HTTP, or the demo zone of its own.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use serde_json::json;
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_gateway::feed::Events;
use yulin_gateway::http::{DemoInfo, Example, Profile, ServeOptions, serve};
use yulin_persistence::Registry;

use crate::cli::General;
use crate::connection::{database_url, open};
use crate::demo::{self, DemoScale};
use crate::say::{Say, not_performed};

/// The file of the demo where none is named.
const DEMO_DATABASE: &str = "sqlite://yulin-demo.sqlite?mode=rwc";
/// The name shown wherever the demo is.
const DEMO_ZONE: &str = "浦江经济开发区（生成的演示数据） · generated demo data";
const READERS: u32 = 4;

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Serve a generated demo zone on a file of its own, on this machine only
    #[arg(long)]
    demo: bool,
    /// Parcels of the demo zone when it is made
    #[arg(long, value_name = "PARCELS", allow_negative_numbers = true, requires = "demo", default_value_t = DemoScale::default().parcels)]
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
    let url = database_url(general, args.demo.then_some(DEMO_DATABASE));
    let registry = open(&url, READERS).await?;
    let demo = if args.demo { Some(prepare_demo(&registry, args.scale, say).await?) } else { None };
    let profile = match args.profile {
        ProfileName::Development => Profile::Development,
        ProfileName::Production => Profile::Production,
    };
    let shown = demo.clone();
    let (bind, workers) = (args.bind, args.workers);
    let shutdown = Box::pin(asked_to_stop());
    let (registry_served, events) = (registry.clone(), Events::default());
    let options = ServeOptions { registry: registry_served, bind, workers, profile, demo, events, shutdown };
    let serving = serve(options).await;
    let running = serving.map_err(|why| Refused::new(ErrorCode::NotReady).at("bind").told("problem", why))?;
    announce(say, running.address, shown.as_ref());
    running.handle.await??;
    registry.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Makes the demo zone where there is none, and keys for every role anew.
async fn prepare_demo(registry: &Registry, parcels: u32, say: Say) -> anyhow::Result<DemoInfo> {
    if !registry.is_demo().await? && registry.head().await?.seq > 0 {
        let refused = Refused::new(ErrorCode::State).at("database");
        return Err(refused.with("problem", "it was not made by the demo and is left as it is").into());
    }
    if !registry.is_demo_filled().await? {
        say.note("Making the demo zone. It is generated, labelled so, and made once.");
        let bar = ProgressBar::new(0);
        let scale = DemoScale { parcels, ..DemoScale::default() };
        let report = demo::fill(registry, scale, &mut |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
        .await?;
        bar.finish_and_clear();
        registry.mark_demo_filled().await?;
        let (acts, parcels, seq) = (report.acts, report.parcels, report.last_seq);
        say.note(format!("{parcels} parcels in {acts} acts; the journal stands at {seq}."));
    }
    registry.revoke_all_keys().await?;
    let mut tokens = Vec::new();
    for role in Role::all() {
        if matches!(role, Role::System | Role::Public) {
            continue;
        }
        let name = format!("demo-{}", role.code().to_lowercase());
        let principal = registry.ensure_principal(&name, *role).await.map_err(not_performed)?;
        tokens.push((*role, registry.issue_key(principal, *role, None).await?));
    }
    let examples = demo::examples().into_iter().map(|example| Example {
        title: example.title,
        title_zh: example.title_zh,
        query: example.query,
        variables: example.variables,
    });
    Ok(DemoInfo { zone_name: DEMO_ZONE.to_owned(), tokens, examples: examples.collect() })
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
