//! What happened, with all that its mails need, and one whom it is told to.

use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::command::report::Report;
use crate::desk::table::By;
use crate::desk::table::Event;
use crate::template::name::Name;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Something that happened, with all that its mails need.
#[derive(Clone, Copy, Debug)]
pub struct Announcement<'a> {
    pub news: &'a News,
    pub actor: &'a Actor,
    /// Whose ticket it is, where that was read already.
    pub(crate) submitter: Option<&'a User>,
    /// Who became owner by it: their mail says that first.
    pub(crate) new_owner: Option<UserId>,
    /// For the answer to an agent's mail.
    pub report: Option<&'a Report>,
}

/// One mail's addressee.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub address: String,
    pub user: Option<User>,
    pub template: Name,
}

impl<'a> Announcement<'a> {
    pub fn new(news: &'a News, actor: &'a Actor) -> Self {
        Self { news, actor, submitter: None, new_owner: None, report: None }
    }

    /// Whose doing it is. What an agent says on a request of their own they say as a customer.
    pub(super) fn by(&self, ticket: &Ticket) -> By {
        let own = self.actor.id().is_some_and(|id| ticket.submitter_id == Some(id));
        let asks = own && matches!(self.news.event, Event::Commented | Event::Reopened);
        let program = self.news.event == Event::Kept || self.actor.door() == Door::Desk;
        if self.actor.is_staff() && !asks && !program { By::Agent } else { By::Other }
    }

    /// Whether a program opened the ticket, which may name anybody as its submitter.
    pub(super) fn is_opened_by_program(&self) -> bool {
        let door = self.actor.door();
        self.news.event == Event::Opened
            && matches!(door, Door::Jutda | Door::Jaze(_) | Door::Api(_) | Door::Sharing)
    }

    /// Whether the submitter's mail about this answers a mail of his.
    pub(crate) fn is_acknowledgement(&self) -> bool {
        self.news.event == Event::Opened && self.actor.door() == Door::Mail && !self.actor.is_staff()
    }
}
