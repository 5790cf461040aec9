//! An account of which two books differ, as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, InputObject, Object, SimpleObject};
use yulin_domain::codes::BookPart;
use yulin_domain::factor::{Difference, HeldPosition, HoldDifference, Position};
use yulin_domain::journal::{AccountId, RecordKind, Refused};
use yulin_domain::quantity::Units;
use yulin_persistence::Snapshot;

use super::{AccountObject, AccountPage, EntryObject};
use crate::codes::Chosen;
use crate::scalars::{Decimal, read_each, read_id, write_id};

/// What somebody's own books say of an account (对账头寸).
#[derive(Debug, Clone, InputObject)]
pub struct PositionInput {
    /// The account (账户标识).
    pub account: ID,
    /// All that lies there, in base units (总量).
    pub posted: Decimal,
    /// What of it is set aside by whomever, in base units; not compared where left out (冻结量).
    pub held: Option<Decimal>,
    /// The orders you set units aside for that are open, each with what is still set aside; one that is not listed is said to be
    /// none. Not compared where left out (本方有效冻结).
    pub holds: Option<Vec<HeldPositionInput>>,
}

/// What somebody's own books say of a hold (冻结头寸).
#[derive(Debug, Clone, InputObject)]
pub struct HeldPositionInput {
    /// The hold (冻结标识).
    pub hold: ID,
    /// What is still set aside under it, in base units (冻结余量).
    pub open: Decimal,
}

impl TryFrom<HeldPositionInput> for HeldPosition {
    type Error = Refused;
    fn try_from(HeldPositionInput { hold, open }: HeldPositionInput) -> Result<Self, Refused> {
        Ok(Self { hold: read_id(RecordKind::Hold, &hold, "hold")?, open: open.scaled(0, "open").map(Units::of)? })
    }
}

impl TryFrom<PositionInput> for Position {
    type Error = Refused;
    fn try_from(PositionInput { account, posted, held, holds }: PositionInput) -> Result<Self, Refused> {
        let units = |given: &Decimal, field| given.scaled(0, field).map(Units::of);
        let held = held.map(|held| units(&held, "held")).transpose()?;
        let account: AccountId = read_id(RecordKind::Account, &account, "account")?;
        let holds = holds.map(|holds| read_each(holds, "holds")).transpose()?;
        Ok(Self { account, posted: units(&posted, "posted")?, held, holds })
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

    /// The holds of which the books differ, where holds were compared (冻结差异).
    async fn holds(&self) -> Vec<HoldDifferenceObject> {
        self.difference.holds.iter().map(HoldDifferenceObject::from).collect()
    }

    /// The newest entries on it as of the comparison, at most 20, oldest first: among them is what the other books lack,
    /// or have twice (最近分录).
    async fn latest_entries(&self) -> Result<Vec<EntryObject>, Error> {
        let account = self.difference.theirs.account;
        if !self.page.shows(account) {
            return Ok(Vec::new());
        }
        self.page.latest_entries(account, self.as_of.seq).await
    }
}

/// A hold of which two books differ (冻结差异).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "HoldDifference")]
pub struct HoldDifferenceObject {
    /// The hold, as an id (冻结标识).
    pub hold: ID,
    /// What the other books say is still set aside under it; null where they have no such hold (对方冻结余量).
    pub theirs: Option<Decimal>,
    /// What is; null where no such hold of theirs is open there (本系统冻结余量).
    pub ours: Option<Decimal>,
}

impl From<&HoldDifference> for HoldDifferenceObject {
    fn from(HoldDifference { hold, theirs, ours }: &HoldDifference) -> Self {
        Self { hold: write_id(*hold), theirs: theirs.map(text), ours: ours.map(text) }
    }
}

fn text(units: Units) -> Decimal {
    Decimal(units.to_string())
}
