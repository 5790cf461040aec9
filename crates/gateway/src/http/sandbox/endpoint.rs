//! `/sandbox/faults`: the plan of one's own key, set, told and taken away.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use serde_json::json;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::plan::Plan;
use super::plans::Sandbox;
use crate::http::accept::{self, Media};
use crate::http::admission::{Admission, Sender};
use crate::http::graphql::Door;
use crate::http::refused::HttpRefused;
use crate::http::{answer, body};

/// What is told of a fault in a plan, in characters.
const PROBLEM_MAX: usize = 200;

/// Adds the address of plans. The sandbox is put into the application by the caller.
pub fn sandbox_routes<E: Executor, A: Admission>(config: &mut web::ServiceConfig) {
    let faults = web::resource("/sandbox/faults")
        .route(web::put().to(put::<E, A>))
        .route(web::get().to(get::<E, A>))
        .route(web::delete().to(delete::<E, A>))
        .default_service(web::to(by_other_method));
    config.service(faults);
}

async fn put<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    sandbox: web::Data<Sandbox>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let asked = async {
        accept::require_json_body(&request)?;
        Ok::<_, HttpRefused>((key(&door, &request).await?, body::read(payload).await?))
    };
    let (key, body) = match asked.await {
        Ok(asked) => asked,
        Err(refused) => return answer::refused(&refused, Media::Json),
    };
    match plan_of(&body).and_then(|plan| sandbox.set(&key, plan)) {
        Ok(()) => told(&sandbox, &key),
        Err(refused) => answer::unanswered(&refused, StatusCode::BAD_REQUEST),
    }
}

async fn get<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    sandbox: web::Data<Sandbox>,
    request: HttpRequest,
) -> HttpResponse {
    match key(&door, &request).await {
        Ok(key) => told(&sandbox, &key),
        Err(refused) => answer::refused(&refused, Media::Json),
    }
}

async fn delete<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    sandbox: web::Data<Sandbox>,
    request: HttpRequest,
) -> HttpResponse {
    match key(&door, &request).await {
        Ok(key) => {
            sandbox.clear(&key);
            told(&sandbox, &key)
        }
        Err(refused) => answer::refused(&refused, Media::Json),
    }
}

async fn by_other_method() -> HttpResponse {
    let mut response = answer::refused(&HttpRefused::MethodNotAllowed, Media::Json);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, PUT, DELETE"));
    response
}

/// The key of a request, if the registry knows it.
async fn key<E: Executor, A: Admission>(door: &Door<E, A>, request: &HttpRequest) -> Result<String, HttpRefused> {
    let sender = Sender::of(request)?;
    door.admission.admit(&sender, async_graphql::Request::new("")).await?;
    sender.token.ok_or(HttpRefused::KeyUnknown)
}

fn plan_of(body: &[u8]) -> Result<Plan, Refused> {
    serde_json::from_slice(body).map_err(|why| {
        let code = if why.is_data() { ErrorCode::Validation } else { ErrorCode::JsonInvalid };
        let problem: String = why.to_string().chars().take(PROBLEM_MAX).collect();
        Refused::new(code).at("body").with("problem", problem)
    })
}

/// The plan as it now stands, and the requests that have met it.
fn told(sandbox: &Sandbox, key: &str) -> HttpResponse {
    let planned = sandbox.told(key);
    let requests = planned.as_ref().map_or(0, |planned| planned.requests);
    let body = json!({ "plan": planned.map(|planned| planned.plan), "requests": requests });
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body)
}
