//! Mails about which nobody outside is written to, although a person wrote them.

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
    pub(super) fn is_of_old(self) -> bool {
        matches!(self, Self::BackFill | Self::Old)
    }
}
