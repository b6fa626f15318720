//! One mailbox, read for as long as the process runs: lease, session, batches, IDLE, back-off.
//!
//! Every mailbox has a task of its own, so one that is down, slow or hostile never delays another.

mod contact;
pub mod error;
mod gap;
mod restored;
pub mod source;

use std::sync::Arc;
use std::time::Duration;

use tracing::error;
use tracing::warn;

use crate::clock::Timestamp;
use crate::crash;
use crate::desk::app::App;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::Trouble;
use crate::imap::idle::IdleEnd;
use crate::store;
use crate::store::mailboxes::Mailbox;
use crate::ticket::id::MailboxId;
use crate::worker::backoff;
use crate::worker::disposal;
use crate::worker::fetch;
use crate::worker::fetch::Manner;
use crate::worker::handle;
use crate::worker::handle::HandleError;
use crate::worker::handle::Item;
use crate::worker::intake::error::IntakeError;
use crate::worker::intake::source::Source;
use crate::worker::lease;
use crate::worker::outside::Outside;
use crate::worker::record;
use crate::worker::record::Batch;
use crate::worker::record::Recorded;
use crate::worker::rules::Rules;
use crate::worker::session;

/// How a round ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Another process has the mailbox.
    Standby,
    /// The process drains, or the session reached its end in order.
    Ended,
}

/// Reads one mailbox until the process drains.
pub async fn run(app: App, source: Arc<Source>, lease: String) {
    let mut failures = 0;
    while !app.tasks.is_draining() {
        // A task of its own: the parser of answers may panic on what a hostile server says.
        let task = app.tasks.spawn(round(app.clone(), Arc::clone(&source), lease.clone()));
        let result = task.await.unwrap_or(Err(IntakeError::Panicked));
        let pause = match result {
            Ok(Round::Ended) => {
                failures = 0;
                Duration::from_secs(1)
            }
            Ok(Round::Standby) => app.desk().config.intake.lease / 2,
            Err(error) => {
                // A session that was of use ends the row: servers end sessions now and then.
                let was_of_use = source.standing.failed();
                failures = if was_of_use { 1 } else { failures + 1 };
                note_failure(&app, &source, (&error, was_of_use)).await;
                pause_after(&app, &error, failures)
            }
        };
        if !app.tasks.pause(pause).await {
            break;
        }
    }
    if let Err(error) = lease::release(&app, source.id, &lease).await {
        warn!(mailbox.id = %source.id, "the lease of mailbox {} was not given back: {error}", source.id);
    }
}

fn pause_after(app: &App, error: &IntakeError, failures: u32) -> Duration {
    let desk = app.desk();
    let (most, random) = (desk.config.intake.max_backoff, desk.ids.below(u64::MAX));
    match error {
        IntakeError::Imap(error) => backoff::session(error, failures, most, random),
        _ => backoff::mailbox(failures, most, random),
    }
}

/// Messages of mailboxes that are no longer declared, or that came by no mailbox, begun by a process that died.
pub async fn finish_leftovers(
    app: &App,
    outside: &Outside,
    undeclared: &[MailboxId],
) -> Result<(), HandleError> {
    let rules = Rules { authenticator: outside.authenticator.clone(), ..Rules::default() };
    for &id in undeclared {
        handle_waiting(app, id, &rules).await?;
    }
    loop {
        // A younger one may still be in another process's hands.
        let before = Timestamp(app.now().0 - 10 * Timestamp::MINUTE);
        let mut tx = app.db.write().await?;
        let Some(mut row) = store::inbox::claim_ingested(&mut tx, before).await? else { return Ok(()) };
        handle::count(app, &mut tx, &mut row).await?;
        tx.commit().await?;
        handle::handle_begun(app, row, &rules).await?;
    }
}

/// One session with the mailbox, under a lease that is kept alive beside it.
pub async fn round(app: App, source: Arc<Source>, lease: String) -> Result<Round, IntakeError> {
    if !lease::take(&app, source.id, &lease).await? {
        return Ok(Round::Standby);
    }
    let kept = lease::keep(&app, source.id, &lease);
    tokio::select! {
        result = read(&app, &source, &lease) => result.map(|()| Round::Ended),
        lost = kept => Err(lost.map_or(IntakeError::LeaseLost, IntakeError::Store)),
    }
}

/// One look at the mailbox without waiting for more: what is new is handled, what is due there is done.
pub async fn step(app: &App, source: &Source, lease: &str) -> Result<Round, IntakeError> {
    if !lease::take(app, source.id, lease).await? {
        return Ok(Round::Standby);
    }
    let rules = rules(app, source).await?;
    handle_waiting(app, source.id, &rules).await?;
    let mut session = session::open(app, &source.outside.tokens, &source.config).await?;
    let selected = session.select(&source.config.folder).await?;
    let mut mailbox = contact::make(app, &mut session, source, &selected).await?;
    restored::look(app, &mut session, source, (&mailbox, &selected)).await?;
    let rules = self::rules(app, source).await?;
    healthy(app, source, &session).await?;
    look(app, &mut session, source, (&mut mailbox, &selected), (lease, &rules)).await?;
    session.logout().await;
    Ok(Round::Ended)
}

async fn read(app: &App, source: &Source, lease: &str) -> Result<(), IntakeError> {
    let rules = rules(app, source).await?;
    handle_waiting(app, source.id, &rules).await?;
    let mut session = session::open(app, &source.outside.tokens, &source.config).await?;
    loop {
        let selected = session.select(&source.config.folder).await?;
        let mut mailbox = contact::make(app, &mut session, source, &selected).await?;
        restored::look(app, &mut session, source, (&mailbox, &selected)).await?;
        let rules = self::rules(app, source).await?;
        healthy(app, source, &session).await?;
        // Again and again: another process may have held one of them when it was looked for.
        handle_waiting(app, source.id, &rules).await?;
        if source.standing.is_well_again() {
            gap::wake(app, &mailbox).await?;
        }
        loop {
            look(app, &mut session, source, (&mut mailbox, &selected), (lease, &rules)).await?;
            source.standing.was_read();
            if app.tasks.is_draining() {
                session.logout().await;
                return Ok(());
            }
            if !wait(app, &mut session, &mailbox).await? {
                break;
            }
        }
    }
}

async fn look(
    app: &App,
    session: &mut Session,
    source: &Source,
    (mailbox, selected): (&mut Mailbox, &Selected),
    (lease, rules): (&str, &Rules),
) -> Result<(), IntakeError> {
    take_new(app, session, source, (mailbox, selected), (lease, rules)).await?;
    retry_gaps(app, session, source, mailbox, (lease, rules)).await?;
    disposal::dispose(app, session, mailbox, &source.config.after).await
}

/// Waits for news. False when none was told in time: then the folder is selected anew, since a server does not
/// tell that it counts its messages anew.
async fn wait(app: &App, session: &mut Session, mailbox: &Mailbox) -> Result<bool, IntakeError> {
    let desk = app.desk();
    let intake = &desk.config.intake;
    if session.can_idle() {
        // The safety net for servers whose IDLE is silent: never longer than the poll.
        let span = gap::wait(app, mailbox, intake.idle.min(intake.poll)).await?;
        match session.idle(span, app.tasks.draining()).await {
            // It is offered and refused: then the server is asked now and then.
            Err(error) if error.is_survivable() => {}
            end => return Ok(end? != IdleEnd::Elapsed),
        }
    }
    app.tasks.pause(gap::wait(app, mailbox, intake.poll).await?).await;
    session.noop().await?;
    Ok(false)
}

/// Fetches, records and handles everything above the cursor.
async fn take_new(
    app: &App,
    session: &mut Session,
    source: &Source,
    (mailbox, selected): (&mut Mailbox, &Selected),
    (lease, rules): (&str, &Rules),
) -> Result<(), IntakeError> {
    let desk = app.desk();
    let (intake, doubt) = (&desk.config.intake, &source.doubt);
    let mut uids = fetch::new_uids(session, selected, mailbox).await?;
    while !uids.is_empty() && !app.tasks.is_draining() {
        let most = doubt.most_together(uids[0], intake.batch_messages);
        let together: Vec<u32> = uids.iter().copied().take(most).collect();
        let batch = if let Some(reason) = doubt.hopeless(together[0]) {
            fetch::gap(uids.remove(0), reason)
        } else {
            let manner = if doubt.is_doubted(together[0]) { Manner::Pieces } else { Manner::Usual };
            let fetched = fetch::next_batch(session, mailbox, intake, &together, manner).await;
            let batch = fetched.inspect_err(|error| doubt.failed(&together, &fetch::failed(error)))?;
            uids.retain(|&uid| i64::from(uid) > batch.last_uid);
            batch
        };
        let last_uid = batch.last_uid;
        record_and_handle(app, mailbox, lease, batch, rules).await?;
        mailbox.last_uid = last_uid;
        source.standing.was_read();
    }
    Ok(())
}

async fn record_and_handle(
    app: &App,
    mailbox: &Mailbox,
    lease: &str,
    batch: Batch,
    rules: &Rules,
) -> Result<(), IntakeError> {
    match record::record(app, mailbox, lease, batch).await? {
        Recorded::Items(items) => Ok(handle::handle(app, items, rules).await?),
        Recorded::LeaseLost => Err(IntakeError::LeaseLost),
    }
}

/// Tries gaps that are due; all of them as soon as one is filled.
async fn retry_gaps(
    app: &App,
    session: &mut Session,
    source: &Source,
    mailbox: &mut Mailbox,
    (lease, rules): (&str, &Rules),
) -> Result<(), IntakeError> {
    loop {
        let mut filled = false;
        for gap in gap::list(app, mailbox).await?.iter().filter(|gap| gap.due_at <= app.now()) {
            if let Some(batch) = gap::retry(app, session, mailbox, gap, &source.standing).await? {
                record_and_handle(app, mailbox, lease, batch, rules).await?;
                filled = true;
            }
        }
        if !filled {
            return Ok(());
        }
        gap::wake(app, mailbox).await?;
    }
}

/// What an earlier process recorded or began, before anything new.
async fn handle_waiting(app: &App, id: MailboxId, rules: &Rules) -> Result<(), HandleError> {
    loop {
        let mut tx = app.db.write().await?;
        let row = store::inbox::claim_begun(&mut tx, id).await?;
        let Some(mut row) = row else { break };
        handle::count(app, &mut tx, &mut row).await?;
        crash::point("intake.begun.before_commit");
        tx.commit().await?;
        crash::point("intake.begun.after_commit");
        handle::handle_begun(app, row, rules).await?;
    }
    loop {
        let mut tx = app.db.write().await?;
        let rows = store::inbox::claim_new(&mut tx, id, 32).await?;
        if rows.is_empty() {
            return Ok(());
        }
        crash::point("intake.claim.before_commit");
        tx.commit().await?;
        crash::point("intake.claim.after_commit");
        let mut items = Vec::with_capacity(rows.len());
        for received in rows {
            let raw = handle::read_raw(app, &received).await?;
            items.push(Item { received, raw });
        }
        handle::handle(app, items, rules).await?;
    }
}

async fn rules(app: &App, source: &Source) -> Result<Rules, sqlx::Error> {
    let mut tx = app.db.read().await?;
    Ok(Rules {
        after: Some(source.config.after.clone()),
        mailbox: store::mailboxes::find(&mut tx, source.id).await?,
        old: source.config.old,
        handled_before: source.standing.handled_before(),
        authenticator: source.outside.authenticator.clone(),
    })
}

async fn healthy(app: &App, source: &Source, session: &Session) -> Result<(), sqlx::Error> {
    let mut tx = app.db.write().await?;
    store::mailboxes::mark_healthy(&mut tx, source.id, &session.capabilities().join(" "), app.now()).await?;
    tx.commit().await?;
    metrics::gauge!("helpdeskd_mailbox_up", "queue" => source.name.clone()).set(1.0);
    Ok(())
}

async fn note_failure(app: &App, source: &Source, (failure, was_of_use): (&IntakeError, bool)) {
    let transient = matches!(failure, IntakeError::Imap(error) if error.kind() == Trouble::Transient);
    if was_of_use && transient {
        // Nothing is wrong before it cannot be opened again.
        warn!(mailbox.id = %source.id, queue = source.name, "mailbox of queue {}: {failure}; it is opened again", source.name);
        return;
    }
    metrics::gauge!("helpdeskd_mailbox_up", "queue" => source.name.clone()).set(0.0);
    error!(mailbox.id = %source.id, queue = source.name, "mailbox of queue {}: {failure}", source.name);
    let text = failure.to_string();
    let written = async {
        let mut tx = app.db.write().await?;
        store::mailboxes::mark_failing(&mut tx, source.id, &text, app.now()).await?;
        tx.commit().await
    };
    if let Err(error) = written.await {
        warn!(mailbox.id = %source.id, "the state of mailbox {} was not noted: {error}", source.id);
    }
}
