//! Deciding an entry: the legs of an act one after another, all or none.

use super::rescind::is_ledgers;
use super::within::Within;
use super::{
    Act, ActBody, Change, Effects, Envelope, LEGS_MAX, Narrowing, PreparedFootprints, PrincipalId, RecordKey,
    RecordKind, Refused, Seen, Span, Subject, WorkingSet,
};
use crate::codes::Role;
use crate::error_catalogue::ErrorCode;
use crate::factor::check_act;
use crate::geometry::Prepared;
use crate::journal::{DistrictId, ParcelId};
use crate::land::Parcel;
use crate::quantity::Instant;
use crate::{district::District, journal::Record};

/// Nothing takes effect before: 1900-01-01T00:00:00Z.
const EARLIEST: Instant = Instant::from_micros(-2_208_988_800_000_000);

/// What a leg changes.
#[derive(Debug, Default)]
pub struct Decision {
    pub changes: Vec<Change>,
    /// The second pair of eyes, where the act needed one.
    pub approved_by: Option<PrincipalId>,
}

impl From<Vec<Change>> for Decision {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes, approved_by: None }
    }
}

/// What an act changes, with the rows that closed and opened.
#[derive(Debug)]
pub struct Decided {
    pub changes: Vec<Change>,
    pub effects: Vec<(RecordKey, Effects)>,
    pub subjects: Vec<Subject>,
    pub approved_by: Option<PrincipalId>,
    pub effective_at: Instant,
}

/// What a leg may look at while it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub set: &'a WorkingSet,
    pub envelope: &'a Envelope,
    pub leg: usize,
    /// The entry that it would be.
    pub seq: i64,
    /// The instant at which the entry is recorded; decisions read no other clock.
    pub now: Instant,
    /// Since when the act holds.
    pub effective: Instant,
    /// On whose authority it is done: of a scheduled act its author's, else of who sends it.
    pub actor: PrincipalId,
    pub actor_role: Role,
    /// Whether a second pair of eyes approved it beforehand.
    pub approved: bool,
    footprints: &'a PreparedFootprints,
}

/// Changes that one entry may make.
const CHANGES_MAX: usize = 50_000;

/// Decides an act as entry `seq`, recorded at `now`. A refused act leaves the working set as it was.
pub fn decide_entry(
    set: &mut WorkingSet,
    act: &Act,
    footprints: &PreparedFootprints,
    now: Instant,
    seq: i64,
) -> Result<Decided, Refused> {
    let effective = check_times(&act.envelope, now)?;
    if act.legs.is_empty() || act.legs.len() > LEGS_MAX {
        return Err(Refused::new(ErrorCode::Validation).at("legs").with("most", LEGS_MAX));
    }
    check_role(set, &act.envelope, now)?;
    let mark = set.mark();
    let mut decided =
        Decided { changes: vec![], effects: vec![], subjects: vec![], approved_by: None, effective_at: effective };
    for leg in 0..act.legs.len() {
        if let Err(refused) = decide_leg(set, act, leg, (footprints, now, seq), &mut decided) {
            set.roll_back(mark);
            return Err(if act.legs.len() > 1 { refused.in_leg(leg) } else { refused });
        }
    }
    if let Err(refused) = check_whole(set, act, now, &decided) {
        set.roll_back(mark);
        return Err(refused);
    }
    decided.subjects = decided.changes.iter().map(|change| change.subject).collect();
    decided.subjects.sort_unstable();
    decided.subjects.dedup();
    for change in &mut decided.changes {
        change.previous = set.head(change.subject);
    }
    set.advance(decided.subjects.iter().copied(), seq);
    set.note_actor(act.envelope.principal, seq);
    Ok(decided)
}

fn decide_leg(
    set: &mut WorkingSet,
    act: &Act,
    leg: usize,
    (footprints, now, seq): (&PreparedFootprints, Instant, i64),
    decided: &mut Decided,
) -> Result<(), Refused> {
    let Some(body) = act.legs.get(leg) else { return Ok(()) };
    let Authority { actor, actor_role, approved, within } = authority(set, act, now);
    let effective = decided.effective_at;
    Within { narrowings: &within, set, now }.check_named(body)?;
    has_its_time(act, body, effective == now)?;
    let context =
        Context { set, envelope: &act.envelope, leg, seq, now, effective, actor, actor_role, approved, footprints };
    let decision = body.decide(&context).map_err(|refused| Within { narrowings: &within, set, now }.told(refused))?;
    if decision.changes.is_empty() {
        return Err(Refused::new(ErrorCode::NothingChanges));
    }
    if decided.changes.len().saturating_add(decision.changes.len()) > CHANGES_MAX {
        return Err(Refused::new(ErrorCode::TooLarge).at("legs").with("most", CHANGES_MAX));
    }
    Within { narrowings: &within, set, now }.check_replaced(&decision.changes)?;
    let before = decided.changes.len();
    for change in decision.changes {
        decided.effects.push((change.key, set.apply(&change, seq)));
        decided.changes.push(change);
    }
    Within { narrowings: &within, set, now }.check_left(decided.changes.get(before..).unwrap_or_default())?;
    decided.approved_by = decided.approved_by.or(decision.approved_by);
    Ok(())
}

/// The ledger tells of one time, when something was recorded; the day on which it counts is its value date. What was
/// scheduled begins at its time.
fn has_its_time(act: &Act, body: &ActBody, is_now: bool) -> Result<(), Refused> {
    if is_now || act.envelope.principal == PrincipalId::SYSTEM || !is_ledgers(body.kind()) {
        return Ok(());
    }
    Err(Refused::new(ErrorCode::Validation).at("effectiveAt").with("instead", "valueDate"))
}

/// What the legs together may not do, though each alone may.
fn check_whole(set: &WorkingSet, act: &Act, now: Instant, decided: &Decided) -> Result<(), Refused> {
    let Authority { actor_role, approved, .. } = authority(set, act, now);
    if approved { Ok(()) } else { check_act(set, now, actor_role, &decided.changes) }
}

/// On whose authority an act is done.
struct Authority {
    actor: PrincipalId,
    actor_role: Role,
    approved: bool,
    /// What it must stay within.
    within: Vec<Narrowing>,
}

/// The registry does what was scheduled on the authority of its author, and no more than that.
fn authority(set: &WorkingSet, act: &Act, now: Instant) -> Authority {
    let Envelope { principal, role, .. } = act.envelope;
    let narrowing = &act.envelope.narrowing;
    let scheduled = match act.legs.first() {
        Some(ActBody::SettleSchedule(settle)) if principal == PrincipalId::SYSTEM => set.state(settle.schedule, now),
        _ => None,
    };
    if let Some(Record::Schedule(schedule)) = scheduled {
        return Authority {
            actor: schedule.author,
            actor_role: schedule.role,
            approved: schedule.approved_by.is_some(),
            within: schedule.within.clone(),
        };
    }
    let within = narrowing.iter().cloned().collect();
    Authority { actor: principal, actor_role: role, approved: false, within }
}

fn check_times(envelope: &Envelope, now: Instant) -> Result<Instant, Refused> {
    if let Some(limit) = envelope.not_after
        && now > limit
    {
        return Err(Refused::new(ErrorCode::DeadlinePassed).at("notAfter").told("notAfter", limit).told("now", now));
    }
    let effective = envelope.effective_at.unwrap_or(now);
    if effective > now {
        let refused = Refused::new(ErrorCode::EffectiveInFuture).at("effectiveAt");
        return Err(refused.told("effectiveAt", effective).told("now", now));
    }
    if effective < EARLIEST {
        let refused = Refused::new(ErrorCode::EffectiveTooEarly).at("effectiveAt");
        return Err(refused.told("effectiveAt", effective).told("earliest", EARLIEST));
    }
    Ok(effective)
}

/// The role in which the principal acts must be granted when the act is recorded; the registry itself needs no grant.
fn check_role(set: &WorkingSet, envelope: &Envelope, now: Instant) -> Result<(), Refused> {
    if envelope.principal == PrincipalId::SYSTEM {
        return Ok(());
    }
    let granted = match set.state(envelope.principal, now) {
        Some(Record::Principal(principal)) => principal.roles.contains(&envelope.role),
        _ => false,
    };
    let refused = || Refused::new(ErrorCode::RoleNotGranted).told("principal", envelope.principal);
    granted.then_some(()).ok_or_else(|| refused().told("role", envelope.role))
}

/// What a look that decides nothing has of footprints.
static NONE: PreparedFootprints = PreparedFootprints(std::collections::BTreeMap::new());

impl<'a> Context<'a> {
    /// What whoever asks would look at now, without asking for anything.
    pub const fn looking(set: &'a WorkingSet, envelope: &'a Envelope, (now, seq): (Instant, i64)) -> Self {
        let (actor, actor_role) = (envelope.principal, envelope.role);
        let (leg, effective, approved) = (0, now, false);
        Self { set, envelope, leg, seq, now, effective, actor, actor_role, approved, footprints: &NONE }
    }
}

#[cfg(test)]
impl<'a> Context<'a> {
    /// What a leg would look at that is decided now, for the tests of what it may ask.
    pub(crate) const fn bare(
        set: &'a WorkingSet,
        envelope: &'a Envelope,
        now: Instant,
        footprints: &'a PreparedFootprints,
    ) -> Self {
        let (actor, actor_role) = (envelope.principal, envelope.role);
        Self { set, envelope, leg: 0, seq: 0, now, effective: now, actor, actor_role, approved: false, footprints }
    }
}

impl<'a> Context<'a> {
    /// Whether a reason is given; some acts nobody should find without one.
    pub fn reasoned(&self) -> Result<(), Refused> {
        let is_given = self.envelope.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if is_given { Ok(()) } else { Err(Refused::new(ErrorCode::ReasonRequired).at("reason")) }
    }

    /// From the act's effect onwards.
    pub const fn span(&self) -> Span {
        Span::since(self.effective)
    }

    /// Refuses what lies beyond what the key is narrowed to by which it is asked about.
    pub(crate) fn within(&self, key: impl Into<RecordKey>) -> Result<(), Refused> {
        let narrowings = self.envelope.narrowing.as_slice();
        Within { narrowings, set: self.set, now: self.now }.check_asked(key.into())
    }

    /// Who acts.
    pub const fn principal(&self) -> PrincipalId {
        self.envelope.principal
    }

    /// The role in which he acts.
    pub const fn role(&self) -> Role {
        self.envelope.role
    }

    /// The nth footprint of the leg, prepared before the queue.
    pub fn footprint(&self, nth: usize) -> Result<&'a Prepared, Refused> {
        self.footprints.0.get(&(self.leg, nth)).ok_or_else(|| Refused::new(ErrorCode::GeometryEmpty).at("footprint"))
    }

    /// A district as it now stands.
    pub fn district(&self, id: DistrictId) -> Result<&'a District, Refused> {
        match self.set.state(id, self.now) {
            Some(Record::District(district)) => Ok(district),
            _ => Err(Refused::new(ErrorCode::DistrictUnknown).at("district").told("district", id)),
        }
    }

    /// Checks that a subject is as its author saw it.
    pub fn unchanged<T: Copy + Into<Subject>>(&self, seen: Seen<T>, field: &str) -> Result<(), Refused> {
        match self.set.head(seen.id) {
            // What an earlier leg of this very act made has no entry yet.
            None => Ok(()),
            Some(head) if head == seen.seq => Ok(()),
            Some(head) => Err(Refused::new(ErrorCode::Conflict)
                .at(field)
                .told("subject", seen.id.into())
                .with("expectedSeq", seen.seq)
                .with("actualSeq", head)),
        }
    }

    /// A parcel as it stands at the act's effect, unchanged since its author saw it.
    pub fn parcel(&self, seen: Seen<ParcelId>, field: &str) -> Result<&'a Parcel, Refused> {
        let unknown = || Refused::new(ErrorCode::NotFound).at(field).told("parcel", seen.id);
        let timeline = self.set.timeline(seen.id).ok_or_else(unknown)?;
        self.unchanged(seen, field)?;
        if let Some(Record::Parcel(parcel)) = timeline.at(self.effective).map(|row| &*row.state) {
            return Ok(parcel);
        }
        let begins = timeline.rows().first().map(|row| row.valid.from).filter(|from| *from > self.effective);
        let refused = begins.map_or_else(unknown, |from| {
            let refused = Refused::new(ErrorCode::EffectiveTooEarly).at("effectiveAt");
            refused.told("parcel", seen.id).told("begins", from)
        });
        Err(refused.told("effectiveAt", self.effective))
    }

    /// A parcel that is registered from the act's effect on: what is now laid on it stays there.
    pub fn registered_parcel(&self, seen: Seen<ParcelId>, field: &str) -> Result<&'a Parcel, Refused> {
        let parcel = self.parcel(seen, field)?;
        let rows = self.set.timeline(seen.id).map(super::Timeline::rows).unwrap_or_default();
        let states = rows.iter().filter(|row| row.valid.to > self.effective).filter_map(|row| match &*row.state {
            Record::Parcel(parcel) => Some((row.valid.from, parcel)),
            _ => None,
        });
        match states.into_iter().find(|(_, parcel)| !parcel.is_registered()) {
            Some((from, other)) => {
                let refused = Refused::new(ErrorCode::State).at(field).told("state", other.state);
                Err(if from > self.effective { refused.told("since", from) } else { refused })
            }
            None => Ok(parcel),
        }
    }

    /// Refuses what is laid on a record that ends later than that.
    pub fn lasting(&self, key: impl Into<RecordKey>, field: &str) -> Result<(), Refused> {
        let last = self.set.timeline(key).and_then(super::Timeline::last);
        match last.filter(|row| row.valid.to < Instant::MAX) {
            Some(row) => Err(Refused::new(ErrorCode::LaterFacts).at(field).told("ended", row.valid.to)),
            None => Ok(()),
        }
    }

    /// Refuses an act that ends or replaces a state of a record of which later states are known.
    pub fn nothing_later(&self, key: impl Into<RecordKey>, field: &str) -> Result<(), Refused> {
        let last = self.set.timeline(key).and_then(super::Timeline::last);
        match last {
            Some(row) if row.valid.from > self.effective => {
                Err(Refused::new(ErrorCode::LaterFacts).at(field).told("knownSince", row.valid.from))
            }
            _ => Ok(()),
        }
    }

    /// Refuses a dealing in a parcel that is frozen now, or was when the dealing is said to have happened.
    pub fn not_frozen(&self, parcel: ParcelId) -> Result<(), Refused> {
        let mut freezes = self.set.on_parcel(parcel, RecordKind::Freeze);
        let frozen = freezes.find_map(|(_, freeze)| freeze.at(self.now).or_else(|| freeze.at(self.effective)));
        match frozen.map(|row| &*row.state) {
            Some(Record::Freeze(freeze)) => Err(Refused::new(ErrorCode::Frozen)
                .at("parcel")
                .told("parcel", parcel)
                .told("kind", freeze.kind)
                .with("authority", freeze.authority.clone())),
            _ => Ok(()),
        }
    }
}
