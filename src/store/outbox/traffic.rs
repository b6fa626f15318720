//! The `outbox` table as the caps see it: how much goes to one address, and which mail a report is about.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::outbox::Outgoing;
use crate::ticket::id::TicketId;

/// Mails to one address since five moments: all of them, and those about one ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Volume {
    pub all_1: i64,
    pub all_2: i64,
    pub all_3: i64,
    pub all_4: i64,
    pub all_5: i64,
    pub(crate) ticket_1: i64,
    pub ticket_2: i64,
    pub ticket_3: i64,
    pub ticket_4: i64,
    pub(crate) ticket_5: i64,
    /// What was caused by the same domain since the first of the moments.
    pub(crate) domain_1: i64,
    /// Whether the address is suppressed.
    pub suppressed: bool,
}

row!(Volume {
    all_1,
    all_2,
    all_3,
    all_4,
    all_5,
    ticket_1,
    ticket_2,
    ticket_3,
    ticket_4,
    ticket_5,
    domain_1,
} is { suppressed });

impl Volume {
    /// What went to another address of the same person.
    pub(crate) fn add(&mut self, other: &Self) {
        self.all_1 += other.all_1;
        self.all_2 += other.all_2;
        self.all_3 += other.all_3;
        self.all_4 += other.all_4;
        self.all_5 += other.all_5;
        self.ticket_1 += other.ticket_1;
        self.ticket_2 += other.ticket_2;
        self.ticket_3 += other.ticket_3;
        self.ticket_4 += other.ticket_4;
        self.ticket_5 += other.ticket_5;
        self.domain_1 += other.domain_1;
    }
}

/// Mails that are counted together.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    pub recipient_key: &'a str,
    pub ticket_id: Option<TicketId>,
    /// Only those of this budget; all of them where it is empty.
    pub budget: &'a str,
    pub cause: &'a str,
    /// The largest count that a cap asks for; older mails are not looked at.
    pub most: i64,
}

/// Counts what was caused to be sent and not held back; what agents wrote themselves is not counted. Also says
/// whether the address is suppressed: both are asked for each mail.
pub async fn volume(
    tx: &mut Tx,
    counted: &Counted<'_>,
    since: [Timestamp; 5],
    now: Timestamp,
) -> Result<Volume, sqlx::Error> {
    let sql = "select count(case when created_at > $1 then 1 end) as all_1,
            count(case when created_at > $2 then 1 end) as all_2,
            count(case when created_at > $3 then 1 end) as all_3,
            count(case when created_at > $4 then 1 end) as all_4,
            count(case when created_at > $5 then 1 end) as all_5,
            count(case when ticket_id = $6 and created_at > $1 then 1 end) as ticket_1,
            count(case when ticket_id = $6 and created_at > $2 then 1 end) as ticket_2,
            count(case when ticket_id = $6 and created_at > $3 then 1 end) as ticket_3,
            count(case when ticket_id = $6 and created_at > $4 then 1 end) as ticket_4,
            count(case when ticket_id = $6 and created_at > $5 then 1 end) as ticket_5,
            count(case when cause = $10 and created_at > $1 then 1 end) as domain_1,
            (select count(*) from suppressions
                where address_key = $7 and (expires_at is null or expires_at > $9)) as suppressed
        from (select ticket_id, created_at, cause from outbox
            where recipient_key = $7 and state <> 'cancelled' and voice <> 'agent'
                and event not in ('escalated', 'overdue') and ($11 = '' or budget = $11)
            order by id desc limit 0 + $8) as newest";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(since[0])
            .bind(since[1])
            .bind(since[2])
            .bind(since[3])
            .bind(since[4])
            .bind(counted.ticket_id)
            .bind(counted.recipient_key)
            .bind(counted.most)
            .bind(now)
            .bind(counted.cause)
            .bind(counted.budget)
            .fetch_one(conn)
            .await
    })
}

/// Acknowledgements to be counted.
#[derive(Clone, Copy, Debug)]
pub struct Acknowledged<'a> {
    /// An address without what stands behind its plus, or a domain.
    pub to: &'a str,
    /// What they are counted with.
    pub budget: &'a str,
    pub since: Timestamp,
    /// The largest count that a cap asks for; the rest is not looked at.
    pub most: i64,
}

/// Counts the acknowledgements to one address.
pub async fn count_acknowledgements(tx: &mut Tx, of: &Acknowledged<'_>) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from (select 1 from outbox
        where event = 'acknowledgement' and recipient_plain = $1 and created_at >= $2 and budget = $3
        limit 0 + $4) as them";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(of.to).bind(of.since).bind(of.budget).bind(of.most).fetch_one(conn).await
    })
}

/// Counts the acknowledgements to one domain.
pub async fn count_acknowledgements_to_domain(
    tx: &mut Tx,
    of: &Acknowledged<'_>,
) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from (select 1 from outbox
        where event = 'acknowledgement' and recipient_domain = $1 and created_at >= $2 and budget = $3
        limit 0 + $4) as them";
    on!(tx, |conn| {
        sqlx::query_scalar(sql).bind(of.to).bind(of.since).bind(of.budget).bind(of.most).fetch_one(conn).await
    })
}

/// Counts the acknowledgements to one address of tickets that programs opened; their budgets do not matter.
pub async fn count_opened_by_programs(tx: &mut Tx, of: &Acknowledged<'_>) -> Result<i64, sqlx::Error> {
    let sql = "select count(*) from (select 1 from outbox join tickets on tickets.id = outbox.ticket_id
        where outbox.template = 'newticket_submitter' and outbox.event = 'opened' and recipient_plain = $1
            and outbox.created_at >= $2 and tickets.door in ('jutda', 'jaze', 'sharing') limit 0 + $3) as them";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(of.to).bind(of.since).bind(of.most).fetch_one(conn).await)
}

/// The newest mail that was sent to an address since a moment.
pub async fn newest_to(
    tx: &mut Tx,
    recipient_key: &str,
    since: Timestamp,
) -> Result<Option<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox
        where recipient_key = $1 and state <> 'cancelled' and state = 'sent' and created_at >= $2
        order by id desc limit 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(recipient_key).bind(since).fetch_optional(conn).await)
}

/// The mail to which a relay gave this Message-ID.
pub async fn find_by_relay_id(tx: &mut Tx, relay_id: &str) -> Result<Option<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where relay_id = $1 order by id limit 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(relay_id).fetch_optional(conn).await)
}

/// Whether an entry of a ticket was passed on to an address.
pub async fn was_forwarded(
    tx: &mut Tx,
    ticket_id: TicketId,
    recipient_key: &str,
) -> Result<bool, sqlx::Error> {
    let sql =
        "select count(*) from outbox where ticket_id = $1 and recipient_key = $2 and template = 'forward'";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(recipient_key).fetch_one(conn).await)?;
    Ok(count > 0)
}
