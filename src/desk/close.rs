//! Ending a ticket, and beginning it again.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::assign;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::part;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::store::db::Tx;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Change;
use crate::ticket::life::Ticket;
use crate::ticket::status::Status;

/// The words with which a ticket ends or begins again, and how they came in.
#[derive(Clone, Debug)]
pub struct LastWords {
    pub words: Arc<Prepared>,
    pub origin: Option<Arc<Origin>>,
}

impl LastWords {
    pub fn new(words: Prepared) -> Self {
        Self { words: Arc::new(words), origin: None }
    }
}

/// Ends a ticket with an answer that everybody involved gets.
pub async fn resolve(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    last: LastWords,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    authority::may(&action.actor, Act::Resolve)?;
    change(desk, tx, action, Status::Resolved, last, now).await
}

/// Ends a ticket for good, with or without words. What is closed already only hears them.
pub async fn close(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    last: LastWords,
    now: Timestamp,
) -> Result<Option<FollowupId>, DeskError> {
    authority::may(&action.actor, Act::Close)?;
    if action.ticket.status == Status::Closed {
        return only_say(desk, tx, action, last, now).await;
    }
    change(desk, tx, action, Status::Closed, last, now).await.map(Some)
}

/// Begins a resolved or closed ticket again: the resolution goes, the owner stays. What is open already only
/// hears the words.
pub async fn reopen(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    last: LastWords,
    now: Timestamp,
) -> Result<Option<FollowupId>, DeskError> {
    part::may_on(tx, &action.actor, Act::Reopen, &action.ticket).await?;
    if action.ticket.is_open() {
        return only_say(desk, tx, action, last, now).await;
    }
    change(desk, tx, action, Status::Reopened, last, now).await.map(Some)
}

/// As the function for that status. Gives the entry that says it, if there is one.
pub async fn enter(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    status: Status,
    last: LastWords,
    now: Timestamp,
) -> Result<Option<FollowupId>, DeskError> {
    match status {
        Status::Resolved => resolve(desk, tx, action, last, now).await.map(Some),
        Status::Closed | Status::Merged => close(desk, tx, action, last, now).await,
        Status::Open | Status::Reopened => reopen(desk, tx, action, last, now).await,
    }
}

async fn only_say(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    last: LastWords,
    now: Timestamp,
) -> Result<Option<FollowupId>, DeskError> {
    if last.words.text.trim().is_empty() && last.words.attachments.is_empty() {
        return Ok(None);
    }
    let said = Said { origin: last.origin, ..Said::of(Visibility::Public, last.words) };
    comment::comment(desk, tx, action, said, now).await.map(Some)
}

async fn change(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    status: Status,
    last: LastWords,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    if !last.words.text.trim().is_empty() {
        assign::by_answer(desk, tx, action).await?;
    }
    let change = turn(&mut action.ticket, status, &last.words, now);
    action.ticket.quote(last.words.newest());
    let entry = Entry {
        kind: kind(status),
        visibility: Visibility::Public,
        words: &last.words,
        new_status: Some(status),
        origin: last.origin.as_deref(),
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    let id = written.id;
    if let Some(change) = change {
        action.add(Event::moved(change).by_entry(id));
    }
    action.tell(News {
        words: Some(last.words),
        written: Some(written),
        origin: last.origin,
        ..News::new(news_of(status))
    });
    Ok(id)
}

fn turn(ticket: &mut Ticket, status: Status, last: &Prepared, now: Timestamp) -> Option<Change> {
    match status {
        Status::Resolved => {
            Some(ticket.resolve(Some(&last.text).filter(|text| !text.is_empty()).map(String::as_str), now))
        }
        Status::Closed | Status::Merged => Some(ticket.close(now)),
        Status::Open | Status::Reopened => ticket.reopen(now),
    }
}

fn kind(status: Status) -> EntryKind {
    match status {
        Status::Resolved => EntryKind::Resolved,
        Status::Closed | Status::Merged => EntryKind::Closed,
        Status::Open | Status::Reopened => EntryKind::Reopened,
    }
}

/// What people are told of when a ticket gets this status.
fn news_of(status: Status) -> table::Event {
    match status {
        Status::Resolved => table::Event::Resolved,
        Status::Closed | Status::Merged => table::Event::Closed,
        Status::Open | Status::Reopened => table::Event::Reopened,
    }
}
