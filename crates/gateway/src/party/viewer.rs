//! Who asks, as he is told himself.

use async_graphql::{Context, Error, ID, Object};
use tokio::sync::OnceCell;
use yulin_domain::codes::Role;
use yulin_persistence::{Narrowed, Snapshot};

use super::{PartyObject, PartyPage};
use crate::codes::Chosen;
use crate::district::{DistrictBook, DistrictObject};
use crate::errors::fault;
use crate::factor::{FactorObject, FactorPage};
use crate::request::{SessionUntil, Viewer, registry, snapshot, viewer};
use crate::scalars::{Timestamp, write_id};

/// Who asks.
#[derive(Debug)]
pub struct ViewerObject {
    viewer: Viewer,
    snapshot: OnceCell<Snapshot>,
}

impl ViewerObject {
    /// As of when the registry is asked about him; nobody needs it to be told his role.
    async fn snapshot(&self, ctx: &Context<'_>) -> Result<Snapshot, Error> {
        self.snapshot.get_or_try_init(|| snapshot(ctx, None)).await.copied()
    }
}

/// Who asks: in which role, on whose behalf, and how far his key opens the registry (当前访问者).
#[Object(name = "Viewer")]
impl ViewerObject {
    /// The role in which he asks; `PUBLIC` without a key (当前角色).
    async fn role(&self) -> Chosen<Role> {
        self.viewer.role.into()
    }

    /// The id of the principal who asks, as `author` and `placedBy` name him; null without a key (操作主体标识).
    async fn principal_id(&self) -> Option<ID> {
        self.viewer.identity.as_ref().map(|identity| write_id(identity.principal))
    }

    /// The name under which he is registered; null without a key (名称).
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>, Error> {
        let Some(identity) = &self.viewer.identity else { return Ok(None) };
        let found = registry(ctx).principals_by_ids(&self.snapshot(ctx).await?, &[identity.principal]).await;
        Ok(found.map_err(|why| fault(&why))?.pop().map(|principal| principal.state.name))
    }

    /// The party whose own data he reads as `ENTERPRISE` (所属主体).
    async fn party(&self, ctx: &Context<'_>) -> Result<Option<PartyObject>, Error> {
        let Some(party) = self.viewer.own_party() else { return Ok(None) };
        let page = PartyPage::load(registry(ctx), self.snapshot(ctx).await?, &self.viewer, vec![party]).await?;
        Ok(page.object(party))
    }

    /// The districts to which his key is narrowed, with what lies below them; null where it opens all land
    /// (密钥限定的辖区).
    async fn districts(&self, ctx: &Context<'_>) -> Result<Option<Vec<DistrictObject>>, Error> {
        let Some(narrowed) = self.viewer.narrowed().filter(|narrowed| narrowed.districts().is_some()) else {
            return Ok(None);
        };
        let book = DistrictBook::load(registry(ctx), self.snapshot(ctx).await?).await?;
        Ok(Some(narrowed.narrowing().districts().iter().filter_map(|id| book.object(*id)).collect()))
    }

    /// The factors to which his key is narrowed; null where it opens the whole ledger (密钥限定的要素).
    async fn factors(&self, ctx: &Context<'_>) -> Result<Option<Vec<FactorObject>>, Error> {
        let Some(factors) = self.viewer.narrowed().and_then(Narrowed::factors) else { return Ok(None) };
        let (snapshot, ids) = (self.snapshot(ctx).await?, factors.iter().copied().collect::<Vec<_>>());
        let found = registry(ctx).factors_by_ids(&snapshot, &ids).await.map_err(|why| fault(&why))?;
        Ok(Some(FactorPage::of(registry(ctx), snapshot, found).objects()))
    }

    /// When the token ends by which he signed in; null where he came by a key (登录令牌到期时间).
    async fn signed_in_until(&self, ctx: &Context<'_>) -> Option<Timestamp> {
        ctx.data_opt::<SessionUntil>().map(|until| until.0.into())
    }
}

/// Reading who asks.
#[derive(Debug, Default)]
pub struct ViewerQuery;

/// Who asks (当前访问者查询).
#[Object]
impl ViewerQuery {
    /// Who asks: a client finds out here which of its keys it holds, and what that opens (当前访问者).
    async fn viewer(&self, ctx: &Context<'_>) -> ViewerObject {
        ViewerObject { viewer: viewer(ctx), snapshot: OnceCell::new() }
    }
}
