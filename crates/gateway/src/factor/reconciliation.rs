//! What a comparison of books found, and the blocks it put on accounts, as the API shows it.

use std::sync::Arc;

use async_graphql::{Error, ID, Object, SimpleObject};
use yulin_domain::codes::{BankDirection, BookSource};
use yulin_domain::factor::{BankLine, Block, LineDifference, LineName, Reconciliation};
use yulin_persistence::{Registry, Snapshot, Versioned};

use super::AccountPage;
use super::difference::DifferenceObject;
use crate::codes::Chosen;
use crate::request::Viewer;
use crate::scalars::{Decimal, Seq, write_id};

/// One comparison of books, and everything in which they differ.
#[derive(Clone)]
pub struct ReconciliationObject {
    found: Arc<Versioned<Reconciliation>>,
    as_of: Snapshot,
    page: Arc<AccountPage>,
}

impl ReconciliationObject {
    /// Comparisons with the accounts that differ, in one statement.
    pub(super) async fn load(
        registry: &Registry,
        snapshot: Snapshot,
        viewer: &Viewer,
        found: Vec<Versioned<Reconciliation>>,
    ) -> Result<Vec<Self>, Error> {
        let of = |one: &Versioned<Reconciliation>| {
            let differences = one.state.differences.iter();
            differences.map(|difference| (difference.theirs.account, one.state.as_of)).collect::<Vec<_>>()
        };
        let page = AccountPage::load_up_to(registry, snapshot, viewer, found.iter().flat_map(of).collect()).await?;
        let object = |one: Versioned<Reconciliation>| {
            let as_of = Snapshot { seq: one.state.as_of, ..snapshot };
            Self { found: Arc::new(one), as_of, page: Arc::clone(&page) }
        };
        Ok(found.into_iter().map(object).collect())
    }

    pub(crate) fn reconciliation_id(&self) -> yulin_domain::journal::ReconciliationId {
        self.found.state.id
    }
}

/// One comparison of books, and everything in which they differ (对账结果).
#[Object(name = "Reconciliation")]
impl ReconciliationObject {
    /// The global id (标识).
    pub(crate) async fn id(&self) -> ID {
        write_id(self.found.state.id)
    }

    /// Whose book was compared (对账来源).
    async fn source(&self) -> Chosen<BookSource> {
        self.found.state.source.into()
    }

    /// The venue whose positions they were, as an id of a principal (交易平台).
    async fn venue(&self) -> Option<ID> {
        self.found.state.venue.map(write_id)
    }

    /// The entry as of which both books were read (所依据的登记序号).
    async fn as_of(&self) -> Seq {
        Seq(self.as_of.seq)
    }

    /// How many accounts were compared (核对账户数).
    async fn compared(&self) -> usize {
        self.found.state.compared
    }

    /// Accounts of which the books differ; those known here are blocked until they agree (差异).
    async fn differences(&self) -> Vec<DifferenceObject> {
        let differences = self.found.state.differences.iter();
        let object = |difference| DifferenceObject { difference, as_of: self.as_of, page: Arc::clone(&self.page) };
        differences.cloned().map(object).collect()
    }

    /// Lines of the bank's statement that are not booked here, or otherwise (银行流水差异).
    async fn lines(&self) -> Vec<LineDifferenceObject> {
        self.found.state.lines.iter().map(LineDifferenceObject::from).collect()
    }
}

/// A line of a bank's statement, as the bank or the ledger has it (银行流水).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "BankLine")]
pub struct BankLineObject {
    /// What the bank calls it (银行流水号).
    pub bank_reference: String,
    /// Whose money it is, as an id of an account (账户标识).
    pub account: ID,
    /// Received or paid (收付方向).
    pub direction: Chosen<BankDirection>,
    /// In fen (金额，分).
    pub amount: Decimal,
}

impl From<&BankLine> for BankLineObject {
    fn from(BankLine { bank_reference, account, direction, amount }: &BankLine) -> Self {
        Self {
            bank_reference: bank_reference.clone(),
            account: write_id(*account),
            direction: (*direction).into(),
            amount: Decimal(amount.to_string()),
        }
    }
}

/// A line of a bank's statement that is not booked here, or otherwise; or what is booked here and on no line (银行流水差异).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "LineDifference")]
pub struct LineDifferenceObject {
    /// As the bank has it; null where its statement has no such line (银行记录).
    pub theirs: Option<BankLineObject>,
    /// As it is booked here; null where it is not (本系统记录).
    pub ours: Option<BankLineObject>,
}

impl From<&LineDifference> for LineDifferenceObject {
    fn from(LineDifference { theirs, ours }: &LineDifference) -> Self {
        Self { theirs: theirs.as_ref().map(Into::into), ours: ours.as_ref().map(Into::into) }
    }
}

/// A book that differs from the ledger about an account: it is not traded on until they agree (对账暂停).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "Block")]
pub struct BlockObject {
    /// Whose book (对账来源).
    pub source: Chosen<BookSource>,
    /// The venue, where it is a venue's, as an id of a principal (交易平台).
    pub venue: Option<ID>,
    /// The comparison that found a difference last, as an id (对账标识).
    pub found_by: ID,
    /// As of which entry; no earlier state settles it (所依据的登记序号).
    pub as_of: Seq,
    /// Whether what lies there differs (余额不符).
    pub position: bool,
    /// The lines of the bank that differ (不符的银行流水).
    pub lines: Vec<LineNameObject>,
}

/// What a bank calls a line of its statement (银行流水号).
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "LineName")]
pub struct LineNameObject {
    /// Received or paid (收付方向).
    pub direction: Chosen<BankDirection>,
    /// Unique among what the bank received, and among what it paid (银行流水号).
    pub bank_reference: String,
}

impl From<&LineName> for LineNameObject {
    fn from(LineName { direction, bank_reference }: &LineName) -> Self {
        Self { direction: (*direction).into(), bank_reference: bank_reference.clone() }
    }
}

impl From<&Block> for BlockObject {
    fn from(Block { source, venue, found_by, as_of, position, lines }: &Block) -> Self {
        Self {
            source: (*source).into(),
            venue: venue.map(write_id),
            found_by: write_id(*found_by),
            as_of: Seq(*as_of),
            position: *position,
            lines: lines.iter().map(Into::into).collect(),
        }
    }
}
