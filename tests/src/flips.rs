//! JSON altered in one place at a time: every leaf, every member, every item.

use serde_json::Value;

/// Texts up to this length are altered at every character, longer ones at every seventh.
const EVERY_CHARACTER: usize = 140;

/// Every way in which a document is altered, each with where and how.
pub fn flips(document: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    walk(document, &mut String::new(), &mut places);
    let mut found = Vec::new();
    for place in places {
        let at = document.pointer(&place).expect("it is there");
        for (how, other) in others(at) {
            let mut altered = document.clone();
            *altered.pointer_mut(&place).expect("it is there") = other;
            found.push((format!("{place}: {how}"), altered));
        }
    }
    found
}

fn walk(value: &Value, place: &mut String, places: &mut Vec<String>) {
    places.push(place.clone());
    let length = place.len();
    let mut enter = |name: &str, member: &Value| {
        place.push('/');
        place.push_str(name);
        walk(member, place, places);
        place.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| enter(name, member)),
        Value::Array(items) => items.iter().enumerate().for_each(|(nth, item)| enter(&nth.to_string(), item)),
        _ => {}
    }
}

fn others(value: &Value) -> Vec<(String, Value)> {
    match value {
        Value::Null => vec![("said".to_owned(), "x".into()), ("numbered".to_owned(), 1.into())],
        Value::Bool(is) => vec![("turned".to_owned(), (!is).into())],
        Value::Number(number) => {
            let number = number.as_i64().expect("a whole number");
            let others = [number + 1, number - 1, number ^ (1 << 20), -number - 1, 0];
            others.into_iter().filter(|other| *other != number).map(|other| (other.to_string(), other.into())).collect()
        }
        Value::String(text) => texts(text),
        Value::Array(items) => lists(items),
        Value::Object(members) => {
            let without = |name: &String| {
                let mut fewer = members.clone();
                fewer.remove(name);
                (format!("without {name}"), fewer.into())
            };
            let mut more = members.clone();
            more.insert("more".to_owned(), 1.into());
            members.keys().map(without).chain([("one member more".to_owned(), more.into())]).collect()
        }
    }
}

/// A character replaced by others of several classes, taken away, doubled; the text cut, lengthened, absent.
fn texts(text: &str) -> Vec<(String, Value)> {
    let step = if text.chars().count() <= EVERY_CHARACTER { 1 } else { 7 };
    let mut found = vec![
        ("absent".to_owned(), Value::Null),
        ("empty".to_owned(), "".into()),
        ("longer".to_owned(), format!("{text} ").into()),
    ];
    for (at, was) in text.char_indices().step_by(step) {
        let (before, after) = (&text[..at], &text[at + was.len_utf8()..]);
        let next = char::from_u32(was as u32 ^ 1).unwrap_or('?');
        let turned = if was.is_ascii_lowercase() { was.to_ascii_uppercase() } else { was.to_ascii_lowercase() };
        for other in [next, turned, '\n', '鱼'] {
            found.push((format!("{other:?} at {at}"), format!("{before}{other}{after}").into()));
        }
        found.push((format!("cut at {at}"), format!("{before}{after}").into()));
    }
    found.retain(|(_, other)| other.as_str() != Some(text));
    found
}

fn lists(items: &[Value]) -> Vec<(String, Value)> {
    let mut found: Vec<(String, Value)> = vec![("one item more".to_owned(), [items, &["x".into()]].concat().into())];
    for nth in 0..items.len() {
        let mut fewer = items.to_vec();
        let one = fewer.remove(nth);
        found.push((format!("without item {nth}"), fewer.clone().into()));
        let mut doubled = items.to_vec();
        doubled.insert(nth, one.clone());
        found.push((format!("item {nth} doubled"), doubled.into()));
        fewer.push(one);
        found.push((format!("item {nth} moved to the end"), fewer.into()));
    }
    found.retain(|(_, other)| other.as_array().is_none_or(|other| other != items));
    found
}
