//! What becomes of a received mail: the one decision, with its trace, and all of its effects.
//!
//! Runs inside the transaction that also writes the outcome, so that handling a mail twice changes nothing.

mod admit;
mod agent;
mod begin;
mod bounced;
mod leak;
mod storm;

use crate::clock::Timestamp;
use crate::config::queue::OnServer;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::audit;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::ignore;
use crate::desk::probe;
use crate::desk::receive::admit::Outside;
use crate::desk::route;
use crate::desk::route::Hit;
use crate::desk::suppress;
use crate::desk::trace::Trace;
use crate::mail::Address;
use crate::mail::Mail;
use crate::mail::authentication::Authentication;
use crate::mail::classify::Class;
use crate::mail::classify::Verdict;
use crate::mail::classify::machine;
use crate::mail::forward;
use crate::mail::forward::Original;
use crate::mail::thread;
use crate::mail::thread::Keys;
use crate::store;
use crate::store::db::Tx;
use crate::store::inbox::Received;
use crate::store::message_ids::KnownMessage;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::domain_of;
use crate::ticket::person::is_deliverable;
use crate::ticket::status::Status;

/// The journal's reason for a message that a person let through.
pub const RELEASED: &str = "released";

/// A message that was parsed and classified, before the transaction.
#[derive(Debug)]
pub struct Incoming<'a> {
    pub received: &'a Received,
    pub mail: Mail,
    pub verdict: Verdict,
    pub authentication: Authentication,
    /// What the authentication was told by.
    pub evidence: &'a str,
    /// Why nobody is to be acknowledged: a silent back-fill.
    pub silence: Option<&'static str>,
}

/// What became of a message.
#[derive(Debug)]
pub struct Done {
    /// `ticket`, `followup`, `duplicate`, `ignored`, `suspended`, `bounce`.
    pub outcome: &'static str,
    pub reason: Option<String>,
    pub ticket_id: Option<TicketId>,
    pub trace: Trace,
}

/// Everything that the steps below look at.
struct Case<'a> {
    desk: &'a Desk,
    queue: &'a Queue,
    received: &'a Received,
    mail: &'a Mail,
    verdict: &'a Verdict,
    authentication: Authentication,
    silence: Option<&'static str>,
    keys: Keys,
    /// Its own Message-ID, if another mail had the same one.
    repeats_id: Option<String>,
    origin: Origin,
    words: Words,
    author: Option<User>,
    /// The mail that an agent passes on.
    forwarded: Option<Original>,
    now: Timestamp,
}

/// Decides what becomes of one message and writes all of it.
pub async fn receive(
    desk: &Desk,
    tx: &mut Tx,
    incoming: Incoming<'_>,
    now: Timestamp,
) -> Result<Done, DeskError> {
    let Incoming { received, mut mail, verdict, authentication, evidence, silence } = incoming;
    let mut trace = Trace::default();
    trace.note("class", format!("{:?} {}", verdict.class, verdict.reason).trim_end());
    trace.note("authentication", format!("{}: {evidence}", authentication.as_str()));
    note_defects(&mail, &mut trace);
    let Some(queue) = desk.directory.queue(received.queue_id) else {
        return Ok(suspended("queue-disabled", trace));
    };
    if probe::is_ours(desk, tx, &mail).await? {
        trace.note("probe", "sent by `check --probe`");
        return Ok(ignored(probe::REASON, trace));
    }
    let Some(authentication) = speak_for(desk, queue, &mut mail, authentication, &mut trace) else {
        return Ok(suspended("own-address", trace));
    };
    let author_key = mail.author().map(|author| address_key(&author.address)).unwrap_or_default();
    if let Some(rule) = ignore::find(desk, queue, &author_key).filter(|_| !is_released(received)) {
        let reason = if rule.server == OnServer::Delete { ignore::DELETED } else { ignore::KEPT };
        trace.note("ignore rule", rule.address);
        return Ok(ignored(reason, trace));
    }
    let same_id = store::message_ids::find(tx, &message_id(&mail, received)).await?;
    if let Some(known) = duplicate(&same_id, &mail, &author_key) {
        trace.note("duplicate", format!("the same mail is on ticket {}", known.ticket_id));
        let actor = Actor { user: None, door: Door::Mail };
        audit(tx, known.ticket_id, &actor, ("duplicate", None, Some(received.id.to_string())), now).await?;
        return Ok(Done { outcome: "duplicate", reason: None, ticket_id: Some(known.ticket_id), trace });
    }
    let author = author(tx, &mail).await?;
    hear(tx, author.as_ref(), authentication, &mut trace).await?;
    let forwarded = passed_on(author.as_ref(), &mail);
    let words = words(&mut mail, received);
    let case = Case {
        desk,
        queue,
        received,
        keys: thread::keys(&mail),
        repeats_id: (!same_id.is_empty()).then(|| mail.message_id.clone()).flatten(),
        origin: origin(queue, &mail, received),
        author,
        forwarded,
        mail: &mail,
        verdict: &verdict,
        authentication,
        silence,
        words,
        now,
    };
    case.decide(tx, trace).await
}

/// The Message-ID under which a message is known: its own, else one made from its content.
///
/// Without a date too, equal content does not mean that it is the same mail: then its row's number counts.
pub fn message_id(mail: &Mail, received: &Received) -> String {
    mail.message_id.clone().unwrap_or_else(|| {
        let digest = crate::ids::hex(&mail.content_digest);
        match mail.date {
            Some(_) => format!("{digest}@no-message-id.invalid"),
            None => format!("{digest}.{}@no-message-id.invalid", received.id),
        }
    })
}

/// Whether a person let it through.
fn is_released(received: &Received) -> bool {
    received.reason.as_deref() == Some(RELEASED)
}

/// Puts the person in the place of a form or group that wrote for him; none where it did not write this.
///
/// What a server vouches for is its own form or group, never the person who used it.
fn speak_for(
    desk: &Desk,
    queue: &Queue,
    mail: &mut Mail,
    authentication: Authentication,
    trace: &mut Trace,
) -> Option<Authentication> {
    let failed = authentication == Authentication::Fail;
    let of_another = if failed { Authentication::Fail } else { Authentication::Unknown };
    if let Some(person) = form_writer(queue, mail) {
        trace.note("form sender", "the author is who filled the form in");
        mail.from = vec![person];
        return Some(of_another);
    }
    let Some(person) = machine::group_writer(mail, desk.directory.own()) else {
        return Some(authentication);
    };
    if failed || authentication == Authentication::None {
        return None;
    }
    trace.note("group", "the author is whom our group names");
    mail.from = vec![person];
    Some(of_another)
}

fn note_defects(mail: &Mail, trace: &mut Trace) {
    for defect in mail.defects.iter().take(10) {
        trace.note("defect", format!("{}: {}", defect.kind, defect.detail));
    }
}

fn ignored(reason: &str, trace: Trace) -> Done {
    Done { outcome: "ignored", reason: Some(reason.to_owned()), ticket_id: None, trace }
}

fn suspended(reason: &str, trace: Trace) -> Done {
    Done { outcome: "suspended", reason: Some(reason.to_owned()), ticket_id: None, trace }
}

/// The same Message-ID by the same author with the same content: the same mail, come by another way.
fn duplicate<'a>(same_id: &'a [KnownMessage], mail: &Mail, author_key: &str) -> Option<&'a KnownMessage> {
    let same =
        |known: &&KnownMessage| known.author_key == author_key && known.content_digest == mail.content_digest;
    same_id.iter().find(same)
}

/// The author as the desk knows him, without making him known.
async fn author(tx: &mut Tx, mail: &Mail) -> Result<Option<User>, sqlx::Error> {
    match mail.author() {
        Some(author) => store::users::find_by_email(tx, &author.address).await,
        None => Ok(None),
    }
}

/// Whoever surely wrote from his address can be written to.
async fn hear(
    tx: &mut Tx,
    author: Option<&User>,
    authentication: Authentication,
    trace: &mut Trace,
) -> Result<(), sqlx::Error> {
    if let (Authentication::Pass, Some(email)) = (authentication, author.and_then(|user| user.email.as_ref()))
        && suppress::heard_from(tx, email).await?
    {
        trace.note("suppression", "the author's address is written to again");
    }
    Ok(())
}

/// The mail that an agent passes on, if he does.
fn passed_on(author: Option<&User>, mail: &Mail) -> Option<Original> {
    author.filter(|user| user.is_active_staff()).and_then(|_| forward::original(mail))
}

fn words(mail: &mut Mail, received: &Received) -> Words {
    let attachments = std::mem::take(&mut mail.attachments);
    let mut words = Words {
        new_text: (mail.new_text != mail.text).then(|| mail.new_text.clone()),
        text: mail.text.clone(),
        html: mail.html.clone(),
        attachments,
        ..Words::default()
    };
    if received.extent == "headers" {
        let note = format!(
            "This message of {} MB is larger than this desk takes. Only its headers were read; the whole is still in the mailbox.",
            received.size / 1_048_576
        );
        words.left_out.push(format!("{} MB", received.size / 1_048_576));
        words = Words { left_out: words.left_out, ..Words::plain(note) };
    }
    words
}

fn origin(queue: &Queue, mail: &Mail, received: &Received) -> Origin {
    let recipients = mail.to.iter().chain(&mail.cc).map(|to| address_key(&to.address));
    Origin {
        inbox_id: received.id,
        message_id: message_id(mail, received),
        received_at: received.received_at,
        reply_to: reply_to(queue, mail).map(|address| address.address.clone()),
        recipients: recipients.collect(),
    }
}

/// The one Reply-To that is honoured: of the author's own domain, or of a sender that is a form.
fn reply_to<'a>(queue: &Queue, mail: &'a Mail) -> Option<&'a Address> {
    let (Some(author), [address]) = (mail.author(), mail.reply_to.as_slice()) else { return None };
    let same_domain = domain_of(&author.address) == domain_of(&address.address);
    let other = address_key(&author.address) != address_key(&address.address);
    (other && is_deliverable(&address.address) && (same_domain || is_form(queue, author))).then_some(address)
}

/// Who filled in the form that sent this mail, if a form did.
fn form_writer(queue: &Queue, mail: &Mail) -> Option<Address> {
    mail.author().filter(|author| is_form(queue, author))?;
    reply_to(queue, mail).cloned()
}

/// Whether the sender is a form, which writes for whoever filled it in.
fn is_form(queue: &Queue, author: &Address) -> bool {
    let key = address_key(&author.address);
    queue.config.form_senders.iter().any(|form| address_key(form) == key)
}

impl Case<'_> {
    async fn decide(mut self, tx: &mut Tx, mut trace: Trace) -> Result<Done, DeskError> {
        let released = is_released(self.received);
        if self.verdict.class == Class::Own && !released {
            return Ok(suspended("own-address", trace));
        }
        // Whatever it answers: who forges an agent may know our mails to him.
        if self.authentication == Authentication::Fail && self.staff().is_some() && !released {
            return Ok(suspended("spoofed", trace));
        }
        if self.is_delivery_report() {
            match Box::pin(self.bounced(tx, trace)).await? {
                Ok(done) => return Ok(done),
                Err(back) if !released => return Ok(suspended("backscatter", back)),
                Err(back) => trace = back,
            }
        }
        let hit = self.find(tx, &mut trace).await?;
        if let Some(hit) = hit
            && (self.mail.author().is_some() || self.is_machine())
        {
            return self.on_ticket(tx, hit, trace).await;
        }
        if let Some(reason) = self.verdict.suspend.filter(|_| !released) {
            return Ok(suspended(reason, trace));
        }
        if released { self.open(tx, None, trace).await } else { self.open_or_fold(tx, trace).await }
    }

    /// The author, if he is an active agent or administrator.
    fn staff(&self) -> Option<&User> {
        self.author.as_ref().filter(|user| user.is_active_staff())
    }

    async fn find(&self, tx: &mut Tx, trace: &mut Trace) -> Result<Option<Hit>, DeskError> {
        let mut keys = self.keys.clone();
        // The same id with other content belongs to the same conversation.
        keys.in_reply_to.extend(self.repeats_id.clone());
        keys.in_reply_to.extend(self.verdict.returned_message_id.clone());
        if let Some(token) =
            self.verdict.returned_message_id.as_deref().and_then(crate::mail::token::in_message_id)
        {
            keys.tokens.push((token, "returned mail"));
        }
        if let Some(hit) = route::find(self.desk, tx, (self.mail, &keys), trace).await? {
            return Ok(Some(hit));
        }
        // Nobody is a participant by an address that is forged.
        let author = self.author.as_ref().filter(|_| self.authentication != Authentication::Fail);
        route::find_by_tag(self.desk, tx, (&self.keys, author), trace).await
    }

    fn is_machine(&self) -> bool {
        !matches!(self.verdict.class, Class::Human | Class::Own)
    }

    async fn on_ticket(&mut self, tx: &mut Tx, hit: Hit, mut trace: Trace) -> Result<Done, DeskError> {
        let mut ticket = hit.ticket;
        if self.is_machine() {
            return self.keep(tx, &ticket, "machine", trace).await;
        }
        let Some(author) = self.author.clone() else {
            return self.external(tx, &ticket, trace, Outside::Stranger).await;
        };
        if self.authentication == Authentication::Fail {
            return self.external(tx, &ticket, trace, Outside::Forged).await;
        }
        if author.is_active_staff() {
            // Boxed, as few mails are by staff: their many steps would be a part of every mail.
            return Box::pin(self.by_staff(tx, &ticket, &author, trace)).await;
        }
        if !route::takes_part(tx, &ticket, &author).await? {
            return self.external(tx, &ticket, trace, Outside::Stranger).await;
        }
        let reopen_for = i64::from(self.desk.config.desk.reopen_days) * Timestamp::DAY;
        let too_late = ticket.closed_at.is_some_and(|at| self.now.0 - at.0 > reopen_for);
        if too_late && ticket.status == Status::Closed {
            trace.note("closed too long ago", format!("ticket {} is continued in a new one", ticket.id));
            return self.open(tx, Some(&ticket), trace).await;
        }
        let actor = Actor { user: Some(author), door: Door::Mail };
        let said = Said { visibility: Visibility::Public, words: &self.words, origin: Some(&self.origin) };
        comment::said(self.desk, tx, &actor, &mut ticket, &said, self.now).await?;
        self.remember(tx, ticket.id).await?;
        Ok(Done { outcome: "followup", reason: None, ticket_id: Some(ticket.id), trace })
    }
}
