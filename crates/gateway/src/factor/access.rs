//! Who sees which account, and what hangs on it: officers all, a holder his own, a venue those opened to it.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Error};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Account, Hold, Transfer};
use yulin_domain::journal::{AccountId, HoldId, PrincipalId, Refused, TransferId};
use yulin_persistence::{AccountFilter, HoldFilter, Narrowed, Registry, Snapshot, Versioned};

use super::{AccountPage, HoldObject, TransferObject};
use crate::disclosure::{Reading, reading_of};
use crate::errors::{coded, fault, refused_error};
use crate::request::{Viewer, registry, snapshot, viewer};
use crate::scalars::AsOfInput;

/// The snapshot of a question about the ledger, which has one time: when something was recorded.
pub async fn ledger_snapshot(ctx: &Context<'_>, as_of: Option<AsOfInput>) -> Result<Snapshot, Error> {
    if as_of.as_ref().is_some_and(|as_of| as_of.valid.is_some()) {
        let refused = Refused::new(ErrorCode::AsOfInvalid).at("asOf.valid").with("instead", "asOf.recorded");
        return Err(refused_error(&refused));
    }
    snapshot(ctx, as_of).await
}

/// Refuses who may read no account at all.
pub fn may_ask(viewer: &Viewer, field: &'static str) -> Result<(), Error> {
    match reading_of(viewer, "Query", field) {
        Reading::Yes | Reading::OwnOnly => Ok(()),
        Reading::No => Err(coded(ErrorCode::Forbidden, field)),
    }
}

/// Whether a viewer sees an account.
pub fn sees(viewer: &Viewer, account: &Account) -> bool {
    match reading_of(viewer, "Query", "account") {
        _ if !viewer.sees_books_of(account.factor) => false,
        Reading::Yes => true,
        Reading::No => false,
        Reading::OwnOnly if viewer.role == Role::Venue => {
            viewer.identity.as_ref().is_some_and(|identity| account.venues.contains(&identity.principal))
        }
        Reading::OwnOnly => account.holder.is_some() && account.holder == viewer.own_party(),
    }
}

/// Whether a viewer sees every account there is: which is whose need not be read for him.
pub fn sees_all(viewer: &Viewer) -> bool {
    reading_of(viewer, "Query", "account") == Reading::Yes && viewer.narrowed().is_none()
}

/// The question narrowed to what the viewer may see; none where he may see nothing of it.
pub fn narrowed(viewer: &Viewer, filter: AccountFilter) -> Option<AccountFilter> {
    let filter = AccountFilter { within: viewer.narrowed().and_then(Narrowed::factors).cloned(), ..filter };
    match reading_of(viewer, "Query", "accounts") {
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

/// The question for holds narrowed to what the viewer may see, so that a page is of that alone; none where he may see
/// nothing of it. Of a venue only what it placed is told, of a holder what lies on his accounts, one by one.
pub fn narrowed_holds(viewer: &Viewer, filter: HoldFilter) -> Result<Option<HoldFilter>, Refused> {
    let required = || Refused::new(ErrorCode::FieldRequired).at("account");
    let filter = HoldFilter { within: viewer.narrowed().and_then(Narrowed::factors).cloned(), ..filter };
    match reading_of(viewer, "Query", "holds") {
        Reading::No => Ok(None),
        Reading::OwnOnly if viewer.role == Role::Venue => {
            if filter.account.is_none() && filter.placed_by.is_none() {
                return Err(required().with("either", "placedBy"));
            }
            let Some(own) = viewer.identity.as_ref().map(|identity| identity.principal) else { return Ok(None) };
            let asks = filter.placed_by.is_none_or(|placed_by| placed_by == own);
            Ok(asks.then_some(HoldFilter { placed_by: Some(own), ..filter }))
        }
        Reading::OwnOnly if filter.account.is_none() => Err(required()),
        Reading::Yes | Reading::OwnOnly => Ok(Some(filter)),
    }
}

/// Whether a viewer reads the holds of an account: a holder those on his own alone. A venue's are its own wherever they lie.
pub async fn reads_holds_on(ctx: &Context<'_>, snapshot: &Snapshot, account: Option<AccountId>) -> Result<bool, Error> {
    let viewer = viewer(ctx);
    match account {
        Some(account) if viewer.role != Role::Venue && reading_of(&viewer, "Query", "holds") == Reading::OwnOnly => {
            Ok(AccountPage::load(registry(ctx), *snapshot, &viewer, &[account]).await?.shows(account))
        }
        Some(_) | None => Ok(true),
    }
}

/// The entries after which a viewer reads what happened on accounts that he sees: a venue what came after they were opened
/// to it; of accounts that are not named, and whoever else asks, all.
pub async fn read_after(
    registry: &Registry,
    snapshot: &Snapshot,
    viewer: &Viewer,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, i64>, Error> {
    match &viewer.identity {
        Some(identity) if viewer.role == Role::Venue => {
            registry.opened_to_venue(snapshot, accounts, identity.principal).await.map_err(|why| fault(&why))
        }
        _ => Ok(HashMap::new()),
    }
}

/// Whether a viewer sees a hold on an account that he sees: of a venue, those that it placed; what others set aside is told
/// as a sum by the balance.
pub fn sees_hold(viewer: &Viewer, hold: &Hold) -> bool {
    viewer.sees_books_of(hold.factor) && (viewer.role != Role::Venue || is_his(viewer, hold.placed_by))
}

/// Whether a viewer reads what somebody calls a transfer: of a venue, what it made itself.
pub fn reads_references(viewer: &Viewer, transfer: &Transfer) -> bool {
    viewer.role != Role::Venue || transfer.made_by.is_some_and(|by| is_his(viewer, by))
}

/// Whether a principal is the viewer's own.
pub fn is_his(viewer: &Viewer, principal: PrincipalId) -> bool {
    viewer.identity.as_ref().is_some_and(|identity| identity.principal == principal)
}

/// Holds that the viewer may see, in order of id: a venue those that it placed, be their account closed to it since.
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
    let shows = |hold: &Hold| viewer.role == Role::Venue || page.shows(hold.account);
    let seen = found.into_iter().filter(|hold| shows(&hold.state) && sees_hold(&viewer, &hold.state));
    Ok(seen.map(|hold| HoldObject { hold: Arc::new(hold), page: Arc::clone(&page) }).collect())
}

/// Transfers of which the viewer may see an account, in order of id.
pub(crate) async fn transfers_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    ids: &[TransferId],
) -> Result<Vec<TransferObject>, Error> {
    may_ask(&viewer(ctx), "transfer")?;
    let found = registry(ctx).transfers_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
    transfers_shown(ctx, snapshot, found).await
}

/// Of transfers that were read, those of which the viewer may see an account.
pub async fn transfers_shown(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    found: Vec<Versioned<Transfer>>,
) -> Result<Vec<TransferObject>, Error> {
    let viewer = viewer(ctx);
    let ends = |movement: &yulin_domain::factor::Movement| [movement.from, movement.to];
    let accounts: Vec<AccountId> = found.iter().flat_map(|one| one.state.movements.iter().flat_map(ends)).collect();
    let page = AccountPage::load(registry(ctx), snapshot, &viewer, &accounts).await?;
    let opened = read_after(registry(ctx), &snapshot, &viewer, &accounts).await?;
    // A venue reads what was recorded of it once one of its accounts was open to it.
    let shows = |account: AccountId, recorded: i64| {
        page.shows(account) && opened.get(&account).is_none_or(|opened| recorded > *opened)
    };
    let touches = |transfer: &Versioned<Transfer>| {
        transfer.state.movements.iter().flat_map(ends).any(|account| shows(account, transfer.recorded_from))
    };
    let seen = found.into_iter().filter(touches);
    Ok(seen.map(|transfer| TransferObject { transfer: Arc::new(transfer), page: Arc::clone(&page) }).collect())
}
