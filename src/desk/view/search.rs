//! Entries by their words: the newest that have them, or of those the ones that fit best.
//!
//! Whoever takes part as a customer finds what is public. Work is bounded however common the words are: what would
//! take longer is said to be unseen, and from where to go on.

use std::cmp::Ordering;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::view::Audience;
use crate::store;
use crate::store::db::Tx;
use crate::store::db::entry_words;
use crate::store::db::entry_words::Hit;
use crate::store::db::entry_words::Reach;
use crate::store::followups::searching;
use crate::store::followups::searching::Shown;
use crate::tasks;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::words::snippet;
use crate::ticket::words::snippet::Snippet;
use crate::ticket::words::sought::Sought;

/// Entries that are looked at in one step, and in one search where no index gives them in order.
const PACE: i64 = 2048;
const LONGEST_WALK: i64 = 20 * PACE;
/// The newest entries among which the best are.
const RANKED: i64 = 1000;
/// Characters of an entry that count for how well it fits, and of one that is shown.
const WEIGHED: i32 = 4000;
const READ: i32 = 100_000;

/// Which entries come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Newest,
    /// Of the newest, those that fit best.
    Best,
}

/// Which part of what is found is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only older entries than this; with the best first it has no meaning.
    pub before: FollowupId,
    pub limit: i64,
    pub order: Order,
}

/// What was found.
#[derive(Debug)]
pub struct Findings {
    pub rows: Vec<Finding>,
    pub rest: Rest,
    /// Entries from this one down are not in the index yet; none: all are.
    pub unindexed: Option<FollowupId>,
}

/// An entry that was found.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub id: FollowupId,
    pub ticket_id: TicketId,
    /// The slug.
    pub queue: String,
    pub subject: String,
    pub author: Option<String>,
    pub visibility: Visibility,
    pub created_at: Timestamp,
    pub snippet: Snippet,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    End,
    /// More entries, before this one.
    More(FollowupId),
    /// So many were looked at that it was enough: there may be more before this one.
    Unseen(FollowupId),
}

/// Entries that were found by their words.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The newest first.
    pub(super) hits: Vec<Hit>,
    /// From where to look on, where that was not all.
    pub(super) rest: Option<FollowupId>,
}

/// The entries that have what is sought.
pub async fn search(
    tx: &mut Tx,
    sought: &Sought,
    page: Page,
    audience: Audience,
) -> Result<Findings, sqlx::Error> {
    let only = match audience {
        Audience::Staff => None,
        Audience::Outsider => Some(Visibility::Public),
    };
    let next = store::word_backfill::next(tx).await?;
    let unindexed = (next.0 > 0).then_some(next);
    let limit = page.limit.max(1);
    let (ids, rest) = match page.order {
        Order::Newest => newest(tx, sought, Reach { before: page.before, only }, limit).await?,
        Order::Best => {
            let reach = Reach { before: FollowupId(i64::MAX), only };
            let found = find(tx, sought, reach, RANKED).await?;
            let ids: Vec<FollowupId> = found.hits.iter().map(|hit| hit.id).collect();
            (ranked(tx, &ids, sought, limit).await?, Rest::End)
        }
    };
    let shown = searching::list_shown(tx, &ids, READ).await?;
    let sought = sought.clone();
    let made = tasks::aside(move || rows(&ids, shown, &sought)).await;
    Ok(Findings { rows: made.map_err(|_| sqlx::Error::WorkerCrashed)?, rest, unindexed })
}

async fn newest(
    tx: &mut Tx,
    sought: &Sought,
    reach: Reach,
    limit: i64,
) -> Result<(Vec<FollowupId>, Rest), sqlx::Error> {
    // One more tells whether there are more.
    let found = find(tx, sought, reach, limit + 1).await?;
    let mut ids: Vec<FollowupId> = found.hits.iter().map(|hit| hit.id).collect();
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_longer = ids.len() > shown;
    ids.truncate(shown);
    let rest = match (found.rest, ids.last()) {
        (_, Some(last)) if is_longer => Rest::More(*last),
        (Some(at), _) => Rest::Unseen(at),
        (None, _) => Rest::End,
    };
    Ok((ids, rest))
}

/// The newest entries that have what is sought: at most so many.
///
/// What is common is found among the newest; what is not there is rare enough to ask the index for all of it.
pub(super) async fn find(
    tx: &mut Tx,
    sought: &Sought,
    reach: Reach,
    limit: i64,
) -> Result<Found, sqlx::Error> {
    let (mut found, mut reach) = (Found::default(), reach);
    let (mut left, mut asks_index) = (LONGEST_WALK, true);
    if entry_words::is_in_order(tx, sought) {
        found.hits = entry_words::find(tx, sought, reach, limit).await?.unwrap_or_default();
        return Ok(found);
    }
    loop {
        found.hits.extend(entry_words::walk(tx, sought, reach, PACE).await?);
        let missing = limit - i64::try_from(found.hits.len()).unwrap_or(i64::MAX);
        let last = entry_words::last_walked(tx, reach.before, PACE).await?;
        let Some(last) = last.filter(|_| missing > 0) else {
            found.hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            return Ok(found);
        };
        reach.before = last;
        if asks_index {
            if let Some(hits) = entry_words::find(tx, sought, reach, missing).await? {
                found.hits.extend(hits);
                return Ok(found);
            }
            asks_index = false;
        }
        left -= PACE;
        if left <= 0 {
            found.rest = Some(last);
            return Ok(found);
        }
    }
}

/// Those of these entries that fit best, the best first.
async fn ranked(
    tx: &mut Tx,
    ids: &[FollowupId],
    sought: &Sought,
    limit: i64,
) -> Result<Vec<FollowupId>, sqlx::Error> {
    let shown = searching::list_shown(tx, ids, WEIGHED).await?;
    let wanted = sought.wanted.clone();
    let weighed = tasks::aside(move || {
        let weigh = |shown: &Shown| (snippet::score(&shown.text, &shown.subject, &wanted), shown.id);
        let mut weighed: Vec<(f64, FollowupId)> = shown.iter().map(weigh).collect();
        let better = |one: &(f64, FollowupId), other: &(f64, FollowupId)| {
            other.0.partial_cmp(&one.0).unwrap_or(Ordering::Equal).then(other.1.cmp(&one.1))
        };
        weighed.sort_by(better);
        weighed
    });
    let weighed = weighed.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(weighed.into_iter().take(limit).map(|(_, id)| id).collect())
}

/// What was found, in the order of its numbers in the list.
fn rows(ids: &[FollowupId], shown: Vec<Shown>, sought: &Sought) -> Vec<Finding> {
    let mut rows: Vec<Finding> = shown.into_iter().map(|shown| finding(shown, sought)).collect();
    let place = |row: &Finding| ids.iter().position(|id| *id == row.id);
    rows.sort_by_cached_key(place);
    rows
}

fn finding(shown: Shown, sought: &Sought) -> Finding {
    Finding {
        id: shown.id,
        ticket_id: shown.ticket_id,
        queue: shown.queue,
        subject: shown.subject,
        author: shown.author_name,
        visibility: shown.visibility,
        created_at: shown.created_at,
        snippet: snippet::snippet(&shown.text, &sought.wanted),
    }
}
