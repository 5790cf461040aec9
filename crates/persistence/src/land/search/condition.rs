//! The part of a question that SQL answers.

use sea_orm::{DatabaseConnection, Value};
use yulin_domain::codes::{Labelled, ParcelState};

use super::candidate::{area_column, price_column};
use super::query::ParcelQuery;
use super::shape::boxes;
use crate::dialect::{among, holds, in_box, texts};
use crate::record::{Snapshot, as_of, as_of_values, folded, mask};
use crate::registry::Registry;

/// The first parameter of every question: the snapshot.
const SNAPSHOT: usize = 1;

/// A condition on `parcel_index p` with its values.
pub struct Condition {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Condition {
    /// Adds a condition; `{}` stands for the number of its first parameter.
    pub fn add(&mut self, sql: impl FnOnce(usize) -> String, values: impl IntoIterator<Item = Value>) {
        let sql = sql(self.values.len() + 1);
        self.values.extend(values);
        self.sql.push_str(" AND ");
        self.sql.push_str(&sql);
    }

    fn among(&mut self, connection: &DatabaseConnection, column: &str, members: Vec<String>) {
        if !members.is_empty() {
            self.add(|first| among(connection, column, first), [texts(members)]);
        }
    }

    fn least(&mut self, column: &str, least: Option<i64>) {
        if let Some(least) = least {
            self.add(|first| format!("{column} >= ${first}"), [least.into()]);
        }
    }

    fn most(&mut self, column: &str, most: Option<i64>) {
        if let Some(most) = most {
            self.add(|first| format!("{column} <= ${first}"), [most.into()]);
        }
    }
}

fn codes<T: Labelled + Copy>(items: &[T]) -> Vec<String> {
    items.iter().map(|item| item.code().to_owned()).collect()
}

impl Registry {
    /// The rows that may answer a question as of a snapshot.
    pub(super) fn narrowed(&self, snapshot: &Snapshot, query: &ParcelQuery) -> Condition {
        let connection = self.reader();
        let mut condition = Condition { sql: as_of("p", SNAPSHOT), values: as_of_values(snapshot).into() };
        let both = [ParcelState::Registered, ParcelState::Planned];
        let states = if query.states.is_empty() { both.as_slice() } else { &query.states };
        condition.among(connection, "p.state", codes(states));
        condition.among(connection, "p.district", query.districts.iter().map(ToString::to_string).collect());
        if let Some(within) = &query.within {
            condition.add(|first| among(connection, "p.district", first), [texts(within)]);
        }
        condition.among(connection, "p.layer", codes(query.layer.as_slice()));
        condition.among(connection, "p.status", codes(&query.statuses));
        condition.among(connection, "p.soil_gate", codes(&query.soil_gates));
        condition.among(connection, "p.label", query.codes.clone());
        condition.among(connection, "p.id", query.ids.iter().map(ToString::to_string).collect());
        if query.stock_only {
            condition.add(|_| "p.status IS NOT NULL".to_owned(), []);
        }
        facts(&mut condition, query);
        if let Some(text) = &query.text {
            condition.add(|first| holds(connection, "p.search", first), [folded(text).into()]);
        }
        if let Some(holder) = query.holder {
            condition.add(|first| self.held_by("p.id", first, SNAPSHOT), [holder.to_string().into()]);
        }
        for bounds in boxes(query) {
            condition.add(|first| in_box(connection, first), bounds.map(Value::from));
        }
        condition
    }
}

fn facts(condition: &mut Condition, query: &ParcelQuery) {
    condition.least(area_column(query.sight), query.area_min.map(yulin_domain::quantity::Area::units));
    condition.most(area_column(query.sight), query.area_max.map(yulin_domain::quantity::Area::units));
    condition.least(price_column(query.sight), query.price_min.map(yulin_domain::quantity::FenPerSquareMetre::fen));
    condition.most(price_column(query.sight), query.price_max.map(yulin_domain::quantity::FenPerSquareMetre::fen));
    condition.least("p.plot_ratio", query.plot_ratio_min.map(yulin_domain::quantity::Ratio::units));
    condition.most("p.plot_ratio", query.plot_ratio_max.map(yulin_domain::quantity::Ratio::units));
    if !query.infrastructure_all.is_empty() {
        let wanted = mask(&query.infrastructure_all);
        condition.add(|first| format!("(p.infrastructure & ${first}) = ${first}"), [wanted.into()]);
    }
    if let Some(date) = query.since_before {
        condition.add(|first| format!("p.since <= ${first}"), [date.to_string().into()]);
    }
    if !query.use_prefixes.is_empty() {
        let count = query.use_prefixes.len();
        // Prefixes come from the lists of uses; the underscore in them meets nothing else there.
        let likes = |first: usize| {
            let parts: Vec<_> = (first..first + count).map(|at| format!("p.use_code LIKE ${at}")).collect();
            format!("({})", parts.join(" OR "))
        };
        condition.add(likes, query.use_prefixes.iter().map(|prefix| Value::from(format!("{prefix}%"))));
    }
}
