//! The histories of the subjects of a page: whoever of them is asked first reads those of all, in one statement.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Error};
use tokio::sync::{Mutex, OnceCell};
use yulin_domain::journal::{Entry, Subject};
use yulin_persistence::{ActFilter, Registry, Snapshot};

use super::connection::{ActConnection, ActList, PagePlace};
use crate::errors::{fault, refused_error};
use crate::request::{snapshot_at, viewer};
use crate::schema::{Bookmarks, asked_hash, page_size};

type BySubject = HashMap<Subject, Vec<Arc<Entry>>>;

/// The histories of subjects that are shown together.
pub struct Histories {
    registry: Registry,
    snapshot: Snapshot,
    subjects: Vec<Subject>,
    /// First pages by their size: a query may ask for several under aliases.
    first_pages: Mutex<HashMap<usize, Arc<BySubject>>>,
    lengths: OnceCell<HashMap<Subject, u64>>,
}

impl Histories {
    /// The histories of subjects; nothing is read yet.
    pub fn of(registry: Registry, snapshot: Snapshot, subjects: Vec<Subject>) -> Arc<Self> {
        let (first_pages, lengths) = (Mutex::new(HashMap::new()), OnceCell::new());
        Arc::new(Self { registry, snapshot, subjects, first_pages, lengths })
    }

    /// A page of one subject's acts, oldest first; the caller has asked whether they may be read.
    pub async fn page(
        self: &Arc<Self>,
        ctx: &Context<'_>,
        subject: Subject,
        (first, after): (Option<i32>, Option<String>),
    ) -> Result<ActConnection, Error> {
        let size = page_size(first)?;
        let asked = asked_hash(&("history", subject.to_string(), viewer(ctx).standpoint()));
        let list = ActList::History { of: Arc::clone(self), subject };
        let Some(cursor) = after else {
            let found = self.first_page(size).await?.get(&subject).cloned().unwrap_or_default();
            let place = PagePlace { snapshot: self.snapshot, asked: &asked, size, is_later: false };
            return Ok(ActConnection::of(ctx, found, &place, list));
        };
        let bookmark = ctx.data_unchecked::<Bookmarks>().read::<i64>(&cursor, &asked);
        let bookmark = bookmark.map_err(|refused| refused_error(&refused))?;
        let snapshot = snapshot_at(ctx, bookmark.as_of()).await?;
        let filter = ActFilter { subject: Some(subject), ..ActFilter::default() };
        let found = self.registry.acts(&snapshot, &filter, Some(bookmark.keys), size as u64 + 1).await;
        let found = found.map_err(|why| fault(&why))?.into_iter().map(Arc::new).collect();
        let place = PagePlace { snapshot, asked: &asked, size, is_later: true };
        Ok(ActConnection::of(ctx, found, &place, list))
    }

    /// How many acts a subject has.
    pub(super) async fn length(&self, subject: Subject) -> Result<u64, Error> {
        let read =
            || async { self.registry.history_lengths(&self.snapshot, &self.subjects).await.map_err(|why| fault(&why)) };
        Ok(self.lengths.get_or_try_init(read).await?.get(&subject).copied().unwrap_or(0))
    }

    async fn first_page(&self, size: usize) -> Result<Arc<BySubject>, Error> {
        let mut pages = self.first_pages.lock().await;
        if let Some(page) = pages.get(&size) {
            return Ok(Arc::clone(page));
        }
        let each = i64::try_from(size).unwrap_or(i64::MAX).saturating_add(1);
        let read = self.registry.histories(&self.snapshot, &self.subjects, each).await.map_err(|why| fault(&why))?;
        let shared = |(subject, entries): (Subject, Vec<Entry>)| (subject, entries.into_iter().map(Arc::new).collect());
        let page = Arc::new(read.into_iter().map(shared).collect::<BySubject>());
        pages.insert(size, Arc::clone(&page));
        Ok(page)
    }
}
