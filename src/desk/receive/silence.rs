//! Mails about which nobody outside is written to, although a person wrote them.

use crate::desk::event::Action;
use crate::desk::receive::Case;

/// Why nobody outside is written to about a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The mailbox's older mail is taken in silence.
    BackFill,
    /// It was old at first contact.
    Old,
    /// It was handled before the database was restored from a backup.
    Restored,
}

impl Silence {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BackFill => "back-fill is silent",
            Self::Old => "the mail was old at first contact",
            Self::Restored => "the mail was handled before a restore",
        }
    }

    /// Whether nobody waits for an answer to it now.
    fn is_of_old(self) -> bool {
        matches!(self, Self::BackFill | Self::Old)
    }
}

impl Case<'_> {
    /// A ticket of old mail rests until its customer writes anew.
    pub(super) fn age(&self, action: &mut Action) {
        if self.silence.is_some_and(Silence::is_of_old) {
            action.ticket.come_with_old_mail(self.now);
        }
    }
}
