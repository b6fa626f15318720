//! Telling people what happened: who, by the table, and each of them once.
//!
//! Decides the recipients; what the mail says is written in `letter`.

pub mod also;
mod list;

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::desk::command::Report;
use crate::desk::copies;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::entry::Written;
use crate::desk::letter;
use crate::desk::letter::content;
use crate::desk::letter::content::Letter;
use crate::desk::locale;
use crate::desk::notify::list::List;
use crate::desk::outgoing::Kept as KeptBodies;
use crate::desk::shown::Shown;
use crate::desk::table::By;
use crate::desk::table::Event;
use crate::mail::classify::machine;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::outbox::Outgoing;
use crate::template::body::Body;
use crate::template::context::Entry;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::domain_of;

/// Acknowledgements to one address, and to one domain, within a day.
const MOST_TO_ADDRESS: i64 = 5;
const MOST_TO_DOMAIN: i64 = 50;
/// Public entries that staff see below the new one.
const HISTORY: i64 = 3;
/// Mails that a new one refers to.
const MOST_IDS: i64 = 20;

/// Something that happened, with all that its mails need.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    pub event: Event,
    pub actor: &'a Actor,
    /// Who wrote the words, as staff read it, where that is not the actor: `Ann <ann@x.example> (external)`.
    pub writer: Option<&'a Sentence>,
    pub words: Option<&'a Words>,
    pub written: Option<&'a Written>,
    pub origin: Option<&'a Origin>,
    /// Why the submitter gets no acknowledgement of a mail that opened a ticket.
    pub no_acknowledgement: Option<&'a str>,
    /// A sentence for staff: why something is unverified.
    pub note: Option<&'a Sentence>,
    /// For a merge: the survivor.
    pub other: Option<&'a Ticket>,
    /// The Message-IDs that its mails refer to; none: those of the ticket.
    pub thread: Option<&'a [String]>,
    /// Who became owner by it: their mail says that first.
    pub new_owner: Option<UserId>,
    /// For the answer to an agent's mail.
    pub report: Option<&'a Report>,
    /// The mail that did not arrive.
    pub returned: Option<&'a Outgoing>,
    /// For whom the words of a new ticket are.
    pub visibility: Visibility,
}

/// What an agent gets back about his own mail.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    pub author: &'a User,
    pub template: Name,
    /// His mail, to which this is the answer.
    pub origin: &'a Origin,
    /// What was kept of it and sent to nobody.
    pub kept: Option<Kept<'a>>,
    pub note: Option<&'a Sentence>,
    pub report: Option<&'a Report>,
}

/// Words that were sent to nobody, and the entry where they are.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    pub words: &'a Words,
    pub entry: FollowupId,
}

/// One mail's addressee.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub address: String,
    pub user: Option<User>,
    pub template: Name,
}

/// Who was told of an action so far.
#[derive(Debug, Default)]
pub struct Told(HashSet<String>);

impl Told {
    fn is_new(&mut self, address: &str) -> bool {
        self.0.insert(address_key(address))
    }
}

impl<'a> Occasion<'a> {
    pub fn new(event: Event, actor: &'a Actor) -> Self {
        Self {
            event,
            actor,
            writer: None,
            words: None,
            written: None,
            origin: None,
            no_acknowledgement: None,
            note: None,
            other: None,
            thread: None,
            new_owner: None,
            report: None,
            returned: None,
            visibility: Visibility::Public,
        }
    }

    /// Whose doing it is. What an agent says on a request of their own they say as a customer.
    fn by(&self, ticket: &Ticket) -> By {
        let own = self.actor.id().is_some_and(|id| ticket.submitter_id == Some(id));
        let asks = own && matches!(self.event, Event::Commented | Event::Reopened);
        let program = self.event == Event::Kept || self.actor.door() == Door::Desk;
        if self.actor.is_staff() && !asks && !program { By::Agent } else { By::Other }
    }
}

/// Queues one mail to everybody whom the table names and who is not told yet.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    occasion: &Occasion<'_>,
    told: &mut Told,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(queue) = desk.directory.queue(ticket.queue_id) else { return Ok(()) };
    let mut recipients = recipients(desk, tx, (ticket, queue), occasion, now).await?;
    recipients.retain(|recipient| told.is_new(&recipient.address));
    let audience = Audience { ticket, queue, recipients };
    post(desk, tx, &audience, occasion, now).await
}

/// Those who hear of an occasion, and in which queue's name.
struct Audience<'a> {
    ticket: &'a Ticket,
    queue: &'a Queue,
    recipients: Vec<Recipient>,
}

async fn post(
    desk: &Desk,
    tx: &mut Tx,
    audience: &Audience<'_>,
    occasion: &Occasion<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Audience { ticket, queue, recipients } = audience;
    if recipients.is_empty() {
        return Ok(());
    }
    let staff = recipients.iter().any(|to| content::is_for_staff(to.template));
    let mut shown = Shown::of(occasion, occasion.written.map(|written| written.id));
    let history = if staff { history(desk, tx, ticket, occasion).await? } else { Vec::new() };
    let thread = match (occasion.event, occasion.origin, occasion.thread) {
        (_, _, Some(thread)) => thread.to_vec(),
        (Event::Opened, Some(origin), None) => ids(origin),
        _ => self::thread(tx, ticket.id).await?,
    };
    let submitter = match ticket.submitter_id {
        Some(id) if occasion.actor.id() != Some(id) => store::users::find(tx, id).await?,
        Some(_) => occasion.actor.user().cloned(),
        None => None,
    };
    let owner = match ticket.owner_id {
        Some(id) if staff => store::users::find(tx, id).await?,
        _ => None,
    };
    let mut kept = KeptBodies::default();
    for recipient in recipients {
        let locale = reader_locale(desk, ticket, queue, recipient);
        let letter = Letter {
            ticket,
            queue,
            occasion,
            body: shown.body(desk, &locale),
            locale,
            extent: shown.extent,
            recipient,
            history: &history,
            thread: &thread,
            submitter: submitter.as_ref(),
            owner: owner.as_ref(),
        };
        letter::post(desk, tx, &letter, &mut kept, now).await?;
    }
    Ok(())
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
    let occasion = Occasion {
        words: answer.kept.map(|kept| kept.words),
        note: answer.note,
        report: answer.report,
        ..Occasion::new(Event::Noted, &actor)
    };
    let mut shown = Shown::of(&occasion, answer.kept.map(|kept| kept.entry));
    let recipient =
        Recipient { address: email.clone(), user: Some(answer.author.clone()), template: answer.template };
    let thread = ids(answer.origin);
    let submitter = find(tx, ticket.submitter_id).await?;
    let owner = find(tx, ticket.owner_id).await?;
    let locale = reader_locale(desk, ticket, queue, &recipient);
    let letter = Letter {
        ticket,
        queue,
        occasion: &occasion,
        body: shown.body(desk, &locale),
        locale,
        extent: shown.extent,
        recipient: &recipient,
        history: &[],
        thread: &thread,
        submitter: submitter.as_ref(),
        owner: owner.as_ref(),
    };
    letter::post(desk, tx, &letter, &mut KeptBodies::default(), now).await
}

fn reader_locale(desk: &Desk, ticket: &Ticket, queue: &Queue, recipient: &Recipient) -> String {
    let ticket = (!content::is_for_staff(recipient.template)).then_some(ticket);
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

async fn recipients(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, queue): (&Ticket, &Queue),
    occasion: &Occasion<'_>,
    now: Timestamp,
) -> Result<Vec<Recipient>, DeskError> {
    let row = occasion.event.row();
    let mut list = List::new(desk, occasion, occasion.by(ticket));
    let ccs = copies::concerned(tx, ticket, occasion).await?;
    let submitter = match (ticket.submitter_id, occasion.actor.user()) {
        (Some(id), Some(user)) if user.id == id => Some(user.clone()),
        (Some(id), _) => store::users::find(tx, id).await?,
        (None, _) => None,
    };
    if occasion.event.is_private() {
        // Whoever must not read this hears nothing in any other role.
        list.exclude(submitter.iter().chain(&ccs));
    }
    if let (Some(template), Some(user)) = (row.submitter, &submitter)
        && may_acknowledge(desk, occasion, user)
        && may_tell_submitter(tx, (ticket, occasion), user, now).await?
    {
        if is_acknowledgement(occasion) {
            // It answers the author, whatever address they want answers at.
            list.outsider(user, template, true);
        } else {
            list.submitter(ticket, user, template, occasion.event == Event::Opened);
        }
    }
    list.staff_of(tx, ticket, queue, occasion).await?;
    for user in &ccs {
        if let Some(template) = row.ccs {
            list.outsider(user, template, false);
        }
    }
    Ok(list.recipients)
}

/// Whether an address is one that an API or a mail may make us write to: an operator knows their own hosts.
fn may_acknowledge(desk: &Desk, occasion: &Occasion<'_>, user: &User) -> bool {
    let is_known = occasion.event != Event::Opened || occasion.actor.door() == Door::Cli;
    is_known || user.email.as_deref().is_none_or(|email| !machine::is_odd(email, desk.directory.own()))
}

/// Whether the submitter hears of it: always, but for acknowledgements of mail, which have their limits, and for
/// escalation of what was not acknowledged: a machine, a forged sender or an old mail must not hear of it either.
async fn may_tell_submitter(
    tx: &mut Tx,
    (ticket, occasion): (&Ticket, &Occasion<'_>),
    user: &User,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let escalated_mail = occasion.event == Event::Escalated && ticket.door == Door::Mail.as_str();
    if !is_acknowledgement(occasion) && !escalated_mail {
        return Ok(true);
    }
    let (None, Some(email)) = (occasion.no_acknowledgement, &user.email) else { return Ok(false) };
    if escalated_mail {
        return store::outbox::wrote_to(tx, ticket.id, &address_key(email)).await;
    }
    let since = Timestamp(now.0 - Timestamp::DAY);
    let (key, domain) = (address_key(email), domain_of(email));
    let (to_address, to_domain) = store::outbox::count_acknowledgements(tx, &key, &domain, since).await?;
    Ok(to_address < MOST_TO_ADDRESS && to_domain < MOST_TO_DOMAIN)
}

/// Whether the submitter's mail about this occasion answers a mail of his.
pub fn is_acknowledgement(occasion: &Occasion<'_>) -> bool {
    occasion.event == Event::Opened && occasion.actor.door() == Door::Mail && !occasion.actor.is_staff()
}

/// The last public entries, as they stand below what staff are told.
async fn history(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    occasion: &Occasion<'_>,
) -> Result<Vec<Entry>, sqlx::Error> {
    if occasion.event == Event::Opened {
        return Ok(Vec::new());
    }
    let before = occasion.written.map_or(FollowupId(i64::MAX), |written| written.id);
    let entries = store::followups::list_public(tx, ticket.id, before, HISTORY).await?;
    let shown = |entry: Followup| Entry {
        author: entry.author_name.unwrap_or_else(|| desk.config.desk.name.clone()),
        at: entry.created_at,
        body: Body::earlier(entry.new_text.as_deref().unwrap_or(&entry.text)),
    };
    Ok(entries.into_iter().map(shown).collect())
}
