//! Reading parties.

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::codes::PartyKind;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, RecordKind, Refused};
use yulin_persistence::{PartyFilter, Snapshot};

use super::{PartyConnection, PartyEdge, PartyObject, PartyPage};
use crate::codes::Chosen;
use crate::disclosure::{Reading, reading_of};
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{Viewer, registry, snapshot, snapshot_at, viewer};
use crate::scalars::{AsOfInput, read_id};
use crate::schema::{Bookmark, Bookmarks, PageInfo, asked_hash, page_size};

/// Which parties are asked for; all conditions must be met (主体筛选).
#[derive(Debug, Clone, Default, InputObject)]
pub struct PartyFilterInput {
    /// Any substring of the registered name (名称包含).
    pub text: Option<String>,
    /// What the party is (主体类型).
    pub kind: Option<Chosen<PartyKind>>,
    /// The unified social credit code (统一社会信用代码).
    pub credit_code: Option<String>,
    /// The reference in another register, `system/id` (外部登记引用).
    pub external: Option<String>,
}

/// Reading parties.
#[derive(Debug, Default)]
pub struct PartyQuery;

/// Parties (主体查询).
#[Object]
impl PartyQuery {
    /// One party; null where there is none (按标识查主体).
    async fn party(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the party (主体标识)")] id: ID,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<PartyObject> {
        or_null(async {
            let party: PartyId = read_id(RecordKind::Party, &id, "id").map_err(|refused| refused_error(&refused))?;
            let snapshot = snapshot(ctx, as_of).await?;
            party_by_id(ctx, snapshot, party).await
        })
        .await
    }

    /// Parties in order of id (主体列表).
    async fn parties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which parties (筛选)")] filter: Option<PartyFilterInput>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<PartyConnection, Error> {
        let viewer = viewer(ctx);
        if reading_of(&viewer, "Query", "parties") != Reading::Yes {
            return Err(refused_error(&Refused::new(ErrorCode::Forbidden).at("parties")));
        }
        let size = page_size(first)?;
        let filter = filter.unwrap_or_default();
        let asked = asked_hash(&("parties", &filter, &as_of, viewer.standpoint()));
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let place = after.map(|cursor| bookmarks.read::<PartyId>(&cursor, &asked)).transpose();
        let place = place.map_err(|refused| refused_error(&refused))?;
        let snapshot = match &place {
            Some(place) => snapshot_at(ctx, place.as_of()).await?,
            None => snapshot(ctx, as_of).await?,
        };
        let PartyFilterInput { text, kind, credit_code, external } = filter;
        let filter = PartyFilter { text, kind: kind.map(|kind| kind.0), credit_code, external };
        let last = place.as_ref().map(|place| place.keys);
        let found =
            registry(ctx).parties(&snapshot, &filter, last, size as u64 + 1).await.map_err(|why| fault(&why))?;
        let page = PartyPage::of(registry(ctx).clone(), snapshot, viewer, found);
        let cursor = |party| bookmarks.write(&Bookmark::at(&snapshot, &asked, party));
        let (edges, page_info) = paged(&page, (size, last.is_some()), cursor);
        Ok(PartyConnection { edges, page_info, snapshot, filter })
    }
}

/// One party, where the viewer may read it.
async fn party_by_id(ctx: &Context<'_>, snapshot: Snapshot, party: PartyId) -> Result<Option<PartyObject>, Error> {
    if !reads_party(&viewer(ctx), party) {
        return Err(refused_error(&Refused::new(ErrorCode::Forbidden).at("party")));
    }
    Ok(parties_by_ids(ctx, snapshot, vec![party]).await?.pop())
}

/// Parties in order of id; the caller has asked whether they may be read.
pub(crate) async fn parties_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    parties: Vec<PartyId>,
) -> Result<Vec<PartyObject>, Error> {
    Ok(PartyPage::load(registry(ctx), snapshot, &viewer(ctx), parties).await?.objects())
}

/// Whether a viewer may read a party, be it there or not.
pub(crate) fn reads_party(viewer: &Viewer, party: PartyId) -> bool {
    match reading_of(viewer, "Query", "party") {
        Reading::Yes => true,
        Reading::OwnOnly => viewer.own_party() == Some(party),
        Reading::No => false,
    }
}

/// The items of a page that was read with one item more than asked for.
fn paged(
    page: &std::sync::Arc<PartyPage>,
    (size, is_later): (usize, bool),
    cursor: impl Fn(PartyId) -> String,
) -> (Vec<PartyEdge>, PageInfo) {
    let mut nodes = page.objects();
    let has_next_page = nodes.len() > size;
    nodes.truncate(size);
    let edge = |node: PartyObject| PartyEdge { cursor: cursor(node.party_id()), node };
    let edges: Vec<_> = nodes.into_iter().map(edge).collect();
    let page_info = PageInfo {
        has_next_page,
        has_previous_page: is_later,
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    (edges, page_info)
}
