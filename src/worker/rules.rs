//! What the handler must know of where messages come from.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::Authenticator;
use crate::config::mailbox::After;
use crate::config::mailbox::OldMail;
use crate::desk::receive::silence::Silence;
use crate::store::inbox::Received;
use crate::store::mailboxes::Mailbox;

/// A message that is older than this at first contact is old: whoever wrote it does not wait for an answer now.
const OLD: Duration = Duration::from_hours(48);

/// What the handler must know of where messages come from.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// What is done on the server afterwards.
    pub after: Option<After>,
    /// The mailbox that they come from; none where they are new in any case.
    pub mailbox: Option<Mailbox>,
    /// Whom messages that were there at first contact are answered to.
    pub old: OldMail,
    /// UIDs of messages that were handled before the database was restored from a backup.
    pub handled_before: Arc<HashSet<i64>>,
    /// Who finds out whether a mail is from whom it says.
    pub authenticator: Authenticator,
}

impl Rules {
    /// Why nobody is written to about a message.
    pub(crate) fn silence(&self, row: &Received) -> Option<Silence> {
        let uid = row.uid?;
        if self.handled_before.contains(&uid) {
            return Some(Silence::Restored);
        }
        let mailbox = self.mailbox.as_ref().filter(|mailbox| mailbox.is_from_before(uid))?;
        let (limit, silence) = match self.old {
            OldMail::Silent => (mailbox.created_at, Silence::BackFill),
            OldMail::SilentIfOld => (mailbox.created_at.minus(OLD), Silence::Old),
            OldMail::Answered => return None,
        };
        (row.received_at < limit).then_some(silence)
    }
}
