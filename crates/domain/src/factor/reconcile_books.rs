//! Reconciliation: a venue's positions or a bank's statement against the ledger. Accounts that differ are blocked, those
//! that agree again are free.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::bank_statement::BankStatement;
use super::book::Book;
use super::{Balance, BankLine, Block, Difference, LineDifference, OpenHolds, Position, Reconciliation};
use crate::codes::{BookSource, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Body, BooksNeed, Context, Decision, Needs, PrincipalId, ReconciliationId, Record, Refused,
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
    /// Whose positions they are; required of a venue's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<PrincipalId>,
    /// The entry up to which the other books are complete; left out: they are as the ledger stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    #[serde(default, skip_serializing_if = "is_listed")]
    pub covers: Coverage,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub positions: Vec<Position>,
    /// A bank's statement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<BankStatement>,
}

// Serde hands a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_listed(covers: &Coverage) -> bool {
    *covers == Coverage::Listed
}

impl Body for ReconcileBooks {
    fn needs(&self, needs: &mut Needs) {
        let listed = self.positions.iter().map(|position| position.account);
        let lines = self.statement.iter().flat_map(|statement| &statement.lines);
        let bank = self.statement.iter().map(|statement| statement.bank);
        let accounts = listed.chain(lines.map(|line| line.account)).chain(bank).collect();
        let names: Vec<_> = self.statement.iter().flat_map(BankStatement::claims).collect();
        let booked = self.statement.as_ref().map(|statement| (statement.bank, statement.from, statement.to));
        needs.claims.extend(names.clone());
        let (as_of, of_venue) = (self.as_of, self.venue);
        let with_holds = self.positions.iter().any(|position| position.holds.is_some());
        needs.ledger.books.push(BooksNeed { as_of, accounts, of_venue, with_holds, names, booked });
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        let venue = self.venue(context)?;
        self.check_lists()?;
        let as_of = self.as_of.unwrap_or(context.seq - 1);
        if as_of >= context.seq {
            return Err(Refused::new(ErrorCode::AsOfBeyondHead).at("asOf").with("asked", as_of));
        }
        let known = venue.map(|venue| context.set.accounts_of_venue(venue, self.as_of, context.now));
        let positions = self.positions(known.as_ref())?;
        let mut differences = Vec::new();
        for theirs in &positions {
            let ours = self.ours(context, known.as_ref(), theirs.account)?;
            let holds = venue.and_then(|venue| context.set.open_holds_as_of(venue, as_of, theirs.account));
            differences.extend(theirs.compare(ours, holds.unwrap_or(&OpenHolds::new())));
        }
        let (lines, taken_back) = self.lines(context)?;
        let id = ReconciliationId::made_by(context.envelope.id, context.leg, 0);
        let found = Found { source: self.source, venue, id, as_of };
        let mut book = Book::open(context);
        // Of an account that is not open to the venue any more nothing was compared, and nothing is settled.
        let unseen: BTreeSet<_> = accounts_of(differences.iter().filter(|one| one.ours.is_none()));
        let differing: BTreeSet<_> = accounts_of(differences.iter());
        for theirs in positions.iter().filter(|theirs| !unseen.contains(&theirs.account)) {
            found.mark_position(&mut book, theirs.account, differing.contains(&theirs.account));
        }
        let sent = self.statement.iter().flat_map(|statement| &statement.lines);
        let told = lines.iter().flat_map(|one| one.theirs.iter().chain(&one.ours));
        let unsettled: BTreeSet<_> = told.map(BankLine::name).collect();
        for line in &taken_back {
            found.mark_line(&mut book, line, false);
        }
        for line in sent.chain(lines.iter().flat_map(|line| &line.ours)) {
            found.mark_line(&mut book, line, unsettled.contains(&line.name()));
        }
        let source = self.source;
        let compared = positions.len();
        book.put(id, id, Reconciliation { id, source, venue, as_of, compared, differences, lines });
        Ok(book.close().into())
    }
}

impl ReconcileBooks {
    /// Whose positions they are; who sends them may speak for them.
    fn venue(&self, context: &Context<'_>) -> Result<Option<PrincipalId>, Refused> {
        let role = context.actor_role;
        let above = matches!(role, Role::Admin | Role::System);
        let forbidden = |field| Err(Refused::new(ErrorCode::Forbidden).at(field).told("role", role));
        match (self.source, self.venue) {
            (BookSource::Venue, None) => Err(Refused::new(ErrorCode::FieldRequired).at("venue")),
            (BookSource::Venue, Some(venue)) if role == Role::Venue => {
                if venue == context.actor {
                    Ok(Some(venue))
                } else {
                    forbidden("venue")
                }
            }
            (BookSource::Venue, Some(venue)) if above || role == Role::TradeOperator => Ok(Some(venue)),
            (BookSource::Bank, None) if above || role == Role::Finance => Ok(None),
            (BookSource::Bank, Some(_)) => forbidden("venue"),
            (BookSource::Venue | BookSource::Bank | BookSource::Journal, _) => forbidden("source"),
        }
    }

    fn check_lists(&self) -> Result<(), Refused> {
        let lines = self.statement.as_ref().map_or(0, |statement| statement.lines.len());
        for (field, length) in [("positions", self.positions.len()), ("statement.lines", lines)] {
            if length > POSITIONS_MAX {
                return Err(Refused::new(ErrorCode::ListTooLong).at(field).with("most", POSITIONS_MAX));
            }
        }
        let says_something = !self.positions.is_empty() || self.statement.is_some() || self.covers == Coverage::All;
        if !says_something {
            return Err(Refused::new(ErrorCode::ListEmpty).at("positions"));
        }
        let only = |field| Err(Refused::new(ErrorCode::Validation).at(field).told("source", self.source));
        match self.source {
            BookSource::Bank if self.covers == Coverage::All => return only("covers"),
            BookSource::Venue if self.statement.is_some() => return only("statement"),
            BookSource::Venue | BookSource::Bank | BookSource::Journal => {}
        }
        let twice = |field: String| Refused::new(ErrorCode::Validation).at(field).with("reason", "TWICE");
        let mut seen = BTreeSet::new();
        if let Some(place) = self.positions.iter().position(|position| !seen.insert(position.account)) {
            return Err(twice(format!("positions[{place}].account")));
        }
        self.check_holds(twice)
    }

    /// Holds are a venue's, each is told once, and as of an entry: until then the venue has seen what became of them.
    fn check_holds(&self, twice: impl Fn(String) -> Refused) -> Result<(), Refused> {
        let (mut seen, mut told) = (BTreeSet::new(), 0);
        for (place, position) in self.positions.iter().enumerate() {
            let Some(holds) = &position.holds else { continue };
            let field = format!("positions[{place}].holds");
            if self.source != BookSource::Venue {
                return Err(Refused::new(ErrorCode::Validation).at(field).told("source", self.source));
            }
            if self.as_of.is_none() {
                return Err(Refused::new(ErrorCode::FieldRequired).at("asOf").with("because", field));
            }
            told += holds.len();
            if told > POSITIONS_MAX {
                return Err(Refused::new(ErrorCode::ListTooLong).at(field).with("most", POSITIONS_MAX));
            }
            if let Some(nth) = holds.iter().position(|one| !seen.insert(one.hold)) {
                return Err(twice(format!("{field}[{nth}].hold")));
            }
        }
        Ok(())
    }

    /// The lines that differ, and what was booked on the days of the statement and taken back since: no line is missed on
    /// its account any more.
    fn lines(&self, context: &Context<'_>) -> Result<(Vec<LineDifference>, Vec<BankLine>), Refused> {
        let Some(statement) = &self.statement else { return Ok(Default::default()) };
        let on_its_days = statement.on_its_days(context)?;
        let taken_back = on_its_days.iter().filter(|transfer| transfer.booked().is_none());
        let taken_back = taken_back.filter_map(|transfer| transfer.line()).map(|(_, line)| line).collect();
        Ok((statement.differences(context, &on_its_days), taken_back))
    }

    /// The positions as sent, and that what was open to the venue besides is empty, where it says so.
    fn positions(&self, known: Option<&BTreeSet<AccountId>>) -> Result<Vec<Position>, Refused> {
        let mut positions = self.positions.clone();
        if self.covers == Coverage::All {
            let listed: BTreeSet<_> = positions.iter().map(|position| position.account).collect();
            let unlisted = known.into_iter().flatten().filter(|account| !listed.contains(account));
            let empty =
                |account: &AccountId| Position { account: *account, posted: Units::ZERO, held: None, holds: None };
            positions.extend(unlisted.map(empty));
        }
        let most = || Refused::new(ErrorCode::ListTooLong).at("positions").with("most", POSITIONS_MAX);
        if positions.len() > POSITIONS_MAX { Err(most()) } else { Ok(positions) }
    }

    /// What this book says of an account, of which its venue may know.
    fn ours(
        &self,
        context: &Context<'_>,
        known: Option<&BTreeSet<AccountId>>,
        id: AccountId,
    ) -> Result<Option<Balance>, Refused> {
        let is_account = matches!(context.set.state(id, context.now), Some(Record::Account(_)));
        let is_known = is_account && known.is_none_or(|known| known.contains(&id));
        let Some(as_of) = self.as_of else { return Ok(is_known.then(|| context.set.balance(id))) };
        let beyond = || Refused::new(ErrorCode::AsOfBeyondHead).at("asOf").with("asked", as_of);
        let balance = context.set.balance_as_of(id, as_of).ok_or_else(beyond)?;
        Ok(is_known.then_some(balance))
    }
}

fn accounts_of<'d>(differences: impl Iterator<Item = &'d Difference>) -> BTreeSet<AccountId> {
    differences.map(|one| one.theirs.account).collect()
}

/// What a comparison has found, as it is marked on accounts.
struct Found {
    source: BookSource,
    venue: Option<PrincipalId>,
    id: ReconciliationId,
    as_of: i64,
}

impl Found {
    fn mark_position(&self, book: &mut Book<'_>, account: AccountId, differs: bool) {
        self.mark(book, account, differs, |block| block.position = differs);
    }

    fn mark_line(&self, book: &mut Book<'_>, line: &BankLine, differs: bool) {
        let name = line.name();
        self.mark(book, line.account, differs, |block| {
            if differs {
                block.lines.insert(name)
            } else {
                block.lines.remove(&name)
            };
        });
    }

    /// Sets or takes away one cause of a block. What was found as of a later entry is not settled by an earlier state.
    fn mark(&self, book: &mut Book<'_>, id: AccountId, differs: bool, mark: impl FnOnce(&mut Block)) {
        let Ok(mut account) = book.account(id, "account") else { return };
        let before = account.blocks.clone();
        let place = account.blocks.iter().position(|block| block.is_of(self.source, self.venue));
        let fresh = Block {
            source: self.source,
            venue: self.venue,
            found_by: self.id,
            as_of: self.as_of,
            position: false,
            lines: BTreeSet::new(),
        };
        let mut block = place.map_or(fresh, |place| account.blocks.swap_remove(place));
        if differs || self.as_of >= block.as_of {
            mark(&mut block);
        }
        if differs {
            (block.found_by, block.as_of) = (self.id, self.as_of.max(block.as_of));
        }
        if block.position || !block.lines.is_empty() {
            account.blocks.push(block);
        }
        account.blocks.sort_by_key(|block| (block.source, block.venue));
        if account.blocks != before {
            book.put_account(account);
        }
    }
}
