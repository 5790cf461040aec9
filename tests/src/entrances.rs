//! What is asked where a field cannot be asked without arguments: in one place, so that a new field is not passed over.

use yulin_gateway::schema::NODES_MAX;

use crate::Whole;

/// The arguments with which a field is tried; several, where one does not meet every row.
pub fn arguments(whole: &Whole, parent: &str, field: &str, to: &str) -> Option<Vec<String>> {
    let ids = |tag: &str| whole.ids.get(tag).map(Vec::as_slice).unwrap_or_default().iter();
    let each = |tag: &str| Some(ids(tag).map(|id| format!("(id: \"{id}\")")).collect::<Vec<_>>());
    let accounts = || ids("account").map(|id| format!("(account: \"{id}\")")).collect();
    let page = Some(vec!["(first: 100)".to_owned()]);
    let some = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    match (parent, field) {
        ("Query", "account") => each("account"),
        ("Query", "act") => each("act"),
        ("Query", "party") => each("party"),
        ("Query", "parcel") => each("parcel"),
        ("Query", "hold") => each("hold"),
        ("Query", "transfer") => each("transfer"),
        ("Query", "reconciliation") => each("reconciliation"),
        ("Query", "schedule") => each("schedule"),
        ("Query", "node") => each(&tag_of(to)),
        ("Query", "nodes") => {
            let all: Vec<_> = ids(&tag_of(to)).take(NODES_MAX).map(|id| format!("\"{id}\"")).collect();
            Some(vec![format!("(ids: [{}])", all.join(", "))])
        }
        ("Query", "statement") => Some(accounts()),
        ("Query", "holds") => {
            let placed = whole.books.shares.iter().map(|share| format!("(placedBy: \"principal:{}\")", share.venue));
            let on: Vec<String> = accounts();
            Some(on.into_iter().chain(placed).collect())
        }
        ("Query", "schedules") => some(&["", "(state: WAITING)", "(state: REFUSED)"]),
        ("Query", "district") => some(&["(code: \"D1\")", "(code: \"D1-below\")"]),
        ("Query", "calendar") => some(&["(name: \"CN\")"]),
        ("Query", "codeList") => some(&["(id: \"STOCK_STATUS\")"]),
        ("Query", "errors") => some(&["(codes: [\"FORBIDDEN\", \"BUSY\"])"]),
        ("Query", "factor") => some(&["(code: \"COD\")", "(code: \"CNY\")"]),
        ("Query", "parcelAt") => {
            let [lon, lat] = whole.inside;
            Some(vec![format!("(point: {{ lon: {lon}, lat: {lat} }})")])
        }
        ("Query", "compareBooks") => {
            let sides = whole.sides.iter().chain(&whole.grown);
            let positions = sides.map(|side| format!("{{ account: \"account:{}\", posted: 1 }}", side.firm.rights));
            Some(vec![format!("(positions: [{}])", positions.collect::<Vec<_>>().join(", "))])
        }
        ("Query", "feasibility") => {
            let to = whole.ledger.firms[0].rights;
            let legs = whole.sides.iter().chain(&whole.grown).map(|side| {
                let from = side.firm.rights;
                format!("{{ from: \"account:{from}\", to: \"account:{to}\", amount: 900000 }}")
            });
            Some(vec![format!("(legs: [{}])", legs.collect::<Vec<_>>().join(", "))])
        }
        ("Query", "unitLife") => Some(vec![format!("(factor: \"factor:{}\", from: 0, to: 100000)", whole.ledger.cod)]),
        ("Query", "workingDeadline") => {
            let district = whole.sides[0].land.district;
            Some(vec![format!("(district: \"district:{district}\", from: \"2026-03-02T01:00:00Z\", days: 3)")])
        }
        ("Query", "parcels" | "stockLand") => some(&[
            "(first: 100, filter: { states: [REGISTERED, PLANNED, RETIRED] })",
            "(first: 100, filter: { statuses: [IDLE] })",
        ]),
        ("Query", "acts") => some(&["(first: 30)"]),
        ("Query", "accounts" | "parties" | "events") => page,
        ("Calendar", "days") => some(&["(from: \"2026-01-01\", to: \"2026-01-09\")"]),
        ("ParcelConnection", "explain") => {
            Some(whole.sides.iter().map(|side| format!("(parcel: \"parcel:{}\")", side.idle)).collect())
        }
        _ => None,
    }
}

/// The kind of an id, from the name of its type.
fn tag_of(name: &str) -> String {
    name.to_lowercase()
}
