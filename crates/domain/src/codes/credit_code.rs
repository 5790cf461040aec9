//! The unified social credit code (统一社会信用代码) of GB 32100-2015: 18 characters, the last a check character.
//!
//! The form alone: whether such a body exists is asked of the register of market entities, not here.

use super::code_text::{CodeText, text_forms};
use super::refused::{CodeKind, CodeRefused};

/// Length of a credit code in characters.
pub const CREDIT_CODE_LENGTH: usize = 18;

/// The 31 characters of the code (no I, O, S, V, Z); the place in the text is the value.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const DIGITS: &str = "0123456789";
/// The size of the alphabet, a prime: every exchange of one character changes the check character.
const MODULUS: usize = 31;

/// A unified social credit code whose check character is right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode(CodeText<CREDIT_CODE_LENGTH>);

impl CreditCode {
    /// Reads a credit code and proves its check character.
    pub fn parse(text: &str) -> Result<Self, CodeRefused> {
        let code = Self(CodeText::read(CodeKind::Credit, text, credit_character)?);
        let expected = check_character(code.0.part(0..CREDIT_CODE_LENGTH - 1));
        let found = code.0.letter(CREDIT_CODE_LENGTH - 1);
        if expected != found {
            return Err(CodeRefused::CheckCharacter { expected, found });
        }
        Ok(code)
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The division of the registering authority, characters 3-8.
    pub fn division(&self) -> &str {
        self.0.part(2..8)
    }
}

/// Characters 3-8 are a division and therefore digits.
fn credit_character(index: usize) -> &'static str {
    if (2..8).contains(&index) { DIGITS } else { ALPHABET }
}

/// (31 - sum of value times 3^place mod 31) mod 31, as a character.
fn check_character(body: &str) -> char {
    let (sum, _) = body.chars().fold((0, 1), |(sum, weight), character| {
        let value = ALPHABET.find(character).unwrap_or_default();
        ((sum + value * weight) % MODULUS, weight * 3 % MODULUS)
    });
    ALPHABET.chars().nth((MODULUS - sum) % MODULUS).unwrap_or_default()
}

text_forms!(CreditCode, CreditCode::parse);
