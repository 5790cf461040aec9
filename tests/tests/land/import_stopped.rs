//! An import that is stopped: by Ctrl-C between chunks, by the kernel anywhere; the same command goes on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use geo_types::MultiPolygon;
use yulin_domain::journal::DistrictId;
use yulin_persistence::{ParcelQuery, Sight};
use yulin_tests::command::{Told, command, run, told};
use yulin_tests::{TestRegistry, each_backend};

const PARCELS: usize = 4_100;
const CHUNK: u64 = 500;
/// An import that tells nothing for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(120);

fn sheet() -> String {
    let mut sheet = "code,name,wkt\n".to_owned();
    for n in 0..PARCELS {
        let (west, south) = (490_000 + n % 100 * 20, 3_260_000 + n / 100 * 20);
        let (east, north) = (west + 20, south + 20);
        let ring = format!("{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}");
        writeln!(sheet, "P{n},地块{n},\"POLYGON(({ring}))\"").unwrap();
    }
    sheet
}

fn words(district: &str) -> Vec<&str> {
    vec!["import", "parcels", "p.csv", "--crs", "EPSG:4549", "--report", "report.ndjson", "--district", district]
}

/// The import under way, with at least so many features told.
async fn under_way(t: &TestRegistry, folder: &Path, told: u64) -> Child {
    let report = folder.join("report.ndjson");
    let _ = std::fs::remove_file(&report);
    let child = command(t, folder, &words("B")).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("the binary starts");
    let begun = Instant::now();
    loop {
        let lines = std::fs::read_to_string(&report).map_or(0, |text| text.lines().count());
        if lines as u64 >= told {
            return child;
        }
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was stopped");
        assert!(begun.elapsed() < PATIENCE, "it does not come on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn ended(child: Child) -> Told {
    told(&tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap())
}

/// Code, name and outline of every parcel of a district.
async fn parcels(t: &TestRegistry, district: DistrictId) -> BTreeMap<String, (Option<String>, MultiPolygon<f64>)> {
    let snapshot = t.now().await;
    let query =
        ParcelQuery { sight: Sight::Full, districts: vec![district], first: 2 * PARCELS, ..ParcelQuery::default() };
    let ids: Vec<_> = t.registry.search(&snapshot, &query).await.unwrap().items.iter().map(|found| found.id).collect();
    let parcels = t.registry.parcels_by_ids(&snapshot, &ids).await.unwrap();
    let row = |parcel: yulin_domain::land::Parcel| {
        (parcel.code.unwrap(), (parcel.name, parcel.footprint.unwrap().grid().clone()))
    };
    parcels.into_iter().map(|parcel| row(parcel.state)).collect()
}

each_backend! {
    async fn an_interrupted_import_goes_on_and_ends_as_an_uninterrupted_one(t) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        std::fs::write(folder.path().join("p.csv"), sheet()).unwrap();
        let (whole, stopped) = (t.district("A").await, t.district("B").await);
        let total = PARCELS as u64;
        assert_eq!(run(&t, folder.path(), &words("A")).await.sums(), [total, total, 0, 0]);

        let child = under_way(&t, folder.path(), 1).await;
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let interrupted = ended(child).await;
        assert_eq!(interrupted.code, 130, "{interrupted:?}");
        assert_eq!(interrupted.error().0, "INTERRUPTED");
        assert!(interrupted.stderr.contains("INTERRUPTED") && interrupted.stderr.contains("中断"), "{interrupted:?}");
        let [read, stored, _, _] = interrupted.sums();
        assert!(read < total && read % CHUNK == 0 && read == stored, "chunks are whole: {interrupted:?}");
        assert_eq!(parcels(&t, stopped).await.len() as u64, stored);

        let mut killed = under_way(&t, folder.path(), stored + 1).await;
        killed.kill().unwrap();
        killed.wait().unwrap();
        t.assert_sound().await;
        let there = parcels(&t, stopped).await.len() as u64;
        assert!((stored + 1..total).contains(&there), "{there} after the kill");

        let finished = run(&t, folder.path(), &words("B")).await;
        assert_eq!((finished.code, finished.sums()), (0, [total, total - there, there, 0]));
        assert_eq!(parcels(&t, stopped).await, parcels(&t, whole).await);
        assert_eq!(run(&t, folder.path(), &words("B")).await.sums(), [total, 0, total, 0]);
        t.assert_sound().await;
    }
}
