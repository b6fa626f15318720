//! The `tickets` table as the erasure of a person goes through it.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// The next tickets behind a number.
pub async fn list_after(tx: &mut Tx, after: TicketId, limit: i64) -> Result<Vec<Ticket>, sqlx::Error> {
    let sql = "select * from tickets where id > $1 order by id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// What a ticket is called and was answered, and where its answers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketText {
    pub subject: String,
    pub preview: String,
    pub resolution: Option<String>,
    pub reply_to: Option<String>,
}

/// Other words of a ticket. Whoever has read it reads it anew before they change it.
pub async fn rewrite(tx: &mut Tx, id: TicketId, words: &TicketText) -> Result<(), sqlx::Error> {
    let sql =
        "update tickets set subject = $1, preview = $2, resolution = $3, reply_to = $4, version = version + 1
        where id = $5";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&words.subject)
            .bind(&words.preview)
            .bind(&words.resolution)
            .bind(&words.reply_to)
            .bind(id)
            .execute(conn)
            .await
            .map(drop)
    })
}
