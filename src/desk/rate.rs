//! What a customer thinks of how his ticket went.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::authority::Act;
use crate::desk::part;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::FollowupId;
use crate::ticket::id::QueueId;
use crate::ticket::id::UserId;

/// A rating, and who gave it.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub user_id: UserId,
    pub value: i64,
    /// With what they wrote.
    pub entry_id: Option<FollowupId>,
}

/// Whether the mail that tells a customer of the end of their ticket asks how it went.
pub(crate) fn is_asked_for(desk: &Desk, queue_id: QueueId) -> bool {
    let ratings = &desk.config.ratings;
    let Some(queue) = desk.directory.queue(queue_id).filter(|_| ratings.ask) else { return false };
    ratings.queues.is_empty() || ratings.queues.contains(&queue.config.slug)
}

/// Keeps a rating from 1 to 5, in place of an earlier one by the same person. Nobody is mailed.
pub async fn rate(tx: &mut Tx, action: &mut Action, given: Given, now: Timestamp) -> Result<(), DeskError> {
    let Given { user_id, value, entry_id } = given;
    part::may_on(tx, &action.actor, Act::Rate, &action.ticket).await?;
    if !(1..=5).contains(&value) {
        return Err(DeskError::Refused("a rating is a number from 1 to 5".to_owned()));
    }
    let id = action.ticket.id;
    let old = store::ratings::find(tx, id, user_id).await?;
    store::ratings::upsert(tx, (id, user_id), value, entry_id, now).await?;
    let old = old.map(|old| old.to_string());
    let event = Event::new(Kind::Rated, "rating", old, Some(value.to_string()));
    action.add(Event { entry_id, ..event });
    Ok(())
}
