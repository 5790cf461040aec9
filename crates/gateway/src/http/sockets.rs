//! Connections that stay open: how many there may be, and how they learn that the server ends.
//!
//! A connection waits apart until it is known who holds it. Strangers, who show no key, then have half of the places at
//! most, and each address a few of those; whoever shows a key that is good has them all, and no one key more than half.
//! So neither keeps the others out; how many keys somebody is given is the operators' to decide.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpRequest, web};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::caller::{Caller, network};
use super::limits::{STRANGERS_OF_ADDRESS_MAX, STREAMS_MAX};
use super::metrics::OpenStream;
use super::refused::HttpRefused;

/// The place of an open connection.
#[derive(Debug)]
pub struct SocketPlace {
    sockets: Sockets,
    held: Held,
    _counted: OpenStream,
}

/// Of what a place is.
#[derive(Debug)]
enum Held {
    /// Of those who have not said who they are.
    Waiting {
        _place: OwnedSemaphorePermit,
        of_address: Arc<Share<IpAddr>>,
    },
    Stranger {
        _places: [OwnedSemaphorePermit; 2],
        _of_address: Arc<Share<IpAddr>>,
    },
    Known {
        _place: OwnedSemaphorePermit,
        of_caller: Share<Caller>,
    },
}

impl SocketPlace {
    /// Takes in who holds it; refused where such as he have no place left.
    pub fn greeted(&mut self, caller: Caller) -> Result<(), HttpRefused> {
        self.held = match (caller, &self.held) {
            (Caller::Address(_), Held::Waiting { of_address, .. }) => {
                let Sockets { places, strangers, .. } = &self.sockets;
                Held::Stranger { _places: [one(places)?, one(strangers)?], _of_address: Arc::clone(of_address) }
            }
            // He was known, or a stranger, before.
            (Caller::Address(_), Held::Stranger { .. } | Held::Known { .. }) => return Ok(()),
            (caller, Held::Known { of_caller, .. }) if of_caller.of == caller => return Ok(()),
            (caller, _) => self.sockets.held_by(caller)?,
        };
        Ok(())
    }

    /// Whether a stranger holds it.
    pub const fn is_strangers(&self) -> bool {
        matches!(self.held, Held::Stranger { .. })
    }
}

/// One of the places that somebody has.
#[derive(Debug)]
struct Share<K: Eq + Hash> {
    of: K,
    all: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Eq + Hash + Copy> Share<K> {
    /// One more for somebody, who may have so many.
    fn take(all: &Arc<Mutex<HashMap<K, usize>>>, of: K, most: usize) -> Result<Self, HttpRefused> {
        let mut held = all.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(of).or_default();
        if *count >= most {
            return Err(HttpRefused::TooManyStreams);
        }
        *count += 1;
        Ok(Self { of, all: Arc::clone(all) })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = all.get_mut(&self.of) {
            *held -= 1;
            if *held == 0 {
                all.remove(&self.of);
            }
        }
    }
}

/// The places of a server's open connections; clones share them.
#[derive(Debug, Clone)]
pub struct Sockets {
    places: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// The most of one key, or of one role of whoever signed in.
    of_caller: usize,
    addresses: Arc<Mutex<HashMap<IpAddr, usize>>>,
    callers: Arc<Mutex<HashMap<Caller, usize>>>,
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
        let half = most.div_ceil(2);
        let [places, strangers, waiting] = [most, half, half].map(|most| Arc::new(Semaphore::new(most)));
        let (addresses, callers, ending) = (Arc::default(), Arc::default(), Arc::new(watch::Sender::new(false)));
        Self { places, strangers, waiting, of_caller: half, addresses, callers, ending }
    }

    /// Those of the server that a request came to.
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<web::Data<Self>>().map(|sockets| Self::clone(sockets)).unwrap_or_default()
    }

    /// A place to wait at for somebody from an address, until it is known who he is.
    pub fn wait(&self, from: Option<IpAddr>) -> Result<SocketPlace, HttpRefused> {
        let of_address = Share::take(&self.addresses, network(from), STRANGERS_OF_ADDRESS_MAX)?;
        let held = Held::Waiting { _place: one(&self.waiting)?, of_address: Arc::new(of_address) };
        Ok(SocketPlace { sockets: self.clone(), held, _counted: OpenStream::begin() })
    }

    /// A place for whoever has shown a key that is good.
    pub fn known(&self, caller: Caller) -> Result<SocketPlace, HttpRefused> {
        let held = self.held_by(caller)?;
        Ok(SocketPlace { sockets: self.clone(), held, _counted: OpenStream::begin() })
    }

    fn held_by(&self, caller: Caller) -> Result<Held, HttpRefused> {
        let of_caller = Share::take(&self.callers, caller, self.of_caller)?;
        Ok(Held::Known { _place: one(&self.places)?, of_caller })
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

fn one(of: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, HttpRefused> {
    Arc::clone(of).try_acquire_owned().map_err(|_| HttpRefused::TooManyStreams)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn key(first: u8) -> Caller {
        Caller::Key([first; 32])
    }

    impl Sockets {
        fn wait_from(&self, last: u8) -> Result<SocketPlace, HttpRefused> {
            self.wait(Some(address(last)))
        }

        fn stranger_from(&self, last: u8) -> Result<SocketPlace, HttpRefused> {
            let mut place = self.wait_from(last)?;
            place.greeted(Caller::Address(address(last)))?;
            Ok(place)
        }
    }

    #[test]
    fn an_address_leaves_places_to_others_and_whoever_is_known_is_not_counted_by_it() {
        let sockets = Sockets::most(1_000);
        let mut held: Vec<_> = (0..STRANGERS_OF_ADDRESS_MAX - 1).map(|_| sockets.stranger_from(1).unwrap()).collect();
        held.push(sockets.wait_from(1).unwrap());
        assert!(sockets.wait_from(1).is_err());
        assert!(sockets.stranger_from(2).is_ok());
        held.last_mut().unwrap().greeted(key(1)).unwrap();
        let one_more = sockets.stranger_from(1).unwrap();
        assert!(one_more.is_strangers() && sockets.wait_from(1).is_err());
        drop((one_more, held));
        assert!(sockets.addresses.lock().unwrap().is_empty() && sockets.callers.lock().unwrap().is_empty());
        assert_eq!((sockets.places.available_permits(), sockets.waiting.available_permits()), (1_000, 500));
    }

    #[test]
    fn strangers_keep_nobody_out_who_is_known() {
        let sockets = Sockets::most(6);
        let strangers: Vec<_> = (1..4).map(|last| sockets.stranger_from(last).unwrap()).collect();
        assert!(sockets.stranger_from(9).is_err());
        let waiting: Vec<_> = (1..4).map(|last| sockets.wait_from(last).unwrap()).collect();
        assert!(sockets.wait_from(9).is_err());
        let known: Vec<_> = (1..4).map(|first| sockets.known(key(first)).unwrap()).collect();
        assert_eq!((strangers.len(), waiting.len(), known.len()), (3, 3, 3));
    }

    #[test]
    fn nobody_who_is_known_has_more_than_half() {
        let sockets = Sockets::most(6);
        let mut own: Vec<_> = (0..3).map(|_| sockets.known(key(1)).unwrap()).collect();
        assert!(own[0].greeted(key(1)).is_ok(), "who has a place needs no other");
        assert!(sockets.known(key(1)).is_err());
        assert!(sockets.wait_from(1).unwrap().greeted(key(1)).is_err());
        assert!(sockets.known(key(2)).is_ok());
        drop(own);
        assert!(sockets.known(key(1)).is_ok());
    }
}
