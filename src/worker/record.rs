//! Recording: raw bytes, digest, place and time, and the cursor, in one durable commit.
//!
//! Nothing is parsed here, and the mail server hears of a message only after this.

use crate::clock::Timestamp;
use crate::crash;
use crate::desk::app::App;
use crate::imap::fetch::Fetched;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::store;
use crate::store::blobs;
use crate::store::db::Tx;
use crate::store::gaps::Gap;
use crate::store::inbox::NewReceived;
use crate::store::inbox::Received;
use crate::store::mailboxes::Mailbox;
use crate::tasks;
use crate::ticket::id::QueueId;
use crate::worker::backoff;
use crate::worker::handle::Item;

/// A message as it came from the server.
#[derive(Debug)]
pub struct Arrival {
    pub fetched: Fetched,
    /// As the server told; larger than the bytes when only the headers were taken.
    pub size: u64,
    pub extent: Extent,
}

/// What one look at the mailbox brought.
#[derive(Debug, Default)]
pub struct Batch {
    pub arrivals: Vec<Arrival>,
    pub gaps: Vec<(u32, String)>,
    /// Gaps that are none any more.
    pub filled: Vec<u32>,
    /// The cursor after it.
    pub last_uid: i64,
}

/// How recording ended.
#[derive(Debug)]
pub enum Recorded {
    /// What is to be handled now, in UID order.
    Items(Vec<Item>),
    /// Another process reads this mailbox now; nothing was written.
    LeaseLost,
}

/// Writes a batch and moves the cursor, in one commit.
pub async fn record(
    app: &App,
    mailbox: &Mailbox,
    lease: &str,
    batch: Batch,
) -> Result<Recorded, sqlx::Error> {
    let now = app.now();
    let arrivals = digested(batch.arrivals).await?;
    let mut tx = app.db.write().await?;
    if !store::mailboxes::advance(&mut tx, mailbox.id, lease, batch.last_uid).await? {
        tx.rollback().await?;
        return Ok(Recorded::LeaseLost);
    }
    let mut items = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let uid_validity = mailbox.uid_validity.unwrap_or_default();
        items.extend(arrive(&mut tx, mailbox, uid_validity, arrival, now).await?);
    }
    for uid in batch.filled {
        store::gaps::delete(&mut tx, mailbox.id, mailbox.uid_validity.unwrap_or_default(), i64::from(uid))
            .await?;
    }
    for (uid, reason) in batch.gaps {
        store::gaps::upsert(&mut tx, &gap(mailbox, uid, reason, now)).await?;
    }
    crash::point("record.before_commit");
    tx.commit().await?;
    crash::point("record.after_commit");
    Ok(Recorded::Items(items))
}

/// Records one message that came by no mailbox.
pub async fn record_ingested(
    app: &App,
    queue_id: QueueId,
    raw: Vec<u8>,
) -> Result<Option<Item>, sqlx::Error> {
    let now = app.now();
    let (digest, raw) =
        tasks::aside(move || (blobs::digest(&raw), raw)).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
    let mut tx = app.db.write().await?;
    let blob_id = blobs::insert(&mut tx, &digest, &raw, now).await?;
    let new = NewReceived {
        queue_id,
        mailbox_id: None,
        uid_validity: None,
        uid: None,
        door: "ingest",
        digest: &digest,
        size: i64::try_from(raw.len()).unwrap_or(i64::MAX),
        extent: Extent::Full,
        blob_id: Some(blob_id),
        received_at: now,
        attempts: 1,
        outcome: None,
        dispose_at: None,
    };
    let id = store::inbox::insert(&mut tx, &new, now).await?;
    crash::point("ingest.before_commit");
    tx.commit().await?;
    crash::point("ingest.after_commit");
    Ok(id.map(|id| Item { received: as_received(id, &new, now), raw }))
}

/// An arrival with the digest of its bytes.
struct Digested {
    arrival: Arrival,
    digest: [u8; 32],
}

/// Takes the digests; for megabytes where nobody waits for it.
async fn digested(arrivals: Vec<Arrival>) -> Result<Vec<Digested>, sqlx::Error> {
    let bytes: usize = arrivals.iter().map(|arrival| arrival.fetched.raw.len()).sum();
    let digested = |arrival: Arrival| Digested { digest: blobs::digest(&arrival.fetched.raw), arrival };
    let all = move || arrivals.into_iter().map(digested).collect();
    if bytes <= tasks::LARGE {
        return Ok(all());
    }
    tasks::aside(all).await.map_err(|_| sqlx::Error::WorkerCrashed)
}

async fn arrive(
    tx: &mut Tx,
    mailbox: &Mailbox,
    uid_validity: i64,
    digested: Digested,
    now: Timestamp,
) -> Result<Option<Item>, sqlx::Error> {
    let Digested { arrival, digest } = digested;
    let raw = arrival.fetched.raw;
    let blob_id = match arrival.extent {
        Extent::Nothing => None,
        Extent::Full | Extent::Headers => Some(blobs::insert(tx, &digest, &raw, now).await?),
    };
    let outcome = match arrival.extent {
        Extent::Nothing => Some(Became::BeforeFirstContact),
        _ if is_rescan(mailbox) => repeated(tx, mailbox, uid_validity, &digest).await?,
        _ => None,
    };
    let new = NewReceived {
        queue_id: mailbox.queue_id,
        mailbox_id: Some(mailbox.id),
        uid_validity: Some(uid_validity),
        uid: Some(i64::from(arrival.fetched.uid)),
        door: "imap",
        digest: &digest,
        size: i64::try_from(arrival.size).unwrap_or(i64::MAX),
        extent: arrival.extent,
        blob_id,
        // A server's clock may be ahead; a ticket does not begin in the future.
        received_at: arrival.fetched.internal_date.unwrap_or(now).min(now),
        attempts: i64::from(outcome.is_none()),
        outcome,
        dispose_at: None,
    };
    let id = store::inbox::insert(tx, &new, now).await?;
    let handled_now = id.filter(|_| outcome.is_none());
    Ok(handled_now.map(|id| Item { received: as_received(id, &new, now), raw }))
}

/// Whether the server began its count of UIDs anew, so that mails come a second time.
fn is_rescan(mailbox: &Mailbox) -> bool {
    mailbox.rescans > 0
}

/// What a mail is that this mailbox gave before, under another count.
async fn repeated(
    tx: &mut Tx,
    mailbox: &Mailbox,
    uid_validity: i64,
    digest: &[u8],
) -> Result<Option<Became>, sqlx::Error> {
    if store::inbox::seen_before(tx, mailbox.id, uid_validity, digest).await? {
        return Ok(Some(Became::Duplicate));
    }
    Ok(store::tombstones::exists(tx, digest).await?.then_some(Became::Deleted))
}

/// A message that could not be fetched, and when to try again.
pub fn gap(mailbox: &Mailbox, uid: u32, reason: String, now: Timestamp) -> Gap {
    Gap {
        mailbox_id: mailbox.id,
        uid_validity: mailbox.uid_validity.unwrap_or_default(),
        uid: i64::from(uid),
        reason,
        attempts: 1,
        due_at: now.plus(backoff::gap(1)),
        created_at: now,
    }
}

fn as_received(id: crate::ticket::id::InboxId, new: &NewReceived<'_>, now: Timestamp) -> Received {
    Received {
        id,
        queue_id: new.queue_id,
        mailbox_id: new.mailbox_id,
        uid_validity: new.uid_validity,
        uid: new.uid,
        door: new.door.to_owned(),
        digest: new.digest.to_vec(),
        size: new.size,
        extent: new.extent,
        blob_id: new.blob_id,
        received_at: new.received_at,
        recorded_at: now,
        attempts: new.attempts,
        authentication: None,
        message_id: None,
        class: None,
        outcome: None,
        reason: None,
        trace: None,
        ticket_id: None,
        finished_at: None,
        dispose_at: new.dispose_at,
    }
}
