//! What is checked off-line: a file that says by its format what it is.

use serde::{Deserialize, Serialize};

use super::check::wrong;
use super::{
    CONSISTENCY_FORMAT, ConsistencyProof, ConsistencyVerified, EXTRACT_FORMAT, Extract, ExtractVerified, Flaw,
    VerifierKey, Wrong,
};

/// A file of a known format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    Extract(Extract),
    Consistency(ConsistencyProof),
}

/// Why a file is not one.
#[derive(Debug, thiserror::Error)]
pub enum DocumentUnreadable {
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("{0:?} is not a format that this program checks")]
    Format(String),
}

/// Whose word the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum KeyFrom {
    /// It was given beside the file.
    Given,
    /// It stands in the file: the file agrees with itself, and no more is shown.
    File,
}

/// What a file proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum DocumentVerified {
    Extract(ExtractVerified),
    Consistency(ConsistencyVerified),
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

impl Document {
    /// Formats that are checked.
    pub const FORMATS: [&str; 2] = [EXTRACT_FORMAT, CONSISTENCY_FORMAT];

    /// Reads a file.
    pub fn read(text: &str) -> Result<Self, DocumentUnreadable> {
        let Format { format } = serde_json::from_str(text)?;
        match format.as_str() {
            EXTRACT_FORMAT => Ok(Self::Extract(serde_json::from_str(text)?)),
            CONSISTENCY_FORMAT => Ok(Self::Consistency(serde_json::from_str(text)?)),
            _ => Err(DocumentUnreadable::Format(format)),
        }
    }

    /// Checks it, under the key that was given, or else under its own; tells how many entries were checked.
    pub fn check(
        &self,
        given: Option<&VerifierKey>,
        progress: &mut impl FnMut(u64),
    ) -> Result<(DocumentVerified, KeyFrom), Wrong> {
        let own = match self {
            Self::Extract(extract) => &extract.key,
            Self::Consistency(proof) => &proof.key,
        };
        let own: VerifierKey = own.parse().map_err(|_| wrong("key", Flaw::KeyMalformed))?;
        if given.is_some_and(|given| *given != own) {
            return Err(wrong("key", Flaw::KeyOther));
        }
        let verified = match self {
            Self::Extract(extract) => DocumentVerified::Extract(extract.check(&own, progress)?),
            Self::Consistency(proof) => DocumentVerified::Consistency(proof.check(&own)?),
        };
        Ok((verified, if given.is_some() { KeyFrom::Given } else { KeyFrom::File }))
    }

    /// Entries that are to be checked.
    pub fn entries(&self) -> u64 {
        match self {
            Self::Extract(extract) => extract.entries.len() as u64,
            Self::Consistency(_) => 0,
        }
    }
}
