//! Connections that stay open: how many there may be, and how they learn that the server ends.
//!
//! Whoever has not shown a key that is good is a stranger: strangers have half of the places at most, and each address a
//! few of those, so that they keep nobody out who is known.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, web};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::caller::network;
use super::limits::{STRANGERS_OF_ADDRESS_MAX, STREAMS_MAX};
use super::metrics::OpenStream;
use super::refused::HttpRefused;

/// The place of an open connection.
#[derive(Debug)]
pub struct SocketPlace {
    _place: OwnedSemaphorePermit,
    _counted: OpenStream,
    stranger: Option<Stranger>,
}

impl SocketPlace {
    /// Takes in that whoever holds it has shown a key that is good.
    pub fn known(&mut self) {
        self.stranger = None;
    }
}

/// A place among strangers.
#[derive(Debug)]
struct Stranger {
    _place: OwnedSemaphorePermit,
    from: IpAddr,
    addresses: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = addresses.get_mut(&self.from) {
            *held -= 1;
            if *held == 0 {
                addresses.remove(&self.from);
            }
        }
    }
}

/// The places of a server's open connections; clones share them.
#[derive(Debug, Clone)]
pub struct Sockets {
    places: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    addresses: Arc<Mutex<HashMap<IpAddr, usize>>>,
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
        let most = places.min(Semaphore::MAX_PERMITS);
        let [places, strangers] = [most, most.div_ceil(2)].map(|most| Arc::new(Semaphore::new(most)));
        Self { places, strangers, addresses: Arc::default(), ending: Arc::new(watch::Sender::new(false)) }
    }

    /// Those of the server that a request came to.
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<web::Data<Self>>().map(|sockets| Self::clone(sockets)).unwrap_or_default()
    }

    /// A place for a stranger from an address, held until it is dropped.
    pub fn take(&self, from: Option<IpAddr>) -> Result<SocketPlace, HttpRefused> {
        let one = |of: &Arc<Semaphore>| Arc::clone(of).try_acquire_owned().map_err(|_| HttpRefused::TooManyStreams);
        let (place, among_strangers, from) = (one(&self.places)?, one(&self.strangers)?, network(from));
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let held = addresses.entry(from).or_default();
        if *held >= STRANGERS_OF_ADDRESS_MAX {
            return Err(HttpRefused::TooManyStreams);
        }
        *held += 1;
        let stranger = Stranger { _place: among_strangers, from, addresses: Arc::clone(&self.addresses) };
        Ok(SocketPlace { _place: place, _counted: OpenStream::begin(), stranger: Some(stranger) })
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    impl Sockets {
        fn take_from(&self, address: IpAddr) -> Result<SocketPlace, HttpRefused> {
            self.take(Some(address))
        }
    }

    #[test]
    fn strangers_of_an_address_leave_places_to_others_and_those_who_are_known_are_no_strangers() {
        let sockets = Sockets::most(1_000);
        let mut held: Vec<_> = (0..STRANGERS_OF_ADDRESS_MAX).map(|_| sockets.take_from(address(1)).unwrap()).collect();
        assert!(sockets.take_from(address(1)).is_err());
        assert!(sockets.take_from(address(2)).is_ok());
        held[0].known();
        let one_more = sockets.take_from(address(1)).unwrap();
        assert!(sockets.take_from(address(1)).is_err());
        drop(one_more);
        drop(held);
        assert!(sockets.addresses.lock().unwrap().is_empty());
    }

    #[test]
    fn strangers_have_half_of_the_places() {
        let sockets = Sockets::most(6);
        let mut held: Vec<_> = (1..4).map(|last| sockets.take_from(address(last)).unwrap()).collect();
        assert!(sockets.take_from(address(9)).is_err());
        held.iter_mut().for_each(SocketPlace::known);
        let more: Vec<_> = (1..4).map(|last| sockets.take_from(address(last)).unwrap()).collect();
        assert_eq!((more.len(), sockets.take_from(address(9)).is_err()), (3, true));
    }
}
