//! A bank's statement held against what is booked: line by line, and what is booked on its days and on no line.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BankLine, LineDifference, Transfer};
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Claim, Context, Record, Refused, TransferId};

/// Everything that a bank says happened on some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankStatement {
    /// The account that stands for the bank.
    pub bank: AccountId,
    /// The first and the last day; the statement is complete for them.
    pub from: Date,
    pub to: Date,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<BankLine>,
}

impl BankStatement {
    fn claim(&self, line: &BankLine) -> Claim {
        Claim::BankReference(self.bank, line.direction, line.bank_reference.clone())
    }

    /// The names that its lines bear here.
    pub fn claims(&self) -> impl Iterator<Item = Claim> {
        self.lines.iter().map(|line| self.claim(line))
    }

    /// What was ever booked on its days, taken back since or not.
    pub fn on_its_days<'a>(&self, context: &Context<'a>) -> Result<Vec<&'a Transfer>, Refused> {
        if self.from > self.to {
            return Err(Refused::new(ErrorCode::DateInvalid).at("statement.to").told("from", self.from));
        }
        let bank = super::account_status::known(context, self.bank).map_err(|refused| refused.at("statement.bank"))?;
        let zone = &context.district(bank.district)?.time_zone;
        let is_of_its_days = |transfer: &&Transfer| {
            let day = transfer.value_date.or_else(|| transfer.made_at.date_in(zone).ok());
            day.is_some_and(|day| self.from <= day && day <= self.to)
        };
        let known = context.set.booked(self.bank).filter_map(|id| transfer(context, id));
        Ok(known.filter(is_of_its_days).collect())
    }

    /// Every line that is not booked here as the bank has it, and everything booked on its days that is on no line.
    pub fn differences(&self, context: &Context<'_>, on_its_days: &[&Transfer]) -> Vec<LineDifference> {
        let named: BTreeSet<_> = self.lines.iter().map(BankLine::name).collect();
        let missed = on_its_days.iter().filter_map(|transfer| transfer.booked()).map(|(_, ours)| ours);
        let missed = missed.filter(|ours| !named.contains(&ours.name()));
        let missed = missed.map(|ours| LineDifference { theirs: None, ours: Some(ours) });
        self.lines.iter().filter_map(|line| self.line_difference(context, line)).chain(missed).collect()
    }

    /// A line that is not booked here as the bank has it.
    fn line_difference(&self, context: &Context<'_>, line: &BankLine) -> Option<LineDifference> {
        let found = context.set.claimants(&self.claim(line)).find_map(|key| transfer(context, TransferId(key.id)));
        let ours = found.and_then(Transfer::booked).map(|(_, line)| line);
        (ours.as_ref() != Some(line)).then(|| LineDifference { theirs: Some(line.clone()), ours })
    }
}

fn transfer<'a>(context: &Context<'a>, id: TransferId) -> Option<&'a Transfer> {
    match context.set.state(id, context.now) {
        Some(Record::Transfer(transfer)) => Some(transfer),
        _ => None,
    }
}
