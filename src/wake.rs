//! Waking a loop after a commit, between parts that do not know each other.
//!
//! A wake is a hint: a loop that misses one finds its work by its slow poll.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio::sync::watch;

/// One bell for each loop that a commit can give work to.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    delivery: Arc<Notify>,
    partners: Arc<Notify>,
    events: Arc<Notify>,
    /// The newest position of an event that this process knows of.
    position: watch::Sender<i64>,
}

impl Wake {
    /// Says that the outbox has a new row. What people are told of, a partner often is as well, and it is an event.
    pub fn delivery(&self) {
        self.delivery.notify_waiters();
        self.delivery.notify_one();
        self.partners();
        self.events.notify_one();
    }

    pub(crate) async fn delivery_woken(&self) {
        self.delivery.notified().await;
    }

    /// Says that the partners' outbox has a new row.
    pub fn partners(&self) {
        self.partners.notify_one();
    }

    pub(crate) async fn partners_woken(&self) {
        self.partners.notified().await;
    }

    pub(crate) async fn events_woken(&self) {
        self.events.notified().await;
    }

    /// Says up to where events can be read.
    pub(crate) fn placed(&self, position: i64) {
        self.position.send_if_modified(|known| {
            let is_newer = position > *known;
            *known = position.max(*known);
            is_newer
        });
    }

    /// Tells of each new position, for who follows events.
    pub fn positions(&self) -> watch::Receiver<i64> {
        self.position.subscribe()
    }

    /// Whether anybody follows events in this process.
    pub(crate) fn is_followed(&self) -> bool {
        self.position.receiver_count() > 0
    }
}
