//! Places for exports: a file holds one from its first row until it is downloaded.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use yulin_domain::codes::Role;
use yulin_domain::error_catalogue::ErrorCode;
use yulin_domain::journal::Refused;

/// Files written or sent at once by one process.
const PLACES: usize = 2;
/// How many of these the public may hold: it shuts nobody else out.
const PUBLIC_PLACES: usize = 1;
/// How long a download holds its place; whoever reads slower than this goes on reading without one.
const DOWNLOAD_MAX: Duration = Duration::from_mins(5);

/// The places of one process.
#[derive(Debug, Clone)]
pub struct Places {
    all: Arc<Semaphore>,
    public: Arc<Semaphore>,
}

/// A place that is taken.
#[derive(Debug)]
pub struct Place {
    _one: OwnedSemaphorePermit,
    _public: Option<OwnedSemaphorePermit>,
}

/// A place that is held until this is dropped, and at most for so long as a download may take.
#[derive(Debug)]
pub struct Held {
    _until_dropped: oneshot::Sender<Infallible>,
}

impl Places {
    /// All of them, free.
    pub fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(PLACES)), public: Arc::new(Semaphore::new(PUBLIC_PLACES)) }
    }

    /// Takes a place, where one is free to a role.
    pub fn take(&self, role: Role) -> Result<Place, Refused> {
        let busy = |_| Refused::new(ErrorCode::Busy);
        let is_public = role == Role::Public;
        let public = is_public.then(|| Arc::clone(&self.public).try_acquire_owned()).transpose().map_err(busy)?;
        let one = Arc::clone(&self.all).try_acquire_owned().map_err(busy)?;
        Ok(Place { _one: one, _public: public })
    }
}

impl Place {
    /// Keeps the place for the download.
    pub fn held(self) -> Held {
        let (until_dropped, dropped) = oneshot::channel();
        actix_web::rt::spawn(async move {
            let _ended = tokio::time::timeout(DOWNLOAD_MAX, dropped).await;
            drop(self);
        });
        Held { _until_dropped: until_dropped }
    }
}
