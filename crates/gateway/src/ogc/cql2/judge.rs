//! Whether a feature is meant. What is compared with nothing is neither true nor false, as in SQL.

use std::cmp::Ordering;

use yulin_exchange::format::AttributeValue;

use super::expression::{Comparison, Expression, Literal, Shape, Spatial};

/// What a feature tells of itself.
pub trait Facts {
    /// A property; none where it has no value.
    fn value(&self, property: &str) -> Option<&AttributeValue>;
    /// Whether its geometry lies so; none where it has none.
    fn lies(&self, spatial: Spatial, shape: &Shape) -> Option<bool>;
}

/// True, false, or not known.
pub type Truth = Option<bool>;

/// Whether a feature is meant.
pub fn judge(expression: &Expression, facts: &impl Facts) -> Truth {
    match expression {
        Expression::All(terms) => all(terms.iter().map(|term| judge(term, facts))),
        Expression::Any(terms) => {
            all(terms.iter().map(|term| judge(term, facts).map(|truth| !truth))).map(|none| !none)
        }
        Expression::Not(term) => judge(term, facts).map(|truth| !truth),
        Expression::Compare(property, comparison, literal) => {
            compare(facts.value(property)?, literal).map(|ordering| comparison.holds(ordering))
        }
        Expression::Between(property, least, most) => {
            let value = facts.value(property)?;
            Some(compare(value, least)?.is_ge() && compare(value, most)?.is_le())
        }
        Expression::Like(property, pattern) => Some(is_like(&facts.value(property)?.as_text()?, pattern)),
        Expression::In(property, members) => {
            let value = facts.value(property)?;
            Some(members.iter().any(|member| compare(value, member) == Some(Ordering::Equal)))
        }
        Expression::IsNull(property) => Some(facts.value(property).is_none()),
        Expression::Spatial(_, spatial, shape) => facts.lies(*spatial, shape),
        Expression::Constant(truth) => Some(*truth),
    }
}

/// False where any is false, else not known where any is not known.
fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut whole = Some(true);
    for truth in truths {
        match truth {
            Some(true) => {}
            Some(false) => return Some(false),
            None => whole = None,
        }
    }
    whole
}

impl Comparison {
    const fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// How a value stands to a literal of its kind; not known where they are of different kinds.
fn compare(value: &AttributeValue, literal: &Literal) -> Option<Ordering> {
    match (value, literal) {
        (AttributeValue::Integer(value), Literal::Number(number)) => decimals(&value.to_string(), number),
        (AttributeValue::Decimal(value), Literal::Number(number)) => decimals(value, number),
        (AttributeValue::Boolean(value), Literal::Boolean(truth)) => Some(value.cmp(truth)),
        // Days are written so that their order is that of their text.
        (AttributeValue::Text(value), Literal::Text(text))
        | (AttributeValue::Date(value), Literal::Date(text) | Literal::Text(text)) => Some(value.cmp(text)),
        _ => None,
    }
}

/// Compares decimal texts exactly, digit by digit.
fn decimals(a: &str, b: &str) -> Option<Ordering> {
    let ((a_negative, a), (b_negative, b)) = (parts(a)?, parts(b)?);
    Some(match (a_negative, b_negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => sizes(&a, &b),
        (true, true) => sizes(&b, &a),
    })
}

/// Whether it is below zero, and its digits before and behind the point without what does not count.
fn parts(text: &str) -> Option<(bool, (&str, &str))> {
    let (is_negative, size) = match text.strip_prefix('-') {
        Some(size) => (true, size),
        None => (false, text),
    };
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    if !(whole.chars().chain(fraction.chars()).all(|digit| digit.is_ascii_digit())) {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    Some((is_negative && !(whole.is_empty() && fraction.is_empty()), (whole, fraction)))
}

fn sizes(a: &(&str, &str), b: &(&str, &str)) -> Ordering {
    a.0.len().cmp(&b.0.len()).then_with(|| a.0.cmp(b.0)).then_with(|| a.1.cmp(b.1))
}

/// Whether a text fits a pattern, each part of it looked for from where the last one ended.
fn is_like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let pattern = wildcards(pattern);
    let (mut at, mut of, mut retry) = (0, 0, None);
    while at < text.len() {
        match pattern.get(of) {
            Some(Wildcard::Any) => {
                retry = Some((at, of));
                of += 1;
            }
            Some(part) if part.fits(text.get(at)) => (at, of) = (at + 1, of + 1),
            _ => {
                let Some((from, any)) = retry else { return false };
                retry = Some((from + 1, any));
                (at, of) = (from + 1, any + 1);
            }
        }
    }
    pattern.iter().skip(of).all(|part| *part == Wildcard::Any)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wildcard {
    Any,
    One,
    Character(char),
}

impl Wildcard {
    fn fits(self, character: Option<&char>) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Character(wanted) => character == Some(&wanted),
        }
    }
}

fn wildcards(pattern: &str) -> Vec<Wildcard> {
    let mut characters = pattern.chars();
    let mut parts = Vec::new();
    while let Some(character) = characters.next() {
        parts.push(match character {
            '%' => Wildcard::Any,
            '_' => Wildcard::One,
            '\\' => Wildcard::Character(characters.next().unwrap_or('\\')),
            other => Wildcard::Character(other),
        });
    }
    parts
}
