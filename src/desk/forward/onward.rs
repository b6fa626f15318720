//! The mail by which an entry is passed on to one address, and its row in the outbox.
//!
//! It says nothing of the ticket but the entry, its author and when they wrote it.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::budget::Budget;
use crate::desk::budget::Cause;
use crate::desk::directory::Queue;
use crate::desk::entry::Written;
use crate::desk::hold_back;
use crate::desk::hold_back::Held;
use crate::desk::hold_back::Planned;
use crate::desk::hold_back::Reader;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::email::Email;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Enclosure;
use crate::mail::compose::Voice;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::attachments::Attachment;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::outbox::NewOutgoing;
use crate::template::body::Body;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view;
use crate::ticket::entry::EntryKind;
use crate::ticket::life::Ticket;

/// The outbox's word for such mails; no template makes them.
const FORWARD: &str = "forward";
/// A longer text goes along as a file.
const LONGEST: usize = 256 * 1024;
/// How much of it stands in the mail.
const EXCERPT: usize = 16 * 1024;

/// One entry, to one address.
pub(super) struct Onward<'a> {
    pub(super) queue: &'a Queue,
    pub(super) ticket: &'a Ticket,
    pub(super) entry: &'a Followup,
    /// What the agent wrote above it.
    pub(super) message: &'a Prepared,
    /// The entry that says so, with the agent's files.
    pub(super) note: &'a Written,
    pub(super) address: &'a str,
}

/// What goes with the mail, and the names of what is too large for it.
#[derive(Default)]
struct Enclosed {
    files: Vec<Enclosure>,
    whole_text: Option<i64>,
    left_out: Vec<String>,
}

/// Why nothing is sent there: it counts with what goes out by itself, so that nobody is flooded in our name.
pub(super) async fn held(
    desk: &Desk,
    tx: &mut Tx,
    ticket: &Ticket,
    address: &str,
    now: Timestamp,
) -> Result<Option<Held>, sqlx::Error> {
    let planned = Planned {
        ticket_id: Some(ticket.id),
        recipient_key: &Email::key_of(address),
        further: &[],
        voice: Voice::Notice,
        reader: Reader::Outsider,
        cause: &cause(),
        by_schedule: false,
    };
    hold_back::held(desk, tx, &planned, now).await
}

fn cause() -> Cause {
    Cause { budget: Budget::Proven, domain: String::new() }
}

impl Onward<'_> {
    pub(super) async fn post(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<(), DeskError> {
        let (queue, to) = (&self.queue.config, Email::of(self.address));
        let row = token::row_key(desk.ids.bytes());
        let sign = |purpose| token::sign(&desk.keys.ring(), purpose, row, &self.ticket.uuid, to.key());
        let usable = desk.plus.arrive(self.queue.id);
        let secret = |purpose| token::plus_address(&queue.address, &sign(purpose)).filter(|_| usable);
        let token = sign(Purpose::ThirdParty);
        let enclosed = self.enclosed(desk, tx).await?;
        let body = Body::new(&self.text(desk, &enclosed), None);
        let draft = Draft {
            from_name: queue.sender_name().to_owned(),
            from: queue.address.clone(),
            to_name: String::new(),
            to: self.address.to_owned(),
            reply_to: secret(Purpose::ThirdParty),
            subject: format!("{} {}", self.ticket.tag(&queue.slug), self.ticket.subject),
            message_id: token::message_id(&token, Email::of(&queue.address).domain()),
            in_reply_to: None,
            references: Vec::new(),
            date: compose::date(now),
            voice: Voice::Agent,
            unsubscribe: None,
            text: body.text().to_owned(),
            html: body.html().to_owned(),
            bodies: Vec::new(),
            whole_text: enclosed.whole_text,
            full_text: None,
            attachments: enclosed.files,
        };
        let new = NewOutgoing {
            key: row,
            ticket_id: Some(self.ticket.id),
            followup_id: Some(self.note.id),
            queue_id: self.queue.id,
            event: FORWARD,
            template: FORWARD,
            recipient: self.address,
            recipient_key: to.key(),
            recipient_domain: to.domain(),
            user_id: None,
            account: &queue.smtp,
            envelope_from: &secret(Purpose::Bounce).unwrap_or_else(|| queue.address.clone()),
            message_id: &draft.message_id,
            content: &draft.freeze()?,
            // An agent wrote it; it counts all the same.
            voice: Voice::Notice.as_str(),
            budget: "",
            cause: "",
            held: None,
        };
        store::outbox::insert(tx, &new, now).await?;
        Ok(())
    }

    /// What the agent wrote, and below it the entry as mail programs show what they forward.
    fn text(&self, desk: &Desk, enclosed: &Enclosed) -> String {
        let locale = locale::of_reader(desk, self.queue, None, None);
        let config = &desk.config.desk;
        let facts = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
        let head = Sentence::new("note.forwarded_mail")
            .with("from", &self.entry.author().unwrap_or_else(|| config.name.clone()))
            .with("when", &view::moment(&facts, self.entry.created_at))
            .with("subject", &self.ticket.subject);
        let head = desk.templates.sentence(&locale, &head);
        let words = self.words();
        let words = match enclosed.whole_text {
            Some(_) => {
                let end = words.floor_char_boundary(EXCERPT);
                format!("{}\n\n{}", &words[..end], desk.templates.goes_on(&locale))
            }
            None => words.to_owned(),
        };
        let mut parts = vec![self.message.text.trim().to_owned(), head, words];
        if !enclosed.left_out.is_empty() {
            let says = desk.templates.sentence(&locale, &Sentence::new("layout.left_out"));
            parts.push(format!("{says}\n{}", enclosed.left_out.join("\n")));
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }

    /// What is new in it: what it quotes was said to others.
    fn words(&self) -> &str {
        let new = self.entry.new_text.as_deref().filter(|_| self.entry.kind != EntryKind::Opened);
        new.unwrap_or(&self.entry.text).trim()
    }

    /// The agent's own files and those of the entry, as far as they fit into a mail.
    async fn enclosed(&self, desk: &Desk, tx: &mut Tx) -> Result<Enclosed, sqlx::Error> {
        let mut room = desk.config.delivery.max_attachments_size;
        let mut enclosed = Enclosed::default();
        if self.words().len() > LONGEST {
            enclosed.whole_text = Some(self.entry.id.0);
            room = room.saturating_sub(u64::try_from(self.words().len()).unwrap_or(u64::MAX));
        }
        let theirs = store::attachments::list_of_followup(tx, self.entry.id).await?;
        for Attachment { blob_id, name, content_type, size, .. } in
            self.note.attachments.iter().cloned().chain(theirs)
        {
            let size = u64::try_from(size).unwrap_or(u64::MAX);
            match blob_id {
                Some(blob) if size <= room => {
                    room -= size;
                    enclosed.files.push(Enclosure { blob: blob.0, name, content_type });
                }
                _ => enclosed.left_out.push(format!("{name} ({} kB)", size / 1024 + 1)),
            }
        }
        Ok(enclosed)
    }
}
