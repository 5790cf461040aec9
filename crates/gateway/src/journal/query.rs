//! Reading acts.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActId, ActKind, Refused, Subject};
use yulin_persistence::{ActFilter, Snapshot};

use super::ActObject;
use super::connection::{ActConnection, ActList, PagePlace};
use crate::codes::Chosen;
use crate::disclosure::may_read_all;
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{registry, snapshot, snapshot_at, viewer};
use crate::scalars::{AsOfInput, Seq};
use crate::schema::{Bookmarks, asked_hash, page_size};

/// Which acts are asked for; all conditions must be met (登记行为筛选).
#[derive(Debug, Clone, Default, InputObject)]
pub struct ActFilterInput {
    /// Acts on this district, party, principal, parcel, zone or feature (登记主题).
    pub subject: Option<ID>,
    /// Acts of these kinds (登记行为类型).
    pub kinds: Option<Vec<Chosen<ActKind>>>,
    /// From this entry on (起始序号).
    pub from_seq: Option<Seq>,
    /// Up to this entry (终止序号).
    pub to_seq: Option<Seq>,
}

/// Reading acts.
#[derive(Debug, Default)]
pub struct ActQuery;

/// Acts of the journal (登记行为查询).
#[Object]
impl ActQuery {
    /// One act by the id its author chose; null where there is none (按标识查登记行为).
    async fn act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the act, with or without `act:` (登记行为标识)")] id: ID,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<ActObject> {
        or_null(async {
            let snapshot = snapshot(ctx, as_of).await?;
            act_by_id(ctx, snapshot, &id).await
        })
        .await
    }

    /// Acts in the order of the journal (登记行为列表).
    async fn acts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which acts (筛选)")] filter: Option<ActFilterInput>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<ActConnection, Error> {
        may_read_all(&viewer(ctx), "acts")?;
        let size = page_size(first)?;
        let filter = filter.unwrap_or_default();
        let asked = asked_hash(&("acts", &filter, &as_of));
        let filter = filter.read().map_err(|refused| refused_error(&refused))?;
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let bookmark = after.map(|cursor| bookmarks.read::<i64>(&cursor, &asked)).transpose();
        let bookmark = bookmark.map_err(|refused| refused_error(&refused))?;
        let snapshot = match &bookmark {
            Some(bookmark) => snapshot_at(ctx, bookmark.as_of()).await?,
            None => snapshot(ctx, as_of).await?,
        };
        let last = bookmark.map(|bookmark| bookmark.keys);
        let found = registry(ctx).acts(&snapshot, &filter, last, size as u64 + 1).await.map_err(|why| fault(&why))?;
        let found = found.into_iter().map(Arc::new).collect();
        let place = PagePlace { snapshot, asked: &asked, size, is_later: last.is_some() };
        Ok(ActConnection::of(ctx, found, &place, ActList::Journal { filter, snapshot }))
    }
}

/// One act, where the viewer may read it.
async fn act_by_id(ctx: &Context<'_>, snapshot: Snapshot, id: &ID) -> Result<Option<ActObject>, Error> {
    let bare = id.strip_prefix("act:").unwrap_or(id.as_str());
    let act = bare.parse().map_err(|_| refused_error(&Refused::new(ErrorCode::IdInvalid).at("id")))?;
    Ok(acts_by_ids(ctx, snapshot, &[act]).await?.pop())
}

/// Acts in no particular order, where the viewer may read them.
pub(crate) async fn acts_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    acts: &[ActId],
) -> Result<Vec<ActObject>, Error> {
    may_read_all(&viewer(ctx), "act")?;
    let found = registry(ctx).acts_by_ids(acts).await.map_err(|why| fault(&why))?;
    let known = found.into_iter().filter(|entry| entry.header.seq <= snapshot.seq);
    Ok(known.map(|entry| ActObject::whole(Arc::new(entry))).collect())
}

impl ActFilterInput {
    fn read(self) -> Result<ActFilter, Refused> {
        let Self { subject, kinds, from_seq, to_seq } = self;
        let malformed = |why: String| Refused::new(ErrorCode::IdInvalid).at("filter.subject").told("problem", why);
        let subject = subject.map(|id| id.parse::<Subject>().map_err(malformed)).transpose()?;
        let kinds = kinds.unwrap_or_default().into_iter().map(|kind| kind.0).collect();
        Ok(ActFilter { subject, kinds, from_seq: from_seq.map(|seq| seq.0), to_seq: to_seq.map(|seq| seq.0) })
    }
}
