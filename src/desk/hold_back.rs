//! Mail that is written and not sent: its address is suppressed, or a cap is reached. Its row stays as a record.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::tripped;
use crate::desk::undelivered;
use crate::desk::undelivered::Fate;
use crate::desk::volume;
use crate::desk::volume::Cap;
use crate::mail::compose::Voice;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::suppressions::Suppression;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;

/// Why a mail is not sent.
#[derive(Clone, Debug)]
pub enum Held {
    Suppressed(Suppression),
    Capped(Cap),
}

/// A mail that is about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    pub ticket_id: Option<TicketId>,
    pub recipient_key: &'a str,
    pub voice: Voice,
    /// Caused by the clock, once for each due moment.
    pub by_schedule: bool,
}

/// Whether a mail must not be sent.
pub async fn held(tx: &mut Tx, planned: &Planned<'_>, now: Timestamp) -> Result<Option<Held>, sqlx::Error> {
    let volume = volume::until(tx, planned.recipient_key, planned.ticket_id, now).await?;
    if volume.suppressed > 0
        && let Some(suppression) = store::suppressions::find(tx, planned.recipient_key, now).await?
    {
        return Ok(Some(Held::Suppressed(suppression)));
    }
    // Somebody or the clock caused this: it is part of no loop.
    if planned.voice == Voice::Agent || planned.by_schedule {
        return Ok(None);
    }
    Ok(volume::reached(&volume).map(Held::Capped))
}

impl Held {
    /// What the record says.
    pub fn sentence(&self) -> String {
        match self {
            Self::Suppressed(suppression) if suppression.detail.is_empty() => {
                format!("held back: the address is suppressed ({})", suppression.reason)
            }
            Self::Suppressed(suppression) => {
                format!(
                    "held back: the address is suppressed ({}): {}",
                    suppression.reason, suppression.detail
                )
            }
            Self::Capped(cap) => format!("held back: {cap}"),
        }
    }
}

/// Tells whoever must know of a mail that was held back: an agent whose words did not leave, or the operators.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    (id, held, planned): (OutboxId, &Held, &Planned<'_>),
    now: Timestamp,
) -> Result<(), DeskError> {
    match held {
        Held::Suppressed(suppression) if planned.voice == Voice::Agent => {
            let Some(row) = find(tx, id).await? else { return Ok(()) };
            // Its own mails are written by `letter`, which is where we come from.
            Box::pin(undelivered::tell(desk, tx, &row, Fate::Suppressed(suppression), now)).await
        }
        Held::Suppressed(_) => Ok(()),
        Held::Capped(cap) => {
            let what = (*cap, planned.ticket_id, planned.recipient_key);
            tripped::too_much(desk, tx, what, now).await
        }
    }
}

async fn find(tx: &mut Tx, id: OutboxId) -> Result<Option<Outgoing>, sqlx::Error> {
    store::outbox::find(tx, id).await
}
