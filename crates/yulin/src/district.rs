//! `yulin district`: districts, whose code rules, grid and clock everything in them follows.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use yulin_domain::calendar::shipped;
use yulin_domain::codes::CodeProfile;
use yulin_domain::district::RegisterDistrict;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs, SubmittedFootprint, axis_order};
use yulin_domain::journal::{CalendarId, DistrictId, Refused};
use yulin_exchange::format::{OpenOptions, OpenRefused, Source};
use yulin_persistence::Registry;

use crate::cli::General;
use crate::connection::{Author, district_of, now, open_for_command};
use crate::fault::{by_option, of_file};
use crate::say::{Say, not_performed};

/// The options whose names differ from those of the fields they give.
const OPTIONS: [(&str, &str); 3] = [("grid", "crs"), ("timeZone", "time-zone"), ("district", "parent")];

/// What is done with districts.
#[derive(Debug, Subcommand)]
pub enum DistrictCommand {
    /// Register a district
    Add(AddArgs),
}

/// A district to be registered.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// Its code, unique in the registry
    #[arg(long)]
    code: String,
    /// Its name
    #[arg(long)]
    name: String,
    /// The rules its parcel codes follow
    #[arg(long, value_enum)]
    profile: Profile,
    /// The projected grid of its footprints [default: EPSG:4549 for cn, that of the parent where there is one]
    #[arg(long, value_parser = crs, value_name = "EPSG:n")]
    crs: Option<Crs>,
    /// A file whose one polygon is the boundary
    #[arg(long, value_name = "FILE")]
    boundary: Option<PathBuf>,
    /// The code of the district it lies in
    #[arg(long, value_name = "CODE")]
    parent: Option<String>,
    /// The IANA time zone of its dates [default: Asia/Shanghai for cn, UTC for open]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The working calendar by name [default: CN for cn, NONE for open]
    #[arg(long, value_name = "NAME")]
    calendar: Option<String>,
    /// Why it is registered
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// The rules of parcel codes, as the command line names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Any code unique in the district
    Open,
    /// The national codes of GB/T 37346
    Cn,
}

/// Reads `EPSG:4549`, or `4549`.
pub fn crs(text: &str) -> Result<Crs, Refused> {
    let digits = text.trim().to_uppercase();
    let plain: String = digits.chars().filter(char::is_ascii_alphanumeric).collect();
    if ["GCJ02", "BD09"].contains(&plain.as_str()) {
        return Err(Refused::new(ErrorCode::CrsObfuscated).at("crs"));
    }
    let unknown = || Refused::new(ErrorCode::CrsUnknown).at("crs").with("expected", "EPSG:n");
    let code = digits.strip_prefix("EPSG:").unwrap_or(&digits).parse().map_err(|_| unknown())?;
    Crs::epsg(code).map_err(|why| unknown().told("problem", why))
}

/// Does it.
pub async fn run(general: &General, say: Say, command: DistrictCommand) -> anyhow::Result<ExitCode> {
    let DistrictCommand::Add(args) = command;
    let named = |error| by_option(error, &OPTIONS);
    let registry = open_for_command(general).await?;
    let parent = match &args.parent {
        Some(code) => Some(district_of(&registry, code).await.map_err(named)?.state),
        None => None,
    };
    let (profile, zone, calendar) = match args.profile {
        Profile::Open => (CodeProfile::Open, "UTC", "NONE"),
        Profile::Cn => (CodeProfile::CnGbt37346, "Asia/Shanghai", "CN"),
    };
    let default = parent.as_ref().map(|parent| parent.grid).or_else(|| match args.profile {
        Profile::Cn => Crs::epsg(4549).ok(),
        Profile::Open => None,
    });
    let grid = args.crs.or(default).ok_or_else(|| Refused::new(ErrorCode::CrsMissing).at("crs"))?;
    if !grid.is_projected() {
        let refused = Refused::new(ErrorCode::CrsUnknown).at("crs").with("epsg", grid.code());
        return Err(refused.with("problem", "it is known, but not projected; the grid of a district is").into());
    }
    let boundary = args.boundary.as_deref().map(|path| boundary_of(path, grid)).transpose()?;
    let act = RegisterDistrict {
        code: args.code,
        name: args.name,
        parent: parent.map(|parent| parent.id),
        profile,
        grid,
        time_zone: args.time_zone.unwrap_or_else(|| zone.to_owned()),
        calendar: args.calendar.unwrap_or_else(|| calendar.to_owned()),
        boundary,
        generated: false,
    };
    let name = act.calendar.clone();
    let author = Author::of(&registry, args.reason).await?;
    let receipt = registry.perform(author.act(act.into())).await.map_err(not_performed).map_err(named)?;
    let calendar = set_shipped(&registry, &author, &name).await?;
    registry.close().await;
    let id = DistrictId::made_by(receipt.act_id, 0, 0);
    if let Some(seq) = calendar {
        say.note(format!("The working calendar {name} was not set yet; it is now, recorded as {seq}."));
    }
    say.result(
        &json!({ "district": id, "seq": receipt.seq, "calendarSetAs": calendar }),
        format!("district {id}, recorded as {}", receipt.seq),
    );
    Ok(ExitCode::SUCCESS)
}

/// Sets the calendar that a district names, where the program brings it along and none is set; the entry.
async fn set_shipped(registry: &Registry, author: &Author, name: &str) -> anyhow::Result<Option<i64>> {
    let Some(calendar) = shipped(name) else { return Ok(None) };
    let known = registry.calendars_by_ids(&now(registry).await?, &[CalendarId::named(name)]).await?;
    if !known.is_empty() {
        return Ok(None);
    }
    let mut act = author.act(calendar.into());
    act.envelope.legal_basis = Some("全国年节及纪念日放假办法".to_owned());
    Ok(Some(registry.perform(act).await.map_err(not_performed)?.seq))
}

/// The polygon of a file that holds one.
fn boundary_of(path: &std::path::Path, grid: Crs) -> anyhow::Result<SubmittedFootprint> {
    let unreadable = |why: OpenRefused| of_file(why.code(), "boundary", why);
    let mut source = Source::open(path, &OpenOptions::default()).map_err(unreadable)?;
    // A file that says nothing is taken to be in the district's own grid.
    let crs = match (source.crs().usable_epsg(), source.crs().is_obfuscated()) {
        (Ok(code), _) => {
            Crs::epsg(code).map_err(|why| Refused::new(ErrorCode::CrsUnknown).at("boundary").told("problem", why))?
        }
        (Err(why), true) => return Err(Refused::new(ErrorCode::CrsObfuscated).at("boundary").told("why", why).into()),
        (Err(_), false) => grid,
    };
    let none = || Refused::new(ErrorCode::GeometryRequired).at("boundary");
    let feature = source.next().ok_or_else(none)?.map_err(|why| of_file(why.code(), "boundary", why))?;
    if source.next().is_some() {
        return Err(Refused::new(ErrorCode::LimitExceeded)
            .at("boundary")
            .with("features", "> 1")
            .with("most", 1)
            .into());
    }
    let geometry = feature.geometry.map_err(|why| of_file(why.code(), "boundary", why))?.ok_or_else(none)?;
    let points: Vec<_> = geo::CoordsIter::coords_iter(&geometry).take(1_000).collect();
    let axis = axis_order(&points, crs, None).unwrap_or(AxisOrder::EastFirst);
    let geometry = geo::MapCoords::map_coords(&geometry, |at| axis.east_north(at));
    Ok(SubmittedFootprint::from_geometry(geometry, crs).map_err(|why| why.refused("boundary"))?)
}
