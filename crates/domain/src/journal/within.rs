//! Whether an act stays within what its author's key is narrowed to, held against the working set as it is decided.
//!
//! What an act names is looked at before it is decided, so that a refusal tells nothing of what lies beyond; what it changes
//! is looked at as it was and as it becomes. No kind of act is named where the changes themselves tell.

use serde_json::Value;

use super::{
    ActBody, ActKind, Change, DistrictId, Narrowing, Needs, Place, Record, RecordKey, RecordKind, Refused, Schedule,
    WorkingSet,
};
use crate::error_catalogue::ErrorCode;
use crate::quantity::Instant;

/// What an act must stay within, all of it, and what is known while it is decided.
pub(super) struct Within<'a> {
    pub narrowings: &'a [Narrowing],
    pub set: &'a WorkingSet,
    pub now: Instant,
}

impl Within<'_> {
    /// Refuses a leg that names something beyond, or hands in what may do so later.
    pub fn check_named(&self, body: &ActBody) -> Result<(), Refused> {
        if self.narrowings.is_empty() {
            return Ok(());
        }
        match body {
            ActBody::ScheduleAct(schedule) => self.check_later(&schedule.legs),
            ActBody::ProposeAct(propose) => self.check_later(&propose.legs),
            other => self.check_places(other).map(drop),
        }
    }

    /// Refuses changes of what lies beyond as it is before them.
    pub fn check_replaced(&self, changes: &[Change]) -> Result<(), Refused> {
        if self.narrowings.is_empty() {
            return Ok(());
        }
        for change in changes {
            let rows = self.set.timeline(change.key).map(super::Timeline::rows).unwrap_or_default();
            for row in rows.iter().filter(|row| row.valid.intersection(change.span).is_some()) {
                self.check_state(change.subject.key(), &row.state)?;
            }
        }
        Ok(())
    }

    /// Refuses changes that leave something beyond; they have been applied.
    pub fn check_left(&self, changes: &[Change]) -> Result<(), Refused> {
        if self.narrowings.is_empty() {
            return Ok(());
        }
        let left = changes.iter().flat_map(|change| change.versions.iter().map(move |version| (change, version)));
        left.into_iter().try_for_each(|(change, version)| self.check_state(change.subject.key(), &version.state))
    }

    /// Refuses whoever asks about something that lies beyond.
    pub fn check_asked(&self, key: RecordKey) -> Result<(), Refused> {
        self.places_of(key).into_iter().try_for_each(|place| self.check(key, place))
    }

    /// A refusal as it is told: that land beyond stands in the way, and how much of it, but not which.
    pub fn told(&self, mut refused: Refused) -> Refused {
        if self.narrowings.is_empty() {
            return refused;
        }
        if refused.facts.get("parcel").is_some_and(|parcel| self.is_beyond(parcel)) {
            refused.facts.remove("parcel");
        }
        let overlaps = refused.facts.get_mut("overlaps").and_then(Value::as_array_mut);
        for overlap in overlaps.into_iter().flatten().filter_map(Value::as_object_mut) {
            if overlap.get("parcel").is_some_and(|parcel| self.is_beyond(parcel)) {
                overlap.retain(|member, _| member != "parcel" && member != "code");
            }
        }
        refused
    }

    /// Whether a parcel, by its id, lies beyond or nowhere that is known.
    fn is_beyond(&self, parcel: &Value) -> bool {
        let id = parcel.as_str().and_then(|text| text.parse().ok());
        let key = id.map(|id| RecordKey::from(super::ParcelId(id)));
        key.is_some_and(|key| self.places_of(key).is_empty() || self.check_asked(key).is_err())
    }

    fn check_state(&self, subject: RecordKey, state: &Record) -> Result<(), Refused> {
        match state {
            Record::Schedule(schedule) => self.check_schedule(schedule),
            other => self.places(other).into_iter().try_for_each(|place| self.check(subject, place)),
        }
    }

    /// What waits lies within where it can never do more, or where all that it names lies within.
    fn check_schedule(&self, schedule: &Schedule) -> Result<(), Refused> {
        let can_do_no_more = |narrowing: &Narrowing| {
            schedule.within.iter().any(|within| within.lies_within(narrowing, |one| self.parent_of(one)))
        };
        if self.narrowings.iter().all(can_do_no_more) {
            return Ok(());
        }
        self.check_later(&schedule.legs).map_err(|_| beyond(schedule.id.into()))
    }

    /// Of what is done later only what it names is known: everything known of it lies within, and something is known.
    fn check_later(&self, legs: &[ActBody]) -> Result<(), Refused> {
        let mut known = 0;
        for leg in legs {
            if is_undivided(leg.kind()) {
                return Err(Refused::new(ErrorCode::Forbidden).at("legs").told("act", leg.kind()));
            }
            known += self.check_places(leg)?;
        }
        if known > 0 { Ok(()) } else { Err(Refused::new(ErrorCode::Forbidden).at("legs")) }
    }

    /// Refuses a leg that names something beyond; tells how many of the places that it names are known.
    fn check_places(&self, body: &ActBody) -> Result<usize, Refused> {
        let mut known = 0;
        for key in self.named_by(body) {
            for place in self.places_of(key) {
                self.check(key, place)?;
                known += 1;
            }
        }
        Ok(known)
    }

    /// The records that an act names; of an entry that it voids, whose it was.
    fn named_by(&self, body: &ActBody) -> Vec<RecordKey> {
        let mut needs = Needs::default();
        body.needs(&mut needs);
        let Needs { records, parcels, ledger, entries, .. } = needs;
        let accounts = ledger.accounts.into_iter().chain(ledger.takes.into_iter().map(|take| take.account));
        let voided = entries.into_iter().filter_map(|seq| self.set.rescindable(seq)).flat_map(|entry| &entry.before);
        let mut named = records;
        named.extend(parcels.into_iter().map(RecordKey::from));
        named.extend(accounts.map(RecordKey::from));
        named.extend(ledger.holds.into_iter().map(RecordKey::from));
        named.extend(ledger.transfers.into_iter().map(RecordKey::from));
        named.extend(ledger.issuances.into_iter().map(RecordKey::from));
        named.extend(voided.map(|(subject, ..)| subject.key()));
        named
    }

    fn check(&self, subject: RecordKey, place: Place) -> Result<(), Refused> {
        let holds = |narrowing: &Narrowing| narrowing.holds(place, |one| self.parent_of(one));
        if self.narrowings.iter().all(holds) { Ok(()) } else { Err(beyond(subject)) }
    }

    fn parent_of(&self, district: DistrictId) -> Option<DistrictId> {
        match self.set.state(district, self.now)? {
            Record::District(district) => district.parent,
            _ => None,
        }
    }

    /// The places of what is named: a district and a factor are named for what is in them, parties and the like for
    /// themselves.
    fn places_of(&self, key: RecordKey) -> Vec<Place> {
        match key.kind {
            RecordKind::District => vec![Place::District(DistrictId(key.id))],
            RecordKind::Factor => vec![Place::Factor(super::FactorId(key.id))],
            _ => self.every_place_of(key).into_iter().filter(|place| *place != Place::Undivided).collect(),
        }
    }

    fn every_place_of(&self, key: RecordKey) -> Vec<Place> {
        let rows = self.set.timeline(key).map(super::Timeline::rows).unwrap_or_default();
        rows.iter().flat_map(|row| self.places(&row.state)).collect()
    }

    /// Where a state of a record belongs; what is on a parcel that is not known belongs nowhere that could be within.
    fn places(&self, state: &Record) -> Vec<Place> {
        let on_parcel = |parcel: super::ParcelId| {
            let places = self.every_place_of(parcel.into());
            if places.is_empty() { vec![Place::Undivided] } else { places }
        };
        match state {
            Record::Parcel(parcel) => vec![Place::District(parcel.district)],
            Record::Zone(zone) => vec![Place::District(zone.district)],
            Record::Feature(feature) => vec![Place::District(feature.district)],
            Record::Right(right) => on_parcel(right.parcel),
            Record::Restriction(restriction) => on_parcel(restriction.parcel),
            Record::Freeze(freeze) => on_parcel(freeze.parcel),
            Record::Account(account) => vec![Place::Factor(account.factor)],
            Record::Cap(cap) => vec![Place::Factor(cap.factor)],
            Record::Issuance(issuance) => vec![Place::Factor(issuance.factor)],
            Record::Lot(lot) => vec![Place::Factor(lot.factor)],
            Record::Hold(hold) => vec![Place::Factor(hold.factor)],
            Record::Posting(posting) => vec![Place::Factor(posting.factor)],
            Record::Transfer(transfer) => {
                transfer.movements.iter().map(|movement| Place::Factor(movement.factor)).collect()
            }
            Record::District(_)
            | Record::Party(_)
            | Record::Erasure(_)
            | Record::Principal(_)
            | Record::Schedule(_)
            | Record::Factor(_)
            | Record::Calendar(_)
            | Record::Reconciliation(_) => vec![Place::Undivided],
        }
    }
}

fn beyond(subject: RecordKey) -> Refused {
    Refused::new(ErrorCode::Forbidden).told("subject", subject)
}

/// Whether an act that may wait changes what belongs to neither a district nor a factor, though it may name one.
const fn is_undivided(kind: ActKind) -> bool {
    matches!(
        kind,
        ActKind::RegisterDistrict
            | ActKind::AmendDistrict
            | ActKind::RegisterPrincipal
            | ActKind::GrantRole
            | ActKind::RevokeRole
            | ActKind::RegisterFactor
            | ActKind::SetCalendar
    )
}
