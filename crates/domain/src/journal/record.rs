//! Records: everything the registry knows, by kind, and the subjects they belong to.

use serde::{Deserialize, Serialize, de::Error as _};
use uuid::Uuid;

use super::{AccountId, CapId, FactorId, HoldId, IssuanceId, LotId, PostingId, TransferId};
use super::{CalendarId, Claim, DistrictId, FeatureId, ParcelId, PartyId, PersonalId, PrincipalId, ZoneId};
use super::{FreezeId, ReconciliationId, RestrictionId, RightId, Schedule, ScheduleId, Sealed};
use crate::calendar::WorkingCalendar as Calendar;
use crate::district::District;
use crate::factor::{Account, Cap, Factor, Hold, Issuance, Lot, Posting, Reconciliation, Transfer};
use crate::land::{Feature, Freeze, Parcel, Restriction, Right, Zone};
use crate::party::{Erasure, Party, Principal};

macro_rules! records {
    ($($variant:ident($id:ty) = $tag:literal;)*) => {
        /// The kinds of record, in order of their tables.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordKind { $(
            #[doc = concat!("A ", $tag, ".")]
            $variant,
        )* }

        impl RecordKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name of the kind, as in keys and tables.
            pub const fn tag(self) -> &'static str {
                match self { $(Self::$variant => $tag,)* }
            }
        }

        /// A state of one record.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Record { $(
            #[doc = concat!("State of a ", $tag, ".")]
            $variant(Box<$variant>),
        )* }

        impl Record {
            /// The kind of record this is a state of.
            pub const fn kind(&self) -> RecordKind {
                match self { $(Self::$variant(_) => RecordKind::$variant,)* }
            }
        }

        $(
            impl From<$variant> for Record {
                fn from(state: $variant) -> Self {
                    Self::$variant(Box::new(state))
                }
            }

            impl From<$id> for RecordKey {
                fn from(id: $id) -> Self {
                    Self { kind: RecordKind::$variant, id: id.0 }
                }
            }
        )*
    };
}

records! {
    District(DistrictId) = "district";
    Party(PartyId) = "party";
    Erasure(PersonalId) = "erasure";
    Principal(PrincipalId) = "principal";
    Parcel(ParcelId) = "parcel";
    Right(RightId) = "right";
    Restriction(RestrictionId) = "restriction";
    Freeze(FreezeId) = "freeze";
    Zone(ZoneId) = "zone";
    Feature(FeatureId) = "feature";
    Schedule(ScheduleId) = "schedule";
    Factor(FactorId) = "factor";
    Cap(CapId) = "cap";
    Account(AccountId) = "account";
    Issuance(IssuanceId) = "issuance";
    Lot(LotId) = "lot";
    Hold(HoldId) = "hold";
    Posting(PostingId) = "posting";
    Transfer(TransferId) = "transfer";
    Calendar(CalendarId) = "calendar";
    Reconciliation(ReconciliationId) = "reconciliation";
}

impl Record {
    /// The names that this state bears, which no other record may bear.
    pub fn claims(&self) -> Vec<Claim> {
        match self {
            Self::District(district) => vec![Claim::DistrictCode(district.code.clone())],
            Self::Party(party) => party.claims(),
            Self::Principal(principal) => vec![Claim::PrincipalName(principal.name.clone())],
            Self::Parcel(parcel) => parcel.claims(),
            Self::Zone(zone) => vec![Claim::ZoneCode(zone.district, zone.code.clone())],
            Self::Feature(feature) => vec![Claim::FeatureCode(feature.district, feature.code.clone())],
            Self::Factor(factor) => vec![Claim::FactorCode(factor.code.clone())],
            Self::Cap(cap) => vec![cap.claim()],
            Self::Account(account) => account.claims(),
            Self::Transfer(transfer) => transfer.claims(),
            Self::Erasure(_)
            | Self::Right(_)
            | Self::Restriction(_)
            | Self::Freeze(_)
            | Self::Schedule(_)
            | Self::Issuance(_)
            | Self::Lot(_)
            | Self::Hold(_)
            | Self::Posting(_)
            | Self::Reconciliation(_)
            // Its id follows from its name.
            | Self::Calendar(_) => Vec::new(),
        }
    }

    /// The parties that this state names.
    pub fn parties(&self) -> Vec<PartyId> {
        match self {
            Self::Right(right) => right.holders.iter().map(|holder| holder.party).collect(),
            Self::Restriction(restriction) => restriction.particulars.in_favour_of.into_iter().collect(),
            Self::Principal(principal) => principal.party.into_iter().collect(),
            Self::Erasure(erasure) => vec![erasure.party],
            Self::Account(account) => account.holder.into_iter().collect(),
            Self::Hold(hold) => hold.pledgee.into_iter().collect(),
            Self::District(_)
            | Self::Party(_)
            | Self::Parcel(_)
            | Self::Freeze(_)
            | Self::Zone(_)
            | Self::Feature(_)
            | Self::Schedule(_)
            | Self::Factor(_)
            | Self::Cap(_)
            | Self::Issuance(_)
            | Self::Lot(_)
            | Self::Posting(_)
            | Self::Transfer(_)
            | Self::Reconciliation(_)
            | Self::Calendar(_) => Vec::new(),
        }
    }

    /// The personal data that this state refers to.
    pub const fn sealed(&self) -> Option<Sealed> {
        match self {
            Self::Party(party) => party.personal,
            _ => None,
        }
    }

    /// The district to which this belongs.
    pub const fn district(&self) -> Option<DistrictId> {
        match self {
            Self::District(district) => district.parent,
            Self::Parcel(parcel) => Some(parcel.district),
            Self::Zone(zone) => Some(zone.district),
            Self::Feature(feature) => Some(feature.district),
            Self::Account(account) => Some(account.district),
            Self::Party(_)
            | Self::Erasure(_)
            | Self::Principal(_)
            | Self::Right(_)
            | Self::Restriction(_)
            | Self::Freeze(_)
            | Self::Schedule(_)
            | Self::Hold(_)
            | Self::Factor(_)
            | Self::Cap(_)
            | Self::Issuance(_)
            | Self::Lot(_)
            | Self::Posting(_)
            | Self::Transfer(_)
            | Self::Reconciliation(_)
            | Self::Calendar(_) => None,
        }
    }

    /// The parcel on which this right, restriction or freeze lies, or to which this account is bound.
    pub const fn on_parcel(&self) -> Option<ParcelId> {
        match self {
            Self::Right(right) => Some(right.parcel),
            Self::Restriction(restriction) => Some(restriction.parcel),
            Self::Freeze(freeze) => Some(freeze.parcel),
            Self::Account(account) => account.parcel,
            Self::District(_)
            | Self::Party(_)
            | Self::Erasure(_)
            | Self::Principal(_)
            | Self::Parcel(_)
            | Self::Zone(_)
            | Self::Feature(_)
            | Self::Schedule(_)
            | Self::Hold(_)
            | Self::Factor(_)
            | Self::Cap(_)
            | Self::Issuance(_)
            | Self::Lot(_)
            | Self::Posting(_)
            | Self::Transfer(_)
            | Self::Reconciliation(_)
            | Self::Calendar(_) => None,
        }
    }
}

/// What names a record: `kind:uuid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    pub kind: RecordKind,
    pub id: Uuid,
}

impl std::fmt::Display for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.tag(), self.id)
    }
}

impl std::str::FromStr for RecordKey {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let malformed = || format!("{text:?} names no record");
        let (tag, id) = text.split_once(':').ok_or_else(malformed)?;
        let kind = RecordKind::ALL.iter().find(|kind| kind.tag() == tag).ok_or_else(malformed)?;
        Ok(Self { kind: *kind, id: Uuid::parse_str(id).map_err(|_| malformed())? })
    }
}

impl Serialize for RecordKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// The record that heads a chain of entries: rights, restrictions and freezes belong to their parcel, holds and
/// entries to their account, caps to their factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(RecordKey);

impl Subject {
    /// The record that heads the chain.
    pub const fn key(self) -> RecordKey {
        self.0
    }
}

macro_rules! subjects {
    ($($id:ty),*) => {$(
        impl From<$id> for Subject {
            fn from(id: $id) -> Self {
                Self(id.into())
            }
        }
    )*};
}
subjects!(
    DistrictId,
    PartyId,
    PrincipalId,
    ParcelId,
    ZoneId,
    FeatureId,
    ScheduleId,
    FactorId,
    AccountId,
    IssuanceId,
    LotId,
    TransferId,
    CalendarId,
    ReconciliationId
);

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Subject {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self)
    }
}
