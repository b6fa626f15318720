//! Saying something on a ticket, for everybody or for the desk only.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::audit;
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
use crate::desk::tripped;
use crate::desk::volume;
use crate::sharing::policy::Mark;
use crate::store::db::Tx;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Speaker;
use crate::ticket::life::Ticket;

/// What a private comment is called that the partners of a shared ticket get as well.
pub const PARTNER_NOTE: &str = "partner_note";

/// Adds what an actor said, and tells those whom the table names.
///
/// A customer's public word on a resolved or closed ticket reopens it; staff do that with their own command.
pub async fn comment(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    (id, visibility): (TicketId, Visibility),
    words: &Words,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    let mut ticket = load(tx, id).await?;
    said(desk, tx, actor, &mut ticket, &Said { visibility, words, origin: None }, now).await
}

/// What was said, and how it came in.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    pub visibility: Visibility,
    pub words: &'a Words,
    pub origin: Option<&'a Origin>,
}

/// As [`comment`], for a ticket that is loaded and perhaps for words that came by mail.
pub async fn said(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &mut Ticket,
    said: &Said<'_>,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    let public = said.visibility == Visibility::Public;
    // A program's caller says of each message whether it is shown; it is the customer's word all the same.
    let counts = public || matches!(actor.door, Door::Jaze(_));
    let wants = counts && !ticket.is_open() && !actor.is_staff();
    let reopens = wants && may_reopen(desk, tx, actor, ticket, now).await?;
    let old = ticket.status;
    if reopens {
        ticket.reopen(now);
    }
    if public {
        ticket.hear(if actor.is_staff() { Speaker::Staff } else { Speaker::Customer }, now);
    }
    let entry = Entry {
        kind: kind(said, reopens),
        visibility: said.visibility,
        words: said.words,
        new_status: reopens.then_some(ticket.status),
        origin: said.origin,
    };
    let written = entry::write(desk, tx, (ticket.id, actor), &entry, now).await?;
    save(desk, tx, ticket, now).await?;
    let change = if reopens {
        ("status", Some(old.to_string()), Some(ticket.status.to_string()))
    } else {
        ("comment", None, Some(said.visibility.as_str().to_owned()))
    };
    audit(tx, ticket.id, actor, change, now).await?;
    let event = match (reopens, public) {
        (_, false) => Event::Noted,
        (true, true) => Event::Reopened,
        (false, true) => Event::Commented,
    };
    let occasion = Occasion {
        words: Some(said.words),
        written: Some(&written),
        origin: said.origin,
        ..Occasion::new(event, actor)
    };
    notify::tell(desk, tx, ticket, &occasion, now).await?;
    Ok(written.id)
}

/// Whether one more mail may reopen a ticket. What a loop says is kept all the same, and shown as waiting.
async fn may_reopen(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let may = actor.door != Door::Mail || volume::may_reopen(tx, ticket.id, now).await?;
    if !may {
        tripped::reopened_often(desk, tx, ticket.id, now).await?;
    }
    Ok(may)
}

fn kind(said: &Said<'_>, reopens: bool) -> &'static str {
    match (reopens, said.visibility, said.words.mark) {
        (true, _, _) => "reopened",
        (false, Visibility::Private, Mark::ToPartner) => PARTNER_NOTE,
        _ => "comment",
    }
}
