//! Connections that stay open: how many there may be, and how they learn that the server ends.

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::limits::STREAMS_MAX;
use super::metrics::OpenStream;
use super::refused::HttpRefused;

/// The place of an open connection.
#[derive(Debug)]
pub struct SocketPlace {
    _place: OwnedSemaphorePermit,
    _counted: OpenStream,
}

/// The places of a server's open connections; clones share them.
#[derive(Debug, Clone)]
pub struct Sockets {
    places: Arc<Semaphore>,
    ending: Arc<watch::Sender<bool>>,
}

impl Default for Sockets {
    fn default() -> Self {
        Self::most(STREAMS_MAX)
    }
}

impl Sockets {
    /// So many places.
    pub fn most(places: usize) -> Self {
        let places = Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)));
        Self { places, ending: Arc::new(watch::Sender::new(false)) }
    }

    /// Those of the server that a request came to.
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<web::Data<Self>>().map(|sockets| Self::clone(sockets)).unwrap_or_default()
    }

    /// A place, held until it is dropped.
    pub fn take(&self) -> Result<SocketPlace, HttpRefused> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| HttpRefused::TooManyStreams)?;
        Ok(SocketPlace { _place: place, _counted: OpenStream::begin() })
    }

    /// Asks every connection to end.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Waits until they are asked to end.
    pub async fn ended(&self) {
        // The sender lives as long as this does: the wait cannot fail.
        let _ = self.ending.subscribe().wait_for(|is_ending| *is_ending).await;
    }
}
