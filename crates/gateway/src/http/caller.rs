//! Whose allowance it is: a key's, that of whoever signed in, or an address's.

use std::fmt::{self, Display, Formatter};
use std::net::{IpAddr, Ipv6Addr};

use sha2::{Digest, Sha256};
use yulin_domain::codes::Role;
use yulin_domain::journal::PrincipalId;

use super::admission::Sender;
use super::rate::{Rate, Rates};

/// Bytes of the digest of a key that are shown.
const SHOWN: usize = 6;

/// One who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// The digest of a key.
    Key([u8; 32]),
    /// Whoever signed in, whatever token he brings.
    SignedIn(PrincipalId, Role),
    /// Whoever comes from an address without a key.
    Address(IpAddr),
}

impl Caller {
    /// The key that a sender brings, or else where he is.
    pub fn of(sender: &Sender) -> Self {
        match &sender.token {
            Some(token) => Self::Key(Sha256::digest(token.as_bytes()).into()),
            None => Self::Address(network(sender.address)),
        }
    }

    /// How much he may ask.
    pub const fn rate(self, rates: &Rates) -> Rate {
        match self {
            Self::Key(_) | Self::SignedIn(..) => rates.key,
            Self::Address(_) => rates.address,
        }
    }

    /// Of which kind he is, where callers are counted.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::SignedIn(..) => "signed_in",
            Self::Address(_) => "address",
        }
    }
}

/// As the log may tell it: the beginning of a digest, a principal; addresses stay out.
impl Display for Caller {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(digest) => write!(f, "key {}", hex::encode(digest.get(..SHOWN).unwrap_or_default())),
            Self::SignedIn(principal, role) => write!(f, "principal {principal} as {role}"),
            Self::Address(_) => f.write_str("an address without a key"),
        }
    }
}

/// Whoever has one address of version 6 has all of its network; one of version 4 is itself, however it is written.
pub(super) fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        Some(address) => address,
        None => IpAddr::from([0, 0, 0, 0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Caller {
        Caller::of(&Sender { address: address.parse().ok(), ..Sender::default() })
    }

    #[test]
    fn an_address_of_version_4_is_itself_and_one_of_version_6_its_network() {
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("::ffff:192.0.2.1"), of("::ffff:192.0.2.2"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8::1"));
    }
}
