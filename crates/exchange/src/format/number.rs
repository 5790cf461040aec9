//! Decimal texts: what counts as one, and how ordinates are written.
//!
//! No arithmetic on amounts happens here; floats are met only as ordinates of geometry.

/// Whether `text` is a decimal number: sign, digits, point, exponent; no spaces, no `inf`.
pub(crate) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_holds = exponent.is_none_or(|exponent| {
        let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !unsigned.is_empty() && digits(unsigned)
    });
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent_holds
}

/// Whether `text` is a number as JSON writes it, so that it may stand in a document unquoted.
pub(crate) fn is_json_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let whole = unsigned.split(['.', 'e', 'E']).next().unwrap_or("");
    let fraction_holds =
        unsigned.split_once('.').is_none_or(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_decimal(text)
        && unsigned.starts_with(|c: char| c.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'))
        && fraction_holds
}

/// Whether the number that `text` writes survives as a double: its digits are at most the 15 that every double keeps.
pub(crate) fn fits_double(text: &str) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = if mantissa.contains('.') {
        digits.trim_matches('0')
    } else {
        digits.trim_start_matches('0').trim_end_matches('0')
    };
    significant.len() <= 15 && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// How the ordinates of a text format are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrdinateText {
    /// The shortest decimal that reads back as the same double.
    Exact,
    /// Degrees, rounded to 9 decimals (0.1 mm on the ground).
    Degrees,
}

impl OrdinateText {
    /// Appends the ordinate to `out`.
    pub(crate) fn write(self, value: f64, out: &mut String) {
        match self {
            Self::Exact => out.push_str(&value.to_string()),
            Self::Degrees => {
                let text = format!("{value:.9}");
                let trimmed = text.trim_end_matches('0').trim_end_matches('.');
                out.push_str(if trimmed == "-0" { "0" } else { trimmed });
            }
        }
    }
}

#[cfg(test)]
#[path = "number_tests.rs"]
mod number_tests;
