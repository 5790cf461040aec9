//! Reading a body within its limits.

use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::StreamExt;

use super::limits::{BODY_ARRIVAL_MAX, BODY_DRAINED_MAX, BODY_MAX};
use super::refused::HttpRefused;

/// The body, if it arrives whole, in time and within `BODY_MAX` bytes.
pub async fn read(payload: Payload) -> Result<Bytes, HttpRefused> {
    tokio::time::timeout(BODY_ARRIVAL_MAX, collect(payload)).await.map_err(|_| HttpRefused::BodyIncomplete)?
}

async fn collect(mut payload: Payload) -> Result<Bytes, HttpRefused> {
    let mut body = BytesMut::new();
    let mut arrived = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| HttpRefused::BodyIncomplete)?;
        arrived = arrived.saturating_add(chunk.len());
        if arrived > BODY_DRAINED_MAX {
            break;
        }
        // A client that is still writing would see its connection reset and never read the answer: the rest is dropped.
        if arrived <= BODY_MAX {
            body.extend_from_slice(&chunk);
        }
    }
    if arrived > BODY_MAX { Err(HttpRefused::BodyTooLarge) } else { Ok(body.freeze()) }
}
