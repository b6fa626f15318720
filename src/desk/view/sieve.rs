//! The words of a query: which tickets have them in some entry, and which of those that are walked.
//!
//! Tickets with a rare word are asked for by their numbers. A common one is looked for in those that the other
//! conditions leave: one of a few has it.

use std::collections::BTreeSet;
use std::ops::Bound;

use crate::desk::view::search;
use crate::store::db::Tx;
use crate::store::db::entry_words;
use crate::store::db::entry_words::Reach;
use crate::store::filters::cursor::Cursor;
use crate::store::filters::test::Filter;
use crate::store::filters::test::MOST_AMONG;
use crate::store::filters::test::Test;
use crate::store::ticket_lists;
use crate::store::ticket_lists::Found;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::words::clause::Clause;
use crate::ticket::words::sought::Sought;

/// Entries with a word that is rare.
const RARE: i64 = 1000;
/// Tickets that are looked at together, and for one page.
const TOGETHER: i64 = 256;
const LONGEST_LOOK: i64 = 32 * TOGETHER;

/// What a query says of words.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    pub(super) wanted: Vec<Clause>,
    pub(super) excluded: Vec<Clause>,
}

/// The next tickets that fulfil all conditions and have the words, in the direction of the cursor.
pub(super) async fn find(
    tx: &mut Tx,
    (filters, words): (&[Filter], &Words),
    begin: Cursor,
    limit: i64,
    most: i64,
) -> Result<Found, sqlx::Error> {
    if words.wanted.is_empty() && words.excluded.is_empty() {
        return ticket_lists::find(tx, filters, begin, limit, Some(most)).await;
    }
    let (mut among, mut common): (Option<BTreeSet<TicketId>>, _) = (None, Vec::new());
    for clause in &words.wanted {
        match (tickets_with(tx, clause).await?, &mut among) {
            (None, _) => common.push(clause),
            (Some(tickets), None) => among = Some(tickets),
            (Some(tickets), Some(among)) => among.retain(|id| tickets.contains(id)),
        }
    }
    let sieve = Sieve { filters, wanted: common, excluded: &words.excluded, limit };
    match among {
        Some(among) => {
            let among: Vec<TicketId> = match begin {
                Cursor::Before(at) => among.range(..at).rev().copied().collect(),
                Cursor::After(at) => among.range((Bound::Excluded(at), Bound::Unbounded)).copied().collect(),
            };
            sieve.pick(tx, begin, &among).await
        }
        None => sieve.walk(tx, begin, most).await,
    }
}

/// The tickets of which some entry has these words; none where those are common.
async fn tickets_with(tx: &mut Tx, clause: &Clause) -> Result<Option<BTreeSet<TicketId>>, sqlx::Error> {
    let reach = Reach { before: FollowupId(i64::MAX), only: None };
    let found = search::find(tx, &Sought::of(clause.clone()), reach, RARE + 1).await?;
    let is_rare = found.rest.is_none() && i64::try_from(found.hits.len()).is_ok_and(|count| count <= RARE);
    Ok(is_rare.then(|| found.hits.into_iter().map(|hit| hit.ticket_id).collect()))
}

struct Sieve<'q> {
    filters: &'q [Filter],
    wanted: Vec<&'q Clause>,
    excluded: &'q [Clause],
    limit: i64,
}

impl Sieve<'_> {
    /// Those of these tickets, which all lie behind the cursor.
    async fn pick(&self, tx: &mut Tx, begin: Cursor, among: &[TicketId]) -> Result<Found, sqlx::Error> {
        let mut ids = Vec::new();
        for some in among.chunks(MOST_AMONG) {
            let mut filters = self.filters.to_vec();
            filters.push(Filter::wanted(Test::Among(some.to_vec())));
            let found = ticket_lists::find(tx, &filters, begin, TOGETHER, None).await?;
            ids.extend(self.kept(tx, found.ids).await?);
            if self.is_enough(&mut ids) {
                break;
            }
        }
        Ok(Found { ids, rest: None })
    }

    /// Those of all tickets.
    async fn walk(&self, tx: &mut Tx, begin: Cursor, most: i64) -> Result<Found, sqlx::Error> {
        let (mut ids, mut cursor, mut left) = (Vec::new(), begin, LONGEST_LOOK);
        loop {
            let found = ticket_lists::find(tx, self.filters, cursor, TOGETHER, Some(most)).await?;
            let last = found.ids.last().copied();
            let is_whole = i64::try_from(found.ids.len()) != Ok(TOGETHER);
            ids.extend(self.kept(tx, found.ids).await?);
            left -= TOGETHER;
            match last {
                _ if self.is_enough(&mut ids) => return Ok(Found { ids, rest: None }),
                Some(last) if !is_whole => cursor = cursor.to(last),
                _ => return Ok(Found { ids, rest: found.rest }),
            }
            if left <= 0 {
                return Ok(Found { ids, rest: Some(cursor) });
            }
        }
    }

    fn is_enough(&self, ids: &mut Vec<TicketId>) -> bool {
        ids.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        i64::try_from(ids.len()) == Ok(self.limit)
    }

    /// Those that have what is wanted and nothing that is not.
    async fn kept(&self, tx: &mut Tx, mut ids: Vec<TicketId>) -> Result<Vec<TicketId>, sqlx::Error> {
        let wanted = self.wanted.iter().map(|clause| (*clause, true));
        for (clause, is_wanted) in wanted.chain(self.excluded.iter().map(|clause| (clause, false))) {
            if ids.is_empty() {
                break;
            }
            let with = entry_words::tickets_with(tx, &ids, clause).await?;
            let with: BTreeSet<TicketId> = with.into_iter().collect();
            ids.retain(|id| with.contains(id) == is_wanted);
        }
        Ok(ids)
    }
}
