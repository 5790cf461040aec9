//! The GraphQL endpoint: a request is read, weighed, admitted, executed and answered.
//!
//! The protocol is GraphQL over HTTP; the schema behind it is any executor.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Executor, Request, Response};
use futures_util::FutureExt;
use tracing::Instrument;

use super::accept::{self, Media};
use super::admission::{Admission, Admitted, AnsweredAt, Sender};
use super::allowance::{Allowance, Charge};
use super::answer::{Cost, Shaped, Told};
use super::document::Document;
use super::documents::Documents;
use super::limits::OPERATION_MAX;
use super::parameters::{Parameters, Sent};
use super::performing::Performing;
use super::profile::Profile;
use super::refused::HttpRefused;
use super::sandbox::ActFault;
use super::{answer, body, metrics, revalidate, socket, streamed, traced};
use crate::request::Turns;

/// What a worker needs to answer.
#[derive(Clone)]
pub struct Door<E, A> {
    pub executor: E,
    pub admission: A,
    pub profile: Profile,
    pub allowance: Allowance,
    pub documents: Documents,
    pub performing: Performing,
}

/// An operation that may be executed.
pub struct Operation {
    pub request: Request,
    pub answered_at: AnsweredAt,
    /// None where it cannot be told; the schema then says so.
    pub kind: Option<OperationType>,
    pub name: Option<String>,
    /// The text that was asked.
    pub query: String,
    pub charge: Charge,
}

impl Operation {
    /// For an operation of many answers: each tells itself as of when it is.
    pub fn streamed(self) -> (Request, Told) {
        let Self { request, answered_at: _, kind: _, name: _, query, charge } = self;
        let request = request.data(Turns(Arc::new(charge.clone())));
        (request, Told { query, seq: None, cost: Cost::Streamed(charge) })
    }
}

/// The name of the operation of an answer, for the log.
#[derive(Debug, Clone)]
pub struct OperationName(pub String);

/// Answers a POST.
pub async fn post<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let is_streamed = streamed::is_wanted(&request);
    let media = match accept::negotiate(&request) {
        Ok(media) => media,
        Err(_) if is_streamed => Media::GraphqlResponse,
        Err(refused) => return answer::refused(&refused, Media::Json),
    };
    let parameters = async {
        accept::require_json_body(&request)?;
        Sent::from_body(&body::read(payload).await?)
    };
    match parameters.await {
        Ok(parameters) if is_streamed => match streamed::answer(&door, &request, parameters).await {
            Ok(response) => response,
            Err(refused) => answer::refused(&refused, media),
        },
        Ok(parameters) => door.answer(&request, parameters, media).await,
        Err(refused) => answer::refused(&refused, media),
    }
}

/// Answers a GET, which only queries, or opens a socket.
pub async fn get<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    if socket::is_upgrade(&request) {
        return socket::open(door, &request, payload).await;
    }
    let media = match accept::negotiate(&request) {
        Ok(media) => media,
        Err(refused) => return answer::refused(&refused, Media::Json),
    };
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let parameters = pairs
        .map_err(|_| HttpRefused::ParameterInvalid { name: "query", expected: "URL-encoded UTF-8" })
        .and_then(|pairs| Sent::from_address(pairs.into_inner()));
    match parameters {
        Ok(parameters) => door.answer(&request, parameters, media).await,
        Err(refused) => answer::refused(&refused, media),
    }
}

impl<E: Executor, A: Admission> Door<E, A> {
    async fn answer(&self, request: &HttpRequest, sent: Sent, media: Media) -> HttpResponse {
        match self.executed(request, sent, media).await {
            Ok(response) => response,
            Err(refused) => answer::refused(&refused, media),
        }
    }

    async fn executed(&self, http: &HttpRequest, sent: Sent, media: Media) -> Result<HttpResponse, HttpRefused> {
        let sender = Sender::of(http)?;
        let parameters = self.documents.parameters(sent)?;
        let document = Document::read(&parameters)?;
        if document.kind == Some(OperationType::Subscription) {
            return Err(HttpRefused::SubscriptionOverPlain);
        }
        self.check_method(http, &sender, &document)?;
        if let Some(name) = &document.operation_name {
            http.extensions_mut().insert(OperationName(name.clone()));
        }
        let mut operation = self.admitted(&sender, parameters, document).await?;
        // What a sandbox lets go wrong with acts; nowhere else does anything put it there.
        if let Some(fault) = http.extensions().get::<ActFault>() {
            operation.request = operation.request.data(*fault);
        }
        Ok(revalidate::executed(http, &self.executed_once(operation).await?, media))
    }

    /// A request that came by another way than a plain one, read, weighed and admitted.
    pub(super) async fn operation(&self, sender: &Sender, sent: Sent) -> Result<Operation, HttpRefused> {
        let parameters = self.documents.parameters(sent)?;
        let document = Document::read(&parameters)?;
        self.check_schema_asked(sender, &document)?;
        self.admitted(sender, parameters, document).await
    }

    async fn admitted(
        &self,
        sender: &Sender,
        parameters: Parameters,
        document: Document,
    ) -> Result<Operation, HttpRefused> {
        let Document { parsed, kind, operation_name, asks_schema: _, price } = document;
        let left = parameters.left;
        let query = parameters.query.clone();
        let mut request = Request::new(parameters.query).variables(parameters.variables);
        request.operation_name = parameters.operation_name;
        request.set_parsed_query(parsed);
        let Admitted { request, answered_at, caller } = self.admission.admit(sender, request).await?;
        let charge = self.allowance.charge(caller, price)?;
        self.documents.answered(left, &query, operation_name.as_deref());
        Ok(Operation { request, answered_at, kind, name: operation_name, query, charge })
    }

    /// The one answer of an operation.
    pub(super) async fn executed_once(&self, operation: Operation) -> Result<Shaped, HttpRefused> {
        let Operation { request, answered_at, kind, name, query, charge } = operation;
        let begun = Instant::now();
        let span = traced::operation(kind, name.as_deref());
        let response = match kind {
            Some(OperationType::Mutation) => self.perform(request).instrument(span).await?,
            Some(OperationType::Query | OperationType::Subscription) | None => {
                self.ask(request, &charge).instrument(span).await?
            }
        };
        metrics::executed(kind, response.errors.is_empty(), begun.elapsed());
        let told = Told { query, seq: answered_at(), cost: Cost::Charged(charge) };
        Ok(Shaped::of(response, &told, self.profile))
    }

    /// What may be asked by this method and without a key.
    fn check_method(&self, http: &HttpRequest, sender: &Sender, document: &Document) -> Result<(), HttpRefused> {
        let is_get = http.method() == Method::GET;
        if is_get && document.kind == Some(OperationType::Mutation) {
            return Err(HttpRefused::MutationOverGet);
        }
        if self.profile == Profile::Development || sender.token.is_some() {
            return Ok(());
        }
        if is_get {
            accept::require_preflight(http)?;
        }
        self.check_schema_asked(sender, document)
    }

    fn check_schema_asked(&self, sender: &Sender, document: &Document) -> Result<(), HttpRefused> {
        let is_open = self.profile == Profile::Development || sender.token.is_some();
        if document.asks_schema && !is_open { Err(HttpRefused::IntrospectionClosed) } else { Ok(()) }
    }

    /// A query is answered when it is its turn, and given up when its time is over or its client has gone.
    async fn ask(&self, request: Request, charge: &Charge) -> Result<Response, HttpRefused> {
        let execution = async {
            let _turn = charge.turn().await;
            self.executor.execute(request).await
        };
        match tokio::time::timeout(OPERATION_MAX, AssertUnwindSafe(execution).catch_unwind()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) => Err(panicked()),
            Err(_) => Err(HttpRefused::QueryTimeout),
        }
    }

    /// A mutation that was accepted goes on to its end, also when its client has gone or its time is over.
    async fn perform(&self, request: Request) -> Result<Response, HttpRefused> {
        let executor = self.executor.clone();
        let execution = async move { executor.execute(request).await }.in_current_span();
        let execution = self.performing.begin(execution);
        match tokio::time::timeout(OPERATION_MAX, execution).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) => Err(panicked()),
            Err(_) => Err(HttpRefused::MutationTimeout),
        }
    }
}

/// A fault of the program, under the reference that the log carries too.
pub(super) fn panicked() -> HttpRefused {
    let reference = uuid::Uuid::new_v4();
    tracing::error!(%reference, "an operation panicked");
    HttpRefused::Fault { reference }
}
