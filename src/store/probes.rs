//! The `probes` table: what a mail of our own told about each queue's way out and back in.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::QueueId;

/// What was seen, and for which way it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Probe {
    pub queue_id: QueueId,
    pub address: String,
    /// The mailbox's lasting name.
    pub mailbox: String,
    /// The SMTP account that sent it.
    pub account: String,
    /// `arrive`, `lost` or `unknown`.
    pub plus_addresses: String,
    /// `kept`, `rewritten` or `unknown`.
    pub message_ids: String,
    /// The name in the topmost Authentication-Results.
    pub authserv_id: Option<String>,
    pub probed_at: Timestamp,
}

row!(Probe { queue_id, address, mailbox, account, plus_addresses, message_ids, authserv_id, probed_at });

/// Writes what the newest probe of a queue saw.
pub async fn upsert(tx: &mut Tx, probe: &Probe) -> Result<(), sqlx::Error> {
    let sql = "insert into probes (queue_id, address, mailbox, account, plus_addresses, message_ids, authserv_id, probed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (queue_id) do update set address = excluded.address, mailbox = excluded.mailbox,
            account = excluded.account, plus_addresses = excluded.plus_addresses,
            message_ids = excluded.message_ids, authserv_id = excluded.authserv_id, probed_at = excluded.probed_at";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(probe.queue_id)
            .bind(&probe.address)
            .bind(&probe.mailbox)
            .bind(&probe.account)
            .bind(&probe.plus_addresses)
            .bind(&probe.message_ids)
            .bind(&probe.authserv_id)
            .bind(probe.probed_at)
            .execute(conn)
            .await
            .map(drop)
    })
}

pub async fn list(tx: &mut Tx) -> Result<Vec<Probe>, sqlx::Error> {
    let sql = "select * from probes order by queue_id";
    on!(tx, |conn| sqlx::query_as(sql).fetch_all(conn).await)
}
