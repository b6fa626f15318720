//! Telling people what happened: who, by the table, and each of them once.
//!
//! Decides the recipients; what the mail says is written in `notification`.

mod acknowledgement;
pub mod also;
pub mod announcement;
mod list;
mod unheard;

use std::collections::HashSet;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::command::report::Report;
use crate::desk::copies;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::entry::Written;
use crate::desk::hold_back::Unsaid;
use crate::desk::known;
use crate::desk::known::Rest;
use crate::desk::locale;
use crate::desk::notification;
use crate::desk::notification::content::Notification;
use crate::desk::notify::announcement::Announcement;
use crate::desk::notify::announcement::Recipient;
use crate::desk::notify::list::List;
use crate::desk::outgoing::KeptBodies;
use crate::desk::prepared::Prepared;
use crate::desk::shown::Dress;
use crate::desk::shown::Saying;
use crate::desk::table::Event;
use crate::email::Email;
use crate::mail::classify::machine;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Beginning;
use crate::store::followups::Most;
use crate::template::body::Body;
use crate::template::context::Entry;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Public entries that staff see below the new one; more than a mail shows of each.
const HISTORY: Most = Most { entries: 3, characters: 32 * 1024 };
/// Mails that a new one refers to.
const MOST_IDS: i64 = 20;

/// What an agent gets back about his own mail.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub author: &'a User,
    pub template: Name,
    /// His mail, to which this is the answer.
    pub origin: &'a Origin,
    /// What was kept of it and sent to nobody.
    pub kept: Option<Kept<'a>>,
    /// The entry that is not done yet, and is by an answer with `#confirm`.
    pub waiting: Option<FollowupId>,
    pub note: Option<&'a Sentence>,
    pub report: Option<&'a Report>,
}

/// Words that were sent to nobody, and the entry where they are.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    pub words: &'a Arc<Prepared>,
    pub entry: FollowupId,
}

/// Who was told of an action so far.
#[derive(Debug, Default)]
pub struct Told(HashSet<String>);

impl Told {
    fn is_new(&mut self, address: &str) -> bool {
        self.0.insert(Email::key_of(address))
    }
}

/// Queues one mail to everybody whom the table names and who is not told yet. Gives back what was not said by it.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    announcement: &Announcement<'_>,
    told: &mut Told,
    now: Timestamp,
) -> Result<Vec<Unsaid>, DeskError> {
    let Some(queue) = desk.directory.queue(ticket.queue_id) else { return Ok(Vec::new()) };
    let submitter = submitter(tx, ticket, announcement).await?;
    let audience = Audience { ticket, queue, submitter, recipients: Vec::new() };
    let mut recipients = recipients(desk, tx, &audience, announcement, now).await?;
    recipients.retain(|recipient| told.is_new(&recipient.address));
    let audience = Audience { recipients, ..audience };
    post(desk, tx, &audience, announcement, now).await
}

/// Those who hear of an announcement, and in which queue's name.
struct Audience<'a> {
    ticket: &'a Ticket,
    queue: &'a Queue,
    submitter: Option<User>,
    recipients: Vec<Recipient>,
}

async fn post(
    desk: &Desk,
    tx: &mut Tx,
    audience: &Audience<'_>,
    announcement: &Announcement<'_>,
    now: Timestamp,
) -> Result<Vec<Unsaid>, DeskError> {
    let Audience { ticket, queue, submitter, recipients } = audience;
    if recipients.is_empty() {
        return Ok(Vec::new());
    }
    let staff = recipients.iter().any(|to| to.template.is_for_staff());
    let mut saying = saying(announcement.news, announcement.news.entry());
    let history = if staff { history(desk, tx, ticket, announcement).await? } else { Vec::new() };
    let rest = if staff { known::rest(tx, ticket, announcement, &history).await? } else { Rest::Known };
    let news = announcement.news;
    let thread = match (news.event, &news.origin, &news.thread) {
        (_, _, Some(thread)) => thread.clone(),
        (Event::Opened, origin, None) => origin.as_deref().map_or_else(Vec::new, ids),
        _ => self::thread(tx, ticket.id).await?,
    };
    let owner = match ticket.owner_id {
        Some(id) if staff => store::users::find(tx, id).await?,
        _ => None,
    };
    let mut unsaid = Vec::new();
    let mut kept = KeptBodies::default();
    for recipient in recipients {
        let locale = reader_locale(desk, ticket, queue, recipient);
        let notification = Notification {
            ticket,
            queue,
            announcement,
            body: saying.body(desk, &locale, recipient.template),
            locale,
            extent: saying.extent,
            rest,
            recipient,
            history: &history,
            thread: &thread,
            submitter: submitter.as_ref(),
            owner: owner.as_ref(),
        };
        unsaid.extend(notification::post(desk, tx, &notification, &mut kept, now).await?);
    }
    Ok(unsaid)
}

/// The Message-IDs that mails about a ticket refer to, newest first.
pub async fn thread(tx: &mut Tx, id: TicketId) -> Result<Vec<String>, sqlx::Error> {
    store::followups::list_outsiders_message_ids(tx, id, MOST_IDS).await
}

/// Answers an agent's mail: what was done of it, or why nothing was.
pub async fn answer(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    answer: &Answer<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let (Some(queue), Some(email)) = (desk.directory.queue(ticket.queue_id), &answer.author.email) else {
        return Ok(());
    };
    let actor = Actor::author(Some(answer.author.clone()));
    let news = News {
        words: answer.kept.map(|kept| Arc::clone(kept.words)),
        // The answer to this mail is about that entry. Its files are not sent back.
        // Of what waits for a word of its author there are no words either: somebody else may have written it.
        written: answer
            .kept
            .map(|kept| kept.entry)
            .or(answer.waiting)
            .map(|id| Written { id, attachments: Vec::new() }),
        note: answer.note.cloned(),
        ..News::new(Event::Noted)
    };
    let announcement = Announcement { report: answer.report, ..Announcement::new(&news, &actor) };
    let mut saying = saying(&news, answer.kept.map(|kept| kept.entry));
    let recipient =
        Recipient { address: email.clone(), user: Some(answer.author.clone()), template: answer.template };
    let thread = ids(answer.origin);
    let submitter = find(tx, ticket.submitter_id).await?;
    let owner = find(tx, ticket.owner_id).await?;
    let locale = reader_locale(desk, ticket, queue, &recipient);
    let notification = Notification {
        ticket,
        queue,
        announcement: &announcement,
        body: saying.body(desk, &locale, recipient.template),
        locale,
        extent: saying.extent,
        rest: Rest::Known,
        recipient: &recipient,
        history: &[],
        thread: &thread,
        submitter: submitter.as_ref(),
        owner: owner.as_ref(),
    };
    // It is no agent's word that is lost with it.
    notification::post(desk, tx, &notification, &mut KeptBodies::default(), now).await.map(drop)
}

/// What mails show of the words, which this entry keeps.
fn saying(news: &News, entry: Option<FollowupId>) -> Saying {
    let dress = if news.origin.is_none() { Dress::Formatted } else { Dress::Plain };
    Saying::of(news.words.as_deref().map(Prepared::shown), dress, entry)
}

fn reader_locale(desk: &Desk, ticket: &Ticket, queue: &Queue, recipient: &Recipient) -> String {
    let ticket = (!recipient.template.is_for_staff()).then_some(ticket);
    locale::of_reader(desk, queue, recipient.user.as_ref(), ticket)
}

fn ids(origin: &Origin) -> Vec<String> {
    Some(origin.message_id.clone()).filter(|id| !id.is_empty()).into_iter().collect()
}

async fn find(tx: &mut Tx, id: Option<UserId>) -> Result<Option<User>, sqlx::Error> {
    match id {
        Some(id) => store::users::find(tx, id).await,
        None => Ok(None),
    }
}

async fn submitter(
    tx: &mut Tx,
    ticket: &Ticket,
    announcement: &Announcement<'_>,
) -> Result<Option<User>, sqlx::Error> {
    let mut known = announcement.submitter.into_iter().chain(announcement.actor.user());
    match known.find(|user| Some(user.id) == ticket.submitter_id) {
        Some(user) => Ok(Some(user.clone())),
        None => find(tx, ticket.submitter_id).await,
    }
}

async fn recipients(
    desk: &Desk,
    tx: &mut Tx,
    audience: &Audience<'_>,
    announcement: &Announcement<'_>,
    now: Timestamp,
) -> Result<Vec<Recipient>, DeskError> {
    let Audience { ticket, queue, submitter, .. } = audience;
    let row = announcement.news.event.row();
    let mut list = List::new(desk, announcement, announcement.by(ticket));
    let ccs = copies::concerned(tx, ticket, announcement).await?;
    if announcement.news.event.is_private() {
        // Whoever must not read this hears nothing in any other role.
        list.exclude(submitter.iter().chain(&ccs));
    }
    if let (Some(template), Some(user)) = (row.submitter, submitter)
        && may_acknowledge(desk, announcement, user)
        && may_tell_submitter(desk, tx, (ticket, announcement), user, now).await?
    {
        if announcement.is_acknowledgement() {
            // It answers the author, whatever address they want answers at.
            list.outsider(user, template, true);
        } else {
            list.submitter(ticket, user, template, announcement.news.event == Event::Opened);
        }
    }
    list.staff_of(tx, ticket, queue, announcement).await?;
    if announcement.news.event == Event::Escalated && !list.is_heard {
        unheard::hold(desk, tx, ticket, queue, &list.recipients, now).await?;
        return Ok(Vec::new());
    }
    for user in &ccs {
        if let Some(template) = row.ccs {
            list.outsider(user, template, false);
        }
    }
    Ok(list.recipients)
}

/// Whether an address is one that an API or a mail may make us write to: an operator knows their own hosts.
fn may_acknowledge(desk: &Desk, announcement: &Announcement<'_>, user: &User) -> bool {
    let is_known = announcement.news.event != Event::Opened || announcement.actor.door() == Door::Cli;
    is_known || user.email.as_deref().is_none_or(|email| !machine::is_odd(email, desk.directory.own()))
}

/// Whether the submitter hears of it: always, but for acknowledgements, which have their limits, and for escalation of
/// what was not acknowledged: a machine, a forged sender or an old mail must not hear of it either.
async fn may_tell_submitter(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, announcement): (&Ticket, &Announcement<'_>),
    user: &User,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let escalated_mail = announcement.news.event == Event::Escalated && ticket.door == Door::Mail.as_str();
    let is_acknowledged = announcement.is_acknowledgement() || announcement.is_opened_by_program();
    if !is_acknowledged && !escalated_mail {
        return Ok(true);
    }
    let (None, Some(email)) = (announcement.news.no_acknowledgement, &user.email) else { return Ok(false) };
    if escalated_mail {
        return store::outbox::wrote_to(tx, ticket.id, &Email::key_of(email)).await;
    }
    acknowledgement::may_leave(desk, tx, (ticket, announcement), user, email, now).await
}

/// The last public entries, as they stand below what staff are told.
async fn history(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    announcement: &Announcement<'_>,
) -> Result<Vec<Entry>, sqlx::Error> {
    if announcement.news.event == Event::Opened {
        return Ok(Vec::new());
    }
    let before = announcement.news.entry().unwrap_or(FollowupId(i64::MAX));
    let entries = store::followups::list_public_beginnings(tx, ticket.id, before, HISTORY).await?;
    let shown = |entry: Beginning| Entry {
        author: entry.author_name.unwrap_or_else(|| desk.config.desk.name.clone()),
        at: entry.created_at,
        body: Body::earlier(&entry.text),
    };
    Ok(entries.into_iter().map(shown).collect())
}
