//! Decimal text to and from integers of a declared scale.
//!
//! One parser for every amount: exact or refused, never rounded on the way in.

/// Why a decimal text was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecimalRefused {
    #[error("{0:?} is not a decimal number")]
    NotANumber(String),
    #[error("{text:?} has more than {scale} decimals")]
    TooFine { text: String, scale: u32 },
    #[error("{0:?} is out of range")]
    OutOfRange(String),
}

/// Parses decimal text into an integer count of 10^-scale units, exactly.
pub fn parse_scaled(text: &str, scale: u32) -> Result<i64, DecimalRefused> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, trimmed),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
        return Err(DecimalRefused::NotANumber(shortened(text)));
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = (scale as usize)
        .checked_sub(fraction.len())
        .ok_or_else(|| DecimalRefused::TooFine { text: shortened(text), scale })?;
    let joined = format!("{whole}{fraction}{}", "0".repeat(missing));
    let signed = if negative { format!("-{joined}") } else { joined };
    signed.parse().map_err(|_| DecimalRefused::OutOfRange(shortened(text)))
}

/// Writes an integer count of 10^-scale units as decimal text without trailing zeros.
pub fn write_scaled(units: i64, scale: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale as usize);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
