//! Reading acts.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{ActKind, Refused, Subject};
use yulin_persistence::{ActFilter, Snapshot};

use super::{ActConnection, ActEdge, ActObject};
use crate::codes::Chosen;
use crate::disclosure::{Reading, reading};
use crate::errors::{fault, refused_error};
use crate::request::{registry, snapshot, snapshot_at, viewer};
use crate::scalars::{AsOfInput, Seq};
use crate::schema::{Bookmark, Bookmarks, PageInfo, asked_hash, page_size};

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
    ) -> Result<Option<ActObject>, Error> {
        let snapshot = snapshot(ctx, as_of).await?;
        act_by_id(ctx, snapshot, &id).await
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
        authorised(ctx, "acts")?;
        let filter = filter.unwrap_or_default();
        let asked = asked_hash(&("acts", &filter, &as_of));
        let filter = filter.read().map_err(|refused| refused_error(&refused))?;
        read_page(ctx, &filter, Asked { hash: asked, first, after }, || snapshot(ctx, as_of)).await
    }
}

/// The history of one subject.
pub struct History {
    pub subject: Subject,
    pub snapshot: Snapshot,
}

impl History {
    /// A page of the subject's acts, oldest first; the caller has asked whether they may be read.
    pub async fn read(
        self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<ActConnection, Error> {
        let hash = asked_hash(&("history", self.subject.to_string()));
        let filter = ActFilter { subject: Some(self.subject), ..ActFilter::default() };
        read_page(ctx, &filter, Asked { hash, first, after }, || async { Ok(self.snapshot) }).await
    }
}

/// One act, where the viewer may read it.
pub(crate) async fn act_by_id(ctx: &Context<'_>, snapshot: Snapshot, id: &ID) -> Result<Option<ActObject>, Error> {
    authorised(ctx, "act")?;
    let bare = id.strip_prefix("act:").unwrap_or(id.as_str());
    let act = bare.parse().map_err(|_| refused_error(&Refused::new(ErrorCode::IdInvalid).at("id")))?;
    let found = registry(ctx).act_by_id(act).await.map_err(|why| fault(&why))?;
    Ok(found.filter(|entry| entry.header.seq <= snapshot.seq).map(|entry| ActObject(Arc::new(entry))))
}

fn authorised(ctx: &Context<'_>, field: &'static str) -> Result<(), Error> {
    match reading(viewer(ctx).role, "Query", field) {
        Reading::Yes => Ok(()),
        Reading::OwnOnly | Reading::No => Err(refused_error(&Refused::new(ErrorCode::Forbidden).at(field))),
    }
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

/// The question of a page: its hash, its size and where it goes on.
struct Asked {
    hash: String,
    first: Option<i32>,
    after: Option<String>,
}

async fn read_page<F: Future<Output = Result<Snapshot, Error>>>(
    ctx: &Context<'_>,
    filter: &ActFilter,
    asked: Asked,
    present: impl FnOnce() -> F,
) -> Result<ActConnection, Error> {
    let size = page_size(asked.first)?;
    let bookmarks = ctx.data_unchecked::<Bookmarks>();
    let place = asked.after.map(|cursor| bookmarks.read::<i64>(&cursor, &asked.hash)).transpose();
    let place = place.map_err(|refused| refused_error(&refused))?;
    let snapshot = match &place {
        Some(place) => snapshot_at(ctx, place.as_of()).await?,
        None => present().await?,
    };
    let last = place.map(|place| place.keys);
    let mut found = registry(ctx).acts(&snapshot, filter, last, size as u64 + 1).await.map_err(|why| fault(&why))?;
    let has_next_page = found.len() > size;
    found.truncate(size);
    let nodes: Vec<_> = found.into_iter().map(|entry| ActObject(Arc::new(entry))).collect();
    let edge = |node: &ActObject| ActEdge {
        cursor: bookmarks.write(&Bookmark::at(&snapshot, &asked.hash, node.0.header.seq)),
        node: node.clone(),
    };
    let edges: Vec<_> = nodes.iter().map(edge).collect();
    let page_info = PageInfo {
        has_next_page,
        has_previous_page: last.is_some(),
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Ok(ActConnection { edges, nodes, page_info })
}
