//! What a viewer may follow, as of a snapshot, and the short name of a feed by which a change of it is noticed.
//!
//! Whatever a role may not read in acts and histories it does not read here: the table of disclosure decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_graphql::Error;
use sha2::{Digest, Sha256};
use yulin_domain::codes::{Labelled, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::{AccountId, Refused, Subject};
use yulin_persistence::{AccountFilter, Feed, FeedScope, Registry, Snapshot};

use crate::disclosure::{Reading, reading_of};
use crate::errors::{fault, refused_error};
use crate::request::Viewer;

/// Accounts that one follower may have; more are followed under several keys.
const ACCOUNTS_MAX: u64 = 20_000;
/// Bytes of the digest that are shown.
const DIGEST_LENGTH: usize = 12;

/// What a viewer may follow as of a snapshot; FORBIDDEN where he may not follow at all.
pub async fn scope_of(registry: &Registry, snapshot: &Snapshot, viewer: &Viewer) -> Result<FeedScope, Error> {
    match reading_of(viewer, "Query", "events") {
        Reading::Yes => Ok(FeedScope::Everything),
        Reading::OwnOnly => Ok(FeedScope::Subjects(Arc::new(own_subjects(registry, snapshot, viewer).await?))),
        Reading::No => Err(refused_error(&Refused::new(ErrorCode::Forbidden).at("events"))),
    }
}

/// An enterprise follows its party, and the parcels in which it holds a right when the answer is given: as in their
/// histories, what was recorded since is not for who held it only then; and its accounts. A venue follows the accounts
/// that are opened to it, from the entry on that opened them.
async fn own_subjects(
    registry: &Registry,
    snapshot: &Snapshot,
    viewer: &Viewer,
) -> Result<BTreeMap<Subject, i64>, Error> {
    if viewer.role == Role::Venue {
        let venue = viewer.identity.as_ref().map(|identity| identity.principal);
        let Some(venue) = venue else { return Ok(BTreeMap::new()) };
        let filter = AccountFilter { venue: Some(venue), ..AccountFilter::default() };
        let open = accounts(registry, snapshot, &filter).await?;
        let opened = registry.opened_to_venue(snapshot, &open, venue).await.map_err(|why| fault(&why))?;
        let from = |account: &AccountId| opened.get(account).copied().unwrap_or(0);
        return Ok(open.iter().map(|account| (Subject::from(*account), from(account))).collect());
    }
    let Some(party) = viewer.own_party() else { return Ok(BTreeMap::new()) };
    let standing = Snapshot { valid: snapshot.recorded_at, ..*snapshot };
    let held = registry.parcels_held(&standing, party).await.map_err(|why| fault(&why))?;
    let filter = AccountFilter { holder: Some(party), ..AccountFilter::default() };
    let own = accounts(registry, snapshot, &filter).await?.into_iter().map(Subject::from);
    let own = own.chain(held.into_iter().map(Subject::from)).chain([party.into()]);
    Ok(own.map(|subject| (subject, 0)).collect())
}

async fn accounts(registry: &Registry, snapshot: &Snapshot, filter: &AccountFilter) -> Result<Vec<AccountId>, Error> {
    let found = registry.account_ids(snapshot, filter, None, ACCOUNTS_MAX).await.map_err(|why| fault(&why))?;
    if found.len() as u64 >= ACCOUNTS_MAX {
        return Err(refused_error(&Refused::new(ErrorCode::LimitExceeded).at("events").with("accounts", ACCOUNTS_MAX)));
    }
    Ok(found)
}

/// The short name of a feed: another for another journal, role, scope or filter, and the same for the same for ever.
pub fn digest(journal: &str, role: Role, feed: &Feed) -> String {
    let mut hash = Sha256::new_with_prefix("yulin.feed.1\n");
    hash.update(format!("{journal}\n{}\n", role.code()));
    if let FeedScope::Subjects(subjects) = &feed.scope {
        for (subject, from) in subjects.iter() {
            hash.update(format!("sees {subject} from {from}\n"));
        }
        hash.update("\n");
    }
    // By name: another order of the kinds is the same feed.
    let kinds: BTreeSet<_> = feed.filter.kinds.iter().map(|kind| kind.name()).collect();
    for kind in kinds {
        hash.update(format!("kind {kind}\n"));
    }
    for subject in &feed.filter.subjects {
        hash.update(format!("subject {subject}\n"));
    }
    hex::encode(hash.finalize().get(..DIGEST_LENGTH).unwrap_or_default())
}
