//! What is asked of a collection: the parameters of its address, each of which is understood or refused.

use jiff::Timestamp;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::geometry::Crs;
use yulin_domain::journal::Refused;
use yulin_domain::quantity::Instant;

use super::cql2::{Expression, Shape, Spatial, parse};
use super::crs::ServiceCrs;
use super::geometry::prepared;
use super::table::{GEOMETRY, Table};

/// Features of a page where nothing is said, and at most.
pub const LIMIT_USUAL: usize = 100;
pub const LIMIT_MAX: usize = 1_000;
/// Parameters that name a system.
const SYSTEMS: [&str; 3] = ["crs", "bbox-crs", "filter-crs"];

/// What is asked of a collection.
pub struct Question {
    pub limit: usize,
    pub crs: ServiceCrs,
    /// The systems that are named, by the parameter that names them.
    systems: Vec<(&'static str, ServiceCrs)>,
    /// Everything that must hold.
    pub filter: Option<Expression>,
    /// The instant of valid time.
    pub valid: Option<Instant>,
    pub cursor: Option<String>,
}

/// The parameters in the order they came, decoded.
pub type Parameters = Vec<(String, String)>;

/// How many features a page may hold; what is usual where that cannot be read, which is refused later.
pub fn limit_of(parameters: &Parameters) -> usize {
    let given = parameters.iter().find(|(name, _)| name == "limit");
    given.and_then(|(_, text)| limit(text).ok()).unwrap_or(LIMIT_USUAL)
}

impl Question {
    /// Reads the parameters; one that is not known is refused, so that nothing asked is left out in silence.
    pub fn read(parameters: &Parameters, table: &Table) -> Result<Self, Refused> {
        let crs = system(parameters, "crs")?;
        let systems = SYSTEMS.iter().map(|name| Ok((*name, system(parameters, name)?)));
        let systems = systems.collect::<Result<_, Refused>>()?;
        let mut question = Self { limit: LIMIT_USUAL, crs, systems, filter: None, valid: None, cursor: None };
        let mut terms = Vec::new();
        if let Some((name, language)) = parameters.iter().find(|(name, _)| name == "filter-lang") {
            only(name, language, "cql2-text")?;
        }
        for (place, (name, text)) in parameters.iter().enumerate() {
            if parameters.iter().take(place).any(|(before, _)| before == name) {
                return Err(Refused::new(ErrorCode::Validation).at(name.clone()).with("problem", "is given twice"));
            }
            match name.as_str() {
                "limit" => question.limit = limit(text)?,
                "bbox" => terms.push(bbox(text, system(parameters, "bbox-crs")?)?),
                "datetime" => question.valid = valid(text)?,
                "filter" => terms.push(filter(text, table, system(parameters, "filter-crs")?)?),
                "f" => only(name, text, "json")?,
                "cursor" => question.cursor = Some(text.clone()),
                "crs" | "bbox-crs" | "filter-lang" | "filter-crs" => {}
                _ => terms.push(table.equals(name, text)?),
            }
        }
        question.filter = (!terms.is_empty()).then_some(Expression::All(terms));
        Ok(question)
    }

    /// Refuses a system that the collections do not list, where districts have these grids.
    pub fn check_systems<G: Iterator<Item = Crs>>(&self, grids: impl Fn() -> G) -> Result<(), Refused> {
        match self.systems.iter().find(|(_, system)| !system.is_listed(grids())) {
            Some((name, system)) => {
                let refused = Refused::new(ErrorCode::CrsUnknown).at(*name).with("unlisted", system.uri());
                Err(refused.with("listed", "crs of /ogc/collections"))
            }
            None => Ok(()),
        }
    }
}

fn system(parameters: &Parameters, name: &str) -> Result<ServiceCrs, Refused> {
    let given = parameters.iter().find(|(given, _)| given == name);
    given.map_or(Ok(ServiceCrs::DEFAULT), |(_, text)| ServiceCrs::read(text, name))
}

/// More than the most is not refused but cut, as the standard wants it; the next page is linked.
fn limit(text: &str) -> Result<usize, Refused> {
    let is_number = !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number || text.bytes().all(|digit| digit == b'0') {
        return Err(Refused::new(ErrorCode::NumberInvalid).at("limit").with("least", 1));
    }
    // What does not fit a number is more than the most.
    Ok(text.parse().unwrap_or(LIMIT_MAX).min(LIMIT_MAX))
}

fn only(name: &str, text: &str, known: &str) -> Result<(), Refused> {
    if text == known {
        return Ok(());
    }
    Err(Refused::new(ErrorCode::ValueNotInList).at(name).with("allowed", [known]))
}

/// Four ordinates, or six of which heights are left out of account: all land lies at every height.
fn bbox(text: &str, crs: ServiceCrs) -> Result<Expression, Refused> {
    let invalid = || Refused::new(ErrorCode::FilterInvalid).at("bbox").with("expected", "four or six numbers");
    let ordinates: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let corners = match ordinates.as_deref() {
        Some([a, b, c, d] | [a, b, _, c, d, _]) => [*a, *b, *c, *d],
        _ => return Err(invalid()),
    };
    let shape = prepared(&Shape::Box(corners), crs, "bbox")?;
    Ok(Expression::Spatial(GEOMETRY.to_owned(), Spatial::Intersects, shape))
}

fn filter(text: &str, table: &Table, crs: ServiceCrs) -> Result<Expression, Refused> {
    let mut expression = parse(text)?;
    table.check(&mut expression)?;
    let mut refused = None;
    expression.shapes(&mut |_, shape| match prepared(shape, crs, "filter") {
        Ok(ready) => *shape = ready,
        Err(why) => refused = refused.take().or(Some(why)),
    });
    refused.map_or(Ok(expression), Err)
}

/// An instant of valid time; of an interval the state that stood at its end, which is now where it is open.
fn valid(text: &str) -> Result<Option<Instant>, Refused> {
    let invalid =
        || Refused::new(ErrorCode::AsOfInvalid).at("datetime").with("expected", "RFC 3339, or an interval of it");
    let instant = |text: &str| -> Result<Option<Instant>, Refused> {
        if matches!(text, ".." | "") {
            return Ok(None);
        }
        let at: Timestamp = text.parse().map_err(|_| invalid())?;
        Ok(Some(Instant::from_micros(at.as_microsecond())))
    };
    match text.split_once('/') {
        None if text.is_empty() || text == ".." => Err(invalid()),
        None => instant(text),
        Some((begins, ends)) => {
            let (begins, ends) = (instant(begins)?, instant(ends)?);
            if begins.zip(ends).is_some_and(|(begins, ends)| begins > ends) {
                return Err(invalid());
            }
            Ok(ends)
        }
    }
}
