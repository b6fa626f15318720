//! What the steps of an erasure have in common: whom it is about, and what is theirs.

use serde::Deserialize;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::desk::person::erase::words::Sought;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::outbox::Outgoing;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// What no address is found again as: they are trimmed.
const NO_ADDRESS: &str = " ";
/// Tickets that are looked for at a time.
const TICKETS: i64 = 1000;

/// What is remembered of somebody from step to step.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Remembered {
    pub(super) addresses: Vec<String>,
    pub(super) names: Vec<String>,
    pub(super) username: Option<String>,
    /// Tickets that are next.
    pub(super) tickets: Vec<i64>,
}

/// An erasure at work.
pub(super) struct Case<'a> {
    pub(super) actor: &'a Actor,
    pub(super) id: UserId,
    pub(super) sought: Sought,
    pub(super) now: Timestamp,
}

/// Where a stage goes on.
pub(super) enum Next {
    Behind(i64),
    Over,
    Waiting(OutboxId),
}

/// Whether somebody wrote an entry, or it came in their name.
pub(in crate::desk::person) fn is_by(entry: &Followup, id: UserId, keys: &[String]) -> bool {
    let writer = entry.writer_address.as_deref().map(Email::key_of);
    entry.author_id == Some(id) || writer.is_some_and(|writer| keys.contains(&writer))
}

/// Whether a mail was to them.
pub(in crate::desk::person) fn is_to(mail: &Outgoing, id: UserId, keys: &[String]) -> bool {
    mail.user_id == Some(id) || keys.contains(&Email::key_of(&mail.recipient))
}

/// The next tickets in which somebody took part under any of their addresses.
pub(in crate::desk::person) async fn tickets_of(
    tx: &mut Tx,
    id: UserId,
    keys: &[String],
    after: TicketId,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let mut all = store::erasures::list_tickets(tx, (id, NO_ADDRESS), after, TICKETS).await?;
    for key in keys {
        all.extend(store::erasures::list_tickets(tx, (id, key), after, TICKETS).await?);
    }
    all.sort();
    all.dedup();
    all.truncate(usize::try_from(TICKETS).unwrap_or(usize::MAX));
    Ok(all)
}
