//! What a feed must hold, as the journal itself says.

use yulin_domain::journal::{Entry, EntryBody, Subject};
use yulin_persistence::ActFilter;

use crate::TestRegistry;

/// Entries that are read at once.
const PAGE: u64 = 5_000;

/// The entries that meet a condition, in order.
pub async fn part_of(t: &TestRegistry, meets: impl Fn(&Entry) -> bool) -> Vec<i64> {
    let (now, mut last, mut part) = (t.now().await, None, Vec::new());
    loop {
        let page = t.registry.acts(&now, &ActFilter::default(), last, PAGE).await.expect("entries are read");
        let Some(newest) = page.last() else { return part };
        last = Some(newest.header.seq);
        part.extend(page.iter().filter(|entry| meets(entry)).map(|entry| entry.header.seq));
    }
}

/// Whether an entry changed something of these subjects.
pub fn touches(entry: &Entry, subjects: &[Subject]) -> bool {
    let body = EntryBody::decode(&entry.body).expect("a body is read");
    let changes = body.read_changes().expect("changes are read");
    changes.iter().any(|change| subjects.contains(&change.subject))
}
