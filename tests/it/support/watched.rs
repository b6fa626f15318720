//! A value that threads change and tests wait for, without sleeping.

use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

/// Longer than anything that still works takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A shared value that tells who waits for it when it changes.
#[derive(Debug, Default)]
pub struct Watched<T> {
    inner: Arc<(Mutex<T>, Condvar)>,
}

impl<T> Clone for Watched<T> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner) }
    }
}

impl<T> Watched<T> {
    /// Changes or reads the value.
    pub fn with<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut *self.lock());
        self.inner.1.notify_all();
        result
    }

    /// Blocks until `holds`, and fails the test naming `what` when that takes too long.
    pub fn block_until(&self, what: &str, mut holds: impl FnMut(&T) -> bool) {
        let (guard, timeout) = self
            .inner
            .1
            .wait_timeout_while(self.lock(), PATIENCE, |value| !holds(value))
            .unwrap_or_else(PoisonError::into_inner);
        drop(guard);
        assert!(!timeout.timed_out(), "waited {PATIENCE:?} for {what}");
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.inner.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send + 'static> Watched<T> {
    /// As [`Self::block_until`], for a test whose runtime must go on meanwhile.
    pub async fn until(&self, what: &'static str, holds: impl FnMut(&T) -> bool + Send + 'static) {
        let watched = self.clone();
        tokio::task::spawn_blocking(move || watched.block_until(what, holds))
            .await
            .expect("the wait ended well");
    }
}
