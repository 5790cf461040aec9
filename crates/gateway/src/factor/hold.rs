//! A hold as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object};
use yulin_domain::codes::{HoldKind, HoldState};
use yulin_domain::factor::Hold;
use yulin_domain::journal::HoldId;
use yulin_domain::quantity::Units;
use yulin_persistence::{HoldFilter, PersistenceError, Registry, Snapshot, Versioned};

use super::{AccountObject, AccountPage, QuantityObject};
use crate::codes::Chosen;
use crate::scalars::{Timestamp, write_id};
use crate::schema::Item;

/// A hold on units or money.
#[derive(Clone)]
pub struct HoldObject {
    pub(super) hold: Arc<Versioned<Hold>>,
    pub(super) page: Arc<AccountPage>,
}

impl HoldObject {
    fn state(&self) -> &Hold {
        &self.hold.state
    }

    pub(crate) fn hold_id(&self) -> HoldId {
        self.state().id
    }

    async fn quantity(&self, units: Units) -> Result<QuantityObject, Error> {
        let factor = self.page.factor(self.state().factor).await?;
        Ok(QuantityObject::of(units, factor.as_ref()))
    }
}

impl Item for HoldObject {
    type Place = HoldId;
    type Question = HoldFilter;

    fn place(&self) -> Self::Place {
        self.state().id
    }

    async fn count(
        registry: &Registry,
        snapshot: &Snapshot,
        question: &Self::Question,
    ) -> Result<u64, PersistenceError> {
        registry.count_holds(snapshot, question).await
    }
}

/// Units or money set aside for one purpose, resolved once (冻结).
#[Object(name = "Hold")]
impl HoldObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.state().id)
    }

    /// The account; null where the viewer may not see it (账户).
    async fn account(&self) -> Option<AccountObject> {
        self.page.object(self.state().account)
    }

    /// Why it is set aside (种类).
    async fn kind(&self) -> Chosen<HoldKind> {
        self.state().kind.into()
    }

    /// Whether it is open, or what became of it (状态).
    #[graphql(name = "state")]
    async fn state_now(&self) -> Chosen<HoldState> {
        self.state().state.into()
    }

    /// What was set aside at first (初始数量).
    async fn placed(&self) -> Result<QuantityObject, Error> {
        self.quantity(self.state().placed).await
    }

    /// What is set aside now (当前数量).
    async fn open(&self) -> Result<QuantityObject, Error> {
        self.quantity(self.state().open).await
    }

    /// What was settled (已交收数量).
    async fn settled(&self) -> Result<QuantityObject, Error> {
        self.quantity(self.state().settled).await
    }

    /// What a freeze was ordered for beyond what was there (不足数量).
    async fn shortfall(&self) -> Result<QuantityObject, Error> {
        self.quantity(self.state().shortfall).await
    }

    /// Who placed it, as an id of a principal (设立人).
    async fn placed_by(&self) -> ID {
        write_id(self.state().placed_by)
    }

    /// It may be settled strictly before this instant; null where it does not expire, its clock stands, or it is resolved
    /// (到期时间).
    async fn expires_at(&self) -> Option<Timestamp> {
        self.state().due_at().map(Into::into)
    }

    /// The freezes that keep it from being settled; while there is one, its clock stands (中止它的冻结).
    async fn suspended_by(&self) -> Vec<ID> {
        self.state().suspended_by.iter().map(|freeze| write_id(*freeze)).collect()
    }

    /// The only account it may be settled to (限定转入账户).
    async fn to(&self) -> Option<ID> {
        self.state().to.map(write_id)
    }

    /// What the other side calls it (业务参考号).
    async fn reference(&self) -> Option<&str> {
        self.state().reference.as_deref()
    }

    /// Who ordered a freeze (决定机关).
    async fn authority(&self) -> Option<&str> {
        self.state().authority.as_deref()
    }

    /// To whom it is pledged, as an id of a party (质权人).
    async fn pledgee(&self) -> Option<ID> {
        self.state().pledgee.map(write_id)
    }
}
