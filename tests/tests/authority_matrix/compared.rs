//! An answer held against what must be answered, field by field; each is a case.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use yulin_gateway::disclosure::{Reading, reading};

use yulin_tests::paths::Edge;

use crate::expected::Sight;
use crate::viewers::Viewer;

/// What is shown of a question and an answer that are wrong, in characters.
const SHOWN_MAX: usize = 160;

/// A field of the root as it is asked for, and under what its answer stands.
pub struct Asked {
    pub key: String,
    pub entrance: Edge,
}

/// Cases and what was wrong, and which fields the administrator was answered with anything.
#[derive(Debug, Default)]
pub struct Tally {
    pub cases: u64,
    pub wrong: Vec<String>,
    pub answered: BTreeSet<(String, String)>,
}

impl Tally {
    /// Fails where anything was told that must not be, or was not told; the first of each field and viewer is shown.
    pub fn assert_right(&self) {
        let of = |wrong: &String| wrong.split(" is told").next().unwrap_or_default().to_owned();
        let mut firsts: BTreeMap<String, &String> = BTreeMap::new();
        self.wrong.iter().for_each(|wrong| _ = firsts.entry(of(wrong)).or_insert(wrong));
        assert!(self.wrong.is_empty(), "{} wrong: {:#?}", self.wrong.len(), firsts.values());
    }
}

impl Tally {
    /// Takes in one case: who was asked what, and whether he was told rightly.
    pub fn told(&mut self, (viewer, what, of): (&Viewer, &str, &str), is_right: bool, told: &Value) {
        self.cases += 1;
        if !is_right {
            let told: String = told.to_string().chars().take(SHOWN_MAX).collect();
            self.wrong.push(format!("{}: {what} {of} is told {told}", viewer.name));
        }
    }
}

/// An answer while it is compared.
pub struct Compared<'a> {
    viewer: &'a Viewer,
    tally: &'a mut Tally,
    question: &'a str,
    /// Whether something that was asked must be refused.
    is_refused: bool,
}

impl<'a> Compared<'a> {
    /// Compares an answer with that to the administrator.
    pub fn answer(
        (viewer, tally): (&'a Viewer, &'a mut Tally),
        (asked, question): (&[Asked], &'a str),
        admin: &Value,
        answer: &Value,
    ) {
        let mut compared = Self { viewer, tally, question, is_refused: false };
        for Asked { key, entrance } in asked {
            let (told, shown) = (&admin["data"][key], &answer["data"][key]);
            match entrance.field.as_str() {
                "node" => compared.nodes(entrance, std::slice::from_ref(told), std::slice::from_ref(shown)),
                "nodes" => compared.nodes(entrance, listed(told), listed(shown)),
                field => match compared.of_root(field, told) {
                    Sight::Same => compared.same(("Query", field), &Map::new(), (told, shown), false),
                    sight => compared.withheld(("Query", field), sight, shown),
                },
            }
        }
        compared.errors(answer);
        compared.nothing_foreign(&answer["data"]);
    }

    /// Looks for what lies beyond a narrowed key in an answer, but for what the question names itself.
    pub fn beyond((viewer, tally): (&'a Viewer, &'a mut Tally), question: &str, answer: &Value) {
        let text = answer["data"].to_string();
        let number = |id: &str| id.split_once(':').map_or(id.to_owned(), |(_, number)| number.to_owned());
        let is_told = |id: &&String| text.contains(&number(id)) && !question.contains(&number(id));
        let found = viewer.foreign.iter().find(is_told);
        let told = found.map_or(Value::Null, |id| Value::from(id.as_str()));
        tally.told((viewer, "question", question), found.is_none(), &told);
    }

    /// How a field of the root must be answered, by the table and by whose it is.
    fn of_root(&self, field: &str, told: &Value) -> Sight {
        let viewer = self.viewer;
        let is_his = || told["id"].as_str().is_some_and(|id| viewer.own.contains(id));
        match (reading(viewer.role, "Query", field), field) {
            (Reading::No, _) => Sight::Forbidden,
            (Reading::OwnOnly, "party") if !is_his() => Sight::Forbidden,
            (Reading::OwnOnly, "statement") if !viewer.own.iter().any(|id| self.question.contains(id)) => Sight::Hidden,
            (Reading::Yes | Reading::OwnOnly, _) => Sight::Same,
        }
    }

    /// Nodes of one kind: refused where nothing of the kind is read, null where one is not his.
    fn nodes(&mut self, edge: &Edge, told: &[Value], shown: &[Value]) {
        let of_kind = reading_of_kind(self.viewer, &edge.to);
        let own = |one: &Value| one["id"].as_str().is_some_and(|id| self.viewer.own.contains(id));
        let is_barred =
            of_kind == Reading::No || (of_kind == Reading::OwnOnly && edge.to == "Party" && !told.iter().any(own));
        for (place, one) in told.iter().enumerate() {
            let (at, shown) = (("Query", edge.field.as_str()), shown.get(place).unwrap_or(&Value::Null));
            if is_barred {
                self.withheld(at, Sight::Forbidden, shown);
            } else if of_kind == Reading::OwnOnly && !own(one) {
                self.withheld(at, Sight::Hidden, shown);
            } else {
                self.same(at, &Map::new(), (one, shown), false);
            }
        }
    }

    fn object(&mut self, admin: &Map<String, Value>, shown: &Value, above: bool) {
        let name = name_of(admin).to_owned();
        let is_own = self.viewer.is_own(&name, admin, above);
        for (field, told) in admin.iter().filter(|(field, _)| *field != "__typename") {
            if !told.is_null() {
                self.tally.answered.insert((name.clone(), field.clone()));
            }
            let at = (name.as_str(), field.as_str());
            match self.viewer.sight(at, admin, is_own) {
                Sight::Same => self.same(at, admin, (told, &shown[field]), is_own),
                sight => self.withheld(at, sight, &shown[field]),
            }
        }
    }

    /// A value that he is told as the administrator is, but for the rows that are not his.
    fn same(&mut self, at: (&str, &str), object: &Map<String, Value>, (told, shown): (&Value, &Value), is_own: bool) {
        let viewer = self.viewer;
        let row = |one: &Value| one.as_object().is_none_or(|row| viewer.sees(name_of(row), row));
        match told {
            Value::Object(_) if !row(told) => self.withheld(at, Sight::Hidden, shown),
            // Outlines and facts are objects of JSON, but values of the schema.
            Value::Object(admin) if !name_of(admin).is_empty() => {
                self.case(at, shown.is_object(), shown);
                self.object(admin, shown, is_own);
            }
            Value::Array(all) if all.iter().any(Value::is_object) => {
                let seen: Vec<_> = all.iter().filter(|one| row(one)).collect();
                let length = shown.as_array().map_or(0, Vec::len);
                self.case(at, length == seen.len(), &Value::from(length));
                for (admin, shown) in seen.iter().zip(shown.as_array().into_iter().flatten()) {
                    self.object(admin.as_object().unwrap_or(&Map::new()), shown, is_own);
                }
            }
            told => {
                let expected = viewer.told(at, object, told, is_own);
                self.case(at, in_order(&expected) == in_order(shown), shown);
            }
        }
    }

    fn withheld(&mut self, at: (&str, &str), sight: Sight, shown: &Value) {
        self.is_refused |= sight == Sight::Forbidden;
        let is_right = match sight {
            Sight::Same | Sight::Otherwise => true,
            Sight::Hidden | Sight::Forbidden => shown.is_null(),
            Sight::Empty => shown.as_array().is_some_and(Vec::is_empty),
        };
        self.case(at, is_right, shown);
    }

    fn case(&mut self, (parent, field): (&str, &str), is_right: bool, shown: &Value) {
        self.tally.cases += 1;
        if !is_right {
            let shown: String = shown.to_string().chars().take(SHOWN_MAX).collect();
            let question: String = self.question.chars().take(SHOWN_MAX).collect();
            self.tally.wrong.push(format!("{}: {parent}.{field} is told as {shown} to {question}", self.viewer.name));
        }
    }

    /// Whoever asks for what he may not read is told so, and nobody else is told of an error.
    fn errors(&mut self, answer: &Value) {
        let codes = answer["errors"].as_array().into_iter().flatten().map(|error| &error["extensions"]["code"]);
        let codes: BTreeSet<_> = codes.filter_map(Value::as_str).collect();
        let expected = if self.is_refused { BTreeSet::from(["FORBIDDEN"]) } else { BTreeSet::new() };
        let is_right = codes == expected;
        self.case(("errors", "code"), is_right, &answer["errors"]);
    }

    fn nothing_foreign(&mut self, data: &Value) {
        let text = data.to_string();
        let number = |id: &str| id.split_once(':').map_or(id.to_owned(), |(_, number)| number.to_owned());
        let found = self.viewer.foreign.iter().find(|id| text.contains(&number(id)));
        let told = found.map_or(Value::Null, |id| Value::from(id.as_str()));
        self.case(("rows", "foreign"), told.is_null(), &told);
    }
}

fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The type of an object; none of a value that happens to be one.
fn name_of(object: &Map<String, Value>) -> &str {
    object.get("__typename").and_then(Value::as_str).unwrap_or_default()
}

/// What somebody reads of nodes of one kind.
fn reading_of_kind(viewer: &Viewer, name: &str) -> Reading {
    let (parent, field) = match name {
        "Account" => ("Query", "account"),
        "Act" => ("Query", "act"),
        "Hold" => ("Query", "hold"),
        "Transfer" => ("Query", "transfer"),
        "Reconciliation" => ("Query", "reconciliation"),
        "Schedule" => ("Query", "schedule"),
        "Party" => ("Query", "party"),
        "Principal" => ("Principal", "id"),
        "Right" => ("Parcel", "rights"),
        "Restriction" => ("Parcel", "restrictions"),
        "Freeze" => ("Parcel", "freezes"),
        _ => return Reading::Yes,
    };
    reading(viewer.role, parent, field)
}

/// Names that are withheld are a set.
fn in_order(value: &Value) -> Value {
    let Value::Array(all) = value else { return value.clone() };
    let mut all = all.clone();
    all.sort_by_key(Value::to_string);
    Value::Array(all)
}
