//! Lots and issuances as the API shows them.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_domain::codes::{LotOrigin, MoveKind};
use yulin_domain::factor::{Issuance, Lot, UnitRange};
use yulin_persistence::LotLife;

use super::Issuances;
use crate::codes::Chosen;
use crate::scalars::{Decimal, LocalDate, Seq, Timestamp, write_id};

/// Unit numbers from `from` up to, but not including, `to` (号段).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "UnitRange")]
pub struct UnitRangeObject {
    /// The first number (起始号).
    pub from: Decimal,
    /// The number after the last (终止号，不含).
    pub to: Decimal,
    /// How many there are (数量).
    pub units: Decimal,
}

impl From<UnitRange> for UnitRangeObject {
    fn from(range: UnitRange) -> Self {
        let text = |number: i64| Decimal(number.to_string());
        Self { from: text(range.from), to: text(range.to), units: text(range.units().count()) }
    }
}

/// A lot, as it is or was between two entries.
#[derive(Debug, Clone)]
pub struct LotObject {
    lot: Lot,
    recorded_from: Option<i64>,
    recorded_to: Option<i64>,
    /// Those of all lots that are told with it.
    issuances: Arc<Issuances>,
}

impl LotObject {
    /// A lot as it stands.
    pub(super) const fn standing(lot: Lot, issuances: Arc<Issuances>) -> Self {
        Self { lot, recorded_from: None, recorded_to: None, issuances }
    }

    /// A lot as it stood between two entries.
    pub(super) fn lived(life: LotLife, issuances: Arc<Issuances>) -> Self {
        Self { lot: life.lot, recorded_from: Some(life.recorded_from), recorded_to: life.recorded_to, issuances }
    }
}

/// Units of one issuance that share one fate (指标批).
#[Object(name = "Lot")]
impl LotObject {
    /// The global id (标识).
    async fn id(&self) -> ID {
        write_id(self.lot.id)
    }

    /// The account on which they lie or lay, as an id (账户标识).
    async fn account(&self) -> ID {
        write_id(self.lot.account)
    }

    /// Their numbers (号段).
    async fn units(&self) -> UnitRangeObject {
        self.lot.units.into()
    }

    /// The issuance they are of (发行批次).
    async fn issuance(&self) -> Result<Option<IssuanceObject>, Error> {
        Ok(self.issuances.issuance(self.lot.issuance).await?.map(IssuanceObject))
    }

    /// Where they come from (来源).
    async fn origin(&self) -> Chosen<LotOrigin> {
        self.lot.origin.into()
    }

    /// The year they count for (年份).
    async fn vintage(&self) -> i32 {
        self.lot.vintage.into()
    }

    /// The last day on which they are valid (有效期截止日).
    async fn expires_on(&self) -> Option<LocalDate> {
        self.lot.class.expires_on.map(Into::into)
    }

    /// The water body or air shed for which they count (控制单元).
    async fn control_unit(&self) -> Option<&str> {
        self.lot.class.control_unit.as_deref()
    }

    /// The permit (许可证).
    async fn permit(&self) -> Option<&str> {
        self.lot.permit.as_deref()
    }

    /// The hold under which they are set aside (冻结标识).
    async fn held_by(&self) -> Option<ID> {
        self.lot.held_by.map(write_id)
    }

    /// How they went out of use (注销方式).
    async fn retired_as(&self) -> Option<Chosen<MoveKind>> {
        self.lot.retired_as.map(Into::into)
    }

    /// The lot they were cut from (来源指标批).
    async fn cut_from(&self) -> Option<ID> {
        self.lot.cut_from.map(write_id)
    }

    /// The entry since which it is so; told in `unitLife` (起始登记序号).
    async fn recorded_from(&self) -> Option<Seq> {
        self.recorded_from.map(Seq)
    }

    /// The entry that ended it; null while it is so (终止登记序号).
    async fn recorded_to(&self) -> Option<Seq> {
        self.recorded_to.map(Seq)
    }
}

/// Units that were issued together.
#[derive(Debug, Clone)]
pub struct IssuanceObject(pub Issuance);

/// Units that were issued together (发行批次).
#[Object(name = "Issuance")]
impl IssuanceObject {
    /// The global id (标识).
    async fn id(&self) -> ID {
        write_id(self.0.id)
    }

    /// Their numbers (号段).
    async fn units(&self) -> UnitRangeObject {
        self.0.units.into()
    }

    /// Where they come from (来源).
    async fn origin(&self) -> Chosen<LotOrigin> {
        self.0.origin.into()
    }

    /// The year they count for (年份).
    async fn vintage(&self) -> i32 {
        self.0.vintage.into()
    }

    /// When what is left of them lapses (到期时间).
    async fn lapses_at(&self) -> Option<Timestamp> {
        self.0.lapses_at.map(Into::into)
    }

    /// Whether all that lapsed is out of use (是否已处理到期).
    async fn lapsed(&self) -> bool {
        self.0.lapsed
    }

    /// What the decision or another register calls it (业务参考号).
    async fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }

    /// The issuance they were of before they were carried over (结转前批次).
    async fn carried_from(&self) -> Option<ID> {
        self.0.carried_from.map(write_id)
    }
}
