//! Reading the feed piece by piece.

use async_graphql::{Context, Error, Object};

use super::batch::EventBatch;
use super::filter::EventFilterInput;
use super::follower::{Follower, Place};
use crate::errors::refused_error;
use crate::scalars::Seq;
use crate::schema::page_size;

/// Reading events.
#[derive(Debug, Default)]
pub struct EventQuery;

/// Events of the journal (登记事件查询).
#[Object]
impl EventQuery {
    /// The next piece of the feed after a place. It may hold nothing and yet lead on: ask again after `completeTo` until
    /// that no longer grows (登记事件).
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events (筛选)")] filter: Option<EventFilterInput>,
        #[graphql(desc = "What has been told of already; from the beginning where left out (起始位置)")] after: Option<
            Seq,
        >,
        #[graphql(desc = "The feed of which it has been told; refused where it is another now (订阅标识)")]
        feed: Option<String>,
        #[graphql(desc = "Number of events, at most 500 (数量)")] first: Option<i32>,
    ) -> Result<EventBatch, Error> {
        let size = page_size(first)?;
        let filter = filter.unwrap_or_default().read().map_err(|refused| refused_error(&refused))?;
        let place = Place { after: after.map_or(0, |seq| seq.0), feed, ..Place::default() };
        Follower::once(ctx, filter, place).await?.read(size.max(1)).await
    }
}
