//! Making two tickets of one: entries go into a new ticket, with their files, their mails, and the answers to them.
//!
//! Nobody outside is told: they see one conversation until somebody answers. What opened a ticket stays with it, and so
//! does what the desk noted there.

use std::sync::Arc;

use serde::Serialize;

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
use crate::desk::entry::Written;
use crate::desk::escalate::plan;
use crate::desk::event;
use crate::desk::index;
use crate::desk::locale;
use crate::desk::measure;
use crate::desk::open;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::email::Email;
use crate::mail::compose::Draft;
use crate::sharing::stored::ActorRole;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::tickets::NewTicket;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::escalation::Standing;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::heard::Heard;
use crate::ticket::id::FollowupId;
use crate::ticket::id::OutboxBodyId;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// More are no question that was asked beside another, but a mistake.
const MOST: usize = 500;

/// Which entries go, and into what.
#[derive(Clone, Copy, Debug)]
pub struct Splitting<'a> {
    pub id: TicketId,
    pub entries: &'a [FollowupId],
    /// None: the queue that the ticket is in.
    pub queue: Option<&'a Queue>,
    /// None: the subject of the ticket.
    pub title: Option<&'a str>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Split {
    pub ticket_id: TicketId,
    pub from: TicketId,
    /// The entries that went, oldest first: those that came with the same mail, too.
    pub entries: Vec<FollowupId>,
}

/// Moves entries of a ticket into a new one.
///
/// An action of its own, as it is on two tickets.
pub async fn split(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    what: &Splitting<'_>,
    now: Timestamp,
) -> Result<Split, DeskError> {
    authority::may(actor, Act::Split)?;
    let mut old = Action::begin(tx, actor, what.id).await?;
    let entries = chosen(tx, &old.ticket, what.entries).await?;
    let queue = what.queue.or_else(|| desk.directory.queue(old.ticket.queue_id).map(AsRef::as_ref));
    let Some(queue) = queue else {
        return Err(DeskError::Refused("the ticket's queue is not there any more: say --queue".to_owned()));
    };
    let submitter = submitter(desk, tx, &old.ticket, &entries, now).await?;
    let wanted = Wanted { queue, submitter: submitter.as_ref(), title: what.title, entries: &entries };
    let ticket = insert(desk, tx, &old, &wanted, now).await?;
    let mut new = Action::opened(actor, ticket, submitter.as_ref());
    let family = store::tickets::splitting::list_with_merged(tx, old.ticket.id).await?;
    for entry in &entries {
        take_along(tx, entry, old.ticket.id, new.ticket.id).await?;
        for &id in &family {
            take_mails_along(tx, entry.id, id, new.ticket.id).await?;
        }
    }
    let_in(tx, &entries, submitter.as_ref()).await?;
    copy_people(tx, &entries, &old.ticket, &new.ticket, now).await?;
    let ids: Vec<FollowupId> = entries.iter().map(|entry| entry.id).collect();
    new.add(Event::new(Kind::Opened, "opened", None, None).by_entry(ids[0]));
    tell(desk, tx, &mut old, &mut new, &ids, now).await?;
    let done = Split { ticket_id: new.ticket.id, from: old.ticket.id, entries: ids };
    for action in [&mut old, &mut new] {
        let words = store::followups::splitting::list_words(tx, action.ticket.id).await?;
        action.ticket.retell(Heard::of(&words));
    }
    old.touch();
    event::record(desk, tx, old, now).await?;
    event::record(desk, tx, new, now).await?;
    Ok(done)
}

/// The entries that go, oldest first, or why they cannot.
async fn chosen(tx: &mut Tx, ticket: &Ticket, wanted: &[FollowupId]) -> Result<Vec<Followup>, DeskError> {
    let mut ids = wanted.to_vec();
    for &id in wanted.iter().take(MOST) {
        let entry = store::followups::find(tx, id).await?.filter(|entry| entry.ticket_id == ticket.id);
        let Some(entry) = entry else {
            return Err(DeskError::Refused(format!("entry {id} is none of ticket {}", ticket.id)));
        };
        if let Some(mail) = entry.inbox_id {
            ids.extend(store::followups::splitting::list_of_mail(tx, ticket.id, mail).await?);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST {
        return Err(DeskError::Refused(format!("1 to {MOST} entries can go into a new ticket")));
    }
    let openings = store::followups::splitting::list_openings(tx, ticket.id).await?;
    if openings.iter().all(|opening| ids.contains(opening)) {
        return Err(DeskError::Refused("what opened a ticket stays with it".to_owned()));
    }
    let mut entries = Vec::new();
    for id in ids {
        let Some(entry) = store::followups::find(tx, id).await? else { continue };
        if !is_somebodys(entry.kind) {
            return Err(DeskError::Refused(format!("entry {id} says what became of this ticket: it stays")));
        }
        if store::drafts::keeps(tx, id).await? {
            return Err(DeskError::Refused(format!("entry {id} keeps a draft: send or discard that first")));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Whether it is what somebody said, and not what became of its ticket.
fn is_somebodys(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::Opened
            | EntryKind::Comment
            | EntryKind::PartnerNote
            | EntryKind::Reopened
            | EntryKind::External
            | EntryKind::Unproven
            | EntryKind::Unverified
            | EntryKind::Withheld
            | EntryKind::Machine
    )
}

/// Whoever outside wrote the first of them; where nobody did, the customer of the ticket.
async fn submitter(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    entries: &[Followup],
    now: Timestamp,
) -> Result<Option<User>, DeskError> {
    for entry in entries.iter().filter(|entry| entry.kind != EntryKind::Machine) {
        let found = match (entry.author_id, &entry.writer_address) {
            (Some(id), _) => store::users::find(tx, id).await?,
            (None, Some(address))
                if Email::of(address).is_deliverable() && !desk.directory.is_own(address) =>
            {
                Some(people::meet_unproven(tx, address, now).await?)
            }
            (None, _) => None,
        };
        let is_outside = |user: &User| !user.role.is_staff() || ticket.submitter_id == Some(user.id);
        let Some(user) = found.filter(is_outside) else { continue };
        let partners = store::shared_actors::find_by_user(tx, user.id).await?;
        // Somebody who answers customers at a partner asks nothing here.
        if partners.is_none_or(|actor| actor.role != ActorRole::Agent) {
            return Ok(Some(user));
        }
    }
    match ticket.submitter_id {
        Some(id) => Ok(store::users::find(tx, id).await?),
        None => Ok(None),
    }
}

/// The new ticket, before its entries come.
struct Wanted<'a> {
    queue: &'a Queue,
    submitter: Option<&'a User>,
    title: Option<&'a str>,
    entries: &'a [Followup],
}

async fn insert(
    desk: &Desk,
    tx: &mut Tx,
    old: &Action,
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> Result<Ticket, DeskError> {
    let Wanted { queue, submitter, title, entries } = *wanted;
    let from = &old.ticket;
    let stays = queue.id == from.queue_id;
    let same = from.submitter_id == submitter.map(|user| user.id);
    let proof = entries.iter().find_map(|entry| entry.authentication);
    let uuid = desk.ids.uuid();
    let clocks = measure::opened(desk, tx, queue.id, queue.targets(from.priority), (now, None)).await?;
    let new = NewTicket {
        uuid: &uuid,
        queue_id: queue.id,
        type_id: if stays { from.type_id } else { desk.directory.first_kind(queue.id).map(|kind| kind.id) },
        subject: &open::subject(title.unwrap_or(&from.subject)),
        submitter_id: submitter.map(|user| user.id),
        reply_to: from.reply_to.as_deref().filter(|_| same),
        owner_id: from.owner_id.filter(|_| stays),
        priority: from.priority,
        due_at: None,
        escalate_at: plan::planned(tx, queue, Standing::opened(from.priority, now)).await?,
        follows: None,
        door: old.actor.door().as_str(),
        authentication: proof.unwrap_or(from.authentication),
        locale: from.locale.as_deref().filter(|_| same),
        customer_at: None,
        preview: "",
        created_at: now,
        clocks: &clocks,
    };
    Ok(store::tickets::insert(tx, &new, now).await?)
}

/// Gives an entry to the new ticket, with the mail that it came from: whoever answers that answers there.
async fn take_along(tx: &mut Tx, entry: &Followup, from: TicketId, to: TicketId) -> Result<(), DeskError> {
    // What reopened the old ticket is a request of its own in the new one.
    let kind = if entry.kind == EntryKind::Reopened { EntryKind::Comment } else { entry.kind };
    store::followups::splitting::move_to(tx, entry.id, to, kind).await?;
    if let Some(mail) = entry.inbox_id {
        if let Some(mark) = store::inbox::splitting::find_mark(tx, mail).await?
            && let Some(id) = &mark.message_id
        {
            store::message_ids::move_one(tx, from, to, id, mark.content_digest.as_deref()).await?;
        }
        store::inbox::splitting::move_to(tx, mail, to).await?;
    }
    if let Some(id) = &entry.message_id {
        store::message_ids::move_one(tx, from, to, id, None).await?;
    }
    Ok(())
}

/// Gives the mails about an entry to the new ticket, from the ticket that it was of when they were written.
async fn take_mails_along(
    tx: &mut Tx,
    entry: FollowupId,
    from: TicketId,
    to: TicketId,
) -> Result<(), DeskError> {
    for mail in store::outbox::splitting::list_of_entry(tx, from, entry).await? {
        store::outbox::splitting::move_to(tx, mail.id, to).await?;
        store::written_mails::add(tx, from, -1).await?;
        store::written_mails::add(tx, to, 1).await?;
        store::digest_lines::repoint(tx, mail.id, to).await?;
        for body in Draft::thaw(&mail.content).map(|draft| draft.bodies).unwrap_or_default() {
            store::outbox_bodies::repoint(tx, OutboxBodyId(body), to).await?;
        }
    }
    Ok(())
}

/// What whoever asks now wrote, and was kept for agents as they took no part or proved nothing, is their request, as it
/// would be in a mail that opens a ticket. What is known not to be theirs is not.
async fn let_in(tx: &mut Tx, entries: &[Followup], submitter: Option<&User>) -> Result<(), DeskError> {
    let Some(submitter) = submitter else { return Ok(()) };
    for entry in entries {
        let waits = matches!(entry.kind, EntryKind::External | EntryKind::Unproven);
        let forged = entry.authentication == Some(Authentication::Fail);
        let is_theirs = entry.author_id == Some(submitter.id)
            || entry.author_id.is_none()
                && entry
                    .writer_address
                    .as_deref()
                    .is_some_and(|address| submitter.has_address(&Email::key_of(address)));
        if waits && is_theirs && !forged {
            store::followups::accept(tx, entry.id, submitter.id, None).await?;
            index::renew(tx, entry.id).await?;
        }
    }
    Ok(())
}

/// Others who wrote what goes, and got copies, get them of the new ticket.
async fn copy_people(
    tx: &mut Tx,
    entries: &[Followup],
    old: &Ticket,
    new: &Ticket,
    now: Timestamp,
) -> Result<(), DeskError> {
    let accepted = store::ticket_ccs::list_accepted(tx, old.id).await?;
    for user in store::ticket_ccs::list(tx, old.id).await? {
        let wrote = entries.iter().any(|entry| entry.author_id == Some(user.id));
        if !wrote || new.submitter_id == Some(user.id) {
            continue;
        }
        if accepted.iter().any(|other| other.id == user.id) {
            store::ticket_ccs::accept(tx, new.id, user.id, now).await?;
        } else {
            store::ticket_ccs::insert(tx, new.id, user.id, now).await?;
        }
        store::ticket_ccs::update_address(tx, new.id, user.id, user.elsewhere()).await?;
    }
    Ok(())
}

/// Has both tickets say so. Staff of the new one are told; those of the old one only where that is another queue's.
async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    old: &mut Action,
    new: &mut Action,
    ids: &[FollowupId],
    now: Timestamp,
) -> Result<(), DeskError> {
    let tags = [&old.ticket, &new.ticket].map(|ticket| match desk.directory.queue(ticket.queue_id) {
        Some(queue) => ticket.tag(&queue.config.slug),
        None => ticket.id.to_string(),
    });
    let list = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let went = Sentence::new("note.split_to").with("entries", &list).with("tag", &tags[1]);
    let came = Sentence::new("note.split_from").with("entries", &list).with("tag", &tags[0]);
    let (from, to) = (old.ticket.id.to_string(), new.ticket.id.to_string());
    for id in ids {
        // The proof that it is not lost, should the new ticket be deleted.
        old.add(Event::added(Kind::Split, "split", &to).by_entry(*id));
    }
    let told = note(desk, tx, old, &went, now).await?;
    if old.ticket.queue_id != new.ticket.queue_id {
        old.tell(told);
    }
    let told = note(desk, tx, new, &came, now).await?;
    new.add(Event::removed(Kind::Split, "split", from).by_entry(told.entry().unwrap_or(ids[0])));
    new.tell(told);
    Ok(())
}

/// Writes what the desk says of it as an entry.
async fn note(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    says: &Sentence,
    now: Timestamp,
) -> Result<News, DeskError> {
    let locale = locale::of_agents(desk, action.ticket.queue_id);
    let words = Arc::new(Prepared::plain(desk.templates.sentence(&locale, says)));
    let entry = Entry {
        kind: EntryKind::Split,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written: Written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    Ok(News { words: Some(words), written: Some(written), ..News::new(table::Event::Noted) })
}
