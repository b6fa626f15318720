//! How many calls are handled at the same time.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::Semaphore;

/// Lets a limited number of calls be handled at the same time; others wait.
///
/// Passed after a request was read, so that slow senders keep nobody else out.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<Semaphore>);

impl Gate {
    pub(crate) fn new(most: u32) -> Self {
        Self(Arc::new(Semaphore::new(most as usize)))
    }

    /// Waits for a place; it is given back when the permit is dropped.
    pub(crate) async fn pass(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}
