//! An account of which two books differ, as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, InputObject, Object};
use yulin_domain::codes::BookPart;
use yulin_domain::factor::{Difference, Position};
use yulin_domain::journal::{AccountId, RecordKind, Refused};
use yulin_domain::quantity::Units;
use yulin_persistence::Snapshot;

use super::{AccountObject, AccountPage, EntryObject};
use crate::codes::Chosen;
use crate::errors::fault;
use crate::scalars::{Decimal, read_id, write_id};

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

impl TryFrom<PositionInput> for Position {
    type Error = Refused;
    fn try_from(PositionInput { account, posted, held }: PositionInput) -> Result<Self, Refused> {
        let units = |given: &Decimal, field| given.scaled(0, field).map(Units::of);
        let held = held.map(|held| units(&held, "held")).transpose()?;
        let account: AccountId = read_id(RecordKind::Account, &account, "account")?;
        Ok(Self { account, posted: units(&posted, "posted")?, held })
    }
}

/// An account of which two books differ.
pub struct DifferenceObject {
    pub(super) difference: Difference,
    /// As of when both books were read.
    pub(super) as_of: Snapshot,
    pub(super) page: Arc<AccountPage>,
}

/// An account of which two books differ (账目差异).
#[Object(name = "Difference")]
impl DifferenceObject {
    /// The account, as an id (账户标识).
    async fn account_id(&self) -> ID {
        write_id(self.difference.theirs.account)
    }

    /// The account; null where there is none, or it is not to be seen (账户).
    async fn account(&self) -> Option<AccountObject> {
        self.page.object(self.difference.theirs.account)
    }

    /// What the other books say lies there (对方总量).
    async fn posted_theirs(&self) -> Decimal {
        text(self.difference.theirs.posted)
    }

    /// What lies there; null where there is no such account, or it is not to be seen (本系统总量).
    async fn posted_ours(&self) -> Option<Decimal> {
        self.difference.ours.map(|balance| text(balance.posted))
    }

    /// What the other books say is set aside (对方冻结量).
    async fn held_theirs(&self) -> Option<Decimal> {
        self.difference.theirs.held.map(text)
    }

    /// What is set aside (本系统冻结量).
    async fn held_ours(&self) -> Option<Decimal> {
        self.difference.ours.map(|balance| text(balance.held))
    }

    /// In what the books differ (差异所在).
    async fn found_in(&self) -> Vec<Chosen<BookPart>> {
        self.difference.found_in.iter().map(|part| Chosen(*part)).collect()
    }

    /// The newest entries on it as of the comparison, at most 20, oldest first: among them is what the other books lack,
    /// or have twice (最近分录).
    async fn latest_entries(&self) -> Result<Vec<EntryObject>, Error> {
        let account = self.difference.theirs.account;
        if !self.page.shows(account) {
            return Ok(Vec::new());
        }
        let lines = self.page.registry.latest_entries(&self.as_of, account, ENTRIES_TOLD).await;
        Ok(lines.map_err(|why| fault(&why))?.into_iter().map(EntryObject).collect())
    }
}

fn text(units: Units) -> Decimal {
    Decimal(units.to_string())
}
