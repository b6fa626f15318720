//! Telling people what happened: who, by the table, and each of them once.
//!
//! Decides the recipients; what the mail says is written in `letter`.

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::command::Report;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::entry::Written;
use crate::desk::letter;
use crate::desk::letter::Letter;
use crate::desk::table::Event;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::Ticket;
use crate::ticket::id::FollowupId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::domain_of;
use crate::ticket::person::is_deliverable;

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
    pub words: Option<&'a Words>,
    pub written: Option<&'a Written>,
    pub origin: Option<&'a Origin>,
    /// Why the submitter gets no acknowledgement of a mail that opened a ticket.
    pub no_acknowledgement: Option<&'a str>,
    /// A sentence for staff: why something is unverified.
    pub note: Option<&'a Sentence>,
    /// For a merge: the survivor.
    pub other: Option<&'a Ticket>,
    /// For the answer to an agent's mail.
    pub report: Option<&'a Report>,
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
    pub kept: Option<&'a Words>,
    pub note: Option<&'a Sentence>,
    pub report: Option<&'a Report>,
}

/// One mail's addressee.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub address: String,
    pub user: Option<User>,
    pub template: Name,
}

impl<'a> Occasion<'a> {
    pub fn new(event: Event, actor: &'a Actor) -> Self {
        Self {
            event,
            actor,
            words: None,
            written: None,
            origin: None,
            no_acknowledgement: None,
            note: None,
            other: None,
            report: None,
            visibility: Visibility::Public,
        }
    }
}

/// Queues one mail to everybody whom the table names.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    occasion: &Occasion<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(queue) = desk.directory.queue(ticket.queue_id) else { return Ok(()) };
    let recipients = recipients(desk, tx, (ticket, queue), occasion, now).await?;
    if recipients.is_empty() {
        return Ok(());
    }
    let staff = recipients.iter().any(|to| letter::is_for_staff(to.template));
    let history = if staff { history(tx, ticket, occasion).await? } else { Vec::new() };
    let thread = match (occasion.event, occasion.origin) {
        (Event::Opened, Some(origin)) => ids(origin),
        _ => store::followups::list_outsiders_message_ids(tx, ticket.id, MOST_IDS).await?,
    };
    let submitter = match ticket.submitter_id {
        Some(id) if occasion.actor.id() != Some(id) => store::users::find(tx, id).await?,
        Some(_) => occasion.actor.user.clone(),
        None => None,
    };
    let owner = match ticket.owner_id {
        Some(id) if staff => store::users::find(tx, id).await?,
        _ => None,
    };
    for recipient in &recipients {
        let letter = Letter {
            ticket,
            queue,
            occasion,
            recipient,
            history: &history,
            thread: &thread,
            submitter: submitter.as_ref(),
            owner: owner.as_ref(),
        };
        letter::post(desk, tx, &letter, now).await?;
    }
    Ok(())
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
    let actor = Actor { user: Some(answer.author.clone()), door: Door::Mail };
    let occasion = Occasion {
        words: answer.kept,
        note: answer.note,
        report: answer.report,
        ..Occasion::new(Event::Noted, &actor)
    };
    let recipient =
        Recipient { address: email.clone(), user: Some(answer.author.clone()), template: answer.template };
    let thread = ids(answer.origin);
    let submitter = find(tx, ticket.submitter_id).await?;
    let owner = find(tx, ticket.owner_id).await?;
    let letter = Letter {
        ticket,
        queue,
        occasion: &occasion,
        recipient: &recipient,
        history: &[],
        thread: &thread,
        submitter: submitter.as_ref(),
        owner: owner.as_ref(),
    };
    letter::post(desk, tx, &letter, now).await
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
    let mut list = List::new(desk, occasion);
    // A customer's mail that opens a ticket went to its CCs itself.
    let by_mail = occasion.event == Event::Opened && occasion.origin.is_some() && !occasion.actor.is_staff();
    let private = occasion.visibility == Visibility::Private;
    let ccs = if row.ccs.is_none() && occasion.event != Event::Noted || by_mail || private {
        Vec::new()
    } else {
        store::ticket_ccs::list(tx, ticket.id).await?
    };
    let submitter = match (ticket.submitter_id, &occasion.actor.user) {
        (Some(id), Some(user)) if user.id == id => Some(user.clone()),
        (Some(id), _) => store::users::find(tx, id).await?,
        (None, _) => None,
    };
    if occasion.event == Event::Noted {
        // Whoever must not read this hears nothing in any other role.
        list.exclude(submitter.iter().chain(&ccs));
    }
    if let (Some(template), Some(user)) = (row.submitter, &submitter)
        && may_tell_submitter(tx, (ticket, occasion), user, now).await?
    {
        list.submitter(ticket, user, template, occasion.event == Event::Opened);
    }
    if let (Some(template), Some(id)) = (row.owner, ticket.owner_id)
        && let Some(user) = store::users::find(tx, id).await?.filter(User::is_active_staff)
    {
        list.person(user, template);
        if occasion.event == Event::Overdue && !list.recipients.is_empty() {
            return Ok(list.recipients);
        }
    }
    list.addresses(row.new_cc, &queue.config.new_ticket_cc);
    list.addresses(row.updated_cc, &queue.config.updated_ticket_cc);
    let nobody = queue.config.new_ticket_cc.is_empty() && queue.config.updated_ticket_cc.is_empty();
    if occasion.event == Event::Opened && ticket.owner_id.is_none() && nobody {
        for user in store::users::list_staff(tx).await? {
            list.person(user, Name::NewticketCc);
        }
    }
    for user in &ccs {
        if let Some(template) = row.ccs {
            list.outsider(user, template, false);
        }
    }
    Ok(list.recipients)
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
    occasion.event == Event::Opened && occasion.actor.door == Door::Mail && !occasion.actor.is_staff()
}

async fn history(
    tx: &mut Tx,
    ticket: &Ticket,
    occasion: &Occasion<'_>,
) -> Result<Vec<Followup>, sqlx::Error> {
    if occasion.event == Event::Opened {
        return Ok(Vec::new());
    }
    let before = occasion.written.map_or(FollowupId(i64::MAX), |written| written.id);
    store::followups::list_public(tx, ticket.id, before, HISTORY).await
}

/// Collects recipients: each address once, by the first role that fits, and never the actor or ourselves.
struct List<'a> {
    desk: &'a Desk,
    taken: HashSet<String>,
    actor: Option<String>,
    /// Addresses that had the mail itself.
    already: &'a [String],
    recipients: Vec<Recipient>,
}

impl<'a> List<'a> {
    fn new(desk: &'a Desk, occasion: &Occasion<'a>) -> Self {
        let actor = occasion.actor.user.as_ref().and_then(|user| user.email.as_deref()).map(address_key);
        let already = occasion.origin.map_or(&[][..], |origin| &origin.recipients);
        Self { desk, taken: HashSet::new(), actor, already, recipients: Vec::new() }
    }

    fn exclude<'u>(&mut self, users: impl Iterator<Item = &'u User>) {
        self.taken.extend(users.filter_map(|user| user.email.as_deref()).map(address_key));
    }

    /// A submitter or CC; `even_actor` for the acknowledgement of his own act.
    fn outsider(&mut self, user: &User, template: Name, even_actor: bool) {
        let Some(email) = user.email.clone() else { return };
        let key = address_key(&email);
        let is_actor = self.actor.as_ref() == Some(&key);
        if (is_actor && !even_actor) || (!is_actor && self.already.contains(&key)) {
            return;
        }
        self.add(Recipient { address: email, user: Some(user.clone()), template });
    }

    /// The submitter, at the address where he wants answers.
    fn submitter(&mut self, ticket: &Ticket, user: &User, template: Name, even_actor: bool) {
        let before = self.recipients.len();
        self.outsider(user, template, even_actor);
        if let (Some(address), Some(recipient)) = (&ticket.reply_to, self.recipients.get_mut(before)) {
            self.taken.insert(address_key(address));
            recipient.address.clone_from(address);
        }
    }

    fn person(&mut self, user: User, template: Name) {
        let Some(email) = user.email.clone() else { return };
        if self.actor.as_ref() != Some(&address_key(&email)) {
            self.add(Recipient { address: email, user: Some(user), template });
        }
    }

    fn addresses(&mut self, template: Option<Name>, addresses: &[String]) {
        let Some(template) = template else { return };
        for address in addresses {
            if self.actor.as_ref() != Some(&address_key(address)) {
                self.add(Recipient { address: address.clone(), user: None, template });
            }
        }
    }

    fn add(&mut self, recipient: Recipient) {
        let usable = is_deliverable(&recipient.address) && !self.desk.directory.is_own(&recipient.address);
        if usable && self.taken.insert(address_key(&recipient.address)) {
            self.recipients.push(recipient);
        }
    }
}
