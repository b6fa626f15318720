//! What reports count: put together by the database, so that no ticket is a row here.
//!
//! Each statement asks for one kind of place, by number: 1 queue, 2 type, 3 agent, 4 owner, 5 part of the span; 0 is
//! the whole. Tags have statements of their own, as a ticket can have several. Minutes are exact, and few are distinct:
//! so the database need not put millions of values in order.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::measure::MeasureKind;

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
    /// Parts of so many microseconds from the beginning of the span, numbered from 0.
    Part(i64),
}

/// From a moment until before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

/// Measures of one kind in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// A number or a tag; none: nobody, or no type.
    pub place: Option<String>,
    pub kind: MeasureKind,
    pub count: i64,
    /// Of those with a target, and how many that were.
    pub met: i64,
    pub aimed: i64,
    /// The least number of minutes within which half of them were, and nine of ten; none where no time is known.
    pub median: Option<i64>,
    pub p90: Option<i64>,
}

row!(Measured { place, kind, count, met, aimed, median, p90 });

/// How many there are in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub place: Option<String>,
    pub count: i64,
    /// The sum of ratings; 0 elsewhere.
    pub total: i64,
}

row!(Counted { place, count, total });

impl Place {
    fn number(self) -> i64 {
        match self {
            Self::Whole | Self::Tag => 0,
            Self::Queue => 1,
            Self::Type => 2,
            Self::Agent => 3,
            Self::Owner => 4,
            Self::Part(_) => 5,
        }
    }

    fn length(self) -> i64 {
        if let Self::Part(length) = self { length.max(1) } else { 1 }
    }
}

/// Answers and ends within a span, with their times.
pub async fn measured(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Measured>, sqlx::Error> {
    let of_tags = "with spread as (
            select tags.tag as place, measures.kind, measures.minutes, count(*) as n,
                coalesce(sum(measures.met), 0) as met, count(measures.met) as aimed
            from measures join tags on tags.ticket_id = measures.ticket_id
            where measures.at >= $1 and measures.at < $2 and cast($3 as bigint) <= cast($4 as bigint)
            group by tags.tag, measures.kind, measures.minutes
        ), summed as (
            select place, kind, minutes, n, met, aimed,
                sum(case when minutes is null then 0 else n end) over (partition by place, kind order by minutes) as upto,
                sum(case when minutes is null then 0 else n end) over (partition by place, kind) as timed
            from spread
        )
        select place, kind, cast(sum(n) as bigint) as count, cast(sum(met) as bigint) as met,
            cast(sum(aimed) as bigint) as aimed,
            min(case when minutes is not null and upto * 2 >= timed then minutes end) as median,
            min(case when minutes is not null and upto * 10 >= timed * 9 then minutes end) as p90
        from summed group by place, kind";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then agent_id when 4 then owner_id
                    when 5 then (at - $1) / $4 else 0 end as place, kind, minutes, met
            from measures where at >= $1 and at < $2
        ), spread as (
            select place, kind, minutes, count(*) as n, coalesce(sum(met), 0) as met, count(met) as aimed
            from chosen group by place, kind, minutes
        ), summed as (
            select place, kind, minutes, n, met, aimed,
                sum(case when minutes is null then 0 else n end) over (partition by place, kind order by minutes) as upto,
                sum(case when minutes is null then 0 else n end) over (partition by place, kind) as timed
            from spread
        )
        select cast(summed.place as text) as place, kind, cast(sum(n) as bigint) as count,
            cast(sum(met) as bigint) as met, cast(sum(aimed) as bigint) as aimed,
            min(case when minutes is not null and upto * 2 >= timed then minutes end) as median,
            min(case when minutes is not null and upto * 10 >= timed * 9 then minutes end) as p90
        from summed group by summed.place, kind";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(span.from)
            .bind(span.until)
            .bind(place.number())
            .bind(place.length())
            .fetch_all(conn)
            .await
    })
}

/// Tickets that were opened within a span. By agent: whose they are.
pub async fn opened(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "select tags.tag as place, count(*) as count, cast(0 as bigint) as total
        from tickets join tags on tags.ticket_id = tickets.id
        where tickets.created_at >= $1 and tickets.created_at < $2 and cast($3 as bigint) <= cast($4 as bigint) group by tags.tag";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                when 5 then (created_at - $1) / $4 else 0 end as place
            from tickets where created_at >= $1 and created_at < $2
        )
        select cast(chosen.place as text) as place, count(*) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    counted(tx, sql, place, span).await
}

/// By how many tickets fewer are open after a span than before it, but for those that were opened in it.
pub async fn ended(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "select tags.tag as place,
            cast(sum(case measures.kind when 'reopened' then -1 else 1 end) as bigint) as count,
            cast(0 as bigint) as total
        from measures join tags on tags.ticket_id = measures.ticket_id
        where measures.at >= $1 and measures.at < $2 and cast($3 as bigint) <= cast($4 as bigint)
            and measures.kind in ('resolved', 'merged', 'reopened')
        group by tags.tag";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                when 5 then (at - $1) / $4 else 0 end as place, case kind when 'reopened' then -1 else 1 end as n
            from measures where at >= $1 and at < $2 and kind in ('resolved', 'merged', 'reopened')
        )
        select cast(chosen.place as text) as place, cast(sum(n) as bigint) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    counted(tx, sql, place, span).await
}

/// Tickets that are open now. By agent: whose they are.
pub async fn open(tx: &mut Tx, place: Place) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "select tags.tag as place, count(*) as count, cast(0 as bigint) as total
        from tickets join tags on tags.ticket_id = tickets.id
        where tickets.status in ('open', 'reopened') and cast($1 as bigint) = 0 group by tags.tag";
    let of_numbers = "with chosen as (
            select case cast($1 as bigint) when 1 then queue_id when 2 then type_id when 3 then owner_id when 4 then owner_id
                else 0 end as place
            from tickets where status in ('open', 'reopened')
        )
        select cast(chosen.place as text) as place, count(*) as count, cast(0 as bigint) as total
        from chosen group by chosen.place";
    let sql = if place == Place::Tag { of_tags } else { of_numbers };
    on!(tx, |conn| sqlx::query_as(sql).bind(place.number()).fetch_all(conn).await)
}

/// Ratings that were given within a span, and their sum. By agent: whose the tickets are.
pub async fn rated(tx: &mut Tx, place: Place, span: Span) -> Result<Vec<Counted>, sqlx::Error> {
    let of_tags = "select tags.tag as place, count(*) as count, cast(sum(ratings.value) as bigint) as total
        from ratings join tags on tags.ticket_id = ratings.ticket_id
        where ratings.changed_at >= $1 and ratings.changed_at < $2 and cast($3 as bigint) <= cast($4 as bigint) group by tags.tag";
    let of_numbers = "with chosen as (
            select case cast($3 as bigint) when 1 then tickets.queue_id when 2 then tickets.type_id when 3 then tickets.owner_id
                when 4 then tickets.owner_id when 5 then (ratings.changed_at - $1) / $4 else 0 end as place,
                ratings.value
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
        sqlx::query_as(sql)
            .bind(span.from)
            .bind(span.until)
            .bind(place.number())
            .bind(place.length())
            .fetch_all(conn)
            .await
    })
}
