//! Comparing a venue's books with the registry's, and what earlier comparisons found.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, Object};
use yulin_domain::codes::{HoldKind, Role};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{Hold, POSITIONS_MAX, Position, Reconciliation};
use yulin_domain::journal::{ReconciliationId, RecordKind, Refused};
use yulin_persistence::Snapshot;

use super::AccountPage;
use super::access::{is_his, ledger_snapshot, may_ask};
use super::difference::{DifferenceObject, PositionInput};
use super::reconciliation::ReconciliationObject;
use crate::disclosure::{Reading, reading_of};
use crate::errors::{OrNull, fault, or_null, refused_error};
use crate::request::{Viewer, registry, viewer};
use crate::scalars::{AsOfInput, read_each, read_id};

/// Comparing books.
#[derive(Debug, Default)]
pub struct CompareQuery;

/// Comparing books (对账).
#[Object]
impl CompareQuery {
    /// Every account of which somebody's own books differ from the registry's, as of one entry; an account that is not
    /// there, or not to be seen, differs. Nothing is blocked: that is what `reconcileBooks` does. Ask as of the entry up
    /// to which your books are complete (核对头寸).
    async fn compare_books(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What your books say, at most 5000 accounts (头寸)")] positions: Vec<PositionInput>,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<DifferenceObject>, Error> {
        let viewer = viewer(ctx);
        may_ask(&viewer, "compareBooks")?;
        let positions = positions_of(positions).map_err(|refused| refused_error(&refused))?;
        let snapshot = ledger_snapshot(ctx, as_of).await?;
        let accounts: Vec<_> = positions.iter().map(|position| position.account).collect();
        let page = AccountPage::load(registry(ctx), snapshot, &viewer, &accounts).await?;
        let mut differences = Vec::new();
        for theirs in positions {
            let is_seen = page.shows(theirs.account);
            let ours = if is_seen { Some(page.balance(theirs.account).await?) } else { None };
            let holds = if theirs.holds.is_some() { page.open_holds(theirs.account).await? } else { Vec::new() };
            let own = holds.iter().filter(|hold| is_own_order(&viewer, &hold.state));
            let holds = own.map(|hold| (hold.state.id, hold.state.open)).collect();
            if let Some(difference) = theirs.compare(ours, &holds) {
                differences.push(DifferenceObject { difference, as_of: snapshot, page: Arc::clone(&page) });
            }
        }
        Ok(differences)
    }

    /// What one comparison of books found; null where there is none, or it is another's (查对账结果).
    async fn reconciliation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the comparison (对账标识)")] id: ID,
        #[graphql(desc = "As of which recorded time; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> OrNull<ReconciliationObject> {
        or_null(async {
            let id: ReconciliationId =
                read_id(RecordKind::Reconciliation, &id, "id").map_err(|refused| refused_error(&refused))?;
            let snapshot = ledger_snapshot(ctx, as_of).await?;
            Ok(reconciliations_by_ids(ctx, snapshot, &[id]).await?.pop())
        })
        .await
    }
}

/// Whether somebody's books know a hold: he placed it for an order.
fn is_own_order(viewer: &Viewer, hold: &Hold) -> bool {
    hold.kind == HoldKind::Order && is_his(viewer, hold.placed_by)
}

fn positions_of(given: Vec<PositionInput>) -> Result<Vec<Position>, Refused> {
    if given.len() > POSITIONS_MAX {
        return Err(Refused::new(ErrorCode::ListTooLong).at("positions").with("most", POSITIONS_MAX));
    }
    read_each(given, "positions")
}

/// Comparisons that the viewer may see, in order of id: an officer all, a venue its own.
pub(crate) async fn reconciliations_by_ids(
    ctx: &Context<'_>,
    snapshot: Snapshot,
    ids: &[ReconciliationId],
) -> Result<Vec<ReconciliationObject>, Error> {
    let viewer = viewer(ctx);
    may_ask(&viewer, "reconciliation")?;
    let found = registry(ctx).reconciliations_by_ids(&snapshot, ids).await.map_err(|why| fault(&why))?;
    let seen = found.into_iter().filter(|one| sees(&viewer, &one.state)).collect();
    ReconciliationObject::load(registry(ctx), snapshot, &viewer, seen).await
}

fn sees(viewer: &Viewer, found: &Reconciliation) -> bool {
    match reading_of(viewer, "Query", "reconciliation") {
        Reading::Yes => true,
        Reading::No => false,
        Reading::OwnOnly => viewer.role == Role::Venue && found.venue.is_some_and(|venue| is_his(viewer, venue)),
    }
}
