//! What somebody does to one ticket, collected by the use cases from the door that began it until it is recorded.
//!
//! Only collects; what becomes of it is in `event`.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::collision::Collision;
use crate::desk::entry::Origin;
use crate::desk::entry::Written;
use crate::desk::load;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::template::sentence::Sentence;
use crate::ticket::Row;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::id::ShareId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Change;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// What somebody does to one ticket, from the door that began it until it is recorded.
#[must_use = "what is not recorded is stored by halves and told to nobody"]
#[derive(Debug)]
pub struct Action {
    /// Who does what is added next: one action can hold several people's words.
    pub actor: Actor,
    pub ticket: Ticket,
    /// Whose ticket it is, where that was read already.
    pub(super) submitter: Option<Box<User>>,
    /// As it is stored.
    pub(super) stored: Box<Row>,
    pub(super) row: RowState,
    pub(super) escalation: Escalation,
    pub(super) ownership: Ownership,
    pub(super) events: Vec<(Actor, Event)>,
    pub(super) elsewhere: Vec<(TicketId, Event)>,
    pub(super) news: Vec<(Actor, News)>,
    /// Another agent's answer that its actor did not know of.
    pub(super) collision: Option<Box<Collision>>,
    /// The partner whose request this is knows it already.
    pub(super) from_share: Option<ShareId>,
}

/// Something that people may have to be told.
#[derive(Clone, Debug)]
pub struct News {
    pub event: table::Event,
    pub words: Option<Arc<Prepared>>,
    pub written: Option<Written>,
    pub origin: Option<Arc<Origin>>,
    /// Why the submitter gets no acknowledgement of a mail that opened a ticket.
    pub no_acknowledgement: Option<&'static str>,
    /// A sentence for staff: why something is unverified.
    pub note: Option<Sentence>,
    /// For a merge: the survivor.
    pub other: Option<Ticket>,
    /// The Message-IDs that its mails refer to, where those of the ticket are not there any more.
    pub thread: Option<Vec<String>>,
    /// Who wrote the words, as staff read it, where that is not the actor.
    pub writer: Option<Sentence>,
    /// The mail that did not arrive.
    pub returned: Option<Box<Outgoing>>,
    pub visibility: Visibility,
    /// The agent who answered before this answer was written without knowing of that.
    pub(crate) answered_before: Option<UserId>,
}

/// What is stored of the ticket when the action is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowState {
    /// Its row is as it was inserted, with its first event counted.
    Fresh,
    Stored,
    /// To be stored, even if no value is another.
    Touched,
    Deleted,
}

/// Who says when the ticket escalates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escalation {
    /// The rule of its queue, when it is recorded.
    ToPlan,
    Planned,
}

/// Whether somebody said whose the ticket is to be, be it nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ownership {
    Unsaid,
    Said,
}

impl News {
    pub fn new(event: table::Event) -> Self {
        Self {
            event,
            words: None,
            written: None,
            origin: None,
            no_acknowledgement: None,
            note: None,
            other: None,
            thread: None,
            writer: None,
            returned: None,
            visibility: Visibility::Public,
            answered_before: None,
        }
    }

    /// The entry that keeps its words.
    pub fn entry(&self) -> Option<FollowupId> {
        self.written.as_ref().map(|written| written.id)
    }
}

impl Action {
    /// On a ticket, or on the survivor if it was merged; nobody else changes it until the transaction ends.
    pub async fn begin(tx: &mut Tx, actor: &Actor, id: TicketId) -> Result<Self, DeskError> {
        Ok(Self::on(actor, load(tx, id).await?))
    }

    /// As [`begin`](Self::begin), where the ticket may have been deleted meanwhile.
    pub async fn begin_if_there(tx: &mut Tx, actor: &Actor, id: TicketId) -> Result<Option<Self>, DeskError> {
        match Self::begin(tx, actor, id).await {
            Ok(action) => Ok(Some(action)),
            Err(DeskError::Ticket(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// On a ticket that this transaction has locked.
    pub fn on(actor: &Actor, ticket: Ticket) -> Self {
        Self {
            actor: actor.clone(),
            stored: Box::new(Row::clone(&ticket)),
            ticket,
            submitter: None,
            row: RowState::Stored,
            escalation: Escalation::ToPlan,
            ownership: Ownership::Unsaid,
            events: Vec::new(),
            elsewhere: Vec::new(),
            news: Vec::new(),
            collision: None,
            from_share: None,
        }
    }

    /// On a ticket that was just inserted, for its submitter.
    pub fn opened(actor: &Actor, ticket: Ticket, submitter: Option<&User>) -> Self {
        let submitter = submitter.cloned().map(Box::new);
        Self { row: RowState::Fresh, submitter, ..Self::on(actor, ticket) }
    }

    /// As a partner asked for it under this share.
    pub(crate) fn by_share(mut self, id: ShareId) -> Self {
        self.from_share = Some(id);
        self
    }

    pub fn add(&mut self, event: Event) {
        self.events.push((self.actor.clone(), event));
    }

    /// Adds the change of a move, if there was one; says whether.
    pub fn moved(&mut self, change: Option<Change>) -> bool {
        let Some(change) = change else { return false };
        self.add(Event::moved(change));
        true
    }

    /// Adds what happened by this to another ticket.
    pub(crate) fn add_elsewhere(&mut self, id: TicketId, event: Event) {
        self.elsewhere.push((id, event));
    }

    /// Has people told, by the table.
    pub fn tell(&mut self, news: News) {
        self.news.push((self.actor.clone(), news));
    }

    /// The entry that the last event came with.
    pub fn entry(&self) -> Option<FollowupId> {
        self.events.last().and_then(|(_, event)| event.entry_id)
    }

    /// What is told of the opening, to be changed.
    pub fn opening(&mut self) -> Option<&mut News> {
        self.news.iter_mut().map(|(_, news)| news).find(|news| news.event == table::Event::Opened)
    }

    /// Nobody is mailed of what was said last.
    pub fn hush(&mut self) {
        self.news.pop();
    }

    /// What was said last is told as a stranger's doing.
    pub(crate) fn disown(&mut self) {
        if let Some((actor, _)) = self.news.last_mut() {
            *actor = Actor::stranger(None);
        }
    }

    /// Its actor did not know of another agent's answer: whoever hears of theirs is told so.
    pub(crate) fn collides(&mut self, collision: Collision) {
        self.collision = Some(Box::new(collision));
    }

    /// Whether everybody is told what an agent said or did.
    pub(super) fn is_answer(&self) -> bool {
        self.actor.is_staff() && self.news.iter().any(|(_, news)| news.event.is_answer())
    }

    /// When the ticket escalates is known already.
    pub(crate) fn is_planned(&mut self) {
        self.escalation = Escalation::Planned;
    }

    /// Somebody spoke: the ticket counts as changed, whatever else of it is.
    pub fn touch(&mut self) {
        self.row = RowState::Touched;
    }

    /// The ticket's row is gone.
    pub fn deleted(&mut self) {
        self.row = RowState::Deleted;
    }

    pub(super) fn new_owner(&self) -> Option<UserId> {
        let is_assigned = self.events.iter().any(|(_, event)| event.kind == Kind::Owner);
        self.ticket.owner_id.filter(|_| is_assigned)
    }

    pub(super) fn is_changed(&self) -> bool {
        match self.row {
            RowState::Touched => true,
            RowState::Fresh | RowState::Stored => *self.stored != *self.ticket,
            RowState::Deleted => false,
        }
    }
}

/// Something was said for these.
pub fn said(visibility: Visibility) -> Event {
    let kind = match visibility {
        Visibility::Public => Kind::EntryPublic,
        Visibility::Private => Kind::EntryPrivate,
    };
    Event::added(kind, "comment", visibility.as_str())
}
