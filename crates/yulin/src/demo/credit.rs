//! Credit codes for the firms of the demo, with their check characters.
//!
//! The body spells the registry's name where a real code has the number of an organisation.

use anyhow::Result;
use yulin_domain::codes::CreditCode;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The unified social credit code of the nth organisation; `kind` is the first two characters by GB 32100-2015.
pub(super) fn credit_code(kind: &str, number: u32) -> Result<CreditCode> {
    let organisation = format!("YU{number:06}");
    let body = format!("{kind}330726{organisation}{}", organisation_check(&organisation));
    let check = check_of(&body);
    Ok(CreditCode::parse(&format!("{body}{check}"))?)
}

/// The check character of GB 11714: weights 3, 7, 9, 10, 5, 8, 4, 2 modulo 11.
fn organisation_check(body: &str) -> char {
    let value = |c: char| c.to_digit(36).unwrap_or(0);
    let sum: u32 = body.chars().map(value).zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(value, weight)| value * weight).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// The check character of GB 32100-2015: weights are powers of 3 modulo 31.
fn check_of(body: &str) -> char {
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % 31));
    let sum: usize = body.chars().zip(weights).map(|(c, weight)| ALPHABET.find(c).unwrap_or(0) * weight).sum();
    ALPHABET.chars().nth((31 - sum % 31) % 31).unwrap_or('0')
}
