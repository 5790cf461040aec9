//! What the registry's own reconciliation found: accounts whose rows are not what the journal folds into are blocked,
//! until an administrator says that they were put right.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::account_status::known;
use super::book::Book;
use super::reconcile_books::POSITIONS_MAX;
use super::{Account, Block, Difference, Reconciliation};
use crate::codes::{BookSource, Role};
use crate::error_catalogue::ErrorCode;
use crate::journal::{
    AccountId, Body, Change, Context, Decision, Needs, PrincipalId, ReconciliationId, Refused, Seen, Span,
};

/// Blocks accounts of which the journal says otherwise than the tables: of each difference, `theirs` is the journal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDifferences {
    /// The entry as of which both were compared.
    pub as_of: i64,
    /// How many accounts were compared.
    pub compared: usize,
    pub differences: Vec<Difference>,
}

/// Lets an account be traded on again, though the book that differed was not compared anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiftBlock {
    pub account: Seen<AccountId>,
    pub source: BookSource,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<PrincipalId>,
}

impl Body for ReportDifferences {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend(self.differences.iter().map(|difference| difference.theirs.account));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        if self.differences.is_empty() || self.differences.len() > POSITIONS_MAX {
            return Err(Refused::new(ErrorCode::ListTooLong).at("differences").with("most", POSITIONS_MAX));
        }
        let mut book = Book::open(context);
        let id = ReconciliationId::made_by(context.envelope.id, context.leg, 0);
        let mut differences = self.differences.clone();
        differences.retain(|difference| is_news(context, difference.theirs.account));
        if differences.is_empty() {
            return Ok(Decision::default());
        }
        for difference in &differences {
            let mut account = book.account(difference.theirs.account, "differences")?;
            let (source, lines) = (BookSource::Journal, BTreeSet::new());
            let found = Block { source, venue: None, found_by: id, as_of: self.as_of, position: true, lines };
            account.blocks.push(found);
            book.put_account(account);
        }
        let Self { as_of, compared, .. } = *self;
        let source = BookSource::Journal;
        let found = Reconciliation { id, source, venue: None, as_of, compared, differences, lines: Vec::new() };
        book.put(id, id, found);
        Ok(book.close().into())
    }
}

/// Whether an account was not blocked for the same before, by another gateway that looked.
fn is_news(context: &Context<'_>, account: AccountId) -> bool {
    known(context, account)
        .is_ok_and(|account| !account.blocks.iter().any(|block| block.is_of(BookSource::Journal, None)))
}

impl Body for LiftBlock {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.push(self.account.id);
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        context.unchanged(self.account, "account")?;
        context.reasoned()?;
        let role = context.actor_role;
        let may = match self.source {
            BookSource::Venue => matches!(role, Role::TradeOperator | Role::Admin),
            BookSource::Bank => matches!(role, Role::Finance | Role::Admin),
            BookSource::Journal => role == Role::Admin,
        };
        if !may {
            return Err(Refused::new(ErrorCode::Forbidden).at("source").told("role", role));
        }
        let account = known(context, self.account.id)?;
        let mut blocks = account.blocks.clone();
        blocks.retain(|block| !block.is_of(self.source, self.venue));
        if blocks.len() == account.blocks.len() {
            return Ok(Decision::default());
        }
        let account = Account { blocks, ..account.clone() };
        Ok(vec![Change::put(account.id.into(), account.id.into(), Span::ALL, account)].into())
    }
}
