//! The correction of a private note: a new entry that names the old one, which stays as it was.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::prepared::Prepared;
use crate::sharing::policy::Mark;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;

/// Says what a note should have said, to whom the note was said. What customers read cannot be unsaid.
pub async fn correct(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    note: FollowupId,
    text: &str,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    let found = store::followups::find(tx, note).await?;
    let is_note = |kind| matches!(kind, EntryKind::Comment | EntryKind::PartnerNote);
    let found = found.filter(|entry| {
        entry.ticket_id == action.ticket.id && entry.visibility == Visibility::Private && is_note(entry.kind)
    });
    let Some(found) = found else {
        return Err(DeskError::Refused(format!("entry {note} is no private note of this ticket")));
    };
    let mark = if found.kind == EntryKind::PartnerNote { Mark::ToPartner } else { Mark::None };
    let words = Prepared::plain(format!("Correction of entry {note}:\n\n{text}")).marked(mark);
    comment::comment(desk, tx, action, Said::of(Visibility::Private, Arc::new(words)), now).await
}
