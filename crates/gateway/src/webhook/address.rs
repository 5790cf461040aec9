//! To which addresses events may be sent: no webhook makes the registry knock at doors inside its own network.
//!
//! A name is judged when it is registered and its addresses whenever a connection is made, so that no name can be
//! pointed elsewhere in between.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

use super::options::Targets;

/// The longest address, in bytes.
const ADDRESS_MAX: usize = 2_048;

/// The address in a text, where events may be sent to it as far as the text can tell.
pub fn read_address(text: &str, targets: Targets) -> Result<Url, Refused> {
    let refused = |problem: &str| Refused::new(ErrorCode::WebhookAddress).at("input.url").with("problem", problem);
    if text.len() > ADDRESS_MAX {
        return Err(refused("too long"));
    }
    let url = Url::parse(text).map_err(|_| refused("not a URL"))?;
    let Some(host) = url.host_str() else { return Err(refused("no host")) };
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(refused("it holds credentials or a fragment"));
    }
    let literal: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let is_loopback = host.eq_ignore_ascii_case("localhost") || literal.is_some_and(|ip| ip.is_loopback());
    let is_open_here = is_loopback && targets == Targets::LoopbackToo;
    match url.scheme() {
        "https" => {}
        "http" if is_open_here => {}
        _ => return Err(refused("not https")),
    }
    match literal {
        Some(ip) if !is_allowed(ip, targets) => Err(refused("not a public address")),
        None if is_loopback && !is_open_here => Err(refused("not a public address")),
        Some(_) | None => Ok(url),
    }
}

/// Whether events may be sent to an address.
fn is_allowed(ip: IpAddr, targets: Targets) -> bool {
    let is_here = ip.is_loopback() && targets == Targets::LoopbackToo;
    is_here
        || match ip {
            IpAddr::V4(v4) => is_public_v4(v4),
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_public_v6(v6), is_public_v4),
        }
}

/// The registry of special-purpose addresses of IANA, as far as it is not globally reachable.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !is_special
}

/// Global unicast, without documentation and without what wraps an address of version 4.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let is_global = first & 0xe000 == 0x2000;
    let is_special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first == 0x2002 || first == 0x3fff;
    is_global && !is_special
}

/// Looks names up, and answers only with addresses to which events may be sent.
#[derive(Debug, Clone, Copy)]
pub struct Guarded(pub Targets);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let targets = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| is_allowed(address.ip(), targets)).collect();
            if allowed.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod address_tests;
