//! Reading land: one parcel, the parcels at a point, and the search.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::ParcelState;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ParcelId, RecordKind, Refused};
use yulin_persistence::{Cursor, ParcelQuery, Snapshot, Wants};

use super::search::{Scope, Search, check_question};
use super::{ParcelConnection, ParcelEdge, ParcelFilterInput, ParcelObject, ParcelOrder, ParcelPage, PointInput};
use crate::disclosure::{land_of, sight};
use crate::district::DistrictBook;
use crate::errors::{OrNull, fault, or_null, refused_error, search_error};
use crate::request::{registry, snapshot, snapshot_at, viewer};
use crate::scalars::{AsOfInput, read_id};
use crate::schema::{Bookmark, Bookmarks, PageInfo, asked_hash, page_size};

/// Reading land.
#[derive(Debug, Default)]
pub struct LandQuery;

/// Land (宗地查询).
#[Object]
impl LandQuery {
    /// One parcel, by id, or by district and code; null where there is none (查宗地).
    async fn parcel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the parcel (宗地标识)")] id: Option<ID>,
        #[graphql(desc = "Code of the district (辖区代码)")] district: Option<String>,
        #[graphql(desc = "Parcel code or lot number (宗地代码或地块编号)")] code: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<ParcelObject> {
        or_null(async {
            match (id, district, code) {
                (Some(id), None, None) => {
                    let parcel = read_id(RecordKind::Parcel, &id, "id").map_err(|refused| refused_error(&refused))?;
                    parcel_by_id(ctx, snapshot(ctx, as_of).await?, parcel).await
                }
                (None, Some(district), Some(code)) => {
                    parcel_by_code(ctx, snapshot(ctx, as_of).await?, &district, code).await
                }
                (Some(_) | None, _, _) => {
                    let refused = Refused::new(ErrorCode::FieldRequired).at("id").with("either", "district and code");
                    Err(refused_error(&refused))
                }
            }
        })
        .await
    }

    /// Parcels, in order of code where no other is asked for (宗地列表).
    #[allow(clippy::too_many_arguments)]
    async fn parcels(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which parcels (筛选)")] filter: Option<ParcelFilterInput>,
        #[graphql(desc = "In which order (排序)")] order_by: Option<Vec<ParcelOrder>>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<ParcelConnection, Error> {
        let question = Question { scope: Scope::Parcels, filter, order_by, first, after, as_of };
        question.answer(ctx).await
    }

    /// Land with a stock status: the planner's question in one (存量用地查询).
    #[allow(clippy::too_many_arguments)]
    async fn stock_land(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which parcels (筛选)")] filter: Option<ParcelFilterInput>,
        #[graphql(desc = "In which order (排序)")] order_by: Option<Vec<ParcelOrder>>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<ParcelConnection, Error> {
        let question = Question { scope: Scope::StockLand, filter, order_by, first, after, as_of };
        question.answer(ctx).await
    }

    /// The registered parcels at a point: of each layer one, several on a boundary (按点查宗地).
    async fn parcel_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The point, longitude and latitude (点)")] point: PointInput,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<ParcelObject>, Error> {
        let (lon, lat) = point.read("point").map_err(|refused| refused_error(&refused))?;
        let viewer = viewer(ctx);
        let snapshot = snapshot(ctx, as_of).await?;
        let found =
            registry(ctx).parcels_at(&snapshot, lon, lat, sight(viewer.role)).await.map_err(|why| fault(&why))?;
        Ok(ParcelPage::load(registry(ctx), snapshot, &viewer, &found).await?.objects(&found))
    }
}

/// One parcel by id.
async fn parcel_by_id(ctx: &Context<'_>, snapshot: Snapshot, parcel: ParcelId) -> Result<Option<ParcelObject>, Error> {
    Ok(ParcelPage::load(registry(ctx), snapshot, &viewer(ctx), &[parcel]).await?.object(parcel))
}

/// One parcel by its code, under a district or below; a retired one keeps its code and is found by it.
async fn parcel_by_code(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    district: &str,
    code: String,
) -> Result<Option<ParcelObject>, Error> {
    let book = DistrictBook::load(registry(ctx), snapshot).await?;
    let Some(district) = book.by_code(district) else { return Ok(None) };
    let query = ParcelQuery {
        districts: book.with_below(district.id),
        states: vec![ParcelState::Registered, ParcelState::Planned, ParcelState::Retired],
        codes: vec![code],
        first: 1,
        ..land_of(&viewer(ctx))
    };
    let found = registry(ctx).search(&snapshot, &query).await.map_err(|why| search_error(&why))?;
    match found.items.first() {
        Some(found) => parcel_by_id(ctx, snapshot, found.id).await,
        None => Ok(None),
    }
}

/// A question as it came in.
struct Question {
    scope: Scope,
    filter: Option<ParcelFilterInput>,
    order_by: Option<Vec<ParcelOrder>>,
    first: Option<i32>,
    after: Option<String>,
    as_of: Option<AsOfInput>,
}

impl Question {
    async fn answer(self, ctx: &Context<'_>) -> Result<ParcelConnection, Error> {
        let size = page_size(self.first)?;
        let filter = self.filter.unwrap_or_default();
        let order = self.order_by.unwrap_or_default();
        check_question(&viewer(ctx), &filter, &order)?;
        let asked = asked_hash(&(self.scope, &filter, &order, &self.as_of, viewer(ctx).standpoint()));
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let place = self.after.map(|cursor| bookmarks.read::<Cursor>(&cursor, &asked)).transpose();
        let place = place.map_err(|refused| refused_error(&refused))?;
        let snapshot = match &place {
            Some(place) => snapshot_at(ctx, place.as_of()).await?,
            None => snapshot(ctx, self.as_of).await?,
        };
        let search = Search::of(registry(ctx), viewer(ctx), snapshot, (&filter, self.scope)).await?;
        let is_later = place.is_some();
        let query = ParcelQuery {
            order: order.into_iter().map(ParcelOrder::read).collect(),
            after: place.map(|place| place.keys),
            first: size,
            wants: wanted(ctx),
            ..search.query.clone()
        };
        let found = search.ask(&query).await?;
        let ids: Vec<_> = found.items.iter().map(|item| item.id).collect();
        let page = ParcelPage::load(&search.registry, snapshot, &search.viewer, &ids).await?;
        let edge = |item: yulin_persistence::Found| {
            let node = page.object(item.id)?;
            let cursor = bookmarks.write(&Bookmark::at(&snapshot, &asked, item.cursor));
            Some(ParcelEdge { cursor, node, distance_m: item.distance_m })
        };
        let edges: Vec<_> = found.items.into_iter().filter_map(edge).collect();
        let page_info = PageInfo {
            has_next_page: found.has_next,
            has_previous_page: is_later,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        let search = Arc::new(search);
        Ok(ParcelConnection { edges, page_info, total: found.total, facets: found.facets, search, filter })
    }
}

/// What is counted beside the page: only what is selected.
fn wanted(ctx: &Context<'_>) -> Wants {
    let selected = ctx.look_ahead();
    Wants { total: selected.field("totalCount").exists(), facets: selected.field("facets").exists() }
}
