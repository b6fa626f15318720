//! Mail that is written and not sent: its address is suppressed, or a cap is reached. Its row stays as a record.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::volume;
use crate::desk::volume::Cap;
use crate::desk::warning;
use crate::mail::compose::Voice;
use crate::store;
use crate::store::db::Tx;
use crate::store::suppressions::Suppression;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;

/// Why a mail is not sent.
#[derive(Clone, Debug)]
pub enum Held {
    Suppressed(Suppression),
    Capped(Cap),
}

/// An agent's words that do not leave, because their mail is not sent.
#[derive(Clone, Debug)]
pub struct Unsaid {
    pub mail: OutboxId,
    pub suppression: Suppression,
}

/// A mail that is about to be written.
#[derive(Clone, Copy, Debug)]
pub struct Planned<'a> {
    pub ticket_id: Option<TicketId>,
    pub recipient_key: &'a str,
    pub voice: Voice,
    /// Caused by the clock, once for each due moment.
    pub(crate) by_schedule: bool,
}

/// Whether a mail must not be sent.
pub async fn held(tx: &mut Tx, planned: &Planned<'_>, now: Timestamp) -> Result<Option<Held>, sqlx::Error> {
    let volume = volume::until(tx, planned.recipient_key, planned.ticket_id, now).await?;
    if volume.suppressed
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

/// Tells the operators of a cap that was reached. An agent's words that did not leave are given back, for whoever
/// must know of them.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    (mail, held, planned): (OutboxId, Held, &Planned<'_>),
    now: Timestamp,
) -> Result<Option<Unsaid>, DeskError> {
    match held {
        Held::Suppressed(suppression) => {
            Ok((planned.voice == Voice::Agent).then_some(Unsaid { mail, suppression }))
        }
        Held::Capped(cap) => {
            let what = (cap, planned.ticket_id, planned.recipient_key);
            warning::too_much(desk, tx, what, now).await?;
            Ok(None)
        }
    }
}
