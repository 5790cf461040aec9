//! Why a feature or a file was not written.

/// Why writing stopped; nothing is left behind at the target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SinkError {
    #[error("{format} is read but not written")]
    FormatNotWritable { format: &'static str },
    #[error("the file cannot be written: {reason}")]
    FileUnwritable { reason: String },
    #[error("the name {name} cannot be used: {reason}")]
    NameInvalid { name: String, reason: &'static str },
    #[error("{found} values for {expected} fields")]
    FieldCount { expected: usize, found: usize },
    #[error("the value {value} of field {field} is not of its kind")]
    ValueKind { field: String, value: String },
    #[error("the value {value} of field {field} has more digits than the format keeps")]
    DecimalInexact { field: String, value: String },
    #[error("the text of field {field} has {found} characters, the format keeps {max}")]
    TextTooLong { field: String, found: usize, max: usize },
    #[error("the format holds at most {max} features")]
    TooManyFeatures { max: u32 },
}

impl SinkError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FormatNotWritable { .. } => "FORMAT_NOT_WRITABLE",
            Self::FileUnwritable { .. } => "FILE_UNWRITABLE",
            Self::NameInvalid { .. } => "NAME_INVALID",
            Self::FieldCount { .. } => "FIELD_COUNT",
            Self::ValueKind { .. } => "VALUE_KIND",
            Self::DecimalInexact { .. } => "DECIMAL_INEXACT",
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::TooManyFeatures { .. } => "TOO_MANY_FEATURES",
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err as a function")]
    pub(super) fn unwritable(reason: impl ToString) -> Self {
        Self::FileUnwritable { reason: reason.to_string() }
    }
}
