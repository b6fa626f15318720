//! When each queue works: its hours in its zone, less the days that are excluded for it.
//!
//! Read anew for each use: days are added and taken away while several processes run.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::calendar::working_time::Calendar;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::escalation::Exclusion;
use crate::ticket::escalation::Scope;
use crate::ticket::escalation::dates_for;
use crate::ticket::id::QueueId;

/// The calendars of all queues; those that are gone have that of the queue that serves their tickets.
#[derive(Debug)]
pub struct Calendars(HashMap<QueueId, Calendar>);

impl Calendars {
    pub async fn load(desk: &Desk, tx: &mut Tx) -> Result<Self, sqlx::Error> {
        let rows = store::exclusions::list(tx, "").await?;
        let excluded = rows.into_iter().filter_map(|row| {
            let queues = row.queue_id.map_or(Scope::All, |id| Scope::Some(vec![id]));
            Some(Exclusion { date: row.date.parse().ok()?, queues })
        });
        let excluded: Vec<Exclusion> = excluded.collect();
        let queues = desk.directory.queues().iter().map(|queue| (queue.id, queue));
        let gone = desk.directory.gone().iter().map(|gone| (gone.id, &gone.served_by));
        let of = |queue: &Queue| calendar(queue, dates_for(&excluded, queue.id));
        Ok(Self(queues.chain(gone).map(|(id, queue)| (id, of(queue))).collect()))
    }

    pub fn of(&self, queue_id: QueueId) -> Option<&Calendar> {
        self.0.get(&queue_id)
    }
}

/// The calendar of one queue, with its excluded days from `since` on.
pub(crate) async fn of_queue(tx: &mut Tx, queue: &Queue, since: Timestamp) -> Result<Calendar, sqlx::Error> {
    // No zone is further from UTC than a day.
    let since = Timestamp(since.0.saturating_sub(Timestamp::DAY));
    let since = jiff::Timestamp::from_microsecond(since.0).unwrap_or(jiff::Timestamp::MIN);
    let since = since.to_zoned(queue.zone.clone()).date().to_string();
    let days = store::exclusions::list_of_queue(tx, queue.id, &since).await?;
    Ok(calendar(queue, days.iter().filter_map(|day| day.parse().ok())))
}

fn calendar(queue: &Queue, excluded: impl IntoIterator<Item = Date>) -> Calendar {
    Calendar::new(queue.config.working_hours.clone(), queue.zone.clone(), excluded)
}
