//! Listening: binds the address, starts the workers, ends in order.
//!
//! What is served is given as a door; which registry stands behind it is said in `registry`.

use std::future::Future;
use std::net::SocketAddr;

use actix_web::middleware::{Compress, Condition, DefaultHeaders, from_fn};
use actix_web::{App, HttpServer, web};
use async_graphql::Executor;
use tokio::task::JoinHandle;

use super::admission::Admission;
use super::demo::DemoInfo;
use super::graphql::Door;
use super::guards::{STRICT_TRANSPORT, logged, loopback_host, security_headers};
use super::limits::{SHUTDOWN_MAX_S, STREAMS_MAX};
use super::listener::listener;
use super::origins::Origins;
use super::page::Page;
use super::proxies::Proxies;
use super::reader::PublicUrl;
use super::routes::routes;
use super::sandbox::{SANDBOX_HEADER, Sandbox, faulty, sandbox_routes};
use super::sockets::Sockets;
use super::tls::{Tls, TlsInvalid};

/// Where to listen and how, what a demo shows, and the faults of a sandbox.
#[derive(Debug, Clone)]
pub struct Listening {
    pub bind: SocketAddr,
    /// Threads that answer; at least one is started.
    pub workers: usize,
    /// Sockets and streams of events that may be open at once.
    pub streams_max: usize,
    pub origins: Origins,
    /// Who stands before it and says where clients are.
    pub proxies: Proxies,
    /// None where it is served in the clear, on this machine or behind what ends TLS.
    pub tls: Option<Tls>,
    pub demo: Option<DemoInfo>,
    pub sandbox: Option<Sandbox>,
    pub public_url: PublicUrl,
}

impl Listening {
    /// With one thread, in the clear, for pages of its own alone.
    pub fn at(bind: SocketAddr) -> Self {
        Self {
            bind,
            workers: 1,
            streams_max: STREAMS_MAX,
            origins: Origins::default(),
            proxies: Proxies::default(),
            tls: None,
            demo: None,
            sandbox: None,
            public_url: PublicUrl::default(),
        }
    }
}

/// A server that has begun to answer.
#[derive(Debug)]
pub struct Running {
    /// The address it was bound to, with the port that was chosen where port 0 was asked for.
    pub address: SocketAddr,
    /// Ends when the server has.
    pub handle: JoinHandle<std::io::Result<()>>,
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The page of a demo gives its keys to everyone who can reach it.
    #[error("a demo listens on a loopback address only, not on {address}")]
    DemoBeyondLoopback { address: SocketAddr },
    #[error("{address} cannot be listened on: {why}")]
    Bind { address: SocketAddr, why: std::io::Error },
    #[error(transparent)]
    Tls(#[from] TlsInvalid),
}

/// Listens and answers until `shutdown` comes; operations that were accepted by then are finished.
pub async fn start<E: Executor, A: Admission>(
    door: Door<E, A>,
    listening: Listening,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<Running, ServeError> {
    let Listening { bind, workers, streams_max, origins, proxies, tls, demo, sandbox, public_url } = listening;
    if demo.is_some() && !bind.ip().is_loopback() {
        return Err(ServeError::DemoBeyondLoopback { address: bind });
    }
    let (page, is_demo, is_sandbox) = (Page::new(demo.as_ref(), door.profile), demo.is_some(), sandbox.is_some());
    let sandbox = sandbox.unwrap_or_default();
    let (sockets, is_encrypted) = (Sockets::most(streams_max), tls.is_some());
    let open = sockets.clone();
    let app = move || {
        App::new()
            .app_data(web::Data::new(door.clone()))
            .app_data(web::Data::new(page.clone()))
            .app_data(web::Data::new(sandbox.clone()))
            .app_data(web::Data::new(open.clone()))
            .app_data(web::Data::new(origins.clone()))
            .app_data(web::Data::new(proxies.clone()))
            .app_data(web::Data::new(public_url.clone()))
            .configure(routes::<E, A>)
            .configure(move |config| {
                if is_sandbox {
                    sandbox_routes::<E, A>(config);
                }
            })
            .wrap(Condition::new(is_sandbox, from_fn(faulty)))
            .wrap(Condition::new(is_sandbox, DefaultHeaders::new().add(SANDBOX_HEADER)))
            .wrap(Condition::new(is_demo, from_fn(loopback_host)))
            .wrap(Condition::new(!origins.is_empty(), origins.cors()))
            .wrap(Compress::default())
            .wrap(Condition::new(is_encrypted, DefaultHeaders::new().add(STRICT_TRANSPORT)))
            .wrap(security_headers())
            .wrap(from_fn(logged))
    };
    let refused = |why| ServeError::Bind { address: bind, why };
    let server = HttpServer::new(app).workers(workers.max(1)).shutdown_timeout(SHUTDOWN_MAX_S).disable_signals();
    let listener = listener(bind).map_err(refused)?;
    let server = match &tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls.config()?),
        None => server.listen(listener),
    };
    let server = server.map_err(refused)?;
    let renewing = tls.map(|tls| tokio::spawn(tls.keep()));
    let address = server.addrs().first().copied().unwrap_or(bind);
    let server = server.run();
    let ending = server.handle();
    tokio::spawn(async move {
        shutdown.await;
        // What stays open would hold the end up to its last second.
        sockets.end();
        if let Some(renewing) = renewing {
            renewing.abort();
        }
        ending.stop(true).await;
    });
    Ok(Running { address, handle: tokio::spawn(server) })
}
