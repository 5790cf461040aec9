//! What every code list has in common: codes, labels in two languages, and the facts of the list itself.
//!
//! The lists themselves live beside this file, one concern a file. A list is a table in code and not rows in a
//! database, so that a code which compiles is a code that exists.

/// The languages in which every label and message is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Lang {
    /// Chinese (zh-CN).
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Picks the text of this language.
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// The facts of a code list: what it is called and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFacts {
    /// Stable name of the list, `UPPER_SNAKE`.
    pub id: &'static str,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Standard, law or usage the list comes from.
    pub source: &'static str,
    /// Date (or year) of the edition of the source; `None` for a classification of the registry's own.
    pub dated: Option<&'static str>,
}

/// The source of the lists that no standard gives.
pub const OWN_CLASSIFICATION: &str = "classification of the registry";

/// A closed list of codes with labels.
pub trait Labelled: Copy + Eq + 'static {
    /// The facts of the list.
    const LIST: ListFacts;

    /// The code as written in files, in the journal and at the API.
    fn code(self) -> &'static str;

    /// The label for people.
    fn label(self, lang: Lang) -> &'static str;

    /// The code one level up, where the list is a tree.
    fn parent_code(self) -> Option<&'static str>;

    /// Every member, in the order of the list.
    fn all() -> &'static [Self];
}

/// A text that is no code of the list it was read against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not in the list {list}; allowed: {}", allowed.join(", "))]
pub struct CodeUnknown {
    /// Id of the list.
    pub list: &'static str,
    /// What was found, cut to [`FOUND_MAX`] characters.
    pub found: String,
    /// Every code that would have been accepted.
    pub allowed: &'static [&'static str],
}

/// How much of a text that was refused is repeated in the refusal, in characters.
pub const FOUND_MAX: usize = 40;

/// Cuts a refused text so that a refusal stays short whatever was sent.
pub(crate) fn clipped(text: &str) -> String {
    text.chars().take(FOUND_MAX).collect()
}
