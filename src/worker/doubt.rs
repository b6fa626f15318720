//! Messages whose fetching ended the session, whatever the reason: they are fetched alone, and given up as a
//! gap when that fails again and again, so that one message never holds up the rest.
//!
//! Kept in memory only; a new process doubts nothing at first.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// Failures alone after which a message is left for later; a server that is merely restarted is done by then.
const MOST_FAILURES: u32 = 3;

/// What is doubted in one mailbox.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubt(Arc<Mutex<Doubted>>);

#[derive(Debug, Default)]
struct Doubted {
    /// The message with which the failed fetches began.
    first: u32,
    /// How often it failed alone.
    failures: u32,
    /// Up to here messages are fetched one by one.
    last: u32,
    /// What happened the last time.
    reason: String,
}

impl Doubt {
    /// How many messages to fetch together, beginning with this one.
    pub(crate) fn most_together(&self, first: u32, usual: usize) -> usize {
        if first <= self.lock().last { 1 } else { usual }
    }

    /// Whether this message already failed alone.
    pub fn is_doubted(&self, uid: u32) -> bool {
        let doubted = self.lock();
        doubted.first == uid && doubted.failures > 0
    }

    /// Fetching these messages together ended the session.
    pub fn failed(&self, together: &[u32], reason: &str) {
        let (Some(&first), Some(&last)) = (together.first(), together.last()) else { return };
        let mut doubted = self.lock();
        if doubted.first != first {
            *doubted = Doubted { first, last: last.max(doubted.last), ..Doubted::default() };
        }
        doubted.last = doubted.last.max(last);
        doubted.failures += u32::from(together.len() == 1);
        reason.clone_into(&mut doubted.reason);
    }

    /// Why this message is to be left for later, if it is.
    pub fn hopeless(&self, uid: u32) -> Option<String> {
        let doubted = self.lock();
        (doubted.first == uid && doubted.failures >= MOST_FAILURES).then(|| doubted.reason.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Doubted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_together_is_tried_one_by_one_and_what_fails_alone_is_given_up() {
        let doubt = Doubt::default();
        assert_eq!(doubt.most_together(1, 50), 50);
        doubt.failed(&[1, 2, 3], "closed");
        assert_eq!([1, 2, 3, 4].map(|uid| doubt.most_together(uid, 50)), [1, 1, 1, 50]);
        for _ in 0..MOST_FAILURES {
            assert!(doubt.hopeless(2).is_none());
            doubt.failed(&[2], "refused");
        }
        assert_eq!((doubt.hopeless(2).as_deref(), doubt.hopeless(3)), (Some("refused"), None));
        assert_eq!(doubt.most_together(3, 50), 1, "there may be another one");
    }

    #[test]
    fn failures_of_a_batch_blame_none_of_its_messages() {
        let doubt = Doubt::default();
        for _ in 0..10 {
            doubt.failed(&[1, 2, 3], "closed");
        }
        assert!(doubt.hopeless(1).is_none());
        doubt.failed(&[], "closed");
    }
}
