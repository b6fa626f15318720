//! The `agreements` table: what this desk and another one agreed on, one row for each agreement.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::sharing::Side;
use crate::sharing::agreement_status::Status;
use crate::sharing::base::Base;
use crate::sharing::policy::Notes;
use crate::sharing::token::AccessKey;
use crate::sharing::token::WireId;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::locked;
use crate::store::db::on;
use crate::ticket::id::AgreementId;
use crate::ticket::id::QueueId;

/// One agreement.
#[derive(Clone, Debug, Serialize)]
pub struct Agreement {
    #[serde(skip)]
    pub id: AgreementId,
    pub uuid: WireId,
    /// The side that this desk is.
    pub side: Side,
    pub status: Status,
    #[serde(skip)]
    pub access_key: AccessKey,
    pub sender_url: Base,
    pub receiver_url: Base,
    pub our_name: String,
    pub partner_name: String,
    pub sync_tags: bool,
    pub sync_custom_fields: bool,
    pub public_comments: bool,
    /// Where the partner's tickets go.
    pub queue_id: Option<QueueId>,
    pub notes: Notes,
    /// JSON.
    pub status_map: String,
    /// From which network an invitation came.
    pub origin: Option<String>,
    pub deactivated_by: Option<Side>,
    /// Since when nothing is sent any more, until an operator says so.
    pub broken_at: Option<Timestamp>,
    pub trouble: Option<String>,
    /// Since when the partner cannot be reached.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}

row!(Agreement {
    id,
    uuid,
    side,
    status,
    access_key,
    sender_url,
    receiver_url,
    our_name,
    partner_name,
    queue_id,
    notes,
    status_map,
    origin,
    deactivated_by,
    broken_at,
    trouble,
    failing_since,
    created_at,
    changed_at,
} is { sync_tags, sync_custom_fields, public_comments });

/// Adds one; its number is given by the database. Nothing is returned when its uuid is taken.
pub async fn insert(tx: &mut Tx, new: &Agreement) -> Result<Option<Agreement>, sqlx::Error> {
    let sql = "insert into agreements (uuid, side, status, access_key, sender_url, receiver_url, our_name, partner_name,
            sync_tags, sync_custom_fields, public_comments, queue_id, notes, status_map, origin, created_at, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        on conflict (uuid) do nothing returning *";
    on!(tx, |conn| {
        sqlx::query_as(sql)
            .bind(&new.uuid)
            .bind(new.side)
            .bind(new.status)
            .bind(&new.access_key)
            .bind(&new.sender_url)
            .bind(&new.receiver_url)
            .bind(&new.our_name)
            .bind(&new.partner_name)
            .bind(i64::from(new.sync_tags))
            .bind(i64::from(new.sync_custom_fields))
            .bind(i64::from(new.public_comments))
            .bind(new.queue_id)
            .bind(new.notes)
            .bind(&new.status_map)
            .bind(&new.origin)
            .bind(new.created_at)
            .bind(new.changed_at)
            .fetch_optional(conn)
            .await
    })
}

/// Writes what can change: status, names, the partner's URL, and our own settings.
pub async fn update(tx: &mut Tx, agreement: &Agreement, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "update agreements set status = $1, partner_name = $2, sender_url = $3, receiver_url = $4, queue_id = $5,
            notes = $6, status_map = $7, deactivated_by = $8, broken_at = $9, trouble = $10, changed_at = $11,
            our_name = $12
        where id = $13";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(agreement.status)
            .bind(&agreement.partner_name)
            .bind(&agreement.sender_url)
            .bind(&agreement.receiver_url)
            .bind(agreement.queue_id)
            .bind(agreement.notes)
            .bind(&agreement.status_map)
            .bind(agreement.deactivated_by)
            .bind(agreement.broken_at)
            .bind(&agreement.trouble)
            .bind(now)
            .bind(&agreement.our_name)
            .bind(agreement.id)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// Notes since when the partner cannot be reached, or that he can.
pub async fn set_failing(
    tx: &mut Tx,
    id: AgreementId,
    failing_since: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    let sql = "update agreements set failing_since = $1 where id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(failing_since).bind(id).execute(conn).await.map(drop))
}

pub async fn find(tx: &mut Tx, id: AgreementId) -> Result<Option<Agreement>, sqlx::Error> {
    let sql = "select * from agreements where id = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

pub async fn find_by_uuid(tx: &mut Tx, uuid: &WireId) -> Result<Option<Agreement>, sqlx::Error> {
    let sql = "select * from agreements where uuid = $1";
    on!(tx, |conn| sqlx::query_as(sql).bind(uuid).fetch_optional(conn).await)
}

/// As [`find_by_uuid`], and nobody else changes it before this transaction ends.
pub async fn lock(tx: &mut Tx, uuid: &WireId) -> Result<Option<Agreement>, sqlx::Error> {
    let sql = locked!(tx, "select * from agreements where uuid = $1");
    on!(tx, |conn| sqlx::query_as(sql).bind(uuid).fetch_optional(conn).await)
}

/// All agreements, oldest first.
pub async fn list(tx: &mut Tx) -> Result<Vec<Agreement>, sqlx::Error> {
    let sql = "select * from agreements order by id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Invitations to us that nobody decided on: all, and those from one network.
pub async fn count_invitations(tx: &mut Tx, origin: &str) -> Result<(i64, i64), sqlx::Error> {
    let sql = "select count(*), count(case when origin = $1 then 1 end) from agreements
        where status = 'pending' and side = 'receiver'";
    on!(tx, |conn| sqlx::query_as(sql).bind(origin).fetch_one(conn).await)
}

/// Forgets invitations to us that nobody decided on in time; says how many.
pub async fn delete_expired(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let sql = "delete from agreements where status = 'pending' and created_at < $1 and side = 'receiver'";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(before).execute(conn).await?.rows_affected()))
}
