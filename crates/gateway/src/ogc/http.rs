//! The feature service over HTTP, below `/ogc`.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use async_graphql::{Error, Executor};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_persistence::{AsOf, Cursor, Narrowed, Snapshot};

use super::answer::{Collected, Feature, link};
use super::crs::ServiceCrs;
use super::item::Source;
use super::page::{self, Page};
use super::question::{Parameters, Question, limit_of};
use super::table::Table;
use super::{collection as told, described, openapi};
use crate::district::DistrictBook;
use crate::errors::{fault, refused_error, snapshot_error};
use crate::http::{Admission, Door, HttpRefused, OPERATION_MAX, Reader, Unanswered, base_of, bounded, told_once};
use crate::layer::Layer;
use crate::request::caught_up;
use crate::schema::{Bookmark, Bookmarks, Price, asked_hash};

/// What a document costs, as operations cost; a page costs as much as it may hold features besides.
const DOCUMENT_COST: usize = 10;
/// What a page costs besides that has to be searched for.
const SEARCH_COST: usize = 100;
const GEOJSON: &str = "application/geo+json";

/// The landing page.
pub async fn landing(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().json(described::landing(&base_of(&request)))
}

/// What the service conforms to.
pub async fn conformance() -> HttpResponse {
    HttpResponse::Ok().json(described::conformance())
}

/// The description of the features.
pub async fn api(request: HttpRequest) -> HttpResponse {
    described_at(&request, &openapi::features(&base_of(&request)))
}

/// The description of the tiles.
pub async fn tiles_api(request: HttpRequest) -> HttpResponse {
    described_at(&request, &openapi::tiles(&base_of(&request)))
}

fn described_at(request: &HttpRequest, description: &serde_json::Value) -> HttpResponse {
    let head = |response: &mut HttpResponseBuilder| _ = response.insert_header((CONTENT_TYPE, openapi::OPENAPI));
    told_once(request, description.to_string().into_bytes(), head, |_| {})
}

/// The collections.
pub async fn collections<E: Executor, A: Admission>(door: web::Data<Door<E, A>>, request: HttpRequest) -> HttpResponse {
    let answered = async {
        let (reader, snapshot) = begun(&door, &request, DOCUMENT_COST).await?;
        let base = base_of(&request);
        let districts = DistrictBook::load(&reader.registry, snapshot).await?;
        let within = reader.viewer.narrowed().and_then(Narrowed::districts);
        let extent = reader.registry.extent(&snapshot, within).await.map_err(|why| fault(&why))?;
        let all = Layer::ALL.map(|layer| told::collection(layer, &base, &districts, extent));
        let grids = districts.all().map(|district| district.grid);
        Ok(HttpResponse::Ok().json(serde_json::json!({
            "links": [link(&format!("{base}/ogc/collections"), "self", "application/json", "This document")],
            "crs": ServiceCrs::listed(grids),
            "collections": all,
        })))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// One collection.
pub async fn collection<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    name: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let answered = async {
        let layer = Layer::named(&name).ok_or(HttpRefused::RouteUnknown)?;
        let (reader, snapshot) = begun(&door, &request, DOCUMENT_COST).await?;
        let districts = DistrictBook::load(&reader.registry, snapshot).await?;
        let within = reader.viewer.narrowed().and_then(Narrowed::districts);
        let extent = reader.registry.extent(&snapshot, within).await.map_err(|why| fault(&why))?;
        Ok(HttpResponse::Ok().json(told::collection(layer, &base_of(&request), &districts, extent)))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// By what a collection can be asked.
pub async fn queryables<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    name: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    schema_told(&door, (&name, &request), told::queryables).await
}

/// What its features hold.
pub async fn schema<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    name: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    schema_told(&door, (&name, &request), told::schema).await
}

async fn schema_told<E: Executor, A: Admission>(
    door: &Door<E, A>,
    (name, request): (&str, &HttpRequest),
    told: impl Fn(Layer, &Table, &str) -> serde_json::Value,
) -> HttpResponse {
    let answered = async {
        let layer = Layer::named(name).ok_or(HttpRefused::RouteUnknown)?;
        let (reader, _) = begun(door, request, DOCUMENT_COST).await?;
        let schema = told(layer, &Table::of(layer, reader.viewer.role), &base_of(request));
        let head = |response: &mut HttpResponseBuilder| {
            response.insert_header((CONTENT_TYPE, "application/schema+json"));
        };
        Ok(told_once(request, schema.to_string().into_bytes(), head, |_| {}))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// A page of features.
pub async fn items<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    name: web::Path<String>,
    request: HttpRequest,
) -> HttpResponse {
    let answered = async {
        let layer = Layer::named(&name).ok_or(HttpRefused::RouteUnknown)?;
        let mut given = parameters(&request)?;
        let cost = DOCUMENT_COST + limit_of(&given) + if is_narrowed(&given) { SEARCH_COST } else { 0 };
        let reader = Reader::of(&*door, &request, Price { requested: cost, kept: 0 }).await?;
        let question = Question::read(&given, &Table::of(layer, reader.viewer.role))?;
        let bookmarks = Bookmarks::new(reader.registry.server_key());
        given.retain(|(name, _)| name != "cursor");
        let asked = asked_hash(&(layer, &given, reader.viewer.standpoint()));
        let answer = Answering { reader, question, bookmarks, asked, layer };
        let page = tokio::time::timeout(OPERATION_MAX, answer.page()).await;
        let (source, page, next) = page.map_err(|_| Refused::new(ErrorCode::Timeout))??;
        Ok(sent(&request, layer, &given, (&source, &page, next)))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// One feature.
pub async fn item<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let answered = async {
        let (name, id) = path.into_inner();
        let layer = Layer::named(&name).ok_or(HttpRefused::RouteUnknown)?;
        let id: Uuid = id.parse().map_err(|_| HttpRefused::RouteUnknown)?;
        let reader = Reader::of(&*door, &request, Price { requested: DOCUMENT_COST, kept: 0 }).await?;
        let mut given = parameters(&request)?;
        given.retain(|(name, _)| matches!(name.as_str(), "crs" | "datetime" | "f"));
        let question = Question::read(&given, &Table::of(layer, reader.viewer.role))?;
        let source = source_of(&reader, layer, &question, None).await?;
        let item = page::one(&source, layer, id).await?.ok_or(HttpRefused::RouteUnknown)?;
        let base = format!("{}/ogc/collections/{}", base_of(&request), layer.name());
        let links = vec![
            link(&format!("{base}/items/{id}"), "self", GEOJSON, "This feature"),
            link(&base, "collection", "application/json", "Its collection"),
        ];
        let feature = Feature { table: &source.table, item: &item, crs: source.crs, links: Some(links) };
        Ok(written(&request, &source, &feature, |_| {}))
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

async fn begun<E, A: Admission>(
    door: &Door<E, A>,
    request: &HttpRequest,
    cost: usize,
) -> Result<(Reader, Snapshot), Unanswered> {
    let reader = Reader::of(door, request, Price { requested: cost, kept: 0 }).await?;
    let snapshot = caught_up(&reader.registry, reader.at_least).await?;
    Ok((reader, snapshot))
}

/// The parameters but those of the connection, which stand beside what is asked.
fn parameters(request: &HttpRequest) -> Result<Parameters, HttpRefused> {
    let pairs = web::Query::<Parameters>::from_query(request.query_string());
    let pairs = pairs.map_err(|_| HttpRefused::ParameterInvalid { name: "query", expected: "URL-encoded UTF-8" })?;
    let mut given = pairs.into_inner();
    if given.iter().any(|(name, text)| name.contains('\0') || text.contains('\0')) {
        return Err(HttpRefused::NulHeld { name: "query" });
    }
    given.retain(|(name, _)| name != "seq");
    Ok(given)
}

/// Whether something is asked for that not every feature is.
fn is_narrowed(given: &Parameters) -> bool {
    let is_plain = |name: &str| matches!(name, "limit" | "crs" | "datetime" | "f" | "cursor" | "bbox-crs");
    given.iter().any(|(name, _)| !is_plain(name))
}

/// A page that is being answered.
struct Answering {
    reader: Reader,
    question: Question,
    bookmarks: Bookmarks,
    asked: String,
    layer: Layer,
}

impl Answering {
    /// The page with the cursor of the next.
    async fn page(self) -> Result<(Source, Page, Option<String>), Unanswered> {
        let limit = self.question.limit;
        if self.layer == Layer::Parcels {
            let (source, after) = self.from::<Cursor>().await?;
            let (page, next) = page::parcels(&source, self.question.filter.as_ref(), limit, after).await?;
            let next = next.map(|keys| self.cursor(&source, keys));
            return Ok((source, page, next));
        }
        let (source, after) = self.from::<Uuid>().await?;
        let (page, next) = page::few(&source, self.layer, self.question.filter.as_ref(), (limit, after)).await?;
        let next = next.map(|keys| self.cursor(&source, keys));
        Ok((source, page, next))
    }

    /// Where the page begins: as of the first page's entry.
    async fn from<K: DeserializeOwned>(&self) -> Result<(Source, Option<K>), Unanswered> {
        let cursor = self.question.cursor.as_deref();
        let place = cursor.map(|cursor| self.bookmarks.read::<K>(cursor, &self.asked)).transpose();
        let place = place.map_err(|refused| refused.at("cursor"))?;
        let (as_of, after) = place.map(|place| (place.as_of(), place.keys)).unzip();
        Ok((source_of(&self.reader, self.layer, &self.question, as_of).await?, after))
    }

    fn cursor(&self, source: &Source, keys: impl serde::Serialize) -> String {
        self.bookmarks.write(&Bookmark::at(&source.snapshot, &self.asked, keys))
    }
}

async fn source_of(reader: &Reader, layer: Layer, question: &Question, as_of: Option<AsOf>) -> Result<Source, Error> {
    let Reader { registry, viewer, at_least, .. } = reader;
    let snapshot = if let Some(as_of) = as_of {
        registry.snapshot(as_of, *at_least).await.map_err(|refused| snapshot_error(&refused))?
    } else {
        let present = caught_up(registry, *at_least).await?;
        Snapshot { valid: question.valid.unwrap_or(present.valid), ..present }
    };
    let districts = DistrictBook::load(registry, snapshot).await?;
    let unlisted = question.check_systems(|| districts.all().map(|district| district.grid));
    unlisted.map_err(|refused| refused_error(&refused))?;
    let table = Table::of(layer, viewer.role);
    Ok(Source { registry: registry.clone(), snapshot, viewer: viewer.clone(), crs: question.crs, table, districts })
}

fn sent(
    request: &HttpRequest,
    layer: Layer,
    given: &Parameters,
    (source, page, next): (&Source, &Page, Option<String>),
) -> HttpResponse {
    let base = format!("{}/ogc/collections/{}", base_of(request), layer.name());
    let with = |cursor: Option<&String>| {
        let cursor = cursor.map(|cursor| ("cursor", cursor.as_str()));
        let given = given.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        let items = format!("{base}/items");
        let pairs: Vec<_> = given.chain(cursor).collect();
        match reqwest::Url::parse_with_params(&items, &pairs) {
            Ok(url) if !pairs.is_empty() => url.to_string(),
            Ok(_) | Err(_) => items,
        }
    };
    let mut links = vec![
        link(&with(None), "self", GEOJSON, "This page"),
        link(&base, "collection", "application/json", "The collection"),
    ];
    if let Some(next) = &next {
        links.push(link(&with(Some(next)), "next", GEOJSON, "The next page"));
    }
    let feature = |item| Feature { table: &source.table, item, crs: source.crs, links: None };
    let features: Vec<_> = page.items.iter().map(feature).collect();
    let collected = Collected {
        kind: "FeatureCollection",
        number_returned: features.len(),
        features,
        links,
        number_matched: page.matched,
    };
    written(request, source, &collected, |bytes| {
        // When the answer was made is no part of what it says: it is put in when it is named already.
        bytes.pop();
        bytes.extend(format!(",\"timeStamp\":\"{}\"}}", jiff::Timestamp::now()).as_bytes());
    })
}

fn written(
    request: &HttpRequest,
    source: &Source,
    answer: &impl serde::Serialize,
    ended: impl FnOnce(&mut Vec<u8>),
) -> HttpResponse {
    match bounded(answer) {
        Ok(bytes) => {
            let head = |response: &mut HttpResponseBuilder| {
                response
                    .insert_header((CONTENT_TYPE, GEOJSON))
                    .insert_header(("Content-Crs", format!("<{}>", source.crs.uri())))
                    .insert_header(("Yulin-Seq", source.snapshot.seq.to_string()));
            };
            told_once(request, bytes, head, ended)
        }
        Err(why) if why.is_io() => Unanswered::from(HttpRefused::AnswerTooLarge).response(),
        Err(why) => Unanswered::from(fault(&why)).response(),
    }
}
