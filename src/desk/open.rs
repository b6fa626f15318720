//! Opening a ticket.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::escalate::plan;
use crate::desk::measure;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::ids;
use crate::store;
use crate::store::db::Tx;
use crate::store::tickets::NewTicket;
use crate::ticket;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::escalation::Standing;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::priority::Priority;

/// Longest subject that is kept; more is cut, as no mail program shows it.
const LONGEST_SUBJECT: usize = 500;
/// Subject of a request that had none.
const NO_SUBJECT: &str = "(no subject)";

/// A request.
#[derive(Debug)]
pub struct Request<'a> {
    pub queue: &'a Queue,
    /// None: the queue's first.
    pub type_id: Option<TypeId>,
    pub subject: &'a str,
    pub submitter: Option<&'a User>,
    pub owner_id: Option<UserId>,
    /// None: the type's.
    pub priority: Option<Priority>,
    /// None: by the type.
    pub due_at: Option<Timestamp>,
    pub follows: Option<TicketId>,
    /// `pass`, `fail`, `none`, `unknown`, or `api` where no mail was involved.
    pub authentication: Authentication,
    pub locale: Option<&'a str>,
    pub visibility: Visibility,
    pub words: Arc<Prepared>,
    pub origin: Option<Arc<Origin>>,
    /// Why the submitter gets no acknowledgement of a mail that opens it.
    pub no_acknowledgement: Option<&'static str>,
}

/// Opens a ticket with its first entry.
pub async fn open(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    request: &Request<'_>,
    now: Timestamp,
) -> Result<Action, DeskError> {
    open_as(desk, tx, (actor, actor), request, now).await
}

/// As [`open`], where the first entry was written by somebody else than the one who opens the ticket.
pub(crate) async fn open_as(
    desk: &Desk,
    tx: &mut Tx,
    (actor, writer): (&Actor, &Actor),
    request: &Request<'_>,
    now: Timestamp,
) -> Result<Action, DeskError> {
    authority::may(actor, Act::Open)?;
    let uuid = uuid(desk, tx, request.origin.as_deref()).await?;
    let ticket = insert(desk, tx, (actor, writer, &uuid), request, now).await?;
    let first = Entry {
        kind: EntryKind::Opened,
        visibility: request.visibility,
        words: &request.words,
        new_status: Some(ticket.status),
        origin: request.origin.as_deref(),
    };
    let written = entry::write(desk, tx, (ticket.id, writer), &first, now).await?;
    let mut action = Action::opened(actor, ticket, request.submitter);
    action.add(Event::new(Kind::Opened, "opened", None, None).by_entry(written.id));
    action.tell(News {
        words: Some(Arc::clone(&request.words)),
        written: Some(written),
        origin: request.origin.clone(),
        no_acknowledgement: request.no_acknowledgement,
        visibility: request.visibility,
        ..News::new(table::Event::Opened)
    });
    Ok(action)
}

/// What follows from the mail that opens it, so that the same mail, after a restore, makes the same ticket: then its
/// acknowledgement has the same Message-ID. Without a mail, or if there is such a ticket, a new one.
async fn uuid(desk: &Desk, tx: &mut Tx, origin: Option<&Origin>) -> Result<String, sqlx::Error> {
    if let Some(origin) = origin.filter(|origin| !origin.message_id.is_empty()) {
        let author = origin.author.as_deref().unwrap_or_default();
        let parts = [&b"ticket"[..], origin.message_id.as_bytes(), author.as_bytes()];
        let mac = desk.keys.ring().sign(&parts);
        let uuid = ids::uuid_from(*mac.first_chunk().expect("a MAC has 32 bytes"));
        if !store::tickets::has_uuid(tx, &uuid).await? {
            return Ok(uuid);
        }
    }
    Ok(desk.ids.uuid())
}

async fn insert(
    desk: &Desk,
    tx: &mut Tx,
    (actor, writer, uuid): (&Actor, &Actor, &str),
    request: &Request<'_>,
    now: Timestamp,
) -> Result<Ticket, sqlx::Error> {
    let kind = match request.type_id {
        Some(id) => desk.directory.kind(id),
        None => desk.directory.first_kind(request.queue.id),
    };
    let origin = request.origin.as_deref();
    let created_at = origin.map_or(now, |origin| origin.received_at.min(now));
    let due_at =
        kind.and_then(|kind| kind.due_hours).map(|hours| Timestamp(created_at.0 + hours * Timestamp::HOUR));
    let priority = request.priority.or(kind.map(|kind| kind.priority)).unwrap_or_default();
    let subject = subject(request.subject);
    let public = request.visibility == Visibility::Public;
    let by_customer = public && writer.user().is_some_and(|user| !user.role.is_staff());
    let due_at = request.due_at.or(due_at);
    let targets = request.queue.targets(priority);
    let clocks = measure::opened(desk, tx, request.queue.id, targets, (created_at, due_at)).await?;
    let new = NewTicket {
        uuid,
        queue_id: request.queue.id,
        type_id: kind.map(|kind| kind.id),
        subject: &subject,
        submitter_id: request.submitter.map(|user| user.id),
        reply_to: origin
            .and_then(|origin| origin.reply_to.as_deref())
            .or_else(|| request.submitter.and_then(User::elsewhere)),
        owner_id: request.owner_id,
        priority,
        due_at,
        escalate_at: plan::planned(tx, request.queue, Standing::opened(priority, created_at)).await?,
        follows: request.follows,
        door: actor.door().as_str(),
        authentication: request.authentication,
        locale: request.locale,
        customer_at: by_customer.then_some(created_at),
        preview: &if public { ticket::preview(request.words.newest()) } else { String::new() },
        created_at,
        clocks: &clocks,
    };
    store::tickets::insert(tx, &new, now).await
}

/// One line that can stand in a subject.
pub fn subject(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let flat = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.is_empty() { NO_SUBJECT.to_owned() } else { flat.chars().take(LONGEST_SUBJECT).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line_and_never_empty() {
        assert_eq!(subject(" a\r\n b\u{0}c "), "a b c");
        assert_eq!(subject("\r\n"), NO_SUBJECT);
        assert_eq!(subject(&"ü".repeat(9000)).chars().count(), LONGEST_SUBJECT);
    }
}
