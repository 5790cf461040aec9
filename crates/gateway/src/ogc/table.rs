//! What the service tells of a feature of each layer, as its reader may see.

use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{FieldKind, FieldSpec};

use super::cql2::{Comparison, Expression, Literal, check_values, is_day};
use crate::export::Columns;
use crate::layer::Layer;

/// The name under which a filter asks for the geometry.
pub const GEOMETRY: &str = "geometry";

/// The columns of a layer for a role.
pub struct Table {
    pub fields: Vec<FieldSpec>,
    /// Those by which may be asked.
    pub open: Vec<FieldSpec>,
    /// Those that are there and not told to this role.
    withheld: Vec<&'static str>,
}

impl Table {
    /// What a role is told.
    pub fn of(layer: Layer, role: Role) -> Self {
        match layer {
            Layer::Parcels => {
                let columns = Columns::of(role);
                let (fields, open) = (columns.fields(), columns.open_fields().collect());
                Self { fields, open, withheld: columns.withheld }
            }
            Layer::Restrictions => Self::all(&["district", "kind", "code", "name", "source"]),
            Layer::Features => Self::all(&["district", "kind", "code", "name"]),
        }
    }

    /// Columns of text that everybody is told, as the table of disclosure has it of zones and features.
    fn all(names: &[&str]) -> Self {
        let fields: Vec<_> =
            names.iter().map(|name| FieldSpec { name: (*name).to_owned(), kind: FieldKind::Text }).collect();
        Self { open: fields.clone(), fields, withheld: Vec::new() }
    }

    /// Whether a filter may be asked: by columns that are told of every feature, each compared with values of its kind,
    /// and by the geometry.
    pub fn check(&self, expression: &mut Expression) -> Result<(), Refused> {
        let mut asked = Vec::new();
        expression.asked(&mut asked);
        asked.into_iter().try_for_each(|(name, term)| check_values(name, self.kind(name, "filter")?, term))?;
        let mut misnamed = None;
        expression.shapes(&mut |name, _| {
            if name != GEOMETRY {
                misnamed.get_or_insert_with(|| name.to_owned());
            }
        });
        match misnamed {
            Some(name) => Err(unasked(("unknown", name.as_str()), "filter", &[GEOMETRY])),
            None => Ok(()),
        }
    }

    fn kind(&self, name: &str, at: &str) -> Result<FieldKind, Refused> {
        if let Some(field) = self.open.iter().find(|field| field.name == name) {
            return Ok(field.kind);
        }
        let is_there = self.withheld.contains(&name) || self.fields.iter().any(|field| field.name == name);
        if is_there && is_open_to_some(name) {
            return Err(Refused::new(ErrorCode::Forbidden).at(at).with("reads", name));
        }
        let known: Vec<_> = self.open.iter().map(|field| field.name.as_str()).collect();
        Err(unasked((if is_there { "notQueryable" } else { "unknown" }, name), at, &known))
    }

    /// That a column has a value, as a parameter of the address says it.
    pub fn equals(&self, name: &str, text: &str) -> Result<Expression, Refused> {
        let misfit = |expected: &str| Refused::new(ErrorCode::Validation).at(name).with("expected", expected);
        let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite);
        let literal = match (self.kind(name, name)?, text) {
            (FieldKind::Text, _) => Literal::Text(text.to_owned()),
            (FieldKind::Integer | FieldKind::Decimal, _) if is_number() => Literal::Number(text.to_owned()),
            (FieldKind::Integer | FieldKind::Decimal, _) => return Err(misfit("a number")),
            (FieldKind::Date, _) if is_day(text) => Literal::Date(text.to_owned()),
            (FieldKind::Date, _) => return Err(misfit("a day such as 2024-01-31")),
            (FieldKind::Boolean, "true") => Literal::Boolean(true),
            (FieldKind::Boolean, "false") => Literal::Boolean(false),
            (FieldKind::Boolean, _) => return Err(misfit("true or false")),
        };
        Ok(Expression::Compare(name.to_owned(), Comparison::Equal, literal))
    }
}

/// Whether any role may ask by a column of parcels, of which alone something is withheld. Where none may, as by holders,
/// no other key would help, and nothing is forbidden.
fn is_open_to_some(name: &str) -> bool {
    Role::all().iter().any(|role| Columns::of(*role).open_fields().any(|field| field.name == name))
}

/// Refuses a name by which nothing can be asked, with why, and with those by which it can.
fn unasked((why, name): (&str, &str), at: &str, known: &[&str]) -> Refused {
    Refused::new(ErrorCode::FilterInvalid).at(at).with(why, name).with("known", known)
}
