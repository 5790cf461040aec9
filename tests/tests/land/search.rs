//! Searching answers as a scan of everything would, page after page, whatever is recorded meanwhile.

use std::collections::{BTreeSet, HashMap};

use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sea_orm::ConnectionTrait;
use yulin_domain::codes::{ParcelState, StockStatus};
use yulin_domain::geometry::{Region, SpatialRelation};
use yulin_domain::journal::ParcelId;
use yulin_domain::land::{Parcel, ParcelPatch, RegisterParcel};
use yulin_domain::quantity::{Area, FenPerSquareMetre};
use yulin_persistence::{CursorKey, Direction, OrderField, ParcelQuery, Sight, Wants};
use yulin_tests::projections::PARCELS;
use yulin_tests::{acts, each_backend, field};

/// A region whose corners often lie on corners of parcels.
fn region(random: &mut StdRng, corners: &[[f64; 2]]) -> Region {
    loop {
        if let Ok(region) = Region::from_geojson(&field::area(random, corners)) {
            return region;
        }
    }
}

fn question(random: &mut StdRng, corners: &[[f64; 2]]) -> ParcelQuery {
    let relations =
        [SpatialRelation::Covered, SpatialRelation::Intersects, SpatialRelation::AreaShare { min_share_ppm: 400_000 }];
    let mut query = ParcelQuery {
        sight: if random.random_bool(0.5) { Sight::Full } else { Sight::Outline },
        ..ParcelQuery::default()
    };
    if random.random_bool(0.8) {
        query.area = Some((region(random, corners), *relations.choose(random).unwrap()));
    }
    if random.random_bool(0.3) {
        query.statuses = vec![StockStatus::Idle, StockStatus::Inefficient];
    }
    if random.random_bool(0.3) {
        query.price_min = Some(FenPerSquareMetre::from_fen(random.random_range(1..15)));
    }
    if random.random_bool(0.2) {
        query.area_min = Some(Area::from_units(random.random_range(15_000_000..25_000_000)));
    }
    if random.random_bool(0.2) {
        query.text = Some(random.random_range(0..9).to_string());
    }
    if random.random_bool(0.3) {
        query.use_prefixes = vec![yulin_domain::codes::LandUsePrefix::parse("MNR2023:1001").unwrap()];
    }
    let fields = [OrderField::Code, OrderField::Price, OrderField::Area, OrderField::Age];
    let ways = [Direction::Asc, Direction::Desc];
    for _ in 0..random.random_range(0..3) {
        query.order.push((*fields.choose(random).unwrap(), *ways.choose(random).unwrap()));
    }
    query.wants = Wants { total: true, facets: true };
    query.first = random.random_range(1..60);
    query
}

/// The area that counts for who asks: the public is told that of the outline, where none is registered or surveyed.
fn area(parcel: &Parcel, sight: Sight) -> Option<Area> {
    let footprint = parcel.footprint.as_ref().unwrap();
    let computed = match sight {
        Sight::Full => Some(footprint.area_computed()),
        Sight::Outline => footprint.outline_area(),
    };
    parcel.registered_area.or(parcel.surveyed_area).or(computed)
}

/// What a plain scan answers.
fn admits(parcel: &Parcel, query: &ParcelQuery) -> bool {
    let footprint = parcel.footprint.as_ref().unwrap();
    let shape = match query.sight {
        Sight::Full => Some(footprint.lonlat()),
        Sight::Outline => footprint.outline(),
    };
    let status = parcel.stock.as_ref().map(|stock| stock.status);
    let holds = |text: &String| {
        parcel.name.as_ref().unwrap().contains(text.as_str()) || parcel.code.as_ref().unwrap().contains(text.as_str())
    };
    query.area.as_ref().is_none_or(|(region, relation)| shape.is_some_and(|shape| region.matches(shape, *relation)))
        && (query.statuses.is_empty() || status.is_some_and(|status| query.statuses.contains(&status)))
        && query.price_min.is_none_or(|least| parcel.price.asking.is_some_and(|price| price >= least))
        && query.area_min.is_none_or(|least| area(parcel, query.sight).is_some_and(|area| area >= least))
        && query.text.as_ref().is_none_or(holds)
        && (query.use_prefixes.is_empty() || parcel.uses[0].land_use.as_str().starts_with("MNR2023:1001"))
}

/// How many questions; `YULIN_LONG=1` asks the ten thousand that a release is tested with.
fn questions() -> u32 {
    if std::env::var("YULIN_LONG").is_ok() { 10_000 } else { 300 }
}

each_backend! {
    async fn a_search_finds_what_a_scan_finds_in_pages_that_neither_miss_nor_repeat(t) {
        let seed = rand::rng().random();
        println!("seed {seed}");
        let mut random = StdRng::seed_from_u64(seed);
        let parcels = field::lay_out(&t, &mut random).await;
        let now = t.now().await;
        let corners = field::corners(&parcels);
        for number in 0..questions() {
            let mut query = question(&mut random, &corners);
            let expected: BTreeSet<ParcelId> = parcels.iter().filter(|parcel| admits(&parcel.state, &query)).map(|parcel| parcel.state.id).collect();
            let counting = |parcel: &ParcelId| parcels.iter().find(|one| one.state.id == *parcel).and_then(|one| area(&one.state, query.sight));
            let areas: HashMap<ParcelId, Option<Area>> = expected.iter().map(|parcel| (*parcel, counting(parcel))).collect();
            let together: i64 = areas.values().flatten().map(|area| area.units()).sum();
            let mut found = Vec::new();
            loop {
                let page = t.registry.search(&now, &query).await.unwrap();
                assert_eq!(page.total, Some(expected.len() as u64), "seed {seed}, question {number}: {query:?}");
                let by_use = page.facets.unwrap().by_use;
                assert_eq!(by_use.iter().map(|row| row.count).sum::<u64>(), expected.len() as u64);
                assert_eq!(by_use.iter().map(|row| row.area.units()).sum::<i64>(), together, "seed {seed}, question {number}: {query:?}");
                for item in &page.items {
                    for (key, _) in item.cursor.keys.iter().zip(&query.order).filter(|(_, (field, _))| *field == OrderField::Area) {
                        let area = areas[&item.id].map_or(CursorKey::Null, |area| CursorKey::Int(area.units()));
                        assert_eq!(*key, area, "seed {seed}, question {number}: what a cursor carries");
                    }
                }
                query.after = page.items.last().map(|last| last.cursor.clone());
                found.extend(page.items.iter().map(|item| item.id));
                if number % 50 == 0 {
                    // Others write on; the pages are of the snapshot all the same.
                    let district = parcels[0].state.district;
                    let code = format!("N{number}-{}", found.len());
                    let bounds = [f64::from(number) * 10.0, 2_000.0 + found.len() as f64 * 10.0, f64::from(number) * 10.0 + 9.0, 2_009.0 + found.len() as f64 * 10.0];
                    t.registry.perform(acts::act(t.admin, acts::parcel(district, &code, bounds))).await.unwrap();
                }
                if !page.has_next {
                    break;
                }
            }
            let set: BTreeSet<_> = found.iter().copied().collect();
            assert_eq!(set.len(), found.len(), "seed {seed}, question {number}: something came twice");
            assert_eq!(set, expected, "seed {seed}, question {number}: {query:?}");
        }
    }

    async fn the_public_area_that_an_earlier_gateway_does_not_write_is_filled_in_by_the_database(t) {
        let district = t.district("D1").await;
        let area = Some(Area::from_units(20_000_000));
        for (nth, (registered_area, surveyed_area)) in [(area, None), (None, area), (area, area), (None, None)].into_iter().enumerate() {
            let west = nth as f64 * 60.0;
            let mut register = acts::parcel(district, &format!("P{nth}"), [west, 0.0, west + 50.3, 40.4]);
            register.facts = ParcelPatch { registered_area, surveyed_area, ..register.facts };
            t.done(register).await;
        }
        let mut lot = acts::parcel(district, "", [0.0, 0.0, 1.0, 1.0]);
        lot.facts = ParcelPatch { code: None, lot_number: Some("L1".to_owned()), ..lot.facts };
        t.done(RegisterParcel { state: ParcelState::Planned, footprint: None, ..lot }).await;
        let raw = t.raw().await;
        let rows = PARCELS.rows(&raw, "1 = 1").await;
        raw.execute_unprepared("DELETE FROM parcel_index").await.unwrap();
        for row in rows {
            PARCELS.insert(&raw, row).await;
        }
        t.assert_sound().await;
        assert_eq!(PARCELS.rows(&raw, "public_area IS NULL AND area IS NULL").await.len(), 1, "the lot has no area");
        assert_eq!(PARCELS.rows(&raw, "public_area <> area").await.len(), 1, "the area of a footprint alone is not told");
        assert_eq!(PARCELS.rows(&raw, "public_area = area").await.len(), 3);
    }
}
