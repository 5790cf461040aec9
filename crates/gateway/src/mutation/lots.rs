//! Inputs that name units: which of an account's, and of what class.

use async_graphql::InputObject;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::factor::{LotClass, Selection, UnitRange};
use yulin_domain::journal::Refused;

use super::common::date;
use super::read::{Read, Under, each, few, maybe};
use crate::scalars::{Decimal, LocalDate};

/// Ranges of units that one act may name.
const RANGES_MAX: usize = 1_000;

/// What makes units interchangeable (同质类别).
#[derive(Debug, Clone, InputObject)]
pub struct LotClassInput {
    /// The last day on which they are valid; left out: they do not lapse (有效期截止日).
    pub expires_on: Option<LocalDate>,
    /// The water body or air shed for which they count (控制单元).
    pub control_unit: Option<String>,
}

impl TryFrom<LotClassInput> for LotClass {
    type Error = Refused;
    fn try_from(LotClassInput { expires_on, control_unit }: LotClassInput) -> Read<Self> {
        Ok(Self { expires_on: date(expires_on, "expiresOn")?, control_unit })
    }
}

/// Unit numbers from `from` up to, but not including, `to` (号段).
#[derive(Debug, Clone, InputObject)]
pub struct UnitRangeInput {
    /// The first number (起始号).
    pub from: Decimal,
    /// The number after the last (终止号，不含).
    pub to: Decimal,
}

impl TryFrom<UnitRangeInput> for UnitRange {
    type Error = Refused;
    fn try_from(UnitRangeInput { from, to }: UnitRangeInput) -> Read<Self> {
        Ok(Self { from: from.scaled(0, "from")?, to: to.scaled(0, "to")? })
    }
}

/// Which units: those of a class in the declared order, or these numbers; not both (选取方式).
#[derive(Debug, Clone, InputObject)]
pub struct SelectionInput {
    /// The first units of this class: earliest expiry, then lowest number (同质类别).
    pub class: Option<LotClassInput>,
    /// These numbers, as many as the amount says (指定号段).
    pub numbers: Option<Vec<UnitRangeInput>>,
}

/// Reads which units are meant.
pub(crate) fn chosen_units(given: Option<SelectionInput>) -> Read<Selection> {
    match given {
        None => Ok(Selection::default()),
        Some(SelectionInput { class, numbers: None }) => Ok(Selection::InOrder { class: maybe(class, "class")? }),
        Some(SelectionInput { class: None, numbers: Some(numbers) }) => {
            few(&numbers, RANGES_MAX, "numbers")?;
            Ok(Selection::Numbers { units: each(numbers, "numbers")? })
        }
        Some(SelectionInput { class: Some(_), numbers: Some(_) }) => {
            Err(Refused::new(ErrorCode::Validation).at("numbers").with("excludes", "class"))
        }
    }
    .under("selection")
}
