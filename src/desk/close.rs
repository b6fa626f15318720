//! Ending a ticket, and beginning it again.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::table::Event;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::life;
use crate::ticket::life::Ticket;
use crate::ticket::status::Status;

/// Ends a ticket with an answer that everybody involved gets.
pub async fn resolve(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, words): (TicketId, &Words),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    change(desk, tx, actor, &mut ticket, &Change { status: Status::Resolved, words, origin: None }, now).await
}

/// Ends a ticket for good, with or without words. Closing a closed ticket changes nothing.
pub async fn close(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, words): (TicketId, &Words),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    if ticket.status == Status::Closed {
        return Ok(());
    }
    change(desk, tx, actor, &mut ticket, &Change { status: Status::Closed, words, origin: None }, now).await
}

/// Begins a resolved or closed ticket again: the resolution goes, the owner stays. On an open one the words
/// are kept as a comment.
pub async fn reopen(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, words): (TicketId, &Words),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    if ticket.is_open() {
        if !words.text.trim().is_empty() {
            comment::comment(desk, tx, actor, (id, Visibility::Public), words, now).await?;
        }
        return Ok(());
    }
    change(desk, tx, actor, &mut ticket, &Change { status: Status::Reopened, words, origin: None }, now).await
}

/// As the function for that status, for words that came by mail. What is closed already hears the words as a
/// comment.
pub async fn by_mail(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, status): (TicketId, Status),
    (words, origin): (&Words, &Origin),
    now: Timestamp,
) -> Result<(), DeskError> {
    let mut ticket = load(tx, id).await?;
    let is_there = ticket.status == status || status.is_open() && ticket.is_open();
    if is_there && status != Status::Resolved {
        if !words.text.trim().is_empty() || !words.attachments.is_empty() {
            let said = Said { visibility: Visibility::Public, words, origin: Some(origin) };
            comment::said(desk, tx, actor, &mut ticket, &said, now).await?;
        }
        return Ok(());
    }
    change(desk, tx, actor, &mut ticket, &Change { status, words, origin: Some(origin) }, now).await
}

struct Change<'a> {
    status: Status,
    words: &'a Words,
    origin: Option<&'a Origin>,
}

async fn change(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &mut Ticket,
    change: &Change<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let old = ticket.status;
    enter(ticket, change.status, Some(&change.words.text), now);
    let entry = Entry {
        kind: change.status.as_str(),
        visibility: Visibility::Public,
        words: change.words,
        new_status: Some(change.status),
        origin: change.origin,
    };
    let written = entry::write(desk, tx, (ticket.id, actor), &entry, now).await?;
    save(desk, tx, ticket, now).await?;
    audit(tx, ticket.id, actor, ("status", Some(old.to_string()), Some(ticket.status.to_string())), now)
        .await?;
    let event = event(change.status);
    let occasion = Occasion {
        words: Some(change.words),
        written: Some(&written),
        origin: change.origin,
        ..Occasion::new(event, actor)
    };
    notify::tell(desk, tx, ticket, &occasion, now).await
}

/// Gives a ticket another status; `answer` is the last word with which it is resolved.
pub fn enter(
    ticket: &mut Ticket,
    status: Status,
    answer: Option<&str>,
    now: Timestamp,
) -> Option<life::Change> {
    match status {
        Status::Resolved => Some(ticket.resolve(answer, now)),
        Status::Closed | Status::Merged => Some(ticket.close(now)),
        Status::Open | Status::Reopened => ticket.reopen(now),
    }
}

/// What people are told of when a ticket gets this status.
pub fn event(status: Status) -> Event {
    match status {
        Status::Resolved => Event::Resolved,
        Status::Closed | Status::Merged => Event::Closed,
        Status::Open | Status::Reopened => Event::Reopened,
    }
}
