//! Mutations of reconciliation: books compared, blocks lifted.

use async_graphql::{ID, InputObject};
use yulin_domain::codes::{BankDirection, BookSource};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{
    BankLine, BankStatement, ClosePeriod, Coverage, LiftBlock, POSITIONS_MAX, ReconcileBooks, plain_reference,
};
use yulin_domain::journal::Refused;

use super::common::{SeenInput, date};
use super::read::{Read, each, few, id, maybe, maybe_id, seen, units};
use super::roots::mutations;
use crate::codes::Chosen;
use crate::factor::PositionInput;
use crate::scalars::{Decimal, LocalDate, Seq};

/// A line of a bank's statement (银行流水).
#[derive(Debug, Clone, InputObject)]
pub struct BankLineInput {
    /// What the bank calls it (银行流水号).
    pub bank_reference: String,
    /// Whose money it is (账户).
    pub account: ID,
    /// Received or paid (收付方向).
    pub direction: Chosen<BankDirection>,
    /// In fen (金额，分).
    pub amount: Decimal,
}

impl TryFrom<BankLineInput> for BankLine {
    type Error = Refused;
    fn try_from(BankLineInput { bank_reference, account, direction, amount }: BankLineInput) -> Read<Self> {
        Ok(Self {
            bank_reference: plain_reference(&bank_reference),
            account: id(&account, "account")?,
            direction: direction.0,
            amount: units(&amount, "amount")?,
        })
    }
}

/// Everything that a bank says happened on some days (银行对账单).
#[derive(Debug, Clone, InputObject)]
pub struct BankStatementInput {
    /// The account that stands for the bank (银行账户).
    pub bank: ID,
    /// The first day (起始日).
    pub from: LocalDate,
    /// The last day; the statement is complete for these days (截止日).
    pub to: LocalDate,
    /// Its lines, at most 5000 (流水).
    #[graphql(default)]
    pub lines: Vec<BankLineInput>,
}

impl TryFrom<BankStatementInput> for BankStatement {
    type Error = Refused;
    fn try_from(BankStatementInput { bank, from, to, lines }: BankStatementInput) -> Read<Self> {
        few(&lines, POSITIONS_MAX, "lines")?;
        Ok(Self {
            bank: id(&bank, "bank")?,
            from: from.date("from")?,
            to: to.date("to")?,
            lines: each(lines, "lines")?,
        })
    }
}

/// Books to be compared with the ledger: accounts that differ are blocked, those that agree again are free (对账).
#[derive(Debug, Clone, InputObject)]
pub struct ReconcileBooksInput {
    /// VENUE for positions of a venue, BANK for the statement of a bank (对账来源).
    pub source: Chosen<BookSource>,
    /// Whose positions they are, as an id of a principal; required of a venue's (交易平台).
    pub venue: Option<ID>,
    /// The entry up to which the other books are complete; left out: they are as the ledger stands (所依据的登记序号).
    pub as_of: Option<Seq>,
    /// Whether accounts open to the venue that are not listed are said to be empty (覆盖范围).
    pub covers: Option<Chosen<Coverage>>,
    /// What the other books say, at most 5000 accounts (头寸).
    #[graphql(default)]
    pub positions: Vec<PositionInput>,
    /// The bank's statement: what is booked on its days and on no line differs too (银行对账单).
    pub statement: Option<BankStatementInput>,
}

impl TryFrom<ReconcileBooksInput> for ReconcileBooks {
    type Error = Refused;
    fn try_from(
        ReconcileBooksInput { source, venue, as_of, covers, positions, statement }: ReconcileBooksInput,
    ) -> Read<Self> {
        few(&positions, POSITIONS_MAX, "positions")?;
        Ok(Self {
            source: source.0,
            venue: maybe_id(venue.as_ref(), "venue")?,
            as_of: as_of.map(|seq| seq.0),
            covers: covers.map(|chosen| chosen.0).unwrap_or_default(),
            positions: each(positions, "positions")?,
            statement: maybe(statement, "statement")?,
        })
    }
}

/// A block to be lifted though its book was not compared anew; the act gives the reason (解除对账暂停).
#[derive(Debug, Clone, InputObject)]
pub struct LiftBlockInput {
    /// The account, with the version seen (账户).
    pub account: SeenInput,
    /// From whose book the block is (对账来源).
    pub source: Chosen<BookSource>,
    /// The venue, where it is a venue's (交易平台).
    pub venue: Option<ID>,
}

impl TryFrom<LiftBlockInput> for LiftBlock {
    type Error = Refused;
    fn try_from(LiftBlockInput { account, source, venue }: LiftBlockInput) -> Read<Self> {
        Ok(Self { account: seen(&account, "account")?, source: source.0, venue: maybe_id(venue.as_ref(), "venue")? })
    }
}

/// Books to be closed up to a day: nothing is booked into them any more (关闭账期).
#[derive(Debug, Clone, InputObject)]
pub struct ClosePeriodInput {
    /// The factor, with the version seen (要素).
    pub factor: SeenInput,
    /// Whose books (辖区).
    pub district: ID,
    /// The last day of the period; in the past (截止日).
    pub until: LocalDate,
}

impl TryFrom<ClosePeriodInput> for ClosePeriod {
    type Error = Refused;
    fn try_from(ClosePeriodInput { factor, district, until }: ClosePeriodInput) -> Read<Self> {
        let missing = || Refused::new(ErrorCode::FieldRequired).at("until");
        let until = date(Some(until), "until")?.ok_or_else(missing)?;
        Ok(Self { factor: seen(&factor, "factor")?, district: id(&district, "district")?, until })
    }
}

mutations! {
    ReconciliationMutations:
    /// Compares a venue's positions or a bank's statement with the ledger; only accounts that differ are blocked (对账).
    reconcile_books(ReconcileBooksInput) = ReconcileBooks;
    /// Lets an account be traded on again though books were not compared anew; with a reason (解除对账暂停).
    lift_block(LiftBlockInput) = LiftBlock;
    /// Closes the books of a district for a factor up to a day; never opens them again (关闭账期).
    close_period(ClosePeriodInput) = ClosePeriod;
}
