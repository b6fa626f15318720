//! Tickets whose due date is over: marked once, and their owner told once.
//!
//! Being overdue changes nothing else of a ticket; what is urgent is said by its priority.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::calendars::Calendars;
use crate::desk::event;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::QueueId;

/// The queues with overdue tickets whose owners are to be told now: not on a day that is excluded for them.
pub(crate) async fn to_remind(desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Vec<QueueId>, sqlx::Error> {
    let mut queues = store::tickets::overdue::list_unreminded_queues(tx).await?;
    if !queues.is_empty() {
        let calendars = Calendars::load(desk, tx).await?;
        queues.retain(|id| calendars.of(*id).is_some_and(|calendar| !calendar.excludes(now)));
    }
    Ok(queues)
}

/// Tells of up to `limit` overdue tickets of a queue; says how many there were.
///
/// The owner is told; where there is none, the queue's lists are; where there are none, all of its agents.
pub async fn remind(
    desk: &Desk,
    tx: &mut Tx,
    queue_id: QueueId,
    limit: i64,
    now: Timestamp,
) -> Result<usize, DeskError> {
    let actor = Actor::desk();
    authority::may(&actor, Act::Remind)?;
    let tickets = store::tickets::overdue::claim_unreminded(tx, queue_id, now, limit).await?;
    let count = tickets.len();
    for ticket in tickets {
        let mut action = Action::on(&actor, ticket);
        action.tell(News::new(table::Event::Overdue));
        event::record(desk, tx, action, now).await?;
    }
    Ok(count)
}
