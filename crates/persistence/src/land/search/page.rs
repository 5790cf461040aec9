//! A page of answers: cut by the database where it can decide alone, here where shapes must be looked at.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use sea_orm::{ConnectionTrait, FromQueryResult, StreamTrait, Value};
use yulin_domain::journal::ParcelId;

use super::candidate::{Candidate, area_column, columns, facets, in_order, price_column};
use super::condition::Condition;
use super::query::{Cursor, CursorKey, Direction, OrderField, ParcelQuery, SearchPage, Sight};
use super::shape::{Judge, Verdict, needs_geometry};
use crate::dialect::{in_box, statement, text_order};
use crate::error::{PersistenceError, SearchError};
use crate::record::{Snapshot, as_of, as_of_values};
use crate::registry::Registry;

/// How long shapes are looked at before others have their turn.
const TURN: Duration = Duration::from_millis(2);

type Order = [(OrderField, Direction)];

impl Registry {
    /// Parcels that answer a question, a page of them.
    pub async fn search(&self, snapshot: &Snapshot, query: &ParcelQuery) -> Result<SearchPage, SearchError> {
        let order = if query.order.is_empty() { vec![(OrderField::Code, Direction::Asc)] } else { query.order.clone() };
        if query.near.is_none() && order.iter().any(|(field, _)| *field == OrderField::Distance) {
            return Err(SearchError::DistanceWithoutPlace);
        }
        if query.after.as_ref().is_some_and(|cursor| cursor.keys.len() != order.len()) {
            return Err(SearchError::Cursor);
        }
        let condition = self.narrowed(snapshot, query);
        if needs_geometry(query) {
            return self.looked_at(condition, query, &order).await;
        }
        let total = if query.wants.total { Some(self.count(&condition).await?) } else { None };
        let facets = if query.wants.facets { Some(facets(&self.all(&condition, query.sight).await?)) } else { None };
        let mut items = self.cut(condition, query, &order).await?;
        let has_next = items.len() > query.first;
        items.truncate(query.first);
        let items = items.iter().map(|candidate| candidate.found(&order)).collect::<Result<_, _>>()?;
        Ok(SearchPage { items, has_next, total, facets })
    }

    /// Looks at the shape of every candidate, then orders and cuts.
    async fn looked_at(
        &self,
        condition: Condition,
        query: &ParcelQuery,
        order: &Order,
    ) -> Result<SearchPage, SearchError> {
        let shape = match query.sight {
            Sight::Full => "p.footprint",
            Sight::Outline => "p.outline",
        };
        let sql =
            format!("SELECT {}, {shape} AS shape FROM parcel_index p WHERE {}", columns(query.sight), condition.sql);
        let judge = Judge::of(query);
        let mut answers: Vec<Candidate> = Vec::new();
        // Few at once, so that connections are left to whoever asks for less.
        let _place = self.place_to_search().await?;
        let mut turn = Instant::now();
        let connection = self.reader();
        let rows = connection.stream_raw(statement(connection, sql, condition.values)).await;
        let mut rows = rows.map_err(PersistenceError::from)?;
        while let Some(row) = rows.try_next().await.map_err(PersistenceError::from)? {
            // Shapes take the processor: others on this thread have their turn between them.
            if turn.elapsed() >= TURN {
                tokio::task::yield_now().await;
                turn = Instant::now();
            }
            let shape: Option<Vec<u8>> = row.try_get("", "shape").map_err(PersistenceError::from)?;
            let row_id = row.try_get("", "row_id").map_err(PersistenceError::from)?;
            let distance_m = match judge.judge(row_id, shape.as_deref())? {
                Verdict::Apart => continue,
                Verdict::Admitted => None,
                Verdict::Near(metres) => Some(metres),
            };
            let candidate = Candidate::from_query_result(&row, "").map_err(PersistenceError::from)?;
            answers.push(Candidate { distance_m, ..candidate });
        }
        drop(rows);
        let total = query.wants.total.then_some(answers.len() as u64);
        let facets = query.wants.facets.then(|| facets(&answers));
        if let Some(cursor) = &query.after {
            answers.retain(|candidate| candidate.against(cursor, order).is_gt());
        }
        answers.sort_by(|a, b| in_order(a, b, order));
        let has_next = answers.len() > query.first;
        answers.truncate(query.first);
        let items = answers.iter().map(|candidate| candidate.found(order)).collect::<Result<_, _>>()?;
        Ok(SearchPage { items, has_next, total, facets })
    }

    async fn count(&self, condition: &Condition) -> Result<u64, PersistenceError> {
        let sql = format!("SELECT count(*) AS n FROM parcel_index p WHERE {}", condition.sql);
        self.counted(sql, condition.values.clone()).await
    }

    async fn all(&self, condition: &Condition, sight: Sight) -> Result<Vec<Candidate>, PersistenceError> {
        let sql = format!("SELECT {} FROM parcel_index p WHERE {}", columns(sight), condition.sql);
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, condition.values.clone())).await?;
        Ok(rows.iter().map(|row| Candidate::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// One row more than the page, ordered and cut by the database.
    async fn cut(
        &self,
        mut condition: Condition,
        query: &ParcelQuery,
        order: &Order,
    ) -> Result<Vec<Candidate>, PersistenceError> {
        if let Some(cursor) = &query.after {
            let mut values = Vec::new();
            let first = condition.values.len() + 1;
            let sql = self.beyond(cursor, query, (order, first), &mut values);
            condition.add(|_| sql, values);
        }
        let by: Vec<_> = order.iter().map(|(field, direction)| self.ordered(*field, *direction, query.sight)).collect();
        let limit = i64::try_from(query.first.saturating_add(1)).unwrap_or(i64::MAX);
        let sql = format!(
            "SELECT {} FROM parcel_index p WHERE {} ORDER BY {}, p.id LIMIT {limit}",
            columns(query.sight),
            condition.sql,
            by.join(", ")
        );
        let rows = self.reader().query_all_raw(statement(self.reader(), sql, condition.values)).await?;
        Ok(rows.iter().map(|row| Candidate::from_query_result(row, "")).collect::<Result<_, _>>()?)
    }

    /// The condition that a row comes after the end of a page: equal in the first keys, beyond in the next.
    fn beyond(
        &self,
        cursor: &Cursor,
        query: &ParcelQuery,
        (order, first): (&Order, usize),
        values: &mut Vec<Value>,
    ) -> String {
        let mut ways = Vec::new();
        let mut equal = String::new();
        for ((field, direction), key) in order.iter().zip(&cursor.keys) {
            let column = self.column(*field, query.sight);
            let value: Option<Value> = match key {
                CursorKey::Null => None,
                CursorKey::Int(number) => Some((*number).into()),
                CursorKey::Real(bits) => Some(f64::from_bits(*bits).into()),
                CursorKey::Text(text) => Some(text.clone().into()),
            };
            let Some(value) = value else {
                // Nothing comes after null in this field.
                equal += &format!("{column} IS NULL AND ");
                continue;
            };
            values.push(value);
            let at = first + values.len() - 1;
            let than = match direction {
                Direction::Asc => ">",
                Direction::Desc => "<",
            };
            ways.push(format!("({equal}({column} {than} ${at} OR {column} IS NULL))"));
            equal += &format!("{column} = ${at} AND ");
        }
        values.push(cursor.id.to_string().into());
        ways.push(format!("({equal}p.id > ${})", first + values.len() - 1));
        format!("({})", ways.join(" OR "))
    }

    /// An order of rows; only what may be null pays for nulls, so that an index serves the rest.
    fn ordered(&self, field: OrderField, direction: Direction, sight: Sight) -> String {
        let (column, way) = (self.column(field, sight), way(direction));
        match field {
            OrderField::Code => format!("{column} {way}"),
            OrderField::Price | OrderField::Area | OrderField::Distance | OrderField::Age => {
                format!("({column} IS NULL), {column} {way}")
            }
        }
    }

    fn column(&self, field: OrderField, sight: Sight) -> String {
        match field {
            OrderField::Code => text_order(self.reader(), "p.label"),
            OrderField::Price => price_column(sight).to_owned(),
            OrderField::Area => area_column(sight).to_owned(),
            // Distances are ordered where shapes are looked at.
            OrderField::Distance => "p.row_id".to_owned(),
            OrderField::Age => text_order(self.reader(), "p.since"),
        }
    }

    /// The registered parcels at a point, as far as the asker may see.
    pub async fn parcels_at(
        &self,
        snapshot: &Snapshot,
        lon: f64,
        lat: f64,
        sight: Sight,
    ) -> Result<Vec<ParcelId>, PersistenceError> {
        let connection = self.reader();
        let (shape, margin) = match sight {
            Sight::Full => ("p.footprint", 0.0),
            Sight::Outline => ("p.outline", 2e-5),
        };
        let sql = format!(
            "SELECT p.row_id, p.id, {shape} AS shape FROM parcel_index p WHERE {} AND p.state = 'REGISTERED' AND {} \
             ORDER BY p.id",
            as_of("p", 1),
            in_box(connection, 3)
        );
        let mut values = as_of_values(snapshot).to_vec();
        values.extend([lon - margin, lat - margin, lon + margin, lat + margin].map(Value::from));
        let mut found = Vec::new();
        for row in connection.query_all_raw(statement(connection, sql, values)).await? {
            let (row_id, id): (i64, String) = (row.try_get("", "row_id")?, row.try_get("", "id")?);
            let Some(shape) = row.try_get::<Option<Vec<u8>>>("", "shape")? else { continue };
            let shape = yulin_domain::geometry::multipolygon_from_wkb(&shape);
            let shape = shape.map_err(|why| PersistenceError::corrupt("parcel_index", row_id, why))?;
            if yulin_domain::geometry::contains_point(&shape, (lon, lat).into()) {
                found.push(id.parse().map_err(|why| PersistenceError::corrupt("parcel_index", row_id, why))?);
            }
        }
        Ok(found)
    }
}

const fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Asc => "ASC",
        Direction::Desc => "DESC",
    }
}
