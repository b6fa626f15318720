//! Waking a loop after a commit, between parts that do not know each other.
//!
//! A wake is a hint: a loop that misses one finds its work by its slow poll.

use std::sync::Arc;

use tokio::sync::Notify;

/// One bell for each loop that a commit can give work to.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    delivery: Arc<Notify>,
    partners: Arc<Notify>,
}

impl Wake {
    /// Says that the outbox has a new row. What people are told of, a partner often is as well.
    pub fn delivery(&self) {
        self.delivery.notify_waiters();
        self.delivery.notify_one();
        self.partners();
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
}
