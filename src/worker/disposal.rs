//! What happens to the server's copy of a handled message: a retried intent, never needed for correctness.

use std::time::Duration;

use tracing::warn;

use crate::clock::Timestamp;
use crate::config::mailbox::After;
use crate::crash;
use crate::desk::app::App;
use crate::desk::ignore;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::mail::journal::Extent;
use crate::store;
use crate::store::inbox::Received;
use crate::store::mailboxes::Mailbox;
use crate::worker::intake::error::IntakeError;

/// Pause before a server that refused is asked again.
const REFUSED: i64 = 10 * Timestamp::MINUTE;
/// Pause after the session broke: long enough that a server which breaks at this does nothing else.
const BROKEN: i64 = 30 * Timestamp::SECOND;
/// What an ignore rule may ask for, whatever happens to other messages.
const DELETE: After = After::Delete { after: Duration::ZERO };

/// Carries out what is due on the server, and notes that it was.
pub(crate) async fn dispose(
    app: &App,
    session: &mut Session,
    mailbox: &Mailbox,
    after: &After,
) -> Result<(), IntakeError> {
    loop {
        let mut tx = app.db.read().await?;
        let now = app.now();
        let due = store::inbox::list_disposals(&mut tx, mailbox.id, now).await?;
        drop(tx);
        let Some(last) = due.last().map(|row| row.id) else { return Ok(()) };
        // The server's copy is perhaps the only one.
        app.db.require_in_place()?;
        // After a new count of UIDs the old ones name other messages, or none.
        let current =
            due.iter().filter(|row| row.uid_validity == mailbox.uid_validity && row.extent == Extent::Full);
        let (deleted, handled): (Vec<&Received>, Vec<&Received>) =
            current.partition(|row| row.reason.as_deref() == Some(ignore::DELETED));
        crash::point("disposal.before_server");
        let result = match carry_out(session, &DELETE, &uids(&deleted)).await {
            Ok(()) => carry_out(session, after, &uids(&handled)).await,
            Err(error) => Err(error),
        };
        crash::point("disposal.after_server");
        let survived = result.as_ref().err().is_none_or(ImapError::is_survivable);
        let later = Timestamp(app.now().0 + if survived { REFUSED } else { BROKEN });
        let mut tx = app.db.write().await?;
        match &result {
            Ok(()) => store::inbox::disposed(&mut tx, mailbox.id, now, last).await?,
            Err(_) => store::inbox::postpone_disposal(&mut tx, mailbox.id, (now, last), later).await?,
        }
        crash::point("disposal.before_commit");
        tx.commit().await?;
        crash::point("disposal.after_commit");
        match result {
            Ok(()) => {}
            Err(error) if error.is_survivable() => {
                warn!(mailbox.id = %mailbox.id, "handled messages of mailbox {} stay as they are for now: {error}", mailbox.id);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

fn uids(rows: &[&Received]) -> Vec<u32> {
    rows.iter().filter_map(|row| u32::try_from(row.uid?).ok()).collect()
}

async fn carry_out(session: &mut Session, after: &After, uids: &[u32]) -> Result<(), ImapError> {
    if uids.is_empty() {
        return Ok(());
    }
    match after {
        After::Leave => Ok(()),
        After::Seen => session.mark_seen(uids).await,
        After::Keyword(keyword) => session.add_keyword(uids, keyword).await,
        After::Move(folder) => session.move_to(uids, folder).await.map(drop),
        After::Delete { .. } => session.delete(uids).await.map(drop),
    }
}
