//! What a command tells: text for people, or JSON, one object a line, the last of which is the result.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use serde_json::{Value, json};
use yulin_domain::codes::Lang;
use yulin_domain::journal::Refused;
use yulin_persistence::PerformError;

use crate::cli::General;
use crate::fault::refusal_of;

/// With what a program ends whose reader is gone: as the shell tells it of those that the signal of a broken pipe ends.
const READER_GONE: i32 = 141;
/// With what it ends where results cannot be written otherwise.
const UNWRITTEN: i32 = 1;

/// In which form results are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    Text,
    Json,
}

impl Say {
    /// As the options of the command ask.
    pub const fn of(general: &General) -> Self {
        if general.json { Self::Json } else { Self::Text }
    }

    /// Tells the result: the value, or the text.
    pub fn result(self, value: &Value, text: impl Display) {
        match self {
            Self::Text => line(text),
            Self::Json => line(value),
        }
    }

    /// Tells something on the way; nothing where only JSON is read.
    pub fn note(self, text: impl Display) {
        match self {
            Self::Text => line(text),
            Self::Json => {}
        }
    }

    /// Tells why nothing was done: on stderr, and as the last line of JSON.
    pub fn failed(self, error: &anyhow::Error) {
        self.refused(&refusal_of(error));
    }

    /// Tells a refusal as the end of a command.
    pub fn refused(self, refused: &Refused) {
        aside(format!("yulin: {}", told(refused)));
        if self == Self::Json {
            line(json!({ "error": value_of(refused) }));
        }
    }
}

/// Tells people something beside the results, on stderr in either form. That nobody reads it is no reason to stop.
pub fn aside(text: impl Display) {
    drop(writeln!(std::io::stderr(), "{text}"));
}

/// A line of stdout. Whoever read it and is gone, as `head` soon is, wants no more: the program ends without a word.
fn line(text: impl Display) {
    let mut stdout = std::io::stdout();
    let Err(why) = writeln!(stdout, "{text}").and_then(|()| stdout.flush()) else { return };
    if why.kind() == ErrorKind::BrokenPipe {
        std::process::exit(READER_GONE);
    }
    aside(format!("yulin: stdout: {why}"));
    std::process::exit(UNWRITTEN);
}

/// A refusal for programs: its code, the field that is wrong, the messages, and what the case is.
pub fn value_of(refused: &Refused) -> Value {
    let Refused { code, leg: _, field, facts } = refused;
    let messages = json!({ "zh": code.message(Lang::Zh), "en": code.message(Lang::En) });
    json!({ "code": code.code(), "field": field, "messages": messages, "facts": facts, "message": told(refused) })
}

/// A refusal for people: code, message in both languages, and the facts.
pub fn told(refused: &Refused) -> String {
    let code = refused.code;
    let field = refused.field.as_deref().map(|field| format!(" [{field}]")).unwrap_or_default();
    let facts: Vec<String> = refused.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let (zh, en) = (code.message(Lang::Zh), code.message(Lang::En));
    let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join("; ")) };
    format!("{code}{field}: {en} / {zh}{facts}")
}

/// What the registry answered instead of a receipt, so that its code is told.
pub fn not_performed(error: PerformError) -> anyhow::Error {
    match error {
        PerformError::Refused(refused) | PerformError::Malformed(refused) => {
            let text = told(&refused);
            anyhow::Error::new(refused).context(text)
        }
        PerformError::Busy | PerformError::OutcomeUnknown | PerformError::Fault(_) => error.into(),
    }
}
