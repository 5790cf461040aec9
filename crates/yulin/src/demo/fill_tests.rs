//! Filling a real database, and whether the examples find something in it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use uuid::Uuid;
use yulin_domain::codes::{FeatureKind, SoilGate, StockStatus};
use yulin_domain::geometry::{Region, SpatialRelation};
use yulin_domain::quantity::Area;
use yulin_persistence::{AsOf, Migrate, Near, OpenOptions, ParcelQuery, Registry, Sight, Wants};

use super::examples::{SPLIT_CODE, examples};
use super::layout::DemoScale;
use super::parcels::grid;
use super::pen::Day;
use super::{fill, zone};

const SCALE: DemoScale = DemoScale { parcels: 1_500, seed: 330_726 };

/// A database of its own, taken away at the end.
struct Place(std::path::PathBuf);

impl Place {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("yulin-demo-{}.sqlite", Uuid::new_v4())))
    }

    async fn open(&self) -> Registry {
        let url = format!("sqlite://{}?mode=rwc", self.0.display());
        Registry::open(&OpenOptions { url, readers: 2, migrate: Migrate::Apply }).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{ending}", self.0.display())));
        }
    }
}

async fn found(registry: &Registry, query: ParcelQuery) -> usize {
    let snapshot = registry.snapshot(AsOf::default(), None).await.unwrap();
    let query = ParcelQuery { first: 50, sight: Sight::Full, wants: Wants { total: true, facets: true }, ..query };
    registry.search(&snapshot, &query).await.unwrap().items.len()
}

#[tokio::test]
async fn a_filled_database_is_filled_again_without_a_new_entry_and_answers_the_examples() {
    let place = Place::new();
    let registry = place.open().await;
    let mut told = Vec::new();
    let report = fill(&registry, SCALE, &mut |done, of| told.push((done, of))).await.unwrap();
    let head = registry.head().await.unwrap();
    assert_eq!((report.parcels, report.last_seq), (1_500, head.seq));
    assert!(registry.is_demo().await.unwrap());
    assert!(told.iter().all(|(done, of)| done <= of) && told.last().unwrap().0 == report.acts);
    assert_eq!(fill(&registry, SCALE, &mut |_, _| ()).await.unwrap(), report);
    assert_eq!(registry.head().await.unwrap().seq, head.seq);

    let area = Region::from_geojson(&examples()[0].variables["area"].to_string()).unwrap();
    let stock = ParcelQuery {
        area: Some((area, SpatialRelation::Intersects)),
        statuses: vec![StockStatus::Idle, StockStatus::Inefficient],
        area_min: Some(Area::at_least_mu("10").unwrap()),
        ..ParcelQuery::default()
    };
    assert!(found(&registry, stock).await > 5);
    assert!(found(&registry, near_exit(&registry).await).await > 2);

    let district = zone::office(SCALE, yulin_domain::journal::PrincipalId::SYSTEM).unwrap().district;
    let then = AsOf { valid: Some(Day(2_300).instant()), recorded: None };
    for (as_of, heirs) in [(then, 0), (AsOf::default(), 2)] {
        let snapshot = registry.snapshot(as_of, None).await.unwrap();
        let codes = [SPLIT_CODE.to_owned()];
        let parcels = registry.parcels_by_codes(&snapshot, district, &codes).await.unwrap();
        assert_eq!(parcels.iter().map(|parcel| parcel.state.successors.len()).collect::<Vec<_>>(), [heirs]);
    }
    registry.close().await;
}

async fn near_exit(registry: &Registry) -> ParcelQuery {
    let snapshot = registry.snapshot(AsOf::default(), None).await.unwrap();
    let exits = registry.features(&snapshot, None, &[FeatureKind::HighwayExit]).await.unwrap();
    assert_eq!(exits.len(), 3);
    let targets = exits.iter().flat_map(|exit| exit.state.grid.lines.clone()).collect();
    ParcelQuery {
        near: Some(Near { targets, grid: grid().unwrap(), within_m: 3_000.0 }),
        statuses: vec![StockStatus::Idle, StockStatus::Ready],
        use_prefixes: ["MNR2023:10", "GBT21010_2017:06"].map(|code| code.parse().unwrap()).to_vec(),
        area_min: Some(Area::at_least_mu("30").unwrap()),
        soil_gates: vec![SoilGate::Pass],
        ..ParcelQuery::default()
    }
}
