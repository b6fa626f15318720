//! Which ticket a mail belongs to: the rules in their order, the first hit wins.
//!
//! A hit chooses the ticket only. What its author may do there is decided in `receive`.

use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::authority::About;
use crate::desk::authority::Known;
use crate::desk::load;
use crate::desk::part;
use crate::desk::trace::Trace;
use crate::email::Email;
use crate::mail::Mail;
use crate::mail::thread;
use crate::mail::thread::Keys;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::mail::token::Token;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::template::name::Name;
use crate::ticket::TicketError;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// A ticket that was found, and how.
#[derive(Clone, Debug)]
pub struct Hit {
    pub ticket: Ticket,
    pub token: Option<Known>,
}

/// Looks for the ticket of a mail by its tokens and ids.
pub async fn find(
    desk: &Desk,
    tx: &mut Tx,
    (mail, keys): (&Mail, &Keys),
    trace: &mut Trace,
) -> Result<Option<Hit>, DeskError> {
    for (token, place) in &keys.tokens {
        if let Some(hit) = by_token(desk, tx, token).await? {
            trace.note("token", format!("{place} names ticket {}", hit.ticket.id));
            return Ok(Some(hit));
        }
        trace.note("token refused", format!("{place} is not genuine"));
    }
    for id in &keys.in_reply_to {
        if let Some(ticket) = by_message_id(tx, id).await? {
            trace.note("in-reply-to", format!("names a mail of ticket {}", ticket.id));
            return Ok(Some(Hit { ticket, token: None }));
        }
    }
    let subject = thread::base_subject(&mail.subject);
    for id in &keys.references {
        if let Some(ticket) = by_message_id(tx, id).await? {
            if thread::base_subject(&ticket.subject) == subject {
                trace.note(
                    "references",
                    format!("names a mail of ticket {} with the same subject", ticket.id),
                );
                return Ok(Some(Hit { ticket, token: None }));
            }
            trace.note("references refused", format!("ticket {} has another subject", ticket.id));
        }
    }
    Ok(None)
}

/// Looks for the ticket that the subject names, for somebody who takes part in it already. From anybody else
/// it is only a hint.
pub(crate) async fn find_by_tag(
    desk: &Desk,
    tx: &mut Tx,
    (keys, author): (&Keys, Option<&User>),
    trace: &mut Trace,
) -> Result<Option<Hit>, DeskError> {
    for (slug, id) in &keys.tags {
        if !desk.directory.has_slug(slug) {
            continue;
        }
        let Some(ticket) = load_known(tx, *id).await? else { continue };
        let known = match author {
            Some(author) => part::takes_part(tx, &ticket, author).await?,
            None => false,
        };
        if known {
            trace.note("subject tag", format!("names ticket {}, and the author takes part in it", ticket.id));
            return Ok(Some(Hit { ticket, token: None }));
        }
        trace.note(
            "subject tag refused",
            format!("names ticket {}, in which the author takes no part", ticket.id),
        );
    }
    Ok(None)
}

/// All genuine tokens of a mail that were written for this ticket, or for one that was merged into it.
pub async fn tokens(desk: &Desk, tx: &mut Tx, keys: &Keys, id: TicketId) -> Result<Vec<Known>, DeskError> {
    let mut known = Vec::new();
    if !keys.tokens.is_empty() {
        // Another process may have retired a key since.
        desk.keys.reload(tx).await?;
    }
    for (token, _) in &keys.tokens {
        if let Some(Hit { ticket, token: Some(token) }) = by_token(desk, tx, token).await?
            && ticket.id == id
        {
            known.push(token);
        }
    }
    Ok(known)
}

/// Whether a mail answers one about this ticket that was sent to its author, as submitter or for their copy.
pub(crate) async fn has_own_token(
    desk: &Desk,
    tx: &mut Tx,
    keys: &Keys,
    ticket: &Ticket,
    author: &User,
) -> Result<bool, DeskError> {
    let asked = ticket.reply_to.as_deref().filter(|_| ticket.submitter_id == Some(author.id));
    let asked = asked.map(Email::key_of);
    let tokens = tokens(desk, tx, keys, ticket.id).await?;
    let is_own =
        |token: &Known| author.has_address(&token.recipient) || asked.as_ref() == Some(&token.recipient);
    Ok(tokens.iter().any(|token| token.purpose == Purpose::CustomerReply && is_own(token)))
}

/// The ticket of a token, if we signed it for that ticket and recipient.
pub(crate) async fn by_token(desk: &Desk, tx: &mut Tx, token: &Token) -> Result<Option<Hit>, DeskError> {
    let Some(row) = store::outbox::find_by_key(tx, token.row).await? else { return Ok(None) };
    let Some(ticket_id) = row.ticket_id else { return Ok(None) };
    let Some(written_for) = store::tickets::find(tx, ticket_id).await? else { return Ok(None) };
    let uuid = row.written_for.as_deref().unwrap_or(&written_for.uuid);
    let recipient = Email::key_of(&row.recipient);
    let is_genuine = || token.is_genuine(&desk.keys.ring(), uuid, &recipient);
    let is_ours = is_genuine() || {
        // Another process may have rotated the keys.
        desk.keys.reload(tx).await?;
        is_genuine()
    };
    if !is_ours {
        return Ok(None);
    }
    let ticket = load(tx, ticket_id).await?;
    let known = Known { purpose: token.purpose, recipient, about: about(&row) };
    Ok(Some(Hit { ticket, token: Some(known) }))
}

fn about(row: &Outgoing) -> About {
    match (Name::parse(&row.template), row.followup_id) {
        (Some(Name::AgentUnverified), entry) => About::Doubt(entry),
        (Some(Name::CommandsDone), Some(entry)) => About::Report(entry),
        (_, entry) => About::Ticket(entry),
    }
}

async fn by_message_id(tx: &mut Tx, id: &str) -> Result<Option<Ticket>, DeskError> {
    // The newest ticket: a new one that continues a closed one has the conversation now.
    let incoming = store::message_ids::find(tx, id).await?.last().map(|known| known.ticket_id);
    let ticket_id = match incoming {
        Some(ticket_id) => Some(ticket_id),
        None => outgoing(tx, id).await?,
    };
    match ticket_id {
        Some(ticket_id) => load_known(tx, ticket_id).await,
        None => Ok(None),
    }
}

/// The ticket of a mail that went out: under our own id, or the one that its relay gave it.
async fn outgoing(tx: &mut Tx, id: &str) -> Result<Option<TicketId>, sqlx::Error> {
    // Our ids carry the row's key; whether the token in it is still believed does not matter here.
    if let Some(token) = token::in_message_id(id) {
        let row = store::outbox::find_by_key(tx, token.row).await?;
        return Ok(row.filter(|row| row.message_id.eq_ignore_ascii_case(id)).and_then(|row| row.ticket_id));
    }
    store::outbox::find_ticket_by_relay_id(tx, id).await
}

pub(super) async fn load_known(tx: &mut Tx, id: TicketId) -> Result<Option<Ticket>, DeskError> {
    match load(tx, id).await {
        Ok(ticket) => Ok(Some(ticket)),
        Err(DeskError::Ticket(TicketError::Unknown(_))) => Ok(None),
        Err(error) => Err(error),
    }
}
