//! Words that are written for a ticket and not said yet: kept, said once, or thrown away.
//!
//! Whatever becomes of a draft is logged with its ticket, so that `verify` can tell a draft that is lost from one that
//! was said.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::entry::Origin;
use crate::desk::log;
use crate::desk::message::Message;
use crate::desk::prepared::Prepared;
use crate::store;
use crate::store::db::Tx;
use crate::store::drafts::Draft;
use crate::store::drafts::NewDraft;
use crate::ticket::draft::DraftKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::DraftId;
use crate::ticket::status::Status;

/// What drafts are called in the log.
const FIELD: &str = "draft";

/// Keeps words that are not said yet.
pub(crate) async fn keep(
    tx: &mut Tx,
    action: &mut Action,
    new: &NewDraft<'_>,
    now: Timestamp,
) -> Result<DraftId, DeskError> {
    let id = store::drafts::insert(tx, new, now).await?;
    let kept = Event::added(Kind::EntryPrivate, FIELD, id.to_string());
    action.add(match new.entry_id {
        Some(entry) => kept.by_entry(entry),
        None => kept,
    });
    Ok(id)
}

/// How a draft is said.
#[derive(Clone, Debug, Default)]
pub struct Sending {
    /// In place of what the draft makes of the ticket.
    pub status: Option<Status>,
    /// The mail that asked for it.
    pub origin: Option<Arc<Origin>>,
}

/// Says a draft, as its owner who is the actor. Whoever comes second finds it gone.
pub async fn send(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    draft: Draft,
    sending: Sending,
    now: Timestamp,
) -> Result<(), DeskError> {
    take(tx, &draft).await?;
    action.add(gone(&draft));
    let Sending { status, origin } = sending;
    let is_empty = draft.body.trim().is_empty() && !has_files(tx, &draft).await?;
    let words = Message { files_of: draft.entry_id, ..Message::plain(draft.body) };
    let html = match draft.entry_id {
        Some(entry) => store::followups::find(tx, entry).await?.and_then(|entry| entry.html),
        None => None,
    };
    let words = Arc::new(Prepared::new_part(words, html.as_deref()));
    if draft.kind == DraftKind::Note {
        let said = Said { origin, ..Said::of(Visibility::Private, words) };
        return comment::comment(desk, tx, action, said, now).await.map(drop);
    }
    match status.or(draft.status) {
        Some(status) => {
            close::enter(desk, tx, action, status, LastWords { words, origin }, now).await?;
        }
        None if is_empty => {}
        None => {
            let said = Said { origin, ..Said::of(Visibility::Public, words) };
            comment::comment(desk, tx, action, said, now).await?;
        }
    }
    Ok(())
}

/// Throws a draft away. The note that kept it stays.
pub async fn discard(tx: &mut Tx, actor: &Actor, draft: &Draft, now: Timestamp) -> Result<(), DeskError> {
    take(tx, draft).await?;
    log::note(tx, actor, draft.ticket_id, &gone(draft), now).await?;
    Ok(())
}

async fn take(tx: &mut Tx, draft: &Draft) -> Result<(), DeskError> {
    if store::drafts::delete(tx, draft.id).await? {
        return Ok(());
    }
    Err(DeskError::Refused(format!("draft {} is not there any more: it was sent or discarded", draft.id)))
}

fn gone(draft: &Draft) -> Event {
    Event::removed(Kind::EntryPrivate, FIELD, draft.id.to_string())
}

async fn has_files(tx: &mut Tx, draft: &Draft) -> Result<bool, sqlx::Error> {
    match draft.entry_id {
        Some(entry) => Ok(!store::attachments::list_of_followup(tx, entry).await?.is_empty()),
        None => Ok(false),
    }
}
