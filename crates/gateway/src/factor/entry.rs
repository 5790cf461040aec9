//! Entries on accounts as the API shows them, and balances as an act left them.

use async_graphql::{ID, Object, SimpleObject};
use yulin_domain::codes::{MoveKind, PostingKind};
use yulin_domain::factor::Posting;
use yulin_persistence::EntryLine;

use super::UnitRangeObject;
use crate::codes::Chosen;
use crate::scalars::{Decimal, LocalDate, Seq, Timestamp, write_id};

/// An entry on an account.
#[derive(Debug, Clone)]
pub struct EntryObject(pub EntryLine);

/// What one act did to one account, in base units, and what lay on it afterwards (分录).
#[Object(name = "Entry")]
impl EntryObject {
    /// The entry of the journal it stands in (登记序号).
    async fn seq(&self) -> Seq {
        Seq(self.0.seq)
    }

    /// Its place among the entries of that act, from 1 (序内位置).
    async fn place(&self) -> i64 {
        self.0.place
    }

    /// When it was recorded (登记时间).
    async fn recorded_at(&self) -> Timestamp {
        self.0.recorded_at.into()
    }

    /// The day on which it counts, where that is another (起息日).
    async fn value_date(&self) -> Option<LocalDate> {
        self.0.posting.value_date.map(Into::into)
    }

    /// Debit, credit, set aside or set free (分录类型).
    async fn kind(&self) -> Chosen<PostingKind> {
        self.0.posting.kind.into()
    }

    /// How much (数量).
    async fn amount(&self) -> Decimal {
        Decimal(self.0.posting.amount.to_string())
    }

    /// What lay there afterwards (之后总量).
    async fn posted_after(&self) -> Decimal {
        Decimal(self.0.posting.after.posted.to_string())
    }

    /// What of it was set aside afterwards (之后冻结量).
    async fn held_after(&self) -> Decimal {
        Decimal(self.0.posting.after.held.to_string())
    }

    /// The kind of movement; null where units were only set aside or free again (变动类型).
    async fn movement(&self) -> Option<Chosen<MoveKind>> {
        self.0.posting.movement.map(Into::into)
    }

    /// The transfer it belongs to (划转标识).
    async fn transfer(&self) -> Option<ID> {
        self.0.posting.transfer.map(write_id)
    }

    /// The account on the other side (对方账户标识).
    async fn other(&self) -> Option<ID> {
        self.0.posting.other.map(write_id)
    }

    /// The hold it concerns (冻结标识).
    async fn hold(&self) -> Option<ID> {
        self.0.posting.hold.map(write_id)
    }

    /// The numbers of the units, where they have any (号段).
    async fn units(&self) -> Vec<UnitRangeObject> {
        self.0.posting.units.iter().map(|range| (*range).into()).collect()
    }
}

/// What lay on an account after an act, in base units (登记后余额).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "BalanceAfter")]
pub struct BalanceAfterObject {
    /// The account, as an id (账户标识).
    pub account: ID,
    /// All that lies there (总量).
    pub posted: Decimal,
    /// What of it is set aside (冻结量).
    pub held: Decimal,
    /// What may go out (可用量).
    pub available: Decimal,
}

impl From<&Posting> for BalanceAfterObject {
    fn from(posting: &Posting) -> Self {
        let text = |units: yulin_domain::quantity::Units| Decimal(units.to_string());
        Self {
            account: write_id(posting.account),
            posted: text(posting.after.posted),
            held: text(posting.after.held),
            available: text(posting.after.available()),
        }
    }
}
