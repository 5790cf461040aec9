//! The tokens of well-known text.
//!
//! No geometry here. It borrows from the text and parses numbers by the standard library, which reads the shortest decimal
//! of a double back as the same double.

use super::FeatureProblem;

/// One token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Token<'a> {
    Word(&'a str),
    Number(f64),
    Open,
    Close,
    Comma,
    End,
}

/// A scanner with one token of look-ahead.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token, which stays.
    pub(super) fn peek(&self) -> Result<Token<'a>, FeatureProblem> {
        self.scan().map(|(token, _)| token)
    }

    /// The next token, taken.
    pub(super) fn take(&mut self) -> Result<Token<'a>, FeatureProblem> {
        let (token, after) = self.scan()?;
        self.at = after;
        Ok(token)
    }

    /// Takes `expected` or says what stands there instead.
    pub(super) fn expect(&mut self, expected: Token<'_>) -> Result<(), FeatureProblem> {
        let found = self.take()?;
        if found == expected { Ok(()) } else { Err(self.unexpected(found)) }
    }

    /// The problem of finding `token` where it does not belong.
    pub(super) fn unexpected(&self, token: Token<'_>) -> FeatureProblem {
        let found = match token {
            Token::Word(word) => word.chars().take(40).collect(),
            Token::Number(number) => number.to_string(),
            Token::Open => "(".to_owned(),
            Token::Close => ")".to_owned(),
            Token::Comma => ",".to_owned(),
            Token::End => "the end of the text".to_owned(),
        };
        FeatureProblem::malformed(format!("unexpected {found} at byte {}", self.at))
    }

    fn scan(&self) -> Result<(Token<'a>, usize), FeatureProblem> {
        let rest = self.text.get(self.at..).unwrap_or("");
        let trimmed = rest.trim_start();
        let start = self.at + (rest.len() - trimmed.len());
        let Some(first) = trimmed.chars().next() else {
            return Ok((Token::End, start));
        };
        let single = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            ',' => Some(Token::Comma),
            _ => None,
        };
        if let Some(token) = single {
            return Ok((token, start + 1));
        }
        let length = trimmed.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',')).unwrap_or(trimmed.len());
        let word = trimmed.get(..length).unwrap_or("");
        if !first.is_ascii_digit() && !matches!(first, '+' | '-' | '.') {
            return Ok((Token::Word(word), start + length));
        }
        match word.parse::<f64>() {
            Ok(number) => Ok((Token::Number(number), start + length)),
            Err(_) => Err(FeatureProblem::malformed(format!(
                "no number at byte {start}: {}",
                word.chars().take(40).collect::<String>()
            ))),
        }
    }
}
