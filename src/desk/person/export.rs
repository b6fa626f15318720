//! What is kept of a person, for them: who they are, and ticket by ticket what they said, got and sent.
//!
//! Reads only. Notes between agents are not theirs and stay here.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::person::erase::case::is_by;
use crate::desk::person::erase::case::is_to;
use crate::desk::person::erase::case::tickets_of;
use crate::mail::compose::Draft;
use crate::store;
use crate::store::attachments::Attachment;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::store::followups::Followup;
use crate::store::inbox::Received;
use crate::ticket::entry::Visibility;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Who somebody is.
#[derive(Debug, Serialize)]
pub struct Person {
    pub user: User,
    /// As they are written, the first one first.
    pub addresses: Vec<String>,
    /// What was changed of them.
    pub log: Vec<Logged>,
    pub tickets: Vec<TicketId>,
}

/// A ticket as one person may have it.
#[derive(Debug, Serialize)]
pub struct Theirs {
    pub ticket: Ticket,
    /// What they said, and what was said for everybody.
    pub entries: Vec<Followup>,
    pub files: Vec<Attachment>,
    /// What was mailed to them.
    pub mails: Vec<Mailed>,
    /// What they mailed; the bytes are beside this, as long as they are kept.
    pub received: Vec<Received>,
    pub rating: Option<i64>,
}

/// A mail that went to them.
#[derive(Debug, Serialize)]
pub struct Mailed {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub state: &'static str,
    pub created_at: Timestamp,
}

/// Who somebody is, and of which tickets more is to be [had](ticket_of).
pub async fn person(tx: &mut Tx, actor: &Actor, user: User) -> Result<Person, DeskError> {
    authority::may(actor, Act::Export)?;
    let further = store::user_addresses::list(tx, user.id).await?;
    let addresses = user.email.iter().cloned().chain(further).collect();
    let log = store::events::list_of_user(tx, user.id).await?;
    let keys = user.keys();
    let mut tickets: Vec<TicketId> = Vec::new();
    loop {
        let after = tickets.last().copied().unwrap_or(TicketId(0));
        let more = tickets_of(tx, user.id, &keys, after).await?;
        if more.is_empty() {
            return Ok(Person { user, addresses, log, tickets });
        }
        tickets.extend(more);
    }
}

/// What one ticket has of somebody; none where it is gone.
pub async fn ticket_of(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    id: TicketId,
) -> Result<Option<Theirs>, DeskError> {
    authority::may(actor, Act::Export)?;
    let Some(ticket) = store::tickets::find(tx, id).await? else { return Ok(None) };
    let keys = user.keys();
    let mut entries = store::followups::list(tx, id).await?;
    let own: Vec<_> = entries.iter().filter(|entry| is_by(entry, user.id, &keys)).cloned().collect();
    entries.retain(|entry| {
        entry.visibility == Visibility::Public || own.iter().any(|theirs| theirs.id == entry.id)
    });
    let files = store::attachments::list(tx, id).await?;
    let files = files.into_iter().filter(|file| entries.iter().any(|entry| entry.id == file.followup_id));
    let sent = store::outbox::list_of_ticket(tx, id).await?;
    let to_them = sent.iter().filter(|mail| is_to(mail, user.id, &keys));
    let mails = to_them.filter_map(|mail| {
        let draft = Draft::thaw(&mail.content).ok()?;
        let (subject, text) = (draft.subject, draft.text.replace('\0', ""));
        Some(Mailed {
            to: mail.recipient.clone(),
            subject,
            text,
            state: mail.state.as_str(),
            created_at: mail.created_at,
        })
    });
    let received = store::inbox::erasing::list_of_ticket(tx, id).await?;
    let received =
        received.into_iter().filter(|mail| own.iter().any(|entry| entry.inbox_id == Some(mail.id)));
    Ok(Some(Theirs {
        files: files.collect(),
        mails: mails.collect(),
        received: received.collect(),
        rating: store::ratings::find(tx, id, user.id).await?,
        ticket,
        entries,
    }))
}
