//! A page of a collection: what SQL can narrow it narrows, what is left is judged feature by feature.

use async_graphql::Error;
use uuid::Uuid;
use yulin_domain::codes::StockStatus;
use yulin_domain::geometry::SpatialRelation;
use yulin_domain::journal::Refused;
use yulin_persistence::{Cursor, ParcelQuery, Versioned, Wants};

use super::cql2::{Comparison, Expression, Literal, Shape, Spatial, judge};
use super::item::{Item, Source, Told};
use crate::disclosure::land_of;
use crate::errors::{fault, refused_error, search_error};
use crate::layer::Layer;

/// Parcels looked at together, and for one page: a page of a rare kind ends there and goes on with the next.
const CHUNK: usize = 500;
pub const LOOKED_AT_MAX: usize = 10_000;

/// A page.
pub struct Page {
    pub items: Vec<Item>,
    /// How many there are on all pages, where that is known without looking at them.
    pub matched: Option<u64>,
}

/// Parcels, in order of code, and where the page ended where more come.
pub async fn parcels(
    source: &Source,
    filter: Option<&Expression>,
    limit: usize,
    after: Option<Cursor>,
) -> Result<(Page, Option<Cursor>), Error> {
    let Some((mut query, is_whole)) = narrowed(source, filter) else {
        return Ok((Page { items: Vec::new(), matched: Some(0) }, None));
    };
    query.after = after;
    // What SQL answers whole is counted by it, and not judged again.
    let filter = filter.filter(|_| !is_whole);
    // One more than the page tells whether there is a next.
    let mut items: Vec<(Item, Cursor)> = Vec::new();
    let mut matched = None;
    let mut looked_at = 0;
    let beyond = loop {
        query.first = if filter.is_some() { CHUNK } else { limit + 1 };
        query.wants = Wants { total: filter.is_none(), facets: false };
        let found = source.registry.search(&source.snapshot, &query).await.map_err(|why| search_error(&why))?;
        matched = matched.or(found.total);
        let ids: Vec<_> = found.items.iter().map(|found| found.id).collect();
        let read = source.parcels(&ids).await?;
        for item in read {
            let cursor = found.items.iter().find(|found| found.id.0 == item.id).map(|found| found.cursor.clone());
            if let Some(cursor) = cursor.filter(|_| is_meant(source, filter, &item)) {
                items.push((item, cursor));
            }
        }
        looked_at += found.items.len();
        query.after = found.items.last().map(|found| found.cursor.clone());
        if items.len() > limit || !found.has_next || looked_at >= LOOKED_AT_MAX {
            break query.after.filter(|_| found.has_next);
        }
    };
    let is_full = items.len() > limit;
    items.truncate(limit);
    let next = if is_full { items.last().map(|(_, cursor)| cursor.clone()) } else { beyond };
    Ok((Page { items: items.into_iter().map(|(item, _)| item).collect(), matched }, next))
}

fn is_meant(source: &Source, filter: Option<&Expression>, item: &Item) -> bool {
    let told = Told { table: &source.table, item };
    filter.is_none_or(|filter| judge(filter, &told) == Some(true))
}

/// The question as far as SQL answers it: every feature that is meant is among its answers; and whether no other is. None
/// where no feature can be meant.
fn narrowed(source: &Source, filter: Option<&Expression>) -> Option<(ParcelQuery, bool)> {
    let mut query = land_of(&source.viewer);
    let mut terms: Vec<&Expression> = filter.into_iter().collect();
    let mut is_whole = true;
    while let Some(term) = terms.pop() {
        is_whole &= match term {
            Expression::All(several) => {
                terms.extend(several);
                true
            }
            Expression::Compare(name, Comparison::Equal, literal) => {
                among(&mut query, source, name, std::slice::from_ref(literal))?
            }
            Expression::In(name, members) => among(&mut query, source, name, members)?,
            Expression::Spatial(_, spatial, Shape::Prepared(region)) if query.area.is_none() => {
                let relation = match spatial {
                    Spatial::Intersects => SpatialRelation::Intersects,
                    Spatial::Within => SpatialRelation::Covered,
                    Spatial::Disjoint => {
                        is_whole = false;
                        continue;
                    }
                };
                query.area = Some(((**region).clone(), relation));
                true
            }
            _ => false,
        };
    }
    Some((query, is_whole))
}

/// Narrows to the values of a column that SQL knows, and whether it did; none where no feature has any of them.
fn among(query: &mut ParcelQuery, source: &Source, name: &str, members: &[Literal]) -> Option<bool> {
    let texts: Option<Vec<&str>> = members
        .iter()
        .map(|member| if let Literal::Text(text) = member { Some(text.as_str()) } else { None })
        .collect();
    let Some(texts) = texts.filter(|texts| !texts.is_empty()) else { return Some(false) };
    match name {
        "stockStatus" if query.statuses.is_empty() => {
            query.statuses = texts.iter().filter_map(|text| text.parse::<StockStatus>().ok()).collect();
            (!query.statuses.is_empty()).then_some(true)
        }
        "district" if query.districts.is_empty() => {
            let known = texts.iter().filter_map(|code| source.districts.by_code(code));
            query.districts = known.map(|district| district.id).collect();
            (!query.districts.is_empty()).then_some(true)
        }
        "code" if query.codes.is_empty() => {
            query.codes = texts.into_iter().map(str::to_owned).collect();
            // A planned lot is found by its number, too, which is not its code.
            Some(false)
        }
        _ => Some(false),
    }
}

/// Zones or features, in order of id, and where the page ended. They are few, so all are read and judged here.
pub async fn few(
    source: &Source,
    layer: Layer,
    filter: Option<&Expression>,
    (limit, after): (usize, Option<Uuid>),
) -> Result<(Page, Option<Uuid>), Error> {
    let mut items: Vec<Item> = all(source, layer).await?;
    items.retain(|item| is_meant(source, filter, item));
    items.sort_by_key(|item| item.id);
    let matched = Some(items.len() as u64);
    items.retain(|item| after.is_none_or(|after| item.id > after));
    let has_next = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| has_next).map(|item| item.id);
    Ok((Page { items, matched }, next))
}

async fn all(source: &Source, layer: Layer) -> Result<Vec<Item>, Error> {
    let Source { registry, snapshot, viewer, .. } = source;
    let items: Result<Vec<Item>, Refused> = match layer {
        Layer::Restrictions => {
            let zones = registry.zones(snapshot, None, &[]).await.map_err(|why| fault(&why))?;
            let seen = zones.iter().filter(|zone| viewer.sees_land_of(zone.state.district));
            seen.map(|Versioned { state, .. }| source.zone(state)).collect()
        }
        Layer::Features => {
            let features = registry.features(snapshot, None, &[]).await.map_err(|why| fault(&why))?;
            let seen = features.iter().filter(|feature| viewer.sees_land_of(feature.state.district));
            seen.map(|Versioned { state, .. }| source.feature(state)).collect()
        }
        Layer::Parcels => Ok(Vec::new()),
    };
    items.map_err(|refused| refused_error(&refused))
}

/// One feature by its id.
pub async fn one(source: &Source, layer: Layer, id: Uuid) -> Result<Option<Item>, Error> {
    let refused = |refused: Refused| refused_error(&refused);
    let Source { registry, snapshot, viewer, .. } = source;
    Ok(match layer {
        Layer::Parcels => source.parcels(&[yulin_domain::journal::ParcelId(id)]).await?.pop(),
        Layer::Restrictions => {
            let found = registry.zones_by_ids(snapshot, &[yulin_domain::journal::ZoneId(id)]).await;
            let found = found.map_err(|why| fault(&why))?;
            let seen = found.first().filter(|zone| viewer.sees_land_of(zone.state.district));
            seen.map(|zone| source.zone(&zone.state)).transpose().map_err(refused)?
        }
        Layer::Features => {
            let found = registry.features_by_ids(snapshot, &[yulin_domain::journal::FeatureId(id)]).await;
            let found = found.map_err(|why| fault(&why))?;
            let seen = found.first().filter(|feature| viewer.sees_land_of(feature.state.district));
            seen.map(|feature| source.feature(&feature.state)).transpose().map_err(refused)?
        }
    })
}
