//! Transfers as the API shows them.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Error, ID, Object};
use yulin_domain::codes::{MoveKind, TransferState};
use yulin_domain::factor::{Movement, Transfer};
use yulin_domain::journal::{FactorId, TransferId};
use yulin_persistence::{PersistenceError, Registry, Snapshot, Versioned};

use super::access::reads_references;
use super::{AccountObject, AccountPage, FactorObject, QuantityObject, UnitRangeObject};
use crate::codes::Chosen;
use crate::scalars::{Timestamp, write_id};
use crate::schema::Item;

/// A transfer.
#[derive(Clone)]
pub struct TransferObject {
    pub(super) transfer: Arc<Versioned<Transfer>>,
    pub(super) page: Arc<AccountPage>,
}

impl TransferObject {
    /// The transfer, where the viewer reads what others call it.
    fn referred(&self) -> Option<&Transfer> {
        Some(&self.transfer.state).filter(|transfer| reads_references(&self.page.viewer, transfer))
    }

    pub(crate) fn transfer_id(&self) -> TransferId {
        self.transfer.state.id
    }
}

impl Item for TransferObject {
    type Place = TransferId;
    type Question = Option<BTreeSet<FactorId>>;

    fn place(&self) -> Self::Place {
        self.transfer.state.id
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_awaiting_transfers(snapshot, question.as_ref()).await
    }
}

/// Movements that happened together, all or none (划转).
#[Object(name = "Transfer")]
impl TransferObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.transfer.state.id)
    }

    /// How final it is (状态).
    async fn state(&self) -> Chosen<TransferState> {
        self.transfer.state.state.into()
    }

    /// When it was recorded (登记时间).
    async fn made_at(&self) -> Timestamp {
        self.transfer.state.made_at.into()
    }

    /// The movements of which the viewer may see an account (变动).
    async fn movements(&self) -> Vec<MovementObject> {
        let movements = self.transfer.state.movements.iter();
        let seen = movements.filter(|one| self.page.shows(one.from) || self.page.shows(one.to));
        seen.map(|one| MovementObject { movement: one.clone(), page: Arc::clone(&self.page) }).collect()
    }

    /// What who made it calls it; a venue is told of what it made itself (业务参考号).
    async fn reference(&self) -> Option<&str> {
        self.referred().and_then(|transfer| transfer.reference.as_deref())
    }

    /// The bank's reference of a deposit or payout; no venue's business (银行流水号).
    async fn bank_reference(&self) -> Option<&str> {
        self.referred().and_then(|transfer| transfer.bank_reference.as_deref())
    }

    /// Under what the outside register confirmed or rejected it; a venue is told of what it made itself (外部登记编号).
    async fn register_reference(&self) -> Option<&str> {
        self.referred().and_then(|transfer| transfer.register_reference.as_deref())
    }

    /// The last instant at which it may be reversed; null: it may not (冲正截止时间).
    async fn reversible_until(&self) -> Option<Timestamp> {
        self.transfer.state.reversible_until.map(Into::into)
    }

    /// The transfer that took it back (冲正划转标识).
    async fn reversed_by(&self) -> Option<ID> {
        self.transfer.state.reversed_by.map(write_id)
    }

    /// The transfer that it takes back (被冲正划转标识).
    async fn reverses(&self) -> Option<ID> {
        self.transfer.state.reverses.map(write_id)
    }

    /// Holds that lock what was received until the outside register confirms (待确认锁定).
    async fn locks(&self) -> Vec<ID> {
        self.transfer.state.locks.iter().map(|lock| write_id(*lock)).collect()
    }
}

/// A movement.
#[derive(Clone)]
pub struct MovementObject {
    movement: Movement,
    page: Arc<AccountPage>,
}

/// Units or money of one factor from one account to another (变动).
#[Object(name = "Movement")]
impl MovementObject {
    /// The kind of movement (变动类型).
    async fn kind(&self) -> Chosen<MoveKind> {
        self.movement.kind.into()
    }

    /// The factor (要素).
    async fn factor(&self) -> Result<Option<FactorObject>, Error> {
        self.page.factor(self.movement.factor).await
    }

    /// The account it left, as an id (转出账户标识).
    async fn from(&self) -> ID {
        write_id(self.movement.from)
    }

    /// The account it left; null where the viewer may not see it (转出账户).
    async fn from_account(&self) -> Option<AccountObject> {
        self.page.object(self.movement.from)
    }

    /// The account it came to, as an id (转入账户标识).
    async fn to(&self) -> ID {
        write_id(self.movement.to)
    }

    /// The account it came to; null where the viewer may not see it (转入账户).
    async fn to_account(&self) -> Option<AccountObject> {
        self.page.object(self.movement.to)
    }

    /// How much (数量).
    async fn amount(&self) -> Result<QuantityObject, Error> {
        let factor = self.page.factor(self.movement.factor).await?;
        Ok(QuantityObject::of(self.movement.amount, factor.as_ref()))
    }

    /// The numbers of the units, where they have any (号段).
    async fn units(&self) -> Vec<UnitRangeObject> {
        self.movement.units.iter().map(|range| (*range).into()).collect()
    }
}
