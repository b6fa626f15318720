//! The `followups` table when entries go to another ticket.

use crate::clock::Timestamp;
use crate::store::columns::row;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::entry::EntryKind;
use crate::ticket::heard::Word;
use crate::ticket::id::FollowupId;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;

/// More of a text is in no preview.
const BEGINNING: i32 = 1000;

/// The entries of a ticket that came with one mail.
pub async fn list_of_mail(
    tx: &mut Tx,
    ticket_id: TicketId,
    inbox_id: InboxId,
) -> Result<Vec<FollowupId>, sqlx::Error> {
    let sql = "select id from followups where ticket_id = $1 and inbox_id = $2 order by id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).bind(inbox_id).fetch_all(conn).await)
}

/// The entries that opened a ticket, or one that was merged into it.
pub async fn list_openings(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<FollowupId>, sqlx::Error> {
    let sql = "select id from followups where ticket_id = $1 and kind = 'opened' order by id";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ticket_id).fetch_all(conn).await)
}

/// Gives an entry to another ticket. What it did to the old one it does not do to that.
pub async fn move_to(tx: &mut Tx, id: FollowupId, to: TicketId, kind: EntryKind) -> Result<(), sqlx::Error> {
    let sql = "update followups set ticket_id = $1, kind = $2, new_status = null where id = $3";
    on!(tx, |conn| sqlx::query(sql).bind(to).bind(kind).bind(id).execute(conn).await.map(drop))
}

/// A public word, as it is read.
struct Row {
    by_customer: bool,
    kind: EntryKind,
    created_at: Timestamp,
    text: String,
}

row!(Row { kind, created_at, text } is { by_customer });

/// What everybody was told on a ticket, oldest first.
pub async fn list_words(tx: &mut Tx, ticket_id: TicketId) -> Result<Vec<Word>, sqlx::Error> {
    let sql = "select followups.kind, followups.created_at,
            substr(coalesce(followups.new_text, followups.text), 1, $2) as text,
            cast(case
                when followups.author_id is null then case when followups.door = 'mail' then 1 else 0 end
                when users.id = tickets.submitter_id then 1
                when users.role <> 'customer' then 0
                when exists (select 1 from shared_actors
                    where shared_actors.user_id = users.id and shared_actors.role = 'agent') then 0
                else 1 end as bigint) as by_customer
        from followups join tickets on tickets.id = followups.ticket_id
            left join users on users.id = followups.author_id
        where followups.ticket_id = $1 and followups.visibility = 'public'
            and followups.kind in ('opened', 'comment', 'reopened', 'resolved', 'closed')
        order by followups.id";
    let rows: Vec<Row> =
        on!(tx, |conn| sqlx::query_as(sql).bind(ticket_id).bind(BEGINNING).fetch_all(conn).await)?;
    let word = |row: Row| Word {
        by_customer: row.by_customer,
        begins: matches!(row.kind, EntryKind::Opened | EntryKind::Reopened),
        at: row.created_at,
        text: row.text,
    };
    Ok(rows.into_iter().map(word).collect())
}
