//! Comments of a partner as entries of our tickets.
//!
//! People are told of an entry when its files are here, so that what a customer gets is complete.

use std::sync::Arc;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::message::Message;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::prepared::Prepared;
use crate::desk::share::Case;
use crate::desk::share::people;
use crate::desk::share::people::Person;
use crate::desk::table;
use crate::mail::html;
use crate::sharing::Side;
use crate::sharing::stored::ActorRole;
use crate::sharing::stored::CommentOrigin;
use crate::sharing::wire;
use crate::store;
use crate::store::db::Tx;
use crate::store::partner_files::NewFile;
use crate::store::shared_comments::SharedComment;
use crate::store::shared_tickets::SharedTicket;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::life;
use crate::ticket::person::User;
use crate::ticket::status::Status;

/// A ticket to be opened for a partner.
#[derive(Debug)]
pub struct Opening<'a> {
    pub queue: &'a Queue,
    pub subject: &'a str,
    pub submitter: Option<&'a User>,
    pub first: Option<&'a wire::Comment>,
}

/// Sanitises what a partner wrote. Takes a while for long texts, so it is done before a transaction begins.
pub fn prepare(ticket: &mut wire::Ticket) {
    for comment in &mut ticket.comments {
        let Some(given) = comment.html_body.take() else { continue };
        if comment.body.trim().is_empty() {
            comment.body = html::to_text(&given);
        }
        comment.html_body = Some(html::sanitise(&given)).filter(|html| !html.trim().is_empty());
    }
}

/// Comments by when they were written, and then as they came.
pub fn in_order(mut comments: Vec<wire::Comment>) -> Vec<wire::Comment> {
    let mut known = std::collections::HashSet::new();
    comments.retain(|comment| known.insert(comment.uuid.clone()));
    comments.sort_by_key(|comment| comment.authored_at.map_or((1, 0), |at| (0, at.0)));
    comments
}

/// Opens a ticket with a partner's first comment.
pub async fn open(
    case: &Case<'_>,
    tx: &mut Tx,
    share: &SharedTicket,
    opening: &Opening<'_>,
) -> Result<Action, DeskError> {
    let author = author(case, tx, opening.first).await?;
    let author = author.map(|person| person.user).or_else(|| opening.submitter.cloned());
    let actor = Actor::partner(author);
    let request = Request {
        queue: opening.queue,
        type_id: None,
        subject: opening.subject,
        submitter: opening.submitter,
        owner_id: None,
        priority: None,
        due_at: None,
        follows: None,
        authentication: Authentication::Pass,
        locale: None,
        visibility: opening.first.map_or(Visibility::Public, |comment| comment.visibility),
        words: Arc::new(opening.first.map(words).unwrap_or_default()),
        origin: None,
        no_acknowledgement: None,
    };
    let mut action = open::open(case.desk, tx, &actor, &request, case.now).await?;
    if let (Some(comment), Some(id)) = (opening.first, action.entry())
        && keep(case, tx, (share, comment), id, true).await?
    {
        action.hush();
    }
    Ok(action.by_share(share.id))
}

/// Writes a comment as part of a conversation that is told as a whole: nobody is mailed.
pub async fn quietly(
    case: &Case<'_>,
    tx: &mut Tx,
    action: &Action,
    share: &SharedTicket,
    comment: &wire::Comment,
) -> Result<(), DeskError> {
    let author = author(case, tx, Some(comment)).await?;
    let actor = Actor::partner(author.map(|person| person.user));
    let words = words(comment);
    let entry = Entry {
        kind: EntryKind::Comment,
        visibility: comment.visibility,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written = entry::write(case.desk, tx, (action.ticket.id, &actor), &entry, case.now).await?;
    keep(case, tx, (share, comment), written.id, false).await?;
    Ok(())
}

/// Says a comment in its author's name; with `ends` it is the last word, which resolves or closes the ticket.
///
/// People are mailed when its files are here.
pub async fn say(
    case: &Case<'_>,
    tx: &mut Tx,
    action: &mut Action,
    share: &SharedTicket,
    comment: &wire::Comment,
    ends: Option<Status>,
) -> Result<(), DeskError> {
    let author = author(case, tx, Some(comment)).await?;
    let speaker = author.as_ref().map_or(ActorRole::Agent, |person| person.speaker);
    let author = Actor::partner(author.map(|person| person.user));
    let actor = std::mem::replace(&mut action.actor, author);
    let words = Arc::new(words(comment));
    let id = if let Some(status) = ends {
        let last = LastWords { words, origin: None };
        close::enter(case.desk, tx, action, status, last, case.now).await?
    } else {
        let speaker = Some(heard_as(case.agreement.side, speaker));
        let said = Said { speaker, ..Said::of(comment.visibility, words) };
        Some(comment::comment(case.desk, tx, action, said, case.now).await?)
    };
    action.actor = actor;
    if let Some(id) = id
        && keep(case, tx, (share, comment), id, true).await?
    {
        action.hush();
    }
    Ok(())
}

/// What people are told of, by the kind of an entry.
pub fn event(kind: EntryKind, visibility: Visibility) -> table::Event {
    match (kind, visibility) {
        (EntryKind::Opened, _) => table::Event::Opened,
        (_, Visibility::Private) => table::Event::Noted,
        (EntryKind::Resolved, _) => table::Event::Resolved,
        (EntryKind::Closed, _) => table::Event::Closed,
        (EntryKind::Reopened, _) => table::Event::Reopened,
        _ => table::Event::Commented,
    }
}

/// As whom a partner's person is heard here.
fn heard_as(side: Side, speaker: ActorRole) -> life::Speaker {
    match (speaker, side) {
        (ActorRole::Customer, _) => life::Speaker::Customer,
        (ActorRole::Agent, Side::Sender) => life::Speaker::Staff,
        (ActorRole::Agent, Side::Receiver) => life::Speaker::Partner,
    }
}

fn words(comment: &wire::Comment) -> Prepared {
    Prepared::received(Message {
        text: comment.body.clone(),
        html: comment.html_body.clone(),
        written_at: comment.authored_at,
        ..Message::default()
    })
}

async fn author(
    case: &Case<'_>,
    tx: &mut Tx,
    comment: Option<&wire::Comment>,
) -> Result<Option<Person>, sqlx::Error> {
    let author = comment.and_then(|comment| comment.author.as_ref());
    people::placeholder(tx, case.agreement, author, case.now).await
}

/// Notes that both sides have a comment, and which files it waits for. Says whether it waits.
async fn keep(
    case: &Case<'_>,
    tx: &mut Tx,
    (share, comment): (&SharedTicket, &wire::Comment),
    followup_id: FollowupId,
    tells: bool,
) -> Result<bool, sqlx::Error> {
    let row = SharedComment {
        shared_ticket_id: share.id,
        uuid: comment.uuid.clone(),
        followup_id,
        origin: CommentOrigin::Theirs,
    };
    store::shared_comments::insert(tx, &row).await?;
    for attachment in &comment.attachments {
        let file = NewFile {
            agreement_id: case.agreement.id,
            followup_id,
            url: &attachment.url,
            name: attachment.display_filename.as_deref().unwrap_or(&attachment.filename),
            content_type: attachment.content_type.as_deref(),
            tells,
        };
        store::partner_files::insert(tx, &file, case.now).await?;
    }
    Ok(!comment.attachments.is_empty())
}
