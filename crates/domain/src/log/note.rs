//! Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures; keys by name.
//!
//! One kind of signature is made and taken, Ed25519. Lines of keys that are not asked for are passed over, so that
//! witnesses may add theirs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Greatest length of a note that is read, in bytes.
pub const NOTE_BYTES_MAX: usize = 64 << 10;
/// Greatest number of signatures that are looked at.
const SIGNATURES_MAX: usize = 64;
/// The kind of signature, as it stands in keys: Ed25519.
const ED25519: u8 = 1;
const DASH: &str = "\u{2014} ";

/// A key that signs notes, with its name.
pub struct Signer {
    name: String,
    key: SigningKey,
}

/// A key by which signatures are checked, with its name: `name+id+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

/// A text is not the key of a verifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verifier's key is written name+id+base64, and its id follows from the rest")]
pub struct VerifierKeyMalformed;

/// A note as it was read; who signed it is asked of [`SignedNote::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

/// Why a note is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefused {
    #[error("it is not a signed note")]
    Malformed,
    #[error("the key did not sign it")]
    NotSigned,
    #[error("the signature is not that of the key over this text")]
    SignatureWrong,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Signer {
    /// The key of 32 secret bytes under a name without spaces and plus signs.
    pub fn new(name: String, secret: &[u8; 32]) -> Self {
        Self { name, key: SigningKey::from_bytes(secret) }
    }

    /// The key by which its signatures are checked.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// A text that ends in a newline, signed. The same text gives the same note.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.key.sign(text.as_bytes()).to_bytes();
        let signed = STANDARD.encode([self.verifier().id().as_slice(), &signature].concat());
        format!("{text}\n{DASH}{} {signed}\n", self.name)
    }
}

impl VerifierKey {
    /// The name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256 over name, newline, kind and key.
    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new_with_prefix(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        hash.first_chunk().copied().unwrap_or_default()
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name, hex::encode(self.id()))
    }
}

impl std::str::FromStr for VerifierKey {
    type Err = VerifierKeyMalformed;
    fn from_str(text: &str) -> Result<Self, VerifierKeyMalformed> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VerifierKeyMalformed);
        };
        let key = STANDARD.decode(key).map_err(|_| VerifierKeyMalformed)?;
        let Some((&ED25519, key)) = key.split_first() else { return Err(VerifierKeyMalformed) };
        let key = key.try_into().map_err(|_| VerifierKeyMalformed)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| VerifierKeyMalformed)?;
        let found = Self { name: name.to_owned(), key };
        let is_name = !name.is_empty() && !name.chars().any(char::is_whitespace);
        (is_name && hex::encode(found.id()) == id).then_some(found).ok_or(VerifierKeyMalformed)
    }
}

impl SignedNote {
    /// Reads a note; nothing of it is to be believed before its signature was checked.
    pub fn parse(note: &str) -> Result<Self, NoteRefused> {
        let is_plain = |c: char| c == '\n' || c >= ' ';
        if note.len() > NOTE_BYTES_MAX || !note.chars().all(is_plain) {
            return Err(NoteRefused::Malformed);
        }
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteRefused::Malformed)?;
        let lines = signatures.strip_suffix('\n').ok_or(NoteRefused::Malformed)?.split('\n');
        let signatures: Vec<_> = lines
            .map(NoteSignature::parse)
            .take(SIGNATURES_MAX + 1)
            .collect::<Option<_>>()
            .ok_or(NoteRefused::Malformed)?;
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteRefused::Malformed);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The text, where a key signed it.
    pub fn text(&self, key: &VerifierKey) -> Result<&str, NoteRefused> {
        let id = key.id();
        let of_key = |line: &&NoteSignature| line.name == key.name && line.id == id;
        let signature = self.signatures.iter().find(of_key).ok_or(NoteRefused::NotSigned)?;
        let bytes = Signature::from_slice(&signature.bytes).map_err(|_| NoteRefused::SignatureWrong)?;
        let verified = key.key.verify_strict(self.text.as_bytes(), &bytes);
        verified.map_err(|_| NoteRefused::SignatureWrong).map(|()| self.text.as_str())
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<Self> {
        let (name, signed) = line.strip_prefix(DASH)?.split_once(' ')?;
        let signed = STANDARD.decode(signed).ok()?;
        let (id, bytes) = signed.split_first_chunk()?;
        (!name.is_empty()).then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}
