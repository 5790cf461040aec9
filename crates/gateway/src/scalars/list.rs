//! Lists and members read one by one: what is wrong within is told with its path.

use yulin_domain::journal::Refused;

/// Puts the path of the field that holds a value before what was wrong within it.
pub trait Under<T> {
    /// The same result, its refusal placed under `path`.
    fn under(self, path: &str) -> Result<T, Refused>;
}

impl<T> Under<T> for Result<T, Refused> {
    fn under(self, path: &str) -> Self {
        self.map_err(|refused| {
            let inner = refused.field.clone();
            refused.at(inner.map_or_else(|| path.to_owned(), |inner| format!("{path}.{inner}")))
        })
    }
}

/// Reads every element of a list; the place of a faulty one is told.
pub fn read_each<I, O: TryFrom<I, Error = Refused>>(given: Vec<I>, field: &str) -> Result<Vec<O>, Refused> {
    let read = |(place, item)| O::try_from(item).under(&format!("{field}[{place}]"));
    given.into_iter().enumerate().map(read).collect()
}
