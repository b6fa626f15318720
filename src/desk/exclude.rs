//! Days on which nothing escalates and that do not count: adding them, taking them away.
//!
//! The times of escalation that change by it are counted anew by whoever runs the schedule; here it is only
//! noted that they must be.

use jiff::civil::Date;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;

/// What the note of a queue begins with whose tickets must be counted anew.
pub(crate) const STALE: &str = "days changed ";

/// Excludes a day, for one queue or for all; says whether that is new.
pub async fn add(
    desk: &Desk,
    tx: &mut Tx,
    (date, queue): (Date, Option<&Queue>),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let added = store::exclusions::insert(tx, &date.to_string(), queue.map(|queue| queue.id), now).await?;
    if added {
        count_anew(desk, tx, queue).await?;
    }
    Ok(added)
}

/// Makes an excluded day count again; says whether it was excluded in the same way, for one queue or for all.
pub async fn remove(
    desk: &Desk,
    tx: &mut Tx,
    (date, queue): (Date, Option<&Queue>),
) -> Result<bool, sqlx::Error> {
    let removed = store::exclusions::delete(tx, &date.to_string(), queue.map(|queue| queue.id)).await?;
    if removed {
        count_anew(desk, tx, queue).await?;
    }
    Ok(removed)
}

async fn count_anew(desk: &Desk, tx: &mut Tx, queue: Option<&Queue>) -> Result<(), sqlx::Error> {
    let all = desk.directory.queues().iter().map(|queue| queue.id);
    let affected: Vec<_> = queue.map_or_else(|| all.collect(), |queue| vec![queue.id]);
    // Another text each time, so that a count that goes on meanwhile is seen to be of the days before.
    let mark = format!("{STALE}{}", desk.ids.word());
    for id in affected {
        store::queues::set_escalation(tx, id, &mark).await?;
    }
    Ok(())
}
