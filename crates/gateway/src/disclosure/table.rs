//! The table: every field of every object against the circle that reads it.
//!
//! A type that can only be reached through a field that is withheld repeats nothing: its own fields are open to whoever
//! got there.

use yulin_domain::codes::Role;

use super::readers::{Readers, Reading};

/// The fields of one type, by who reads them.
#[derive(Debug)]
pub struct TypeRules {
    pub name: &'static str,
    pub rules: &'static [(Readers, &'static [&'static str])],
}

pub const TABLE: &[TypeRules] = &[];

/// What a role reads of a field; what does not stand in the table is read by nobody.
pub fn reading(role: Role, parent: &str, field: &str) -> Reading {
    rules_of(parent)
        .find(|(_, fields)| fields.contains(&field))
        .map_or(Reading::No, |(readers, _)| readers.reading(role))
}

/// The fields of a type that a role may not read, its own aside where the object is its own.
pub fn withheld(role: Role, parent: &'static str, is_own: bool) -> Vec<&'static str> {
    let is_hidden = |readers: &Readers| match readers.reading(role) {
        Reading::Yes => false,
        Reading::OwnOnly => !is_own,
        Reading::No => true,
    };
    let hidden = rules_of(parent).filter(|(readers, _)| is_hidden(readers));
    hidden.flat_map(|(_, fields)| fields.iter().copied()).collect()
}

fn rules_of(parent: &str) -> impl Iterator<Item = &'static (Readers, &'static [&'static str])> {
    TABLE.iter().filter(move |of| of.name == parent).flat_map(|of| of.rules)
}
