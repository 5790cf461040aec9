//! Mutations under way. They go on to their end when their client is gone, and when the server ends.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// The mutations of a server that are under way; clones share them.
#[derive(Debug, Clone)]
pub struct Performing {
    /// It outlives the threads that answer.
    runtime: Handle,
    under_way: TaskTracker,
}

impl Performing {
    /// None yet; they will be run by the runtime that this is called in.
    pub fn here() -> Self {
        Self { runtime: Handle::current(), under_way: TaskTracker::new() }
    }

    /// Begins one.
    pub fn begin<T: Send + 'static>(&self, mutation: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.under_way.spawn_on(mutation, &self.runtime)
    }

    /// Waits until none is left.
    pub async fn finished(&self) {
        self.under_way.close();
        self.under_way.wait().await;
    }
}
