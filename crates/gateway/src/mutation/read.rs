//! Reading what a caller sent into values of the domain.
//!
//! No rule of the registry lives here. Whatever cannot be read is told with the path of the field, as the domain tells
//! its refusals, so that a form can mark the place whoever found the fault.

use std::str::FromStr;

use async_graphql::ID;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{
    AccountId, CalendarId, DistrictId, FactorId, FeatureId, FreezeId, HoldId, ParcelId, PartyId, PersonalId,
    PrincipalId, ReconciliationId, RecordKey, RecordKind, Refused, RestrictionId, RightId, ScheduleId, Seen,
    TransferId, ZoneId, has_controls,
};
use yulin_domain::quantity::Units;

use super::common::SeenInput;
use crate::scalars::{Decimal, read_id};
pub(super) use crate::scalars::{Under, read_each as each};

/// A value read, or why not.
pub(super) type Read<T> = Result<T, Refused>;

/// Greatest length of a free text in characters.
const TEXT_MAX: usize = 4_000;

/// Reads a value that may be absent.
pub(super) fn maybe<I, O: TryFrom<I, Error = Refused>>(given: Option<I>, field: &str) -> Read<Option<O>> {
    given.map(O::try_from).transpose().under(field)
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
    AccountId = Account;
    FactorId = Factor;
    HoldId = Hold;
    TransferId = Transfer;
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
    CalendarId = Calendar;
    ReconciliationId = Reconciliation;
}

/// Reads `kind:uuid` of the right kind, or a bare UUID.
pub(super) fn id<T: Named>(given: &ID, field: &str) -> Read<T> {
    read_id(T::KIND, given, field)
}

/// Reads an id that may be absent.
pub(super) fn maybe_id<T: Named>(given: Option<&ID>, field: &str) -> Read<Option<T>> {
    given.map(|given| id(given, field)).transpose()
}

/// Reads ids of one kind; the place of a faulty one is told.
pub(super) fn ids<T: Named>(given: &[ID], field: &str) -> Read<Vec<T>> {
    given.iter().enumerate().map(|(place, given)| id(given, &format!("{field}[{place}]"))).collect()
}

/// Reads an amount in base units.
pub(super) fn units(given: &Decimal, field: &str) -> Read<Units> {
    given.scaled(0, field).map(Units::of)
}

/// Refuses a list that is longer than one act may carry, before anything is looked up for it.
pub(super) fn few<T>(given: &[T], most: usize, field: &str) -> Read<()> {
    let refused = || Refused::new(ErrorCode::ListTooLong).at(field).with("length", given.len()).with("most", most);
    if given.len() > most { Err(refused()) } else { Ok(()) }
}

/// Reads a calendar year.
pub(super) fn year(given: i32, field: &str) -> Read<i16> {
    i16::try_from(given).map_err(|_| Refused::new(ErrorCode::DateInvalid).at(field).with("given", given))
}

/// Reads a small count, such as days.
pub(super) fn days(given: Option<i32>, field: &str) -> Read<Option<u16>> {
    let refused = |given: i32| Refused::new(ErrorCode::Validation).at(field).with("given", given);
    given.map(|given| u16::try_from(given).map_err(|_| refused(given))).transpose()
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

/// Reads a whole number that is not negative; GraphQL itself knows signed ones alone.
pub(super) fn count(given: Option<i32>, field: &str) -> Read<Option<u32>> {
    let negative =
        |_| Refused::new(ErrorCode::Validation).at(field).told("given", given.unwrap_or_default()).with("least", 0);
    given.map(|given| u32::try_from(given).map_err(negative)).transpose()
}
