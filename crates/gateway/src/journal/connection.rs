//! A page of acts.

use std::sync::Arc;

use async_graphql::{Context, Error, Object, SimpleObject};
use yulin_domain::journal::{Entry, Subject};
use yulin_persistence::{ActFilter, Snapshot};

use super::{ActObject, Histories};
use crate::disclosure::{Reading, reading_of};
use crate::errors::fault;
use crate::request::{registry, viewer};
use crate::schema::{Bookmark, Bookmarks, PageInfo};

/// A page of acts and the list it is cut from.
pub struct ActConnection {
    edges: Vec<ActEdge>,
    page_info: PageInfo,
    list: ActList,
}

/// What a page of acts is cut from.
pub(super) enum ActList {
    /// The acts of the journal that meet a filter.
    Journal { filter: ActFilter, snapshot: Snapshot },
    /// The acts of one subject of a page.
    History { of: Arc<Histories>, subject: Subject },
}

/// Where a page of acts stands in its list.
pub(super) struct PagePlace<'a> {
    pub snapshot: Snapshot,
    /// The question, hashed.
    pub asked: &'a str,
    pub size: usize,
    /// Whether it was reached by a cursor.
    pub is_later: bool,
}

impl ActConnection {
    /// The page of entries that were read with one more than it shows.
    pub(super) fn of(ctx: &Context<'_>, mut found: Vec<Arc<Entry>>, place: &PagePlace<'_>, list: ActList) -> Self {
        let bookmarks = ctx.data_unchecked::<Bookmarks>();
        let has_next_page = found.len() > place.size;
        found.truncate(place.size);
        let reads_acts = reading_of(&viewer(ctx), "Query", "act") == Reading::Yes;
        let node = |entry| match &list {
            // Whoever reads acts for what is his own is told of that alone.
            ActList::History { subject, .. } if !reads_acts => ActObject::on(entry, *subject),
            ActList::History { .. } | ActList::Journal { .. } => ActObject::whole(entry),
        };
        let edge = |entry: Arc<Entry>| ActEdge {
            cursor: bookmarks.write(&Bookmark::at(&place.snapshot, place.asked, entry.header.seq)),
            node: node(entry),
        };
        let edges: Vec<_> = found.into_iter().map(edge).collect();
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: place.is_later,
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: edges.last().map(|edge| edge.cursor.clone()),
        };
        Self { edges, page_info, list }
    }
}

/// A page of acts (登记行为分页).
#[Object]
impl ActConnection {
    /// The items with their cursors (带游标的条目).
    async fn edges(&self) -> &[ActEdge] {
        &self.edges
    }

    /// The items (条目).
    async fn nodes(&self) -> Vec<ActObject> {
        self.edges.iter().map(|edge| edge.node.clone()).collect()
    }

    /// Where the page lies in the list (分页信息).
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many acts the list holds on all pages; counted only when selected (总数).
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, Error> {
        match &self.list {
            ActList::Journal { filter, snapshot } => {
                registry(ctx).count_acts(snapshot, filter).await.map_err(|why| fault(&why))
            }
            ActList::History { of, subject } => of.length(*subject).await,
        }
    }
}

/// An act with its cursor (带游标的登记行为).
#[derive(SimpleObject)]
pub struct ActEdge {
    /// The cursor of the item (游标).
    pub cursor: String,
    /// The item (条目).
    pub node: ActObject,
}
