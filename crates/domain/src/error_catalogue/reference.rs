//! How the `E_` codes of the domain reference map to the catalogue's codes.
//!
//! Most differ by the prefix alone; the few that were renamed are named here once.

use super::ErrorCode;

/// The codes of the reference whose name in the catalogue is another.
const RENAMED: &[(&str, ErrorCode)] = &[
    ("E_VERSION_CONFLICT", ErrorCode::Conflict),
    ("E_PARCEL_CODE_FORMAT", ErrorCode::CodeFormat),
    ("E_PARCEL_CODE_COUNTY", ErrorCode::CodeCounty),
    ("E_PARCEL_CODE_COMBO", ErrorCode::CodeCombo),
    ("E_PARCEL_CODE_DUPLICATE", ErrorCode::CodeDuplicate),
];

impl ErrorCode {
    /// The catalogue's code for an `E_` code of the domain reference; `None` where the catalogue has none.
    pub fn of_reference(reference: &str) -> Option<Self> {
        let renamed = RENAMED.iter().find(|(name, _)| *name == reference).map(|(_, code)| *code);
        renamed.or_else(|| reference.strip_prefix("E_")?.parse().ok())
    }
}
