//! The parcel code (宗地代码) of GB/T 37346-2019: 19 characters without a check digit.
//!
//! Form and combinations alone; whether the code is unused and of the district's county is decided where a parcel is
//! registered. Nothing is trimmed or changed to upper case: two writings of one code would be two parcels.

use super::code_text::{CodeText, text_forms};
use super::refused::{CodeKind, CodeRefused};
use super::rights::Ownership;
use super::space::ParcelLayer;

/// Length of a parcel code in characters.
pub const PARCEL_CODE_LENGTH: usize = 19;

const DIGITS: &str = "0123456789";
const OWNERSHIP: &str = "GJZ";
const PARCEL_TYPE: &str = "ABSXCDEFLNHGWY";
const CROSS_COUNTY: &str = "000000";

/// Whether parcels of ownership by the state (`GA`) are accepted. The standard's text is not clear on them; ownership
/// parcels are normally collective, so a district accepts them only when it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StateOwnershipParcels {
    /// `GA` is refused.
    #[default]
    Refused,
    /// `GA` is accepted.
    Accepted,
}

/// A parcel code: county, cadastral district and sub-district, ownership and type letters, serial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParcelCode(CodeText<PARCEL_CODE_LENGTH>);

impl ParcelCode {
    /// Reads a parcel code; `GA` is refused.
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        Self::parse_with(text, StateOwnershipParcels::Refused)
    }

    /// Reads a parcel code under the district's rule for `GA`.
    pub fn parse_with(text: &str, state_ownership: StateOwnershipParcels) -> Result<Self, CodeRefused> {
        let code = Self(CodeText::read(CodeKind::Parcel, text, parcel_character)?);
        code.check(CodeKind::Parcel, state_ownership)?;
        Ok(code)
    }

    /// Reads back what was accepted once. A `GA` that a district accepted must stay readable for ever.
    fn read_back(text: &str) -> Result<Self, CodeRefused> {
        Self::parse_with(text, StateOwnershipParcels::Accepted)
    }

    /// The 19 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// County of GB/T 2260, characters 1-6.
    pub fn county(&self) -> &str {
        self.0.part(0..6)
    }

    /// Cadastral district (地籍区), characters 7-9.
    pub fn cadastral_district(&self) -> &str {
        self.0.part(6..9)
    }

    /// Cadastral sub-district (地籍子区), characters 10-12.
    pub fn cadastral_subdistrict(&self) -> &str {
        self.0.part(9..12)
    }

    /// Ownership letter, character 13: `G`, `J` or `Z`.
    pub fn ownership_letter(&self) -> char {
        self.0.letter(12)
    }

    /// Parcel-type letter, character 14.
    pub fn parcel_type_letter(&self) -> char {
        self.0.letter(13)
    }

    /// Serial inside sub-district and letters, characters 15-19: 1 to 99999.
    pub fn serial(&self) -> u32 {
        self.0.part(14..19).bytes().fold(0, |serial, digit| serial * 10 + u32::from(digit.saturating_sub(b'0')))
    }

    /// The ownership the code states.
    pub fn ownership(&self) -> Ownership {
        match self.ownership_letter() {
            'G' => Ownership::State,
            'J' => Ownership::Collective,
            _ => Ownership::Undetermined,
        }
    }

    /// The layer of space the code states, if it does: `B` surface, `S` above ground, `X` underground.
    pub fn layer(&self) -> Option<ParcelLayer> {
        match self.parcel_type_letter() {
            'B' => Some(ParcelLayer::Surface),
            'S' => Some(ParcelLayer::Above),
            'X' => Some(ParcelLayer::Underground),
            _ => None,
        }
    }

    /// Refuses a code of another county than `expected`, the six digits of GB/T 2260. What lies across counties lies in
    /// each of them.
    pub fn check_county(&self, expected: &str) -> Result<(), CodeRefused> {
        if [expected, CROSS_COUNTY].contains(&self.county()) {
            return Ok(());
        }
        Err(CodeRefused::County { expected: super::labelled::clipped(expected), found: self.county().to_owned() })
    }

    /// The rules beyond the single characters, in order of precedence.
    fn check(&self, kind: CodeKind, state_ownership: StateOwnershipParcels) -> Result<(), CodeRefused> {
        if self.serial() == 0 {
            return Err(CodeRefused::SerialZero { kind });
        }
        let (ownership, parcel_type) = (self.ownership_letter(), self.parcel_type_letter());
        let excluded = match (ownership, parcel_type) {
            // A homestead is collective land; sea and islands belong to the state.
            ('G', 'C') | ('J', 'H' | 'G') => true,
            ('G', 'A') => state_ownership == StateOwnershipParcels::Refused,
            _ => false,
        };
        if excluded {
            return Err(CodeRefused::Combination { ownership, parcel_type });
        }
        if self.county() == CROSS_COUNTY && !matches!(parcel_type, 'H' | 'G') {
            return Err(CodeRefused::CrossCounty { parcel_type });
        }
        Ok(())
    }

    /// The parcel part of a unit code, whose refusals speak of the unit code.
    pub(super) fn of_unit(text: &str, state_ownership: StateOwnershipParcels) -> Result<Self, CodeRefused> {
        let code = Self(CodeText::read(CodeKind::Unit, text, parcel_character)?);
        code.check(CodeKind::Unit, state_ownership)?;
        Ok(code)
    }
}

/// The characters allowed at a place (from 0) of a parcel code.
pub(super) fn parcel_character(index: usize) -> &'static str {
    match index {
        12 => OWNERSHIP,
        13 => PARCEL_TYPE,
        _ => DIGITS,
    }
}

text_forms!(ParcelCode, ParcelCode::read_back);
