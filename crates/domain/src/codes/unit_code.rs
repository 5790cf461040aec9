//! The real-estate unit code (不动产单元代码) of GB/T 37346-2019: a parcel code and nine characters for the fixture.
//!
//! One unit is what a certificate is issued for. Buildings themselves are not kept here.

use super::code_text::{CodeText, text_forms};
use super::parcel_code::{PARCEL_CODE_LENGTH, ParcelCode, StateOwnershipParcels, parcel_character};
use super::refused::{CodeKind, CodeRefused};

/// Length of a unit code in characters.
pub const UNIT_CODE_LENGTH: usize = 28;

const FIXTURE: &str = "FLQW";
const FIXTURE_NUMBER: std::ops::Range<usize> = PARCEL_CODE_LENGTH + 1..UNIT_CODE_LENGTH;
const NO_FIXTURE_NUMBER: &str = "00000000";

/// A unit code: parcel code, fixture letter, fixture number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitCode {
    text: CodeText<UNIT_CODE_LENGTH>,
    parcel: ParcelCode,
}

impl UnitCode {
    /// Reads a unit code; a parcel part with `GA` is refused.
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        Self::parse_with(text, StateOwnershipParcels::Refused)
    }

    /// Reads a unit code under the district's rule for `GA`.
    pub fn parse_with(text: &str, state_ownership: StateOwnershipParcels) -> Result<Self, CodeRefused> {
        let text = CodeText::read(CodeKind::Unit, text, unit_character)?;
        let parcel = ParcelCode::of_unit(text.part(0..PARCEL_CODE_LENGTH), state_ownership)?;
        let code = Self { text, parcel };
        if code.fixture_letter() == 'W' && code.fixture_number() != NO_FIXTURE_NUMBER {
            return Err(CodeRefused::FixtureNumber { found: code.fixture_number().to_owned() });
        }
        Ok(code)
    }

    fn read_back(text: &str) -> Result<Self, CodeRefused> {
        Self::parse_with(text, StateOwnershipParcels::Accepted)
    }

    /// The 28 characters.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The parcel the unit stands on.
    pub const fn parcel_code(&self) -> ParcelCode {
        self.parcel
    }

    /// `F` structure, `L` forest, `Q` other, `W` none.
    pub fn fixture_letter(&self) -> char {
        self.text.letter(PARCEL_CODE_LENGTH)
    }

    /// The eight digits after the fixture letter.
    pub fn fixture_number(&self) -> &str {
        self.text.part(FIXTURE_NUMBER)
    }
}

fn unit_character(index: usize) -> &'static str {
    if index == PARCEL_CODE_LENGTH { FIXTURE } else { parcel_character(index) }
}

text_forms!(UnitCode, UnitCode::read_back);
