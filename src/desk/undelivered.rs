//! A mail that does not arrive: a private note where it belongs, and word to whoever wrote it.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::letter;
use crate::desk::load;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::table::Event;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::template::name::Name;
use crate::ticket::Ticket;

/// A mail of a ticket that did not arrive.
#[derive(Clone, Copy, Debug)]
pub struct Mishap<'a> {
    pub ticket: &'a Ticket,
    pub row: &'a Outgoing,
    /// `Returned` or `Late`.
    pub event: Event,
    pub text: &'a str,
}

/// Notes on its ticket that a mail is late (`queued`), lost (`rejected`), of unknown fate (`unknown`) or not lost after
/// all (`resumed`), and mails those whom that concerns.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    (state, answer): (&str, &str),
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(ticket_id) = row.ticket_id else { return Ok(()) };
    let mut ticket = match load(tx, ticket_id).await {
        Ok(ticket) => ticket,
        Err(DeskError::Ticket(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let actor = Actor::desk();
    let text = sentence(row, state, answer);
    let words = Words::plain(text.clone());
    let entry = Entry {
        kind: "undelivered",
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (ticket.id, &actor), &entry, now).await?;
    if !matches!(state, "queued" | "resumed") && row.user_id.is_some() && row.user_id == ticket.submitter_id {
        ticket.attention_at = Some(now);
        save(desk, tx, &mut ticket, now).await?;
    }
    let event = if matches!(state, "queued" | "resumed") { Event::Late } else { Event::Returned };
    tell_staff(desk, tx, &Mishap { ticket: &ticket, row, event, text: &text }, now).await
}

/// Mails what happened to whoever wrote the mail, or must see to its ticket. A failed notice of this kind is told
/// to nobody.
pub async fn tell_staff(
    desk: &Desk,
    tx: &mut Tx,
    mishap: &Mishap<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Mishap { ticket, row, event, text } = *mishap;
    let name = Name::parse(&row.template);
    if name == Some(Name::DeliveryFailed) {
        return Ok(());
    }
    let to_staff = name.is_some_and(letter::is_for_staff);
    // Only the owner or a list was told alone: the other agents have had their own mails.
    let one_of_many = to_staff && row.user_id.is_some() && row.user_id != ticket.owner_id;
    let event = if one_of_many { Event::Late } else { event };
    let actor = Actor::desk();
    let occasion = Occasion { note: Some(text), returned: Some(row), ..Occasion::new(event, &actor) };
    notify::tell(desk, tx, ticket, &occasion, now).await
}

fn sentence(row: &Outgoing, state: &str, answer: &str) -> String {
    let to = &row.recipient;
    match state {
        "queued" => {
            format!("The mail to {to} is not delivered yet; it is tried again: {answer}")
        }
        "resumed" => format!("The mail to {to} is tried again after all: {answer}"),
        "held" => format!("The mail to {to} is not sent. It is {answer}"),
        "unknown" => format!("Nobody knows whether the mail to {to} arrived: {answer}"),
        _ => format!("The mail to {to} could not be delivered: {answer}"),
    }
}
