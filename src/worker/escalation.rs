//! Runs of escalation, and of waking what was on hold until now: whatever is due, a few tickets a transaction, by any number of processes at once.
//!
//! What happens to one ticket is decided in `desk::escalate`; when a run begins, by the schedule or an operator.

use tracing::error;
use tracing::info;

use crate::calendar::limit::Limit;
use crate::clock::Timestamp;
use crate::crash;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::calendars::Calendars;
use crate::desk::due;
use crate::desk::escalate;
use crate::desk::escalate::Escalated;
use crate::desk::snooze;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::escalation;
use crate::ticket::escalation::Standing;
use crate::ticket::escalation::Verdict;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::priority::Priority;

/// Tickets that share a transaction: so many that commits do not cost the most, so few that others can write.
const BATCH: i64 = 32;
/// Tickets read at once while all open ones are looked at.
const PAGE: i64 = 1000;
/// After this a ticket is tried again that could not be raised.
const POSTPONED: i64 = 10 * Timestamp::MINUTE;

/// What the rule says of one open ticket, and from what.
#[derive(Clone, Debug)]
pub struct Judged {
    pub ticket_id: TicketId,
    pub queue_id: QueueId,
    pub priority: Priority,
    /// From when the limit counts.
    pub since: Timestamp,
    pub limit: Option<Limit>,
    pub verdict: Verdict,
}

/// Raises every ticket that is due, in one queue or in all. One that cannot be raised is tried again later, and
/// stops no other.
pub async fn run(app: &App, queue: Option<QueueId>) -> Result<Vec<Escalated>, DeskError> {
    let mut tx = app.db.read().await?;
    let next = store::tickets::next_escalation(&mut tx).await?;
    drop(tx);
    let mut done = Vec::new();
    if next.is_none_or(|next| next > app.now()) {
        return Ok(done);
    }
    let mut alone: usize = 0;
    while !app.tasks.is_draining() {
        let limit = if alone > 0 { 1 } else { BATCH };
        alone = alone.saturating_sub(1);
        let mut claimed = Vec::new();
        match batch(app, queue, limit, &mut claimed).await {
            Ok(_) if claimed.is_empty() => break,
            Ok(escalated) => done.extend(escalated),
            Err(error) => match claimed.as_slice() {
                [] => return Err(error),
                [ticket] => postpone(app, *ticket, &error).await?,
                several => alone = several.len(),
            },
        }
    }
    if !done.is_empty() {
        info!(tickets = done.len(), "escalated {} tickets", done.len());
    }
    Ok(done)
}

/// Mails of every ticket that is due, and changes nothing else.
pub async fn notify_only(app: &App, queue: Option<QueueId>) -> Result<Vec<Escalated>, DeskError> {
    let desk = app.desk();
    let judged = judge(app, queue).await?;
    let due = judged.iter().filter(|judged| matches!(judged.verdict, Verdict::Due(_)));
    let due: Vec<TicketId> = due.map(|judged| judged.ticket_id).collect();
    let mut done = Vec::new();
    for ids in due.chunks(usize::try_from(BATCH).unwrap_or(1)) {
        let now = app.now();
        let mut tx = app.db.write().await?;
        let calendars = Calendars::load(&desk, &mut tx).await?;
        for &id in ids {
            done.extend(escalate::tell_only(&desk, &mut tx, &calendars, id, now).await?);
        }
        tx.commit().await?;
        app.wake.delivery();
    }
    Ok(done)
}

/// What the rule says of every open ticket, in one queue or in all.
pub async fn judge(app: &App, queue: Option<QueueId>) -> Result<Vec<Judged>, sqlx::Error> {
    let now = app.now();
    let mut tx = app.db.read().await?;
    let calendars = Calendars::load(&app.desk(), &mut tx).await?;
    let (mut judged, mut after) = (Vec::new(), TicketId(0));
    loop {
        let page = store::tickets::list_open_after(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(judged) };
        after = last.id;
        let wanted = page.iter().filter(|ticket| queue.is_none_or(|id| id == ticket.queue_id));
        judged.extend(wanted.map(|ticket| judged_one(app, &calendars, ticket, now)));
    }
}

/// Ends the holds whose time has come.
pub async fn run_waking(app: &App) -> Result<(), DeskError> {
    let mut tx = app.db.read().await?;
    let next = store::tickets::next_waking(&mut tx).await?;
    drop(tx);
    if next.is_none_or(|next| next > app.now()) {
        return Ok(());
    }
    while !app.tasks.is_draining() {
        let mut tx = app.db.write().await?;
        let woken = snooze::wake(&app.desk(), &mut tx, BATCH, app.now()).await?;
        tx.commit().await?;
        if woken == 0 {
            break;
        }
        info!(tickets = woken, "ended the holds of {woken} tickets");
        app.wake.delivery();
    }
    Ok(())
}

/// Marks what is overdue, and tells those who are to be told today.
pub async fn run_due(app: &App) -> Result<(), DeskError> {
    loop {
        let mut tx = app.db.write().await?;
        let marked = store::tickets::overdue::mark_overdue(&mut tx, app.now(), PAGE).await?;
        tx.commit().await?;
        if marked == 0 || app.tasks.is_draining() {
            break;
        }
    }
    let mut tx = app.db.read().await?;
    let queues = due::to_remind(&app.desk(), &mut tx, app.now()).await?;
    drop(tx);
    for queue_id in queues {
        while !app.tasks.is_draining() {
            let mut tx = app.db.write().await?;
            let told = due::remind(&app.desk(), &mut tx, queue_id, BATCH, app.now()).await?;
            tx.commit().await?;
            if told == 0 {
                break;
            }
            app.wake.delivery();
        }
    }
    Ok(())
}

async fn batch(
    app: &App,
    queue: Option<QueueId>,
    limit: i64,
    claimed: &mut Vec<(TicketId, i64)>,
) -> Result<Vec<Escalated>, DeskError> {
    let desk = app.desk();
    let now = app.now();
    let mut tx = app.db.write().await?;
    let tickets = match queue {
        Some(id) => store::tickets::claim_escalating_of_queue(&mut tx, id, now, limit).await?,
        None => store::tickets::claim_escalating(&mut tx, now, limit).await?,
    };
    if tickets.is_empty() {
        return Ok(Vec::new());
    }
    claimed.extend(tickets.iter().map(|ticket| (ticket.id, ticket.version)));
    let done = match take_all(&desk, &mut tx, tickets, now).await {
        Ok(done) => done,
        Err(error) => {
            // Awaited: the next claim passes over rows that this transaction still holds.
            tx.rollback().await?;
            return Err(error);
        }
    };
    crash::point("escalation.before_commit");
    tx.commit().await?;
    crash::point("escalation.after_commit");
    metrics::counter!("helpdeskd_escalations_total").increment(done.len() as u64);
    app.wake.delivery();
    Ok(done)
}

async fn take_all(
    desk: &Desk,
    tx: &mut Tx,
    tickets: Vec<Ticket>,
    now: Timestamp,
) -> Result<Vec<Escalated>, DeskError> {
    let calendars = Calendars::load(desk, tx).await?;
    let mut done = Vec::new();
    for ticket in tickets {
        done.extend(escalate::take(desk, tx, &calendars, ticket, now).await?);
    }
    Ok(done)
}

async fn postpone(app: &App, (id, version): (TicketId, i64), why: &DeskError) -> Result<(), sqlx::Error> {
    error!(ticket.id = %id, "ticket {id} could not be escalated and is tried again later: {why}");
    let at = Timestamp(app.now().0 + POSTPONED);
    let mut tx = app.db.write().await?;
    store::tickets::set_escalate_at(&mut tx, id, version, Some(at)).await?;
    tx.commit().await
}

fn judged_one(app: &App, calendars: &Calendars, ticket: &Ticket, now: Timestamp) -> Judged {
    let desk = app.desk();
    let standing = Standing::from(ticket);
    let queue = desk.directory.queue(ticket.queue_id);
    Judged {
        ticket_id: ticket.id,
        queue_id: ticket.queue_id,
        priority: ticket.priority,
        since: standing.since(),
        limit: queue.and_then(|queue| escalation::limit(standing, &queue.limits)),
        verdict: escalate::judge(&desk, calendars, ticket, now),
    }
}
