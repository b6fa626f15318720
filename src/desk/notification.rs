//! One mail to one recipient: what it says, in whose voice, and its row in the outbox.

pub mod content;
mod note;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Door;
use crate::desk::actor::Kind;
use crate::desk::budget::Cause;
use crate::desk::hold_back;
use crate::desk::hold_back::Held;
use crate::desk::hold_back::Planned;
use crate::desk::hold_back::Reader;
use crate::desk::hold_back::Unsaid;
use crate::desk::known::Rest;
use crate::desk::notification::content::Enclosed;
use crate::desk::notification::content::Notification;
use crate::desk::notification::content::is_trusted;
use crate::desk::notification::content::shown_name;
use crate::desk::outgoing::KeptBodies;
use crate::desk::shown::Extent;
use crate::desk::table::Event;
use crate::email::Email;
use crate::mail::compose;
use crate::mail::compose::Draft;
use crate::mail::compose::Enclosure;
use crate::mail::compose::Voice;
use crate::mail::token;
use crate::mail::token::Purpose;
use crate::store;
use crate::store::db::Tx;
use crate::store::digest_lines::Line;
use crate::store::outbox::NewOutgoing;
use crate::template::body::Body;
use crate::template::frame::Frame;
use crate::template::name::Name;
use crate::ticket::id::OutboxId;

/// Writes one mail into the outbox. Gives back what it says where that is an agent's and does not leave.
pub(crate) async fn post(
    desk: &Desk,
    tx: &mut Tx,
    notification: &Notification<'_>,
    kept: &mut KeptBodies,
    now: Timestamp,
) -> Result<Option<Unsaid>, DeskError> {
    let Notification { ticket, queue, announcement, recipient, .. } = *notification;
    let to = Email::of(&recipient.address);
    let key = to.key();
    let acknowledgement = is_acknowledgement(notification);
    let row = desk.keys.row(&desk.ids, acknowledgement.then_some(ticket), key);
    let mark = Mark { row, key };
    let (mut draft, bodies) = draft(desk, notification, mark, now);
    draft.bodies = kept.numbers(tx, ticket.id, &bodies).await?;
    let voice = draft.voice;
    let by_schedule =
        matches!(announcement.news.event, Event::Escalated | Event::Overdue | Event::Woken | Event::Target);
    let cause = Cause::of(ticket, announcement, Some(recipient));
    let reader = if recipient.template.is_for_staff() { Reader::Staff } else { Reader::Outsider };
    let planned = Planned {
        ticket_id: Some(ticket.id),
        recipient_key: key,
        further: recipient.user.as_ref().map_or(&[], |user| user.addresses.keys()),
        voice,
        reader,
        cause: &cause,
        by_schedule,
    };
    let held = hold_back::held(desk, tx, &planned, now).await?;
    let reason = held.as_ref().map(Held::sentence);
    let new = NewOutgoing {
        key: mark.row,
        ticket_id: Some(ticket.id),
        followup_id: announcement.news.entry(),
        queue_id: queue.id,
        event: if acknowledgement { "acknowledgement" } else { announcement.news.event.as_str() },
        template: recipient.template.as_str(),
        recipient: &recipient.address,
        recipient_key: key,
        recipient_domain: to.domain(),
        user_id: recipient.user.as_ref().map(|user| user.id),
        account: &queue.config.smtp,
        envelope_from: &return_path(desk, notification, mark, acknowledgement),
        message_id: &draft.message_id,
        content: &draft.freeze()?,
        voice: voice.as_str(),
        budget: cause.budget.as_str(),
        cause: &cause.domain,
        held: reason.as_deref(),
    };
    let id = store::outbox::insert(tx, &new, now).await?;
    match held {
        Some(held) => hold_back::tell(desk, tx, held, &line(notification, &new, id), &planned, now).await,
        None => Ok(None),
    }
}

/// What a digest says of a mail.
fn line(notification: &Notification<'_>, mail: &NewOutgoing<'_>, id: OutboxId) -> Line {
    Line {
        outbox_id: id,
        recipient_key: mail.recipient_key.to_owned(),
        recipient: mail.recipient.to_owned(),
        user_id: mail.user_id,
        ticket_id: notification.ticket.id,
        queue_id: mail.queue_id,
        event: mail.event.to_owned(),
        budget: mail.budget.to_owned(),
    }
}

/// What the signed ids of one mail are made of.
#[derive(Clone, Copy, Debug)]
struct Mark<'a> {
    /// The random number of its row.
    row: i64,
    /// Its recipient's address, case-folded.
    key: &'a str,
}

/// The mail, and the bodies that are left out of it.
fn draft(desk: &Desk, notification: &Notification<'_>, mark: Mark<'_>, now: Timestamp) -> (Draft, Vec<Body>) {
    let staff = notification.recipient.template.is_for_staff();
    let queue = &notification.queue.config;
    let mut enclosed = enclosed(desk, notification, staff);
    enclosed.way_out = way_out(desk, notification, mark);
    let Frame { mail, bodies } = content::frame(desk, notification, &enclosed);
    let purpose = if staff { Purpose::AgentReply } else { Purpose::CustomerReply };
    let token = token::sign(&desk.keys.ring(), purpose, mark.row, &notification.ticket.uuid, mark.key);
    let draft = Draft {
        from_name: from_name(notification, staff),
        from: queue.address.clone(),
        to_name: to_name(notification, staff),
        to: notification.recipient.address.clone(),
        reply_to: reply_to(desk, notification, &token),
        subject: mail.subject,
        message_id: token::message_id(&token, Email::of(&queue.address).domain()),
        in_reply_to: notification.thread.first().cloned(),
        references: notification.thread.iter().rev().cloned().collect(),
        date: compose::date(now),
        voice: voice(notification, staff),
        unsubscribe: enclosed.way_out,
        text: mail.text,
        html: mail.html,
        bodies: Vec::new(),
        whole_text: enclosed.whole_text.map(|entry| entry.0),
        full_text: enclosed.full_text.map(|entry| entry.0),
        attachments: enclosed.enclosures,
    };
    (draft, bodies)
}

/// Whether it answers the mail that opened the ticket.
fn is_acknowledgement(notification: &Notification<'_>) -> bool {
    notification.recipient.template == Name::NewticketSubmitter
        && notification.announcement.is_acknowledgement()
}

/// An address that names this mail, where answers to such arrive.
fn reply_to(desk: &Desk, notification: &Notification<'_>, token: &str) -> Option<String> {
    let usable = desk.plus.arrive(notification.queue.id);
    usable.then(|| token::plus_address(&notification.queue.config.address, token)).flatten()
}

/// Where a mail comes back to that cannot be delivered: a secret address of its own, where such arrive.
fn return_path(
    desk: &Desk,
    notification: &Notification<'_>,
    mark: Mark<'_>,
    acknowledgement: bool,
) -> String {
    if acknowledgement {
        // It must never cause an answer (RFC 3834 §3.3): the null path.
        return String::new();
    }
    let address = &notification.queue.config.address;
    let own = desk.plus.arrive(notification.queue.id).then(|| {
        let token =
            token::sign(&desk.keys.ring(), Purpose::Bounce, mark.row, &notification.ticket.uuid, mark.key);
        token::plus_address(address, &token)
    });
    own.flatten().unwrap_or_else(|| address.clone())
}

/// How a person who gets copies of a ticket can end that with one click (RFC 8058): only where a mail server can
/// open the link safely.
fn way_out(desk: &Desk, notification: &Notification<'_>, mark: Mark<'_>) -> Option<String> {
    let base = &desk.config.http.public_url;
    if !notification.recipient.template.is_copy() || !base.starts_with("https://") {
        return None;
    }
    let token =
        token::sign(&desk.keys.ring(), Purpose::Unsubscribe, mark.row, &notification.ticket.uuid, mark.key);
    Some(format!("{base}/unsubscribe/{token}"))
}

/// In whose name it comes: the queue's; for staff with whoever wrote or did it, so that they see who that is.
///
/// A name is shown that the desk knows, never what a stranger calls themselves.
fn from_name(notification: &Notification<'_>, staff: bool) -> String {
    let queue = notification.queue.config.sender_name();
    let announcement = notification.announcement;
    let is_known = announcement.report.is_none() && announcement.actor.kind() != Kind::Stranger;
    let actor = announcement.actor.user().filter(|user| staff && is_known && user.proven_at.is_some());
    match actor.map(shown_name).filter(|name| !name.contains('@')) {
        Some(name) => format!("{name} ({queue})"),
        None => queue.to_owned(),
    }
}

/// The recipient's name, where it is more than his address and not a stranger's own words.
fn to_name(notification: &Notification<'_>, staff: bool) -> String {
    let name = notification.recipient.user.as_ref().map(shown_name);
    let more =
        name.filter(|name| *name != notification.recipient.address && (staff || is_trusted(notification)));
    more.unwrap_or_default()
}

/// An agent's words go out as his, also those of a partner's; everything else says that it is automatic.
fn voice(notification: &Notification<'_>, staff: bool) -> Voice {
    let announcement = notification.announcement;
    let spoken = !notification.body.text().is_empty();
    let agent = announcement.actor.is_staff() && announcement.actor.door() != Door::Desk;
    let partner = announcement.actor.door() == Door::Sharing && announcement.actor.user().is_some();
    let by_person = (agent || partner) && announcement.news.event != Event::Opened;
    if announcement.is_acknowledgement() && !staff {
        Voice::Answer
    } else if spoken && by_person && !staff {
        Voice::Agent
    } else {
        Voice::Notice
    }
}

/// A text that is too long and attachments of the entry go with it up to a size; the others are listed.
fn enclosed(desk: &Desk, notification: &Notification<'_>, staff: bool) -> Enclosed {
    let mut enclosed = Enclosed::default();
    let delivery = &desk.config.delivery;
    let mut room = if staff { delivery.max_staff_attachments_size } else { delivery.max_attachments_size };
    match notification.extent {
        // An acknowledgement repeats nothing of what it answers.
        _ if notification.recipient.template == Name::NewticketSubmitter => {}
        Extent::Whole => {}
        Extent::Beginning { entry, size } if size <= room => {
            room -= size;
            enclosed.whole_text = Some(entry);
        }
        Extent::Beginning { size, .. } => enclosed.listed.push(listed(compose::TEXT_FILE, size)),
    }
    let news = notification.announcement.news;
    let (Some(written), Some(words)) = (&news.written, &news.words) else {
        return enclosed;
    };
    enclosed.listed.extend(words.left_out.iter().cloned());
    let text = u64::try_from(words.text.len()).unwrap_or(u64::MAX);
    if staff && text <= room && notification.rest == Rest::News {
        room -= text;
        enclosed.full_text = Some(written.id);
    }
    // A customer does not get his own attachments back with the acknowledgement.
    if news.event == Event::Opened && !staff {
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
