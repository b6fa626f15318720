//! The log of what happened to tickets and was changed of people.
//!
//! Writes it; who is told of what is decided in `notify`.

use crate::clock::Timestamp;
use crate::desk::actor::Actor;
use crate::store;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::ticket::event::Event;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

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
    store::events::insert(tx, &row(actor, &Place { ticket_id, seq, user_id: None }, event, now)).await
}

/// Notes what was changed of a person.
pub(super) async fn note_person(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    event: &Event,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let place = Place { ticket_id: TicketId(0), seq: None, user_id: Some(id) };
    store::events::insert(tx, &row(actor, &place, event, now)).await
}

/// Of which ticket or person an event is.
struct Place {
    ticket_id: TicketId,
    seq: Option<i64>,
    user_id: Option<UserId>,
}

fn row(actor: &Actor, place: &Place, event: &Event, now: Timestamp) -> Logged {
    Logged {
        ticket_id: place.ticket_id,
        seq: place.seq,
        kind: event.kind,
        entry_id: event.entry_id,
        actor_id: actor.id(),
        token_id: actor.door().token(),
        door: actor.door().as_str().to_owned(),
        field: event.field.to_owned(),
        old: event.old.clone(),
        new: event.new.clone(),
        at: now,
        user_id: place.user_id,
    }
}
