//! The generator against the rules of the domain: what it makes is decided by the very decisions of the registry.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{HashMap, HashSet};

use yulin_domain::codes::{CreditCode, Labelled, ParcelCode, StockStatus, UnitCode};
use yulin_domain::geometry::{Footprint, FootprintRules, Strictness, overlap_area, overlap_limit};
use yulin_domain::journal::{
    Act, ActBody, ActId, ActKind, PreparedFootprints, PrincipalId, Record, WorkingSet, decide_entry,
};
use yulin_domain::quantity::Instant;

use super::examples::{SPLIT_CODE, examples};
use super::history;
use super::layout::DemoScale;
use super::parcels::grid;
use super::pen::{Day, REFERENCE};
use super::zone::{self, acts};

const SCALE: DemoScale = DemoScale { parcels: 2_000, seed: 5 };

fn all(scale: DemoScale) -> Vec<Act> {
    acts(scale, PrincipalId::SYSTEM).unwrap().collect::<Result<_, _>>().unwrap()
}

/// A registry in memory that takes acts as the writer does.
#[derive(Default)]
struct Ledger {
    set: WorkingSet,
    entries: HashMap<ActId, i64>,
    seq: i64,
}

impl Ledger {
    fn take(&mut self, mut act: Act) {
        drop(act.seal_personal(|| [7; 32]));
        let rules = FootprintRules::standard(Strictness::Refuse);
        let mut prepared = PreparedFootprints::default();
        for (leg, body) in act.legs.iter().enumerate() {
            for (nth, (_, submitted)) in body.footprints().into_iter().enumerate() {
                prepared.0.insert((leg, nth), Footprint::prepare(submitted, grid().unwrap(), &rules).unwrap());
            }
        }
        self.seq += 1;
        let now = Day(-1).instant();
        if let Err(refused) = decide_entry(&mut self.set, &act, &prepared, now, self.seq) {
            panic!("{} was refused: {refused}", act.kind());
        }
        self.set.keep();
        self.entries.insert(act.envelope.id, self.seq);
    }
}

fn parcels(acts: &[Act]) -> Vec<&yulin_domain::land::RegisterParcel> {
    let legs = acts.iter().flat_map(|act| &act.legs);
    legs.filter_map(|leg| if let ActBody::RegisterParcel(body) = leg { Some(body) } else { None }).collect()
}

#[test]
fn the_same_seed_gives_the_same_acts_and_another_seed_others() {
    let (once, again) = (all(SCALE), all(SCALE));
    assert_eq!(once, again);
    let other = all(DemoScale { seed: 6, ..SCALE });
    let shared = once.iter().filter(|act| other.iter().any(|it| it.envelope.id == act.envelope.id)).count();
    assert_eq!(shared, 0);
    assert_ne!(parcels(&once)[0].footprint, parcels(&other)[0].footprint);
}

#[test]
fn the_number_of_parcels_is_the_one_asked_for_and_ids_are_not_repeated() {
    for parcels_asked in [1, 7, 500] {
        let acts = all(DemoScale { parcels: parcels_asked, seed: 9 });
        assert_eq!(parcels(&acts).len(), parcels_asked as usize);
        let ids: HashSet<_> = acts.iter().map(|act| act.envelope.id).collect();
        assert_eq!(ids.len(), acts.len());
    }
}

#[test]
fn two_thousand_parcels_do_not_overlap_and_have_5_to_14_vertices() {
    let acts = all(SCALE);
    let rules = FootprintRules::standard(Strictness::Refuse);
    let mut laid: Vec<_> = parcels(&acts)
        .iter()
        .map(|body| Footprint::prepare(body.footprint.as_ref().unwrap(), grid().unwrap(), &rules).unwrap().footprint)
        .collect();
    for footprint in &laid {
        let vertices = footprint.grid().0[0].exterior().0.len() - 1;
        assert!((5..=14).contains(&vertices), "{vertices} vertices");
        let mu = footprint.area_computed().units() * 3 / 20_000_000;
        assert!((2..=120).contains(&mu), "{mu} mu");
    }
    laid.sort_by(|a, b| a.bounds_grid()[0].total_cmp(&b.bounds_grid()[0]));
    let mut touching = 0;
    for (place, one) in laid.iter().enumerate() {
        let reach = one.bounds_grid()[2];
        for other in laid[place + 1..].iter().take_while(|other| other.bounds_grid()[0] <= reach) {
            let shared = overlap_area(one, other).unwrap();
            assert!(shared <= overlap_limit(one.area_computed(), other.area_computed()), "{shared} shared");
            let corners = |f: &Footprint| {
                f.grid().0[0].exterior().0.iter().map(|at| (at.x.to_bits(), at.y.to_bits())).collect::<HashSet<_>>()
            };
            touching += usize::from(corners(one).intersection(&corners(other)).count() > 1);
        }
    }
    assert!(touching > 2_000, "only {touching} pairs have an edge in common");
}

#[test]
fn every_code_is_valid_and_unique() {
    let acts = all(SCALE);
    let mut codes = HashSet::new();
    for body in parcels(&acts) {
        let Some(code) = &body.facts.code else {
            assert!(body.facts.lot_number.is_some());
            continue;
        };
        assert_eq!(ParcelCode::parse(code).unwrap().county(), "330726");
        assert_eq!(UnitCode::parse(body.facts.unit_code.as_ref().unwrap()).unwrap().parcel_code().as_str(), code);
        assert!(codes.insert(code.clone()), "{code} twice");
    }
    assert!(codes.contains(SPLIT_CODE));
    let credit = acts.iter().flat_map(|act| &act.legs).filter_map(|leg| match leg {
        ActBody::RegisterParty(party) => party.credit_code.as_ref(),
        _ => None,
    });
    let credit: Vec<_> = credit.map(CreditCode::as_str).collect();
    assert_eq!(credit.len(), 506);
    assert_eq!(credit.iter().collect::<HashSet<_>>().len(), credit.len());
}

#[test]
fn all_stock_statuses_are_there() {
    let acts = all(SCALE);
    let statuses: HashSet<StockStatus> =
        parcels(&acts).iter().filter_map(|body| body.facts.stock.as_ref()).map(|stock| stock.status).collect();
    assert_eq!(statuses.len(), StockStatus::all().len());
}

#[test]
fn the_registry_takes_zones_of_any_size_and_seed() {
    for (parcels, seed, taken) in [(1, 1, 1_000), (40, 2, 1_000), (700, u64::MAX, 1_500), (1_000_000, 4, 21_500)] {
        let scale = DemoScale { parcels, seed };
        let mut ledger = Ledger::default();
        for act in acts(scale, PrincipalId::SYSTEM).unwrap().take(taken) {
            ledger.take(act.unwrap());
        }
        let office = zone::office(scale, PrincipalId::SYSTEM).unwrap();
        for act in history::acts(&office, &ledger.entries).unwrap() {
            ledger.take(act);
        }
        assert!(ledger.seq > i64::from(parcels.min(1_000)));
    }
}

#[test]
fn the_registry_takes_every_act_and_the_history_after_them() {
    let scale = DemoScale { parcels: 1_200, seed: 330_726 };
    let mut ledger = Ledger::default();
    for act in all(scale) {
        ledger.take(act);
    }
    let office = zone::office(scale, PrincipalId::SYSTEM).unwrap();
    let later = history::acts(&office, &ledger.entries).unwrap();
    let count = |kind| later.iter().filter(|act| act.kind() == kind).count();
    assert!(count(ActKind::SplitParcel) > 3 && count(ActKind::MergeParcels) > 3 && count(ActKind::SetStockStatus) > 10);
    assert_eq!(later, history::acts(&office, &ledger.entries).unwrap());
    for act in later {
        ledger.take(act);
    }

    let first = history::subjects(&office)[0];
    assert_eq!(first.code(), SPLIT_CODE);
    let rows = ledger.set.timeline(office.parcel_id(&first)).unwrap().rows();
    let Record::Parcel(last) = &*rows.last().unwrap().state else { panic!("no parcel") };
    assert_eq!((rows.len(), last.successors.len()), (2, 2));
    assert!(rows[0].valid.from < Instant::parse("2020-01-01T00:00:00+08:00").unwrap());
    assert!(rows[1].valid.from > Instant::parse("2020-01-01T00:00:00+08:00").unwrap());
}

#[test]
fn days_begin_in_shanghai_and_no_act_is_after_the_reference_day() {
    for ago in [0, 1, 200, 4_190] {
        let day = Day(ago);
        assert_eq!(day.instant(), Instant::start_of(day.date(), "Asia/Shanghai").unwrap());
    }
    assert_eq!(Day(0).date(), REFERENCE);
    // What says no day is of the ledger, and holds when it is recorded.
    assert!(all(SCALE).iter().all(|act| act.envelope.effective_at.is_none_or(|at| at <= Day(0).instant())));
    assert!(all(SCALE).iter().any(|act| act.envelope.effective_at.is_some()));
}

#[test]
fn the_examples_hold_variables_for_what_they_ask() {
    for example in examples() {
        for name in example.variables.as_object().unwrap().keys() {
            assert!(example.query.contains(&format!("${name}:")), "{name} in {}", example.title);
        }
    }
    let ring = examples()[0].variables["area"]["coordinates"][0].as_array().unwrap().clone();
    assert_eq!((ring.len(), &ring[0]), (8, &ring[7]));
}

#[test]
#[ignore = "a measurement: cargo test --release -- --ignored a_million"]
fn a_million_parcels_are_made_in_well_under_a_minute() {
    let started = std::time::Instant::now();
    let scale = DemoScale { parcels: DemoScale::PARCELS_MAX, seed: 1 };
    let made = acts(scale, PrincipalId::SYSTEM).unwrap().map(Result::unwrap).count();
    eprintln!("{made} acts in {:.1?}", started.elapsed());
    let office = zone::office(scale, PrincipalId::SYSTEM).unwrap();
    eprintln!("{:.0?} metres about the middle, {} rows", office.layout.reach(), office.layout.rows().len());
    assert!(made > 1_000_000 && started.elapsed().as_secs() < 60);
}
