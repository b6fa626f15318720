//! An entry passed on to somebody who takes no part in the ticket: a mechanic, a supplier, another department.
//!
//! They get that entry and what the agent writes above it, and nothing else. Their answer comes back for agents only:
//! who asks here never learns of them, and they never of what else is said.

use std::sync::Arc;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::forward::onward::Onward;
use crate::desk::locale;
use crate::desk::message::Message;
use crate::desk::part;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;

pub(crate) mod onward;

/// More are a list by hand.
const MOST_ADDRESSES: usize = 10;

/// What is passed on, and to whom.
#[derive(Clone, Debug)]
pub struct Forwarding {
    pub entry: FollowupId,
    pub to: Vec<String>,
}

/// Why an entry is not passed on.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    #[error("there is no such entry on the ticket")]
    NoEntry,
    #[error("{0} is no address that can be mailed")]
    NoAddress(String),
    #[error("{0} is an address of this desk")]
    OwnAddress(String),
    #[error("{0} takes part in this ticket: answer them instead")]
    TakesPart(String),
    #[error("one forward goes to {MOST_ADDRESSES} addresses at most")]
    TooMany,
    #[error("nothing is sent to {0}: {1}")]
    Held(String, String),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<sqlx::Error> for ForwardError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Forwarded {
    /// The entry that says so.
    pub entry_id: FollowupId,
    /// The entry that was passed on.
    pub forwarded: FollowupId,
    pub to: Vec<String>,
}

/// A forward of which nothing is done yet, and that can be done.
#[derive(Clone, Debug)]
pub struct Ready {
    entry: Followup,
    to: Vec<String>,
}

/// Whether an entry can be passed on, before anything of it is done.
pub async fn ready(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    what: Forwarding,
    now: Timestamp,
) -> Result<Ready, ForwardError> {
    authority::may(&action.actor, Act::Forward).map_err(DeskError::from)?;
    let found = store::followups::find(tx, what.entry).await?;
    let entry = found.filter(|entry| entry.ticket_id == action.ticket.id).ok_or(ForwardError::NoEntry)?;
    let mut to: Vec<String> = Vec::new();
    for address in what.to {
        if !to.iter().any(|known| Email::key_of(known) == Email::key_of(&address)) {
            to.push(address);
        }
    }
    if to.len() > MOST_ADDRESSES {
        return Err(ForwardError::TooMany);
    }
    for address in &to {
        fit(desk, tx, &action.ticket, address).await?;
        if let Some(held) = onward::held(desk, tx, &action.ticket, address, now).await? {
            return Err(ForwardError::Held(address.clone(), held.sentence()));
        }
    }
    Ok(Ready { entry, to })
}

/// What an agent means who names no entry: the newest that somebody outside wrote for everybody before another one.
pub async fn usual(
    tx: &mut Tx,
    ticket: &Ticket,
    before: Option<FollowupId>,
) -> Result<FollowupId, ForwardError> {
    let before = before.unwrap_or(FollowupId(i64::MAX));
    let found = store::followups::forwards::find_usual(tx, ticket.id, before).await?;
    found.ok_or(ForwardError::NoEntry)
}

/// Passes it on, and has the ticket say so.
pub async fn forward(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    ready: Ready,
    said: Said,
    now: Timestamp,
) -> Result<Forwarded, DeskError> {
    let Ready { entry: passed_on, to } = ready;
    let queue = desk.directory.queue(action.ticket.queue_id).map(Arc::clone);
    let Some(queue) = queue else {
        return Err(DeskError::Refused("the ticket's queue is not there any more".to_owned()));
    };
    let words = Arc::new(noted(desk, &queue, &passed_on, &to, &said.message));
    let note = Entry {
        kind: EntryKind::Forwarded,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: said.origin.as_deref(),
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &note, now).await?;
    for address in &to {
        let event = Event::added(Kind::EntryPrivate, "forwarded", address.as_str());
        action.add(event.by_entry(written.id));
        let onward = Onward {
            queue: &queue,
            ticket: &action.ticket,
            entry: &passed_on,
            message: &said.message,
            note: &written,
            address,
        };
        // On the heap: few entries are passed on, and a mail needs room.
        Box::pin(onward.post(desk, tx, now)).await?;
    }
    action.touch();
    let entry_id = written.id;
    action.tell(News {
        words: Some(words),
        written: Some(written),
        origin: said.origin,
        ..News::new(table::Event::Noted)
    });
    Ok(Forwarded { entry_id, forwarded: passed_on.id, to })
}

/// What stands above it, and the mail in which an agent wrote that.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub message: Arc<Prepared>,
    pub origin: Option<Arc<Origin>>,
}

/// Whether it is somebody who takes no part: whoever does is answered.
async fn fit(desk: &Desk, tx: &mut Tx, ticket: &Ticket, address: &str) -> Result<(), ForwardError> {
    if !Email::of(address).is_deliverable() {
        return Err(ForwardError::NoAddress(address.to_owned()));
    }
    if desk.directory.is_own(address) {
        return Err(ForwardError::OwnAddress(address.to_owned()));
    }
    let asked = ticket.reply_to.as_deref().map(Email::key_of);
    let known = store::users::find_by_email(tx, address).await?;
    let takes_part = match &known {
        Some(user) if !user.is_active_staff() => part::takes_part(tx, ticket, user).await?,
        _ => asked.is_some_and(|asked| asked == Email::key_of(address)),
    };
    if takes_part { Err(ForwardError::TakesPart(address.to_owned())) } else { Ok(()) }
}

/// What agents read of it, with the agent's own files.
fn noted(desk: &Desk, queue: &Queue, entry: &Followup, to: &[String], message: &Prepared) -> Prepared {
    let says = Sentence::new("note.forwarded").with("entry", &entry.id).with("to", &to.join(", "));
    let locale = locale::of_reader(desk, queue, None, None);
    let says = says.followed_by(message.text.trim());
    let words = Message {
        attachments: message.attachments.clone(),
        left_out: message.left_out.clone(),
        kept: message.kept.clone(),
        ..Message::plain(desk.templates.sentence(&locale, &says))
    };
    Prepared::received(words)
}
