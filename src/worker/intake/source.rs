//! A mailbox to be read, and how its last session fared: what a failure means depends on that.
//!
//! How it fared is kept in memory only.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::clock::Timestamp;
use crate::config::mailbox;
use crate::ticket::id::MailboxId;
use crate::worker::doubt::Doubt;
use crate::worker::outside::Outside;

/// Looks that may end the session in a row; then it goes on without one.
const MOST_TRIES: u32 = 3;

/// A mailbox to be read: its declaration and its row.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: MailboxId,
    /// The queue's slug, for people.
    pub name: String,
    pub config: mailbox::Mailbox,
    pub outside: Outside,
    /// When the process began that was told that the database was restored from a backup.
    pub restored: Option<Timestamp>,
    pub(crate) doubt: Doubt,
    pub standing: Standing,
}

impl Source {
    pub fn new(id: MailboxId, name: &str, config: &mailbox::Mailbox, outside: Outside) -> Self {
        Self {
            id,
            name: name.to_owned(),
            config: config.clone(),
            outside,
            restored: None,
            doubt: Doubt::default(),
            standing: Standing::default(),
        }
    }
}

/// How the last session fared. The clones share it.
#[derive(Clone, Debug, Default)]
pub struct Standing(Arc<Mutex<Fared>>);

#[derive(Debug, Default)]
struct Fared {
    /// The folder was read since the last failure.
    read: bool,
    /// A gap is being tried.
    at_gap: bool,
    /// Nothing failed since gaps were last tried together, but at gaps.
    well: bool,
    /// How often a look was begun that ended the session each time.
    tries: u32,
    /// Messages that were handled before the database was restored from a backup; none: that was not looked at yet.
    handled_before: Option<Arc<HashSet<i64>>>,
}

impl Standing {
    /// The session gave what was asked of it.
    pub fn was_read(&self) {
        self.fared().read = true;
    }

    pub fn tries_gap(&self) {
        self.fared().at_gap = true;
    }

    pub fn tried_gap(&self) {
        self.fared().at_gap = false;
    }

    /// A session ended badly; says whether it was of use before.
    pub fn failed(&self) -> bool {
        let mut fared = self.fared();
        // A message that breaks each session says nothing of the server.
        fared.well &= fared.at_gap;
        fared.at_gap = false;
        std::mem::take(&mut fared.read)
    }

    /// Whether the server is well for the first time after something failed, or ever.
    pub fn is_well_again(&self) -> bool {
        !std::mem::replace(&mut self.fared().well, true)
    }

    /// Begins a look that one message may end the session at; says whether that happened too often.
    pub fn tries_in_vain(&self) -> bool {
        let mut fared = self.fared();
        fared.tries += 1;
        fared.tries > MOST_TRIES
    }

    pub fn succeeded(&self) {
        self.fared().tries = 0;
    }

    /// Whether nobody has looked yet what was handled before a restore.
    pub fn is_new(&self) -> bool {
        self.fared().handled_before.is_none()
    }

    pub fn were_handled_before(&self, uids: HashSet<i64>) {
        self.fared().handled_before = Some(Arc::new(uids));
    }

    pub fn handled_before(&self) -> Arc<HashSet<i64>> {
        self.fared().handled_before.clone().unwrap_or_default()
    }

    fn fared(&self) -> MutexGuard<'_, Fared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_well_again_after_its_own_failures_and_not_after_those_at_gaps() {
        let standing = Standing::default();
        assert!(standing.is_well_again() && !standing.is_well_again());
        standing.tries_gap();
        assert!(!standing.failed());
        assert!(!standing.is_well_again());
        standing.tries_gap();
        standing.tried_gap();
        standing.was_read();
        assert!(standing.failed() && !standing.failed());
        assert!(standing.is_well_again());
    }
}
