//! The `inbox` table as housekeeping sees it: what waits for people, what is too old to be kept, and whose it is.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::mail::journal::Became;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::InboxId;
use crate::ticket::id::MailboxId;
use crate::ticket::id::TicketId;

/// How many messages wait for one reason.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    pub reason: Option<String>,
    pub count: i64,
    /// Those that came since a later moment.
    pub fresh: i64,
}

row!(Waiting { reason, count, fresh });

/// Counts messages that wait for a person by reason, the most frequent first; `fresh` from another moment on.
pub async fn count_waiting(
    tx: &mut Tx,
    outcome: Became,
    since: Timestamp,
    fresh_since: Timestamp,
) -> Result<Vec<Waiting>, sqlx::Error> {
    let sql =
        "select reason, count(*) as count, count(case when recorded_at >= $1 then 1 end) as fresh from inbox
        where outcome = $2 and outcome in ('suspended', 'quarantined') and recorded_at >= $3
        group by reason order by 2 desc, 1";
    on!(tx, |conn| sqlx::query_as(sql).bind(fresh_since).bind(outcome).bind(since).fetch_all(conn).await)
}

/// Lets go of the bytes of up to `limit` old messages; says of how many. What waits in quarantine is kept, and
/// what is suspended can no longer be released.
pub async fn expire_raw(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let sql = "update inbox set blob_id = null, trace = null,
            outcome = case when outcome = 'suspended' then 'expired' else outcome end
        where id in (select id from inbox where recorded_at < $1 and blob_id is not null and outcome is not null
            and outcome <> 'quarantined' order by recorded_at limit 0 + $2)";
    Ok(on!(tx, |conn| sqlx::query(sql).bind(before).bind(limit).execute(conn).await?.rows_affected()))
}

/// Has the mails of a ticket wait for a person, but for those of our own people and those whose bytes are not kept;
/// says which.
pub async fn suspend_ticket(
    tx: &mut Tx,
    ticket_id: TicketId,
    reason: &str,
) -> Result<Vec<InboxId>, sqlx::Error> {
    let sql = "update inbox set outcome = 'suspended', reason = $1, ticket_id = null
        where ticket_id = $2 and blob_id is not null and outcome in ('ticket', 'followup', 'duplicate')
            and not exists (select 1 from followups join users on users.id = followups.author_id
                where followups.ticket_id = $2 and followups.inbox_id = inbox.id and users.role in ('agent', 'admin'))
        returning id";
    let mut ids: Vec<InboxId> =
        on!(tx, |conn| sqlx::query_scalar(sql).bind(reason).bind(ticket_id).fetch_all(conn).await)?;
    ids.sort();
    Ok(ids)
}

/// Gives what came by a mailbox to the row under whose name it is read now.
pub async fn repoint_mailbox(tx: &mut Tx, from: MailboxId, to: MailboxId) -> Result<(), sqlx::Error> {
    let sql = "update inbox set mailbox_id = $1 where mailbox_id = $2";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(from).execute(conn).await.map(drop))
}
