//! From words to an expression: OR binds loosest, then AND, then NOT.

use geo_types::{Coord, Geometry, MultiPolygon};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::geometry_from_wkt;

use super::expression::{Comparison, Expression, Literal, Shape, Spatial};
use super::kind::is_day;
use super::token::{Token, Tokens};
use super::{DEPTH_MAX, FILTER_MAX, TERMS_MAX};

/// Reads a filter; what is not understood is refused with its place.
pub fn parse(text: &str) -> Result<Expression, Refused> {
    if text.len() > FILTER_MAX {
        return Err(Refused::new(ErrorCode::TextTooLong).at("filter").with("most", FILTER_MAX));
    }
    let mut reading = Reading { tokens: Tokens::of(text), depth: 0, terms: 0 };
    let expression = reading.any()?;
    match reading.tokens.peek() {
        Some(Token::End) => Ok(expression),
        _ => Err(reading.expected("AND, OR or the end")),
    }
}

struct Reading<'a> {
    tokens: Tokens<'a>,
    depth: usize,
    terms: usize,
}

impl Reading<'_> {
    fn expected(&self, expected: &str) -> Refused {
        let refused = Refused::new(ErrorCode::FilterInvalid).at("filter");
        refused.with("byte", self.tokens.place()).with("expected", expected)
    }

    fn any(&mut self) -> Result<Expression, Refused> {
        let mut terms = vec![self.all()?];
        while self.took_word("OR") {
            terms.push(self.all()?);
        }
        Ok(joined(terms, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Refused> {
        let mut terms = vec![self.one()?];
        while self.took_word("AND") {
            terms.push(self.one()?);
        }
        Ok(joined(terms, Expression::All))
    }

    fn one(&mut self) -> Result<Expression, Refused> {
        self.terms += 1;
        if self.depth >= DEPTH_MAX || self.terms > TERMS_MAX {
            let refused = Refused::new(ErrorCode::QueryTooComplex).at("filter");
            return Err(refused.with("maxDepth", DEPTH_MAX).with("maxTerms", TERMS_MAX));
        }
        self.depth += 1;
        let one = if self.took_word("NOT") {
            self.one().map(|term| Expression::Not(Box::new(term)))
        } else if self.took_sign("(") {
            let inner = self.any()?;
            self.sign(")").map(|()| inner)
        } else {
            self.term()
        };
        self.depth -= 1;
        one
    }

    fn term(&mut self) -> Result<Expression, Refused> {
        if self.took_word("TRUE") {
            return Ok(Expression::Constant(true));
        }
        if self.took_word("FALSE") {
            return Ok(Expression::Constant(false));
        }
        for (name, spatial) in
            [("S_INTERSECTS", Spatial::Intersects), ("S_DISJOINT", Spatial::Disjoint), ("S_WITHIN", Spatial::Within)]
        {
            if self.took_word(name) {
                return self.spatial(spatial);
            }
        }
        let property = self.property()?;
        self.predicate(property)
    }

    fn spatial(&mut self, spatial: Spatial) -> Result<Expression, Refused> {
        self.sign("(")?;
        let property = self.property()?;
        self.sign(",")?;
        let shape = self.shape()?;
        self.sign(")")?;
        if spatial == Spatial::Within && matches!(shape, Shape::Point(_)) {
            return Err(self.expected("POLYGON, MULTIPOLYGON or BBOX"));
        }
        Ok(Expression::Spatial(property, spatial, shape))
    }

    fn predicate(&mut self, property: String) -> Result<Expression, Refused> {
        if self.took_word("IS") {
            let is_not = self.took_word("NOT");
            self.word("NULL")?;
            return Ok(negated(Expression::IsNull(property), is_not));
        }
        let is_not = self.took_word("NOT");
        if self.took_word("LIKE") {
            let Some(Token::Text(pattern)) = self.tokens.next() else { return Err(self.expected("a text in quotes")) };
            return Ok(negated(Expression::Like(property, pattern), is_not));
        }
        if self.took_word("BETWEEN") {
            let least = self.literal()?;
            self.word("AND")?;
            return Ok(negated(Expression::Between(property, least, self.literal()?), is_not));
        }
        if self.took_word("IN") {
            return Ok(negated(Expression::In(property, self.list()?), is_not));
        }
        let comparison = match self.tokens.peek() {
            Some(Token::Sign("=")) => Comparison::Equal,
            Some(Token::Sign("<>")) => Comparison::NotEqual,
            Some(Token::Sign("<")) => Comparison::Less,
            Some(Token::Sign("<=")) => Comparison::LessOrEqual,
            Some(Token::Sign(">")) => Comparison::Greater,
            Some(Token::Sign(">=")) => Comparison::GreaterOrEqual,
            _ => return Err(self.expected("=, <>, <, <=, >, >=, LIKE, IN, BETWEEN or IS NULL")),
        };
        if is_not {
            return Err(self.expected("LIKE, IN or BETWEEN"));
        }
        self.tokens.next();
        Ok(Expression::Compare(property, comparison, self.literal()?))
    }

    fn list(&mut self) -> Result<Vec<Literal>, Refused> {
        self.sign("(")?;
        let mut members = vec![self.literal()?];
        while self.took_sign(",") {
            members.push(self.literal()?);
        }
        self.sign(")").map(|()| members)
    }

    fn literal(&mut self) -> Result<Literal, Refused> {
        for (word, made) in [("DATE", Literal::Date as fn(String) -> Literal), ("TIMESTAMP", Literal::Timestamp)] {
            if self.took_word(word) {
                self.sign("(")?;
                let instant = self.instant(made)?;
                return self.sign(")").map(|()| instant);
            }
        }
        if self.took_word("TRUE") {
            return Ok(Literal::Boolean(true));
        }
        if self.took_word("FALSE") {
            return Ok(Literal::Boolean(false));
        }
        let wanted = self.expected("a text in quotes, a number, TRUE, FALSE, DATE('…') or TIMESTAMP('…')");
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(Literal::Text(text)),
            Some(Token::Number(number)) => decimal(number).map(Literal::Number).ok_or(wanted),
            _ => Err(wanted),
        }
    }

    fn instant(&mut self, made: fn(String) -> Literal) -> Result<Literal, Refused> {
        let wanted = self.expected("a date or an instant in quotes");
        let Some(Token::Text(text)) = self.tokens.next() else { return Err(wanted) };
        let literal = made(text);
        let is_read = match &literal {
            Literal::Date(text) => is_day(text),
            Literal::Timestamp(text) => text.parse::<jiff::Timestamp>().is_ok(),
            Literal::Text(_) | Literal::Number(_) | Literal::Boolean(_) => true,
        };
        is_read.then_some(literal).ok_or(wanted)
    }

    fn shape(&mut self) -> Result<Shape, Refused> {
        let wanted = self.expected("POINT(…), POLYGON(…), MULTIPOLYGON(…) or BBOX(…)");
        let Some(Token::Name(kind)) = self.tokens.next() else { return Err(wanted) };
        let Some(body) = self.tokens.parenthesised() else { return Err(wanted) };
        if kind.eq_ignore_ascii_case("BBOX") {
            let ordinates: Option<Vec<f64>> =
                body.trim_matches(['(', ')']).split(',').map(|text| text.trim().parse().ok()).collect();
            let corners = ordinates.and_then(|ordinates| <[f64; 4]>::try_from(ordinates).ok());
            return corners.map(Shape::Box).ok_or(wanted);
        }
        let geometry = geometry_from_wkt(&format!("{} {body}", kind.to_ascii_uppercase()));
        match geometry.ok().flatten() {
            Some(Geometry::Point(point)) => Ok(Shape::Point(Coord::from(point))),
            Some(Geometry::Polygon(polygon)) => Ok(Shape::Polygons(MultiPolygon::from(polygon))),
            Some(Geometry::MultiPolygon(polygons)) => Ok(Shape::Polygons(polygons)),
            _ => Err(wanted),
        }
    }

    fn property(&mut self) -> Result<String, Refused> {
        let wanted = self.expected("the name of a property");
        match self.tokens.next() {
            Some(Token::Name(name)) => Ok(name.to_owned()),
            Some(Token::Quoted(name)) => Ok(name),
            _ => Err(wanted),
        }
    }

    fn took_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.tokens.peek(), Some(Token::Name(name)) if name.eq_ignore_ascii_case(word));
        if is_next {
            self.tokens.next();
        }
        is_next
    }

    fn took_sign(&mut self, sign: &'static str) -> bool {
        let is_next = self.tokens.peek() == Some(Token::Sign(sign));
        if is_next {
            self.tokens.next();
        }
        is_next
    }

    fn word(&mut self, word: &str) -> Result<(), Refused> {
        if self.took_word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    fn sign(&mut self, sign: &'static str) -> Result<(), Refused> {
        if self.took_sign(sign) { Ok(()) } else { Err(self.expected(sign)) }
    }
}

fn negated(expression: Expression, is_not: bool) -> Expression {
    if is_not { Expression::Not(Box::new(expression)) } else { expression }
}

fn joined(mut terms: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match (terms.len(), terms.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            terms.push(last);
            join(terms)
        }
        (_, None) => Expression::Constant(true),
    }
}

/// A number as plain decimal text: exponents are written out where that is short.
fn decimal(text: &str) -> Option<String> {
    if !text.contains(['e', 'E']) {
        return Some(text.trim_start_matches('+').to_owned());
    }
    let number: f64 = text.parse().ok()?;
    (number.abs() < 1e18).then(|| number.to_string())
}
