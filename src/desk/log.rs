//! The log of what happened to tickets.
//!
//! Writes it; who is told of what is decided in `notify`.

use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::store;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::ticket::event::Event;
use crate::ticket::id::TicketId;

/// Notes on a ticket what changes nothing of it and concerns nobody.
pub async fn note(
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    event: &Event,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let seq = store::tickets::count_event(tx, id).await?;
    write(tx, actor, (id, seq), event, now).await
}

/// Writes an event with its number.
pub(super) async fn write(
    tx: &mut Tx,
    actor: &Actor,
    (ticket_id, seq): (TicketId, Option<i64>),
    event: &Event,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let row = Logged {
        ticket_id,
        seq,
        kind: event.kind,
        entry_id: event.entry_id,
        actor_id: actor.id(),
        token_id: actor.door().token(),
        door: actor.door().as_str().to_owned(),
        field: event.field.to_owned(),
        old: event.old.clone(),
        new: event.new.clone(),
        at: now,
    };
    store::events::insert(tx, &row).await
}
