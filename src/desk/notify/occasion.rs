//! What happened, with all that its mails need, and one whom it is told to.

use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::command::report::Report;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::entry::Written;
use crate::desk::table::By;
use crate::desk::table::Event;
use crate::store::outbox::Outgoing;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Something that happened, with all that its mails need.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub event: Event,
    pub actor: &'a Actor,
    /// Who wrote the words, as staff read it, where that is not the actor: `Ann <ann@x.example> (external)`.
    pub writer: Option<&'a Sentence>,
    pub words: Option<&'a Words>,
    pub written: Option<&'a Written>,
    pub origin: Option<&'a Origin>,
    /// Why the submitter gets no acknowledgement of a mail that opened a ticket.
    pub no_acknowledgement: Option<&'a str>,
    /// A sentence for staff: why something is unverified.
    pub note: Option<&'a Sentence>,
    /// For a merge: the survivor.
    pub other: Option<&'a Ticket>,
    /// The Message-IDs that its mails refer to; none: those of the ticket.
    pub thread: Option<&'a [String]>,
    /// Who became owner by it: their mail says that first.
    pub new_owner: Option<UserId>,
    /// For the answer to an agent's mail.
    pub report: Option<&'a Report>,
    /// The mail that did not arrive.
    pub returned: Option<&'a Outgoing>,
    /// For whom the words of a new ticket are.
    pub visibility: Visibility,
}

/// One mail's addressee.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub address: String,
    pub user: Option<User>,
    pub template: Name,
}

impl<'a> Occasion<'a> {
    pub fn new(event: Event, actor: &'a Actor) -> Self {
        Self {
            event,
            actor,
            writer: None,
            words: None,
            written: None,
            origin: None,
            no_acknowledgement: None,
            note: None,
            other: None,
            thread: None,
            new_owner: None,
            report: None,
            returned: None,
            visibility: Visibility::Public,
        }
    }

    /// Whose doing it is. What an agent says on a request of their own they say as a customer.
    pub(super) fn by(&self, ticket: &Ticket) -> By {
        let own = self.actor.id().is_some_and(|id| ticket.submitter_id == Some(id));
        let asks = own && matches!(self.event, Event::Commented | Event::Reopened);
        let program = self.event == Event::Kept || self.actor.door() == Door::Desk;
        if self.actor.is_staff() && !asks && !program { By::Agent } else { By::Other }
    }

    /// Whether the submitter's mail about this answers a mail of his.
    pub(crate) fn is_acknowledgement(&self) -> bool {
        self.event == Event::Opened && self.actor.door() == Door::Mail && !self.actor.is_staff()
    }
}
