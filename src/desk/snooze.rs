//! A hold that ends by itself: until when, and what happens then.
//!
//! A customer's word does not end it, as with any hold of ours. When this runs is decided by the schedule.

use crate::calendar::working_time::Calendar;
use crate::calendar::working_time::WorkingHours;
use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::assign;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::calendars;
use crate::desk::event;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::holder::Hold;
use crate::ticket::holder::Holder;
use crate::ticket::life::Ticket;
use crate::ticket::until::Until;
use crate::ticket::until::UntilError;

/// Why a ticket cannot wait until then.
#[derive(Debug, thiserror::Error)]
pub enum SnoozeError {
    #[error(transparent)]
    Until(#[from] UntilError),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<sqlx::Error> for SnoozeError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}

/// Puts a ticket on hold until a moment, as its queue has the days; one that is held already, until then. Gives the
/// moment back.
pub async fn hold(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    until: Until,
    now: Timestamp,
) -> Result<Timestamp, SnoozeError> {
    authority::may(&action.actor, Act::Hold).map_err(DeskError::from)?;
    let calendar = calendar(desk, tx, &action.ticket, now).await?;
    let at = until.moment(&calendar, now)?;
    let change = action.ticket.hold(Hold { by: Holder::Us, until: Some(at) }, now);
    if action.moved(change) {
        let text = format!("Ticket put on hold until {}", shown(&calendar, at));
        assign::noted(desk, tx, action, &text, now).await?;
    }
    Ok(at)
}

/// Ends up to `limit` holds whose time has come; says how many there were.
///
/// The owner is told; where there is none, the queue's lists are; where there are none, all of its agents.
pub async fn wake(desk: &Desk, tx: &mut Tx, limit: i64, now: Timestamp) -> Result<usize, DeskError> {
    let actor = Actor::desk();
    authority::may(&actor, Act::Wake)?;
    let tickets = store::tickets::claim_waking(tx, now, limit).await?;
    let count = tickets.len();
    for ticket in tickets {
        let mut action = Action::on(&actor, ticket);
        let change = action.ticket.wake(now);
        if action.moved(change) {
            assign::noted(desk, tx, &action, "Ticket taken off hold, as its time has come", now).await?;
            action.tell(News::new(table::Event::Woken));
        }
        event::record(desk, tx, action, now).await?;
    }
    Ok(count)
}

/// When the ticket's queue works; one that has gone without another works always, in the desk's zone.
async fn calendar(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Calendar, sqlx::Error> {
    match desk.directory.queue(ticket.queue_id) {
        Some(queue) => calendars::of_queue(tx, queue, now).await,
        None => Ok(Calendar::new(WorkingHours::default(), desk.config.desk.timezone.clone(), [])),
    }
}

/// As the clock on the queue's wall shows it.
fn shown(calendar: &Calendar, at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    moment.to_zoned(calendar.zone().clone()).strftime("%Y-%m-%d %H:%M").to_string()
}
