//! `yulin export`: parcels, or stock land, to a file that an import takes back as it is.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{FileFormat, SinkError, SinkTarget};
use yulin_gateway::export::{Export, ExportError, ExportQuestion, Exportable, Exported};
use yulin_gateway::request::Viewer;
use yulin_persistence::Registry;

use crate::cli::General;
use crate::connection::open_to_read;
use crate::say::Say;
use crate::serve::asked_to_stop;

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_enum)]
    what: What,
    /// The district whose land is written, with those below it; the filter may name it instead
    #[arg(long, value_name = "CODE")]
    district: Option<String>,
    /// The file to write; its ending tells the format where none is named
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The format
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The CRS of the file; the district's grid where none is named
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// A JSON file of the conditions, the `filter` of the GraphQL fields `parcels` and `stockLand`
    #[arg(long, value_name = "FILE")]
    filter: Option<PathBuf>,
    /// As of when, the `asOf` of the same fields as JSON: {"recorded": {"seq": "12"}}
    #[arg(long, value_name = "JSON")]
    as_of: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Parcels,
    Stock,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Geojson,
    Gpkg,
    Csv,
    Xlsx,
}

/// Writes the file; it is there whole, or not at all.
pub async fn run(general: &General, say: Say, args: ExportArgs) -> anyhow::Result<ExitCode> {
    let format = format_of(&args)?;
    let what = match args.what {
        What::Parcels => Exportable::Parcels,
        What::Stock => Exportable::Stock,
    };
    let question = ExportQuestion::read(what, members(&args)?)?;
    let registry = open_to_read(general).await?;
    // An export that is dropped takes its unfinished file along.
    let exported = tokio::select! {
        exported = export(&registry, question, (&args.out, format)) => exported,
        () = asked_to_stop() => Err(Refused::new(ErrorCode::Interrupted).into()),
    };
    registry.close().await;
    let Exported { features, seq, crs, .. } = exported?;
    let value = json!({ "written": features, "file": args.out, "crs": crs.map(Crs::code), "seq": seq });
    say.result(&value, format!("{features} parcels as of entry {seq} written to {}", args.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// The operator of the database reads what an administrator reads.
async fn export(
    registry: &Registry,
    question: ExportQuestion,
    (out, format): (&Path, FileFormat),
) -> anyhow::Result<Exported> {
    let operator = Viewer { identity: None, role: Role::Admin };
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}")?);
    let written = async {
        let export = Export::begin(registry, operator, None, question).await?;
        let progress = |done, of| {
            bar.set_length(of);
            bar.set_position(done);
        };
        export.write((SinkTarget::File(out.to_owned()), format), u64::MAX, progress).await
    };
    let written = written.await;
    bar.finish_and_clear();
    written.map_err(|why| match why {
        ExportError::Sink(SinkError::FileUnwritable { reason }) => {
            Refused::new(ErrorCode::FileUnwritable).at("out").with("problem", reason).into()
        }
        other => other.refused().into(),
    })
}

/// The question as HTTP would be asked it.
fn members(args: &ExportArgs) -> anyhow::Result<Value> {
    let mut members = Map::new();
    let mut filter = args.filter.as_deref().map(filter_of).transpose()?.unwrap_or_else(|| json!({}));
    if let (Some(code), Some(conditions)) = (&args.district, filter.as_object_mut()) {
        if conditions.contains_key("district") || conditions.contains_key("districts") {
            let twice = Refused::new(ErrorCode::FilterInvalid).at("filter.district");
            return Err(twice.with("problem", "--district names it already").into());
        }
        conditions.insert("district".to_owned(), json!(code));
    }
    members.insert("filter".to_owned(), filter);
    if let Some(as_of) = &args.as_of {
        members.insert("asOf".to_owned(), json_of(as_of, "asOf")?);
    }
    if let Some(crs) = &args.crs {
        members.insert("crs".to_owned(), json!(crs));
    }
    Ok(Value::Object(members))
}

fn filter_of(path: &Path) -> anyhow::Result<Value> {
    let unreadable = |why| Refused::new(ErrorCode::FileUnreadable).at("filter").told("problem", why);
    json_of(&std::fs::read_to_string(path).map_err(unreadable)?, "filter")
}

fn json_of(text: &str, field: &str) -> anyhow::Result<Value> {
    let invalid = |why: serde_json::Error| {
        Refused::new(ErrorCode::JsonInvalid).at(field).with("line", why.line()).with("column", why.column())
    };
    // Editors of spreadsheets and of Windows begin a file with a byte order mark.
    Ok(serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(invalid)?)
}

fn format_of(args: &ExportArgs) -> anyhow::Result<FileFormat> {
    if let Some(format) = args.format {
        return Ok(match format {
            Format::Geojson => FileFormat::GeoJson,
            Format::Gpkg => FileFormat::GeoPackage,
            Format::Csv => FileFormat::Csv,
            Format::Xlsx => FileFormat::Xlsx,
        });
    }
    let ending = args.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    match ending.as_str() {
        "geojson" | "json" => Ok(FileFormat::GeoJson),
        "gpkg" => Ok(FileFormat::GeoPackage),
        "csv" => Ok(FileFormat::Csv),
        "xlsx" => Ok(FileFormat::Xlsx),
        _ => {
            let known: Vec<&str> = vec!["geojson", "gpkg", "csv", "xlsx"];
            Err(Refused::new(ErrorCode::FormatUnknown).at("out").with("ending", ending).with("known", known).into())
        }
    }
}
