//! One mail to one recipient: what it says, in whose voice, and its row in the outbox.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Door;
use crate::desk::command::Remark;
use crate::desk::directory::Queue;
use crate::desk::entry;
use crate::desk::hold_back;
use crate::desk::hold_back::Held;
use crate::desk::hold_back::Planned;
use crate::desk::locale;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::notify::Recipient;
use crate::desk::shown::Extent;
use crate::desk::shown::Shown;
use crate::desk::table::Event;
use crate::mail::authentication::Authentication;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Enclosure;
use crate::mail::compose::Voice;
use crate::mail::reply::MARKER;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::store::outbox::NewOutgoing;
use crate::template::clean;
use crate::template::context::CommandHelp;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::context::Entry;
use crate::template::context::Outsider;
use crate::template::context::QueueFacts;
use crate::template::context::Staff;
use crate::template::context::TicketFacts;
use crate::template::context::Visibility;
use crate::template::engine::Rendered;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;
use crate::ticket::person::address_key;
use crate::ticket::person::domain_of;

/// A mail to be written.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    pub ticket: &'a Ticket,
    pub queue: &'a Queue,
    pub occasion: &'a Occasion<'a>,
    /// What of its words stands in mails.
    pub(crate) shown: &'a Shown,
    pub recipient: &'a Recipient,
    pub history: &'a [Followup],
    /// Message-IDs of the customer's mails, newest first.
    pub thread: &'a [String],
    pub submitter: Option<&'a User>,
    pub owner: Option<&'a User>,
}

/// What goes with a mail, and what is only listed in it.
#[derive(Default)]
struct Enclosed {
    /// The entry whose words go along as a file.
    whole_text: Option<FollowupId>,
    enclosures: Vec<Enclosure>,
    listed: Vec<String>,
    /// The link by which its recipient gets no more copies.
    way_out: Option<String>,
}

pub fn is_for_staff(template: Name) -> bool {
    template.audience() == Audience::Staff
}

/// Writes one mail into the outbox.
pub async fn post(desk: &Desk, tx: &mut Tx, letter: &Letter<'_>, now: Timestamp) -> Result<(), DeskError> {
    let staff = is_for_staff(letter.recipient.template);
    let queue = &letter.queue.config;
    let key = address_key(&letter.recipient.address);
    let acknowledgement = is_acknowledgement(letter);
    let row = desk.keys.row(&desk.ids, acknowledgement.then_some(letter.ticket), &key);
    let mut enclosed = enclosed(desk, letter, staff);
    enclosed.way_out = way_out(desk, letter, (row, &key));
    let rendered = render(desk, letter, &enclosed);
    let purpose = if staff { Purpose::AgentReply } else { Purpose::CustomerReply };
    let token = token::sign(&desk.keys.ring(), purpose, row, &letter.ticket.uuid, &key);
    let message_id = token::message_id(&token, &domain_of(&queue.address));
    let voice = voice(letter, staff);
    let envelope_from = return_path(desk, letter, (row, &key), acknowledgement);
    let by_schedule = matches!(letter.occasion.event, Event::Escalated | Event::Overdue);
    let planned = Planned { ticket_id: Some(letter.ticket.id), recipient_key: &key, voice, by_schedule };
    let held = hold_back::held(tx, &planned, now).await?;
    let draft = Draft {
        from_name: queue.sender_name().to_owned(),
        from: queue.address.clone(),
        to_name: to_name(letter, staff),
        to: letter.recipient.address.clone(),
        reply_to: reply_to(desk, letter, &token),
        subject: rendered.subject,
        message_id: message_id.clone(),
        in_reply_to: letter.thread.first().cloned(),
        references: letter.thread.iter().rev().cloned().collect(),
        date: compose::date(now),
        voice,
        unsubscribe: enclosed.way_out,
        text: rendered.text,
        html: rendered.html,
        whole_text: enclosed.whole_text.map(|entry| entry.0),
        attachments: enclosed.enclosures,
    };
    let reason = held.as_ref().map(Held::sentence);
    let new = NewOutgoing {
        key: row,
        ticket_id: Some(letter.ticket.id),
        followup_id: letter.occasion.written.map(|written| written.id),
        queue_id: letter.queue.id,
        event: if acknowledgement { "acknowledgement" } else { letter.occasion.event.as_str() },
        template: letter.recipient.template.as_str(),
        recipient: &letter.recipient.address,
        recipient_key: &key,
        recipient_domain: &domain_of(&letter.recipient.address),
        user_id: letter.recipient.user.as_ref().map(|user| user.id),
        account: &queue.smtp,
        envelope_from: &envelope_from,
        message_id: &message_id,
        content: &draft.freeze()?,
        voice: voice.as_str(),
        held: reason.as_deref(),
    };
    let id = store::outbox::insert(tx, &new, now).await?;
    match held {
        Some(held) => hold_back::tell(desk, tx, (id, &held, &planned), now).await,
        None => Ok(()),
    }
}

/// Whether it answers the mail that opened the ticket.
fn is_acknowledgement(letter: &Letter<'_>) -> bool {
    letter.recipient.template == Name::NewticketSubmitter && notify::is_acknowledgement(letter.occasion)
}

/// An address that names this mail, where answers to such arrive.
fn reply_to(desk: &Desk, letter: &Letter<'_>, token: &str) -> Option<String> {
    let usable = desk.plus.arrive(letter.queue.id);
    usable.then(|| token::plus_address(&letter.queue.config.address, token)).flatten()
}

/// Where a mail comes back to that cannot be delivered: a secret address of its own, where such arrive.
fn return_path(desk: &Desk, letter: &Letter<'_>, (row, key): (i64, &str), acknowledgement: bool) -> String {
    if acknowledgement {
        // It must never cause an answer (RFC 3834 §3.3): the null path.
        return String::new();
    }
    let address = &letter.queue.config.address;
    let own = desk.plus.arrive(letter.queue.id).then(|| {
        let token = token::sign(&desk.keys.ring(), Purpose::Bounce, row, &letter.ticket.uuid, key);
        token::plus_address(address, &token)
    });
    own.flatten().unwrap_or_else(|| address.clone())
}

/// How a person who gets copies of a ticket can end that with one click (RFC 8058): only where a mail server can
/// open the link safely.
fn way_out(desk: &Desk, letter: &Letter<'_>, (row, key): (i64, &str)) -> Option<String> {
    let base = &desk.config.http.public_url;
    if !letter.recipient.template.is_copy() || !base.starts_with("https://") {
        return None;
    }
    let token = token::sign(&desk.keys.ring(), Purpose::Unsubscribe, row, &letter.ticket.uuid, key);
    Some(format!("{base}/unsubscribe/{token}"))
}

/// The recipient's name, where it is more than his address and not a stranger's own words.
fn to_name(letter: &Letter<'_>, staff: bool) -> String {
    let name = letter.recipient.user.as_ref().map(shown_name);
    let more = name.filter(|name| *name != letter.recipient.address && (staff || is_trusted(letter)));
    more.unwrap_or_default()
}

/// What a stranger wrote in a forged mail must not go out under our name.
fn is_trusted(letter: &Letter<'_>) -> bool {
    !notify::is_acknowledgement(letter.occasion) || letter.ticket.authentication == "pass"
}

fn render(desk: &Desk, letter: &Letter<'_>, enclosed: &Enclosed) -> Rendered {
    let name = letter.recipient.template;
    let ticket = (!is_for_staff(name)).then_some(letter.ticket);
    let locale = &locale::of_reader(desk, letter.queue, letter.recipient.user.as_ref(), ticket);
    if is_for_staff(name) {
        desk.templates.render(name, locale, Context::Staff(&staff_context(desk, letter, locale, enclosed)))
    } else {
        desk.templates.render(
            name,
            locale,
            Context::Outsider(&outsider_context(desk, letter, locale, enclosed)),
        )
    }
}

/// An agent's words go out as his, also those of a partner's; everything else says that it is automatic.
fn voice(letter: &Letter<'_>, staff: bool) -> Voice {
    let occasion = letter.occasion;
    let spoken = letter.shown.speaks();
    let agent = occasion.actor.is_staff() && occasion.actor.door() != Door::Desk;
    let partner = occasion.actor.door() == Door::Sharing && occasion.actor.user().is_some();
    let by_person = (agent || partner) && occasion.event != Event::Opened;
    if notify::is_acknowledgement(occasion) && !staff {
        Voice::Answer
    } else if spoken && by_person && !staff {
        Voice::Agent
    } else {
        Voice::Notice
    }
}

/// A text that is too long and attachments of the entry go with it up to a size; the others are listed.
fn enclosed(desk: &Desk, letter: &Letter<'_>, staff: bool) -> Enclosed {
    let mut enclosed = Enclosed::default();
    let delivery = &desk.config.delivery;
    let mut room = if staff { delivery.max_staff_attachments_size } else { delivery.max_attachments_size };
    match letter.shown.extent {
        // An acknowledgement repeats nothing of what it answers.
        _ if letter.recipient.template == Name::NewticketSubmitter => {}
        Extent::Whole => {}
        Extent::Beginning { entry, size } if size <= room => {
            room -= size;
            enclosed.whole_text = Some(entry);
        }
        Extent::Beginning { size, .. } => enclosed.listed.push(listed(compose::TEXT_FILE, size)),
    }
    let (Some(written), Some(words)) = (letter.occasion.written, letter.occasion.words) else {
        return enclosed;
    };
    enclosed.listed.extend(words.left_out.iter().cloned());
    // A customer does not get his own attachments back with the acknowledgement.
    if letter.occasion.event == Event::Opened && !staff {
        return enclosed;
    }
    for attachment in &written.attachments {
        let size = u64::try_from(attachment.size).unwrap_or(u64::MAX);
        match attachment.blob_id {
            Some(blob) if size <= room => {
                room -= size;
                enclosed.enclosures.push(Enclosure {
                    blob: blob.0,
                    name: attachment.name.clone(),
                    content_type: attachment.content_type.clone(),
                });
            }
            _ => enclosed.listed.push(listed(&attachment.name, size)),
        }
    }
    enclosed
}

fn listed(name: &str, size: u64) -> String {
    format!("{name} ({} kB)", size / 1024 + 1)
}

/// What was said, as it stands in the mail.
fn text(desk: &Desk, letter: &Letter<'_>, locale: &str) -> String {
    match letter.shown.extent {
        Extent::Whole => letter.shown.text.clone(),
        Extent::Beginning { .. } => format!("{}\n\n{}", letter.shown.text, desk.templates.goes_on(locale)),
    }
}

fn desk_facts(desk: &Desk) -> DeskFacts {
    DeskFacts { name: desk.config.desk.name.clone(), timezone: desk.config.desk.timezone.clone() }
}

fn queue_facts(letter: &Letter<'_>) -> QueueFacts {
    let queue = &letter.queue.config;
    QueueFacts {
        title: queue.title.clone(),
        address: queue.address.clone(),
        signature: queue.signature.clone(),
    }
}

fn ticket_facts(letter: &Letter<'_>) -> TicketFacts {
    let (ticket, slug) = (letter.ticket, &letter.queue.config.slug);
    TicketFacts {
        number: ticket.id.0,
        tag: ticket.tag(slug),
        subject: ticket.subject.clone(),
        status: ticket.status,
        opened_at: ticket.created_at,
        merged_into: letter.occasion.other.map(|survivor| survivor.tag(slug)),
    }
}

fn outsider_context(desk: &Desk, letter: &Letter<'_>, locale: &str, enclosed: &Enclosed) -> Outsider {
    let occasion = letter.occasion;
    let mut ticket = ticket_facts(letter);
    let trusted = is_trusted(letter);
    if !trusted {
        ticket.subject = desk.templates.fixed_title(locale);
    }
    // An acknowledgement repeats nothing of what it answers.
    let answers = letter.recipient.template == Name::NewticketSubmitter;
    let recipient = letter.recipient.user.as_ref().map(shown_name);
    Outsider {
        desk: desk_facts(desk),
        queue: queue_facts(letter),
        ticket,
        recipient: if trusted { recipient.unwrap_or_default() } else { String::new() },
        actor: occasion.actor.user().filter(|user| may_be_named(user)).map(shown_name),
        text: if answers { String::new() } else { text(desk, letter, locale) },
        html: letter.shown.html.clone().filter(|_| !answers),
        left_out: enclosed.listed.clone(),
        unsubscribe: enclosed.way_out.clone(),
    }
}

fn shown_name(user: &User) -> String {
    user.shown_name().to_owned()
}

/// What was found out about who opened a ticket, where that leaves a doubt.
fn unproven(ticket: &Ticket) -> Option<Authentication> {
    let found = Authentication::parse(&ticket.authentication);
    (ticket.door == Door::Mail.as_str() && found != Authentication::Pass).then_some(found)
}

/// A sentence for staff, and a warning where a customer's further mail may be anybody's.
fn note(desk: &Desk, occasion: &Occasion<'_>, locale: &str) -> Option<String> {
    let found = occasion.origin.map(|origin| origin.authentication).filter(|_| !occasion.actor.is_staff());
    let warning = found.filter(|_| occasion.event != Event::Opened).and_then(unproven_sender);
    let told = |sentence| desk.templates.sentence(locale, sentence);
    let sentences: Vec<String> = occasion.note.into_iter().chain(&warning).map(told).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

fn unproven_sender(found: Authentication) -> Option<Sentence> {
    let key = match found {
        Authentication::Pass => return None,
        Authentication::None => "note.sender_none",
        Authentication::Unknown => "note.sender_unknown",
        Authentication::Fail => "note.sender_fail",
    };
    Some(Sentence::new(key))
}

/// An agent who has no name goes by his address, which is not for customers.
fn may_be_named(user: &User) -> bool {
    !user.role.is_staff() || !user.name.contains('@')
}

fn staff_context(desk: &Desk, letter: &Letter<'_>, locale: &str, enclosed: &Enclosed) -> Staff {
    let occasion = letter.occasion;
    let submitter = letter.submitter.map(|user| match &user.email {
        Some(email) if *email != user.name => format!("{} <{email}>", user.name),
        _ => user.name.clone(),
    });
    let entries = letter.history.iter().map(|entry| Entry {
        author: entry.author_name.clone().unwrap_or_else(|| desk.config.desk.name.clone()),
        at: entry.created_at,
        text: clean::beginning(entry.new_text.as_deref().unwrap_or(&entry.text)).to_owned(),
    });
    let told = |remarks: &Vec<Remark>| remarks.iter().map(|remark| remark.told(desk, locale)).collect();
    let whole_text = enclosed.whole_text.map(|_| compose::TEXT_FILE);
    let names = whole_text.into_iter().chain(enclosed.enclosures.iter().map(|file| file.name.as_str()));
    let writer = occasion.writer.map(|writer| desk.templates.sentence(locale, writer));
    let private = occasion.event.is_private() || occasion.visibility == entry::Visibility::Private;
    Staff {
        desk: desk_facts(desk),
        queue: queue_facts(letter),
        ticket: ticket_facts(letter),
        recipient: letter.recipient.user.as_ref().map(|user| user.name.clone()).unwrap_or_default(),
        actor: writer.clone().or_else(|| occasion.actor.user().map(|user| user.name.clone())),
        text: text(desk, letter, locale),
        html: letter.shown.html.clone(),
        visibility: if private { Visibility::Private } else { Visibility::Public },
        priority: letter.ticket.priority,
        owner: letter.owner.map(|user| user.name.clone()),
        submitter: submitter.or(writer).unwrap_or_default(),
        unproven: unproven(letter.ticket),
        answers_to: letter.ticket.reply_to.clone(),
        held_at: letter.ticket.held_at,
        due_at: letter.ticket.due_at,
        marker: MARKER.to_owned(),
        history: entries.collect(),
        attachments: names.map(str::to_owned).collect(),
        left_out: enclosed.listed.clone(),
        help: CommandHelp::Shown,
        note: note(desk, occasion, locale).map(|note| clean::beginning(&note).to_owned()),
        done: occasion.report.map(|report| told(&report.done)).unwrap_or_default(),
        refused: occasion.report.map(|report| told(&report.refused)).unwrap_or_default(),
    }
}
