//! Comparing a venue's books with the registry's: every difference, and the entries that may explain it.

use std::sync::Arc;

use async_graphql::{Context, Error, ID, InputObject, Object};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::Balance;
use yulin_domain::journal::{AccountId, RecordKind, Refused};
use yulin_domain::quantity::Units;

use super::access::may_ask;
use super::{AccountObject, AccountPage, EntryObject};
use crate::errors::{fault, refused_error};
use crate::request::{registry, snapshot, viewer};
use crate::scalars::{AsOfInput, Decimal, read_id};

/// Positions that are compared at once.
const POSITIONS_MAX: usize = 5_000;
/// Entries that are told of an account that differs.
const ENTRIES_TOLD: u64 = 20;

/// What somebody's own books say of an account (对账头寸).
#[derive(Debug, Clone, InputObject)]
pub struct PositionInput {
    /// The account (账户标识).
    pub account: ID,
    /// All that lies there, in base units (总量).
    pub posted: Decimal,
    /// What of it is set aside, in base units; not compared where left out (冻结量).
    pub held: Option<Decimal>,
}

/// A position as it was read.
#[derive(Debug, Clone, Copy)]
struct Position {
    account: AccountId,
    posted: i64,
    held: Option<i64>,
}

impl Position {
    fn read(PositionInput { account, posted, held }: PositionInput, place: usize) -> Result<Self, Refused> {
        let field = |name: &str| format!("positions[{place}].{name}");
        let held = held.map(|held| held.scaled(0, &field("held"))).transpose()?;
        let account = read_id(RecordKind::Account, &account, &field("account"))?;
        Ok(Self { account, posted: posted.scaled(0, &field("posted"))?, held })
    }

    fn differs_from(&self, ours: Balance) -> bool {
        self.posted != ours.posted.count() || self.held.is_some_and(|held| held != ours.held.count())
    }
}

/// An account of which two books differ.
pub struct DifferenceObject {
    position: Position,
    ours: Option<(Balance, AccountObject)>,
    page: Arc<AccountPage>,
}

/// An account of which two books differ (账目差异).
#[Object(name = "Difference")]
impl DifferenceObject {
    /// The account, as an id (账户标识).
    async fn account_id(&self) -> ID {
        crate::scalars::write_id(self.position.account)
    }

    /// The account; null where there is none, or it is not to be seen (账户).
    async fn account(&self) -> Option<&AccountObject> {
        self.ours.as_ref().map(|(_, account)| account)
    }

    /// What the other books say lies there (对方总量).
    async fn posted_theirs(&self) -> Decimal {
        Decimal(self.position.posted.to_string())
    }

    /// What lies there (本系统总量).
    async fn posted_ours(&self) -> Option<Decimal> {
        self.ours.as_ref().map(|(balance, _)| text(balance.posted))
    }

    /// What the other books say is set aside (对方冻结量).
    async fn held_theirs(&self) -> Option<Decimal> {
        self.position.held.map(|held| Decimal(held.to_string()))
    }

    /// What is set aside (本系统冻结量).
    async fn held_ours(&self) -> Option<Decimal> {
        self.ours.as_ref().map(|(balance, _)| text(balance.held))
    }

    /// The newest entries on it, at most 20, oldest first: among them is what the other books lack, or have twice
    /// (最近分录).
    async fn latest_entries(&self) -> Result<Vec<EntryObject>, Error> {
        if self.ours.is_none() {
            return Ok(Vec::new());
        }
        let (registry, snapshot) = (&self.page.registry, &self.page.snapshot);
        let lines = registry.latest_entries(snapshot, self.position.account, ENTRIES_TOLD).await;
        Ok(lines.map_err(|why| fault(&why))?.into_iter().map(EntryObject).collect())
    }
}

fn text(units: Units) -> Decimal {
    Decimal(units.to_string())
}

/// Comparing books.
#[derive(Debug, Default)]
pub struct CompareQuery;

/// Comparing books (对账).
#[Object]
impl CompareQuery {
    /// Every account of which somebody's own books differ from the registry's, as of one entry; an account that is not
    /// there, or not to be seen, differs. Ask as of the entry up to which your books are complete (核对头寸).
    async fn compare_books(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What your books say, at most 5000 accounts (头寸)")] positions: Vec<PositionInput>,
        #[graphql(desc = "As of when; the present where left out (查询时点)")] as_of: Option<AsOfInput>,
    ) -> Result<Vec<DifferenceObject>, Error> {
        let viewer = viewer(ctx);
        may_ask(&viewer, "compareBooks")?;
        if positions.len() > POSITIONS_MAX {
            let refused = Refused::new(ErrorCode::ListTooLong).at("positions").with("most", POSITIONS_MAX);
            return Err(refused_error(&refused));
        }
        let read = |(place, position)| Position::read(position, place);
        let positions: Result<Vec<_>, _> = positions.into_iter().enumerate().map(read).collect();
        let positions = positions.map_err(|refused| refused_error(&refused))?;
        let snapshot = snapshot(ctx, as_of).await?;
        let accounts: Vec<_> = positions.iter().map(|position| position.account).collect();
        let page = AccountPage::load(registry(ctx), snapshot, &viewer, &accounts).await?;
        let mut differences = Vec::new();
        for position in positions {
            let ours = match page.object(position.account) {
                Some(account) => Some((page.balance(position.account).await?, account)),
                None => None,
            };
            if ours.as_ref().is_none_or(|(balance, _)| position.differs_from(*balance)) {
                differences.push(DifferenceObject { position, ours, page: Arc::clone(&page) });
            }
        }
        Ok(differences)
    }
}
