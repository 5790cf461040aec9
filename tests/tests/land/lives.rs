//! Whatever is done to parcels in whatever order, the register keeps what it promises.
//!
//! A seeded walk does and undoes things, many of them wrong; what it got away with is then looked at row by row.

use std::collections::{BTreeMap, BTreeSet};

use rand::{Rng, SeedableRng, rngs::StdRng};
use sea_orm::{ConnectionTrait, Statement};
use yulin_domain::geometry::{overlap_area, overlap_limit};
use yulin_domain::journal::{ActBody, DistrictId, ParcelId, Record, RescindAct, Seen, Span};
use yulin_domain::land::{
    ChangeParcel, Child, CorrectParcel, MergeParcels, Parcel, ParcelPatch, RetireParcel, SplitParcel,
};
use yulin_domain::quantity::Instant;
use yulin_persistence::{ActFilter, PerformError};
use yulin_tests::{TestRegistry, acts, each_backend};

/// Steps of a walk; `YULIN_LONG=1` walks further.
fn steps() -> usize {
    if std::env::var("YULIN_LONG").is_ok() { 3_000 } else { 250 }
}

const DAY: i64 = 24 * 3600 * 1_000_000;

/// What the walk believes of a parcel; it may be wrong, then it is refused.
#[derive(Debug, Clone, Copy)]
struct Known {
    id: ParcelId,
    bounds: [f64; 4],
}

struct Walk<'a> {
    t: &'a TestRegistry,
    district: DistrictId,
    random: StdRng,
    known: Vec<Known>,
    done: usize,
    refused: BTreeMap<&'static str, usize>,
}

impl Walk<'_> {
    fn bounds(&mut self) -> [f64; 4] {
        let [x, y] = [0, 1].map(|_| f64::from(self.random.random_range(0..20)) * 20.0);
        let [width, height] = [0, 1].map(|_| f64::from(self.random.random_range(1..4)) * 20.0);
        [x, y, x + width, y + height]
    }

    /// One of few codes, so that they are often taken.
    fn facts(&mut self) -> ParcelPatch {
        let code = format!("C{}", self.random.random_range(0..400));
        ParcelPatch { code: Some(code), ..ParcelPatch::default() }
    }

    fn any(&mut self) -> Option<Known> {
        let count = self.known.len();
        (count > 0).then(|| self.known[self.random.random_range(0..count)])
    }

    /// As it is seen now; what was rescinded is nowhere to be seen, and is asked for all the same.
    async fn seen(&self, id: ParcelId) -> Seen<ParcelId> {
        let now = self.t.now().await;
        let found = self.t.registry.parcels_by_ids(&now, &[id]).await.unwrap();
        Seen { id, seq: found.first().map_or(now.seq, |parcel| parcel.version) }
    }

    async fn step(&mut self) {
        let choice = self.random.random_range(0..100);
        let (kind, body, makes) = match (choice, self.any()) {
            (0..30, _) | (_, None) => self.register(),
            (30..50, Some(one)) => self.split(one).await,
            (50..65, Some(one)) => self.merge(one).await,
            (65..72, Some(one)) => {
                ("retire", RetireParcel { parcel: self.seen(one.id).await, dispositions: vec![] }.into(), vec![])
            }
            (72..86, Some(one)) => self.revise(one, choice % 2 == 0).await,
            (_, Some(_)) => match self.rescind().await {
                Some(body) => ("rescind", body, vec![]),
                None => return,
            },
        };
        let mut act = acts::act(self.t.admin, body);
        if self.random.random_bool(0.4) {
            let past = self.random.random_range(1..100) * DAY;
            act.envelope.effective_at = Some(Instant::from_micros(jiff::Timestamp::now().as_microsecond() - past));
        }
        let id = act.envelope.id;
        match self.t.registry.perform(act).await {
            Ok(_) => {
                self.done += 1;
                let made = makes.into_iter().enumerate();
                self.known.extend(made.map(|(nth, bounds)| Known { id: ParcelId::made_by(id, 0, nth), bounds }));
            }
            Err(PerformError::Refused(_) | PerformError::Malformed(_)) => *self.refused.entry(kind).or_default() += 1,
            Err(other) => panic!("{kind}: {other}"),
        }
    }

    fn register(&mut self) -> (&'static str, ActBody, Vec<[f64; 4]>) {
        let bounds = self.bounds();
        let mut register = acts::parcel(self.district, "", bounds);
        register.facts = self.facts();
        ("register", register.into(), vec![bounds])
    }

    /// Into two, now and then with a gap between them.
    async fn split(&mut self, one: Known) -> (&'static str, ActBody, Vec<[f64; 4]>) {
        let [west, south, east, north] = one.bounds;
        let middle = west + f64::from(self.random.random_range(1..10)) / 10.0 * (east - west);
        let gap = if self.random.random_bool(0.2) { 1.0 } else { 0.0 };
        let made = [[west, south, middle, north], [middle + gap, south, east, north]];
        let mut children = Vec::new();
        for bounds in made {
            children.push(Child { facts: self.facts(), footprint: acts::rectangle(bounds) });
        }
        let parcel = self.seen(one.id).await;
        ("split", SplitParcel { parcel, children, dispositions: vec![], apportion: vec![] }.into(), made.to_vec())
    }

    /// With whatever seems to adjoin it on a whole side, else with anything.
    async fn merge(&mut self, one: Known) -> (&'static str, ActBody, Vec<[f64; 4]>) {
        let [west, south, east, north] = one.bounds;
        let adjoins = |other: &&Known| other.bounds[0] == east && other.bounds[1] == south && other.bounds[3] == north;
        let other = self.known.iter().rev().find(adjoins).copied().or_else(|| self.any()).unwrap();
        let bounds = [west, south, other.bounds[2], north];
        let parcels = vec![self.seen(one.id).await, self.seen(other.id).await];
        let facts = self.facts();
        let footprint = acts::rectangle(if bounds[2] > west { bounds } else { one.bounds });
        ("merge", MergeParcels { parcels, facts, footprint, dispositions: vec![] }.into(), vec![bounds])
    }

    async fn revise(&mut self, one: Known, correct: bool) -> (&'static str, ActBody, Vec<[f64; 4]>) {
        let parcel = self.seen(one.id).await;
        let bounds = self.bounds();
        let footprint = Some(acts::rectangle(bounds));
        let facts = if self.random.random_bool(0.5) { self.facts() } else { ParcelPatch::default() };
        if correct {
            let valid = Span { from: Instant::MIN, to: Instant::MAX };
            ("correct", CorrectParcel { parcel, valid, facts, footprint }.into(), vec![])
        } else {
            ("change", ChangeParcel { parcel, facts, footprint, state: None }.into(), vec![])
        }
    }

    /// One of the last acts; what depends on it keeps it from being rescinded.
    async fn rescind(&mut self) -> Option<ActBody> {
        let now = self.t.now().await;
        let seq = now.seq - self.random.random_range(0..6);
        let filter = ActFilter { from_seq: Some(seq), ..ActFilter::default() };
        let entry = self.t.registry.acts(&now, &filter, None, 1).await.unwrap().into_iter().next()?;
        (entry.header.seq > 3).then(|| RescindAct { seq: entry.header.seq, act: entry.header.act_id }.into())
    }
}

/// A version of a parcel that is now known.
struct Version {
    valid: (i64, i64),
    parcel: Parcel,
}

async fn versions(t: &TestRegistry) -> Vec<Version> {
    let raw = t.raw().await;
    let sql = format!(
        "SELECT valid_from, valid_to, state FROM record_version WHERE kind = 'parcel' AND recorded_to = {}",
        i64::MAX
    );
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await.unwrap();
    rows.iter()
        .map(|row| {
            let state: Vec<u8> = row.try_get("", "state").unwrap();
            let Record::Parcel(parcel) = serde_json::from_slice(&state).unwrap() else { panic!("not a parcel") };
            let valid = (row.try_get("", "valid_from").unwrap(), row.try_get("", "valid_to").unwrap());
            Version { valid, parcel: *parcel }
        })
        .collect()
}

fn look(versions: &[Version]) {
    let mut bearers: BTreeMap<&str, BTreeSet<ParcelId>> = BTreeMap::new();
    let mut latest: BTreeMap<ParcelId, &Version> = BTreeMap::new();
    for version in versions {
        bearers.entry(version.parcel.code.as_deref().unwrap()).or_default().insert(version.parcel.id);
        let last = latest.entry(version.parcel.id).or_insert(version);
        if version.valid.1 > last.valid.1 {
            *last = version;
        }
    }
    for (code, parcels) in &bearers {
        assert_eq!(parcels.len(), 1, "{code} is borne by {parcels:?}");
    }
    for (id, version) in &latest {
        for parent in &version.parcel.parents {
            assert!(latest[parent].parcel.successors.contains(id), "{parent} does not know its successor {id}");
        }
        for successor in &version.parcel.successors {
            assert!(latest[successor].parcel.parents.contains(id), "{successor} does not know its parent {id}");
        }
    }
    for (place, one) in versions.iter().enumerate() {
        for two in &versions[place + 1..] {
            let together = one.valid.0 < two.valid.1 && two.valid.0 < one.valid.1;
            if !together {
                continue;
            }
            assert_ne!(one.parcel.id, two.parcel.id, "two versions of a parcel hold at one instant");
            if one.parcel.is_registered() && two.parcel.is_registered() {
                let (a, b) = (one.parcel.footprint.as_ref().unwrap(), two.parcel.footprint.as_ref().unwrap());
                let limit = overlap_limit(a.area_computed(), b.area_computed());
                assert!(overlap_area(a, b).unwrap() <= limit, "{:?} overlaps {:?}", one.parcel.code, two.parcel.code);
            }
        }
    }
}

each_backend! {
    async fn whatever_is_done_to_parcels_the_register_keeps_its_promises(t) {
        let seed = rand::rng().random();
        println!("seed {seed}");
        let district = t.district("D1").await;
        let random = StdRng::seed_from_u64(seed);
        let mut walk =
            Walk { t: &t, district, random, known: Vec::new(), done: 0, refused: BTreeMap::new() };
        for _ in 0..steps() {
            walk.step().await;
        }
        println!("{} done, refused {:?}", walk.done, walk.refused);
        assert!(walk.done * 5 > steps(), "too little was done to tell");
        look(&versions(&t).await);
        t.assert_sound().await;
    }
}
