//! The two ways in which the gateway is run: on a developer's machine, and open to others.

/// How strict the gateway is with those who bring no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// The schema may be read by everybody, suggestions are made, and a plain GET is answered.
    Development,
    /// The schema is read with a key only, names are not suggested, and a GET needs a header that no foreign page can set.
    Production,
}
