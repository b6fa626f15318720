//! Every background task of the process, so that shutdown can wait for all of them.
//!
//! The first signal drains (loops end after their step), the second stops.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Spawns tasks and tells them when to end.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    drain: CancellationToken,
}

impl Tasks {
    /// Spawns a task that [`Tasks::shutdown`] waits for.
    ///
    /// It stays where it is boxed: the runtime moves what it is given four times, and a use case is tens of kilobytes.
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.tracker.spawn(Box::pin(task))
    }

    /// Tasks that can be drained by themselves; they drain with the others, and shutdown waits for them too.
    #[must_use]
    pub fn branch(&self) -> Self {
        Self { tracker: self.tracker.clone(), drain: self.drain.child_token() }
    }

    /// Ends when the process should finish what it is doing and begin nothing new.
    pub(crate) async fn draining(&self) {
        self.drain.cancelled().await;
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.drain.is_cancelled()
    }

    /// Waits for `span`, or until the process drains; says whether to go on.
    pub async fn pause(&self, span: Duration) -> bool {
        tokio::select! {
            () = tokio::time::sleep(span) => !self.is_draining(),
            () = self.draining() => false,
        }
    }

    /// Begins to drain, without waiting.
    pub fn drain(&self) {
        self.drain.cancel();
    }

    /// Drains and waits up to `limit` for every task; says whether all ended.
    pub async fn shutdown(&self, limit: Duration) -> bool {
        self.drain.cancel();
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait()).await.is_ok()
    }
}

/// More bytes than this are worked on aside.
pub const LARGE: usize = 128 * 1024;
/// So many are written as a mail in less than a millisecond.
const FEW: usize = 16 * 1024;

/// Work that ended by a panic, which was told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Panicked;

/// Does what takes long on a thread where it holds up nobody else. Fails only when it panics.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    tokio::task::spawn_blocking(work).await
}

/// The same for what takes long only where it is about many bytes: a few are worked on here, which costs less than to
/// hand them over.
pub(crate) async fn aside_if_large<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    if bytes > FEW {
        return aside(work).await.map_err(|_| Panicked);
    }
    std::panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}

/// Carries out what may take long between waiting, such as a transaction about so many bytes: aside, if they are
/// many. Whoever waits for it may then be gone; it is done all the same.
pub async fn carry<F>(bytes: usize, work: F) -> Result<F::Output, JoinError>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    if bytes <= LARGE {
        return Ok(work.await);
    }
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(work)).await
}
