//! The `outbox` table: every mail to one recipient, frozen when it was caused, and how its delivery went.
//!
//! Rows stay as long as their ticket: they are the proof that we wrote to an address.

pub mod erasing;
pub mod merging;
pub mod splitting;
pub mod traffic;
pub mod turns;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::email::Email;
use crate::mail::delivery::State;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::lease::Attempt;
use crate::store::lease::Lease;
use crate::store::lease::leased;
use crate::ticket::id::FollowupId;
use crate::ticket::id::OutboxId;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// One mail to one recipient.
#[derive(Clone, Debug, Serialize)]
pub struct Outgoing {
    pub id: OutboxId,
    /// The random number that our signed ids carry.
    #[serde(skip)]
    pub key: i64,
    pub ticket_id: Option<TicketId>,
    pub followup_id: Option<FollowupId>,
    pub queue_id: QueueId,
    pub event: String,
    pub template: String,
    pub recipient: String,
    pub user_id: Option<UserId>,
    pub account: String,
    pub envelope_from: String,
    pub message_id: String,
    /// The frozen mail, as `mail::compose` wrote it.
    #[serde(skip)]
    pub content: String,
    pub state: State,
    pub due_at: Timestamp,
    pub attempts: i64,
    /// Attempts that ended after DATA without an answer.
    pub unclear: i64,
    pub data_started_at: Option<Timestamp>,
    pub relay_id: Option<String>,
    pub answer: Option<String>,
    pub warned_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
    /// The UUID that its tokens were signed for, where its ticket is another one now.
    #[serde(skip)]
    pub written_for: Option<String>,
}

row!(Outgoing {
    id,
    key,
    ticket_id,
    followup_id,
    queue_id,
    event,
    template,
    recipient,
    user_id,
    account,
    envelope_from,
    message_id,
    content,
    state,
    due_at,
    attempts,
    unclear,
    data_started_at,
    relay_id,
    answer,
    warned_at,
    created_at,
    settled_at,
    written_for,
});

leased! {
    "outbox" where "state = 'queued'";
    settled "state = $3, due_at = $4, unclear = $5, relay_id = coalesce($6, relay_id), answer = $7,
            warned_at = coalesce($8, warned_at), settled_at = $9, data_started_at = null"
        or "$3 = 'sent' and state <> 'sent'";
    claim DUE when "due_at <= $1"
        and "account = $4
            and not exists (
                select 1 from outbox as earlier
                where earlier.ticket_id = mine.ticket_id and earlier.recipient_key = mine.recipient_key
                    and earlier.id < mine.id and earlier.state = 'queued' and mine.created_at > $5
                    and not (mine.voice = 'agent' and earlier.voice <> 'agent'
                        and (earlier.attempts > 0 or earlier.due_at > $1)))
            and not exists (
                select 1 from sender_pauses as pause
                where pause.account = mine.account and pause.queue_id = mine.queue_id
                    and pause.ended_at is null)"
        first "due_at, id limit 0 + $6";
    claim TURN and "account = $4 and queue_id = $5
            and not exists (
                select 1 from outbox as earlier
                where earlier.ticket_id = mine.ticket_id and earlier.recipient_key = mine.recipient_key
                    and earlier.id < mine.id and earlier.state = 'queued'
                    and not (mine.voice = 'agent' and earlier.voice <> 'agent'))"
        first "unclear, attempts, id limit 1";
}

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct NewOutgoing<'a> {
    pub key: i64,
    pub ticket_id: Option<TicketId>,
    pub followup_id: Option<FollowupId>,
    pub queue_id: QueueId,
    pub event: &'a str,
    pub template: &'a str,
    pub recipient: &'a str,
    pub recipient_key: &'a str,
    pub recipient_domain: &'a str,
    pub user_id: Option<UserId>,
    pub account: &'a str,
    pub envelope_from: &'a str,
    pub message_id: &'a str,
    pub content: &'a str,
    /// Whose words it carries: `agent`, `answer` or `notice`.
    pub voice: &'a str,
    /// Among which notices it counts, and the domain of whoever caused it; both may be empty.
    pub budget: &'a str,
    pub cause: &'a str,
    /// Why it is only kept and not sent.
    pub held: Option<&'a str>,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct Settlement<'a> {
    pub state: State,
    pub due_at: Timestamp,
    pub unclear: i64,
    pub relay_id: Option<&'a str>,
    pub answer: &'a str,
    pub warned_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, new: &NewOutgoing<'_>, now: Timestamp) -> Result<OutboxId, sqlx::Error> {
    let sql = "insert into outbox (key, ticket_id, followup_id, queue_id, event, template, recipient, recipient_key,
            recipient_domain, user_id, account, envelope_from, message_id, content, state, due_at, lease_until,
            attempts, unclear, created_at, voice, answer, settled_at, budget, cause, recipient_plain)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0, $17, $18, $19, $20,
            $21, $22, $23)
        returning id";
    let state = if new.held.is_some() { State::Cancelled } else { State::Queued };
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.key)
            .bind(new.ticket_id)
            .bind(new.followup_id)
            .bind(new.queue_id)
            .bind(new.event)
            .bind(new.template)
            .bind(new.recipient)
            .bind(new.recipient_key)
            .bind(new.recipient_domain)
            .bind(new.user_id)
            .bind(new.account)
            .bind(new.envelope_from)
            .bind(new.message_id)
            .bind(new.content)
            .bind(state)
            .bind(now)
            .bind(now)
            .bind(new.voice)
            .bind(new.held)
            .bind(new.held.map(|_| now))
            .bind(new.budget)
            .bind(new.cause)
            .bind(Email::plain_of(new.recipient_key))
            .fetch_one(conn)
            .await
    })
}

/// Takes mails of one account that are due and that nobody is sending, oldest first.
///
/// A mail waits up to an hour (`order_from`) for an earlier one of the same ticket to the same recipient; an agent's
/// own words do not wait for automatic mail that does not leave now. Mail of a paused sender is left alone.
pub async fn claim(
    tx: &mut Tx,
    account: &str,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Outgoing>, sqlx::Error> {
    let order_from = Timestamp(now.0 - Timestamp::HOUR);
    let lease = Lease { now, until: lease_until };
    let values = [account.into(), order_from.into(), limit.into()];
    let mut rows: Vec<Outgoing> = DUE.take(tx, lease, &values).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Notes that the text of the mail is about to be handed over; false if the lease was lost.
pub async fn start_data(
    tx: &mut Tx,
    id: OutboxId,
    attempts: i64,
    unclear: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "update outbox set data_started_at = $1, unclear = $2
        where id = $3 and attempts = $4 and state = 'queued'";
    let done = on!(tx, |conn| sqlx::query(sql)
        .bind(now)
        .bind(unclear)
        .bind(id)
        .bind(attempts)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(done == 1)
}

/// Writes how an attempt ended, unless another attempt was begun. `sent` is always written.
pub async fn settle(
    tx: &mut Tx,
    id: OutboxId,
    attempts: i64,
    settlement: &Settlement<'_>,
) -> Result<bool, sqlx::Error> {
    let values = [
        settlement.state.as_str().into(),
        settlement.due_at.into(),
        settlement.unclear.into(),
        settlement.relay_id.into(),
        settlement.answer.into(),
        settlement.warned_at.into(),
        settlement.settled_at.into(),
    ];
    WORK.settle(tx, Attempt { id: id.0, attempts }, &values).await
}

/// Returns a claimed mail that was not tried, because its account is paused or the process ends.
pub async fn give_back(
    tx: &mut Tx,
    id: OutboxId,
    attempts: i64,
    due_at: Timestamp,
) -> Result<(), sqlx::Error> {
    WORK.give_back(tx, Attempt { id: id.0, attempts }, &[due_at.into()]).await
}

pub async fn find(tx: &mut Tx, id: OutboxId) -> Result<Option<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// By the random number in a signed id.
pub async fn find_by_key(tx: &mut Tx, key: i64) -> Result<Option<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where key = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(key).fetch_optional(conn).await)
}

/// The ticket of the mail to which a relay gave this Message-ID.
pub async fn find_ticket_by_relay_id(tx: &mut Tx, relay_id: &str) -> Result<Option<TicketId>, sqlx::Error> {
    let sql =
        "select ticket_id from outbox where relay_id = $1 and ticket_id is not null order by id limit 1";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(relay_id).fetch_optional(conn).await)
}

/// The newest mail's number; 0 where there is none.
pub async fn last(tx: &mut Tx) -> Result<OutboxId, sqlx::Error> {
    let sql = "select coalesce(max(id), 0) from outbox";
    on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// The mails after that one that were written at a moment, oldest first.
pub async fn list_written(tx: &mut Tx, after: OutboxId, at: Timestamp) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where id > $1 and created_at = $2 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(at).fetch_all(conn).await)
}

/// Mails not yet settled, and those whose fate is unknown, oldest first.
pub async fn list_unsettled(tx: &mut Tx, limit: i64) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where state in ('queued', 'unknown') order by id limit 0 + $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(limit).fetch_all(conn).await)
}

/// The newest mails in any state, newest first.
pub async fn list(tx: &mut Tx, limit: i64) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox order by id desc limit 0 + $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(limit).fetch_all(conn).await)
}

/// Every mail about a ticket, oldest first.
pub async fn list_of_ticket(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Outgoing>, sqlx::Error> {
    let sql = "select * from outbox where ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Sends once more what is not sent.
pub async fn retry(tx: &mut Tx, id: OutboxId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update outbox set state = 'queued', due_at = $1, lease_until = 0, unclear = 0, data_started_at = null,
            settled_at = null
        where id = $2 and state <> 'sent'";
    let done = on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// Never sends what is not sent yet.
pub async fn cancel(tx: &mut Tx, id: OutboxId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update outbox set state = 'cancelled', settled_at = $1 where id = $2 and state in ('queued', 'unknown')";
    let done = on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// Whether an address was ever written to about a ticket.
pub async fn wrote_to(tx: &mut Tx, ticket_id: TicketId, recipient_key: &str) -> Result<bool, sqlx::Error> {
    let sql = "select count(*) from (
        select 1 from outbox where ticket_id = $1 and recipient_key = $2 limit 1) as written";
    let count: i64 =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(recipient_key).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Mails of one account that wait.
#[derive(Clone, Debug)]
pub struct Backlog {
    pub account: String,
    pub count: i64,
    pub oldest: Timestamp,
    /// Attempts of the one that was tried least.
    pub(crate) least_attempts: i64,
}

row!(Backlog { account, count, oldest, least_attempts });

/// The mails of each account that were written before a moment and still wait.
pub async fn backlogs(tx: &mut Tx, before: Timestamp) -> Result<Vec<Backlog>, sqlx::Error> {
    let sql = "select account, count(*) as count, min(created_at) as oldest, min(attempts) as least_attempts
        from outbox where state = 'queued' and created_at <= $1 group by account order by account";
    on!(tx, |conn| sqlx::query_as(sql).bind(before).fetch_all(conn).await)
}
