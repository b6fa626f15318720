//! What people here must know of a partner: a note on the ticket, and word to its owner.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::store::db::Tx;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;

/// Leaves a private line on a ticket without telling anybody.
pub async fn line(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    write(desk, tx, action, &Prepared::plain(text), now).await?;
    Ok(())
}

/// The same in the language of the queue's people, and tells them and the owner.
pub async fn staff(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    sentence: &Sentence,
    now: Timestamp,
) -> Result<(), DeskError> {
    let locale = locale::of_agents(desk, action.ticket.queue_id);
    let words = Prepared::plain(desk.templates.sentence(&locale, sentence));
    let written = write(desk, tx, action, &words, now).await?;
    action.tell(News {
        words: Some(Arc::new(words)),
        written: Some(written),
        ..News::new(table::Event::Noted)
    });
    Ok(())
}

async fn write(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    words: &Prepared,
    now: Timestamp,
) -> Result<entry::Written, sqlx::Error> {
    let entry = Entry {
        kind: EntryKind::Sharing,
        visibility: Visibility::Private,
        words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await
}
