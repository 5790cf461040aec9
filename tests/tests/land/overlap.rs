//! No two registered parcels overlap, however many writers register at once.

use std::time::{Duration, Instant as Clock};

use rand::{Rng, SeedableRng, rngs::StdRng};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::{overlap_area, overlap_limit};
use yulin_domain::journal::DistrictId;
use yulin_domain::land::Parcel;
use yulin_persistence::{ParcelQuery, PerformError, Registry, Sight};
use yulin_tests::{Backend, TestRegistry, acts, each_backend};

const WRITERS: u64 = 16;

/// How long the writers work; `YULIN_LONG=1` makes it the minute that a release is tested with.
fn duration() -> Duration {
    Duration::from_secs(if std::env::var("YULIN_LONG").is_ok() { 60 } else { 4 })
}

async fn register_at_random(registry: Registry, t: &TestRegistry, district: DistrictId, writer: u64) -> (u64, u64) {
    let mut random = StdRng::seed_from_u64(writer);
    let (mut stored, mut refused) = (0, 0);
    let end = Clock::now() + duration();
    while Clock::now() < end {
        let (x, y) = (random.random_range(0.0..2_000.0_f64).floor(), random.random_range(0.0..2_000.0_f64).floor());
        let (width, height) = (random.random_range(5..60), random.random_range(5..60));
        let bounds = [x, y, x + f64::from(width), y + f64::from(height)];
        let code = format!("W{writer}-{}", stored + refused);
        match registry.perform(acts::act(t.admin, acts::parcel(district, &code, bounds))).await {
            Ok(_) => stored += 1,
            Err(PerformError::Refused(why)) => {
                assert_eq!(why.code, ErrorCode::ParcelOverlap, "{why}");
                let named = why.facts["overlaps"].as_array().expect("the loser is told with whom");
                assert!(named.iter().all(|one| one["code"].is_string() && one["squareMetres"].is_string()));
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    (stored, refused)
}

each_backend! {
    async fn sixteen_writers_leave_no_overlap_and_every_loser_is_told_why(t) {
        let district = t.district("D1").await;
        let other = t.another_gateway().await;
        let gateway = |writer: u64| {
            // Two processes on one file would wait for each other's locks; two gateways belong to PostgreSQL.
            if t.backend == Backend::Postgres && writer % 2 == 1 { other.clone() } else { t.registry.clone() }
        };
        let writers = (0..WRITERS).map(|writer| register_at_random(gateway(writer), &t, district, writer));
        let counts = futures_util::future::join_all(writers).await;
        let (stored, refused) = counts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        assert!(stored > 50 && refused > 50, "stored {stored}, refused {refused}");
        println!("{:?}: {stored} stored, {refused} refused", t.backend);
        let now = t.now().await;
        let query = ParcelQuery { sight: Sight::Full, first: usize::MAX - 1, ..ParcelQuery::default() };
        let ids: Vec<_> = t.registry.search(&now, &query).await.unwrap().items.iter().map(|found| found.id).collect();
        assert_eq!(ids.len() as u64, stored);
        let parcels = t.registry.parcels_by_ids(&now, &ids).await.unwrap();
        let parcels: Vec<Parcel> = parcels.into_iter().map(|parcel| parcel.state).collect();
        for (place, one) in parcels.iter().enumerate() {
            for two in &parcels[place + 1..] {
                let (a, b) = (one.footprint.as_ref().unwrap(), two.footprint.as_ref().unwrap());
                let limit = overlap_limit(a.area_computed(), b.area_computed());
                assert!(overlap_area(a, b).unwrap() <= limit, "{:?} overlaps {:?}", one.code, two.code);
            }
        }
        other.close().await;
        t.assert_sound().await;
    }
}
