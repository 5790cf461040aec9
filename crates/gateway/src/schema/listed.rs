//! Pages of lists that are read forward, each item with its cursor; all pages are of the entry of the first one.

use std::fmt::Debug;
use std::future::Future;

use async_graphql::{Context, Error, Object, OutputType, SimpleObject};
use serde::{Serialize, de::DeserializeOwned};
use yulin_persistence::{PersistenceError, Registry, Snapshot};

use super::cursor::{Bookmark, Bookmarks, asked_hash};
use super::page::{PageInfo, page_size};
use crate::errors::{fault, refused_error};
use crate::factor::{AccountObject, HoldObject, TransferObject};
use crate::journal::ScheduleObject;
use crate::party::{PartyObject, PrincipalObject};
use crate::request::{registry, snapshot_at, viewer};

/// What stands in such lists.
pub trait Item: OutputType + Clone {
    /// The keys by which the list is ordered.
    type Place: Serialize + DeserializeOwned;
    /// What was asked, as the registry counts it.
    type Question: Send + Sync;

    /// The item's keys.
    fn place(&self) -> Self::Place;

    /// How many there are on all pages.
    fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> impl Future<Output = Result<u64, PersistenceError>> + Send;
}

/// Where a page begins, and how many items it may have.
pub struct Cut<P> {
    pub snapshot: Snapshot,
    pub after: Option<P>,
    size: usize,
    /// The question, hashed.
    asked: String,
    is_later: bool,
}

impl<P: DeserializeOwned> Cut<P> {
    /// Reads the arguments of a list; the first page is of the snapshot that `present` takes.
    pub async fn read(
        ctx: &Context<'_>,
        question: &(impl Debug + Sync),
        (first, after): (Option<i32>, Option<String>),
        present: impl Future<Output = Result<Snapshot, Error>>,
    ) -> Result<Self, Error> {
        let size = page_size(first)?;
        let asked = asked_hash(&(question, viewer(ctx).standpoint()));
        let read = |cursor: String| ctx.data_unchecked::<Bookmarks>().read::<P>(&cursor, &asked);
        let place = after.map(read).transpose().map_err(|refused| refused_error(&refused))?;
        let is_later = place.is_some();
        let (snapshot, after) = match place {
            Some(place) => (snapshot_at(ctx, place.as_of()).await?, Some(place.keys)),
            None => (present.await?, None),
        };
        Ok(Self { snapshot, after, size, asked, is_later })
    }

    /// How many items to read: one more than the page may have, which tells whether another follows.
    pub const fn limit(&self) -> u64 {
        self.size as u64 + 1
    }

    /// The items of the page of those that were read, and whether more follow.
    pub fn shown<T>(&self, mut found: Vec<T>) -> (Vec<T>, bool) {
        let has_next_page = found.len() > self.size;
        found.truncate(self.size);
        (found, has_next_page)
    }
}

/// A page of a list.
pub struct Listed<T: Item> {
    edges: Vec<Edge<T>>,
    page_info: PageInfo,
    snapshot: Snapshot,
    /// None where the viewer may see nothing of what was asked.
    question: Option<T::Question>,
}

impl<T: Item> Listed<T> {
    /// The page of what was shown.
    pub fn of(
        ctx: &Context<'_>,
        cut: &Cut<T::Place>,
        (nodes, has_next_page): (Vec<T>, bool),
        question: Option<T::Question>,
    ) -> Self {
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let cursor = |node: &T| bookmarks.write(&Bookmark::at(&cut.snapshot, &cut.asked, node.place()));
        let edges: Vec<_> = nodes.into_iter().map(|node| Edge { cursor: cursor(&node), node }).collect();
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: cut.is_later,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Self { edges, page_info, snapshot: cut.snapshot, question }
    }

    /// The page of a list of which the viewer may see nothing.
    pub fn nothing(ctx: &Context<'_>, cut: &Cut<T::Place>) -> Self {
        Self::of(ctx, cut, (Vec::new(), false), None)
    }
}

/// A page of a list (分页).
#[Object(
    concrete(name = "AccountConnection", params(AccountObject)),
    concrete(name = "HoldConnection", params(HoldObject)),
    concrete(name = "PartyConnection", params(PartyObject)),
    concrete(name = "PrincipalConnection", params(PrincipalObject)),
    concrete(name = "ScheduleConnection", params(ScheduleObject)),
    concrete(name = "TransferConnection", params(TransferObject))
)]
impl<T: Item> Listed<T>
where
    Edge<T>: OutputType,
{
    /// The items with their cursors (带游标的条目).
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The items (条目).
    async fn nodes(&self) -> Vec<T> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page lies in the list (分页信息).
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many answer the question on all pages; counted only when selected (总数).
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        match &self.question {
            Some(question) => T::count(registry(ctx), &self.snapshot, question).await.map_err(|why| fault(&why)),
            None => Ok(0),
        }
    }
}

/// An item of a list with its cursor (带游标的条目).
#[derive(SimpleObject)]
#[graphql(
    concrete(name = "AccountEdge", params(AccountObject)),
    concrete(name = "HoldEdge", params(HoldObject)),
    concrete(name = "PartyEdge", params(PartyObject)),
    concrete(name = "PrincipalEdge", params(PrincipalObject)),
    concrete(name = "ScheduleEdge", params(ScheduleObject)),
    concrete(name = "TransferEdge", params(TransferObject))
)]
pub struct Edge<T: OutputType> {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: T,
}
