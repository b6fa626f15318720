//! On whose account a mail is written, so that no flood of one kind uses up what others need.
//!
//! How much each may cause is said in `volume`.

use crate::desk::actor::Kind;
use crate::desk::notify::announcement::Announcement;
use crate::desk::notify::announcement::Recipient;
use crate::desk::table::Event;
use crate::email::Email;
use crate::template::name::Name;
use crate::ticket::authentication::Authentication;
use crate::ticket::life::Ticket;

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// Words on the ticket of the one who is told.
    Owned,
    Proven,
    /// Caused by a mail that anybody can have written.
    Unproven,
}

/// What caused a mail.
#[derive(Clone, Debug)]
pub struct Cause {
    pub budget: Budget,
    /// Of the author, where it is no agent's doing; else empty.
    pub domain: String,
}

impl Budget {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Proven => "proven",
            Self::Unproven => "unproven",
        }
    }
}

impl Cause {
    /// Why this one is told; nobody stands for the submitter's acknowledgement.
    pub fn of(ticket: &Ticket, announcement: &Announcement<'_>, recipient: Option<&Recipient>) -> Self {
        let (news, actor) = (announcement.news, announcement.actor);
        let origin = news.origin.as_deref().filter(|_| !actor.is_staff());
        let author = origin.and_then(|origin| origin.author.as_deref());
        // What warns an agent of a mail in their name is caused by whoever wrote that mail.
        let warns = recipient.is_some_and(|recipient| recipient.template == Name::AgentUnverified);
        let proven = !warns && origin.is_none_or(|origin| origin.authentication == Authentication::Pass);
        // Who answers a mail that was sent to them has shown enough to be heard.
        let takes_part =
            !warns && actor.kind() == Kind::Customer && !matches!(news.event, Event::Opened | Event::Kept);
        let owner = recipient.and_then(|recipient| recipient.user.as_ref()).map(|user| user.id);
        let is_word = matches!(news.event, Event::Commented | Event::Reopened | Event::Noted);
        let budget = match proven || takes_part {
            false => Budget::Unproven,
            true if is_word && owner.is_some() && owner == ticket.owner_id => Budget::Owned,
            true => Budget::Proven,
        };
        let domain = author.map(|author| Email::of(author).domain().to_owned());
        Self { budget, domain: domain.unwrap_or_default() }
    }
}
