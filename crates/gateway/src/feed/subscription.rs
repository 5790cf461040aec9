//! Following the feed as it grows.

use async_graphql::{Context, Error, Subscription as GraphqlSubscription};
use futures_util::stream::{self, BoxStream, StreamExt};

use super::batch::EventBatch;
use super::filter::EventFilterInput;
use super::follower::{Follower, Pace, Place};
use crate::errors::refused_error;
use crate::scalars::Seq;
use crate::schema::PAGE_DEFAULT;

/// What can be followed (订阅).
#[derive(Debug, Default)]
pub struct Subscription;

/// What can be followed (订阅).
#[GraphqlSubscription]
impl Subscription {
    /// The feed from a place on, and then as acts are recorded. At least every ten seconds it is told how far it is
    /// complete. It completes after `to`, where that is given, and ends with `FEED_CHANGED` when the key, the role or what may be seen is no longer the same (登记事件).
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events (筛选)")] filter: Option<EventFilterInput>,
        #[graphql(desc = "What has been told of already; from the beginning where left out (起始位置)")] after: Option<
            Seq,
        >,
        #[graphql(desc = "The feed of which it has been told; refused where it is another now (订阅标识)")]
        feed: Option<String>,
        #[graphql(desc = "The entry at which it ends; it goes on for ever where left out (结束位置)")] to: Option<Seq>,
    ) -> Result<BoxStream<'static, Result<EventBatch, Error>>, Error> {
        let filter = filter.unwrap_or_default().read().map_err(|refused| refused_error(&refused))?;
        let pace = ctx.data_opt::<Pace>().copied().unwrap_or_default();
        let place = Place { after: after.map_or(0, |seq| seq.0), to: to.map(|seq| seq.0), feed, ..Place::default() };
        let follower = Follower::at(ctx, filter, place).await?;
        Ok(stream::unfold(Following::Begins(follower), move |following| next(following, pace)).boxed())
    }
}

/// How far a stream has come.
enum Following {
    Begins(Follower),
    Goes(Follower),
    Ended,
}

/// The first piece comes at once, the others when there is something to tell; an error is the last.
async fn next(following: Following, pace: Pace) -> Option<(Result<EventBatch, Error>, Following)> {
    let (read, follower) = match following {
        Following::Begins(mut follower) => (follower.read(PAGE_DEFAULT).await, follower),
        Following::Goes(mut follower) => (follower.wait(PAGE_DEFAULT, pace).await, follower),
        Following::Ended => return None,
    };
    let is_last = read.is_err() || follower.has_ended();
    Some((read, if is_last { Following::Ended } else { Following::Goes(follower) }))
}
