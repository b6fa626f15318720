//! What a customer thinks of how his ticket went.

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::authority::Act;
use crate::desk::part;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::UserId;

/// Keeps a rating from 1 to 5, in place of an earlier one by the same person. Nobody is mailed.
pub async fn rate(
    tx: &mut Tx,
    action: &mut Action,
    user_id: UserId,
    value: i64,
    now: Timestamp,
) -> Result<(), DeskError> {
    part::may_on(tx, &action.actor, Act::Rate, &action.ticket).await?;
    if !(1..=5).contains(&value) {
        return Err(DeskError::Refused("a rating is a number from 1 to 5".to_owned()));
    }
    let id = action.ticket.id;
    let old = store::ratings::find(tx, id, user_id).await?;
    store::ratings::upsert(tx, id, user_id, value, now).await?;
    let old = old.map(|old| old.to_string());
    action.add(Event::new(Kind::Rated, "rating", old, Some(value.to_string())));
    Ok(())
}
