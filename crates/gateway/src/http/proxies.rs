//! Where a client is, when proxies stand before the registry: what those that are named say of it, and nobody else.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use actix_web::{HttpRequest, web};
use ipnet::IpNet;

const FORWARDED_FOR: &str = "X-Forwarded-For";

/// The networks of the proxies whose word is taken; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<Vec<IpNet>>);

impl Proxies {
    /// Those of these networks, and no other.
    pub fn of(networks: Vec<IpNet>) -> Self {
        Self(Arc::new(networks))
    }

    /// Where the sender of a request is: each proxy appends from where it was asked, so that the last address that is not
    /// a proxy's own is the client's. What stands before it in the header anybody may have written.
    pub(super) fn client(request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        let Some(proxies) = request.app_data::<web::Data<Self>>() else { return Some(peer) };
        let lines = request.headers().get_all(FORWARDED_FOR).filter_map(|line| line.to_str().ok());
        let told: Vec<_> = lines.flat_map(|line| line.split(',')).collect();
        Some(proxies.first_beyond(peer, &told))
    }

    fn first_beyond(&self, peer: IpAddr, told: &[&str]) -> IpAddr {
        let mut client = peer;
        for text in told.iter().rev() {
            if !self.hold(client) {
                break;
            }
            // Who is asked by an address that cannot be read is all there is to go by.
            let Some(address) = address(text.trim()) else { break };
            client = address;
        }
        client
    }

    fn hold(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn client(peer: &str, told: &[&str]) -> String {
        let proxies = Proxies::of(vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        proxies.first_beyond(peer.parse().unwrap(), told).to_string()
    }

    #[test]
    fn the_word_of_a_named_proxy_is_taken_and_of_nobody_else() {
        assert_eq!(client("10.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(client("10.0.0.1", &["198.51.100.1", " 203.0.113.7", "10.0.0.2"]), "203.0.113.7");
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.7:4711"]), "203.0.113.7");
        assert_eq!(client("fd00::1", &["[2001:db8::7]:443"]), "2001:db8::7");
        assert_eq!(client("fd00::1", &["[2001:db8::7]"]), "2001:db8::7");
    }

    #[test]
    fn what_cannot_be_read_leaves_the_proxy() {
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["203.0.113.7", "unknown"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["10.0.0.3", "10.0.0.2"]), "10.0.0.3");
    }
}
