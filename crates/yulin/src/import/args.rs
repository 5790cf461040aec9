//! The options of an import.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{AxisOrder, Crs};
use yulin_domain::journal::Refused;
use yulin_exchange::format::{Encoding, Explode, FileFormat, OpenOptions};
use yulin_exchange::import::{FEATURE_KEYS, Manner, PARCEL_KEYS, PARTY_KEYS, RIGHT_KEYS, ZONE_KEYS};

use crate::district::crs;

/// What is imported, from where, and how it is to be read.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the file holds
    #[arg(value_enum)]
    pub what: What,
    /// GeoJSON, GeoPackage, Shapefile (plain or zipped), CSV, XLSX or WKT
    pub file: PathBuf,
    /// The code of the district (not needed for parties)
    #[arg(long, value_name = "CODE", required_if_eq_any = [
        ("what", "parcels"), ("what", "zones"), ("what", "features"), ("what", "rights"), ("what", "attributes")])]
    pub district: Option<String>,
    /// The layer or sheet, where the file has several
    #[arg(long, value_name = "L")]
    pub layer: Option<String>,
    /// The system of the coordinates [default: what the file says]
    #[arg(long, value_parser = crs, value_name = "EPSG:n")]
    pub crs: Option<Crs>,
    /// Which ordinate comes first [default: what fits the district, or where the system is used]
    #[arg(long, value_enum)]
    pub axis: Option<AxisArg>,
    /// The encoding of texts: UTF-8, GBK or Latin-1 [default: detected]
    #[arg(long, value_parser = encoding)]
    pub encoding: Option<Encoding>,
    /// Which column gives which fact: code=FIELD,registeredArea=FIELD,soilGate=const:PASS,code=#
    #[arg(long, value_name = "FACT=FIELD,…")]
    pub map: Option<String>,
    /// What a difference to the registry means [default: change]
    #[arg(long = "as", value_enum, value_name = "MANNER")]
    pub manner: Option<MannerArg>,
    /// Since when the facts hold: a local date of the district, or an RFC 3339 instant
    #[arg(long, value_name = "DATE")]
    pub effective: Option<String>,
    /// Why: recorded with every act
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Decide everything and record nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where a line for every feature is written
    #[arg(long, value_name = "OUT.ndjson")]
    pub report: Option<PathBuf>,
    /// Whether each part of a multi-geometry is a parcel of its own [default: parts for parcels from WKT, else whole]
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "parts")]
    pub explode: Option<ExplodeArg>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Parcels with their footprints
    Parcels,
    /// Restriction zones
    Zones,
    /// Points and lines
    Features,
    /// Parties
    Parties,
    /// Rights of parties in parcels
    Rights,
    /// Facts of registered parcels: prices, statuses, planning limits
    Attributes,
}

/// What a difference means, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MannerArg {
    /// The record was wrong
    Correction,
    /// The world changed
    Change,
}

/// Which ordinate comes first, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AxisArg {
    /// East or longitude
    EastFirst,
    /// North or latitude, which surveyors call X
    NorthFirst,
}

/// What becomes of multi-geometries, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplodeArg {
    /// Each part is a feature
    Parts,
    /// A geometry is a feature
    Whole,
}

fn encoding(text: &str) -> Result<Encoding, Refused> {
    let known: Vec<&str> = vec!["UTF-8", "GBK", "Latin-1"];
    let unknown = || Refused::new(ErrorCode::EncodingUnsupported).at("encoding").with("known", known);
    Encoding::from_label(text).ok_or_else(unknown)
}

impl What {
    /// The facts that a file of this may give.
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Parcels | Self::Attributes => PARCEL_KEYS,
            Self::Zones => ZONE_KEYS,
            Self::Features => FEATURE_KEYS,
            Self::Parties => PARTY_KEYS,
            Self::Rights => RIGHT_KEYS,
        }
    }

    /// Whether its features have geometry.
    pub const fn is_placed(self) -> bool {
        match self {
            Self::Parcels | Self::Zones | Self::Features => true,
            Self::Parties | Self::Rights | Self::Attributes => false,
        }
    }

    /// Whether a second feature of the same code contradicts the first: taken in turn, they would never come to rest.
    pub const fn is_once(self) -> bool {
        match self {
            Self::Parcels | Self::Zones | Self::Features | Self::Parties | Self::Attributes => true,
            Self::Rights => false,
        }
    }
}

impl ImportArgs {
    /// How the file is opened.
    pub fn open_options(&self) -> OpenOptions {
        let start = std::fs::File::open(&self.file).map(|mut file| {
            let mut start = [0; 512];
            let read = std::io::Read::read(&mut file, &mut start).unwrap_or_default();
            start.get(..read).unwrap_or_default().to_vec()
        });
        // One geometry of many parts is how WKT carries a map; elsewhere the parts of a feature are one parcel.
        let format = FileFormat::recognise(&self.file, &start.unwrap_or_default());
        let explode = match (self.explode, self.what, format) {
            (Some(ExplodeArg::Parts), _, _) | (None, What::Parcels, Some(FileFormat::Wkt)) => Explode::Parts,
            (Some(ExplodeArg::Whole) | None, _, _) => Explode::Whole,
        };
        OpenOptions {
            format: None,
            layer: self.layer.clone(),
            encoding: self.encoding,
            crs_epsg: self.crs.map(Crs::code),
            explode,
        }
    }

    /// Which ordinate comes first, where that is said.
    pub fn axis(&self) -> Option<AxisOrder> {
        self.axis.map(|axis| match axis {
            AxisArg::EastFirst => AxisOrder::EastFirst,
            AxisArg::NorthFirst => AxisOrder::NorthFirst,
        })
    }

    /// What a difference to the registry means.
    pub const fn manner(&self) -> Manner {
        match self.manner {
            Some(MannerArg::Correction) => Manner::Correction,
            Some(MannerArg::Change) | None => Manner::Change,
        }
    }
}
