//! Reading parties.

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::codes::PartyKind;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{PartyId, RecordKind, Refused};
use yulin_persistence::{PartyFilter, Snapshot};

use super::{PartyObject, PartyPage, PrincipalObject, PrincipalPage};
use crate::codes::Chosen;
use crate::disclosure::{Reading, may_read_all, reading_of};
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{Viewer, registry, snapshot, viewer};
use crate::scalars::{AsOfInput, read_id};
use crate::schema::{Cut, Listed};

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
    ) -> Result<Listed<PartyObject>, Error> {
        may_read_all(&viewer(ctx), "parties")?;
        let filter = filter.unwrap_or_default();
        let question = ("parties", &filter, &as_of);
        let cut = Cut::read(ctx, &question, (first, after), snapshot(ctx, as_of.clone())).await?;
        let PartyFilterInput { text, kind, credit_code, external } = filter;
        let filter = PartyFilter { text, kind: kind.map(|kind| kind.0), credit_code, external };
        let found = registry(ctx).parties(&cut.snapshot, &filter, cut.after, cut.limit()).await;
        let (found, more) = cut.shown(found.map_err(|why| fault(&why))?);
        let page = PartyPage::of(registry(ctx).clone(), cut.snapshot, viewer(ctx), found);
        Ok(Listed::of(ctx, &cut, (page.objects(), more), Some(filter)))
    }

    /// Principals in order of id: who may act, and in which roles; for officers (操作主体列表).
    async fn principals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Listed<PrincipalObject>, Error> {
        may_read_all(&viewer(ctx), "principals")?;
        let cut = Cut::read(ctx, &("principals", &as_of), (first, after), snapshot(ctx, as_of.clone())).await?;
        let found = registry(ctx).principals_after(&cut.snapshot, cut.after, cut.limit()).await;
        let (found, more) = cut.shown(found.map_err(|why| fault(&why))?);
        let page = PrincipalPage::of(registry(ctx), cut.snapshot, viewer(ctx), found);
        Ok(Listed::of(ctx, &cut, (page.objects(), more), Some(())))
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
