//! Exports over HTTP: `/export/parcels.geojson`, `/export/stock.xlsx`, `/export/statement.csv` and their like.
//!
//! The file is written whole before its first byte is sent: an answer that has begun is never cut.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use actix_web::body::SizedStream;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use async_graphql::Executor;
use serde_json::{Map, Value};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{FileFormat, SinkTarget};
use yulin_persistence::Registry;

use super::places::{Held, Place, Places};
use super::statement::{DayQuestion, DayStatement};
use super::{Export, ExportQuestion, Exportable, Exported};
use crate::errors::fault;
use crate::export::ExportError;
use crate::http::{Admission, Door, HttpRefused, Profile, Sender, Unanswered, accept, body};
use crate::request::Viewer;
use crate::schema::Price;

/// Rows of one file.
const ROWS_MAX: u64 = 100_000;
/// Rows of one workbook, which is built in memory.
const WORKBOOK_ROWS_MAX: u64 = 20_000;
/// How long a file may take to be written.
const EXPORT_TIME_MAX: Duration = Duration::from_mins(2);
/// What a file costs, whatever it holds, as operations cost.
const EXPORT_COST: usize = 1_000;
/// Bytes read of the file at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Exports for whoever is let in.
#[derive(Debug, Clone)]
pub struct Exporter {
    registry: Registry,
    places: Places,
}

/// A file that can be asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    what: What,
    format: FileFormat,
}

/// What a file is of.
#[derive(Debug, Clone, Copy)]
enum What {
    Land(Exportable),
    /// The accounts of the ledger on one day.
    Statement,
}

/// Answers a request for a file.
pub async fn answer<E: Executor, A: Admission>(
    door: web::Data<Door<E, A>>,
    name: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let answered = async {
        let asked = Asked::named(&name).ok_or(HttpRefused::RouteUnknown)?;
        let sender = Sender::of(&request)?;
        let members = members(&request, payload, door.profile, &sender).await?;
        let (exporter, viewer, caller) = door.admission.exporter(&sender).await?;
        let charge = door.allowance.charge(caller, Price { requested: EXPORT_COST, kept: EXPORT_COST })?;
        request.extensions_mut().insert(charge.settled(EXPORT_COST));
        exporter.export(asked, viewer, sender.at_least, members).await
    };
    answered.await.unwrap_or_else(|why: Unanswered| why.response())
}

/// The question as it stands in the address or in the body.
async fn members(
    request: &HttpRequest,
    payload: web::Payload,
    profile: Profile,
    sender: &Sender,
) -> Result<Value, Unanswered> {
    if request.method() == Method::GET {
        if profile == Profile::Production && sender.token.is_none() {
            accept::require_preflight(request)?;
        }
        return from_address(request.query_string());
    }
    accept::require_json_body(request)?;
    let body = body::read(payload).await?;
    let invalid = |why: serde_json::Error| HttpRefused::JsonInvalid { line: why.line(), column: why.column() };
    Ok(serde_json::from_slice(&body).map_err(invalid)?)
}

/// `filter`, `asOf` and `moved` are JSON in the address, the others text.
fn from_address(query: &str) -> Result<Value, Unanswered> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query);
    let pairs = pairs.map_err(|_| HttpRefused::ParameterInvalid { name: "query", expected: "URL-encoded UTF-8" })?;
    let mut members = Map::new();
    for (name, text) in pairs.into_inner() {
        let invalid = |_| Refused::new(ErrorCode::JsonInvalid).at(name.clone());
        let value = match name.as_str() {
            "filter" | "asOf" => serde_json::from_str(&text).map_err(invalid)?,
            "moved" => match text.as_str() {
                "true" | "false" => Value::Bool(text == "true"),
                _ => Value::String(text),
            },
            _ => Value::String(text),
        };
        members.insert(name, value);
    }
    Ok(Value::Object(members))
}

impl Exporter {
    /// Exports of a registry.
    pub fn of(registry: Registry) -> Self {
        Self { registry, places: Places::new() }
    }

    async fn export(
        &self,
        asked: Asked,
        viewer: Viewer,
        at_least: Option<i64>,
        members: Value,
    ) -> Result<HttpResponse, Unanswered> {
        let question = Question::read(asked.what, members)?;
        let place = self.places.take(viewer.role)?;
        let written = async {
            match question {
                Question::Land(question) => {
                    let export = Export::begin(&self.registry, viewer, at_least, *question).await?;
                    export.write((SinkTarget::Unnamed, asked.format), asked.most(), |_, _| {}).await
                }
                Question::Statement(asked_for) => {
                    let statement = DayStatement::begin(&self.registry, viewer, at_least, asked_for).await?;
                    statement.write(asked.format, asked.most()).await
                }
            }
        };
        let written = tokio::time::timeout(EXPORT_TIME_MAX, written).await;
        asked.sent(written.map_err(|_| Refused::new(ErrorCode::Timeout))??, place)
    }
}

impl What {
    const fn name(self) -> &'static str {
        match self {
            Self::Land(land) => land.name(),
            Self::Statement => "statement",
        }
    }
}

/// What is asked, as it was read.
enum Question {
    Land(Box<ExportQuestion>),
    Statement(DayQuestion),
}

impl Question {
    fn read(what: What, members: Value) -> Result<Self, Refused> {
        match what {
            What::Land(land) => Ok(Self::Land(Box::new(ExportQuestion::read(land, members)?))),
            What::Statement => DayQuestion::read(members).map(Self::Statement),
        }
    }
}

impl Asked {
    fn named(name: &str) -> Option<Self> {
        let (what, ending) = name.split_once('.')?;
        let all = [What::Land(Exportable::Parcels), What::Land(Exportable::Stock), What::Statement];
        let what = all.into_iter().find(|one| one.name() == what)?;
        let format = match (ending, what) {
            ("csv", _) => FileFormat::Csv,
            ("xlsx", _) => FileFormat::Xlsx,
            ("geojson", What::Land(_)) => FileFormat::GeoJson,
            ("gpkg", What::Land(_)) => FileFormat::GeoPackage,
            _ => return None,
        };
        Some(Self { what, format })
    }

    const fn most(self) -> u64 {
        match self.format {
            FileFormat::Xlsx => WORKBOOK_ROWS_MAX,
            _ => ROWS_MAX,
        }
    }

    /// Ending and media type.
    const fn kind(self) -> (&'static str, &'static str) {
        match self.format {
            FileFormat::GeoPackage => ("gpkg", "application/geopackage+sqlite3"),
            FileFormat::Csv => ("csv", "text/csv; charset=utf-8"),
            FileFormat::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            FileFormat::GeoJson | FileFormat::Shapefile | FileFormat::Wkt => ("geojson", "application/geo+json"),
        }
    }

    fn sent(self, exported: Exported, place: Place) -> Result<HttpResponse, Unanswered> {
        let Exported { features, seq, crs, withheld, file } = exported;
        let file = file.ok_or_else(|| ExportError::from(fault(&std::io::Error::other("no file was handed over"))))?;
        let bytes = file.metadata().map_err(|why| ExportError::from(fault(&why)))?.len();
        let (ending, media) = self.kind();
        let mut response = HttpResponse::Ok();
        response
            .insert_header((header::CONTENT_TYPE, media))
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{}.{ending}\"", self.what.name()),
            ))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header(("Yulin-Seq", seq.to_string()))
            .insert_header(("Yulin-Features", features.to_string()));
        if let Some(crs) = crs {
            response.insert_header(("Yulin-Crs", format!("EPSG:{}", crs.code())));
        }
        if !withheld.is_empty() {
            response.insert_header(("Yulin-Withheld", withheld.join(", ")));
        }
        Ok(response.body(SizedStream::new(bytes, pieces(file, place.held()))))
    }
}

/// The file in pieces, read apart from the threads that answer; the place is free when it is sent or given up.
fn pieces(file: File, place: Held) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    futures_util::stream::try_unfold((file, place), |(mut file, place)| async move {
        let read = move || -> std::io::Result<Option<(Bytes, (File, Held))>> {
            let mut piece = vec![0; PIECE_BYTES];
            let length = file.read(&mut piece)?;
            piece.truncate(length);
            Ok((length > 0).then(|| (Bytes::from(piece), (file, place))))
        };
        tokio::task::spawn_blocking(read).await.map_err(std::io::Error::other)?
    })
}

impl From<ExportError> for Unanswered {
    fn from(error: ExportError) -> Self {
        Self::Refused(error.refused())
    }
}
