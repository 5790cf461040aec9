//! Every address, and every file that can be exported, as everybody.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use yulin_exchange::export::parcel_columns;
use yulin_gateway::disclosure::{Admits, EXPORTS, ROUTES, Reading, reading};
use yulin_gateway::http::Sandbox;
use yulin_tests::{Gateway, TestRegistry};

use crate::asking::Asking;
use crate::compared::Tally;
use crate::viewers::Viewer;

/// Columns of files of land that stand beside those of the card.
const BESIDE: [&str; 3] = ["district", "generated", "holders"];
/// What is told at one metre to whoever is no officer.
const OUTLINED: [&str; 2] = ["wkt", "computedArea"];

/// An answer of an address.
struct Answer {
    status: u16,
    withheld: String,
    text: String,
}

async fn at(gateway: &Gateway, viewer: &Viewer, address: &str) -> Answer {
    let request = gateway.client().request(Method::GET, format!("http://{}{address}", gateway.address));
    let request = match &viewer.key {
        Some(key) => request.bearer_auth(key),
        None => request,
    };
    let response = request.send().await.unwrap();
    let withheld = response.headers().get("Yulin-Withheld").map_or("", |value| value.to_str().unwrap()).to_owned();
    let status = response.status().as_u16();
    Answer { status, withheld, text: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned() }
}

/// The files of the library that draws the map, which a build without Node does not have.
const LIBRARY: &str = "/map/vendor/{name}";

/// What addresses are made of.
struct Known {
    log_size: u64,
    parcel: String,
}

/// An address as it may be asked for; one that is not known here fails.
fn example(address: &str, known: &Known) -> String {
    let example = match address {
        "/graphql" => "/graphql?query=%7B__typename%7D",
        "/export/{name}" => "/export/parcels.csv",
        "/log/tile/{path:.*}" => return format!("/log/tile/0/000.p/{}", known.log_size),
        "/page/{name}" => "/page/app.css",
        "/map/{name}" => "/map/map.css",
        LIBRARY => "/map/vendor/LICENSE",
        "/ogc/collections/{name}" => "/ogc/collections/parcels",
        "/ogc/collections/{name}/items" => "/ogc/collections/parcels/items",
        "/ogc/collections/{name}/items/{id}" => return format!("/ogc/collections/parcels/items/{}", known.parcel),
        "/ogc/collections/{name}/queryables" => "/ogc/collections/parcels/queryables",
        "/ogc/collections/{name}/schema" => "/ogc/collections/parcels/schema",
        "/tiles/{layer}.json" => "/tiles/parcels.json",
        "/tiles/{layer}/{zoom}/{column}/{row}.mvt" => "/tiles/parcels/0/0/0.mvt",
        plain if !plain.contains('{') => plain,
        other => panic!("no example of {other} is known"),
    };
    example.to_owned()
}

/// Asks everybody at every address.
pub async fn every_address(t: &TestRegistry, asking: &Asking<'_>, tally: &mut Tally) {
    let sandbox = Gateway::sandbox(&t.registry, Sandbox::default()).await;
    let log_size = t.registry.make_checkpoint(&mut |_| {}).await.unwrap().checkpoint.size;
    let page = at(asking.gateway, asking.admin, "/ogc/collections/parcels/items?limit=1").await.text;
    let page: serde_json::Value = serde_json::from_str(&page).unwrap();
    let known = Known { log_size, parcel: page["features"][0]["id"].as_str().unwrap().to_owned() };
    for (address, admits) in ROUTES {
        let example = example(address, &known);
        let admin = at(asking.gateway, asking.admin, &example).await;
        for viewer in asking.viewers {
            let answer = at(asking.gateway, viewer, &example).await;
            let is_right = match admits {
                Admits::Everyone => (answer.status == 200 || *address == LIBRARY) && answer.text == admin.text,
                // Of a tile on which nothing lies there is no content.
                Admits::ByField => matches!(answer.status, 200 | 204),
                Admits::KeyHolder => {
                    let expected = if viewer.key.is_some() { 200 } else { 401 };
                    answer.status == 404 && at(&sandbox, viewer, &example).await.status == expected
                }
                Admits::Operator => answer.status == 404,
            };
            tally.told((viewer, "address", address), is_right, &answer.status.into());
        }
    }
    sandbox.close().await;
}

/// Everybody exports everything; land and accounts are compared cell by cell.
pub async fn every_export(asking: &Asking<'_>, tally: &mut Tally) {
    let today = jiff::Timestamp::now().in_tz("Asia/Shanghai").unwrap().date();
    for (name, (parent, field)) in EXPORTS {
        for ending in ["csv", "xlsx", "geojson", "gpkg"] {
            // What stands in a file does not hang on its format, and land in use is asked for as all land is.
            if *name == "stock" && ending != "csv" {
                continue;
            }
            let is_statement = *name == "statement";
            let address = if is_statement {
                format!("/export/{name}.{ending}?date={today}")
            } else {
                format!("/export/{name}.{ending}?crs=EPSG:4490")
            };
            let is_there = !is_statement || matches!(ending, "csv" | "xlsx");
            let admin = at(asking.gateway, asking.admin, &address).await;
            // One after another: few files are written at once.
            for viewer in asking.viewers {
                let answer = at(asking.gateway, viewer, &address).await;
                let expected = match reading(viewer.role, parent, field) {
                    _ if !is_there => 404,
                    Reading::No => 403,
                    Reading::Yes | Reading::OwnOnly => 200,
                };
                tally.told((viewer, "export", name), answer.status == expected, &answer.status.into());
                match (ending, answer.status, is_statement) {
                    ("csv", 200, true) => accounts(viewer, tally, &admin.text, &answer.text),
                    ("csv", 200, false) => land(asking, viewer, tally, &admin, &answer),
                    _ => {}
                }
            }
        }
    }
}

type Row = BTreeMap<String, String>;

/// The rows of a table of texts; none of its cells holds a line end.
fn table(text: &str) -> (BTreeSet<String>, Vec<Row>) {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(cells);
    let names = lines.next().unwrap_or_default();
    let rows = lines.map(|cells| names.iter().cloned().zip(cells).collect()).collect();
    (names.into_iter().collect(), rows)
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// Land: no column of what is not read, nothing in one that is read of one's own alone elsewhere.
fn land(asking: &Asking<'_>, viewer: &Viewer, tally: &mut Tally, admin: &Answer, answer: &Answer) {
    let of_card = parcel_columns().map(|column| (column.name, reading(viewer.role, column.reads.0, column.reads.1)));
    let beside = BESIDE.map(|name| (name, reading(viewer.role, "Parcel", name)));
    let columns: BTreeMap<_, _> = of_card.chain(beside).collect();
    let ((_, whole), (names, rows)) = (table(&admin.text), table(&answer.text));
    let own = asking.whole.sides.iter().filter(|side| viewer.own.contains(&format!("parcel:{}", side.idle)));
    let own: BTreeSet<_> =
        own.flat_map(|side| [format!("{}-000-0", side.code), format!("{}-IDLE", side.code)]).collect();
    let withheld: BTreeSet<_> = answer.withheld.split(", ").collect();
    tally.told((viewer, "export", "rows"), rows.len() == whole.len(), &rows.len().into());
    for (name, read) in columns {
        let is_there = names.contains(name);
        let is_right = (read != Reading::No) == is_there && is_there != withheld.contains(name);
        tally.told((viewer, "column", name), is_right, &answer.withheld.as_str().into());
        for (all, row) in whole.iter().zip(&rows).filter(|_| is_there) {
            let told = row.get(name).map_or("", String::as_str);
            let is_told = read == Reading::Yes || own.contains(&row["code"]);
            let expected = if is_told { all.get(name).map_or("", String::as_str) } else { "" };
            // Outlines and their areas at one metre, and names of persons, are told otherwise; `export_http.rs` compares them.
            let is_otherwise = !viewer.is_officer() && OUTLINED.contains(&name) || name == "holders";
            let is_right = if is_otherwise { told.is_empty() == expected.is_empty() } else { told == expected };
            tally.told((viewer, "cell", name), is_right, &told.into());
        }
    }
}

/// The statement of a day: of the accounts that are seen, and of no other.
fn accounts(viewer: &Viewer, tally: &mut Tally, admin: &str, answer: &str) {
    let ids = |text: &str| table(text).1.into_iter().map(|row| row["account"].clone()).collect::<Vec<_>>();
    let expected: Vec<_> = ids(admin).into_iter().filter(|id| viewer.is_officer() || viewer.own.contains(id)).collect();
    let told = ids(answer);
    tally.told((viewer, "export", "accounts"), told == expected, &told.len().into());
}
