//! Offsets: units go out of use for what a new project emits, by a ratio; a source of reduction is used once.

use serde::{Deserialize, Serialize};

use super::Transfer;
use super::book::{Book, Carry, Source};
use super::check::positive;
use super::complete::begun;
use super::pick::Selection;
use super::reference::{check_reference, offset_source};
use crate::codes::MoveKind;
use crate::district::check_text;
use crate::error_catalogue::ErrorCode;
use crate::journal::{AccountId, Body, Context, Decision, Needs, Refused};
use crate::quantity::Units;

/// Offsets what a project newly emits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetUnits {
    pub from: AccountId,
    /// A retirement account.
    pub to: AccountId,
    /// What the project emits, before the ratio.
    pub emitted: Units,
    /// The ratio in hundredths, at least 100 (domain.md 5.2); its source stands in the act's legal basis.
    pub ratio_hundredths: u32,
    #[serde(default)]
    pub selection: Selection,
    /// The project for which it is done.
    pub project: String,
    /// The measure of reduction that the units come from; used once.
    pub source: String,
}

impl OffsetUnits {
    /// What must be offset: never less than the ratio says.
    fn required(&self) -> Result<Units, Refused> {
        let scaled = i128::from(self.emitted.count()) * i128::from(self.ratio_hundredths);
        let required = scaled.div_euclid(100) + i128::from(scaled.rem_euclid(100) != 0);
        let invalid = |_| Refused::new(ErrorCode::UnitsInvalid).at("emitted").told("given", self.emitted.count());
        i64::try_from(required).map(Units::of).map_err(invalid)
    }
}

impl Body for OffsetUnits {
    fn needs(&self, needs: &mut Needs) {
        needs.ledger.accounts.extend([self.from, self.to]);
        needs.ledger.take(self.from, self.required().unwrap_or_default(), &self.selection);
        needs.claims.push(offset_source(&self.source));
    }

    fn decide(&self, context: &Context<'_>) -> Result<Decision, Refused> {
        check_text(&self.project, "project")?;
        check_reference(&self.source, "source")?;
        positive(self.emitted, "emitted")?;
        if self.ratio_hundredths < 100 {
            let refused = Refused::new(ErrorCode::OffsetShort).at("ratioHundredths");
            return Err(refused.with("given", self.ratio_hundredths).with("least", 100));
        }
        if context.envelope.legal_basis.as_deref().is_none_or(|basis| basis.trim().is_empty()) {
            return Err(Refused::new(ErrorCode::LegalBasisRequired).at("legalBasis"));
        }
        if let Some(by) = context.set.claimants(&offset_source(&self.source)).next() {
            return Err(Refused::new(ErrorCode::OffsetSourceUsed).at("source").told("record", by));
        }
        let amount = self.required()?;
        let mut book = Book::open(context);
        let (reference, offset_source) = (Some(self.project.clone()), Some(self.source.clone()));
        let told = Transfer { reference, offset_source, ..begun(&book) };
        let (source, kind) = (Source::Free(&self.selection), MoveKind::Offset);
        let carry = Carry { kind, from: self.from, to: self.to, amount, source, transfer: told.id };
        let movement = book.carry(&carry)?;
        book.put(told.id, told.id, Transfer { movements: vec![movement], ..told });
        Ok(book.close().into())
    }
}
