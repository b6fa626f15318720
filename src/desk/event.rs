//! What is done to a ticket, recorded once: its row, the log, and then everybody who is to be told.
//!
//! Use cases add what they do to an [`Action`]; the door that began it ends it with [`record`]. Nothing else tells
//! anybody, so that nothing is told before it is true, and nobody twice.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::entry::Origin;
use crate::desk::entry::Words;
use crate::desk::entry::Written;
use crate::desk::escalate;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::notify::Told;
use crate::desk::share::follow;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::store::outbox::Outgoing;
use crate::template::sentence::Sentence;
use crate::ticket::Row;
use crate::ticket::TicketError;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::id::ShareId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Change;
use crate::ticket::life::Ticket;

/// What somebody does to one ticket, from the door that began it until it is recorded.
#[must_use = "what is not recorded is stored by halves and told to nobody"]
#[derive(Debug)]
pub struct Action {
    /// Who does what is added next: one action can hold several people's words.
    pub actor: Actor,
    pub ticket: Ticket,
    /// As it is stored.
    stored: Box<Row>,
    row: RowState,
    escalation: Escalation,
    events: Vec<(Actor, Event)>,
    elsewhere: Vec<(TicketId, Event)>,
    news: Vec<(Actor, News)>,
    /// The partner whose request this is knows it already.
    from_share: Option<ShareId>,
}

/// Something that people may have to be told.
#[derive(Clone, Debug)]
pub struct News {
    pub event: table::Event,
    pub words: Option<Arc<Words>>,
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
}

/// What is stored of the ticket when the action is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowState {
    /// Its row is as it was inserted, with its first event counted.
    Fresh,
    Stored,
    /// To be stored, even if no value is another.
    Touched,
    Deleted,
}

/// Who says when the ticket escalates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Escalation {
    /// The rule of its queue, when it is recorded.
    ToPlan,
    Planned,
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
        }
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
            row: RowState::Stored,
            escalation: Escalation::ToPlan,
            events: Vec::new(),
            elsewhere: Vec::new(),
            news: Vec::new(),
            from_share: None,
        }
    }

    /// On a ticket that was just inserted.
    pub fn opened(actor: &Actor, ticket: Ticket) -> Self {
        Self { row: RowState::Fresh, ..Self::on(actor, ticket) }
    }

    /// As a partner asked for it under this share.
    pub fn by_share(mut self, id: ShareId) -> Self {
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
    pub fn add_elsewhere(&mut self, id: TicketId, event: Event) {
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
    pub fn disown(&mut self) {
        if let Some((actor, _)) = self.news.last_mut() {
            *actor = Actor::stranger(None);
        }
    }

    /// When the ticket escalates is known already.
    pub fn is_planned(&mut self) {
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

    fn new_owner(&self) -> Option<UserId> {
        let is_assigned = self.events.iter().any(|(_, event)| event.kind == Kind::Owner);
        self.ticket.owner_id.filter(|_| is_assigned)
    }

    fn is_changed(&self) -> bool {
        match self.row {
            RowState::Touched => true,
            RowState::Fresh | RowState::Stored => *self.stored != *self.ticket,
            RowState::Deleted => false,
        }
    }
}

/// Ends an action: stores its ticket, logs what happened, and tells people and partners. Gives the ticket back.
pub async fn record(
    desk: &Desk,
    tx: &mut Tx,
    mut action: Action,
    now: Timestamp,
) -> Result<Ticket, DeskError> {
    save(desk, tx, &mut action, now).await?;
    // On the heap: a mail's letter needs more room than all of the steps before.
    Box::pin(mail(desk, tx, &action, now)).await?;
    follow(tx, &action, now).await?;
    Ok(action.ticket)
}

/// Notes on a ticket what changes nothing of it and concerns nobody.
pub async fn note(
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    event: &Event,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let seq = store::tickets::count_event(tx, id).await?;
    log(tx, actor, (id, seq), event, now).await
}

/// Stores the ticket, unless someone else changed it since it was read, and the log.
async fn save(desk: &Desk, tx: &mut Tx, action: &mut Action, now: Timestamp) -> Result<(), DeskError> {
    let counted = i64::from(action.row == RowState::Fresh);
    let mut seq = action.stored.events - counted;
    let is_changed = action.is_changed();
    action.ticket.count(seq + i64::try_from(action.events.len()).unwrap_or(i64::MAX).max(counted));
    if is_changed {
        if action.escalation == Escalation::ToPlan {
            escalate::plan(desk, tx, &mut action.ticket).await?;
        }
        if !store::tickets::update(tx, &action.ticket, now).await? {
            return Err(TicketError::Stale(action.ticket.id).into());
        }
        action.ticket.saved(now);
    } else if action.row != RowState::Deleted && action.ticket.events != action.stored.events {
        store::tickets::set_events(tx, action.ticket.id, action.ticket.events).await?;
    }
    for (actor, event) in &action.events {
        seq += 1;
        log(tx, actor, (action.ticket.id, Some(seq)), event, now).await?;
    }
    for (id, event) in &action.elsewhere {
        note(tx, &action.actor, *id, event, now).await?;
    }
    Ok(())
}

/// Something was said for these.
pub fn said(visibility: Visibility) -> Event {
    let kind = match visibility {
        Visibility::Public => Kind::EntryPublic,
        Visibility::Private => Kind::EntryPrivate,
    };
    Event::added(kind, "comment", visibility.as_str())
}

async fn log(
    tx: &mut Tx,
    actor: &Actor,
    (ticket_id, seq): (TicketId, Option<i64>),
    event: &Event,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let row = Logged {
        ticket_id,
        seq,
        kind: event.kind,
        entry_id: event.entry_id,
        actor_id: actor.id(),
        token_id: actor.door().token(),
        door: actor.door().as_str().to_owned(),
        field: event.field.to_owned(),
        old: event.old.clone(),
        new: event.new.clone(),
        at: now,
    };
    store::events::insert(tx, &row).await
}

/// Mails everybody whom the table names, each of them once: about the strongest of what happened.
async fn mail(desk: &Desk, tx: &mut Tx, action: &Action, now: Timestamp) -> Result<(), DeskError> {
    let mut news: Vec<&(Actor, News)> = action.news.iter().collect();
    if news.iter().any(|(_, news)| news.event.is_end()) {
        // What is opened and ended at once is told of as ended.
        news.retain(|(_, news)| news.event != table::Event::Opened);
    }
    news.sort_by_key(|(_, news)| news.event.rank());
    let mut told = Told::default();
    for (actor, news) in news {
        let occasion = Occasion {
            event: news.event,
            actor,
            words: news.words.as_deref(),
            written: news.written.as_ref(),
            origin: news.origin.as_deref(),
            no_acknowledgement: news.no_acknowledgement,
            note: news.note.as_ref(),
            other: news.other.as_ref(),
            thread: news.thread.as_deref(),
            new_owner: action.new_owner(),
            report: None,
            writer: news.writer.as_ref(),
            returned: news.returned.as_deref(),
            visibility: news.visibility,
        };
        notify::tell(desk, tx, &action.ticket, &occasion, &mut told, now).await?;
    }
    Ok(())
}

/// Tells the partners with whom the ticket is shared what they can see.
async fn follow(tx: &mut Tx, action: &Action, now: Timestamp) -> Result<(), DeskError> {
    let by_partner = action.actor.door() == Door::Sharing;
    if !by_partner && !action.events.iter().any(|(_, event)| is_seen(event.kind)) {
        return Ok(());
    }
    for share in store::shared_tickets::list_live(tx, action.ticket.id).await? {
        if action.from_share != Some(share.id) {
            // On the heap: few tickets are shared, and every action passes here.
            Box::pin(follow::tell(tx, action.ticket.id, share, &action.actor, now)).await?;
        }
    }
    Ok(())
}

/// Whether partners can see it.
fn is_seen(kind: Kind) -> bool {
    matches!(kind, Kind::EntryPublic | Kind::EntryPrivate | Kind::Status | Kind::Hold | Kind::Tags)
}
