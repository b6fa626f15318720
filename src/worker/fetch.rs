//! One look at a mailbox: which messages are new, and their bytes.
//!
//! Reads only. A message that the server listed and did not hand over is gone if a second search says so,
//! else a gap.

use std::collections::BTreeMap;

use crate::config::sections::Intake;
use crate::imap::Selected;
use crate::imap::Session;
use crate::imap::error::ImapError;
use crate::imap::fetch::Came;
use crate::imap::fetch::Fetched;
use crate::imap::fetch::Listed;
use crate::mail::journal::Extent;
use crate::store::mailboxes::Mailbox;
use crate::worker::record::Arrival;
use crate::worker::record::Batch;

/// Headers of a message that is too large as a whole.
const HEADERS: u32 = 256 * 1024;

/// How messages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Small ones whole, together.
    Usual,
    /// Every one in pieces, whatever its size is said to be: the usual way failed.
    Pieces,
}

/// Messages to be fetched, with what the server says of them.
struct Wanted<'a> {
    uids: &'a [u32],
    listed: &'a [Listed],
    manner: Manner,
}

/// The UIDs above the cursor, ascending.
pub(crate) async fn new_uids(
    session: &mut Session,
    selected: &Selected,
    mailbox: &Mailbox,
) -> Result<Vec<u32>, ImapError> {
    let Ok(first) = u32::try_from(mailbox.last_uid + 1) else { return Ok(Vec::new()) };
    session.search_from(first, selected).await
}

/// Fetches the first of these messages that fit into memory together.
pub(crate) async fn next_batch(
    session: &mut Session,
    mailbox: &Mailbox,
    intake: &Intake,
    uids: &[u32],
    manner: Manner,
) -> Result<Batch, ImapError> {
    let listed = session.sizes(uids).await?;
    let taken = fitting(uids, &listed, intake);
    let wanted = Wanted { uids: &taken, listed: &listed, manner };
    let mut batch = fetch(session, mailbox, intake, &wanted).await?;
    batch.last_uid = taken.last().map_or(mailbox.last_uid, |&uid| i64::from(uid));
    Ok(batch)
}

/// A message that is left for later.
pub fn gap(uid: u32, reason: String) -> Batch {
    Batch { gaps: vec![(uid, reason)], last_uid: i64::from(uid), ..Batch::default() }
}

/// Why a message is a gap whose fetching failed.
pub fn failed(error: &ImapError) -> String {
    format!("fetching it failed: {error}")
}

/// Tries again to fetch one message that was a gap.
pub(crate) async fn retry_gap(
    session: &mut Session,
    mailbox: &Mailbox,
    intake: &Intake,
    uid: u32,
    manner: Manner,
) -> Result<Batch, ImapError> {
    let listed = session.sizes(&[uid]).await?;
    let wanted = Wanted { uids: &[uid], listed: &listed, manner };
    let mut batch = fetch(session, mailbox, intake, &wanted).await?;
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
        let row = listed.iter().find(|row| row.uid == uid);
        // One whose size is not told may be as large as any.
        let size = row.map_or(0, |row| row.size.map_or(intake.max_message_size, u64::from));
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
    wanted: &Wanted<'_>,
) -> Result<Batch, ImapError> {
    let mut taken = Taken::nothing_of(wanted.uids);
    let asked = wanted.listed.iter().filter(|row| wanted.uids.contains(&row.uid));
    let (old, asked): (Vec<&Listed>, Vec<&Listed>) = asked.partition(|row| is_before_contact(mailbox, row));
    for row in old {
        taken.arrive(row, empty(row), Extent::Nothing);
    }
    let (small, large): (Vec<&Listed>, Vec<&Listed>) =
        asked.into_iter().partition(|row| wanted.manner == Manner::Usual && is_small(row, intake));
    let mut begun: Vec<(&Listed, Vec<u8>)> = large.into_iter().map(|row| (row, Vec::new())).collect();
    let uids: Vec<u32> = small.iter().map(|row| row.uid).collect();
    session
        .fetch(&uids, |fetched| {
            let Some(row) = small.iter().find(|row| row.uid == fetched.uid) else { return };
            let short = (fetched.raw.len() as u64) < row.size.map_or(0, u64::from);
            if short { begun.push((row, fetched.raw)) } else { taken.arrive(row, fetched, Extent::Full) }
        })
        .await?;
    for (row, begun) in begun {
        by_pieces(session, &mut taken, (row, begun), intake).await?;
    }
    taken.arrivals.sort_by_key(|arrival| arrival.fetched.uid);
    let missing: Vec<u32> = taken.lacking.keys().copied().collect();
    let there = if missing.is_empty() { missing } else { session.search_among(&missing).await? };
    let gaps = there.into_iter().filter_map(|uid| taken.lacking.remove_entry(&uid)).collect();
    Ok(Batch { arrivals: taken.arrivals, gaps, ..Batch::default() })
}

/// Takes what is too large for one answer, or of whose size the server said what is not so.
async fn by_pieces(
    session: &mut Session,
    taken: &mut Taken,
    (row, begun): (&Listed, Vec<u8>),
    intake: &Intake,
) -> Result<(), ImapError> {
    // Some servers tell a size that is a little below what they send.
    let limit = intake.max_message_size + intake.max_message_size / 16;
    let told = row.size.map_or(0, u64::from);
    let too_large = told > intake.max_message_size && session.is_longer(row.uid, limit).await?;
    let came = if too_large { Came::TooLong } else { session.fetch_large(row, begun, limit).await? };
    match came {
        Came::Whole(fetched) => taken.arrive(row, fetched, Extent::Full),
        Came::Nothing => {}
        Came::Short(bytes) => taken.lack(row, format!("the server handed over {bytes} bytes of {told}")),
        Came::TooLong => {
            if let Some(fetched) = session.fetch_headers(row.uid, HEADERS).await? {
                taken.arrive(row, fetched, Extent::Headers);
            }
        }
    }
    Ok(())
}

/// What came so far, and why the rest did not.
struct Taken {
    arrivals: Vec<Arrival>,
    lacking: BTreeMap<u32, String>,
}

impl Taken {
    fn nothing_of(uids: &[u32]) -> Self {
        let reason = |uid: &u32| (*uid, "the server did not hand it over".to_owned());
        Self { arrivals: Vec::new(), lacking: uids.iter().map(reason).collect() }
    }

    fn arrive(&mut self, row: &Listed, fetched: Fetched, extent: Extent) {
        let fetched = Fetched { internal_date: fetched.internal_date.or(row.internal_date), ..fetched };
        let came = fetched.raw.len() as u64;
        let size = if extent == Extent::Full { came } else { row.size.map_or(came, u64::from).max(came) };
        self.lacking.remove(&row.uid);
        self.arrivals.push(Arrival { fetched, size, extent });
    }

    fn lack(&mut self, row: &Listed, reason: String) {
        self.lacking.insert(row.uid, reason);
    }
}

/// Whether a message is small enough to be asked for with others, and its size is known.
fn is_small(row: &Listed, intake: &Intake) -> bool {
    let most = intake.batch_size.min(4 << 20).min(intake.max_message_size);
    row.size.is_some_and(|size| u64::from(size) <= most)
}

fn empty(row: &Listed) -> Fetched {
    Fetched { uid: row.uid, internal_date: row.internal_date, raw: Vec::new() }
}

fn is_before_contact(mailbox: &Mailbox, row: &Listed) -> bool {
    mailbox.is_from_before(i64::from(row.uid))
        && matches!((mailbox.not_before, row.internal_date), (Some(limit), Some(date)) if date < limit)
}
