//! Fixed-length codes held in place: the storage and the common first check.
//!
//! A registry in memory holds millions of codes, so they are arrays and not strings. What a code means is said by the
//! types that wrap this one.

use super::refused::{CodeKind, CodeRefused};

/// `N` ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CodeText<const N: usize>([u8; N]);

impl<const N: usize> CodeText<N> {
    /// Reads `text` where it has exactly `N` characters and each is one `allowed` at its place (from 0).
    pub fn read(kind: CodeKind, text: &str, allowed: impl Fn(usize) -> &'static str) -> Result<Self, CodeRefused> {
        let found = text.chars().count();
        if found != N {
            return Err(CodeRefused::Length { kind, expected: N, found });
        }
        let mut bytes = [0; N];
        for (index, (slot, found)) in bytes.iter_mut().zip(text.chars()).enumerate() {
            let allowed = allowed(index);
            *slot = match u8::try_from(found) {
                Ok(byte) if allowed.contains(found) => byte,
                _ => {
                    return Err(CodeRefused::Character { kind, position: index + 1, allowed, found });
                }
            };
        }
        Ok(Self(bytes))
    }

    pub fn as_str(&self) -> &str {
        // `read` lets ASCII in alone, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub fn part(&self, range: std::ops::Range<usize>) -> &str {
        self.as_str().get(range).unwrap_or_default()
    }

    pub fn letter(&self, index: usize) -> char {
        self.0.get(index).map_or(' ', |byte| char::from(*byte))
    }
}

/// Gives a validated code type its text forms: `Display`, `Debug`, `FromStr`, and serde as a plain string that is
/// validated on the way in by `$read`.
macro_rules! text_forms {
    ($name:ident, $read:path) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::codes::CodeRefused;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                $read(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use text_forms;
