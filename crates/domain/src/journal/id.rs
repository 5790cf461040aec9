//! Typed identifiers, in alphabetical order.
//!
//! What an act creates is named by the act (UUID v5 of its id, leg and place), so that deciding needs no
//! random source and a dry run shows the very ids that the act would make.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident = $tag:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The id of the nth thing of this kind that a leg of an act creates.
            pub fn made_by(act: ActId, leg: usize, nth: usize) -> Self {
                Self(Uuid::new_v5(&act.0, format!(concat!($tag, "/{}/{}"), leg, nth).as_bytes()))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

typed_ids! {
    /// An account of the factor ledger.
    AccountId = "account";
    /// An act, named by its author before it is sent (UUID, v7 advised).
    ActId = "act";
    /// A cap on what is issued for a year.
    CapId = "cap";
    /// A working calendar.
    CalendarId = "calendar";
    /// A district.
    DistrictId = "district";
    /// A factor resource.
    FactorId = "factor";
    /// A point or line feature.
    FeatureId = "feature";
    /// A freeze.
    FreezeId = "freeze";
    /// A hold on units or money.
    HoldId = "hold";
    /// Units issued together.
    IssuanceId = "issuance";
    /// A lot of units.
    LotId = "lot";
    /// A parcel, from its registration to its retirement and beyond.
    ParcelId = "parcel";
    /// A party.
    PartyId = "party";
    /// A sealed set of personal data.
    PersonalId = "personal";
    /// An entry on an account.
    PostingId = "posting";
    /// A principal: who acts.
    PrincipalId = "principal";
    /// A comparison of books.
    ReconciliationId = "reconciliation";
    /// A restriction or responsibility.
    RestrictionId = "restriction";
    /// A right.
    RightId = "right";
    /// A scheduled act.
    ScheduleId = "schedule";
    /// A transfer between accounts.
    TransferId = "transfer";
    /// A restriction zone.
    ZoneId = "zone";
}

/// The space of the names of calendars.
const CALENDARS: Uuid = Uuid::from_u128(0x0595_7e40_0000_8000_8000_0000_0000_0002);

impl CalendarId {
    /// The id of the calendar that bears a name: districts name it before it is there.
    pub fn named(name: &str) -> Self {
        Self(Uuid::new_v5(&CALENDARS, name.as_bytes()))
    }
}

impl PrincipalId {
    /// The registry itself: what falls due is its act.
    pub const SYSTEM: Self = Self(Uuid::from_u128(0x0595_7e40_0000_8000_8000_0000_0000_0001));
}
