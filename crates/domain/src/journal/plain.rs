//! Texts are plain: no database keeps every control character, and nobody could see one.

use super::{Act, ActBody, Refused};
use crate::error_catalogue::ErrorCode;

impl Act {
    /// Refuses an act in any text of which stands a control character; a fault in one of several legs names the leg.
    pub fn check_plain(&self) -> Result<(), Refused> {
        let several = self.legs.len() > 1;
        let in_leg = |leg, refused: Refused| if several { refused.in_leg(leg) } else { refused };
        self.legs.iter().enumerate().try_for_each(|(leg, body)| plain(body).map_err(|refused| in_leg(leg, refused)))
    }
}

fn plain(body: &ActBody) -> Result<(), Refused> {
    let told = serde_json::to_value(body).map_err(|why| Refused::new(ErrorCode::Validation).told("why", why))?;
    let found = |field: String| Refused::new(ErrorCode::TextInvalid).at(field.trim_start_matches('.').to_owned());
    controlled(&told).map_or(Ok(()), |field| Err(found(field)))
}

/// The path of a text that holds control characters, in the words of the API.
fn controlled(value: &serde_json::Value) -> Option<String> {
    use serde_json::Value::{Array, Object, String};
    match value {
        String(text) => has_controls(text).then(std::string::String::new),
        Array(items) => {
            let mut places = items.iter().enumerate();
            places.find_map(|(place, item)| controlled(item).map(|inner| format!("[{place}]{inner}")))
        }
        Object(fields) => fields.iter().find_map(|(name, value)| controlled(value).map(|inner| under(name, &inner))),
        _ => None,
    }
}

/// The name of a field before the path within it; what only the journal's own form has is left out.
fn under(name: &str, inner: &str) -> String {
    if matches!(name, "facts" | "given") || name.starts_with(|first: char| first.is_ascii_uppercase()) {
        return inner.to_owned();
    }
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel = words.fold(first, |camel, word| {
        let (head, tail) = word.split_at_checked(1).unwrap_or((word, ""));
        camel + &head.to_ascii_uppercase() + tail
    });
    format!(".{camel}{inner}")
}

/// Whether a text holds a control character other than those that lay it out in lines.
pub fn has_controls(text: &str) -> bool {
    text.chars().any(|one| (one < ' ' && !matches!(one, '\t' | '\n' | '\r')) || one == '\u{7f}')
}
