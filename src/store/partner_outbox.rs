//! The `partner_outbox` table: every request to a partner, in order, and how it ended: the delivery log.
//!
//! Requests of one ticket under one agreement form a line: the next is claimed when the one before is settled.

use serde::Serialize;
use serde::Serializer;

use crate::clock::Timestamp;
use crate::sharing::stored::RequestKind;
use crate::sharing::stored::RequestState;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::lease::Attempt;
use crate::store::lease::Lease;
use crate::store::lease::leased;
use crate::ticket::id::AgreementId;
use crate::ticket::id::RequestId;
use crate::ticket::id::ShareId;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub struct Request {
    pub id: RequestId,
    #[serde(skip)]
    pub agreement_id: AgreementId,
    /// None: about the agreement itself.
    #[serde(skip)]
    pub shared_ticket_id: Option<ShareId>,
    pub about: RequestKind,
    /// JSON, without the secret.
    #[serde(skip)]
    pub body: String,
    /// Whether the token goes with an invitation.
    #[serde(skip)]
    pub with_token: bool,
    /// Whether no person caused it; programs are told 0 or 1.
    #[serde(serialize_with = "as_number")]
    pub automatic: bool,
    pub state: RequestState,
    pub due_at: Timestamp,
    #[serde(skip)]
    pub lease_until: Timestamp,
    pub attempts: i64,
    pub first_tried_at: Option<Timestamp>,
    /// The last answer's status code; none when there was no answer.
    pub code: Option<i64>,
    pub answer: Option<String>,
    pub created_at: Timestamp,
    pub settled_at: Option<Timestamp>,
}

row!(Request {
    id,
    agreement_id,
    shared_ticket_id,
    about,
    body,
    state,
    due_at,
    lease_until,
    attempts,
    first_tried_at,
    code,
    answer,
    created_at,
    settled_at,
} is { with_token, automatic });

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn as_number<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(i64::from(*flag))
}

leased! {
    "partner_outbox" where "state = 'queued'";
    settled "about = $3, body = $4, with_token = $5, state = $6, due_at = $7, code = $8, answer = $9, settled_at = $10";
    claim DUE when "due_at <= $1"
        and "not exists (
                select 1 from partner_outbox as earlier
                where earlier.shared_ticket_id = mine.shared_ticket_id and earlier.id < mine.id
                    and earlier.state = 'queued')
            and (mine.shared_ticket_id is not null or not exists (
                select 1 from partner_outbox as earlier
                where earlier.agreement_id = mine.agreement_id and earlier.id < mine.id and earlier.state = 'queued'
                    and (earlier.shared_ticket_id is null or earlier.attempts = 0 or earlier.lease_until > $1)))
            and (select count(*) from partner_outbox as busy
                where busy.agreement_id = mine.agreement_id and busy.state = 'queued' and busy.lease_until > $1)
            < (select case when broken_at is not null then 0 when failing_since is null then $4 else 1 end
                from agreements where agreements.id = mine.agreement_id)"
        first "due_at, id limit 1"
        also "first_tried_at = coalesce(first_tried_at, $1)";
}

/// When what waits for an operator is due.
pub(crate) const NEVER: Timestamp = Timestamp(i64::MAX);

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct NewRequest<'a> {
    pub agreement_id: AgreementId,
    pub shared_ticket_id: Option<ShareId>,
    pub about: RequestKind,
    pub body: &'a str,
    pub automatic: bool,
    pub due_at: Timestamp,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct Settlement<'a> {
    pub about: RequestKind,
    pub body: &'a str,
    pub with_token: bool,
    pub state: RequestState,
    pub due_at: Timestamp,
    pub code: Option<i64>,
    pub answer: &'a str,
    pub settled_at: Option<Timestamp>,
}

pub async fn insert(tx: &mut Tx, new: &NewRequest<'_>, now: Timestamp) -> Result<RequestId, sqlx::Error> {
    let sql = "insert into partner_outbox (agreement_id, shared_ticket_id, about, body, with_token, automatic, state,
            due_at, lease_until, attempts, created_at)
        values ($1, $2, $3, $4, 0, $5, 'queued', $6, 0, 0, $7) returning id";
    on!(tx, |conn| {
        sqlx::query_scalar(sql)
            .bind(new.agreement_id)
            .bind(new.shared_ticket_id)
            .bind(new.about)
            .bind(new.body)
            .bind(i64::from(new.automatic))
            .bind(new.due_at)
            .bind(now)
            .fetch_one(conn)
            .await
    })
}

/// Takes the next request that is due, first in its line, and of a partner who is not busy with others.
///
/// A partner has `at_once` requests at the same time, and one as long as he cannot be reached. The end of an
/// agreement waits until everything before it was tried once.
pub async fn claim(
    tx: &mut Tx,
    now: Timestamp,
    lease_until: Timestamp,
    at_once: i64,
) -> Result<Option<Request>, sqlx::Error> {
    let lease = Lease { now, until: lease_until };
    Ok(DUE.take(tx, lease, &[at_once.into()]).await?.pop())
}

/// The newest request about a shared ticket.
pub async fn newest(tx: &mut Tx, shared_ticket_id: ShareId) -> Result<Option<Request>, sqlx::Error> {
    let sql = "select * from partner_outbox where shared_ticket_id = $1 order by id desc limit 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(shared_ticket_id).fetch_optional(conn).await)
}

/// Puts more into a request that was never tried; false if it is being tried now.
pub async fn fold(tx: &mut Tx, id: RequestId, body: &str, automatic: bool) -> Result<bool, sqlx::Error> {
    let sql = "update partner_outbox set body = $1, automatic = automatic * $2
        where id = $3 and state = 'queued' and attempts = 0";
    let done = on!(tx, |conn| {
        sqlx::query(sql).bind(body).bind(i64::from(automatic)).bind(id).execute(conn).await?.rows_affected()
    });
    Ok(done == 1)
}

/// Writes how an attempt ended, unless another attempt was begun.
pub async fn settle(
    tx: &mut Tx,
    id: RequestId,
    attempts: i64,
    settlement: &Settlement<'_>,
) -> Result<bool, sqlx::Error> {
    let values = [
        settlement.about.as_str().into(),
        settlement.body.into(),
        i64::from(settlement.with_token).into(),
        settlement.state.as_str().into(),
        settlement.due_at.into(),
        settlement.code.into(),
        settlement.answer.into(),
        settlement.settled_at.into(),
    ];
    WORK.settle(tx, Attempt { id: id.0, attempts }, &values).await
}

pub async fn find(tx: &mut Tx, id: RequestId) -> Result<Option<Request>, sqlx::Error> {
    let sql = "select * from partner_outbox where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// The newest requests under an agreement, newest first.
pub async fn list(tx: &mut Tx, agreement_id: AgreementId, limit: i64) -> Result<Vec<Request>, sqlx::Error> {
    let sql = "select * from partner_outbox where agreement_id = $1 order by id desc limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(agreement_id).bind(limit).fetch_all(conn).await)
}

/// Requests of an agreement that wait, and since when the oldest does.
pub async fn backlog(
    tx: &mut Tx,
    agreement_id: AgreementId,
) -> Result<(i64, Option<Timestamp>), sqlx::Error> {
    let sql =
        "select count(*), min(created_at) from partner_outbox where agreement_id = $1 and state = 'queued'";
    on!(tx, |conn| sqlx::query_as(sql).bind(agreement_id).fetch_one(conn).await)
}

/// When automation caused requests about a shared ticket since a moment, newest first.
pub async fn list_automatic(
    tx: &mut Tx,
    shared_ticket_id: ShareId,
    since: Timestamp,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    let sql = "select created_at from partner_outbox
        where shared_ticket_id = $1 and created_at >= $2 and automatic = 1 order by id desc limit 100";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(shared_ticket_id).bind(since).fetch_all(conn).await)
}

/// Gives up what waits in the line of a shared ticket.
pub async fn cancel_line(
    tx: &mut Tx,
    shared_ticket_id: ShareId,
    answer: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update partner_outbox set state = 'cancelled', answer = $1, settled_at = $2
        where shared_ticket_id = $3 and state = 'queued'";
    on!(tx, |conn| {
        sqlx::query(sql).bind(answer).bind(now).bind(shared_ticket_id).execute(conn).await.map(drop)
    })
}

/// Gives up everything that waits under an agreement.
pub async fn cancel_all(
    tx: &mut Tx,
    agreement_id: AgreementId,
    answer: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "update partner_outbox set state = 'cancelled', answer = $1, settled_at = $2
        where agreement_id = $3 and state = 'queued'";
    on!(tx, |conn| {
        sqlx::query(sql).bind(answer).bind(now).bind(agreement_id).execute(conn).await.map(drop)
    })
}

/// Puts a request that was given up in line again, as if it were new.
pub async fn resend(tx: &mut Tx, id: RequestId, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "update partner_outbox set state = 'queued', due_at = $1, lease_until = 0, attempts = 0,
            first_tried_at = null, settled_at = null
        where id = $2 and state in ('parked', 'failed', 'cancelled')";
    let done = on!(tx, |conn| sqlx::query(sql).bind(now).bind(id).execute(conn).await?.rows_affected());
    Ok(done == 1)
}

/// Lets everything that waits under an agreement wait for [`hurry`].
pub async fn postpone(tx: &mut Tx, agreement_id: AgreementId) -> Result<(), sqlx::Error> {
    let sql = "update partner_outbox set due_at = $1 where agreement_id = $2 and state = 'queued'";
    on!(tx, |conn| sqlx::query(sql).bind(NEVER).bind(agreement_id).execute(conn).await.map(drop))
}

/// Makes everything that waits under an agreement due now.
pub async fn hurry(tx: &mut Tx, agreement_id: AgreementId, now: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "update partner_outbox set due_at = $1, first_tried_at = null
        where agreement_id = $2 and state = 'queued' and lease_until <= $1";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(now).bind(agreement_id).execute(conn).await?.rows_affected()))
}

/// Takes the words of a deleted ticket out of the log.
pub async fn forget(tx: &mut Tx, shared_ticket_id: ShareId) -> Result<(), sqlx::Error> {
    let sql = "delete from partner_outbox where shared_ticket_id = $1 and about <> 'unshare'";
    on!(tx, |conn| sqlx::query(sql).bind(shared_ticket_id).execute(conn).await.map(drop))
}

/// Forgets settled requests from before a moment, some at a time; says how many.
pub async fn delete_settled(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let sql = "delete from partner_outbox where id in (
            select id from partner_outbox where created_at < $1 and state <> 'queued' limit 0 + $2)";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(before).bind(limit).execute(conn).await?.rows_affected()))
}

/// Requests about a shared ticket, oldest first.
pub async fn list_of_share(tx: &mut Tx, shared_ticket_id: ShareId) -> Result<Vec<Request>, sqlx::Error> {
    let sql = "select * from partner_outbox where shared_ticket_id = $1 order by id";
    on!(tx, |conn| sqlx::query_as(sql).bind(shared_ticket_id).fetch_all(conn).await)
}

/// Other words in a request.
pub async fn rewrite(
    tx: &mut Tx,
    id: RequestId,
    body: &str,
    answer: Option<&str>,
) -> Result<(), sqlx::Error> {
    let sql = "update partner_outbox set body = $1, answer = $2 where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(body).bind(answer).bind(id).execute(conn).await.map(drop))
}
