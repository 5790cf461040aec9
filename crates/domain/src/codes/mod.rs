//! Codes: validated code types and the code lists of the registry, with labels in Chinese and English.
//!
//! No rule about when a code may be used; those live with the acts. Lists are enums and tables, so that an unknown code
//! cannot be held.

pub(crate) mod code_enum;
mod code_text;
mod credit_code;
mod division;
pub(crate) mod labelled;
mod land_use;
mod land_use_gb50137;
mod land_use_gbt21010;
mod land_use_mnr2023;
mod ledger;
mod list;
mod parcel_code;
mod parcel_letters;
mod people;
mod refused;
mod rights;
mod space;
mod stock;
mod term_limits;
mod unit_code;
mod week;

pub use credit_code::{CREDIT_CODE_LENGTH, CreditCode};
pub use division::Division;
pub use labelled::{CodeUnknown, FOUND_MAX, Labelled, Lang, ListFacts, OWN_CLASSIFICATION};
pub use land_use::{LandUseCode, LandUseItem, LandUsePrefix, LandUseScheme};
pub use ledger::{
    AccountPurpose, AccountStatus, BankDirection, BookPart, BookSource, EnergyBasis, FactorKind, HoldKind, HoldState,
    LotOrigin, MoveKind, PostingKind, TransferState, UnitTracking,
};
pub use list::{CodeItem, CodeList, code_list, code_lists};
pub use parcel_code::{PARCEL_CODE_LENGTH, ParcelCode, StateOwnershipParcels};
pub use parcel_letters::{FIXTURE_LETTERS, LetterMeaning, OWNERSHIP_LETTERS, PARCEL_TYPE_LETTERS};
pub use people::{PartyKind, Role};
pub use refused::{CodeKind, CodeRefused};
pub use rights::{
    COMPETITION_FROM, ExternalState, FreezeKind, GrantMethod, Ownership, ResponsibilityKind, RestrictionKind,
    RightNature, RightType,
};
pub use space::{CodeProfile, FeatureKind, ParcelLayer, ParcelState, ZoneKind};
pub use stock::{IdleCause, InefficiencyReason, Infrastructure, SoilGate, StockStatus};
pub use term_limits::{LEASE_YEARS_MAX, LandPurpose, TERM_LIMITS, TermLimit, land_purpose, max_term_years, term_limit};
pub use unit_code::{UNIT_CODE_LENGTH, UnitCode};
pub use week::Weekday;

#[cfg(test)]
mod credit_code_tests;
#[cfg(test)]
mod land_use_tests;
#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod parcel_code_tests;
#[cfg(test)]
mod term_limits_tests;
#[cfg(test)]
mod unit_code_tests;
