//! The `tickets` table as lists: filtered, in order of numbers, a page at a time.
//!
//! Each list walks an index that holds little else than what it returns, whatever else the desk holds. First
//! the numbers of a page are found, then its rows. The conditions are put together in `filters`.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::json_list;
use crate::store::db::listed;
use crate::store::db::on;
use crate::store::filters;
use crate::store::filters::Limits;
use crate::store::filters::Plan;
use crate::store::filters::cursor::Cursor;
use crate::store::filters::cursor::SEGMENT;
use crate::store::filters::test::Span;
use crate::store::filters::test::Spanned;
use crate::store::filters::test::Test;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// Which tickets are wanted. What is none is not asked about.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    pub submitter: Option<UserId>,
    pub owner: Option<UserId>,
    pub shown: Shown,
    /// Created from then until then, both included.
    pub created: Option<(Timestamp, Timestamp)>,
}

/// In which state tickets are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    All,
    Unresolved,
    /// Unresolved, and due from then until before then.
    Due(Timestamp, Timestamp),
    Open,
    OnHold,
    Unassigned,
    Closed,
}

/// Tickets that were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub ids: Vec<TicketId>,
    /// From where to look on, if more would have had to be looked at; else these are all, or as many as were wanted.
    pub rest: Option<Cursor>,
}

/// One ticket of a list, with the names that belong to its numbers.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: TicketId,
    pub subject: String,
    pub submitter_id: Option<UserId>,
    pub kind: Option<String>,
    pub queue: String,
    pub status: Status,
    pub held_at: Option<Timestamp>,
    pub priority: Priority,
    pub due_at: Option<Timestamp>,
    pub owner_id: Option<UserId>,
    pub owner_name: Option<String>,
    pub owner_email: Option<String>,
    pub created_at: Timestamp,
    pub merged_into: Option<TicketId>,
}

row!(Listed {
    id,
    subject,
    submitter_id,
    kind,
    queue,
    status,
    held_at,
    priority,
    due_at,
    owner_id,
    owner_name,
    owner_email,
    created_at,
    merged_into,
});

impl Filter {
    /// The conditions that it stands for.
    pub fn conditions(&self) -> Vec<filters::test::Filter> {
        let people = [self.submitter.map(Test::Submitter), self.owner.map(Test::Owner)];
        let created = self
            .created
            .map(|(from, last)| Test::Created(Span { from, until: Timestamp(last.0.saturating_add(1)) }));
        let tests = people.into_iter().chain([self.shown.test(), created]).flatten();
        tests.map(filters::test::Filter::wanted).collect()
    }
}

/// The numbers of the next tickets that fulfil all conditions, in order: at most `limit`, of at most `most`
/// that are looked at.
pub async fn find(
    tx: &mut Tx,
    conditions: &[filters::test::Filter],
    mut cursor: Cursor,
    limit: i64,
    most: Option<i64>,
) -> Result<Found, sqlx::Error> {
    let plan = Plan::of(conditions);
    let (mut ids, mut left) = (Vec::new(), most);
    loop {
        let mut segment = 0;
        if let Some(span) = plan.span {
            let Some(next) = next_segment(tx, span, cursor).await? else {
                return Ok(Found { ids, rest: None });
            };
            segment = next;
            cursor = cursor.at_least(segment);
        }
        // With a span it is worth looking anew where to go on. A segment is looked at as a whole.
        let walked = match plan.span {
            Some(_) if plan.is_by_segment() => SEGMENT,
            Some(_) => left.unwrap_or(SEGMENT).min(SEGMENT),
            None => left.unwrap_or(i64::MAX),
        };
        let found = limit - i64::try_from(ids.len()).unwrap_or(i64::MAX);
        let statement = plan.statement(cursor, segment, Limits { walked, found });
        let numbers = filters::numbers(tx, &statement).await?;
        ids.extend(numbers.into_iter().map(TicketId));
        if i64::try_from(ids.len()) == Ok(limit) {
            return Ok(Found { ids, rest: None });
        }
        cursor = if plan.is_by_segment() {
            if let Some(left) = &mut left {
                *left -= filters::numbers(tx, &plan.count(cursor, segment)).await?.pop().unwrap_or_default();
            }
            cursor.beyond(segment)
        } else {
            // Without a bound nothing was left out.
            let last = match walked {
                i64::MAX => None,
                walked => filters::numbers(tx, &plan.last(cursor, walked)).await?.pop(),
            };
            let Some(last) = last else { return Ok(Found { ids, rest: None }) };
            left = left.map(|left| left - walked);
            cursor.to(TicketId(last))
        };
        if left.is_some_and(|left| left <= 0) {
            return Ok(Found { ids, rest: Some(cursor) });
        }
    }
}

/// The next part of the table in which tickets were created or are due in a time: their numbers divided by
/// `SEGMENT`.
///
/// Numbers grow with time, but not strictly: so one part after the other is asked, each by its index.
pub async fn next_segment(tx: &mut Tx, span: Spanned, cursor: Cursor) -> Result<Option<i64>, sqlx::Error> {
    let sql = match (span, cursor) {
        (Spanned::Created(_), Cursor::After(_)) => {
            "with recursive segments (n) as (
                select min(id) / 4096 from tickets where id > $1
                union all select n + 1 from segments where n < (select max(id) / 4096 from tickets))
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and created_at >= $2 and created_at < $3 limit 1) = 1 limit 1"
        }
        (Spanned::Created(_), Cursor::Before(_)) => {
            "with recursive segments (n) as (
                select max(id) / 4096 from tickets where id < $1
                union all select n - 1 from segments where n > 0)
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and created_at >= $2 and created_at < $3 limit 1) = 1 limit 1"
        }
        (Spanned::Due(_), Cursor::After(_)) => {
            "with recursive segments (n) as (
                select min(id) / 4096 from tickets where id > $1
                union all select n + 1 from segments where n < (select max(id) / 4096 from tickets))
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and due_at >= $2 and due_at < $3 and due_at is not null
                    and status in ('open', 'reopened') limit 1) = 1 limit 1"
        }
        (Spanned::Late(_), Cursor::After(_)) => {
            "with recursive segments (n) as (
                select min(id) / 4096 from tickets where id > $1
                union all select n + 1 from segments where n < (select max(id) / 4096 from tickets))
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and late_at >= $2 and late_at < $3 and late_at is not null
                    and status in ('open', 'reopened') limit 1) = 1 limit 1"
        }
        (Spanned::Due(_), Cursor::Before(_)) => {
            "with recursive segments (n) as (
                select max(id) / 4096 from tickets where id < $1
                union all select n - 1 from segments where n > 0)
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and due_at >= $2 and due_at < $3 and due_at is not null
                    and status in ('open', 'reopened') limit 1) = 1 limit 1"
        }
        (Spanned::Late(_), Cursor::Before(_)) => {
            "with recursive segments (n) as (
                select max(id) / 4096 from tickets where id < $1
                union all select n - 1 from segments where n > 0)
            select n from segments where (select 1 from tickets
                where id / 4096 = segments.n and late_at >= $2 and late_at < $3 and late_at is not null
                    and status in ('open', 'reopened') limit 1) = 1 limit 1"
        }
    };
    let at = cursor.at();
    let (Spanned::Created(span) | Spanned::Due(span) | Spanned::Late(span)) = span;
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(at).bind(span.from).bind(span.until).fetch_optional(conn).await
    })
}

/// The rows of these tickets, the least number first; one that is gone is left out.
pub async fn rows(tx: &mut Tx, ids: &[TicketId]) -> Result<Vec<Listed>, sqlx::Error> {
    let sql = listed!(
        tx,
        "select tickets.id, tickets.subject, tickets.submitter_id, ticket_types.name as kind, queues.title as queue,
            tickets.status, tickets.held_at, tickets.priority, tickets.due_at, tickets.owner_id,
            owners.name as owner_name, owners.email as owner_email, tickets.created_at, tickets.merged_into
        from tickets join queues on queues.id = tickets.queue_id
            left join ticket_types on ticket_types.id = tickets.type_id
            left join users as owners on owners.id = tickets.owner_id
        where tickets.id",
        " order by tickets.id"
    );
    let ids = json_list(ids);
    on!(tx, |conn| sqlx::query_as(sql).bind(ids).fetch_all(conn).await)
}

/// A ticket with the names of those around it.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    #[serde(flatten)]
    pub ticket: Ticket,
    /// The slug.
    pub queue: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub submitter_name: Option<String>,
    pub submitter_email: Option<String>,
    pub owner_name: Option<String>,
    pub owner_email: Option<String>,
}

row!(Named {
    ..ticket,
    queue,
    kind,
    submitter_name,
    submitter_email,
    owner_name,
    owner_email,
});

/// These tickets whole and with names, the greatest number first; one that is gone is left out.
pub async fn named(tx: &mut Tx, ids: &[TicketId]) -> Result<Vec<Named>, sqlx::Error> {
    let sql = listed!(
        tx,
        "select tickets.*, queues.slug as queue, ticket_types.name as kind,
            submitters.name as submitter_name, submitters.email as submitter_email,
            owners.name as owner_name, owners.email as owner_email
        from tickets join queues on queues.id = tickets.queue_id
            left join ticket_types on ticket_types.id = tickets.type_id
            left join users as submitters on submitters.id = tickets.submitter_id
            left join users as owners on owners.id = tickets.owner_id
        where tickets.id",
        " order by tickets.id desc"
    );
    let ids = json_list(ids);
    on!(tx, |conn| sqlx::query_as(sql).bind(ids).fetch_all(conn).await)
}

/// The ticket that this one was merged into, or itself. A longer chain than twenty is damage.
pub async fn survivor(tx: &mut Tx, id: TicketId) -> Result<TicketId, sqlx::Error> {
    let sql = "with recursive chain (id, merged_into, depth) as (
            select id, merged_into, 0 from tickets where id = $1
            union all select tickets.id, tickets.merged_into, chain.depth + 1
                from tickets join chain on tickets.id = chain.merged_into where chain.depth < 20)
        select id from chain order by depth desc limit 1";
    let found: Option<TicketId> =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)?;
    Ok(found.unwrap_or(id))
}

impl Shown {
    fn test(self) -> Option<Test> {
        Some(match self {
            Self::All => return None,
            Self::Unresolved => Test::Open,
            Self::Due(from, until) => Test::Due(Span { from, until }),
            Self::Open => Test::Active,
            Self::OnHold => Test::Held,
            Self::Unassigned => Test::Idle,
            Self::Closed => Test::Ended,
        })
    }
}
