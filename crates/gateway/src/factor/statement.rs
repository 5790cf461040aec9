//! Statements: what lay on an account at one instant, what happened until another, and what lay there then.

use async_graphql::{Context, Error, Object};
use yulin_domain::journal::AccountId;
use yulin_persistence::{AsOf, EntryLine, RecordedAt, Snapshot, SnapshotRefused};

use super::{BalanceObject, EntryObject, FactorObject};
use crate::errors::{fault, refused_error, snapshot_error};
use crate::request::{registry, snapshot_at, viewer};
use crate::scalars::{Seq, Timestamp};
use crate::schema::{Bookmark, Bookmarks, PageInfo, asked_hash, page_size};

/// What is asked of a statement.
#[derive(Debug)]
pub struct StatementAsked {
    pub account: AccountId,
    /// The entry after which the viewer reads.
    pub read_after: i64,
    pub from: Option<Timestamp>,
    pub first: Option<i32>,
    pub after: Option<String>,
}

/// A statement of an account.
pub struct StatementObject {
    opening: BalanceObject,
    closing: BalanceObject,
    from_seq: i64,
    to_seq: i64,
    lines: Vec<EntryLine>,
    page_info: PageInfo,
}

impl StatementObject {
    /// Reads a statement up to a snapshot.
    pub async fn read(
        ctx: &Context<'_>,
        closing: Snapshot,
        asked: StatementAsked,
        factor: Option<FactorObject>,
    ) -> Result<Self, Error> {
        let StatementAsked { account, read_after, from, first, after } = asked;
        let opening = match from {
            Some(from) => opened(ctx, from).await?.max(read_after),
            None => read_after,
        };
        let registry = registry(ctx);
        let size = page_size(first)?;
        let hash = asked_hash(&("statement", account, opening, viewer(ctx).standpoint()));
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let place = after.map(|cursor| bookmarks.read::<(i64, i64)>(&cursor, &hash)).transpose();
        let place = place.map_err(|refused| refused_error(&refused))?;
        let is_later = place.is_some();
        // A later page tells of the same time as the first.
        let closing = match &place {
            Some(place) => snapshot_at(ctx, place.as_of()).await?,
            None => closing,
        };
        let read = registry.entries_of(&closing, account, (opening + 1, place.map(|at| at.keys)), size as u64 + 1);
        let mut lines = read.await.map_err(|why| fault(&why))?;
        let has_next_page = lines.len() > size;
        lines.truncate(size);
        let cursor = |line: &EntryLine| bookmarks.write(&Bookmark::at(&closing, &hash, (line.seq, line.place)));
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: is_later,
            start_cursor: lines.first().map(cursor),
            end_cursor: lines.last().map(cursor),
        };
        let balance = |seq: i64| async move {
            let snapshot = Snapshot { seq, ..closing };
            let found = registry.balances(&snapshot, &[account]).await.map_err(|why| fault(&why))?;
            Ok::<_, Error>(found.get(&account).copied().unwrap_or_default())
        };
        let of = |balance| BalanceObject { balance, factor: factor.clone() };
        Ok(Self {
            opening: of(balance(opening).await?),
            closing: of(balance(closing.seq).await?),
            from_seq: opening,
            to_seq: closing.seq,
            lines,
            page_info,
        })
    }
}

/// The last entry recorded by an instant; none before the first.
async fn opened(ctx: &Context<'_>, from: Timestamp) -> Result<i64, Error> {
    let from = from.instant("from").map_err(|refused| refused_error(&refused))?;
    let as_of = AsOf { valid: None, recorded: Some(RecordedAt::At(from)) };
    match registry(ctx).snapshot(as_of, None).await {
        Ok(snapshot) => Ok(snapshot.seq),
        Err(SnapshotRefused::BeforeBeginning(_)) => Ok(0),
        Err(refused) => Err(snapshot_error(&refused)),
    }
}

/// What happened on an account between two entries of the journal (对账单).
#[Object(name = "Statement")]
impl StatementObject {
    /// What lay there at its beginning (期初余额).
    async fn opening(&self) -> &BalanceObject {
        &self.opening
    }

    /// What lay there at its end (期末余额).
    async fn closing(&self) -> &BalanceObject {
        &self.closing
    }

    /// The entry after which it begins (起始登记序号).
    async fn from_seq(&self) -> Seq {
        Seq(self.from_seq)
    }

    /// The entry with which it ends (截止登记序号).
    async fn to_seq(&self) -> Seq {
        Seq(self.to_seq)
    }

    /// The entries of this page, oldest first (分录).
    async fn nodes(&self) -> Vec<EntryObject> {
        self.lines.iter().cloned().map(EntryObject).collect()
    }

    /// Where the page lies in the statement (分页信息).
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }
}
