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
use crate::desk::locale;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::save;
use crate::desk::suppress;
use crate::desk::table::Event;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::suppressions::Suppression;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::Ticket;

/// What became of a mail that does not arrive.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It is late, lost or of unknown fate, as its state in the outbox says, with what the server said.
    Answered { state: &'a str, answer: &'a str },
    /// Its address is not written to.
    Suppressed(&'a Suppression),
    /// It was given up, and is not lost after all: the server refused everybody alike.
    Resumed,
}

/// A mail of a ticket that did not arrive.
#[derive(Clone, Copy, Debug)]
pub struct Mishap<'a> {
    pub ticket: &'a Ticket,
    pub row: &'a Outgoing,
    /// `Returned` or `Late`.
    pub event: Event,
    pub sentence: &'a Sentence,
}

/// Notes on its ticket what became of a mail, and mails those whom that concerns.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    fate: Fate<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(ticket_id) = row.ticket_id else { return Ok(()) };
    let mut ticket = match load(tx, ticket_id).await {
        Ok(ticket) => ticket,
        Err(DeskError::Ticket(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let actor = Actor::desk();
    let sentence = sentence(row, fate);
    let locale = locale::of_agents(desk, ticket.queue_id);
    let words = Words::plain(desk.templates.sentence(&locale, &sentence));
    let entry = Entry {
        kind: "undelivered",
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (ticket.id, &actor), &entry, now).await?;
    let passes = matches!(fate, Fate::Answered { state: "queued", .. } | Fate::Resumed);
    if !passes && row.user_id.is_some() && row.user_id == ticket.submitter_id {
        ticket.attention_at = Some(now);
        save(desk, tx, &mut ticket, now).await?;
    }
    let event = if passes { Event::Late } else { Event::Returned };
    tell_staff(desk, tx, &Mishap { ticket: &ticket, row, event, sentence: &sentence }, now).await
}

/// Mails what happened to whoever wrote the mail, or must see to its ticket. A failed notice of this kind is told
/// to nobody.
pub async fn tell_staff(
    desk: &Desk,
    tx: &mut Tx,
    mishap: &Mishap<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Mishap { ticket, row, event, sentence } = *mishap;
    let name = Name::parse(&row.template);
    if name == Some(Name::DeliveryFailed) {
        return Ok(());
    }
    let to_staff = name.is_some_and(letter::is_for_staff);
    // Only the owner or a list was told alone: the other agents have had their own mails.
    let one_of_many = to_staff && row.user_id.is_some() && row.user_id != ticket.owner_id;
    let event = if one_of_many { Event::Late } else { event };
    let actor = Actor::desk();
    let occasion = Occasion { note: Some(sentence), returned: Some(row), ..Occasion::new(event, &actor) };
    notify::tell(desk, tx, ticket, &occasion, now).await
}

fn sentence(row: &Outgoing, fate: Fate<'_>) -> Sentence {
    let (state, answer) = match fate {
        Fate::Answered { state, answer } => (state, answer),
        Fate::Suppressed(suppression) => {
            let held = Sentence::new("note.mail_held").with("to", &row.recipient);
            return suppress::told(held, "reason", &suppression.reason).with("detail", &suppression.detail);
        }
        Fate::Resumed => return Sentence::new("note.mail_resumed").with("to", &row.recipient),
    };
    let sentence = match state {
        "queued" => Sentence::new("note.mail_queued"),
        "unknown" => Sentence::new("note.mail_unknown"),
        _ => Sentence::new("note.mail_rejected"),
    };
    sentence.with("to", &row.recipient).with("answer", answer)
}
