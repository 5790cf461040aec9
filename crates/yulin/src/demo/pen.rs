//! What every act of the demo has in common: its id, author and reason, and the calendar it is dated by.

use anyhow::Result;
use jiff::{ToSpan, civil::Date};
use uuid::Uuid;
use yulin_domain::codes::Role;
use yulin_domain::geometry::{Crs, SubmittedFootprint};
use yulin_domain::journal::{Act, ActBody, ActId, Envelope, PrincipalId};
use yulin_domain::quantity::Instant;

use super::layout::DemoScale;

/// The day the demo's facts stand at; fixed, so that a seed gives the same acts on any day.
pub(super) const REFERENCE: Date = jiff::civil::date(2026, 6, 30);
/// The beginning of that day in Shanghai, in µs UTC.
pub(super) const REFERENCE_MICROS: i64 = 1_782_748_800_000_000;
const DAY_MICROS: i64 = 86_400_000_000;

/// A day so many days before the reference day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day(pub i32);

impl Day {
    /// The date.
    pub(super) fn date(self) -> Date {
        REFERENCE.saturating_sub(self.0.days())
    }

    /// Its beginning in Shanghai, which has kept one offset since 1991.
    pub(super) fn instant(self) -> Instant {
        Instant::from_micros(REFERENCE_MICROS - i64::from(self.0) * DAY_MICROS)
    }

    /// The last day of a term of so many years that begins on this one.
    pub(super) fn last_of(self, years: i32) -> Date {
        self.date().saturating_add(years.years()).saturating_sub(1.day())
    }

    /// So many days later.
    pub(super) const fn later(self, days: i32) -> Self {
        Self(self.0 - days)
    }

    /// So many days earlier.
    pub(super) const fn earlier(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

/// The author of the demo's acts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub scale: DemoScale,
    pub principal: PrincipalId,
}

impl Pen {
    /// The id of the nth act of a kind; of another scale or seed it is another.
    pub(super) fn id(&self, what: &str, number: u32) -> ActId {
        let DemoScale { parcels, seed } = self.scale;
        ActId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("yulin-demo/{seed}/{parcels}/{what}/{number}").as_bytes()))
    }

    /// An act that takes effect at the beginning of a day.
    pub(super) fn act(&self, id: ActId, day: Day, legs: Vec<ActBody>) -> Act {
        let mut act = self.act_now(id, legs);
        act.envelope.effective_at = Some(day.instant());
        act
    }

    /// An act that takes effect when it is recorded, as all do of the ledger.
    pub(super) fn act_now(&self, id: ActId, legs: Vec<ActBody>) -> Act {
        let envelope = Envelope {
            id,
            principal: self.principal,
            role: Role::Admin,
            narrowing: None,
            on_behalf_of: None,
            effective_at: None,
            not_after: None,
            reason: Some("生成的演示数据".to_owned()),
            legal_basis: None,
            evidence: Vec::new(),
            personal_note: None,
        };
        Act { envelope, legs }
    }
}

/// A polygon of one ring on the zone's grid.
pub(super) fn footprint(ring: &[[f64; 2]], grid: Crs) -> Result<SubmittedFootprint> {
    let count = u32::try_from(ring.len())?;
    let mut wkb = Vec::with_capacity(13 + 16 * ring.len());
    // Well-known binary: little-endian, kind 3 is a polygon.
    wkb.push(1);
    for word in [3, 1, count] {
        wkb.extend(word.to_le_bytes());
    }
    for ordinate in ring.iter().flatten() {
        wkb.extend(ordinate.to_le_bytes());
    }
    Ok(SubmittedFootprint::from_wkb(&wkb, grid)?)
}
