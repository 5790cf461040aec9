//! The circles of readers that the table names (domain reference 0.4), as sets of roles.

use yulin_domain::codes::Role;
use yulin_persistence::Sight;

/// A circle of readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Everyone, the anonymous public too.
    Everyone,
    /// Whoever works for the zone.
    Officers,
    /// Whoever works for the zone, and an enterprise for what is its own.
    OfficersAndOwner,
    /// Whoever works for the zone, and an enterprise or a venue for what is its own.
    Followers,
    /// To whom events are sent: venues, auditors, administrators, operators of trade.
    Subscribers,
    /// Who may read the names of natural persons.
    Personal,
}

/// What a role reads of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    Yes,
    /// Of its own party's objects alone; of a venue, of what is opened to it.
    OwnOnly,
    No,
}

impl Readers {
    /// What a role reads of what this circle reads.
    pub fn reading(self, role: Role) -> Reading {
        let of = |allowed: bool| if allowed { Reading::Yes } else { Reading::No };
        match self {
            Self::Everyone => Reading::Yes,
            Self::OfficersAndOwner if role == Role::Enterprise => Reading::OwnOnly,
            Self::Followers if matches!(role, Role::Enterprise | Role::Venue) => Reading::OwnOnly,
            Self::Officers | Self::OfficersAndOwner | Self::Followers => of(is_officer(role)),
            Self::Subscribers => of(matches!(role, Role::Venue | Role::Auditor | Role::Admin | Role::TradeOperator)),
            Self::Personal => of(knows_persons(role)),
        }
    }
}

const fn is_officer(role: Role) -> bool {
    match role {
        Role::ZoneOfficer
        | Role::Planner
        | Role::Ecology
        | Role::Energy
        | Role::Finance
        | Role::Evaluator
        | Role::TradeOperator
        | Role::Approver
        | Role::Auditor
        | Role::Admin
        | Role::System => true,
        Role::Public | Role::Investor | Role::Enterprise | Role::Venue => false,
    }
}

const fn knows_persons(role: Role) -> bool {
    match role {
        Role::ZoneOfficer | Role::Approver | Role::Auditor | Role::Admin => true,
        Role::Planner
        | Role::Ecology
        | Role::Energy
        | Role::Finance
        | Role::Evaluator
        | Role::TradeOperator
        | Role::Public
        | Role::Investor
        | Role::Enterprise
        | Role::Venue
        | Role::System => false,
    }
}

/// Which geometry a role is shown, searches in and measures: the surveyed one, or the outline at one metre.
pub const fn sight(role: Role) -> Sight {
    if is_officer(role) { Sight::Full } else { Sight::Outline }
}
