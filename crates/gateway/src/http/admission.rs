//! Who is let in, and what is put into his request.
//!
//! A trait, because the rules of the wire are tested without a database; the registry's own is in `registry`.

use std::future::Future;
use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use yulin_domain::codes::Role;
use yulin_persistence::Registry;

use super::caller::Caller;
use super::proxies::Proxies;
use super::refused::HttpRefused;
use crate::export::Exporter;
use crate::request::Viewer;

/// The `seq` as of which an operation was answered, to be asked after its execution.
pub type AnsweredAt = Box<dyn FnOnce() -> Option<i64>>;

/// A request with all that the resolvers need, and how to learn as of when it was answered.
pub struct Admitted {
    pub request: async_graphql::Request,
    pub answered_at: AnsweredAt,
    /// Whose allowance it is taken from.
    pub caller: Caller,
}

/// What a request says of its sender; it holds a secret, and is not written anywhere.
#[derive(Clone, Default)]
pub struct Sender {
    /// The secret of his key, if he sent one.
    pub token: Option<String>,
    /// The least entry the answer must know of: what he has read or written before.
    pub at_least: Option<i64>,
    /// From where he sent it.
    pub address: Option<IpAddr>,
    /// The role in which he asks, where he names one.
    pub role: Option<Role>,
}

/// Lets senders in.
pub trait Admission: Clone + Send + Sync + 'static {
    /// Puts the viewer and his `seq` into the request; refuses a token that is not known.
    fn admit(
        &self,
        sender: &Sender,
        request: async_graphql::Request,
    ) -> impl Future<Output = Result<Admitted, HttpRefused>>;

    /// Looks whether a sender is known, and as whom he is counted, before he asks anything.
    fn greet(&self, sender: &Sender) -> impl Future<Output = Result<Caller, HttpRefused>> {
        async { Ok(self.admit(sender, async_graphql::Request::new("")).await?.caller) }
    }

    /// Who exports, and for whom; nobody where no registry stands behind the door.
    fn exporter(&self, _sender: &Sender) -> impl Future<Output = Result<(Exporter, Viewer, Caller), HttpRefused>> {
        async { Err(HttpRefused::RouteUnknown) }
    }

    /// Who reads outside the schema, and whose allowance it is taken from; nobody where no registry stands behind the door.
    fn reader(&self, _sender: &Sender) -> impl Future<Output = Result<(Registry, Viewer, Caller), HttpRefused>> {
        async { Err(HttpRefused::RouteUnknown) }
    }

    /// The registry whose log is public; none where no registry stands behind the door.
    fn log(&self) -> Result<&Registry, HttpRefused> {
        Err(HttpRefused::RouteUnknown)
    }

    /// Whether the registry can answer now.
    fn is_ready(&self) -> impl Future<Output = Result<(), HttpRefused>>;
}

impl Sender {
    /// Reads `Authorization: Bearer …`, `Yulin-Seq` and `Yulin-Role`.
    pub fn of(request: &HttpRequest) -> Result<Self, HttpRefused> {
        let address = Proxies::client(request);
        Ok(Self { token: token(request)?, at_least: at_least(request)?, address, role: role(request)? })
    }
}

impl Sender {
    /// The secret in the text of a credential, `Bearer …`; none of another form.
    pub fn token_of(credential: &str) -> Option<String> {
        let (scheme, token) = credential.split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
    }
}

/// A credential of another scheme or form is refused rather than taken for none: its sender believes to be known.
fn token(request: &HttpRequest) -> Result<Option<String>, HttpRefused> {
    let Some(value) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let value = value.to_str().map_err(|_| HttpRefused::KeyUnknown)?;
    Sender::token_of(value).map(Some).ok_or(HttpRefused::KeyUnknown)
}

fn role(request: &HttpRequest) -> Result<Option<Role>, HttpRefused> {
    let Some(value) = request.headers().get("Yulin-Role") else { return Ok(None) };
    let role = value.to_str().ok().and_then(|code| code.parse().ok());
    role.map(Some).ok_or(HttpRefused::ParameterInvalid { name: "Yulin-Role", expected: "the code of a role" })
}

fn at_least(request: &HttpRequest) -> Result<Option<i64>, HttpRefused> {
    let Some(value) = request.headers().get("Yulin-Seq") else { return Ok(None) };
    let seq: i64 = value.to_str().ok().and_then(|text| text.parse().ok()).ok_or(HttpRefused::SeqInvalid)?;
    if seq < 0 { Err(HttpRefused::SeqInvalid) } else { Ok(Some(seq)) }
}
