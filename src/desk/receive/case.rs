//! A received mail as the steps look at it that decide what becomes of it, and what they decided.
//!
//! Decides nothing.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::directory::Queue;
use crate::desk::entry::Origin;
use crate::desk::locale;
use crate::desk::message::Message;
use crate::desk::open;
use crate::desk::prepared::Prepared;
use crate::desk::receive::silence::Silence;
use crate::desk::receive::understood::Forwarded;
use crate::desk::receive::understood::Understood;
use crate::desk::rules::Fired;
use crate::desk::trace::Trace;
use crate::mail::Mail;
use crate::mail::classify::Class;
use crate::mail::classify::Verdict;
use crate::mail::journal::Became;
use crate::mail::journal::Extent;
use crate::mail::thread;
use crate::mail::thread::Keys;
use crate::store::inbox::Received;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::authentication::Covers;
use crate::ticket::authentication::Seal;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// A message that was understood before the transaction.
#[derive(Debug)]
pub struct Incoming<'a> {
    pub received: &'a Received,
    pub understood: Understood,
    pub authentication: Authentication,
    /// What the authentication was told by.
    pub evidence: &'a str,
    /// What of it is its author's, where that is proven.
    pub covers: Covers,
    /// The signatures in its author's name.
    pub seals: Vec<Seal>,
    /// Why nobody is to be acknowledged: a silent back-fill.
    pub silence: Option<Silence>,
}

/// The marks by which its ticket can be found. A mail that is proven by its signature may be sent again, by anybody to any
/// address; machines' mail comes to an address that no field but the envelope's names.
pub(super) fn keys(mail: &Mail, verdict: &Verdict, seals: &[Seal]) -> Keys {
    let keys = thread::keys(mail);
    if verdict.class == Class::Human && !seals.is_empty() { keys.without_envelope() } else { keys }
}

/// What became of a message.
#[derive(Debug)]
pub struct Done {
    pub outcome: Became,
    pub reason: Option<String>,
    pub ticket_id: Option<TicketId>,
    pub trace: Trace,
}

/// What an agent's mail answers.
#[derive(Debug, Default)]
pub(super) struct Answering {
    /// The text of the earlier mail that this one confirms: its words are said.
    pub(super) confirmed: Option<String>,
    /// The entry that staff were told of by the mail that is answered.
    pub(super) entry: Option<FollowupId>,
    /// The entry that kept what is done now.
    pub(super) kept: Option<FollowupId>,
}

/// Everything that the steps look at.
pub(super) struct Case<'a> {
    pub(super) desk: &'a Desk,
    pub(super) queue: &'a Queue,
    pub(super) received: &'a Received,
    pub(super) mail: &'a Mail,
    pub(super) verdict: &'a Verdict,
    pub(super) authentication: Authentication,
    pub(super) covers: Covers,
    /// By which the same mail is known again; none where they prove nothing.
    pub(super) seals: Vec<Seal>,
    pub(super) silence: Option<Silence>,
    pub(super) keys: Keys,
    /// Its own Message-ID, if another mail had the same one.
    pub(super) repeats_id: Option<String>,
    pub(super) origin: Arc<Origin>,
    pub(super) words: Arc<Prepared>,
    /// With what they quote, if that is more.
    pub(super) whole: Option<Arc<Prepared>>,
    pub(super) answering: Answering,
    pub(super) author: Option<User>,
    /// The mail that an agent passes on.
    pub(super) forwarded: Option<Box<Forwarded>>,
    /// The rules that fire for it, if it opens a ticket.
    pub(super) fired: Fired,
    /// Whose that ticket is, by a rule.
    pub(super) owner_by_rule: Option<UserId>,
    pub(super) now: Timestamp,
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

/// The id under which a signature is known.
pub(super) fn seal_id(seal: Seal) -> String {
    format!("{}@dkim-signature.invalid", crate::ids::hex(&seal.0))
}

/// The words of a mail; those of one that was too large to be read say so.
pub(super) fn words(desk: &Desk, queue: &Queue, read: Arc<Prepared>, received: &Received) -> Arc<Prepared> {
    if received.extent != Extent::Headers {
        return read;
    }
    let size = received.size / 1_048_576;
    let locale = locale::of_reader(desk, queue, None, None);
    let note = desk.templates.sentence(&locale, &Sentence::new("note.too_large").with("size", &size));
    Arc::new(Prepared::plain(note).with_files(Vec::new(), vec![format!("{size} MB")]))
}

impl Case<'_> {
    /// The author, if he is an active agent or administrator.
    pub(super) fn staff(&self) -> Option<&User> {
        self.author.as_ref().filter(|user| user.is_active_staff())
    }

    /// Puts a subject that is not the ticket's above the words: devices and people say there what is new.
    pub(super) fn show_subject(&mut self, ticket: &Ticket) {
        let subject = open::subject(&self.mail.subject);
        let base = thread::base_subject(&subject);
        let is_telling = matches!(self.verdict.class, Class::Human | Class::AutoGenerated | Class::List);
        // Ours is the answer's too: the ticket's own, the one for those who proved nothing, or nothing but a tag.
        let reader = locale::of_reader(self.desk, self.queue, self.author.as_ref(), Some(ticket));
        let fixed = self.desk.templates.fixed_title(&reader);
        let is_ours = [&ticket.subject, &fixed].iter().any(|own| base == thread::base_subject(own));
        let is_tag = base.is_empty() || base.starts_with('[') && base.ends_with(']');
        if !is_telling || is_ours || is_tag || self.mail.subject.trim().is_empty() {
            return;
        }
        let above = |text: &str| format!("Subject: {subject}\n\n{text}");
        let words = Message {
            text: above(&self.words.text),
            new_text: self.words.new_text.as_deref().map(above),
            ..Message::clone(&self.words)
        };
        self.words = Arc::new(Prepared::received(words));
    }

    /// The whole text of what is said.
    pub(super) fn whole_text(&self) -> &str {
        self.answering.confirmed.as_deref().unwrap_or(&self.mail.text)
    }

    pub(super) fn is_machine(&self) -> bool {
        !matches!(self.verdict.class, Class::Human | Class::Own)
    }
}
