//! The working set of a batch: what the acts of the batch may look at and have so far changed.
//!
//! Persistence loads it; decisions read it; each decided leg is applied at once, and undone when the act is refused.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::ledger_set::LedgerSet;
use super::{
    AccountId, Change, Effects, FactorId, ParcelId, PartyId, PersonalId, PrincipalId, Record, RecordKey, RecordKind,
    Rescindable, Row, Span, Subject, Timeline,
};
use crate::codes::{BankDirection, ParcelLayer};
use crate::factor::Balance;
use crate::journal::DistrictId;
use crate::land::Parcel;
use crate::quantity::Instant;

/// A name that at most one record may bear.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    DistrictCode(String),
    /// A parcel or unit code within a root district; never used again once a parcel bore it.
    ParcelCode(DistrictId, String),
    CreditCode(String),
    PartyExternal(String),
    PrincipalName(String),
    ZoneCode(DistrictId, String),
    FeatureCode(DistrictId, String),
    FactorCode(String),
    AccountCode(String),
    /// The cap of a factor for a year.
    Cap(FactorId, i16),
    /// What a bank calls a deposit or a payout, by the account that stands for the bank.
    BankReference(AccountId, BankDirection, String),
    OffsetSource(String),
}

impl Claim {
    /// The name itself.
    pub fn name(&self) -> &str {
        match self {
            Self::DistrictCode(name)
            | Self::ParcelCode(_, name)
            | Self::CreditCode(name)
            | Self::PartyExternal(name)
            | Self::PrincipalName(name)
            | Self::ZoneCode(_, name)
            | Self::FeatureCode(_, name)
            | Self::FactorCode(name)
            | Self::AccountCode(name)
            | Self::BankReference(_, _, name)
            | Self::OffsetSource(name) => name,
            Self::Cap(..) => "cap",
        }
    }
}

type ParcelBox = GeomWithData<Rectangle<[f64; 2]>, ParcelId>;

/// Timelines, chain heads and indexes over them.
///
/// Indexes may hold what is no longer so; every look-up checks them against the timelines.
#[derive(Debug, Default)]
pub struct WorkingSet {
    timelines: HashMap<RecordKey, Timeline>,
    heads: HashMap<Subject, i64>,
    claims: HashMap<Claim, BTreeSet<RecordKey>>,
    on_parcel: HashMap<ParcelId, BTreeSet<RecordKey>>,
    boxes: RTree<ParcelBox>,
    rescindable: HashMap<i64, Rescindable>,
    /// Personal data ever sealed for the parties whose data are to be erased.
    personal: BTreeSet<(PartyId, PersonalId)>,
    /// Who acted, in the order of the entries of this set.
    acted: Vec<(PrincipalId, i64)>,
    pub(super) ledger: LedgerSet,
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Timeline(RecordKey, Option<Timeline>),
    Head(Subject, Option<i64>),
    Balance(AccountId, Option<Balance>),
    Actor,
}

/// A place to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

impl WorkingSet {
    /// Takes in the rows now known of a record, as loaded.
    pub fn load(&mut self, key: RecordKey, rows: Vec<Row>) {
        for row in &rows {
            self.index(key, &row.state);
        }
        self.timelines.insert(key, Timeline::of(rows));
    }

    /// Takes in the last entry of a subject's chain.
    pub fn load_head(&mut self, subject: Subject, seq: i64) {
        self.heads.insert(subject, seq);
    }

    /// Takes in what was loaded later; of what is already here, this set knows better.
    pub fn join(&mut self, later: Self) {
        let Self {
            timelines,
            heads,
            claims: _,
            on_parcel: _,
            boxes: _,
            rescindable,
            personal,
            acted: _,
            ledger,
            undo: _,
        } = later;
        for (account, balance) in ledger.balances() {
            self.load_balance(account, balance);
        }
        self.ledger.join_past(&ledger);
        for (key, timeline) in timelines {
            if !self.timelines.contains_key(&key) {
                self.load(key, timeline.rows().to_vec());
            }
        }
        for (subject, seq) in heads {
            self.heads.entry(subject).or_insert(seq);
        }
        self.rescindable.extend(rescindable);
        self.personal.extend(personal);
    }

    /// Takes in a set of personal data that was sealed for a party.
    pub fn load_personal(&mut self, party: PartyId, personal: PersonalId) {
        self.personal.insert((party, personal));
    }

    /// Whether a set of personal data was ever sealed for a party.
    pub fn is_personal_of(&self, party: PartyId, personal: PersonalId) -> bool {
        let now = self.timeline(party).map(Timeline::rows).unwrap_or_default().iter();
        self.personal.contains(&(party, personal))
            || now.filter_map(|row| row.state.sealed()).any(|sealed| sealed.personal == personal)
    }

    /// Takes in what is needed to rescind an entry.
    pub fn load_rescindable(&mut self, seq: i64, entry: Rescindable) {
        self.rescindable.insert(seq, entry);
    }

    /// What is needed to rescind an entry, where there is one.
    pub fn rescindable(&self, seq: i64) -> Option<&Rescindable> {
        self.rescindable.get(&seq)
    }

    /// Whether a record is in the set.
    pub fn has(&self, key: RecordKey) -> bool {
        self.timelines.contains_key(&key)
    }

    /// What is known of a record; empty where nothing is.
    pub fn timeline(&self, key: impl Into<RecordKey>) -> Option<&Timeline> {
        self.timelines.get(&key.into()).filter(|timeline| !timeline.is_empty())
    }

    /// The state of a record at an instant.
    pub fn state(&self, key: impl Into<RecordKey>, at: Instant) -> Option<&Record> {
        self.timeline(key)?.at(at).map(|row| &*row.state)
    }

    /// The last entry that changed a subject.
    pub fn head(&self, subject: impl Into<Subject>) -> Option<i64> {
        self.heads.get(&subject.into()).copied()
    }

    /// Who now bears a name, at any valid time.
    pub fn claimants(&self, claim: &Claim) -> impl Iterator<Item = RecordKey> {
        let keys = self.claims.get(claim).into_iter().flatten().copied();
        keys.filter(move |key| {
            let rows = self.timelines.get(key).map(Timeline::rows).unwrap_or_default();
            rows.iter().any(|row| row.state.claims().contains(claim))
        })
    }

    /// The entries after `seq` that recorded what names one of these parties, districts or parcels.
    pub fn naming_since(&self, seq: i64, named: &[RecordKey]) -> impl Iterator<Item = i64> {
        let names = move |row: &&Row| {
            let parties = row.state.parties().into_iter().map(RecordKey::from);
            let places = row.state.district().map(RecordKey::from).into_iter();
            let places = places.chain(row.state.on_parcel().map(RecordKey::from));
            parties.chain(places).any(|key| named.contains(&key))
        };
        let rows = self.timelines.values().flat_map(Timeline::rows).filter(move |row| row.recorded_from > seq);
        rows.filter(names).map(|row| row.recorded_from)
    }

    /// The entries of this set in which one of these principals acted.
    pub fn acted(&self, principals: &[RecordKey]) -> impl Iterator<Item = i64> {
        let acted = self.acted.iter().filter(|(principal, _)| principals.contains(&RecordKey::from(*principal)));
        acted.map(|(_, seq)| *seq)
    }

    /// Notes who acted in an entry.
    pub fn note_actor(&mut self, principal: PrincipalId, seq: i64) {
        self.acted.push((principal, seq));
        self.undo.push(Undo::Actor);
    }

    /// The rights, restrictions or freezes on a parcel that are known at all, with their timelines.
    pub fn on_parcel(&self, parcel: ParcelId, kind: RecordKind) -> impl Iterator<Item = (RecordKey, &Timeline)> {
        let keys = self.on_parcel.get(&parcel).into_iter().flatten();
        keys.filter(move |key| key.kind == kind).filter_map(|key| Some((*key, self.timeline(*key)?)))
    }

    /// The registered parcels of a layer whose boxes touch `bounds` (degrees) at a common instant with `span`.
    pub fn neighbours(
        &self,
        bounds: [f64; 4],
        layer: ParcelLayer,
        root: DistrictId,
        span: Span,
    ) -> impl Iterator<Item = (&Parcel, Span)> {
        let [min_x, min_y, max_x, max_y] = bounds;
        let envelope = AABB::from_corners([min_x, min_y], [max_x, max_y]);
        let hits: BTreeSet<_> = self.boxes.locate_in_envelope_intersecting(&envelope).map(|hit| hit.data).collect();
        let rows = hits.into_iter().filter_map(|id| self.timeline(id)).flat_map(Timeline::rows);
        rows.filter_map(move |row| {
            let Record::Parcel(parcel) = &*row.state else { return None };
            let same = parcel.layer == layer && parcel.root_district == root && parcel.is_registered();
            let common = row.valid.intersection(span)?;
            same.then_some((&**parcel, common))
        })
    }

    /// Applies a change of entry `seq`; chain heads move when the entry is complete.
    pub fn apply(&mut self, change: &Change, seq: i64) -> Effects {
        let before = self.timelines.get(&change.key).cloned();
        self.undo.push(Undo::Timeline(change.key, before));
        for version in &change.versions {
            self.index(change.key, &version.state);
            if let Some((account, before)) = self.rebalanced(change.key, &version.state) {
                self.undo.push(Undo::Balance(account, before));
            }
        }
        self.timelines.entry(change.key).or_default().apply(change, seq)
    }

    /// Moves the heads of the subjects that an entry changed.
    pub fn advance(&mut self, subjects: impl IntoIterator<Item = Subject>, seq: i64) {
        for subject in subjects {
            let before = self.heads.insert(subject, seq);
            self.undo.push(Undo::Head(subject, before));
        }
    }

    /// A place to which `roll_back` may return.
    pub fn mark(&self) -> Mark {
        Mark(self.undo.len())
    }

    /// Undoes everything since a mark.
    pub fn roll_back(&mut self, mark: Mark) {
        while self.undo.len() > mark.0 {
            match self.undo.pop() {
                Some(Undo::Timeline(key, Some(timeline))) => drop(self.timelines.insert(key, timeline)),
                Some(Undo::Timeline(key, None)) => drop(self.timelines.remove(&key)),
                Some(Undo::Head(subject, Some(seq))) => drop(self.heads.insert(subject, seq)),
                Some(Undo::Head(subject, None)) => drop(self.heads.remove(&subject)),
                Some(Undo::Balance(account, before)) => drop(self.ledger.rebalance(account, before)),
                Some(Undo::Actor) => drop(self.acted.pop()),
                None => return,
            }
        }
    }

    /// Forgets how to undo what an act did that now stands.
    pub fn keep(&mut self) {
        self.undo.clear();
    }

    fn index(&mut self, key: RecordKey, state: &Arc<Record>) {
        for claim in state.claims() {
            self.claims.entry(claim).or_default().insert(key);
        }
        self.ledger.index(state);
        if let Some(parcel) = state.on_parcel() {
            self.on_parcel.entry(parcel).or_default().insert(key);
        }
        if let Record::Parcel(parcel) = &**state
            && let Some(footprint) = &parcel.footprint
        {
            let [min_x, min_y, max_x, max_y] = footprint.bounds_lonlat();
            let area = Rectangle::from_corners([min_x, min_y], [max_x, max_y]);
            self.boxes.insert(GeomWithData::new(area, parcel.id));
        }
    }
}
