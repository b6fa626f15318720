//! A ticket is raised, and nobody of the desk hears of it: then its customer is not written to either, as if somebody
//! were at it.
//!
//! Who would hear of it is found in `list`.

use tracing::warn;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::directory::Queue;
use crate::desk::hold_back;
use crate::desk::notify::announcement::Recipient;
use crate::desk::warning;
use crate::store::db::Tx;
use crate::ticket::life::Ticket;

const WHY: &str = "no agent and no list could be told of it";

/// Keeps the mails from those who would get them, and tells whoever looks after the desk.
pub(super) async fn hold(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    queue: &Queue,
    recipients: &[Recipient],
    now: Timestamp,
) -> Result<(), DeskError> {
    if recipients.is_empty() {
        hold_back::note_unheard(tx, ticket.id, WHY.to_owned(), now).await?;
    }
    for recipient in recipients {
        let told = format!("{}: held back: {WHY}", recipient.address);
        hold_back::note_unheard(tx, ticket.id, told, now).await?;
    }
    let slug = &queue.config.slug;
    warn!(
        ticket.id = %ticket.id,
        queue.slug = slug,
        "ticket {} of queue {slug} was raised, and there is no agent and no list to tell",
        ticket.id
    );
    warning::unheard(desk, tx, ticket.id, slug, now).await
}
