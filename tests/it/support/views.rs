//! What a desk holds, as short texts that a test compares.

use helpdeskd::desk::outgoing;
use helpdeskd::mail::compose::Draft;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::life::Ticket;

use crate::support::desk::TestDesk;

impl TestDesk {
    /// A ticket's own values in one line.
    pub async fn ticket(&self, id: i64) -> String {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let Some(ticket) = store::tickets::find(&mut tx, TicketId(id)).await.expect("the row is read") else {
            return "gone".to_owned();
        };
        let mut words = vec![format!("#{id} {}", ticket.status)];
        words.extend(ticket.held_by.as_ref().map(|holder| format!("held by {holder}")));
        words.push(format!("p{} {:?}", ticket.priority, ticket.subject));
        words.extend(self.app.desk().directory.queue(ticket.queue_id).map(|queue| queue.config.slug.clone()));
        words.push(format!("for {}", person(&mut tx, &ticket, Place::Submitter).await));
        words.push(format!("of {}", person(&mut tx, &ticket, Place::Owner).await));
        words.extend(ticket.due_at.map(|at| format!("due {at}")));
        words.extend(ticket.resolution.as_ref().map(|text| format!("answered {text:?}")));
        words.join(", ")
    }

    /// The conversation, one entry a line: visibility, kind, author, door, words.
    pub async fn conversation(&self, id: i64) -> Vec<String> {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let entries = store::followups::list(&mut tx, TicketId(id)).await.expect("the rows are read");
        let line = |entry: &store::followups::Followup| {
            let author = entry.author_name.as_deref().unwrap_or("-");
            format!("{} {} by {author} via {}: {}", entry.visibility, entry.kind, entry.door, entry.text)
        };
        entries.iter().map(line).collect()
    }

    /// The audit log of a ticket: who, by which door, what.
    pub async fn audit(&self, id: i64) -> Vec<String> {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let changes = store::events::list(&mut tx, TicketId(id)).await.expect("the rows are read");
        let line = |change: &store::events::Logged| {
            let actor = match (change.actor_id, change.token_id) {
                (Some(user), Some(token)) => format!("user {user} by token {token}"),
                (Some(user), None) => format!("user {user}"),
                (None, Some(token)) => format!("token {token}"),
                (None, None) => "nobody".to_owned(),
            };
            let (old, new) = (change.old.as_deref().unwrap_or("-"), change.new.as_deref().unwrap_or("-"));
            format!("{actor} via {}: {} {old} > {new}", change.door, change.field)
        };
        changes.iter().map(line).collect()
    }

    /// Which mails wait that were not seen by the last call, as `template > recipient`, sorted.
    pub async fn mails(&self) -> Vec<String> {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let rows = store::outbox::list(&mut tx, 10_000).await.expect("the rows are read");
        let mut seen = self.seen.lock().expect("no test thread panicked");
        let mut new: Vec<String> = rows
            .iter()
            .filter(|row| seen.insert(row.id))
            .map(|row| format!("{} > {}", row.template, row.recipient))
            .collect();
        new.sort();
        new
    }

    /// The markup of each entry of a conversation.
    pub async fn stored_html(&self, id: i64) -> Vec<Option<String>> {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let entries = store::followups::list(&mut tx, TicketId(id)).await.expect("the rows are read");
        entries.into_iter().map(|entry| entry.html).collect()
    }

    /// The newest mail to an address, as it will be written.
    pub async fn mail_to(&self, address: &str) -> Draft {
        let mut tx = self.app.db.read().await.expect("the database answers");
        let rows = store::outbox::list(&mut tx, 10_000).await.expect("the rows are read");
        let row = rows.iter().filter(|row| row.recipient == address).max_by_key(|row| row.id);
        let draft = Draft::thaw(&row.expect("there is a mail").content).expect("the mail can be read");
        let bodies = outgoing::bodies(&mut tx, &draft).await.expect("the database answers");
        draft.filled(&bodies.expect("its bodies are there"))
    }

    /// How many rows there are in all: what a refused call must not change. Tickets are the first.
    pub async fn totals(&self) -> [i64; 7] {
        let mut totals = [0; 7];
        for (total, sql) in totals.iter_mut().zip(COUNTS) {
            *total = match &self.app.db {
                Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await,
                Db::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await,
            }
            .expect("rows are counted");
        }
        totals
    }
}

const COUNTS: [&str; 7] = [
    "select count(*) from tickets",
    "select count(*) from followups",
    "select count(*) from events",
    "select count(*) from outbox",
    "select count(*) from users",
    "select count(*) from ratings",
    "select count(*) from idempotency_keys",
];

enum Place {
    Submitter,
    Owner,
}

async fn person(tx: &mut Tx, ticket: &Ticket, place: Place) -> String {
    let id = match place {
        Place::Submitter => ticket.submitter_id,
        Place::Owner => ticket.owner_id,
    };
    let Some(id) = id else { return "nobody".to_owned() };
    let user = store::users::find(tx, id).await.expect("the row is read").expect("the person exists");
    user.email.unwrap_or(user.name)
}
