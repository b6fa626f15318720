//! What people here must know of a partner: a note on the ticket, and word to its owner.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::locale;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::table::Event;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::Ticket;

/// The kind of entries that tell of partners. They never go to one.
const KIND: &str = "sharing";

/// Leaves a private line on a ticket without telling anybody.
pub async fn line(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let words = Words::plain(text);
    write(desk, tx, (ticket, actor), &words, now).await?;
    Ok(())
}

/// The same in the language of the queue's people, and tells them and the owner.
pub async fn staff(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    sentence: &Sentence,
    now: Timestamp,
) -> Result<(), DeskError> {
    let locale = locale::of_agents(desk, ticket.queue_id);
    let words = Words::plain(desk.templates.sentence(&locale, sentence));
    let written = write(desk, tx, (ticket, actor), &words, now).await?;
    let occasion =
        Occasion { words: Some(&words), written: Some(&written), ..Occasion::new(Event::Noted, actor) };
    notify::tell(desk, tx, ticket, &occasion, now).await
}

async fn write(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, actor): (&Ticket, &Actor),
    words: &Words,
    now: Timestamp,
) -> Result<entry::Written, sqlx::Error> {
    let entry = Entry { kind: KIND, visibility: Visibility::Private, words, new_status: None, origin: None };
    entry::write(desk, tx, (ticket.id, actor), &entry, now).await
}
