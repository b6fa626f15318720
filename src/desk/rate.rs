//! What a customer thinks of how his ticket went.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::DeskError;
use crate::desk::audit;
use crate::desk::load;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Keeps a rating from 1 to 5, in place of an earlier one by the same person. Nobody is mailed.
pub async fn rate(
    tx: &mut Tx,
    actor: &Actor,
    (id, user_id): (TicketId, UserId),
    value: i64,
    now: Timestamp,
) -> Result<(), DeskError> {
    if !(1..=5).contains(&value) {
        return Err(DeskError::Refused("a rating is a number from 1 to 5".to_owned()));
    }
    let ticket = load(tx, id).await?;
    let old = store::ratings::find(tx, ticket.id, user_id).await?;
    store::ratings::upsert(tx, ticket.id, user_id, value, now).await?;
    let change = ("rating", old.map(|old| old.to_string()), Some(value.to_string()));
    Ok(audit(tx, ticket.id, actor, change, now).await?)
}
