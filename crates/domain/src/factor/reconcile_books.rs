//! Reconciliation: a venue's positions or a bank's statement against the ledger. Accounts that differ are blocked, those
//! that agree again are free.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::book::Book;
use super::{Balance, BankLine, Block, LineDifference, Position, Reconciliation, Transfer};
use crate::codes::{BankDirection, BookSource, MoveKind, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Body, BooksNeed, Claim, Context, Decision, Needs, PrincipalId, ReconciliationId, Record, Refused,
};
use crate::quantity::Units;

/// Positions, and lines of a bank's statement, in one act.
pub const POSITIONS_MAX: usize = 5_000;

/// Of which accounts the positions speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Coverage {
    /// Of those that are listed.
    #[default]
    Listed,
    /// Of every account open to the venue: one that is not listed is said to be empty.
    All,
}

/// Compares books and blocks what differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileBooks {
    /// VENUE or BANK.
    pub source: BookSource,
    /// Whose books they are; left out where a venue sends its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<PrincipalId>,
    /// The entry up to which the other books are complete; left out: they are as the ledger stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    #[serde(default, skip_serializing_if = "is_listed")]
    pub covers: Coverage,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<Position>,
    /// Lines of a bank's statement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<BankLine>,
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_listed(covers: &Coverage) -> bool {
    *covers == Coverage::Listed
}

impl Body for ReconcileBooks {
    fn needs(&self, needs: &mut Needs) {
        let listed = self.positions.iter().map(|position| position.account);
        let accounts = listed.chain(self.lines.iter().map(|line| line.account)).collect();
        let of_venue = self.venue.filter(|_| self.covers == Coverage::All);
        needs.ledger.books.push(BooksNeed { as_of: self.as_of, accounts, of_venue });
        needs.claims.extend(self.lines.iter().map(|line| Claim::BankReference(line.bank_reference.clone())));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let venue = self.venue(context)?;
        self.check_lists()?;
        let mut book = Book::open(context);
        let id = ReconciliationId::made_by(context.envelope.id, context.leg, 0);
        let positions = self.positions(context, venue)?;
        let (mut differing, mut agreeing) = (BTreeSet::new(), BTreeSet::new());
        let mut differences = Vec::new();
        for theirs in &positions {
            let ours = self.ours(context, venue, theirs.account)?;
            match theirs.compare(ours) {
                Some(difference) => {
                    differing.extend(ours.map(|_| theirs.account));
                    differences.push(difference);
                }
                None => drop(agreeing.insert(theirs.account)),
            }
        }
        let lines: Vec<_> = self.lines.iter().filter_map(|line| line_difference(context, line)).collect();
        for LineDifference { theirs, ours } in &lines {
            differing.extend([Some(theirs.account), ours.as_ref().map(|ours| ours.account)].into_iter().flatten());
        }
        agreeing.extend(self.lines.iter().map(|line| line.account));
        for account in agreeing.difference(&differing) {
            unblock(&mut book, *account, (self.source, venue));
        }
        for account in &differing {
            block(&mut book, *account, Block { source: self.source, venue, found_by: id });
        }
        let (source, as_of, compared) = (self.source, self.as_of, positions.len());
        book.put(id, id, Reconciliation { id, source, venue, as_of, compared, differences, lines });
        Ok(book.close().into())
    }
}

impl ReconcileBooks {
    /// Whose books they are; who sends them may speak for them.
    fn venue(&self, context: &Context<'_>) -> Result<Option<PrincipalId>, Refused> {
        let role = context.actor_role;
        let above = matches!(role, Role::Admin | Role::System);
        let forbidden = |field| Err(Refused::new(ErrorCode::Forbidden).at(field).told("role", role));
        match self.source {
            BookSource::Venue if role == Role::Venue && self.venue.is_none_or(|venue| venue == context.actor) => {
                Ok(Some(context.actor))
            }
            BookSource::Venue if role == Role::Venue => forbidden("venue"),
            BookSource::Venue if above || role == Role::TradeOperator => {
                self.venue.map(Some).ok_or_else(|| Refused::new(ErrorCode::FieldRequired).at("venue"))
            }
            BookSource::Bank if above || role == Role::Finance => Ok(None),
            BookSource::Venue | BookSource::Bank | BookSource::Journal => forbidden("source"),
        }
    }

    fn check_lists(&self) -> Result<(), Refused> {
        let longest = self.positions.len().max(self.lines.len());
        if longest > POSITIONS_MAX {
            let field = if self.positions.len() > POSITIONS_MAX { "positions" } else { "lines" };
            return Err(Refused::new(ErrorCode::ListTooLong).at(field).with("most", POSITIONS_MAX));
        }
        if longest == 0 && self.covers == Coverage::Listed {
            return Err(Refused::new(ErrorCode::ListEmpty).at("positions"));
        }
        if self.source == BookSource::Venue && !self.lines.is_empty() {
            return Err(Refused::new(ErrorCode::Validation).at("lines"));
        }
        if self.covers == Coverage::All && self.venue.is_none() {
            return Err(Refused::new(ErrorCode::FieldRequired).at("venue"));
        }
        let mut seen = BTreeSet::new();
        let twice = self.positions.iter().position(|position| !seen.insert(position.account));
        twice.map_or(Ok(()), |place| {
            let refused = Refused::new(ErrorCode::Validation).at(format!("positions[{place}].account"));
            Err(refused.with("reason", "TWICE"))
        })
    }

    /// The positions as sent, and that what is open to the venue besides is empty, where it says so.
    fn positions(&self, context: &Context<'_>, venue: Option<PrincipalId>) -> Result<Vec<Position>, Refused> {
        let mut positions = self.positions.clone();
        let Some(venue) = venue.filter(|_| self.covers == Coverage::All) else { return Ok(positions) };
        let listed: BTreeSet<_> = positions.iter().map(|position| position.account).collect();
        let open = context.set.accounts_of_venue(venue, context.now);
        let unlisted = open.filter(|account| !listed.contains(account));
        let empty = |account| Position { account, posted: Units::ZERO, held: None };
        positions.extend(unlisted.map(empty));
        let most = || Refused::new(ErrorCode::ListTooLong).at("positions").with("most", POSITIONS_MAX);
        if positions.len() > POSITIONS_MAX { Err(most()) } else { Ok(positions) }
    }

    /// What this book says of an account, of which its venue may know.
    fn ours(
        &self,
        context: &Context<'_>,
        venue: Option<PrincipalId>,
        id: AccountId,
    ) -> Result<Option<Balance>, Refused> {
        let known = match context.set.state(id, context.now) {
            Some(Record::Account(account)) => venue.is_none_or(|venue| account.venues.contains(&venue)),
            _ => false,
        };
        let Some(as_of) = self.as_of else { return Ok(known.then(|| context.set.balance(id))) };
        let beyond = || Refused::new(ErrorCode::AsOfBeyondHead).at("asOf").with("asked", as_of);
        let balance = context.set.balance_as_of(id, as_of).ok_or_else(beyond)?;
        Ok(known.then_some(balance))
    }
}

/// A line of the statement that is not booked here as the bank has it.
fn line_difference(context: &Context<'_>, line: &BankLine) -> Option<LineDifference> {
    let claim = Claim::BankReference(line.bank_reference.clone());
    let booked = context.set.claimants(&claim).find_map(|key| match context.set.state(key, context.now) {
        Some(Record::Transfer(transfer)) => booked(transfer, &line.bank_reference),
        _ => None,
    });
    (booked.as_ref() != Some(line)).then(|| LineDifference { theirs: line.clone(), ours: booked })
}

/// A deposit or payout as a bank would tell it.
fn booked(transfer: &Transfer, bank_reference: &str) -> Option<BankLine> {
    let movement = transfer.movements.first()?;
    let (account, direction) = match movement.kind {
        MoveKind::Payout => (movement.from, BankDirection::Out),
        _ => (movement.to, BankDirection::In),
    };
    Some(BankLine { bank_reference: bank_reference.to_owned(), account, direction, amount: movement.amount })
}

/// Keeps an account from being traded on, until this book agrees.
pub fn block(book: &mut Book<'_>, id: AccountId, block: Block) {
    let Ok(mut account) = book.account(id, "account") else { return };
    if !account.blocks.iter().any(|other| other.is_of(block.source, block.venue)) {
        account.blocks.push(block);
        book.put_account(account);
    }
}

/// This book agrees: it no longer keeps the account from being traded on.
fn unblock(book: &mut Book<'_>, id: AccountId, (source, venue): (BookSource, Option<PrincipalId>)) {
    let Ok(mut account) = book.account(id, "account") else { return };
    let before = account.blocks.len();
    account.blocks.retain(|block| !block.is_of(source, venue));
    if account.blocks.len() < before {
        book.put_account(account);
    }
}
