//! A page of tickets, newest first, and how many there are.

use serde::Serialize;

use crate::desk::Desk;
use crate::desk::view::Reader;
use crate::desk::view::ViewError;
use crate::desk::view::resolve;
use crate::desk::view::resolve::Asked;
use crate::desk::view::sieve;
use crate::desk::view::sieve::Words;
use crate::store;
use crate::store::db::Tx;
use crate::store::filters::cursor::Cursor;
use crate::store::filters::test::Filter;
use crate::store::ticket_lists;
use crate::store::ticket_lists::Named;
use crate::ticket::id::TicketId;
use crate::ticket::query::Query;

/// Which part of a list is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Only lesser numbers than this.
    pub before: TicketId,
    pub limit: i64,
}

/// A page of tickets.
#[derive(Debug)]
pub struct Listing {
    pub rows: Vec<Row>,
    pub rest: Rest,
}

/// One ticket, with what a list shows of it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    #[serde(flatten)]
    pub named: Named,
    pub tags: Vec<String>,
}

/// What comes after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Nothing.
    End,
    /// More tickets, before this one.
    More(TicketId),
    /// So many were looked at that it was enough for one page: there may be more before this one.
    Unseen(TicketId),
}

/// How many tickets a query finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Exactly(i64),
    /// That many were counted, and there are or may be more.
    AtLeast(i64),
}

/// Tickets that are looked at for one page: some 20 ms.
pub(crate) const LONGEST_SCAN: i64 = 20_000;
/// Up to here tickets are counted.
pub(crate) const COUNTED: i64 = 1000;

/// The newest tickets that a query finds, before a number.
///
/// Words are looked for in the subjects and in all entries.
pub async fn list(
    desk: &Desk,
    tx: &mut Tx,
    query: &Query,
    page: Page,
    reader: Reader,
) -> Result<Listing, ViewError> {
    walk(desk, tx, query, (Cursor::Before(page.before), page.limit), reader).await
}

/// As [`list`], from any place on and in either direction.
pub(crate) async fn walk(
    desk: &Desk,
    tx: &mut Tx,
    query: &Query,
    (begin, limit): (Cursor, i64),
    reader: Reader,
) -> Result<Listing, ViewError> {
    let Asked { filters, words } = resolve::resolve(desk, tx, query, reader).await?;
    Ok(walked(tx, (&filters, &words), begin, limit).await?)
}

/// One ticket as a list shows it.
pub(crate) async fn one(tx: &mut Tx, id: TicketId) -> Result<Option<Row>, sqlx::Error> {
    Ok(rows(tx, &[id]).await?.pop())
}

/// How many tickets a query finds, exactly up to `COUNTED`.
pub async fn count(desk: &Desk, tx: &mut Tx, query: &Query, reader: Reader) -> Result<Count, ViewError> {
    count_to(desk, tx, query, COUNTED, reader).await
}

/// How many tickets a query finds, exactly up to so many.
pub(crate) async fn count_to(
    desk: &Desk,
    tx: &mut Tx,
    query: &Query,
    most: i64,
    reader: Reader,
) -> Result<Count, ViewError> {
    let Asked { filters, words } = resolve::resolve(desk, tx, query, reader).await?;
    let newest = Cursor::Before(TicketId(i64::MAX));
    let found = sieve::find(tx, (&filters, &words), newest, most + 1, LONGEST_SCAN).await?;
    let count = i64::try_from(found.ids.len()).unwrap_or(i64::MAX);
    Ok(match found.rest {
        _ if count > most => Count::AtLeast(most),
        Some(_) => Count::AtLeast(count),
        None => Count::Exactly(count),
    })
}

pub(super) async fn page_of(tx: &mut Tx, filters: &[Filter], page: Page) -> Result<Listing, sqlx::Error> {
    walked(tx, (filters, &Words::default()), Cursor::Before(page.before), page.limit).await
}

async fn walked(
    tx: &mut Tx,
    asked: (&[Filter], &Words),
    begin: Cursor,
    limit: i64,
) -> Result<Listing, sqlx::Error> {
    let limit = limit.max(1);
    // One more tells whether there are more.
    let found = sieve::find(tx, asked, begin, limit + 1, LONGEST_SCAN.max(limit)).await?;
    let mut ids = found.ids;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_longer = ids.len() > shown;
    ids.truncate(shown);
    let rest = match (found.rest, ids.last()) {
        (_, Some(last)) if is_longer => Rest::More(*last),
        (Some(Cursor::Before(at) | Cursor::After(at)), _) => Rest::Unseen(at),
        (None, _) => Rest::End,
    };
    let mut rows = rows(tx, &ids).await?;
    if matches!(begin, Cursor::After(_)) {
        rows.reverse();
    }
    Ok(Listing { rows, rest })
}

async fn rows(tx: &mut Tx, ids: &[TicketId]) -> Result<Vec<Row>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let named = ticket_lists::named(tx, ids).await?;
    // Of the least number first, so the last row's come first.
    let mut tags = store::tags::list_of(tx, ids).await?.into_iter().peekable();
    let mut rows: Vec<Row> = Vec::with_capacity(named.len());
    for named in named.into_iter().rev() {
        let mut own = Vec::new();
        while let Some(tagged) = tags.next_if(|tagged| tagged.ticket_id <= named.ticket.id) {
            own.extend((tagged.ticket_id == named.ticket.id).then_some(tagged.tag));
        }
        rows.push(Row { named, tags: own });
    }
    rows.reverse();
    Ok(rows)
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(count) => count.fmt(f),
            Self::AtLeast(count) => write!(f, "{count}+"),
        }
    }
}
