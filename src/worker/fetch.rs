//! One look at a mailbox: which messages are new, and their bytes.
//!
//! Reads only. A message that the server listed and did not hand over is gone if a second search says so,
//! else a gap.

use std::collections::BTreeSet;

use crate::config::sections::Intake;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::fetch::Fetched;
use crate::imap::fetch::Listed;
use crate::mail::journal::Extent;
use crate::store::mailboxes::Mailbox;
use crate::worker::record::Arrival;
use crate::worker::record::Batch;

/// Headers of a message that is too large as a whole.
const HEADERS: u32 = 256 * 1024;

/// The UIDs above the cursor, ascending.
pub async fn new_uids(
    session: &mut Session,
    selected: &Selected,
    mailbox: &Mailbox,
) -> Result<Vec<u32>, ImapError> {
    let Ok(first) = u32::try_from(mailbox.last_uid + 1) else { return Ok(Vec::new()) };
    session.search_from(first, selected).await
}

/// Fetches the first of these messages that fit into memory together.
pub async fn next_batch(
    session: &mut Session,
    mailbox: &Mailbox,
    intake: &Intake,
    uids: &[u32],
) -> Result<Batch, ImapError> {
    let listed = session.sizes(uids).await?;
    let taken = fitting(uids, &listed, intake);
    let mut batch = fetch(session, mailbox, intake, &taken, &listed).await?;
    batch.last_uid = taken.last().map_or(mailbox.last_uid, |&uid| i64::from(uid));
    Ok(batch)
}

/// A message that is left for later.
pub fn gap(uid: u32) -> Batch {
    let reason = "the session ended each time that it was fetched".to_owned();
    Batch { gaps: vec![(uid, reason)], last_uid: i64::from(uid), ..Batch::default() }
}

/// Tries again to fetch one message that was a gap.
pub async fn retry_gap(
    session: &mut Session,
    mailbox: &Mailbox,
    intake: &Intake,
    uid: u32,
) -> Result<Batch, ImapError> {
    let listed = session.sizes(&[uid]).await?;
    let mut batch = fetch(session, mailbox, intake, &[uid], &listed).await?;
    if batch.gaps.is_empty() {
        batch.filled.push(uid);
    }
    batch.last_uid = mailbox.last_uid;
    Ok(batch)
}

/// As many from the front as may be in memory together; at least one.
fn fitting(window: &[u32], listed: &[Listed], intake: &Intake) -> Vec<u32> {
    let mut room = intake.batch_size;
    let mut taken = Vec::new();
    for &uid in window {
        let size = listed.iter().find(|row| row.uid == uid).map_or(0, |row| u64::from(row.size));
        let cost = if size > intake.max_message_size { u64::from(HEADERS) } else { size };
        if cost > room && !taken.is_empty() {
            break;
        }
        room = room.saturating_sub(cost);
        taken.push(uid);
    }
    taken
}

async fn fetch(
    session: &mut Session,
    mailbox: &Mailbox,
    intake: &Intake,
    uids: &[u32],
    listed: &[Listed],
) -> Result<Batch, ImapError> {
    let mut batch = Batch::default();
    let mut missing: BTreeSet<u32> = uids.iter().copied().collect();
    let mut small = Vec::new();
    for row in listed.iter().filter(|row| uids.contains(&row.uid)) {
        let arrival = if is_before_contact(mailbox, row) {
            Some(empty(row))
        } else if u64::from(row.size) > intake.max_message_size {
            session
                .fetch_headers(row.uid, HEADERS)
                .await?
                .map(|fetched| arrival(fetched, row, Extent::Headers))
        } else if u64::from(row.size) > intake.batch_size.min(4 << 20) {
            large(session, row, intake).await?
        } else {
            small.push(row.uid);
            continue;
        };
        if let Some(arrival) = arrival {
            missing.remove(&row.uid);
            batch.arrivals.push(arrival);
        }
    }
    let arrivals = &mut batch.arrivals;
    session
        .fetch(&small, |fetched| {
            missing.remove(&fetched.uid);
            let size = fetched.raw.len() as u64;
            arrivals.push(Arrival { fetched, size, extent: Extent::Full });
        })
        .await?;
    batch.arrivals.sort_by_key(|arrival| arrival.fetched.uid);
    if !missing.is_empty() {
        let missing: Vec<u32> = missing.into_iter().collect();
        let there = session.search_among(&missing).await?;
        batch.gaps =
            there.into_iter().map(|uid| (uid, "the server did not hand it over".to_owned())).collect();
    }
    Ok(batch)
}

async fn large(session: &mut Session, row: &Listed, intake: &Intake) -> Result<Option<Arrival>, ImapError> {
    // Some servers tell a size that is a little below what they send.
    let limit = intake.max_message_size + intake.max_message_size / 16;
    let fetched = session.fetch_large(row.uid, row.size, limit).await?;
    Ok(fetched.map(|fetched| arrival(fetched, row, Extent::Full)))
}

fn arrival(fetched: Fetched, row: &Listed, extent: Extent) -> Arrival {
    let fetched = Fetched { internal_date: fetched.internal_date.or(row.internal_date), ..fetched };
    Arrival { size: u64::from(row.size).max(fetched.raw.len() as u64), fetched, extent }
}

fn empty(row: &Listed) -> Arrival {
    let fetched = Fetched { uid: row.uid, internal_date: row.internal_date, raw: Vec::new() };
    Arrival { fetched, size: u64::from(row.size), extent: Extent::Nothing }
}

fn is_before_contact(mailbox: &Mailbox, row: &Listed) -> bool {
    mailbox.is_from_before(i64::from(row.uid))
        && matches!((mailbox.not_before, row.internal_date), (Some(limit), Some(date)) if date < limit)
}
