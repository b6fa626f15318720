//! The `tickets` table as lists for programs: filtered, in order of numbers, a page at a time.
//!
//! Each list walks an index that holds little else than what it returns, whatever else the desk holds. First
//! the numbers of a page are found, then its rows.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::listed;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
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

/// Where a page begins, and which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// Greater numbers than this, the least first.
    After(TicketId),
    /// Lesser numbers than this, the greatest first.
    Before(TicketId),
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

/// A query for numbers: what the index finds, then what is checked of each, then the order.
///
/// A `+` keeps a database from walking the index of a column that is only checked. $1 is the cursor, $2 the
/// limit, $3 the state, $4 and $5 when it was created, $6 and $7 when it is due, $8 the submitter, $9 the owner.
macro_rules! numbers {
    ($found:literal, $order:literal) => {
        concat!(
            $found,
            " and + created_at >= $4 and + created_at <= $5 and ($8 = 0 or + submitter_id = $8)
            and ($9 = 0 or + owner_id = $9)
            and case $3 when 'all' then true when 'unresolved' then status in ('open', 'reopened')
                when 'due' then status in ('open', 'reopened') and due_at is not null and + due_at >= $6 and + due_at < $7
                when 'closed' then status not in ('open', 'reopened')
                when 'onhold' then status in ('open', 'reopened') and held_at is not null
                when 'unassigned' then status in ('open', 'reopened') and held_at is null and owner_id is null
                else status in ('open', 'reopened') and held_at is null and owner_id is not null end",
            $order
        )
    };
}

/// The same query in both directions.
macro_rules! both_ways {
    ($cursor:expr, $found:literal) => {
        match $cursor {
            Cursor::After(_) => numbers!($found, " and id > $1 order by id limit $2"),
            Cursor::Before(_) => numbers!($found, " and id < $1 order by id desc limit $2"),
        }
    };
}

/// The same query without an order, for an index that has another.
macro_rules! unordered {
    ($cursor:expr, $found:literal) => {
        match $cursor {
            Cursor::After(_) => numbers!($found, " and + id > $1 limit $2"),
            Cursor::Before(_) => numbers!($found, " and + id < $1 limit $2"),
        }
    };
}

impl Filter {
    /// Whether the index that finds these tickets has them in order of numbers.
    ///
    /// If not, all numbers come at once, in no order; they are eight bytes each.
    pub fn is_ordered(&self) -> bool {
        let by_person = self.submitter.is_some() || self.owner.is_some();
        by_person
            || match self.shown {
                Shown::Due(..) => false,
                Shown::All | Shown::Closed => self.created.is_none(),
                Shown::Unresolved | Shown::Open | Shown::OnHold | Shown::Unassigned => true,
            }
    }
}

/// The numbers of the next tickets; at most `limit`, and all of them if the filter is not ordered.
pub async fn numbers(
    tx: &mut Tx,
    filter: &Filter,
    cursor: Cursor,
    limit: i64,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = statement(filter, cursor);
    let (Cursor::After(at) | Cursor::Before(at)) = cursor;
    let limit = if filter.is_ordered() { limit } else { i64::MAX };
    let (from, until) = filter.created.unwrap_or((Timestamp(i64::MIN), Timestamp(i64::MAX)));
    let (due_from, due_until) = match filter.shown {
        Shown::Due(from, until) => (from, until),
        _ => (Timestamp(0), Timestamp(0)),
    };
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(at)
            .bind(limit)
            .bind(filter.shown.word())
            .bind(from)
            .bind(until)
            .bind(due_from)
            .bind(due_until)
            .bind(filter.submitter.unwrap_or(UserId(0)))
            .bind(filter.owner.unwrap_or(UserId(0)))
            .fetch_all(conn)
            .await
    })
}

/// The statement whose index holds the fewest tickets that are not wanted.
pub fn statement(filter: &Filter, cursor: Cursor) -> &'static str {
    if filter.submitter.is_some() {
        return both_ways!(cursor, "select id from tickets where submitter_id = $8");
    }
    if filter.owner.is_some() {
        return match filter.shown {
            Shown::All | Shown::Closed => both_ways!(cursor, "select id from tickets where owner_id = $9"),
            _ => both_ways!(
                cursor,
                "select id from tickets where owner_id = $9 and owner_id is not null and status in ('open', 'reopened')"
            ),
        };
    }
    match filter.shown {
        Shown::Due(..) => unordered!(
            cursor,
            "select id from tickets where due_at >= $6 and due_at < $7 and due_at is not null and status in ('open', 'reopened')"
        ),
        Shown::All | Shown::Closed if filter.created.is_some() => {
            unordered!(cursor, "select id from tickets where created_at >= $4 and created_at <= $5")
        }
        Shown::All => both_ways!(cursor, "select id from tickets where true"),
        Shown::Unresolved => {
            both_ways!(cursor, "select id from tickets where status in ('open', 'reopened')")
        }
        Shown::Open | Shown::OnHold | Shown::Unassigned | Shown::Closed => both_ways!(
            cursor,
            "select id from tickets where case when status not in ('open', 'reopened') then 'closed'
                when held_at is not null then 'onhold' when owner_id is null then 'unassigned' else 'open' end = $3"
        ),
    }
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
    let ids = ids.iter().map(TicketId::to_string).collect::<Vec<_>>().join(",");
    let ids = format!("[{ids}]");
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
    /// As the statements call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unresolved => "unresolved",
            Self::Due(..) => "due",
            Self::Open => "open",
            Self::OnHold => "onhold",
            Self::Unassigned => "unassigned",
            Self::Closed => "closed",
        }
    }
}
