//! Personal data: sealed before an act enters the journal, which keeps a reference and a digest only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Digest, PersonalId};

/// Names and contacts of a natural person, or a text marked personal, by field name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonalFields(pub BTreeMap<String, String>);

// Personal data must not reach a log through a derived Debug.
impl std::fmt::Debug for PersonalFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PersonalFields({} withheld)", self.0.len())
    }
}

/// Fields of a natural person that the registry knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalField {
    Name,
    IdentityNumber,
    Contact,
    Note,
}

impl PersonalField {
    /// The name under which the field is kept.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdentityNumber => "identityNumber",
            Self::Contact => "contact",
            Self::Note => "note",
        }
    }
}

/// What an entry keeps of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Where the data are kept, until erased.
    pub personal: PersonalId,
    /// SHA-256 of salt and fields.
    pub digest: Digest,
}

/// What is kept beside the journal, and goes when erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    pub id: PersonalId,
    pub fields: PersonalFields,
    pub salt: [u8; 32],
}

impl Unsealed {
    /// Whether the fields are those after which the set is named.
    pub fn is_intact(&self) -> bool {
        self.id == name_of(&digest_of(&self.salt, &self.fields))
    }
}

/// A set is named after its digest.
fn name_of(digest: &Digest) -> PersonalId {
    PersonalId(Uuid::new_v5(&Uuid::NAMESPACE_OID, &digest.0))
}

/// Personal data in an act: given by its author, sealed in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonalText {
    Given(PersonalFields),
    Sealed(Sealed),
}

impl PersonalText {
    /// Seals what was given with a fresh salt; what is sealed already stays.
    pub fn seal(&mut self, salt: [u8; 32]) -> Option<Unsealed> {
        let Self::Given(fields) = self else { return None };
        let fields = fields.clone();
        // The salt is fresh, so that the same person sealed twice has two references that tell nothing of each other.
        let digest = digest_of(&salt, &fields);
        let id = name_of(&digest);
        *self = Self::Sealed(Sealed { personal: id, digest });
        Some(Unsealed { id, fields, salt })
    }

    /// The sealed form, once sealed.
    pub const fn sealed(&self) -> Option<Sealed> {
        match self {
            Self::Given(_) => None,
            Self::Sealed(sealed) => Some(*sealed),
        }
    }
}

/// The digest that an entry keeps: SHA-256 over salt and length-prefixed fields in order of name.
pub(super) fn digest_of(salt: &[u8; 32], fields: &PersonalFields) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    for (name, value) in &fields.0 {
        for part in [name, value] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
    }
    Digest(hasher.finalize().into())
}
