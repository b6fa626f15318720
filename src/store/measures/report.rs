//! What reports count: put together by the database, so that no ticket is a row here.
//!
//! Each statement asks for one kind of place, by number: 1 queue, 2 type, 3 agent, 4 owner; 0 is the whole. Tags have
//! statements of their own, as a ticket can have several: of each ticket by itself, as a page is far less than all tags.
//! Each is asked of one page after the other: a database that
//! puts millions of rows in order at once keeps them all, and is slower by far.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::measure::MeasureKind;

/// Stands between the tags of a ticket; no tag has it.
const BETWEEN_TAGS: char = '\u{1f}';

/// By what is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Whole,
    Queue,
    Type,
    /// Whose doing it was.
    Agent,
    /// Whose the ticket is.
    Owner,
    Tag,
}

/// From a moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// What is gone through in pages, by its moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    Measured,
    Opened,
    Rated,
}

/// The first moment within a span, and that of the row so many after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub first: Option<Timestamp>,
    pub next: Option<Timestamp>,
}

row!(Ahead { first, next });

/// Measures of one kind in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// A number, or all tags of a ticket; none: nobody, no type or no tag. See [`Place::each`].
    pub place: Option<String>,
    pub kind: MeasureKind,
    /// Whether the target was met; none: there was none.
    pub met: Option<i64>,
    pub count: i64,
    /// In one text, with spaces between, as a row for each would cost more than all else.
    minutes: Option<String>,
}

row!(Measured { place, kind, met, count, minutes });

/// How many there are in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub place: Option<String>,
    pub count: i64,
    /// The sum of ratings; 0 elsewhere.
    pub total: i64,
}

row!(Counted { place, count, total });

impl Measured {
    /// Of each whose time is known, in no order.
    pub fn minutes(&self) -> impl Iterator<Item = i64> {
        self.minutes.iter().flat_map(|all| all.split(' ')).filter_map(|one| one.parse().ok())
    }
}

impl Place {
    /// The places of a row. Of tags there can be several, or none: with them, the whole is named as none.
    pub fn each(self, place: Option<&str>) -> Vec<Option<String>> {
        if self != Self::Tag {
            return vec![place.map(str::to_owned)];
        }
        let tags = place.iter().flat_map(|tags| tags.split(BETWEEN_TAGS));
        tags.map(|tag| Some(tag.to_owned())).chain([None]).collect()
    }

    fn number(self) -> i64 {
        match self {
            Self::Whole | Self::Tag => 0,
            Self::Queue => 1,
            Self::Type => 2,
            Self::Agent => 3,
            Self::Owner => 4,
        }
    }
}

/// Where a page of so many rows would end.
pub async fn ahead(tx: &mut Tx, moments: Moments, span: Span, rows: i64) -> Result<Ahead, sqlx::Error> {
    let sql = match moments {
        Moments::Measured => {
            "select (select at from measures where at >= $1 and at < $2 order by at limit 1) as first,
                (select at from measures where at >= $1 and at < $2 order by at limit 1 offset 0 + $3) as next"
        }
        Moments::Opened => {
            "select (select created_at from tickets where created_at >= $1 and created_at < $2
                    order by created_at limit 1) as first,
                (select created_at from tickets where created_at >= $1 and created_at < $2
                    order by created_at limit 1 offset 0 + $3) as next"
        }
        Moments::Rated => {
            "select (select changed_at from ratings where changed_at >= $1 and changed_at < $2
                    order by changed_at limit 1) as first,
                (select changed_at from ratings where changed_at >= $1 and changed_at < $2
                    order by changed_at limit 1 offset 0 + $3) as next"
        }
    };
    on!(tx, |conn| sqlx::query_as(sql).bind(span.from).bind(span.until).bind(rows).fetch_one(conn).await)
}

/// Answers and ends within a span, with their times.
pub async fn measured(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Measured>, sqlx::Error> {
    let of_tags = "with chosen as (
            select (select string_agg(tag, '\u{1f}') from tags where tags.ticket_id = measures.ticket_id) as place, kind, met, minutes
            from measures where at >= $1 and at < $2 and cast($3 as bigint) = 0
        )
        select chosen.place, kind, met, count(*) as count, string_agg(cast(minutes as text), ' ') as minutes
        from chosen group by chosen.place, kind, met";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then agent_id when 4 then owner_id
                else 0 end as place, kind, met, minutes
            from measures where at >= $1 and at < $2
        )
        select cast(chosen.place as text) as place, kind, met, count(*) as count,
            string_agg(cast(minutes as text), ' ') as minutes
        from chosen group by chosen.place, kind, met";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(span.from).bind(span.until).bind(place.number()).fetch_all(conn).await
    })
}

/// Tickets that were opened within a span. By agent: whose they are.
pub async fn opened(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "with chosen as (
            select (select string_agg(tag, '\u{1f}') from tags where tags.ticket_id = tickets.id) as place
            from tickets where created_at >= $1 and created_at < $2 and cast($3 as bigint) = 0
        )
        select chosen.place, count(*) as count, cast(0 as bigint) as total from chosen group by chosen.place";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                else 0 end as place
            from tickets where created_at >= $1 and created_at < $2
        )
        select cast(chosen.place as text) as place, count(*) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    counted(tx, sql, place, span).await
}

/// By how many tickets fewer are open after a span than before it, but for those that were opened in it.
pub async fn ended(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "with chosen as (
            select (select string_agg(tag, '\u{1f}') from tags where tags.ticket_id = measures.ticket_id) as place, case kind when 'reopened' then -1 else 1 end as n
            from measures where at >= $1 and at < $2 and kind in ('resolved', 'merged', 'reopened')
                and cast($3 as bigint) = 0
        )
        select chosen.place, cast(sum(n) as bigint) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                else 0 end as place, case kind when 'reopened' then -1 else 1 end as n
            from measures where at >= $1 and at < $2 and kind in ('resolved', 'merged', 'reopened')
        )
        select cast(chosen.place as text) as place, cast(sum(n) as bigint) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    counted(tx, sql, place, span).await
}

/// The last of so many open tickets whose numbers are after one; none: there are fewer.
pub async fn open_upto(tx: &mut Tx, after: TicketId, rows: i64) -> Result<Option<TicketId>, sqlx::Error> {
    let sql = "select id from tickets where status in ('open', 'reopened') and id > $1 order by id limit 1 offset 0 + $2 - 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(after).bind(rows).fetch_optional(conn).await)
}

/// Tickets that are open now, of numbers after one and up to another. By agent: whose they are.
pub async fn open(
    tx: &mut Tx,
    place: Place,
    after: TicketId,
    upto: TicketId,
) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "with chosen as (
            select (select string_agg(tag, '\u{1f}') from tags where tags.ticket_id = tickets.id) as place
            from tickets where status in ('open', 'reopened') and id > $1 and id <= $2 and cast($3 as bigint) = 0
        )
        select chosen.place, count(*) as count, cast(0 as bigint) as total from chosen group by chosen.place";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                else 0 end as place
            from tickets where status in ('open', 'reopened') and id > $1 and id <= $2
        )
        select cast(chosen.place as text) as place, count(*) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(upto).bind(place.number()).fetch_all(conn).await)
}

/// Ratings that were given within a span, and their sum. By agent: whose the tickets are.
pub async fn rated(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "with chosen as (
            select (select string_agg(tag, '\u{1f}') from tags where tags.ticket_id = ratings.ticket_id) as place, value
            from ratings where changed_at >= $1 and changed_at < $2 and cast($3 as bigint) = 0
        )
        select chosen.place, count(*) as count, cast(sum(value) as bigint) as total from chosen group by chosen.place";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then tickets.queue_id when 2 then tickets.type_id when 3 then tickets.owner_id
                when 4 then tickets.owner_id else 0 end as place, ratings.value
            from ratings join tickets on tickets.id = ratings.ticket_id
            where ratings.changed_at >= $1 and ratings.changed_at < $2
        )
        select cast(chosen.place as text) as place, count(*) as count, cast(sum(value) as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    counted(tx, sql, place, span).await
}

async fn counted(
    tx: &mut Tx,
    sql: &'static str,
    place: Place,
    span: Span,
) -> Result<Vec<Counted>, sqlx::Error> {
    on!(tx, |conn| {
        sqlx::query_as(sql).bind(span.from).bind(span.until).bind(place.number()).fetch_all(conn).await
    })
}
