//! The rows of the desk against each other, the bytes against their digests, and the database against itself.

use crate::cli::verify::finding::Finding;
use crate::cli::verify::words;
use crate::clock::Timestamp;
use crate::desk::app::App;
use crate::desk::directory;
use crate::store;
use crate::store::blobs;
use crate::store::proofs;
use crate::store::proofs::Broken;
use crate::store::proofs::Proof;
use crate::tasks;
use crate::ticket::id::BlobId;

/// A message that waits longer was forgotten.
const UNFINISHED: i64 = Timestamp::HOUR;
/// Digests that are compared with one look.
const TOGETHER: i64 = 100;
/// What a finding of the database itself is about.
const DATABASE: &str = "database";

/// How far the look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Rows and sizes.
    Rows,
    /// Every stored byte.
    Bytes,
}

/// Everything that is to be looked at.
pub(super) async fn look(app: &App, depth: Depth) -> Result<Vec<Finding>, sqlx::Error> {
    let mut found = integrity(app).await?;
    for proof in proofs::ALL.iter().copied().flatten() {
        found.extend(proved(app, proof).await?);
    }
    found.extend(queues(app).await?);
    let before = Timestamp(app.now().0 - UNFINISHED);
    let waiting = proofs::unfinished(&mut app.db.read().await?, before).await?;
    let says = "it was recorded over an hour ago and is not handled";
    found.extend(waiting.iter().map(|row| finding("unfinished", "message", says, row)));
    if depth == Depth::Bytes {
        found.extend(digests(app).await?);
        found.extend(words::look(app).await?);
    }
    Ok(found)
}

/// One rule, in a transaction of its own: what cannot be read for damage is a finding too.
async fn proved(app: &App, proof: &Proof) -> Result<Vec<Finding>, sqlx::Error> {
    let mut tx = app.db.read().await?;
    store::db::integrity::take_time(&mut tx).await?;
    match proofs::find(&mut tx, proof).await {
        Ok(rows) => Ok(rows.iter().map(|row| finding(proof.name, proof.what, proof.says, row)).collect()),
        Err(error) => Ok(vec![damage(error)?]),
    }
}

fn finding(rule: &'static str, what: &str, says: &str, row: &Broken) -> Finding {
    let says = match &row.detail {
        Some(detail) => format!("{says}: {detail}"),
        None => says.to_owned(),
    };
    Finding::new(rule, format!("{what} {}", row.id), says)
}

/// Queues that are gone from the configuration although tickets of theirs are not closed.
async fn queues(app: &App) -> Result<Vec<Finding>, sqlx::Error> {
    let desk = app.desk();
    let mut tx = app.db.read().await?;
    let most = i64::try_from(directory::MOST_NAMED).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    for gone in desk.directory.gone() {
        let unclosed = store::tickets::count_unclosed(&mut tx, gone.id).await?;
        if unclosed > 0 {
            let tickets = store::tickets::list_unclosed(&mut tx, gone.id, most).await?;
            let says = format!("{}; {}", gone.says(unclosed), gone.advises(&tickets));
            found.push(Finding::new("queue-gone", format!("queue {}", gone.slug), says));
        }
    }
    Ok(found)
}

/// What the database says of its own pages, indexes and references.
async fn integrity(app: &App) -> Result<Vec<Finding>, sqlx::Error> {
    let mut tx = app.db.read().await?;
    store::db::integrity::take_time(&mut tx).await?;
    let mut found = match store::db::integrity::complaints(&mut tx).await {
        Ok(complaints) => {
            complaints.into_iter().map(|says| Finding::new("database-damaged", DATABASE, says)).collect()
        }
        Err(error) => vec![damage(error)?],
    };
    drop(tx);
    let mut tx = app.db.read().await?;
    store::db::integrity::take_time(&mut tx).await?;
    if store::db::integrity::can_compare_indexes(&mut tx).await?
        && let Err(error) = store::db::integrity::compare_indexes(&mut tx).await
    {
        found.push(damage(error)?);
    }
    Ok(found)
}

/// An answer that the database refused for what it found; any other failure is none of its rows'.
fn damage(error: sqlx::Error) -> Result<Finding, sqlx::Error> {
    match error.as_database_error() {
        Some(refusal) => Ok(Finding::new("database-damaged", DATABASE, refusal.message())),
        None => Err(error),
    }
}

/// Stored bytes that are not what their digest says.
async fn digests(app: &App) -> Result<Vec<Finding>, sqlx::Error> {
    let (mut found, mut after) = (Vec::new(), BlobId(0));
    loop {
        let kept = blobs::list_after(&mut app.db.read().await?, after, TOGETHER).await?;
        let Some(last) = kept.last() else { return Ok(found) };
        after = last.id;
        for one in kept {
            let mut tx = app.db.read().await?;
            let digest = match blobs::read(&mut tx, one.id).await {
                Ok(bytes) => digest(bytes.unwrap_or_default()).await?,
                Err(error) => {
                    found.push(damage(error)?);
                    continue;
                }
            };
            if digest[..] != one.digest[..] {
                let what = match one.inbox_id {
                    Some(id) => format!("message {id}"),
                    None => format!("bytes {}", one.id),
                };
                found.push(Finding::new("raw-changed", what, "its stored bytes are not those that came"));
            }
        }
    }
}

async fn digest(bytes: Vec<u8>) -> Result<[u8; 32], sqlx::Error> {
    tasks::aside(move || blobs::digest(&bytes)).await.map_err(|_| sqlx::Error::WorkerCrashed)
}
