//! From a recorded message to its outcome: parse outside, decide and write inside one transaction.
//!
//! A message that was begun before is handled alone; one that kills its handler again and again is put aside.

use std::time::Duration;
use std::time::Instant;

use bytes::Bytes;
use tracing::error;
use tracing::info;
use tracing::warn;

use crate::auth::checked::Checked;
use crate::config::mailbox::After;
use crate::crash;
use crate::desk::DeskError;
use crate::desk::app::App;
use crate::desk::calendars::Calendars;
use crate::desk::ignore;
use crate::desk::probe;
use crate::desk::receive;
use crate::desk::receive::case;
use crate::desk::receive::case::Done;
use crate::desk::receive::case::Incoming;
use crate::desk::receive::claim::Claims;
use crate::desk::receive::ruled;
use crate::mail::classify::Verdict;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::store;
use crate::store::db::Tx;
use crate::store::faults;
use crate::store::inbox::Outcome;
use crate::store::inbox::Received;
use crate::tasks;
use crate::ticket::authentication::Found;
use crate::ticket::id::InboxId;
use crate::worker::authenticate;
use crate::worker::rules::Rules;
use crate::worker::understand;
use crate::worker::understand::Parsed;

/// A batch gives the writer to others after this long.
const WRITER_TIME: Duration = Duration::from_millis(20);
/// No more than these share a transaction: what it claims for them is kept from others until its end.
const MOST_TOGETHER: usize = 32;
/// The first attempt may be shared, so its end says little; after three more alone the message is to blame.
const MOST_ATTEMPTS: i64 = 4;

/// A recorded message with its bytes.
#[derive(Debug)]
pub struct Item {
    pub received: Received,
    pub raw: Vec<u8>,
}

/// A message about which everything is known that can be known outside of a transaction.
struct Work {
    row: Received,
    parsed: Parsed,
    checked: Checked,
}

/// Why handling stopped; the messages are given back.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    #[error("the database failed: {0}")]
    Store(#[from] sqlx::Error),
    #[error("handling failed: {0}")]
    Desk(#[from] DeskError),
    #[error("another process has a message of these")]
    Taken,
    #[error("handling panicked")]
    Panicked,
}

/// Handles claimed messages in order. Shares transactions; falls back to one each when that fails.
pub async fn handle(app: &App, items: Vec<Item>, rules: &Rules) -> Result<(), HandleError> {
    for Item { received, .. } in &items {
        app.begun.note(received.id, received.attempts);
    }
    let mut work = prepare(app, items, rules).await;
    work.reverse();
    while !work.is_empty() {
        let rest: Vec<(InboxId, i64)> = work.iter().map(|work| (work.row.id, work.row.attempts)).collect();
        work = match shared(app, work, rules).await {
            Ok(left) => left,
            Err(error) => return give_back_or_isolate(app, &rest, error, rules).await,
        };
        for &(id, _) in rest.iter().filter(|(id, _)| work.iter().all(|work| work.row.id != *id)) {
            app.begun.forget(id);
        }
        app.wake.delivery();
    }
    Ok(())
}

/// Counts the attempt that is being begun: only a death of the process makes one more of them, so the one before does
/// not count if this process has survived it, however it ended.
pub async fn count(app: &App, tx: &mut Tx, row: &mut Received) -> Result<(), sqlx::Error> {
    if app.begun.survived(row.id, row.attempts - 1) {
        store::inbox::give_back(tx, row.id, row.attempts).await?;
        row.attempts -= 1;
    }
    Ok(())
}

/// Handles a message that was begun and not finished, alone.
pub async fn handle_begun(app: &App, row: Received, rules: &Rules) -> Result<(), HandleError> {
    if row.attempts > MOST_ATTEMPTS {
        warn!(inbox.id = %row.id, "message {} ended its handler {MOST_ATTEMPTS} times and is quarantined", row.id);
        return quarantine(app, &row, "handling it ended the process").await;
    }
    let (id, attempts) = (row.id, row.attempts);
    app.begun.note(id, attempts);
    let raw = read_raw(app, &row).await?;
    let work = prepare(app, vec![Item { received: row, raw }], rules).await;
    match shared(app, work, rules).await {
        Ok(_) => {
            app.begun.forget(id);
            app.wake.delivery();
            Ok(())
        }
        Err(error) if is_passing(&error) => {
            give_back(app, id, attempts).await?;
            Err(error)
        }
        Err(HandleError::Taken) => Ok(()),
        Err(error) => {
            // The same row would fail the same way for ever and hold up the rest.
            error!(inbox.id = %id, "message {id} cannot be handled and is quarantined: {error}");
            let mut tx = app.db.read().await?;
            let row = store::inbox::find(&mut tx, id).await?;
            drop(tx);
            match row {
                Some(row) => quarantine(app, &row, "its effects cannot be stored").await,
                None => Ok(()),
            }
        }
    }
}

/// The stored bytes of a message.
pub(crate) async fn read_raw(app: &App, row: &Received) -> Result<Vec<u8>, sqlx::Error> {
    let Some(blob) = row.blob_id else { return Ok(Vec::new()) };
    let mut tx = app.db.read().await?;
    Ok(store::blobs::read(&mut tx, blob).await?.unwrap_or_default())
}

/// All that takes long: reading and authenticating. No transaction is open.
async fn prepare(app: &App, items: Vec<Item>, rules: &Rules) -> Vec<Work> {
    let (journal, raws): (Vec<Received>, Vec<Bytes>) =
        items.into_iter().map(|item| (item.received, Bytes::from(item.raw))).unzip();
    let parsed = understand::all(app, &raws).await;
    let checked = authenticate::all(app, &rules.authenticator, &journal, &parsed, &raws).await;
    let parts = journal.into_iter().zip(parsed).zip(checked);
    let mut work = parts.map(|((row, parsed), checked)| Work { row, parsed, checked }).collect();
    Box::pin(fire_rules(app, &mut work)).await;
    work
}

/// Finds out which rules fire. Where the database fails, it is found out when the message is handled.
async fn fire_rules(app: &App, work: &mut Vec<Work>) {
    let desk = app.desk();
    if desk.rules.is_empty() {
        return;
    }
    let calendars = if desk.rules.asks_time() { calendars(app).await.ok() } else { None };
    if desk.rules.asks_time() && calendars.is_none() {
        return;
    }
    for Work { row, parsed, checked } in work {
        if let Ok(understood) = parsed {
            let fired = ruled::fire(&desk, row, understood, checked.authentication, calendars.as_ref());
            understood.fired = Some(fired);
        }
    }
}

async fn calendars(app: &App) -> Result<Calendars, sqlx::Error> {
    let mut tx = app.db.read().await?;
    Calendars::load(&app.desk(), &mut tx).await
}

/// One transaction for as many messages as fit into the writer's time; gives those that are left.
///
/// Megabytes are copied, compared and sanitised in it, which must not hold up those who wait on this thread.
async fn shared(app: &App, work: Vec<Work>, rules: &Rules) -> Result<Vec<Work>, HandleError> {
    let bytes = work.iter().map(|work| usize::try_from(work.row.size).unwrap_or(usize::MAX)).max();
    let (app, rules) = (app.clone(), rules.clone());
    let transaction = Box::pin(async move { transact(&app, work, &rules).await });
    let done = tasks::carry(bytes.unwrap_or_default(), transaction).await;
    done.unwrap_or(Err(HandleError::Panicked))
}

async fn transact(app: &App, mut work: Vec<Work>, rules: &Rules) -> Result<Vec<Work>, HandleError> {
    let mut tx = app.db.write().await?;
    let mut claims = Claims::default();
    for Work { row, parsed, .. } in work.iter().rev().take(MOST_TOGETHER) {
        if let Ok(understood) = parsed {
            claims.add(&understood.mail, row);
        }
    }
    claims.take(&mut tx).await?;
    let begun = Instant::now();
    let mut done = 0;
    while done < MOST_TOGETHER
        && let Some(next) = work.pop()
    {
        one(app, &mut tx, next, rules).await?;
        done += 1;
        if begun.elapsed() > WRITER_TIME {
            break;
        }
    }
    crash::point("handle.before_commit");
    tx.commit().await?;
    crash::point("handle.after_commit");
    metrics::counter!("helpdeskd_messages_handled_total").increment(done as u64);
    Ok(work)
}

async fn one(app: &App, tx: &mut Tx, work: Work, rules: &Rules) -> Result<(), HandleError> {
    let desk = app.desk();
    let now = app.now();
    let Work { row, parsed, checked } = work;
    let understood = match parsed {
        Ok(parsed) => parsed,
        Err(reason) => return finish_quarantined(tx, &row, &reason, now).await,
    };
    let class = verdict_class(&understood.verdict);
    let message_id = case::message_id(&understood.mail, &row);
    let content_digest = understood.mail.content_digest;
    let incoming = Incoming {
        received: &row,
        understood,
        authentication: checked.authentication,
        evidence: &checked.evidence,
        covers: checked.covers,
        seals: checked.seals,
        silence: rules.silence(&row),
    };
    let done = Box::pin(receive::receive(&desk, tx, incoming, now)).await?;
    let trace = done.trace.to_json();
    let outcome = Outcome {
        outcome: done.outcome,
        reason: done.reason.as_deref(),
        trace: &trace,
        class: &class,
        authentication: Found(Some(checked.authentication)),
        message_id: Some(&message_id),
        content_digest: &content_digest,
        ticket_id: done.ticket_id,
        dispose_at: disposal(&row, &done, rules, now),
    };
    if !store::inbox::finish(tx, row.id, row.attempts, &outcome, now).await? {
        return Err(HandleError::Taken);
    }
    log(&row, &done);
    Ok(())
}

fn log(row: &Received, done: &Done) {
    let ticket = done.ticket_id.map(|id| id.0);
    info!(
        inbox.id = row.id.0,
        ticket.id = ticket,
        outcome = done.outcome.as_str(),
        "handled message {}",
        row.id
    );
}

fn verdict_class(verdict: &Verdict) -> String {
    serde_json::to_value(verdict.class)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// As [`dispose_at`], but at once for what an ignore rule deletes, and later for what another process looks for.
fn disposal(
    row: &Received,
    done: &Done,
    rules: &Rules,
    now: crate::clock::Timestamp,
) -> Option<crate::clock::Timestamp> {
    if done.reason.as_deref() == Some(ignore::DELETED) && row.extent == Extent::Full && row.uid.is_some() {
        return Some(now);
    }
    dispose_at(row, rules, now).map(|at| at.plus(probe_rest(done)))
}

/// When the server's copy is to be seen to; never for a message that was not recorded in full.
fn dispose_at(
    row: &Received,
    rules: &Rules,
    now: crate::clock::Timestamp,
) -> Option<crate::clock::Timestamp> {
    if row.extent != Extent::Full || row.uid.is_none() {
        return None;
    }
    match rules.after.as_ref()? {
        After::Leave => None,
        After::Seen | After::Keyword(_) | After::Move(_) => Some(now),
        After::Delete { after } => Some(now.plus(*after)),
    }
}

/// How long a probe is left where it is, for the process that sent it to find it there.
fn probe_rest(done: &Done) -> Duration {
    let is_probe = done.reason.as_deref() == Some(probe::REASON);
    if is_probe { Duration::from_mins(2) } else { Duration::ZERO }
}

async fn quarantine(app: &App, row: &Received, reason: &str) -> Result<(), HandleError> {
    let mut tx = app.db.write().await?;
    finish_quarantined(&mut tx, row, reason, app.now()).await?;
    tx.commit().await?;
    metrics::counter!("helpdeskd_messages_quarantined_total").increment(1);
    Ok(())
}

async fn finish_quarantined(
    tx: &mut Tx,
    row: &Received,
    reason: &str,
    now: crate::clock::Timestamp,
) -> Result<(), HandleError> {
    // What was found out at the first attempt stays.
    let authentication = row.authentication.unwrap_or_default();
    let outcome = Outcome {
        outcome: Became::Quarantined,
        reason: Some(reason),
        trace: "[]",
        authentication,
        ..Outcome::default()
    };
    store::inbox::finish(tx, row.id, row.attempts, &outcome, now).await?;
    Ok(())
}

/// After a shared transaction failed: a passing trouble gives all back, any other handles each alone. So does a
/// conflict: two mailboxes with answers to the same tickets in contrary order stand in each other's way.
async fn give_back_or_isolate(
    app: &App,
    begun: &[(InboxId, i64)],
    error: HandleError,
    rules: &Rules,
) -> Result<(), HandleError> {
    let passing = is_passing(&error) && !is_conflict(&error);
    for &(id, attempts) in begun {
        if passing {
            give_back(app, id, attempts).await?;
        } else if let Some(row) = take_again(app, id, attempts).await? {
            Box::pin(handle_begun(app, row, rules)).await?;
        }
    }
    if passing { Err(error) } else { Ok(()) }
}

/// The message for another attempt, unless another process has begun one or is done with it.
async fn take_again(app: &App, id: InboxId, attempts: i64) -> Result<Option<Received>, sqlx::Error> {
    let mut tx = app.db.write().await?;
    let row = store::inbox::claim_one(&mut tx, id).await?.filter(|row| row.attempts == attempts + 1);
    match row {
        Some(_) => tx.commit().await?,
        None => tx.rollback().await?,
    }
    Ok(row)
}

async fn give_back(app: &App, id: InboxId, attempts: i64) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::inbox::give_back(&mut tx, id, attempts).await?;
    tx.commit().await?;
    app.begun.forget(id);
    Ok(())
}

fn is_passing(error: &HandleError) -> bool {
    of_store(error).is_some_and(faults::is_passing)
}

fn is_conflict(error: &HandleError) -> bool {
    of_store(error).is_some_and(faults::is_conflict)
}

fn of_store(error: &HandleError) -> Option<&sqlx::Error> {
    match error {
        HandleError::Store(error) | HandleError::Desk(DeskError::Store(error)) => Some(error),
        HandleError::Desk(_) | HandleError::Taken | HandleError::Panicked => None,
    }
}
