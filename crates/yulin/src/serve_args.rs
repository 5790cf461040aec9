//! The options of `yulin serve`, and what they come to.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_gateway::http::{
    Documents, Listening, Origin, Origins, Profile, Proxies, PublicUrl, Rate, Rates, STREAMS_MAX, Sandbox, Tls, Trust,
};
use yulin_gateway::identity::{Oidc, Provider};
use yulin_persistence::Registry;

use crate::demo::DemoScale;
use crate::generated::Generated;

/// Why nothing is read from a standby.
const ONE_SERVER: &str = "the database is named by the address of one server";

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Serve a generated demo zone on a file of its own, on this machine only
    #[arg(long, group = "generated")]
    pub demo: bool,
    /// Serve a generated zone on a file of its own to integrators, with faults that they may ask for
    #[arg(long, group = "generated")]
    pub sandbox: bool,
    /// Parcels of the generated zone when it is made
    #[arg(long, value_name = "PARCELS", allow_negative_numbers = true, requires = "generated", default_value_t = DemoScale::default().parcels)]
    pub scale: u32,
    /// Where to listen
    #[arg(long, env = "YULIN_BIND", default_value = "127.0.0.1:8080")]
    pub bind: SocketAddr,
    /// The address under which others reach it, where that is another, as `https://registry.example`; links begin with it
    #[arg(long, env = "YULIN_PUBLIC_URL", value_name = "URL")]
    public_url: Option<PublicUrl>,
    /// Threads that answer
    #[arg(long, env = "YULIN_WORKERS", allow_negative_numbers = true, default_value_t = 2)]
    workers: usize,
    /// Sockets and streams of events that may be open at once
    #[arg(long, env = "YULIN_STREAMS_MAX", allow_negative_numbers = true, default_value_t = STREAMS_MAX)]
    streams_max: usize,
    /// Read from a server that follows the one that is written to, while one follows closely; the database is named by the
    /// addresses of all of them, with commas
    #[arg(long, env = "YULIN_READ_STANDBY")]
    read_standby: bool,
    /// How open the schema is
    #[arg(long, env = "YULIN_PROFILE", value_enum, default_value_t = ProfileName::Development)]
    profile: ProfileName,
    /// A page of another host that may ask from a browser, as `https://host`; may be given several times
    #[arg(long, env = "YULIN_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    allow_origin: Vec<Origin>,
    /// A network of proxies before the registry whose `X-Forwarded-For` is believed, as `10.0.0.0/8`; may be given several
    /// times
    #[arg(long, env = "YULIN_TRUSTED_PROXY", value_name = "NETWORK", value_delimiter = ',')]
    trusted_proxy: Vec<IpNet>,
    /// The certificates under which to serve, as PEM, the registry's own first; left out: in the clear
    #[arg(long, env = "YULIN_TLS_CERTIFICATE", value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// The key of the certificate, as PEM
    #[arg(long, env = "YULIN_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// An OpenID provider whose tokens are taken beside keys, by its address
    #[arg(long, env = "YULIN_OIDC_ISSUER", value_name = "URL")]
    oidc_issuer: Option<String>,
    /// The name under which the provider knows this registry
    #[arg(long, env = "YULIN_OIDC_AUDIENCE", value_name = "NAME")]
    oidc_audience: Option<String>,
    /// The claim of its tokens that holds the name of a principal
    #[arg(long, env = "YULIN_OIDC_NAME_CLAIM", value_name = "CLAIM", default_value = "sub")]
    oidc_name_claim: String,
    /// What a key may ask: units of cost at once, and restored a second; left out: what the profile says
    #[arg(long, env = "YULIN_KEY_RATE", value_name = "MOST/PER_SECOND")]
    key_rate: Option<Rate>,
    /// The same for an address without a key
    #[arg(long, env = "YULIN_PUBLIC_RATE", value_name = "MOST/PER_SECOND")]
    public_rate: Option<Rate>,
    /// Where to tell Prometheus how the registry fares, at `/metrics`; left out: nowhere
    #[arg(long, env = "YULIN_METRICS_BIND", value_name = "ADDRESS")]
    pub metrics_bind: Option<SocketAddr>,
    /// A manifest of trusted documents, as graphql-codegen or relay-compiler writes it
    #[arg(long, env = "YULIN_DOCUMENTS", value_name = "FILE")]
    documents: Option<PathBuf>,
    /// What is done with documents that are not in the manifest
    #[arg(long, env = "YULIN_DOCUMENTS_MODE", value_enum, default_value_t = TrustName::Off)]
    documents_mode: TrustName,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileName {
    Development,
    Production,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TrustName {
    Off,
    Log,
    Enforce,
}

impl ServeArgs {
    /// Which generated zone is asked for; the two exclude each other.
    pub fn generated(&self) -> Option<Generated> {
        let sandbox = self.sandbox.then_some(Generated::Sandbox);
        sandbox.or_else(|| self.demo.then_some(Generated::Demo))
    }

    /// How open the schema is.
    pub const fn profile(&self) -> Profile {
        match self.profile {
            ProfileName::Development => Profile::Development,
            ProfileName::Production => Profile::Production,
        }
    }

    /// Refuses options that do not go together, and with a database of such an address.
    pub fn check(&self, url: &str) -> Result<(), Refused> {
        if self.demo && !self.bind.ip().is_loopback() {
            return Err(invalid("bind", "the demo listens on this machine only").told("given", self.bind));
        }
        if self.metrics_bind == Some(self.bind) && self.bind.port() != 0 {
            return Err(invalid("metrics-bind", "it is the address of the registry itself").told("given", self.bind));
        }
        if self.read_standby && !url.contains(',') {
            return Err(invalid("read-standby", ONE_SERVER));
        }
        Ok(())
    }

    /// Has the registry read from a standby, where that is asked for.
    pub fn read_standby(&self, registry: &Registry) -> anyhow::Result<()> {
        if self.read_standby && !registry.read_standby() {
            return Err(invalid("read-standby", ONE_SERVER).into());
        }
        Ok(())
    }

    /// Whether it is said under which address others reach it.
    pub const fn has_public_url(&self) -> bool {
        self.public_url.is_some()
    }

    /// How much callers may ask.
    pub fn rates(&self) -> Rates {
        let usual = Rates::usual(self.profile());
        Rates { key: self.key_rate.unwrap_or(usual.key), address: self.public_rate.unwrap_or(usual.address) }
    }

    /// Whose tokens are taken.
    pub fn provider(&self) -> anyhow::Result<Option<Provider>> {
        let given = both(("oidc-issuer", &self.oidc_issuer), ("oidc-audience", &self.oidc_audience))?;
        let Some((issuer, audience)) = given.map(|(issuer, audience)| (issuer.clone(), audience.clone())) else {
            return Ok(None);
        };
        let provider = Provider::of(Oidc { issuer, audience, name_claim: self.oidc_name_claim.clone() });
        Ok(Some(provider.map_err(|why| invalid("oidc-issuer", why))?))
    }

    /// Where to listen and how.
    pub fn listening(&self) -> anyhow::Result<Listening> {
        let given = both(("tls-certificate", &self.tls_certificate), ("tls-key", &self.tls_key))?;
        let tls = given.map(|(certificate, key)| Tls::read(certificate, key)).transpose();
        let tls = tls.map_err(|why| invalid("tls-certificate", why))?;
        Ok(Listening {
            bind: self.bind,
            workers: self.workers,
            streams_max: self.streams_max,
            origins: Origins::of(self.allow_origin.clone()),
            proxies: Proxies::of(self.trusted_proxy.clone()),
            tls,
            demo: None,
            sandbox: self.sandbox.then(Sandbox::default),
            public_url: self.public_url.clone().unwrap_or_default(),
        })
    }

    /// The documents that are trusted.
    pub fn documents(&self) -> anyhow::Result<Documents> {
        let trust = match self.documents_mode {
            TrustName::Off => Trust::Off,
            TrustName::Log => Trust::Log,
            TrustName::Enforce => Trust::Enforce,
        };
        match &self.documents {
            Some(manifest) => Documents::read(trust, manifest).map_err(|why| invalid("documents", why).into()),
            None if trust == Trust::Off => Ok(Documents::default()),
            None => Err(invalid("documents", "no manifest is given, so that nothing is trusted").into()),
        }
    }
}

/// Two options of which neither says anything without the other, wherever they are set: half a pair is refused.
fn both<'a, T>(
    one: (&'static str, &'a Option<T>),
    other: (&'static str, &'a Option<T>),
) -> Result<Option<(&'a T, &'a T)>, Refused> {
    let lacks = |name| Err(Refused::new(ErrorCode::FieldRequired).at(name));
    match (one.1, other.1) {
        (Some(first), Some(second)) => Ok(Some((first, second))),
        (None, None) => Ok(None),
        (Some(_), None) => lacks(other.0),
        (None, Some(_)) => lacks(one.0),
    }
}

/// That what an option names cannot be used.
fn invalid(option: &str, why: impl Display) -> Refused {
    Refused::new(ErrorCode::Validation).at(option).told("problem", why)
}
