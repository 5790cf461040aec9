//! Reading the factor ledger.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::codes::{AccountPurpose, HoldKind, HoldState};
use yulin_domain::journal::{AccountId, FactorId, HoldId, RecordKind, Refused, TransferId};
use yulin_persistence::{AccountFilter, HoldFilter, Narrowed, Snapshot};

use super::access::{
    holds_by_ids, ledger_snapshot, may_ask, narrowed, narrowed_holds, reads_holds_on, transfers_by_ids, transfers_shown,
};
use super::statement::{StatementAsked, StatementObject};
use super::{AccountObject, AccountPage, FactorObject, FactorPage, HoldObject, Issuances, LotObject, TransferObject};
use crate::codes::Chosen;
use crate::disclosure::{Asked, check_asked, given, may_read_all};
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{registry, viewer};
use crate::scalars::{AsOfInput, Decimal, Timestamp, read_id};
use crate::schema::{Cut, Listed};

/// Stages of a life that are told at once.
const LIFE_MAX: u64 = 1_000;

/// Which accounts are asked for; all conditions must be met (账户筛选).
#[derive(Debug, Clone, Default, InputObject)]
pub struct AccountFilterInput {
    /// The code (账户编码).
    pub code: Option<String>,
    /// The factor (要素).
    pub factor: Option<ID>,
    /// What it is for (用途).
    pub purpose: Option<Chosen<AccountPurpose>>,
    /// Whose it is (持有人).
    pub holder: Option<ID>,
    /// The parcel it is bound to (绑定宗地).
    pub parcel: Option<ID>,
    /// Open to this venue (授权交易平台).
    pub venue: Option<ID>,
    /// Whether some book differs about it, so that it is not traded on (是否对账暂停).
    pub blocked: Option<bool>,
}

impl AccountFilterInput {
    /// By what it is asked.
    fn asked(&self) -> Asked {
        let Self { code, factor, purpose, holder, parcel, venue, blocked } = self;
        let members = given([
            ("code", code.is_some()),
            ("factor", factor.is_some()),
            ("purpose", purpose.is_some()),
            ("holder", holder.is_some()),
            ("parcel", parcel.is_some()),
            ("venue", venue.is_some()),
            ("blocked", blocked.is_some()),
        ]);
        Asked { at: "filter", input: "AccountFilterInput", members }
    }

    fn read(self) -> Result<AccountFilter, Refused> {
        let Self { code, factor, purpose, holder, parcel, venue, blocked } = self;
        Ok(AccountFilter {
            code,
            factor: maybe(RecordKind::Factor, factor, "filter.factor")?,
            purpose: purpose.map(|purpose| purpose.0),
            holder: maybe(RecordKind::Party, holder, "filter.holder")?,
            parcel: maybe(RecordKind::Parcel, parcel, "filter.parcel")?,
            venue: maybe(RecordKind::Principal, venue, "filter.venue")?,
            blocked,
            within: None,
        })
    }
}

fn maybe<T: std::str::FromStr>(kind: RecordKind, id: Option<ID>, field: &str) -> Result<Option<T>, Refused> {
    id.map(|id| read_id(kind, &id, field)).transpose()
}

/// Reading the factor ledger.
#[derive(Debug, Default)]
pub struct FactorQuery;

/// The factor ledger (要素账本查询).
#[Object]
impl FactorQuery {
    /// All factors, in order of code (要素品种列表).
    async fn factors(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<FactorObject>, Error> {
        let snapshot = ledger_snapshot(ctx, as_of).await?;
        let mut found = registry(ctx).factors(&snapshot).await.map_err(|why| fault(&why))?;
        found.sort_by(|one, other| one.state.code.cmp(&other.state.code));
        Ok(FactorPage::of(registry(ctx), snapshot, found).objects())
    }

    /// One factor by its code; null where there is none (按代码查要素品种).
    async fn factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, such as `COD` (代码)")] code: String,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<FactorObject> {
        or_null(async {
            let snapshot = ledger_snapshot(ctx, as_of).await?;
            let mut found = registry(ctx).factors(&snapshot).await.map_err(|why| fault(&why))?;
            found.retain(|factor| factor.state.code == code);
            Ok(FactorPage::of(registry(ctx), snapshot, found).objects().pop())
        })
        .await
    }

    /// One account; null where there is none, or it is not to be seen. Balance and open holds answer as of one entry
    /// (查账户).
    async fn account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account (账户标识)")] id: ID,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<AccountObject> {
        or_null(async {
            let id: AccountId = read_id(RecordKind::Account, &id, "id").map_err(|refused| refused_error(&refused))?;
            let snapshot = ledger_snapshot(ctx, as_of).await?;
            account_by_id(ctx, snapshot, id).await
        })
        .await
    }

    /// Accounts in order of code; of those, the ones the viewer may see (账户列表).
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which accounts (筛选)")] filter: Option<AccountFilterInput>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Listed<AccountObject>, Error> {
        let viewer = viewer(ctx);
        may_ask(&viewer, "accounts")?;
        let filter = filter.unwrap_or_default();
        let question = ("accounts", &filter, &as_of);
        let cut = Cut::read(ctx, &question, (first, after), ledger_snapshot(ctx, as_of.clone())).await?;
        let by = filter.asked();
        let filter = filter.read().map_err(|refused| refused_error(&refused))?;
        check_asked(&viewer, &by, filter.holder).map_err(|refused| refused_error(&refused))?;
        let Some(filter) = narrowed(&viewer, filter) else { return Ok(Listed::nothing(ctx, &cut)) };
        let ids = registry(ctx).account_ids(&cut.snapshot, &filter, cut.after.clone(), cut.limit()).await;
        let (ids, more) = cut.shown(ids.map_err(|why| fault(&why))?);
        let page = AccountPage::load(registry(ctx), cut.snapshot, &viewer, &ids).await?;
        let nodes = ids.into_iter().filter_map(|id| page.object(id)).collect();
        Ok(Listed::of(ctx, &cut, (nodes, more), Some(filter)))
    }

    /// What happened on an account after one instant and up to another, with what lay there at both; of a venue, after the
    /// account was opened to it. Null where the account is not to be seen (对账单).
    async fn statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account (账户标识)")] account: ID,
        #[graphql(desc = "Entries recorded after this instant; the beginning where left out (起)")] from: Option<
            Timestamp,
        >,
        #[graphql(desc = "Up to when; the present where left out (止)")] to: Option<AsOfInput>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
    ) -> OrNull<StatementObject> {
        or_null(async {
            let id: AccountId =
                read_id(RecordKind::Account, &account, "account").map_err(|refused| refused_error(&refused))?;
            let snapshot = ledger_snapshot(ctx, to).await?;
            let Some(account) = account_by_id(ctx, snapshot, id).await? else { return Ok(None) };
            let factor = account.page.factor(account.state().factor).await?;
            let read_after = account.page.read_after(id).await?;
            let asked = StatementAsked { account: id, read_after, from, first, after };
            StatementObject::read(ctx, snapshot, asked, factor).await.map(Some)
        })
        .await
    }

    /// One hold; null where there is none, or its account is not to be seen (查冻结).
    async fn hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the hold (冻结标识)")] id: ID,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<HoldObject> {
        or_null(async {
            let id: HoldId = read_id(RecordKind::Hold, &id, "id").map_err(|refused| refused_error(&refused))?;
            let snapshot = ledger_snapshot(ctx, as_of).await?;
            Ok(holds_by_ids(ctx, snapshot, &[id]).await?.pop())
        })
        .await
    }

    /// Holds of an account or of a venue by state and kind, such as those that expired, in order of id. Officers may leave
    /// account and venue out, as for all payouts that wait; a holder names the account (冻结列表).
    #[allow(clippy::too_many_arguments)]
    async fn holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On this account (账户标识)")] account: Option<ID>,
        #[graphql(desc = "In this state (状态)")] state: Option<Chosen<HoldState>>,
        #[graphql(desc = "Of this kind (种类)")] kind: Option<Chosen<HoldKind>>,
        #[graphql(desc = "Placed by this principal (设立人)")] placed_by: Option<ID>,
        #[graphql(desc = "With this reference (业务参考号)")] reference: Option<String>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Listed<HoldObject>, Error> {
        let viewer = viewer(ctx);
        may_ask(&viewer, "holds")?;
        let read = || -> Result<_, Refused> {
            let account = maybe(RecordKind::Account, account, "account")?;
            let placed_by = maybe(RecordKind::Principal, placed_by, "placedBy")?;
            let (state, kind) = (state.map(|state| state.0), kind.map(|kind| kind.0));
            narrowed_holds(&viewer, HoldFilter { account, state, kind, placed_by, reference, within: None })
        };
        let filter = read().map_err(|refused| refused_error(&refused))?;
        let question = ("holds", &filter, &as_of);
        let cut = Cut::read(ctx, &question, (first, after), ledger_snapshot(ctx, as_of.clone())).await?;
        let Some(filter) = filter else { return Ok(Listed::nothing(ctx, &cut)) };
        if !reads_holds_on(ctx, &cut.snapshot, filter.account).await? {
            return Ok(Listed::nothing(ctx, &cut));
        }
        let ids = registry(ctx).hold_ids(&cut.snapshot, &filter, cut.after, cut.limit()).await;
        let (ids, more) = cut.shown(ids.map_err(|why| fault(&why))?);
        let nodes = holds_by_ids(ctx, cut.snapshot, &ids).await?;
        Ok(Listed::of(ctx, &cut, (nodes, more), Some(filter)))
    }

    /// One transfer; null where there is none, or none of its accounts is to be seen (查划转).
    async fn transfer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the transfer (划转标识)")] id: ID,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<TransferObject> {
        or_null(async {
            let id: TransferId = read_id(RecordKind::Transfer, &id, "id").map_err(|refused| refused_error(&refused))?;
            let snapshot = ledger_snapshot(ctx, as_of).await?;
            Ok(transfers_by_ids(ctx, snapshot, &[id]).await?.pop())
        })
        .await
    }

    /// Transfers that an outside register has yet to confirm or reject, in order of id; for officers (待外部登记确认的划转).
    async fn awaiting_transfers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items, at most 500 (数量)")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last item seen (游标)")] after: Option<String>,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Listed<TransferObject>, Error> {
        may_read_all(&viewer(ctx), "awaitingTransfers")?;
        let within = viewer(ctx).narrowed().and_then(Narrowed::factors).cloned();
        let question = ("awaitingTransfers", &as_of);
        let cut = Cut::read(ctx, &question, (first, after), ledger_snapshot(ctx, as_of.clone())).await?;
        let read = registry(ctx).awaiting_transfers(&cut.snapshot, within.as_ref(), cut.after, cut.limit());
        let (found, more) = cut.shown(read.await.map_err(|why| fault(&why))?);
        let nodes = transfers_shown(ctx, cut.snapshot, found).await?;
        Ok(Listed::of(ctx, &cut, (nodes, more), Some(within)))
    }

    /// The life of units from issue to retirement: every lot that ever held some of these numbers, oldest first, at most
    /// 1000; for officers (指标生命周期).
    async fn unit_life(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The factor (要素标识)")] factor: ID,
        #[graphql(desc = "The first number (起始号)")] from: Decimal,
        #[graphql(desc = "The number after the last (终止号，不含)")] to: Decimal,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<LotObject>, Error> {
        may_read_all(&viewer(ctx), "unitLife")?;
        let read = || -> Result<_, Refused> {
            let factor: FactorId = read_id(RecordKind::Factor, &factor, "factor")?;
            Ok((factor, from.scaled(0, "from")?, to.scaled(0, "to")?))
        };
        let (factor, from, to) = read().map_err(|refused| refused_error(&refused))?;
        if !viewer(ctx).sees_books_of(factor) {
            return Ok(Vec::new());
        }
        let snapshot = ledger_snapshot(ctx, as_of).await?;
        let life = registry(ctx).life_of_units(&snapshot, factor, (from, to), LIFE_MAX).await;
        let life = life.map_err(|why| fault(&why))?;
        let issuances = Issuances::of(registry(ctx), snapshot, life.iter().map(|life| &life.lot));
        Ok(life.into_iter().map(|life| LotObject::lived(life, Arc::clone(&issuances))).collect())
    }
}

async fn account_by_id(ctx: &Context<'_>, snapshot: Snapshot, id: AccountId) -> Result<Option<AccountObject>, Error> {
    let viewer = viewer(ctx);
    may_ask(&viewer, "account")?;
    Ok(AccountPage::load(registry(ctx), snapshot, &viewer, &[id]).await?.object(id))
}
