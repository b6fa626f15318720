//! Received messages whose handling this process has begun and not settled in the database.
//!
//! It lives, so none of these attempts ended it: when such a message is begun anew, the attempt before does not count.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::ticket::id::InboxId;

/// The attempt of each message. Cheap to clone; the clones share it.
#[derive(Clone, Debug, Default)]
pub struct Begun(Arc<Mutex<HashMap<i64, i64>>>);

impl Begun {
    pub fn note(&self, id: InboxId, attempts: i64) {
        self.attempts().insert(id.0, attempts);
    }

    /// It was settled, or its attempt was given back.
    pub fn forget(&self, id: InboxId) {
        self.attempts().remove(&id.0);
    }

    /// Whether this process began that attempt and has survived it.
    pub fn survived(&self, id: InboxId, attempts: i64) -> bool {
        self.attempts().get(&id.0) == Some(&attempts)
    }

    fn attempts(&self) -> MutexGuard<'_, HashMap<i64, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
