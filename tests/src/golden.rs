//! The golden journal: every kind of act, decided without a clock, a random source or a database.
//!
//! What is checked in was written by this, each entry as the rules of its day decided it. A kind of act is added at the
//! end while its format is still the one that is written; an entry that was there before stays as it was.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;
use yulin_domain::calendar::{Covered, SetCalendar, WorkingHours};
use yulin_domain::codes::*;
use yulin_domain::district::{AmendDistrict, RegisterDistrict};
use yulin_domain::geometry::{Footprint, FootprintRules, Strictness};
use yulin_domain::journal::*;
use yulin_domain::land::*;
use yulin_domain::party::*;
use yulin_domain::quantity::{FenPerSquareMetre, Instant, Ratio, Share};

use crate::acts::{grid, parcel, particulars, rectangle};

/// The first instant of the golden journal: 2026-01-01T00:00:00Z.
const BEGINS: i64 = 1_767_225_600_000_000;
/// From one entry to the next: an hour.
pub(crate) const STEP: i64 = 3_600_000_000;

/// A journal as it is written, and the personal data beside it.
#[derive(Debug, Default)]
pub struct Golden {
    pub entries: Vec<Entry>,
    pub personal: BTreeMap<PersonalId, Unsealed>,
    set: WorkingSet,
    changes: HashMap<i64, Vec<(Subject, RecordKey, Vec<Row>)>>,
}

/// The name of the golden journal.
pub fn journal() -> Uuid {
    Uuid::from_u128(0x901d_0000_0000_4000_8000_0000_0000_0001)
}

impl Golden {
    /// The whole journal.
    pub fn written() -> Self {
        let mut book = Self::default();
        let admin = book.principals();
        let district = book.district(admin);
        let [first, second] = book.parties(admin);
        book.land(admin, district);
        book.titles(admin, district, [first, second]);
        let other = book.freezes(admin, district);
        book.surroundings(admin, district);
        book.schedules(admin, district);
        book.calendars(admin);
        book.ledger([admin, other], district, [first, second]);
        book
    }

    pub(crate) fn head(&self) -> i64 {
        self.entries.len() as i64
    }

    pub(crate) fn seen<T: Copy + Into<Subject>>(&self, id: T) -> Seen<T> {
        Seen { id, seq: self.set.head(id).expect("the subject is known") }
    }

    /// Records an act of one leg.
    pub(crate) fn done(&mut self, author: PrincipalId, body: impl Into<ActBody>) -> ActId {
        self.record(author, vec![body.into()])
    }

    fn record(&mut self, author: PrincipalId, legs: Vec<ActBody>) -> ActId {
        let nth = self.head() + 1;
        let id = ActId(Uuid::from_u128(0x901d_0000_0000_7000_8000_0000_0000_0000 + u128::from(nth.unsigned_abs())));
        let envelope = Envelope {
            principal: author,
            role: if author == PrincipalId::SYSTEM { Role::System } else { Role::Admin },
            reason: Some(format!("golden {nth}")),
            legal_basis: Some("中华人民共和国土地管理法".to_owned()),
            evidence: if nth % 3 == 0 { vec![Digest([7; 32])] } else { vec![] },
            ..Envelope::by_the_registry(id)
        };
        self.enter(Act { envelope, legs });
        id
    }

    /// Decides an act as the next entry, as the writer would.
    pub(crate) fn enter(&mut self, mut act: Act) {
        let seq = self.head() + 1;
        let salt = |what: u8| [what.wrapping_add(u8::try_from(seq).expect("a short journal")); 32];
        let sealed = act.seal_personal(|| salt(100));
        self.personal.extend(sealed.into_iter().map(|one| (one.id, one)));
        let now = Instant::from_micros(BEGINS + seq * STEP);
        let before = self.set_before(&act);
        let decided = decide_entry(&mut self.set, &act, &footprints(&act), now, seq);
        let decided = decided.unwrap_or_else(|why| panic!("golden entry {seq}: {why}"));
        self.set.keep();
        let envelope = &act.envelope;
        let header = Header {
            seq,
            act_id: envelope.id,
            principal: envelope.principal,
            on_behalf_of: envelope.on_behalf_of.clone(),
            kind: act.kind(),
            format: ENTRY_FORMAT,
            effective_at: decided.effective_at,
            recorded_at: now,
            request_hash: Digest(salt(50)),
            reason: envelope.reason.clone(),
            legal_basis: envelope.legal_basis.clone(),
            evidence_hashes: envelope.evidence.clone(),
            approved_by: decided.approved_by,
            prev_hash: self.entries.last().map_or_else(|| chain_start(journal()), |entry| entry.hash),
        };
        for change in decided.changes.iter().filter(|change| change.key.kind == RecordKind::Erasure) {
            self.personal.remove(&PersonalId(change.key.id));
        }
        let rows = |change: &Change| (change.subject, change.key, before.get(&change.key).cloned().unwrap_or_default());
        self.changes.insert(seq, decided.changes.iter().map(rows).collect());
        let parts = EntryBody::of(salt(0), &act, &decided.changes).expect("a body");
        self.entries.push(Entry::seal(header, &parts).expect("an entry"));
    }

    /// What is known before of the records that an act names.
    fn set_before(&self, act: &Act) -> HashMap<RecordKey, Vec<Row>> {
        let mut needs = Needs::default();
        act.legs.iter().for_each(|leg| leg.needs(&mut needs));
        let keys = needs.records.into_iter().chain(needs.parcels.into_iter().map(RecordKey::from));
        keys.filter_map(|key| Some((key, self.set.timeline(key)?.rows().to_vec()))).collect()
    }

    fn principals(&mut self) -> PrincipalId {
        let body = RegisterPrincipal { name: "golden-admin".to_owned(), party: None, roles: [Role::Admin].into() };
        let admin = PrincipalId::made_by(self.done(PrincipalId::SYSTEM, body), 0, 0);
        let principal = self.seen(admin);
        self.done(PrincipalId::SYSTEM, GrantRole { principal, role: Role::Planner });
        let principal = self.seen(admin);
        self.done(PrincipalId::SYSTEM, RevokeRole { principal, role: Role::Planner });
        admin
    }

    fn district(&mut self, admin: PrincipalId) -> DistrictId {
        let register = RegisterDistrict {
            code: "GOLD".to_owned(),
            name: "Golden".to_owned(),
            parent: None,
            profile: CodeProfile::Open,
            grid: grid(),
            time_zone: "Asia/Shanghai".to_owned(),
            calendar: "CN".to_owned(),
            boundary: None,
            generated: true,
        };
        let id = DistrictId::made_by(self.done(admin, register), 0, 0);
        let boundary = Some(rectangle([-1_000.0, -1_000.0, 5_000.0, 5_000.0]));
        let district = self.seen(id);
        self.done(admin, AmendDistrict { district, name: Some("金".to_owned()), calendar: None, boundary });
        id
    }

    /// Two enterprises; and a natural person, amended, whose data are erased.
    fn parties(&mut self, admin: PrincipalId) -> [PartyId; 2] {
        let register = |kind, name: Option<&str>, personal| RegisterParty {
            kind,
            name: name.map(str::to_owned),
            credit_code: None,
            personal,
            external: None,
        };
        let first = PartyId::made_by(self.done(admin, register(PartyKind::Enterprise, Some("One"), None)), 0, 0);
        let second = PartyId::made_by(self.done(admin, register(PartyKind::Enterprise, Some("Two"), None)), 0, 0);
        let given =
            |name: &str| Some(PersonalText::Given(PersonalFields([("name".to_owned(), name.to_owned())].into())));
        let kept = PartyId::made_by(self.done(admin, register(PartyKind::NaturalPerson, None, given("某甲"))), 0, 0);
        let erased = PartyId::made_by(self.done(admin, register(PartyKind::NaturalPerson, None, given("某乙"))), 0, 0);
        let party = self.seen(kept);
        let amend = AmendParty { party, name: None, credit_code: None, personal: given("某丙"), external: None };
        self.done(admin, amend);
        let Some(Record::Party(state)) = self.set.state(erased, Instant::from_micros(BEGINS + self.head() * STEP))
        else {
            panic!("the person is registered")
        };
        let personal = state.personal.iter().map(|sealed| sealed.personal).collect();
        let party = self.seen(erased);
        self.done(admin, ErasePersonal { party, personal });
        [first, second]
    }

    /// A parcel through everything that may be said of it, split, merged and retired; another registered in error.
    fn land(&mut self, admin: PrincipalId, district: DistrictId) {
        let id = ParcelId::made_by(self.done(admin, parcel(district, "G1", [0.0, 0.0, 100.0, 100.0])), 0, 0);
        let named = |name: &str| ParcelPatch { name: Some(name.to_owned()), ..ParcelPatch::default() };
        let parcel_seen = self.seen(id);
        let footprint = Some(rectangle([0.0, 0.0, 90.0, 100.0]));
        self.done(admin, CorrectParcel { parcel: parcel_seen, valid: Span::ALL, facts: named("甲"), footprint });
        let parcel_seen = self.seen(id);
        self.done(admin, ChangeParcel { parcel: parcel_seen, facts: named("乙"), footprint: None, state: None });
        let land_use = LandUseCode::parse("MNR2023:100101").expect("a use");
        let parcel_seen = self.seen(id);
        self.done(admin, ChangeUse { parcel: parcel_seen, uses: vec![UseShare { land_use, share: Share::WHOLE }] });
        let most = Range { min: None, max: Some((Ratio::from_units(20_000), Limits::Inclusive)) };
        let planning = Planning { plot_ratio: Some(most), ..Planning::default() };
        let parcel_seen = self.seen(id);
        self.done(admin, SetPlanning { parcel: parcel_seen, planning });
        let price = Price {
            asking: Some(FenPerSquareMetre::from_fen(30_000)),
            floor: Some(FenPerSquareMetre::from_fen(25_000)),
        };
        let parcel_seen = self.seen(id);
        self.done(admin, SetPrice { parcel: parcel_seen, price });
        let since = "2025-06-01".parse().expect("a date");
        let stock = Stock { status: StockStatus::Banked, since, reasons: [].into(), contract: None };
        let parcel_seen = self.seen(id);
        self.done(admin, SetStockStatus { parcel: parcel_seen, stock });
        let child = |code: &str, bounds| Child {
            facts: ParcelPatch { code: Some(code.to_owned()), ..ParcelPatch::default() },
            footprint: rectangle(bounds),
        };
        let children = vec![child("G2", [0.0, 0.0, 40.0, 100.0]), child("G3", [40.0, 0.0, 90.0, 100.0])];
        let parcel_seen = self.seen(id);
        let split =
            self.done(admin, SplitParcel { parcel: parcel_seen, children, dispositions: vec![], apportion: vec![] });
        let made = [ParcelId::made_by(split, 0, 0), ParcelId::made_by(split, 0, 1)];
        let merge = MergeParcels {
            parcels: made.into_iter().map(|parcel| self.seen(parcel)).collect(),
            facts: ParcelPatch { code: Some("G4".to_owned()), ..ParcelPatch::default() },
            footprint: rectangle([0.0, 0.0, 90.0, 100.0]),
            dispositions: vec![],
        };
        let merged = ParcelId::made_by(self.done(admin, merge), 0, 0);
        let parcel_seen = self.seen(merged);
        self.done(admin, RetireParcel { parcel: parcel_seen, dispositions: vec![] });
        let mistaken = self.done(admin, parcel(district, "G5", [200.0, 0.0, 300.0, 100.0]));
        let seq = self.head();
        let before = self.changes.get(&seq).cloned().expect("the last entry's changes");
        self.set.load_rescindable(
            seq,
            Rescindable {
                act: mistaken,
                kinds: vec![ActKind::RegisterParcel],
                changes: before.len(),
                before,
                void_by: None,
                later: vec![],
                seen: seq,
                dependents: vec![],
            },
        );
        self.done(admin, RescindAct { seq, act: mistaken });
    }

    /// A right granted, recorded, transferred and ended; a restriction placed and ended; and a bundle of both.
    fn titles(&mut self, admin: PrincipalId, district: DistrictId, [first, second]: [PartyId; 2]) {
        let id = ParcelId::made_by(self.done(admin, parcel(district, "G6", [400.0, 0.0, 500.0, 100.0])), 0, 0);
        let tenure = Tenure {
            right_type: RightType::StateConstruction,
            nature: None,
            grant_method: None,
            starts_on: None,
            ends_on: None,
        };
        let half = Share::new(1, 2).expect("a half");
        let holders = [first, second].map(|party| HolderShare { party, share: half }).to_vec();
        let grant = |parcel| GrantRight {
            parcel,
            tenure: tenure.clone(),
            holders: holders.clone(),
            certificate: None,
            external: None,
        };
        let parcel_seen = self.seen(id);
        let right = RightId::made_by(self.done(admin, grant(parcel_seen)), 0, 0);
        let parcel_seen = self.seen(id);
        let certificate = Some("浙(2026)浦江0000001".to_owned());
        self.done(admin, RecordTitle { parcel: parcel_seen, right, certificate, external: None });
        let moves = vec![Move { from: first, to: second, share: half }];
        let parcel_seen = self.seen(id);
        self.done(admin, TransferRight { parcel: parcel_seen, right, moves, certificate: None, external: None });
        let particulars = Particulars {
            in_favour_of: Some(first),
            ends_on: "2056-01-01".parse().ok(),
            document: Some("doc".to_owned()),
            ..particulars(RestrictionNature::Restriction(RestrictionKind::Mortgage))
        };
        let parcel_seen = self.seen(id);
        let place = PlaceRestriction { parcel: parcel_seen, particulars: particulars.clone() };
        let restriction = RestrictionId::made_by(self.done(admin, place), 0, 0);
        let parcel_seen = self.seen(id);
        self.done(admin, EndRestriction { parcel: parcel_seen, restriction, cause: EndCause::Discharged });
        let parcel_seen = self.seen(id);
        self.done(admin, EndRight { parcel: parcel_seen, right, cause: EndCause::Surrendered });
        let parcel_seen = self.seen(id);
        let place = PlaceRestriction { parcel: parcel_seen, particulars };
        self.record(admin, vec![grant(parcel_seen).into(), place.into()]);
    }

    fn freezes(&mut self, admin: PrincipalId, district: DistrictId) -> PrincipalId {
        let body = RegisterPrincipal { name: "golden-second".to_owned(), party: None, roles: [Role::Admin].into() };
        let second = PrincipalId::made_by(self.done(PrincipalId::SYSTEM, body), 0, 0);
        let id = ParcelId::made_by(self.done(admin, parcel(district, "G7", [600.0, 0.0, 700.0, 100.0])), 0, 0);
        let authority = "Court".to_owned();
        let place = PlaceFreeze {
            parcel: self.seen(id),
            kind: FreezeKind::Court,
            authority: authority.clone(),
            document: None,
        };
        let freeze = FreezeId::made_by(self.done(admin, place), 0, 0);
        let parcel_seen = self.seen(id);
        self.done(admin, ProposeFreezeRelease { parcel: parcel_seen, freeze, authority });
        let parcel_seen = self.seen(id);
        self.done(second, ApproveFreezeRelease { parcel: parcel_seen, freeze });
        second
    }

    fn surroundings(&mut self, admin: PrincipalId, district: DistrictId) {
        let zone = RegisterZone {
            district,
            kind: ZoneKind::Flood,
            code: "Z1".to_owned(),
            name: None,
            source: None,
            footprint: rectangle([0.0, 0.0, 2_000.0, 500.0]),
            replaces: None,
        };
        let zone = ZoneId::made_by(self.done(admin, zone), 0, 0);
        let seen = self.seen(zone);
        self.done(admin, RetireZone { zone: seen });
        let feature = RegisterFeature {
            district,
            kind: FeatureKind::HighwayExit,
            code: "F1".to_owned(),
            name: Some("出口".to_owned()),
            geometry: FeatureGeometry { crs: grid(), lines: vec![vec![[490_100.0, 3_260_100.0]]] },
            replaces: None,
        };
        let feature = FeatureId::made_by(self.done(admin, feature), 0, 0);
        let seen = self.seen(feature);
        self.done(admin, RetireFeature { feature: seen });
    }

    /// One act that is taken back, one that begins, one that is refused.
    fn schedules(&mut self, admin: PrincipalId, district: DistrictId) {
        let at = |head: i64| Instant::from_micros(BEGINS + (head + 4) * STEP);
        let later = |code: &str, west: f64| parcel(district, code, [west, 0.0, west + 50.0, 50.0]);
        let begins_at = at(self.head());
        let handed_in = |legs: ActBody| ScheduleAct { begins_at, legs: vec![legs] };
        let ids = [("G8", 800.0), ("G9", 900.0), ("G6", 1_000.0)]
            .map(|(code, west)| ScheduleId::made_by(self.done(admin, handed_in(later(code, west).into())), 0, 0));
        let [cancelled, begun, refused] = ids;
        let schedule = self.seen(cancelled);
        self.done(admin, CancelSchedule { schedule });
        self.enter(self.due(begun).act);
        let why = Refused::new(yulin_domain::error_catalogue::ErrorCode::CodeDuplicate).at("code").with("code", "G6");
        self.enter(self.due(refused).refusal(why).expect("a schedule keeps why it was refused"));
    }

    /// One calendar, set and replaced.
    fn calendars(&mut self, admin: PrincipalId) {
        let date = |text: &str| text.parse().expect("a date");
        let set = SetCalendar {
            name: "GOLD".to_owned(),
            source: "a test".to_owned(),
            hours: WorkingHours { opens: "09:00".parse().expect("a time"), closes: "17:30".parse().expect("a time") },
            rest_days: [Weekday::Saturday, Weekday::Sunday].into(),
            holidays: [date("2026-01-01")].into(),
            make_up_days: [date("2026-01-04")].into(),
            covers: Covered { from: date("2026-01-01"), to: date("2026-12-31") },
            replaces: None,
        };
        self.done(admin, set.clone());
        let replaces = Some(self.seen(set.id()));
        self.done(admin, SetCalendar { hours: WorkingHours::WHOLE_DAY, replaces, ..set });
    }

    pub(crate) fn due(&self, key: impl Into<RecordKey>) -> Due {
        let last = self.set.timeline(key).and_then(Timeline::last).expect("it is known");
        last.state.due().expect("it waits")
    }

    /// The instant of the next entry.
    pub(crate) fn next_instant(&self) -> Instant {
        Instant::from_micros(BEGINS + (self.head() + 1) * STEP)
    }
}

/// The footprints of an act in the grid of the golden district.
fn footprints(act: &Act) -> PreparedFootprints {
    let rules = FootprintRules::standard(Strictness::Warn);
    let mut prepared = BTreeMap::new();
    for (leg, body) in act.legs.iter().enumerate() {
        for (nth, (_, submitted)) in body.footprints().into_iter().enumerate() {
            prepared.insert((leg, nth), Footprint::prepare(submitted, grid(), &rules).expect("a footprint"));
        }
    }
    PreparedFootprints(prepared)
}
