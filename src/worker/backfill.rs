//! Taking the words of entries that were there before there was an index of words: after an upgrade, once.
//!
//! The newest first, in small transactions, so that mail and API calls do not wait for it; whoever is interrupted goes
//! on where they were. Two processes that do it at once do no harm.

use std::time::Duration;
use std::time::Instant;

use tracing::error;
use tracing::info;

use crate::desk::DeskError;
use crate::desk::app::App;
use crate::store;
use crate::store::db::entry_words;
use crate::store::followups::searching;
use crate::tasks;
use crate::ticket::id::FollowupId;
use crate::ticket::words::Folded;

/// Entries that share a transaction.
const BATCH: i64 = 100;
/// How long others have the database for themselves in between.
const BREATH: Duration = Duration::from_millis(5);
/// How often it is said how far it is.
const TOLD: Duration = Duration::from_secs(10);
/// After a failure.
const PAUSE: Duration = Duration::from_mins(1);

/// Takes them from the start of the process on, until all are taken.
pub async fn run(app: App) {
    while let Err(error) = backfill(&app).await {
        error!("the words of older entries cannot be taken: {error}");
        if !app.tasks.pause(PAUSE).await {
            return;
        }
    }
}

/// Takes all that are left; says of how many entries.
pub async fn backfill(app: &App) -> Result<u64, DeskError> {
    let (mut count, mut told) = (0, Instant::now());
    while let Some(step) = step(app).await? {
        count += step.taken;
        if told.elapsed() >= TOLD {
            told = Instant::now();
            info!(
                count,
                next = step.next.0,
                "took the words of {count} older entries, down to entry {}",
                step.next
            );
        }
        if app.tasks.is_draining() || !app.tasks.pause(BREATH).await {
            return Ok(count);
        }
    }
    if count > 0 {
        info!(count, "took the words of {count} older entries: all can be searched");
    }
    Ok(count)
}

/// One transaction's part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub taken: u64,
    /// Goes on from here down.
    pub next: FollowupId,
}

/// Takes those of some entries; none if there are no more.
pub async fn step(app: &App) -> Result<Option<Step>, DeskError> {
    let mut tx = app.db.read().await?;
    let from = store::word_backfill::next(&mut tx).await?;
    if from.0 <= 0 {
        return Ok(None);
    }
    let to = searching::last_of(&mut tx, from, BATCH).await?.unwrap_or(FollowupId(1));
    let sources = searching::list_sources(&mut tx, from, to).await?;
    drop(tx);
    let folded = tasks::aside(move || {
        let fold =
            |source: &searching::Source| (source.id, Folded::of(&source.text), Folded::of(&source.head));
        sources.iter().map(fold).collect::<Vec<_>>()
    });
    let folded = folded.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
    let mut tx = app.db.write().await?;
    let there = searching::keep(&mut tx, from, to).await?;
    let mut taken = 0;
    for (id, words, head) in folded.iter().filter(|(id, _, _)| there.contains(id)) {
        entry_words::put_missing(&mut tx, *id, words, head).await?;
        taken += 1;
    }
    let next = FollowupId(to.0 - 1);
    store::word_backfill::advance(&mut tx, from, next).await?;
    tx.commit().await?;
    Ok(Some(Step { taken, next }))
}
