//! The words of a filter.

/// A word of a filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Token<'a> {
    /// A keyword, or the name of a property or function as it is written.
    Name(&'a str),
    /// A name in double quotes, which is never a keyword.
    Quoted(String),
    Text(String),
    Number(&'a str),
    /// `( ) , = <> < <= > >=`
    Sign(&'static str),
    End,
}

const SIGNS: [&str; 9] = ["<>", "<=", ">=", "(", ")", ",", "=", "<", ">"];

/// A filter taken word by word.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// From the start.
    pub const fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next word begins, in bytes.
    pub fn place(&self) -> usize {
        self.at + (self.rest().len() - self.rest().trim_start().len())
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next word, which stays where it is; none where no word can begin like that.
    pub fn peek(&self) -> Option<Token<'a>> {
        self.clone().next()
    }

    /// Takes the next word.
    pub fn next(&mut self) -> Option<Token<'a>> {
        self.at = self.place();
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Some(Token::End) };
        match first {
            '\'' => self.quoted('\'').map(Token::Text),
            '"' => self.quoted('"').map(Token::Quoted),
            '0'..='9' | '+' | '-' | '.' => self.number(),
            _ if first.is_alphabetic() || first == '_' => Some(Token::Name(self.while_(is_of_name))),
            _ => {
                let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
                self.at += sign.len();
                Some(Token::Sign(sign))
            }
        }
    }

    /// What stands between the next parenthesis and the one that closes it, both included.
    pub fn parenthesised(&mut self) -> Option<&'a str> {
        let begins = self.place();
        let mut depth = 0_usize;
        for (offset, character) in self.text.get(begins..)?.char_indices() {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                self.at = begins + offset + character.len_utf8();
                return self.text.get(begins..self.at);
            }
        }
        None
    }

    fn while_(&mut self, is_of: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|character| !is_of(character)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// A quote is doubled to stand for itself.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, character)) = rest.next() {
            if character != quote {
                text.push(character);
            } else if rest.peek().is_some_and(|(_, next)| *next == quote) {
                text.push(quote);
                rest.next();
            } else {
                self.at += offset + quote.len_utf8();
                return Some(text);
            }
        }
        None
    }

    fn number(&mut self) -> Option<Token<'a>> {
        let text = self.while_(|character| character.is_ascii_digit() || "+-.eE".contains(character));
        text.parse::<f64>().ok().filter(|number| number.is_finite()).map(|_| Token::Number(text))
    }
}

fn is_of_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | ':')
}
