//! Signatures as Standard Webhooks names them: `v1`, HMAC-SHA256 over id, timestamp and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use yulin_persistence::Secrets;

/// A secret as its owner is told it, once.
pub fn shown(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: one signature, and while a secret is being replaced a second one.
pub fn signatures(secrets: &Secrets, id: &str, timestamp: i64, body: &str) -> String {
    let signed = format!("{id}.{timestamp}.{body}");
    let signatures = [Some(secrets.current), secrets.previous];
    let each = signatures.into_iter().flatten().map(|secret| format!("v1,{}", STANDARD.encode(mac(&secret, &signed))));
    each.collect::<Vec<_>>().join(" ")
}

fn mac(secret: &[u8; 32], text: &str) -> Vec<u8> {
    // A key shorter than a block is padded with zeros, which is what a block of it already holds.
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    for (slot, byte) in block.iter_mut().zip(secret) {
        *slot = *byte;
    }
    let mut mac = Hmac::<Sha256>::new(&block);
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}
