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

    /// Every line that is not booked here as the bank has it, and everything booked on its days that is on no line.
    pub fn differences(&self, context: &Context<'_>) -> Result<Vec<LineDifference>, Refused> {
        if self.from > self.to {
            return Err(Refused::new(ErrorCode::DateInvalid).at("statement.to").told("from", self.from));
        }
        let district =
            super::account_status::known(context, self.bank).map_err(|refused| refused.at("statement.bank"))?;
        let zone = &context.district(district.district)?.time_zone;
        let mut differences: Vec<_> =
            self.lines.iter().filter_map(|line| self.line_difference(context, line)).collect();
        let named: BTreeSet<_> = self.lines.iter().map(|line| (line.direction, &line.bank_reference)).collect();
        for id in context.set.booked(self.bank) {
            let Some(transfer) = transfer(context, id) else { continue };
            let Some((_, ours)) = transfer.booked() else { continue };
            let day = transfer.value_date.or_else(|| transfer.made_at.date_in(zone).ok());
            let is_of_its_days = day.is_some_and(|day| self.from <= day && day <= self.to);
            if is_of_its_days && !named.contains(&(ours.direction, &ours.bank_reference)) {
                differences.push(LineDifference { theirs: None, ours: Some(ours) });
            }
        }
        Ok(differences)
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
