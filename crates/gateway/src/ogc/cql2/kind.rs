//! Whether values are of the kind of the property that they are compared with.
//!
//! Looked at once, before any feature is: with a value of another kind a comparison is never true, and an empty answer
//! would not tell why.

use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::FieldKind;

use super::expression::{Expression, Literal};

/// Refuses a term that compares a property of this kind with a value of another. Only the kind of the value is told:
/// what is refused repeats nothing of the question but names.
pub fn check_values(property: &str, kind: FieldKind, term: &Expression) -> Result<(), Refused> {
    let Some(given) = misfit(kind, term) else { return Ok(()) };
    let refused = Refused::new(ErrorCode::FilterInvalid).at("filter").with("property", property);
    Err(refused.with("expected", expected(kind)).with("given", given))
}

/// A day as it is compared, digit by digit: other ways of writing it would be found nowhere.
pub fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|day| day.to_string() == text)
}

/// What was given instead of a value of the kind.
fn misfit(kind: FieldKind, term: &Expression) -> Option<&'static str> {
    match term {
        Expression::Compare(_, _, literal) => first_misfit(kind, [literal]),
        Expression::Between(_, least, most) => first_misfit(kind, [least, most]),
        Expression::In(_, members) => first_misfit(kind, members),
        Expression::Like(..) => (kind != FieldKind::Text).then_some("LIKE and a text in quotes"),
        Expression::IsNull(_)
        | Expression::All(_)
        | Expression::Any(_)
        | Expression::Not(_)
        | Expression::Spatial(..)
        | Expression::Constant(_) => None,
    }
}

fn first_misfit<'a>(kind: FieldKind, literals: impl IntoIterator<Item = &'a Literal>) -> Option<&'static str> {
    literals.into_iter().find(|literal| !fits(kind, literal)).map(given)
}

fn fits(kind: FieldKind, literal: &Literal) -> bool {
    match kind {
        FieldKind::Text => matches!(literal, Literal::Text(_)),
        FieldKind::Integer | FieldKind::Decimal => matches!(literal, Literal::Number(_)),
        FieldKind::Boolean => matches!(literal, Literal::Boolean(_)),
        FieldKind::Date => match literal {
            Literal::Date(_) => true,
            Literal::Text(text) => is_day(text),
            Literal::Number(_) | Literal::Boolean(_) | Literal::Timestamp(_) => false,
        },
    }
}

const fn expected(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "a text in quotes",
        FieldKind::Integer | FieldKind::Decimal => "a number",
        FieldKind::Boolean => "TRUE or FALSE",
        FieldKind::Date => "DATE('…') with a day such as 2024-01-31",
    }
}

const fn given(literal: &Literal) -> &'static str {
    match literal {
        Literal::Text(_) => "a text in quotes",
        Literal::Number(_) => "a number",
        Literal::Boolean(_) => "TRUE or FALSE",
        Literal::Date(_) => "DATE('…')",
        Literal::Timestamp(_) => "TIMESTAMP('…')",
    }
}
