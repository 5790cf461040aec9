//! Reading what a caller sent into values of the domain.
//!
//! No rule of the registry lives here. Whatever cannot be read is told with the path of the field, as the domain tells
//! its refusals, so that a form can mark the place whoever found the fault.

use std::str::FromStr;

use async_graphql::ID;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    ActBody, DistrictId, FeatureId, FreezeId, ParcelId, PartyId, PersonalId, PrincipalId, RecordKey, RecordKind,
    Refused, RestrictionId, RightId, ScheduleId, Seen, ZoneId,
};

use super::common::SeenInput;
use crate::scalars::read_id;

/// A value read, or why not.
pub(super) type Read<T> = Result<T, Refused>;

/// Greatest length of a free text in characters.
const TEXT_MAX: usize = 4_000;

/// Puts the path of the field that holds a value before what was wrong within it.
pub(super) trait Under<T> {
    /// The same result, its refusal placed under `path`.
    fn under(self, path: &str) -> Read<T>;
}

impl<T> Under<T> for Read<T> {
    fn under(self, path: &str) -> Self {
        self.map_err(|refused| {
            let inner = refused.field.clone();
            refused.at(inner.map_or_else(|| path.to_owned(), |inner| format!("{path}.{inner}")))
        })
    }
}

/// Reads a value that may be absent.
pub(super) fn maybe<I, O: TryFrom<I, Error = Refused>>(given: Option<I>, field: &str) -> Read<Option<O>> {
    given.map(O::try_from).transpose().under(field)
}

/// Reads every element of a list; the place of a faulty one is told.
pub(super) fn each<I, O: TryFrom<I, Error = Refused>>(given: Vec<I>, field: &str) -> Read<Vec<O>> {
    let read = |(place, item)| O::try_from(item).under(&format!("{field}[{place}]"));
    given.into_iter().enumerate().map(read).collect()
}

/// An id that names records of one kind.
pub(super) trait Named: FromStr {
    /// The kind that a prefix must name.
    const KIND: RecordKind;
}

macro_rules! named {
    ($($id:ident = $kind:ident;)*) => {$(
        impl Named for $id {
            const KIND: RecordKind = RecordKind::$kind;
        }
    )*};
}

named! {
    DistrictId = District;
    FeatureId = Feature;
    FreezeId = Freeze;
    ParcelId = Parcel;
    PartyId = Party;
    PersonalId = Erasure;
    PrincipalId = Principal;
    RestrictionId = Restriction;
    RightId = Right;
    ScheduleId = Schedule;
    ZoneId = Zone;
}

/// Reads `kind:uuid` of the right kind, or a bare UUID.
pub(super) fn id<T: Named>(given: &ID, field: &str) -> Read<T> {
    read_id(T::KIND, given, field)
}

/// Reads an id that may be absent.
pub(super) fn maybe_id<T: Named>(given: Option<&ID>, field: &str) -> Read<Option<T>> {
    given.map(|given| id(given, field)).transpose()
}

/// Reads `kind:uuid` of whatever kind.
pub(super) fn record_key(given: &ID, field: &str) -> Read<RecordKey> {
    given.parse().map_err(|_| Refused::new(ErrorCode::IdInvalid).at(field).with("expected", "kind:uuid"))
}

/// Reads an object as its author saw it.
pub(super) fn seen<T: Named>(given: &SeenInput, field: &str) -> Read<Seen<T>> {
    let id = id(&given.id, "id").under(field)?;
    Ok(Seen { id, seq: given.expected_seq.0 })
}

/// Refuses a free text that is too long to be kept in an entry, or holds what no text does.
pub(super) fn text(given: Option<String>, field: &str) -> Read<Option<String>> {
    let length = given.as_ref().map_or(0, |text| text.chars().count());
    if length > TEXT_MAX {
        return Err(Refused::new(ErrorCode::TextTooLong).at(field).with("length", length).with("most", TEXT_MAX));
    }
    if given.as_deref().is_some_and(has_controls) {
        return Err(Refused::new(ErrorCode::TextInvalid).at(field));
    }
    Ok(given)
}

/// Refuses a body in any text of which stands a control character: no database keeps every one of them.
pub(super) fn plain(body: &ActBody) -> Read<()> {
    let told = serde_json::to_value(body).map_err(|why| Refused::new(ErrorCode::Validation).told("why", why))?;
    let found = |field: String| Refused::new(ErrorCode::TextInvalid).at(field.trim_start_matches('.').to_owned());
    controlled(&told).map_or(Ok(()), |field| Err(found(field)))
}

/// The path of a text that holds control characters, in the words of the API.
fn controlled(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) => has_controls(text).then(std::string::String::new),
        Array(items) => {
            let mut places = items.iter().enumerate();
            places.find_map(|(place, item)| controlled(item).map(|inner| format!("[{place}]{inner}")))
        }
        Object(fields) => fields.iter().find_map(|(name, value)| controlled(value).map(|inner| under(name, &inner))),
        _ => None,
    }
}

/// The name of a field before the path within it; what only the journal's own form has is left out.
fn under(name: &str, inner: &str) -> String {
    if matches!(name, "facts" | "given") || name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return inner.to_owned();
    }
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel = words.fold(first, |camel, word| {
        let (head, tail) = word.split_at_checked(1).unwrap_or((word, ""));
        camel + &head.to_ascii_uppercase() + tail
    });
    format!(".{camel}{inner}")
}

/// Whether a text holds a control character other than those that lay it out in lines.
fn has_controls(text: &str) -> bool {
    text.chars().any(|one| (one < ' ' && !matches!(one, '\t' | '\n' | '\r')) || one == '\u{7f}')
}
