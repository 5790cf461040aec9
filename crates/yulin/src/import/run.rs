//! The course of an import: open and look at the file, settle it chunk by chunk, tell the sums.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use serde_json::json;
use yulin_domain::codes::{CodeProfile, ParcelState};
use yulin_domain::district::District;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs};
use yulin_domain::journal::{DistrictId, Refused};
use yulin_domain::quantity::Instant;
use yulin_exchange::format::{CrsProblem, Source};
use yulin_exchange::import::{FileLook, Mapping, digest_of_file, look_at, shift_name};
use yulin_persistence::{ParcelQuery, Registry, Rehearsal, Sight, Wants};

use super::args::{ImportArgs, What};
use super::chunk::Chunks;
use super::job::{Job, Mode};
use super::report::Report;
use crate::cli::General;
use crate::connection::{Author, district_of, now, open_for_command};
use crate::fault::refusal_of;
use crate::say::{Say, aside, told, value_of};

/// Something was not done: features were rejected, or the import was stopped.
const NOT_ALL: u8 = 2;
/// Told beyond the shell's convention for a process that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// Imports a file.
pub async fn run(general: &General, say: Say, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let registry = open_for_command(general).await?;
    let code = import(&registry, say, &args).await;
    registry.close().await;
    code
}

async fn import(registry: &Registry, say: Say, args: &ImportArgs) -> anyhow::Result<ExitCode> {
    let district = match &args.district {
        Some(code) => district_of(registry, code).await?.state,
        None => no_district()?,
    };
    let source = Source::open(&args.file, &args.open_options())?;
    let (crs, look) = placed(args, &source, &district)?;
    tell_of_file(say, args, &source, look);
    let mapping = mapping_of(args, &source, &district)?;
    let unused: Vec<String> = mapping.unused(source.fields()).into_iter().map(str::to_owned).collect();
    let registered = registered(registry, args.what, district.id).await?;
    let (author, mode) = if args.dry_run {
        let mut rehearsal = Box::new(Rehearsal::of(registry));
        (Author::rehearsed(&mut rehearsal, args.reason.clone()).await?, Mode::DryRun(rehearsal))
    } else {
        (Author::of(registry, args.reason.clone()).await?, Mode::Record)
    };
    let mut job = Job {
        author,
        what: args.what,
        mode,
        effective: args.effective.as_deref().map(|text| effective(text, &district)).transpose()?,
        mapping,
        crs,
        axis: look.map_or(AxisOrder::EastFirst, |look| look.axis),
        shift: look.and_then(|look| look.shift),
        manner: args.manner(),
        file: digest_of_file(&args.file)?,
        head: registry.head().await?.seq,
        registry: registry.clone(),
        district,
    };
    let mut report = Report::create(args.report.as_deref(), source.total())?;
    let mut course = Course { chunks: Chunks::of(source, args.what, &job.mapping)?, stood: 0 };
    let ended = course.follow(&mut job, &mut report).await;
    report.tally.absent = registered.map(|count| count.saturating_sub(course.stood));
    report.finish()?;
    sum_up(say, &job, &report, (&unused, ended.as_ref().err()))?;
    Ok(match ended {
        Err(error) if is_interruption(&error) => ExitCode::from(INTERRUPTED),
        Err(_) => ExitCode::FAILURE,
        Ok(()) if report.tally.rejected > 0 => ExitCode::from(NOT_ALL),
        Ok(()) => ExitCode::SUCCESS,
    })
}

/// The way through the file.
struct Course {
    chunks: Chunks,
    /// Codes of the file that stood in the registry already.
    stood: u64,
}

impl Course {
    async fn follow(&mut self, job: &mut Job, report: &mut Report) -> anyhow::Result<()> {
        let stop = stop_on_interrupt();
        loop {
            let items = self.chunks.next(&job.mapping);
            if items.is_empty() {
                break;
            }
            let settled = job.settle(&items).await?;
            settled.lines.iter().try_for_each(|line| report.tell(line))?;
            report.flush()?;
            self.stood += settled.stood;
            if let Some(fault) = settled.fault {
                return Err(fault.context("the registry failed; the same command goes on where this one stopped"));
            }
            if stop.load(Ordering::Relaxed) {
                return Err(Refused::new(ErrorCode::Interrupted).into());
            }
        }
        self.chunks.fault.take().map_or(Ok(()), |fault| Err(fault.into()))
    }
}

fn is_interruption(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Refused>().is_some_and(|refused| refused.code == ErrorCode::Interrupted)
}

/// A first Ctrl-C stops between chunks, a second at once: every act is recorded wholly or not at all.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if asked.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED.into());
            }
        }
    });
    stop
}

/// The system of the coordinates and what a sample of them tells, where there are any.
fn placed(args: &ImportArgs, source: &Source, district: &District) -> anyhow::Result<(Option<Crs>, Option<FileLook>)> {
    if !args.what.is_placed() {
        return Ok((None, None));
    }
    let code = source.crs().usable_epsg().map_err(|why| {
        let code = match &why {
            CrsProblem::Obfuscated { .. } => ErrorCode::CrsObfuscated,
            CrsProblem::Missing { .. } => ErrorCode::CrsMissing,
        };
        Refused::new(code).at("crs").told("why", &why)
    })?;
    let unknown = |_| Refused::new(ErrorCode::CrsUnknown).at("crs").with("epsg", code);
    let crs = Crs::epsg(code).map_err(unknown)?;
    let look = look_at(&args.file, &args.open_options(), crs, district)?;
    Ok((Some(crs), Some(FileLook { axis: args.axis().unwrap_or(look.axis), ..look })))
}

fn tell_of_file(say: Say, args: &ImportArgs, source: &Source, look: Option<FileLook>) {
    let crs = source.crs();
    if let (true, Some(epsg)) = (args.what.is_placed(), crs.epsg) {
        say.note(format!("coordinates in EPSG:{epsg} (told by: {})", crs.from));
    }
    if let Some(encoding) = source.encoding() {
        say.note(format!("texts in {} (told by: {})", encoding.encoding.name(), encoding.from));
    }
    match look.map(|look| look.axis) {
        Some(AxisOrder::NorthFirst) => aside("yulin: the first ordinate is north; it is read so"),
        Some(AxisOrder::EastFirst) | None => {}
    }
    if args.axis().is_none() && look.is_some_and(|look| look.both_orders_fit) {
        aside("yulin: whether the first ordinate is east or north cannot be told; east is taken (say it by --axis)");
    }
    if let Some(shift) = look.and_then(|look| look.shift) {
        let name = shift_name(shift);
        aside(format!("yulin: CRS_SUSPECT: the data fit the district far better after the {name} shift is undone"));
    }
}

fn mapping_of(args: &ImportArgs, source: &Source, district: &District) -> anyhow::Result<Mapping> {
    let mapping = Mapping::parse(args.map.as_deref(), args.what.keys(), source.fields())?;
    // A file without any attribute names nothing; where codes are free its parts are known by their number.
    let nameless = source.fields().is_empty() && district.profile == CodeProfile::Open;
    let mapping = if nameless && args.what.is_placed() { mapping.number_as("code") } else { mapping };
    let lots = args.what == What::Parcels && mapping.gives("parcelState") && mapping.gives("lotNumber");
    let lacks_code = args.what != What::Parties && !lots && !mapping.gives("code");
    // A sheet of attributes that gives none would leave every parcel as it is and say that all is well.
    let lacks_facts = args.what == What::Attributes && !mapping.gives_beside("code");
    if lacks_code || lacks_facts {
        let refused = Refused::new(ErrorCode::FieldRequired).at("map").with("columns", source.fields().to_vec());
        let refused = if lacks_code { refused.with("fact", "code") } else { refused };
        return Err(refused.with("understood", args.what.keys().to_vec()).into());
    }
    Ok(mapping)
}

/// The start of a local day of the district, or an instant.
fn effective(text: &str, district: &District) -> anyhow::Result<Instant> {
    match text.parse::<jiff::civil::Date>() {
        Ok(date) if !text.contains(['T', 't', ' ']) => Ok(Instant::start_of(date, &district.time_zone)?),
        Ok(_) | Err(_) => {
            let malformed = |why| Refused::new(ErrorCode::DateInvalid).at("effective").told("why", why);
            Ok(Instant::parse(text).map_err(malformed)?)
        }
    }
}

/// How many stand in the district; none where that is not counted.
async fn registered(registry: &Registry, what: What, district: DistrictId) -> anyhow::Result<Option<u64>> {
    let snapshot = now(registry).await?;
    let count = match what {
        What::Parcels | What::Attributes => {
            let query = ParcelQuery {
                sight: Sight::Full,
                districts: vec![district],
                states: vec![ParcelState::Registered],
                first: 1,
                wants: Wants { total: true, facets: false },
                ..ParcelQuery::default()
            };
            return Ok(registry.search(&snapshot, &query).await?.total);
        }
        What::Zones => registry.zones(&snapshot, Some(district), &[]).await?.len(),
        What::Features => registry.features(&snapshot, Some(district), &[]).await?.len(),
        What::Parties | What::Rights => return Ok(None),
    };
    Ok(Some(u64::try_from(count)?))
}

/// Tells the sums, which must add up.
fn sum_up(
    say: Say,
    job: &Job,
    report: &Report,
    (unused, ended): (&[String], Option<&anyhow::Error>),
) -> anyhow::Result<()> {
    let tally = report.tally;
    let mut value = serde_json::to_value(tally)?;
    if let Some(members) = value.as_object_mut() {
        members.insert("warned".to_owned(), json!(report.warned));
        members.insert("columnsUnused".to_owned(), json!(unused));
        if let Mode::DryRun(_) = job.mode {
            members.insert("dryRun".to_owned(), json!(true));
        }
        if let Some(shift) = job.shift {
            members.insert("fitsBetterUnshifted".to_owned(), json!(shift_name(shift)));
        }
        if let Some(error) = ended {
            let refused = refusal_of(error);
            aside(format!("yulin: {}", told(&refused)));
            members.insert("error".to_owned(), value_of(&refused));
        }
    }
    let absent = tally.absent.map(|absent| format!(", {absent} registered and not in the file")).unwrap_or_default();
    let done = match job.mode {
        Mode::Record => "stored",
        Mode::DryRun(_) => "to be stored",
    };
    let (read, stored, unchanged, rejected) = (tally.read, tally.stored, tally.unchanged, tally.rejected);
    if !unused.is_empty() {
        say.note(format!("columns not used: {}; understood are: {}", unused.join(", "), job.what.keys().join(", ")));
    }
    say.result(&value, format!("{read} read: {stored} {done}, {unchanged} unchanged, {rejected} rejected{absent}"));
    anyhow::ensure!(tally.adds_up(), "the sums do not add up");
    Ok(())
}

/// Parties belong to no district; what they are read in is never looked at.
fn no_district() -> anyhow::Result<District> {
    let id = DistrictId(uuid::Uuid::nil());
    Ok(District {
        id,
        code: String::new(),
        name: String::new(),
        parent: None,
        root: id,
        profile: CodeProfile::Open,
        grid: Crs::epsg(3857).context("the grid is not known")?,
        time_zone: "UTC".to_owned(),
        calendar: String::new(),
        boundary: None,
        generated: false,
    })
}
