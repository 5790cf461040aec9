//! A filter as it was understood.

use std::sync::Arc;

use geo_types::{Coord, MultiPolygon};
use yulin_domain::geometry::Region;

/// Which features are meant.
#[derive(Debug, Clone)]
pub enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Compare(String, Comparison, Literal),
    /// From the one to the other, both included.
    Between(String, Literal, Literal),
    /// `%` stands for any text, `_` for one character, a backslash for what follows it.
    Like(String, String),
    In(String, Vec<Literal>),
    IsNull(String),
    /// Of the geometry; its name is checked where it is asked.
    Spatial(String, Spatial, Shape),
    Constant(bool),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value that is written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    Text(String),
    /// Decimal text without exponent.
    Number(String),
    Boolean(bool),
    /// `2024-01-31`.
    Date(String),
    /// As RFC 3339 has it.
    Timestamp(String),
}

/// How the geometry must lie to a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spatial {
    Intersects,
    Disjoint,
    Within,
}

/// A shape: as it is written out, in whatever system the filter has, or prepared in longitude and latitude.
#[derive(Debug, Clone)]
pub enum Shape {
    Point(Coord<f64>),
    Polygons(MultiPolygon<f64>),
    /// The least of both ordinates, and the greatest.
    Box([f64; 4]),
    Prepared(Arc<Region>),
}

impl Expression {
    /// Finds every term that asks a property, with the property.
    pub fn asked<'a>(&'a self, found: &mut Vec<(&'a str, &'a Self)>) {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter().for_each(|term| term.asked(found)),
            Self::Not(term) => term.asked(found),
            Self::Compare(name, ..)
            | Self::Between(name, ..)
            | Self::Like(name, _)
            | Self::In(name, _)
            | Self::IsNull(name) => found.push((name, self)),
            Self::Spatial(..) | Self::Constant(_) => {}
        }
    }

    /// Visits every spatial term.
    pub fn shapes<'a>(&'a mut self, visit: &mut dyn FnMut(&str, &mut Shape)) {
        match self {
            Self::All(terms) | Self::Any(terms) => terms.iter_mut().for_each(|term| term.shapes(visit)),
            Self::Not(term) => term.shapes(visit),
            Self::Spatial(name, _, shape) => visit(name, shape),
            Self::Compare(..)
            | Self::Between(..)
            | Self::Like(..)
            | Self::In(..)
            | Self::IsNull(_)
            | Self::Constant(_) => {}
        }
    }
}
