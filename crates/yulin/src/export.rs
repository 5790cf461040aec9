//! `yulin export`: parcels, or stock land, to a file that an import takes back as it is.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use serde::Deserialize;
use serde_json::{Value, json};
use yulin_domain::codes::StockStatus;
use yulin_domain::geometry::{Crs, Region, SpatialRelation};
use yulin_domain::quantity::Area;
use yulin_exchange::export::{parcel_fields, parcel_geometry, parcel_values};
use yulin_exchange::format::{FileFormat, Sink, SinkOptions, SinkTarget};
use yulin_persistence::{ParcelQuery, Registry, Sight};

use crate::cli::General;
use crate::connection::{district_of, now, open_for_command};
use crate::say::Say;

/// Parcels read at once.
const PAGE: usize = 500;

/// Options of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to write
    #[arg(value_enum)]
    what: What,
    /// The district whose land is written
    #[arg(long, value_name = "CODE")]
    district: String,
    /// The file to write; its ending tells the format where none is named
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The format
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The CRS of the file; the district's grid where none is named
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// A JSON file: {"statuses": […], "areaMu": {"min": "10", "max": "50"}, "area": GeoJSON, "text": "…"}
    #[arg(long, value_name = "FILE")]
    filter: Option<PathBuf>,
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

/// What a filter file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Filter {
    statuses: Vec<StockStatus>,
    area_mu: Bounds,
    area: Option<Value>,
    text: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Bounds {
    min: Option<String>,
    max: Option<String>,
}

/// Writes the file; it is there whole, or not at all.
pub async fn run(general: &General, say: Say, args: ExportArgs) -> anyhow::Result<ExitCode> {
    let registry = open_for_command(general).await?;
    let district = district_of(&registry, &args.district).await?.state;
    let grid = district.grid;
    let target = args.crs.as_deref().map_or(Ok(grid), crs_of)?;
    let format = format_of(&args)?;
    let mut query = ParcelQuery { districts: vec![district.id], sight: Sight::Full, ..ParcelQuery::default() };
    query.stock_only = args.what == What::Stock;
    query.first = PAGE;
    narrow(&mut query, args.filter.as_deref())?;
    let options = SinkOptions {
        layer: "parcels".to_owned(),
        crs_epsg: Some(target.code()),
        fields: parcel_fields(),
        ..SinkOptions::default()
    };
    let mut sink = Sink::create(SinkTarget::File(args.out.clone()), format, &options)?;
    write(&registry, query, (grid, target), &mut sink).await?;
    let written = sink.finish()?;
    registry.close().await;
    let value = json!({ "written": written.features, "file": args.out, "crs": target.code() });
    say.result(&value, format!("{} parcels written to {}", written.features, args.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// Every parcel that answers, as of one snapshot.
async fn write(
    registry: &Registry,
    mut query: ParcelQuery,
    (grid, target): (Crs, Crs),
    sink: &mut Sink,
) -> anyhow::Result<()> {
    let snapshot = now(registry).await?;
    let bar = ProgressBar::new_spinner();
    loop {
        let page = registry.search(&snapshot, &query).await?;
        let ids: Vec<_> = page.items.iter().map(|found| found.id).collect();
        let mut parcels = registry.parcels_by_ids(&snapshot, &ids).await?;
        parcels.sort_by_key(|parcel| ids.iter().position(|id| *id == parcel.state.id));
        for parcel in &parcels {
            let geometry = parcel_geometry(&parcel.state, grid, target)?;
            sink.write(&parcel_values(&parcel.state), geometry.as_ref())?;
        }
        bar.inc(parcels.len() as u64);
        query.after = page.items.last().map(|found| found.cursor.clone());
        if !page.has_next {
            bar.finish_and_clear();
            return Ok(());
        }
    }
}

fn narrow(query: &mut ParcelQuery, filter: Option<&std::path::Path>) -> anyhow::Result<()> {
    let Some(path) = filter else { return Ok(()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let filter: Filter = serde_json::from_str(&text).with_context(|| format!("reading {}", path.display()))?;
    query.statuses = filter.statuses;
    query.text = filter.text;
    query.area_min = filter.area_mu.min.as_deref().map(Area::at_least_mu).transpose()?;
    query.area_max = filter.area_mu.max.as_deref().map(Area::at_most_mu).transpose()?;
    if let Some(area) = filter.area {
        query.area = Some((Region::from_geojson(&area.to_string())?, SpatialRelation::Intersects));
    }
    Ok(())
}

fn crs_of(text: &str) -> anyhow::Result<Crs> {
    let number = text.strip_prefix("EPSG:").or_else(|| text.strip_prefix("epsg:")).unwrap_or(text);
    Ok(Crs::epsg(number.parse().with_context(|| format!("{text:?} names no CRS; write EPSG:n"))?)?)
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
        _ => Err(anyhow!("the ending {ending:?} tells no format; name one with --format")),
    }
}
