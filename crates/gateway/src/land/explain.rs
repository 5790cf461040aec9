//! Which conditions of a question a parcel meets: each is asked alone, of that parcel alone.
//!
//! The search itself answers, so that an explanation can never disagree with it.

use async_graphql::{Error, ID, SimpleObject};
use yulin_domain::codes::ParcelState;
use yulin_domain::journal::{ParcelId, RecordKind};
use yulin_persistence::{ParcelQuery, Wants};

use super::ParcelFilterInput;
use super::search::Search;
use crate::disclosure::land_of;
use crate::errors::refused_error;
use crate::scalars::read_id;

/// How a parcel stands to a question (条件说明).
#[derive(SimpleObject)]
#[graphql(name = "Explanation")]
pub struct ExplanationObject {
    /// Whether it meets all conditions (是否全部满足).
    pub matches: bool,
    /// The conditions of the question, each asked alone (各项条件).
    pub conditions: Vec<ConditionObject>,
}

/// A condition of a question (条件).
#[derive(SimpleObject)]
#[graphql(name = "ConditionMet")]
pub struct ConditionObject {
    /// The field of the filter, or `stockLand` for having a stock status (条件名称).
    pub condition: String,
    /// Whether the parcel meets it (是否满足).
    pub meets: bool,
}

/// Every state: a question without a condition on it would leave retired parcels out.
const ANY_STATE: [ParcelState; 3] = [ParcelState::Planned, ParcelState::Registered, ParcelState::Retired];

pub(super) async fn explain(
    search: &Search,
    filter: &ParcelFilterInput,
    parcel: &ID,
) -> Result<Option<ExplanationObject>, Error> {
    let parcel: ParcelId = read_id(RecordKind::Parcel, parcel, "parcel").map_err(|refused| refused_error(&refused))?;
    let alone = ParcelQuery {
        ids: vec![parcel],
        states: ANY_STATE.to_vec(),
        first: 1,
        wants: Wants::default(),
        ..land_of(&search.viewer)
    };
    if !meets(search, &alone).await? {
        return Ok(None);
    }
    let mut conditions = Vec::new();
    for (condition, query) in conditions_of(search, filter, &alone) {
        let meets = !search.void.contains(&condition) && meets(search, &query).await?;
        conditions.push(ConditionObject { condition: condition.to_owned(), meets });
    }
    Ok(Some(ExplanationObject { matches: conditions.iter().all(|condition| condition.meets), conditions }))
}

async fn meets(search: &Search, query: &ParcelQuery) -> Result<bool, Error> {
    let found = search.registry.search(&search.snapshot, query).await;
    Ok(!found.map_err(|why| crate::errors::search_error(&why))?.items.is_empty())
}

/// Each condition that was asked, alone.
fn conditions_of(search: &Search, filter: &ParcelFilterInput, alone: &ParcelQuery) -> Vec<(&'static str, ParcelQuery)> {
    let asked = &search.query;
    let base = || alone.clone();
    let states = if asked.states.is_empty() {
        vec![ParcelState::Registered, ParcelState::Planned]
    } else {
        asked.states.clone()
    };
    let all = [
        (asked.stock_only, "stockLand", ParcelQuery { stock_only: true, ..base() }),
        (true, "states", ParcelQuery { states, ..base() }),
        (
            !asked.districts.is_empty() || search.void.contains(&"district"),
            "district",
            ParcelQuery { districts: asked.districts.clone(), ..base() },
        ),
        (filter.layer.is_some(), "layer", ParcelQuery { layer: asked.layer, ..base() }),
        (filter.area.is_some(), "area", ParcelQuery { area: asked.area.clone(), ..base() }),
        (filter.near.is_some(), "near", ParcelQuery { near: asked.near.clone(), ..base() }),
        (filter.inside.is_some(), "inside", ParcelQuery { inside: asked.inside.clone(), ..base() }),
        (filter.outside.is_some(), "outside", ParcelQuery { outside: asked.outside.clone(), ..base() }),
        (filter.statuses.is_some(), "statuses", ParcelQuery { statuses: asked.statuses.clone(), ..base() }),
        (filter.land_use.is_some(), "landUse", ParcelQuery { use_prefixes: asked.use_prefixes.clone(), ..base() }),
        (
            asked.area_min.is_some() || asked.area_max.is_some(),
            "areaMu",
            ParcelQuery { area_min: asked.area_min, area_max: asked.area_max, ..base() },
        ),
        (
            filter.price.is_some(),
            "price",
            ParcelQuery { price_min: asked.price_min, price_max: asked.price_max, ..base() },
        ),
        (
            filter.plot_ratio.is_some(),
            "plotRatio",
            ParcelQuery { plot_ratio_min: asked.plot_ratio_min, plot_ratio_max: asked.plot_ratio_max, ..base() },
        ),
        (filter.soil_gates.is_some(), "soilGates", ParcelQuery { soil_gates: asked.soil_gates.clone(), ..base() }),
        (
            filter.infrastructure.is_some(),
            "infrastructure",
            ParcelQuery { infrastructure_all: asked.infrastructure_all.clone(), ..base() },
        ),
        (filter.idle_since.is_some(), "idleSince", ParcelQuery { since_before: asked.since_before, ..base() }),
        (filter.holder.is_some(), "holder", ParcelQuery { holder: asked.holder, ..base() }),
        (filter.text.is_some(), "text", ParcelQuery { text: asked.text.clone(), ..base() }),
        (filter.codes.is_some(), "codes", ParcelQuery { codes: asked.codes.clone(), ..base() }),
    ];
    all.into_iter().filter_map(|(is_asked, name, query)| is_asked.then_some((name, query))).collect()
}
