//! Mail that is written and not sent: its address is suppressed, or a cap is reached. Its row stays as a record, and
//! the log of its ticket says so.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::budget::Cause;
use crate::desk::log;
use crate::desk::volume;
use crate::desk::volume::Cap;
use crate::desk::warning;
use crate::mail::compose::Voice;
use crate::store;
use crate::store::db::Tx;
use crate::store::digest_lines::Line;
use crate::store::outbox::traffic::Counted;
use crate::store::suppressions::Suppression;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;

/// Why a mail is not sent.
#[derive(Clone, Debug)]
pub enum Held {
    Suppressed(Suppression),
    Capped(Cap),
    /// One of our own people hears of it with the next digest.
    Gathered(Cap),
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
    /// All addresses of the recipient, where they have several: what went to any of them counts.
    pub further: &'a [String],
    pub voice: Voice,
    pub reader: Reader,
    pub cause: &'a Cause,
    /// Caused by the clock, once for each due moment.
    pub(crate) by_schedule: bool,
}

/// Whom a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    Staff,
    Outsider,
}

/// Whether a mail must not be sent.
pub async fn held(
    desk: &Desk,
    tx: &mut Tx,
    planned: &Planned<'_>,
    now: Timestamp,
) -> Result<Option<Held>, sqlx::Error> {
    // Somebody or the clock causes this: it is part of no loop, and need not be counted.
    if planned.voice == Voice::Agent || planned.by_schedule {
        let found = store::suppressions::find(tx, planned.recipient_key, now).await?;
        return Ok(found.map(Held::Suppressed));
    }
    let (caps, cause) = (&desk.config.caps, planned.cause);
    let counted = Counted {
        recipient_key: planned.recipient_key,
        ticket_id: planned.ticket_id,
        budget: if planned.reader == Reader::Staff { cause.budget.as_str() } else { "" },
        cause: &cause.domain,
        most: caps.most_looked_at(),
    };
    let mut volume = volume::until(tx, &counted, now).await?;
    for other in planned.further.iter().filter(|other| *other != planned.recipient_key) {
        volume.add(&volume::until(tx, &Counted { recipient_key: other, ..counted }, now).await?);
    }
    if volume.suppressed
        && let Some(suppression) = store::suppressions::find(tx, planned.recipient_key, now).await?
    {
        return Ok(Some(Held::Suppressed(suppression)));
    }
    Ok(match planned.reader {
        Reader::Outsider => volume::reached(caps, &volume).map(Held::Capped),
        Reader::Staff => volume::reached_by_notice(caps, &volume, cause).map(Held::Gathered),
    })
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
            Self::Gathered(cap) => format!("told in a digest: {cap}"),
        }
    }
}

/// Notes at its ticket that a mail is held back, has it told with the next digest, or tells the operators of the cap.
/// An agent's words that did not leave are given back, for whoever must know of them.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    held: Held,
    line: &Line,
    planned: &Planned<'_>,
    now: Timestamp,
) -> Result<Option<Unsaid>, DeskError> {
    match held {
        Held::Suppressed(suppression) => {
            let unsaid = Unsaid { mail: line.outbox_id, suppression };
            return Ok((planned.voice == Voice::Agent).then_some(unsaid));
        }
        Held::Capped(cap) => {
            note(tx, line.ticket_id, &line.recipient, &held.sentence(), now).await?;
            warning::too_much(desk, tx, (cap, planned.ticket_id, planned.recipient_key), now).await?;
        }
        Held::Gathered(_) => {
            note(tx, line.ticket_id, &line.recipient, &held.sentence(), now).await?;
            store::digest_lines::insert(tx, line).await?;
        }
    }
    Ok(None)
}

/// What the log of a ticket calls a mail that did not leave for a cap, and what nobody of the desk heard of.
pub const CAPPED: &str = "held";
pub const UNHEARD: &str = "unheard";

/// Notes in a ticket's log what nobody of the desk heard of.
pub(crate) async fn note_unheard(
    tx: &mut Tx,
    ticket_id: TicketId,
    what: String,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    log::note(tx, &Actor::desk(), ticket_id, &Event::added(Kind::DeliveryHeld, UNHEARD, what), now).await
}

/// Notes in a ticket's log that a mail was not sent for a cap.
pub(crate) async fn note(
    tx: &mut Tx,
    ticket_id: TicketId,
    recipient: &str,
    why: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let event = Event::added(Kind::DeliveryHeld, CAPPED, format!("{recipient}: {why}"));
    log::note(tx, &Actor::desk(), ticket_id, &event, now).await
}
