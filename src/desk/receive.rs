//! What becomes of a received mail: the one decision, with its trace, and all of its effects.
//!
//! Runs inside the transaction that also writes the outcome, so that handling a mail twice changes nothing.

use crate::clock::Timestamp;
use crate::config::queue::CcPolicy;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::Door;
use crate::desk::audit;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::route;
use crate::desk::route::Hit;
use crate::desk::table::Event;
use crate::desk::trace::Trace;
use crate::mail::Mail;
use crate::mail::authentication::Authentication;
use crate::mail::classify::Class;
use crate::mail::classify::Verdict;
use crate::mail::thread;
use crate::mail::thread::Keys;
use crate::store;
use crate::store::db::Tx;
use crate::store::inbox::Received;
use crate::store::message_ids::KnownMessage;
use crate::ticket::Ticket;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::is_deliverable;

/// More CCs than these are a mailing list by hand; the rest is noted.
const MOST_CCS: usize = 20;
/// The journal's reason for a message that a person let through.
pub const RELEASED: &str = "released";

/// A message that was parsed and classified, before the transaction.
#[derive(Debug)]
pub struct Incoming<'a> {
    pub received: &'a Received,
    pub mail: Mail,
    pub verdict: Verdict,
    pub authentication: Authentication,
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
    origin: Origin,
    words: Words,
    author: Option<User>,
    now: Timestamp,
}

/// Decides what becomes of one message and writes all of it.
pub async fn receive(
    desk: &Desk,
    tx: &mut Tx,
    incoming: Incoming<'_>,
    now: Timestamp,
) -> Result<Done, DeskError> {
    let Incoming { received, mut mail, verdict, authentication, silence } = incoming;
    let mut trace = Trace::default();
    trace.note("class", format!("{:?} {}", verdict.class, verdict.reason));
    trace.note("authentication", authentication.as_str());
    for defect in mail.defects.iter().take(10) {
        trace.note("defect", format!("{}: {}", defect.kind, defect.detail));
    }
    let Some(queue) = desk.directory.queue(received.queue_id) else {
        return Ok(suspended("queue-disabled", trace));
    };
    let author_key = mail.author().map(|author| address_key(&author.address)).unwrap_or_default();
    let rules = desk.config.intake.ignore.iter().chain(&queue.config.ignore);
    if let Some(rule) = rules.into_iter().find(|rule| rule.covers(&author_key)) {
        trace.note("ignore rule", rule.address.clone());
        return Ok(Done { outcome: "ignored", reason: Some("rule".to_owned()), ticket_id: None, trace });
    }
    if let Some(known) = duplicate(tx, &mail, &author_key).await? {
        trace.note("duplicate", format!("the same mail is on ticket {}", known.ticket_id));
        let actor = Actor { user: None, door: Door::Mail };
        audit(tx, known.ticket_id, &actor, ("duplicate", None, Some(received.id.to_string())), now).await?;
        return Ok(Done { outcome: "duplicate", reason: None, ticket_id: Some(known.ticket_id), trace });
    }
    let words = words(&mut mail, received);
    let case = Case {
        desk,
        queue,
        received,
        keys: thread::keys(&mail),
        origin: origin(&mail, received),
        author: author(tx, &mail).await?,
        mail: &mail,
        verdict: &verdict,
        authentication,
        silence,
        words,
        now,
    };
    case.decide(tx, trace).await
}

/// The Message-ID under which a message is known: its own, else one made from its bytes.
pub fn message_id(mail: &Mail, received: &Received) -> String {
    mail.message_id
        .clone()
        .unwrap_or_else(|| format!("{}@no-message-id.invalid", crate::ids::hex(&received.digest)))
}

fn suspended(reason: &str, trace: Trace) -> Done {
    Done { outcome: "suspended", reason: Some(reason.to_owned()), ticket_id: None, trace }
}

/// The same Message-ID by the same author with the same content: the same mail, come by another way.
async fn duplicate(tx: &mut Tx, mail: &Mail, author_key: &str) -> Result<Option<KnownMessage>, sqlx::Error> {
    let Some(id) = &mail.message_id else { return Ok(None) };
    let known = store::message_ids::find(tx, id).await?;
    let same =
        |known: &KnownMessage| known.author_key == author_key && known.content_digest == mail.content_digest;
    Ok(known.into_iter().find(same))
}

/// The author as the desk knows him, without making him known.
async fn author(tx: &mut Tx, mail: &Mail) -> Result<Option<User>, sqlx::Error> {
    match mail.author() {
        Some(author) => store::users::find_by_email(tx, &author.address).await,
        None => Ok(None),
    }
}

fn words(mail: &mut Mail, received: &Received) -> Words {
    let attachments = std::mem::take(&mut mail.attachments);
    let mut words = Words {
        new_text: (mail.new_text != mail.text).then(|| mail.new_text.clone()),
        text: mail.text.clone(),
        html: mail.html.clone(),
        attachments,
        left_out: Vec::new(),
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

fn origin(mail: &Mail, received: &Received) -> Origin {
    let recipients = mail.to.iter().chain(&mail.cc).map(|to| address_key(&to.address));
    Origin {
        inbox_id: received.id,
        message_id: message_id(mail, received),
        received_at: received.received_at,
        recipients: recipients.collect(),
    }
}

impl Case<'_> {
    async fn decide(&self, tx: &mut Tx, mut trace: Trace) -> Result<Done, DeskError> {
        let released = self.received.reason.as_deref() == Some(RELEASED);
        if self.verdict.class == Class::Own && !released {
            return Ok(suspended("own-address", trace));
        }
        let hit = self.find(tx, &mut trace).await?;
        if let Some(hit) = hit
            && (self.mail.author().is_some() || self.is_machine())
        {
            return self.on_ticket(tx, hit, trace).await;
        }
        if !released {
            if self.verdict.class == Class::Bounce {
                return Ok(suspended("backscatter", trace));
            }
            if let Some(reason) = self.verdict.suspend {
                return Ok(suspended(reason, trace));
            }
        }
        let is_staff = self.author.as_ref().is_some_and(User::is_active_staff);
        if self.authentication == Authentication::Fail && is_staff && !released {
            return Ok(suspended("spoofed", trace));
        }
        self.open(tx, None, trace).await
    }

    async fn find(&self, tx: &mut Tx, trace: &mut Trace) -> Result<Option<Hit>, DeskError> {
        let mut keys = self.keys.clone();
        // The same id with other content belongs to the same conversation.
        keys.in_reply_to.extend(self.mail.message_id.clone());
        keys.in_reply_to.extend(self.verdict.returned_message_id.clone());
        if let Some(token) =
            self.verdict.returned_message_id.as_deref().and_then(crate::mail::token::in_message_id)
        {
            keys.tokens.push((token, "returned mail"));
        }
        if let Some(hit) = route::find(self.desk, tx, (self.mail, &keys), trace).await? {
            return Ok(Some(hit));
        }
        match &self.author {
            Some(author) if self.authentication != Authentication::Fail => {
                route::find_by_tag(self.desk, tx, (&self.keys, author), trace).await
            }
            _ => Ok(None),
        }
    }

    fn is_machine(&self) -> bool {
        !matches!(self.verdict.class, Class::Human | Class::Own)
    }

    async fn on_ticket(&self, tx: &mut Tx, hit: Hit, mut trace: Trace) -> Result<Done, DeskError> {
        let mut ticket = hit.ticket;
        if self.is_machine() {
            return self.keep(tx, &ticket, "machine", trace).await;
        }
        let Some(author) = &self.author else {
            return self.external(tx, &ticket, trace, "the author takes no part in this ticket").await;
        };
        if self.authentication == Authentication::Fail {
            return self.external(tx, &ticket, trace, "the mail is not from whom it says").await;
        }
        if author.is_active_staff() {
            return self.unverified(tx, &ticket, author, trace).await;
        }
        if !route::takes_part(tx, &ticket, author).await? {
            return self.external(tx, &ticket, trace, "the author takes no part in this ticket").await;
        }
        let reopen_for = i64::from(self.desk.config.desk.reopen_days) * Timestamp::DAY;
        if ticket.closed_at.is_some_and(|at| self.now.0 - at.0 > reopen_for) {
            trace.note("closed too long ago", format!("ticket {} is continued in a new one", ticket.id));
            return self.open(tx, Some(ticket.id), trace).await;
        }
        let actor = Actor { user: Some(author.clone()), door: Door::Mail };
        let said = Said { visibility: Visibility::Public, words: &self.words, origin: Some(&self.origin) };
        comment::said(self.desk, tx, &actor, &mut ticket, &said, self.now).await?;
        self.remember(tx, ticket.id).await?;
        Ok(Done { outcome: "followup", reason: None, ticket_id: Some(ticket.id), trace })
    }

    /// Keeps a mail on a ticket for staff to see. Nobody is mailed, nothing changes.
    async fn keep(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        kind: &'static str,
        trace: Trace,
    ) -> Result<Done, DeskError> {
        let actor = Actor { user: self.author.clone(), door: Door::Mail };
        let entry = self.entry(kind, Visibility::Private);
        entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, (kind, None, Some(self.received.id.to_string())), self.now).await?;
        self.remember(tx, ticket.id).await?;
        let outcome = if self.verdict.class == Class::Bounce { "bounce" } else { "followup" };
        Ok(Done { outcome, reason: Some(kind.to_owned()), ticket_id: Some(ticket.id), trace })
    }

    /// Keeps a mail whose author cannot be believed: staff see it, nobody else does.
    async fn external(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        mut trace: Trace,
        why: &str,
    ) -> Result<Done, DeskError> {
        trace.note("external", why);
        let actor = Actor { user: None, door: Door::Mail };
        let entry = self.entry("external", Visibility::Private);
        let written = entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, ("external", None, Some(self.received.id.to_string())), self.now)
            .await?;
        self.remember(tx, ticket.id).await?;
        let note = format!("Not shown to the customer: {why}.");
        let occasion = Occasion {
            words: Some(&self.words),
            written: Some(&written),
            origin: Some(&self.origin),
            note: Some(&note),
            ..Occasion::new(Event::Noted, &actor)
        };
        notify::tell(self.desk, tx, ticket, &occasion, self.now).await?;
        Ok(Done {
            outcome: "followup",
            reason: Some("external".to_owned()),
            ticket_id: Some(ticket.id),
            trace,
        })
    }

    /// Keeps an agent's mail as a private note, and tells him what to do instead.
    async fn unverified(
        &self,
        tx: &mut Tx,
        ticket: &Ticket,
        author: &User,
        mut trace: Trace,
    ) -> Result<Done, DeskError> {
        trace.note("agent not verified", "kept as a private note");
        let actor = Actor { user: Some(author.clone()), door: Door::Mail };
        let entry = self.entry("unverified", Visibility::Private);
        let written = entry::write(self.desk, tx, (ticket.id, &actor), &entry, self.now).await?;
        audit(tx, ticket.id, &actor, ("unverified", None, Some(self.received.id.to_string())), self.now)
            .await?;
        self.remember(tx, ticket.id).await?;
        if self.verdict.no_acknowledgement.is_none() && self.silence.is_none() {
            notify::tell_unverified(self.desk, tx, ticket, (author, &self.words, &written), self.now).await?;
        }
        Ok(Done {
            outcome: "followup",
            reason: Some("unverified".to_owned()),
            ticket_id: Some(ticket.id),
            trace,
        })
    }

    async fn open(&self, tx: &mut Tx, follows: Option<TicketId>, trace: Trace) -> Result<Done, DeskError> {
        let staff = self.author.as_ref().filter(|user| user.is_active_staff());
        let submitter = match (staff, self.mail.author()) {
            (None, Some(from)) => {
                let locale = self.mail.language.as_deref();
                Some(people::contact(tx, &from.address, from.name.as_deref(), locale, self.now).await?)
            }
            _ => None,
        };
        let actor = Actor { user: submitter.clone().or_else(|| staff.cloned()), door: Door::Mail };
        let request = Request {
            queue: self.queue,
            type_id: None,
            subject: &self.mail.subject,
            submitter: submitter.as_ref(),
            owner_id: None,
            priority: self.mail.priority,
            due_at: None,
            follows,
            authentication: self.authentication.as_str(),
            locale: self.mail.language.as_deref(),
            visibility: if staff.is_some() { Visibility::Private } else { Visibility::Public },
            words: &self.words,
            origin: Some(&self.origin),
        };
        let (ticket, written) = open::open(self.desk, tx, &actor, &request, self.now).await?;
        self.remember(tx, ticket.id).await?;
        if let Some(author) = staff {
            notify::tell_unverified(self.desk, tx, &ticket, (author, &self.words, &written), self.now)
                .await?;
        } else if !self.is_machine() {
            self.add_ccs(tx, &ticket, submitter.as_ref()).await?;
        }
        if !self.is_machine() {
            let occasion = Occasion {
                words: Some(&self.words),
                written: Some(&written),
                origin: Some(&self.origin),
                no_acknowledgement: self.no_acknowledgement(),
                ..Occasion::new(Event::Opened, &actor)
            };
            notify::tell(self.desk, tx, &ticket, &occasion, self.now).await?;
        }
        let reason = staff.map(|_| "unverified".to_owned());
        Ok(Done { outcome: "ticket", reason, ticket_id: Some(ticket.id), trace })
    }

    fn no_acknowledgement(&self) -> Option<&'static str> {
        let failed = (self.authentication == Authentication::Fail).then_some("authentication failed");
        self.verdict.no_acknowledgement.or(self.silence).or(failed)
    }

    /// The other recipients of a new request take part, as far as the queue wants that.
    async fn add_ccs(&self, tx: &mut Tx, ticket: &Ticket, submitter: Option<&User>) -> Result<(), DeskError> {
        let policy = self.queue.config.cc;
        if policy == CcPolicy::Never || self.authentication == Authentication::Fail {
            return Ok(());
        }
        let lists = self.queue.config.new_ticket_cc.iter().chain(&self.queue.config.updated_ticket_cc);
        let lists: Vec<String> = lists.map(|address| address_key(address)).collect();
        for other in self.mail.to.iter().chain(&self.mail.cc).take(MOST_CCS) {
            let address = &other.address;
            if self.desk.directory.is_own(address)
                || !is_deliverable(address)
                || lists.contains(&address_key(address))
            {
                continue;
            }
            let known = store::users::find_by_email(tx, address).await?;
            let user = match (known, policy) {
                (Some(user), _) => user,
                (None, CcPolicy::All) => {
                    people::contact(tx, address, other.name.as_deref(), None, self.now).await?
                }
                (None, _) => continue,
            };
            if submitter.is_none_or(|submitter| submitter.id != user.id) && !user.role.is_staff() {
                store::ticket_ccs::insert(tx, ticket.id, user.id, self.now).await?;
            }
        }
        Ok(())
    }

    fn entry(&self, kind: &'static str, visibility: Visibility) -> Entry<'_> {
        Entry { kind, visibility, words: &self.words, new_status: None, origin: Some(&self.origin) }
    }

    /// So that an answer to this mail, or the same mail again, finds the ticket.
    async fn remember(&self, tx: &mut Tx, ticket_id: TicketId) -> Result<(), sqlx::Error> {
        let author_key = self.mail.author().map(|author| address_key(&author.address)).unwrap_or_default();
        let known = KnownMessage { ticket_id, author_key, content_digest: self.mail.content_digest.to_vec() };
        store::message_ids::insert(tx, &self.origin.message_id, &known, self.now).await
    }
}
