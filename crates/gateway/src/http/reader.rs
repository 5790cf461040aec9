//! Who reads outside the schema, and where he finds what he is told of.

use std::str::FromStr;

use actix_web::{HttpMessage, HttpRequest, web};
use tokio::sync::OwnedSemaphorePermit;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::Registry;

use super::admission::{Admission, Sender};
use super::graphql::Door;
use super::limits::OPERATION_MAX;
use super::refused::HttpRefused;
use super::unanswered::Unanswered;
use crate::request::Viewer;
use crate::schema::Price;

/// A reader who was let in and has paid.
pub struct Reader {
    pub registry: Registry,
    pub viewer: Viewer,
    /// The least entry the answer must know of.
    pub at_least: Option<i64>,
    /// Kept until he is answered.
    _turn: Option<OwnedSemaphorePermit>,
}

/// The address under which the registry is reached from outside, where it cannot tell by itself.
#[derive(Debug, Clone, Default)]
pub struct PublicUrl(Option<String>);

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = reqwest::Url::parse(text).map_err(|_| "not an address")?;
        let is_whole = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
        is_whole.then(|| Self(Some(text.trim_end_matches('/').to_owned()))).ok_or("not https://host or http://host")
    }
}

impl Reader {
    /// Lets the sender of a request in and takes its price from his allowance. What he has seen stands in the header
    /// `Yulin-Seq`, or in the address as `seq`, where no header can be sent.
    pub async fn of<E, A: Admission>(
        door: &Door<E, A>,
        request: &HttpRequest,
        price: Price,
    ) -> Result<Self, Unanswered> {
        let sender = Sender::of(request)?;
        let in_address = seq_in_address(request)?;
        let (registry, viewer, caller) = door.admission.reader(&sender).await?;
        let charge = door.allowance.charge(caller, price)?;
        request.extensions_mut().insert(charge.settled(price.requested));
        let turn = tokio::time::timeout(OPERATION_MAX, charge.turn()).await;
        let turn = turn.map_err(|_| Refused::new(ErrorCode::Timeout))?;
        Ok(Self { registry, viewer, at_least: sender.at_least.max(in_address), _turn: turn })
    }
}

/// The `seq` of an address: one number, where there is any.
fn seq_in_address(request: &HttpRequest) -> Result<Option<i64>, HttpRefused> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.map_err(|_| HttpRefused::ParameterInvalid { name: "query", expected: "URL-encoded UTF-8" })?;
    let mut given = pairs.iter().filter(|(name, _)| name == "seq").map(|(_, text)| text);
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(text), None) => text.parse().ok().filter(|seq| *seq >= 0).map(Some).ok_or(HttpRefused::SeqInvalid),
        (Some(_), Some(_)) => Err(HttpRefused::SeqInvalid),
    }
}

/// The beginning of every address of this registry, as its clients write it.
pub fn base_of(request: &HttpRequest) -> String {
    if let Some(PublicUrl(Some(url))) = request.app_data::<web::Data<PublicUrl>>().map(web::Data::get_ref) {
        return url.clone();
    }
    // The header itself: what proxies say of another host can be said by anybody.
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if request.app_config().secure() { "https" } else { "http" };
    format!("{scheme}://{host}")
}
