//! Who sees which account, and what hangs on it: officers all, a holder his own, a venue those opened to it.

use std::sync::Arc;

use async_graphql::{Context, Error};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Hold};
use yulin_domain::journal::{AccountId, HoldId, TransferId};
use yulin_persistence::{AccountFilter, Snapshot};

use super::{AccountPage, HoldObject, TransferObject};
use crate::disclosure::{Reading, reading};
use crate::errors::{coded, fault};
use crate::request::{Viewer, registry, viewer};

/// Refuses who may read no account at all.
pub fn may_ask(viewer: &Viewer, field: &'static str) -> Result<(), Error> {
    match reading(viewer.role, "Query", field) {
        Reading::Yes | Reading::OwnOnly => Ok(()),
        Reading::No => Err(coded(ErrorCode::Forbidden, field)),
    }
}

/// Whether a viewer sees an account.
pub fn sees(viewer: &Viewer, account: &Account) -> bool {
    match reading(viewer.role, "Query", "account") {
        Reading::Yes => true,
        Reading::No => false,
        Reading::OwnOnly if viewer.role == Role::Venue => {
            viewer.identity.as_ref().is_some_and(|identity| account.venues.contains(&identity.principal))
        }
        Reading::OwnOnly => account.holder.is_some() && account.holder == viewer.own_party(),
    }
}

/// The question narrowed to what the viewer may see; none where he may see nothing of it.
pub fn narrowed(viewer: &Viewer, filter: AccountFilter) -> Option<AccountFilter> {
    match reading(viewer.role, "Query", "accounts") {
        Reading::Yes => Some(filter),
        Reading::No => None,
        Reading::OwnOnly if viewer.role == Role::Venue => {
            let own = viewer.identity.as_ref().map(|identity| identity.principal)?;
            let asks = filter.venue.is_none_or(|venue| venue == own);
            asks.then_some(AccountFilter { venue: Some(own), ..filter })
        }
        Reading::OwnOnly => {
            let own = viewer.own_party()?;
            let asks = filter.holder.is_none_or(|holder| holder == own);
            asks.then_some(AccountFilter { holder: Some(own), ..filter })
        }
    }
}

/// Whether a viewer sees a hold on an account that he sees: of a venue, those that it placed; what others set aside is told
/// as a sum by the balance.
pub fn sees_hold(viewer: &Viewer, hold: &Hold) -> bool {
    let own = viewer.identity.as_ref().map(|identity| identity.principal);
    viewer.role != Role::Venue || own == Some(hold.placed_by)
}

/// Holds that the viewer may see, in order of id.
pub(crate) async fn holds_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    ids: &[HoldId],
) -> Result<Vec<HoldObject>, Error> {
    let viewer = viewer(ctx);
    may_ask(&viewer, "hold")?;
    let found = registry(ctx).holds_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
    let accounts: Vec<_> = found.iter().map(|hold| hold.state.account).collect();
    let page = AccountPage::load(registry(ctx), snapshot, &viewer, &accounts).await?;
    let seen = found.into_iter().filter(|hold| page.shows(hold.state.account) && sees_hold(&viewer, &hold.state));
    Ok(seen.map(|hold| HoldObject { hold: Arc::new(hold), page: Arc::clone(&page) }).collect())
}

/// Transfers of which the viewer may see an account, in order of id.
pub(crate) async fn transfers_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    ids: &[TransferId],
) -> Result<Vec<TransferObject>, Error> {
    let viewer = viewer(ctx);
    may_ask(&viewer, "transfer")?;
    let found = registry(ctx).transfers_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
    let ends = |movement: &yulin_domain::factor::Movement| [movement.from, movement.to];
    let accounts: Vec<AccountId> = found.iter().flat_map(|one| one.state.movements.iter().flat_map(ends)).collect();
    let page = AccountPage::load(registry(ctx), snapshot, &viewer, &accounts).await?;
    let touches = |transfer: &yulin_domain::factor::Transfer| {
        transfer.movements.iter().flat_map(ends).any(|account| page.shows(account))
    };
    let seen = found.into_iter().filter(|transfer| touches(&transfer.state));
    Ok(seen.map(|transfer| TransferObject { transfer: Arc::new(transfer), page: Arc::clone(&page) }).collect())
}
