//! The `followups` table as the erasure of a person goes through it.

use crate::store::db::Tx;
use crate::store::db::on;
use crate::store::followups::Followup;
use crate::ticket::id::FollowupId;

/// The next entries behind a number, of all tickets.
pub async fn list_after(tx: &mut Tx, after: FollowupId, limit: i64) -> Result<Vec<Followup>, sqlx::Error> {
    let sql = "select followups.*, users.name as author_name
        from followups left join users on users.id = followups.author_id
        where followups.id > $1 order by followups.id limit 0 + $2";
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Other words in an entry, and another writer of its mail.
pub async fn rewrite(tx: &mut Tx, entry: &Followup) -> Result<(), sqlx::Error> {
    let sql = "update followups set text = $1, new_text = $2, html = $3, message_id = $4, writer_name = $5,
            writer_address = $6
        where id = $7";
    on!(tx, |conn| {
        sqlx::query(sql)
            .bind(&entry.text)
            .bind(&entry.new_text)
            .bind(&entry.html)
            .bind(&entry.message_id)
            .bind(&entry.writer_name)
            .bind(&entry.writer_address)
            .bind(entry.id)
            .execute(conn)
            .await
            .map(drop)
    })
}
