//! Why a text is not a valid code.
//!
//! One enum for all validated codes, because they fail in the same few ways; each refusal names the place and the
//! number the reader needs. Whether a valid code is free, or lies in the right district, is decided elsewhere.

use super::labelled::Labelled;
use super::land_use::LandUseScheme;
use crate::error_catalogue::ErrorCode;

/// Which kind of code was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKind {
    /// Parcel code of GB/T 37346, 19 characters.
    Parcel,
    /// Real-estate unit code of GB/T 37346, 28 characters.
    Unit,
    /// Unified social credit code of GB 32100, 18 characters.
    Credit,
}

impl std::fmt::Display for CodeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Parcel => "parcel code",
            Self::Unit => "unit code",
            Self::Credit => "credit code",
        })
    }
}

/// Why a code was refused. The order is the precedence: the first that applies is reported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeRefused {
    /// Too long or too short; lengths in characters.
    #[error("a {kind} has {expected} characters, found {found}")]
    Length { kind: CodeKind, expected: usize, found: usize },
    /// A character that may not stand at its place; positions count from 1.
    #[error("character {position} of a {kind} must be one of {allowed}, found {found:?}")]
    Character { kind: CodeKind, position: usize, allowed: &'static str, found: char },
    /// Serial 00000.
    #[error("the serial of a {kind} counts from 00001")]
    SerialZero { kind: CodeKind },
    /// Fixture letter W stands for no fixture and takes eight zeros.
    #[error("fixture letter W takes the number 00000000, found {found}")]
    FixtureNumber { found: String },
    /// Ownership letter and parcel-type letter exclude each other.
    #[error("ownership {ownership} does not go with parcel type {parcel_type}")]
    Combination { ownership: char, parcel_type: char },
    /// County 000000 is for sea areas and islands across counties.
    #[error("county 000000 is for sea areas across counties, not for parcel type {parcel_type}")]
    CrossCounty { parcel_type: char },
    /// A valid code of another county.
    #[error("the code is of county {found}, expected {expected}")]
    County { expected: String, found: String },
    /// The check character does not follow from the others.
    #[error("the check character should be {expected}, found {found}")]
    CheckCharacter { expected: char, found: char },
    /// A land-use code without its scheme, or with one that is not known.
    #[error("{found:?} is not written SCHEME:CODE with a scheme of {}", scheme_codes())]
    Scheme { found: String },
    /// The scheme has no such class.
    #[error("{scheme} has no class {found:?}")]
    LandUse { scheme: LandUseScheme, found: String },
}

impl CodeRefused {
    /// The stable code under which the refusal is answered.
    pub const fn error_code(&self) -> ErrorCode {
        match self {
            Self::Length { kind, .. } | Self::Character { kind, .. } | Self::SerialZero { kind } => match kind {
                CodeKind::Parcel => ErrorCode::CodeFormat,
                CodeKind::Unit => ErrorCode::UnitCodeFormat,
                CodeKind::Credit => ErrorCode::CreditCodeFormat,
            },
            Self::FixtureNumber { .. } => ErrorCode::UnitCodeFormat,
            Self::Combination { .. } => ErrorCode::CodeCombo,
            Self::CrossCounty { .. } | Self::County { .. } => ErrorCode::CodeCounty,
            Self::CheckCharacter { .. } => ErrorCode::CreditCodeCheck,
            Self::Scheme { .. } | Self::LandUse { .. } => ErrorCode::LandUseUnknown,
        }
    }
}

fn scheme_codes() -> String {
    LandUseScheme::all().iter().map(|scheme| scheme.code()).collect::<Vec<_>>().join(", ")
}
