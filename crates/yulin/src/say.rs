//! What a command tells: text for people, or JSON, one object a line, the last of which is the result.

use serde_json::{Value, json};
use yulin_domain::codes::Lang;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;
use yulin_exchange::format::{OpenRefused, ReadFault, SinkError};
use yulin_persistence::PerformError;

use crate::cli::General;

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
    pub fn result(self, value: &Value, text: impl std::fmt::Display) {
        match self {
            Self::Text => println!("{text}"),
            Self::Json => println!("{value}"),
        }
    }

    /// Tells something on the way; nothing where only JSON is read.
    pub fn note(self, text: impl std::fmt::Display) {
        match self {
            Self::Text => println!("{text}"),
            Self::Json => {}
        }
    }

    /// Tells why nothing was done: on stderr, and as the last line of JSON.
    pub fn failed(self, error: &anyhow::Error) {
        eprintln!("yulin: {}", failure_text(error));
        if self == Self::Json {
            println!("{}", json!({ "error": failure_value(error) }));
        }
    }
}

/// An error for people: in both languages where it has a code.
pub fn failure_text(error: &anyhow::Error) -> String {
    match (error.downcast_ref::<Refused>(), coded(error)) {
        (Some(refused), _) => told(refused),
        (None, Some((code, field))) => {
            let field = field.map(|field| format!(" [{field}]")).unwrap_or_default();
            let (zh, en) = (code.message(Lang::Zh), code.message(Lang::En));
            format!("{code}{field}: {en} / {zh} ({error:#})")
        }
        (None, None) => format!("{error:#}"),
    }
}

/// An error for programs: its code, the field that is wrong, the messages, and what the case is.
pub fn failure_value(error: &anyhow::Error) -> Value {
    let Some((code, field)) = coded(error) else {
        return json!({ "code": null, "message": format!("{error:#}") });
    };
    let messages = json!({ "zh": code.message(Lang::Zh), "en": code.message(Lang::En) });
    let facts = error.downcast_ref::<Refused>().map(|refused| &refused.facts);
    let message = facts.map_or_else(|| format!("{error:#}"), |_| failure_text(error));
    json!({ "code": code.code(), "field": field, "messages": messages, "facts": facts, "message": message })
}

/// The code of an error and the field that is wrong, where it has them.
fn coded(error: &anyhow::Error) -> Option<(ErrorCode, Option<String>)> {
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return Some((refused.code, refused.field.clone()));
    }
    let file = |field: &str| Some(field.to_owned());
    let opened = error.downcast_ref::<OpenRefused>().map(|refused| (refused.code(), file(refused.field())));
    let read = || error.downcast_ref::<ReadFault>().map(|fault| (fault.code(), file("file")));
    let written = || error.downcast_ref::<SinkError>().map(|error| (error.code(), file("file")));
    let (code, field) = opened.or_else(read).or_else(written)?;
    Some((code.parse().ok()?, field))
}

/// A refusal for people: code, message in both languages, and the facts.
pub fn told(refused: &Refused) -> String {
    let code = refused.code;
    let field = refused.field.as_deref().map(|field| format!(" [{field}]")).unwrap_or_default();
    let facts: Vec<String> = refused.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let (zh, en) = (code.message(Lang::Zh), code.message(Lang::En));
    format!("{code}{field}: {en} / {zh} ({})", facts.join("; "))
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
