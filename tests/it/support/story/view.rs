//! The desk as text, for snapshots: short, and without what differs from run to run.

use std::fmt::Write;

use helpdeskd::store;
use helpdeskd::store::attachments::Attachment;
use helpdeskd::store::db::Tx;
use helpdeskd::store::followups::Followup;
use helpdeskd::store::inbox::Received;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::ticket::id::UserId;
use helpdeskd::ticket::life::Ticket;
use helpdeskd::ticket::priority::Priority;

use super::TestDesk;
use super::dump::ids;

impl TestDesk {
    /// All tickets, oldest first, one line each: number, status, subject, and what is special.
    pub async fn tickets(&self) -> String {
        let mut tx = self.read().await;
        let mut tickets = store::tickets::list(&mut tx, TicketId(i64::MAX), 1000).await.expect("it is read");
        tickets.reverse();
        let mut lines = Vec::new();
        for ticket in &tickets {
            lines.push(line(&mut tx, ticket).await);
        }
        if lines.is_empty() { "none".to_owned() } else { lines.join("\n") }
    }

    /// One ticket with its people and its conversation: who, what kind, for whom to see, and the new words.
    pub async fn ticket(&self, id: i64) -> String {
        let mut tx = self.read().await;
        let ticket = self.row(id).await;
        let mut view = line(&mut tx, &ticket).await;
        let submitter = address(&mut tx, ticket.submitter_id).await;
        write!(view, "\nfrom {submitter}").expect("a text grows");
        let ccs = store::ticket_ccs::list(&mut tx, ticket.id).await.expect("it is read");
        for cc in ccs {
            write!(view, ", cc {}", cc.email.unwrap_or_default()).expect("a text grows");
        }
        let attachments = store::attachments::list(&mut tx, ticket.id).await.expect("it is read");
        for followup in store::followups::list(&mut tx, ticket.id).await.expect("it is read") {
            let author = address(&mut tx, followup.author_id).await;
            write!(view, "\n{}", entry(&followup, &author)).expect("a text grows");
            for attachment in attachments.iter().filter(|row| row.followup_id == followup.id) {
                write!(view, "\n  + {}", enclosure(attachment)).expect("a text grows");
            }
        }
        view
    }

    /// One ticket as the database has it.
    pub async fn row(&self, id: i64) -> Ticket {
        let found = store::tickets::find(&mut self.read().await, TicketId(id)).await.expect("it is read");
        found.unwrap_or_else(|| panic!("there is no ticket {id}"))
    }

    /// The conversation of a ticket as the database has it.
    pub async fn followups(&self, id: i64) -> Vec<Followup> {
        store::followups::list(&mut self.read().await, TicketId(id)).await.expect("it is read")
    }

    /// What was said on a ticket and does not stand in its log, which is nothing; and that each mail that came in has its
    /// outcome.
    pub async fn unlogged(&self, id: i64) -> Vec<String> {
        let log = store::events::list(&mut self.read().await, TicketId(id)).await.expect("it is read");
        let is_logged = |entry: &Followup| log.iter().any(|event| event.entry_id == Some(entry.id));
        let entries = self.followups(id).await;
        let lost = entries.into_iter().filter(|entry| !is_logged(entry)).map(|entry| entry.text);
        let open = self.received().await.into_iter().filter(|row| row.outcome.is_none());
        lost.chain(open.map(|row| format!("message {} has no outcome", row.id))).collect()
    }

    /// What became of each received mail, in order of arrival.
    pub async fn journal(&self) -> String {
        let lines: Vec<String> = self.received().await.iter().map(outcome).collect();
        lines.join("\n")
    }

    /// The journal's rows, in order of arrival.
    pub async fn received(&self) -> Vec<Received> {
        let mut tx = self.read().await;
        let mut rows = Vec::new();
        for id in ids(&mut tx, "inbox").await {
            let row = store::inbox::find(&mut tx, InboxId(id)).await.expect("it is read");
            rows.push(row.expect("it is there"));
        }
        rows
    }

    /// The bytes of a received mail, as they were stored.
    pub async fn raw(&self, row: &Received) -> Vec<u8> {
        let blob = row.blob_id.expect("its bytes are kept");
        let bytes = store::blobs::read(&mut self.read().await, blob).await.expect("it is read");
        bytes.expect("they are there")
    }

    /// The rules that decided about the newest mail, with their evidence.
    pub async fn trace(&self) -> String {
        let rows = self.received().await;
        let trace = rows.last().and_then(|row| row.trace.as_deref()).unwrap_or("[]");
        let steps: Vec<serde_json::Value> = serde_json::from_str(trace).expect("a trace is JSON");
        let word = |step: &serde_json::Value, key: &str| step[key].as_str().unwrap_or_default().to_owned();
        let steps = steps.iter().map(|step| format!("{}: {}", word(step, "rule"), word(step, "evidence")));
        steps.collect::<Vec<_>>().join("\n")
    }
}

/// For instance `ticket #1`, or `followup #1 (external)`.
pub fn outcome(row: &Received) -> String {
    let mut view = row
        .outcome
        .map_or_else(|| format!("waiting after {} attempts", row.attempts), |became| became.to_string());
    if let Some(id) = row.ticket_id {
        write!(view, " #{id}").expect("a text grows");
    }
    if let Some(reason) = &row.reason {
        write!(view, " ({reason})").expect("a text grows");
    }
    view
}

async fn line(tx: &mut Tx, ticket: &Ticket) -> String {
    let count = store::followups::list(tx, ticket.id).await.expect("it is read").len();
    let plural = if count == 1 { "" } else { "s" };
    let mut view = format!("#{} {} `{}`, {count} message{plural}", ticket.id, ticket.status, ticket.subject);
    let mut special = Vec::new();
    if ticket.owner_id.is_some() {
        special.push(format!("owner {}", address(tx, ticket.owner_id).await));
    }
    if ticket.priority != Priority::NORMAL {
        special.push(format!("priority {}", ticket.priority));
    }
    if let Some(holder) = &ticket.held_by {
        special.push(format!("held by {holder}"));
    }
    if let Some(survivor) = ticket.merged_into {
        special.push(format!("merged into #{survivor}"));
    }
    if let Some(old) = ticket.follows {
        special.push(format!("continues #{old}"));
    }
    let tags = store::tags::list(tx, ticket.id).await.expect("it is read");
    special.extend(tags.iter().map(|tag| format!("tag {tag}")));
    for part in special {
        write!(view, ", {part}").expect("a text grows");
    }
    view
}

fn entry(followup: &Followup, author: &str) -> String {
    let words = followup.new_text.as_ref().unwrap_or(&followup.text).trim().replace('\n', " / ");
    format!("- {author}, {}, {}: {words}", followup.kind, followup.visibility)
}

fn enclosure(attachment: &Attachment) -> String {
    let Attachment { name, content_type, disposition, size, .. } = attachment;
    format!("{name} ({content_type}, {disposition}, {size} bytes)")
}

async fn address(tx: &mut Tx, id: Option<UserId>) -> String {
    let Some(id) = id else { return "nobody".to_owned() };
    let user = store::users::find(tx, id).await.expect("it is read").expect("it is there");
    user.email.unwrap_or(user.name)
}
