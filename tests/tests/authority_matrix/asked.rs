//! Filters, orders, counts and facets: by every member of the table of what questions read, as everybody.

use serde_json::{Value, json};
use yulin_domain::codes::Role;
use yulin_gateway::disclosure::{ASKED, Reading, reading, reads};
use yulin_tests::Whole;

use crate::asking::Asking;
use crate::compared::Tally;
use crate::viewers::Viewer;

/// A question by one member: where the table names it, the field at which it is refused, the party by which it asks.
struct By {
    input: &'static str,
    member: &'static str,
    at: String,
    text: String,
    party: Option<String>,
    subject: Option<String>,
}

/// Asks everybody by everything.
pub async fn by_every_member(asking: &Asking<'_>, tally: &mut Tally) {
    for (input, members) in ASKED {
        for (member, _) in *members {
            for by in questions(asking.whole, input, member) {
                let admin = asking.gateway.asked(asking.admin.key.as_deref(), &by.text, &json!({})).await;
                assert!(admin["errors"].is_null(), "{}: {admin}", by.text);
                assert!(!rows(&admin).is_empty(), "nothing is found by {}", by.text);
                for (viewer, answer) in asking.answers(&by.text, |_| json!({})).await {
                    compare(viewer, tally, &by, &admin, &answer);
                }
            }
        }
    }
}

fn compare(viewer: &Viewer, tally: &mut Tally, by: &By, admin: &Value, answer: &Value) {
    let at = (viewer, by.input, by.member);
    let error = &answer["errors"][0]["extensions"];
    let root = by.text.trim_start_matches(['{', ' ']).split(['(', ' ']).next().unwrap_or_default();
    if reading(viewer.role, "Query", root) == Reading::No {
        return tally.told(at, error["code"] == "FORBIDDEN", answer);
    }
    if !may_ask(viewer, by) {
        let is_right = error["code"] == "FORBIDDEN" && error["field"] == by.at.as_str();
        return tally.told(at, is_right, answer);
    }
    let (seen, told) = (rows(admin).into_iter().filter(|row| is_found(viewer, by, row)).map(key), rows(answer));
    let seen: Vec<_> = seen.collect();
    let mut found: Vec<_> = told.iter().map(|row| key(row)).collect();
    // Who may not read the floor is ordered by what is asked alone.
    let mut expected = seen;
    if by.member == "PRICE" && !viewer.is_officer() {
        expected.sort();
        found.sort();
    }
    tally.told(at, found == expected && answer["errors"].is_null(), answer);
    let list = &answer["data"][root];
    if list["totalCount"].is_number() {
        tally.told(at, list["totalCount"] == told.len(), answer);
    }
    if let Some(facets) = list["facets"]["byStatus"].as_array() {
        let counted: i64 = facets.iter().filter_map(|facet| facet["count"].as_i64()).sum();
        let with = told.iter().filter(|row| !row["stockStatus"].is_null()).count();
        tally.told(at, counted == with as i64, answer);
    }
}

/// Whether somebody may ask by a member, by the table and by whose it is.
fn may_ask(viewer: &Viewer, by: &By) -> bool {
    let (parent, field) = reads(by.input, by.member).expect("it stands in the table");
    if let (Some(subject), false) = (&by.subject, viewer.is_officer()) {
        return viewer.follows(&json!(subject));
    }
    match reading(viewer.role, parent, field) {
        Reading::Yes => true,
        Reading::OwnOnly => {
            viewer.role == Role::Enterprise && by.party.as_ref().is_some_and(|party| viewer.own.contains(party))
        }
        Reading::No => false,
    }
}

/// Whether a row that an administrator finds is found by somebody.
fn is_found(viewer: &Viewer, by: &By, row: &Value) -> bool {
    let name = row["__typename"].as_str().unwrap_or_default();
    // What nothing is asked for has a floor, which is not for all.
    let by_floor = by.member == "price" && row["price"]["asking"].is_null();
    row.as_object().is_some_and(|row| viewer.sees(name, row)) && (viewer.is_officer() || !by_floor)
}

/// The rows of an answer, in whatever kind of list they stand.
fn rows(answer: &Value) -> Vec<&Value> {
    let list = answer["data"].as_object().and_then(|data| data.values().next()).unwrap_or(&Value::Null);
    let below = ["nodes", "zones", "features"].iter().find_map(|name| list[name].as_array());
    below.or_else(|| list.as_array()).into_iter().flatten().collect()
}

fn key(row: &Value) -> String {
    let of = if row["id"].is_null() { &row["seq"] } else { &row["id"] };
    of.as_str().unwrap_or_default().to_owned()
}

/// The questions by a member; a member of which none is known here fails.
fn questions(whole: &Whole, input: &'static str, member: &'static str) -> Vec<By> {
    let of = |(value, party, subject): (String, Option<String>, Option<String>)| {
        let filter = format!("filter: {{ {member}: {value} }}");
        let (at, text) = match input {
            "ParcelFilterInput" => ("filter.", format!("{{ parcels(first: 100, {filter}) {{ {PARCELS} }} }}")),
            "ParcelOrderField" => {
                let near = format!("filter: {{ near: {}, district: \"D1\" }}", near(whole));
                let filter = if member == "DISTANCE" { near.as_str() } else { "" };
                let order = format!("orderBy: [{{ field: {member} }}]");
                ("orderBy.", format!("{{ parcels(first: 100, {filter} {order}) {{ {PARCELS} }} }}"))
            }
            "PartyFilterInput" => (
                "filter.",
                format!("{{ parties(first: 100, {filter}) {{ totalCount nodes {{ __typename id kind }} }} }}"),
            ),
            "AccountFilterInput" => {
                ("filter.", format!("{{ accounts(first: 100, {filter}) {{ totalCount nodes {{ __typename id }} }} }}"))
            }
            "ActFilterInput" => {
                ("filter.", format!("{{ acts(first: 100, {filter}) {{ totalCount nodes {{ __typename id }} }} }}"))
            }
            "EventFilterInput" => {
                ("filter.", format!("{{ events(first: 100, {filter}) {{ nodes {{ __typename seq subjects }} }} }}"))
            }
            "Query.holds" if member == "account" => {
                ("", format!("{{ holds(account: {value}) {{ totalCount nodes {{ __typename id }} }} }}"))
            }
            "Query.holds" => (
                "",
                format!(
                    "{{ holds(account: \"account:{}\", {member}: {value}) {{ totalCount nodes {{ __typename id }} }} }}",
                    whole.sides[0].firm.rights
                ),
            ),
            "Query.schedules" => {
                ("", format!("{{ schedules(state: {value}) {{ totalCount nodes {{ __typename id }} }} }}"))
            }
            "District.zones" => {
                ("", format!("{{ district(code: \"D1\") {{ zones(kinds: {value}) {{ __typename id }} }} }}"))
            }
            "District.features" => {
                ("", format!("{{ district(code: \"D1\") {{ features(kinds: {value}) {{ __typename id }} }} }}"))
            }
            other => panic!("no question is known by {other}.{member}"),
        };
        let at = if at == "filter." && input == "EventFilterInput" {
            "filter.subjects".to_owned()
        } else {
            format!("{at}{member}")
        };
        By { input, member, at, text, party, subject }
    };
    values(whole, input, member).into_iter().map(of).collect()
}

/// What is told of parcels, with what is counted beside them.
const PARCELS: &str = "totalCount facets { byStatus { count } } nodes { __typename id stockStatus price { asking } }";

fn near(whole: &Whole) -> String {
    let [lon, lat] = whole.inside;
    format!("{{ point: {{ lon: {lon}, lat: {lat} }}, withinM: \"5000\" }}")
}

/// The values by which a member is asked for: for each the party and the subject that it names, where it names any.
fn values(whole: &Whole, input: &str, member: &str) -> Vec<(String, Option<String>, Option<String>)> {
    let [lon, lat] = whole.inside;
    let plain = |text: &str| vec![(text.to_owned(), None, None)];
    let around = format!(
        "{{ geometry: \"{{\\\"type\\\":\\\"Polygon\\\",\\\"coordinates\\\":[[[{0},{2}],[{1},{2}],[{1},{3}],[{0},{3}],[{0},{2}]]]}}\" }}",
        lon - 0.01,
        lon + 0.01,
        lat - 0.01,
        lat + 0.01
    );
    let parties = || whole.sides.iter().map(|side| format!("party:{}", side.firm.party));
    let quoted = |id: String| format!("\"{id}\"");
    match (input, member) {
        ("ParcelFilterInput" | "AccountFilterInput", "holder") => {
            parties().map(|id| (quoted(id.clone()), Some(id), None)).collect()
        }
        ("ParcelFilterInput", "district") => plain("\"D1\""),
        ("ParcelFilterInput", "districts") => plain("[\"D1\", \"D2\"]"),
        ("ParcelFilterInput", "states") => plain("[REGISTERED, RETIRED]"),
        ("ParcelFilterInput", "layer") => plain("SURFACE"),
        ("ParcelFilterInput", "area") => plain(&around),
        ("ParcelFilterInput", "near") => vec![(format!("{}, district: \"D1\"", near(whole)), None, None)],
        ("ParcelFilterInput", "inside") => plain("[ZONE_BOUNDARY]"),
        ("ParcelFilterInput", "outside") => plain("[FLOOD]"),
        ("ParcelFilterInput", "statuses") => plain("[IDLE, INEFFICIENT]"),
        ("ParcelFilterInput", "landUse") => plain("[\"GBT21010_2017:06\"]"),
        ("ParcelFilterInput", "areaMu" | "areaSquareMetres") => plain("{ min: \"0.5\" }"),
        ("ParcelFilterInput", "price") => plain("{ min: \"1\" }"),
        ("ParcelFilterInput", "plotRatio") => plain("{ min: \"1\" }"),
        ("ParcelFilterInput", "soilGates") => plain("[UNKNOWN]"),
        ("ParcelFilterInput", "infrastructure") => plain("[ROAD]"),
        ("ParcelFilterInput", "idleSince") => plain("\"2023-01-01\""),
        ("ParcelFilterInput", "text") => plain("\"地块\""),
        ("ParcelFilterInput", "codes") => plain("[\"D1-IDLE\", \"D2-IDLE\"]"),
        ("ParcelOrderField", _) => plain(""),
        ("PartyFilterInput", "text") => plain("\"企业\""),
        ("PartyFilterInput", "kind") => plain("NATURAL_PERSON"),
        ("PartyFilterInput", "creditCode") => vec![(quoted(whole.credit_code.clone()), None, None)],
        ("PartyFilterInput", "external") => plain("\"MARKET/D1 企业 0\""),
        ("AccountFilterInput", "code") => plain("\"COD-D1\""),
        ("AccountFilterInput", "factor") => vec![(format!("\"factor:{}\"", whole.ledger.cod), None, None)],
        ("AccountFilterInput", "purpose") => plain("HOLDING"),
        ("AccountFilterInput", "parcel") => vec![(format!("\"parcel:{}\"", whole.sides[0].idle), None, None)],
        ("AccountFilterInput", "venue") => vec![(format!("\"principal:{}\"", whole.books.shares[0].venue), None, None)],
        ("AccountFilterInput", "blocked") => plain("true"),
        ("ActFilterInput", "subject") => vec![(format!("\"parcel:{}\"", whole.sides[0].idle), None, None)],
        ("ActFilterInput" | "EventFilterInput", "kinds") => plain("[TRANSFER_UNITS, GRANT_RIGHT]"),
        ("ActFilterInput", "fromSeq" | "toSeq") => plain("20"),
        ("EventFilterInput", "subjects") => {
            let subjects = whole
                .sides
                .iter()
                .flat_map(|side| [format!("parcel:{}", side.idle), format!("account:{}", side.firm.rights)]);
            subjects.map(|id| (format!("[\"{id}\"]"), None, Some(id))).collect()
        }
        ("Query.holds", "account") => {
            whole.sides.iter().map(|side| (format!("\"account:{}\"", side.firm.rights), None, None)).collect()
        }
        ("Query.holds", "state") => plain("OPEN"),
        ("Query.holds", "kind") => plain("ORDER"),
        ("Query.holds", "placedBy") => vec![(format!("\"principal:{}\"", whole.books.shares[0].venue), None, None)],
        ("Query.holds", "reference") => plain("\"order of D1\""),
        ("Query.schedules", "state") => ["PROPOSED", "WAITING", "REFUSED"].into_iter().flat_map(plain).collect(),
        ("District.zones", "kinds") => plain("[FLOOD]"),
        ("District.features", "kinds") => plain("[HIGHWAY_EXIT]"),
        _ => panic!("no value is known for {input}.{member}"),
    }
}
