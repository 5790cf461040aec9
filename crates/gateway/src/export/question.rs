//! What is asked of an export: which land, as of when, in which system.

use async_graphql::InputObject;
use serde_json::Value;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::Refused;

use super::input::read_input;
use crate::http::holds_nul;
use crate::land::{ParcelFilterInput, Scope};
use crate::scalars::AsOfInput;

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exportable {
    /// Every parcel that answers.
    Parcels,
    /// Land with a stock status.
    Stock,
}

/// What is asked of an export.
#[derive(Debug, Clone)]
pub struct ExportQuestion {
    pub(super) what: Exportable,
    pub(super) filter: ParcelFilterInput,
    pub(super) as_of: Option<AsOfInput>,
    pub(super) crs: Option<Crs>,
}

/// The members of a question as JSON; the filter is that of the query fields.
#[derive(Debug, InputObject)]
struct ExportInput {
    filter: Option<ParcelFilterInput>,
    as_of: Option<AsOfInput>,
    crs: Option<String>,
}

impl Exportable {
    /// The name of files and layers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parcels => "parcels",
            Self::Stock => "stock",
        }
    }

    /// The query field that answers the same question; who may ask that may export.
    pub(super) const fn query_field(self) -> &'static str {
        match self {
            Self::Parcels => "parcels",
            Self::Stock => "stockLand",
        }
    }

    pub(super) const fn scope(self) -> Scope {
        match self {
            Self::Parcels => Scope::Parcels,
            Self::Stock => Scope::StockLand,
        }
    }
}

impl ExportQuestion {
    /// Reads `{"filter": …, "asOf": …, "crs": "EPSG:n"}`; what does not fit is refused and the field named.
    pub fn read(what: Exportable, members: Value) -> Result<Self, Refused> {
        if let Some((name, _)) =
            members.as_object().and_then(|members| members.iter().find(|(_, value)| holds_nul(value)))
        {
            return Err(Refused::new(ErrorCode::TextInvalid).at(name.clone()));
        }
        let ExportInput { filter, as_of, crs } = read_input(members)?;
        let crs = crs.as_deref().map(crs_of).transpose()?;
        Ok(Self { what, filter: filter.unwrap_or_default(), as_of, crs })
    }
}

fn crs_of(text: &str) -> Result<Crs, Refused> {
    let unknown = || Refused::new(ErrorCode::CrsUnknown).at("crs").with("expected", "EPSG:n");
    let number = text.strip_prefix("EPSG:").or_else(|| text.strip_prefix("epsg:")).unwrap_or(text);
    let code = number.parse().map_err(|_| unknown())?;
    Crs::epsg(code).map_err(|why| unknown().told("problem", why))
}
