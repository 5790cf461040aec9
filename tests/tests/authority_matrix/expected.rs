//! What somebody must be answered, given what an administrator is answered to the same question.
//!
//! A second, simple account of who reads what: the tables say which fields of which types, this says whose rows.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use yulin_domain::codes::Role;
use yulin_gateway::disclosure::{Reading, reading, withheld};

use crate::viewers::Viewer;

/// How a field must be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// As the administrator is.
    Same,
    /// With null.
    Hidden,
    /// With null and the error FORBIDDEN.
    Forbidden,
    /// With a list of which nothing is there.
    Empty,
    /// In a way that depends on who asks, by rules of their own that other tests try.
    Otherwise,
}

/// What is answered otherwise to others, and why.
const OTHERWISE: &[(&str, &[&str])] = &[
    // Cursors name the role, feeds who follows and what he sees.
    ("PageInfo", &["startCursor", "endCursor"]),
    ("AccountEdge", &["cursor"]),
    ("HoldEdge", &["cursor"]),
    ("PrincipalEdge", &["cursor"]),
    ("ScheduleEdge", &["cursor"]),
    ("TransferEdge", &["cursor"]),
    ("ActEdge", &["cursor"]),
    ("ParcelEdge", &["cursor"]),
    ("PartyEdge", &["cursor"]),
    ("EventBatch", &["feed"]),
    // What one may do oneself.
    ("Feasibility", &["feasible", "reasons"]),
    ("Sale", &["quantity", "atOnce", "reasons"]),
];

/// Outlines at one metre take the place of what was surveyed, for whoever is no officer; `gateway.rs` compares them.
const OUTLINES: &[(&str, &[&str])] = &[
    ("Parcel", &["footprint"]),
    ("ParcelAreas", &["computed"]),
    ("Zone", &["footprint", "area"]),
    ("District", &["boundary"]),
];

/// Types whose rows are told to whom they belong, and to officers.
const ROWS: &[&str] =
    &["Account", "Hold", "Transfer", "Reconciliation", "Schedule", "Right", "Restriction", "Freeze", "Webhook"];

fn names(list: &[(&str, &[&str])], parent: &str, field: &str) -> bool {
    list.iter().any(|(of, fields)| *of == parent && fields.contains(&field))
}

impl Viewer {
    /// Whether he reads everybody's rows.
    pub fn is_officer(&self) -> bool {
        !matches!(self.role, Role::Public | Role::Investor | Role::Enterprise | Role::Venue)
    }

    fn owns(&self, id: &Value) -> bool {
        id.as_str().is_some_and(|id| self.own.contains(id))
    }

    /// Whether an object is his, where it says whose it is; else whether what it hangs on is.
    pub fn is_own(&self, name: &str, object: &Map<String, Value>, above: bool) -> bool {
        match name {
            "Parcel" | "Party" => object.get("id").map_or(above, |id| self.owns(id)),
            "Difference" => object.get("accountId").is_some_and(|id| self.owns(id)),
            _ => above,
        }
    }

    /// Whether a row stands in a list, or at the end of a field, that tells it to the administrator.
    pub fn sees(&self, name: &str, object: &Map<String, Value>) -> bool {
        let owns = |field: &str| object.get(field).is_some_and(|id| self.owns(id));
        match name {
            "Webhook" => owns("id"),
            "AccountEdge" | "HoldEdge" | "ScheduleEdge" => self.is_officer() || self.owns(&object["node"]["id"]),
            _ if self.is_officer() => true,
            // Of a history that is told at all everything on its own subject is told; of a feed what one sees.
            "Change" => object.get("subject").is_some_and(|subject| self.follows(subject)),
            "Event" => !self.subjects_seen(object).is_empty(),
            "Movement" => owns("from") || owns("to"),
            "Trusted" => self.role != Role::Venue,
            // Whoever sees a parcel or a hold was told of it by its owner's page already.
            name if ROWS.contains(&name) => owns("id"),
            _ => true,
        }
    }

    /// Whether he is told of what happens to a subject: an enterprise to its land, its accounts and itself, a venue to the
    /// accounts that are opened to it.
    pub fn follows(&self, subject: &Value) -> bool {
        let kinds: &[&str] = if self.role == Role::Venue { &["account"] } else { &["parcel", "party", "account"] };
        let kind = subject.as_str().and_then(|id| id.split(':').next()).unwrap_or_default();
        kinds.contains(&kind) && self.owns(subject)
    }

    fn subjects_seen<'a>(&self, event: &'a Map<String, Value>) -> Vec<&'a Value> {
        let seq: i64 = event.get("seq").and_then(Value::as_str).and_then(|seq| seq.parse().ok()).expect("its number");
        let was_opened =
            |subject: &Value| self.opened.get(subject.as_str().unwrap_or_default()).is_none_or(|from| *from <= seq);
        let subjects = event.get("subjects").and_then(Value::as_array).into_iter().flatten();
        subjects.filter(|subject| self.follows(subject) && was_opened(subject)).collect()
    }

    /// How a field of an object must be answered.
    pub fn sight(&self, (parent, field): (&str, &str), object: &Map<String, Value>, is_own: bool) -> Sight {
        if names(OTHERWISE, parent, field) || (names(OUTLINES, parent, field) && !self.is_officer()) {
            return Sight::Otherwise;
        }
        if let Some(sight) = self.by_row(parent, field, object, is_own) {
            return sight;
        }
        match (reading(self.role, parent, field), parent) {
            (Reading::Yes, _) | (Reading::OwnOnly, "Query" | "Subscription" | "Account") => Sight::Same,
            (Reading::No, "Query" | "Subscription" | "Factor" | "Principal") => Sight::Forbidden,
            (Reading::OwnOnly, _) if is_own => Sight::Same,
            (Reading::OwnOnly | Reading::No, _) => Sight::Hidden,
        }
    }

    /// Fields that depend on the row, beyond what the table says of the field.
    fn by_row(&self, parent: &str, field: &str, object: &Map<String, Value>, is_own: bool) -> Option<Sight> {
        let is_person = object.get("kind").is_some_and(|kind| kind == "NATURAL_PERSON");
        let reads_persons = reading(self.role, "Party", "identityNumber") == Reading::Yes;
        match (parent, field) {
            ("Party", "name") if is_person && !reads_persons => Some(Sight::Hidden),
            _ if self.is_officer() => None,
            ("Event", "previousSeq") => Some(Sight::Otherwise),
            // As many as he is told of: counted where every filter is asked.
            ("AccountConnection" | "HoldConnection" | "ScheduleConnection", "totalCount") => Some(Sight::Otherwise),
            // A venue reads from where the account was opened to it.
            ("Statement", "fromSeq") if self.role == Role::Venue => Some(Sight::Otherwise),
            ("Transfer", "reference" | "bankReference" | "registerReference") if self.role == Role::Venue => {
                Some(Sight::Hidden)
            }
            ("Difference", "postedOurs" | "heldOurs") if !is_own => Some(Sight::Hidden),
            ("Difference", "latestEntries") if !is_own => Some(Sight::Empty),
            ("Difference", "foundIn") if !is_own => Some(Sight::Otherwise),
            _ => None,
        }
    }

    /// A value as it must be told to him, where that is not as it is told to the administrator.
    pub fn told(
        &self,
        (parent, field): (&str, &str),
        object: &Map<String, Value>,
        admin: &Value,
        is_own: bool,
    ) -> Value {
        match (parent, field) {
            ("Parcel", "withheld") => json!(self.withheld("Parcel", object, is_own)),
            ("Party", "withheld") => json!(self.withheld("Party", object, is_own)),
            ("Account", "venues") if self.role == Role::Venue => {
                let venues = admin.as_array().into_iter().flatten();
                json!(venues.filter(|venue| self.owns(venue)).collect::<Vec<_>>())
            }
            ("Event", "subjects") if !self.is_officer() => json!(self.subjects_seen(object)),
            _ => admin.clone(),
        }
    }

    /// The fields that must be named as withheld, in the order of the alphabet.
    fn withheld(&self, parent: &'static str, object: &Map<String, Value>, is_own: bool) -> BTreeSet<String> {
        let of = |parent, path: &'static str| {
            withheld(self.role, parent, |_| is_own).into_iter().map(move |field| format!("{path}{field}"))
        };
        let is_person = object.get("kind").is_some_and(|kind| kind == "NATURAL_PERSON");
        let hides_name = is_person && reading(self.role, "Party", "identityNumber") != Reading::Yes;
        match parent {
            "Parcel" => of("Parcel", "").chain(of("Stock", "stock.")).chain(of("Price", "price.")).collect(),
            _ => of("Party", "").chain(hides_name.then(|| "name".to_owned())).collect(),
        }
    }
}
