//! Global ids: `kind:uuid`, the text under which the journal knows a record. A bare UUID is taken where the kind is known.

use std::str::FromStr;

use async_graphql::ID;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{RecordKey, RecordKind, Refused};

/// Reads the id of a record of one kind.
pub fn read_id<T: FromStr>(kind: RecordKind, id: &ID, field: &str) -> Result<T, Refused> {
    let text = id.as_str();
    let bare = text.split_once(':').map_or(Some(text), |(tag, rest)| (tag == kind.tag()).then_some(rest));
    // Braced and plain hexadecimal forms are refused, so that one record has one id.
    let bare = bare.filter(|bare| bare.len() == 36);
    bare.and_then(|bare| bare.parse().ok())
        .ok_or_else(|| Refused::new(ErrorCode::IdInvalid).at(field).told("expected", format!("{}:uuid", kind.tag())))
}

/// Writes the global id of a record.
pub fn write_id(key: impl Into<RecordKey>) -> ID {
    ID(key.into().to_string())
}
