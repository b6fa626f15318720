//! The `agreement_events` table: what happened to an agreement, by whom, and through which door.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::AgreementId;

/// One step in the life of an agreement.
#[derive(Clone, Debug, Serialize)]
pub struct AgreementEvent {
    #[serde(skip)]
    pub agreement_id: AgreementId,
    pub door: String,
    /// Name of who did it.
    pub actor: Option<String>,
    /// `invited`, `accepted`, `renamed`, …
    pub event: String,
    pub detail: Option<String>,
    pub at: Timestamp,
}

row!(AgreementEvent { agreement_id, door, actor, event, detail, at });

pub async fn insert(tx: &mut Tx, event: &AgreementEvent) -> Result<(), sqlx::Error> {
    let sql = "insert into agreement_events (agreement_id, door, actor, event, detail, at)
        values ($1, $2, $3, $4, $5, $6)";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(event.agreement_id)
            .bind(&event.door)
            .bind(&event.actor)
            .bind(&event.event)
            .bind(&event.detail)
            .bind(event.at)
            .execute(conn)
            .await
            .map(drop)
    })
}

/// The newest `limit` events, oldest first.
pub async fn list(tx: &mut Tx, id: AgreementId, limit: i64) -> Result<Vec<AgreementEvent>, sqlx::Error> {
    let sql = "select * from agreement_events where agreement_id = $1 order by id desc limit 0 + $2";
    let mut events: Vec<AgreementEvent> =
        on!(tx, |conn| sqlx::query_as(sql).bind(id).bind(limit).fetch_all(conn).await)?;
    events.reverse();
    Ok(events)
}
