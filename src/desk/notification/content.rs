//! What one mail says: its values, filled into its template.
//!
//! Decides whose words may be shown to whom; neither its headers nor when it leaves.

use crate::desk::Desk;
use crate::desk::actor::Door;
use crate::desk::command::report::Remark;
use crate::desk::directory::Queue;
use crate::desk::known::Rest;
use crate::desk::notification::note;
use crate::desk::notify::announcement::Announcement;
use crate::desk::notify::announcement::Recipient;
use crate::desk::rate;
use crate::desk::shown::Extent;
use crate::desk::table::Event;
use crate::mail::compose;
use crate::mail::compose::Enclosure;
use crate::mail::reply::MARKER;
use crate::template::body::Body;
use crate::template::clean;
use crate::template::context::CommandHelp;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::context::Entry;
use crate::template::context::Outsider;
use crate::template::context::QueueFacts;
use crate::template::context::Staff;
use crate::template::context::TicketFacts;
use crate::template::frame::Frame;
use crate::template::name::Name;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// A mail to be written.
#[derive(Clone, Debug)]
pub struct Notification<'a> {
    pub ticket: &'a Ticket,
    pub queue: &'a Queue,
    pub announcement: &'a Announcement<'a>,
    pub recipient: &'a Recipient,
    /// In the language of this locale.
    pub locale: String,
    /// What of its words stands in the mail, and whether that is all.
    pub(crate) body: Body,
    pub(crate) extent: Extent,
    /// Beside what of a received mail is shown.
    pub(crate) rest: Rest,
    pub(crate) history: &'a [Entry],
    /// Message-IDs of the customer's mails, newest first.
    pub thread: &'a [String],
    pub submitter: Option<&'a User>,
    pub owner: Option<&'a User>,
}

/// What goes with a mail, and what is only listed in it.
#[derive(Default)]
pub(super) struct Enclosed {
    /// The entry whose words go along as a file.
    pub(super) whole_text: Option<FollowupId>,
    /// The entry whose whole text goes along as a file, where the mail does not show all of it.
    pub(super) full_text: Option<FollowupId>,
    pub(super) enclosures: Vec<Enclosure>,
    pub(super) listed: Vec<String>,
    /// The link by which its recipient gets no more copies.
    pub(super) way_out: Option<String>,
}

/// The mail with marks for its large bodies.
pub(super) fn frame(desk: &Desk, notification: &Notification<'_>, enclosed: &Enclosed) -> Frame {
    let (name, locale) = (notification.recipient.template, &notification.locale);
    if name.is_for_staff() {
        desk.templates.frame(name, locale, Context::Staff(&staff_context(desk, notification, enclosed)))
    } else {
        desk.templates.frame(name, locale, Context::Outsider(&outsider_context(desk, notification, enclosed)))
    }
}

/// What a stranger wrote in a forged mail must not go out under our name.
pub(super) fn is_trusted(notification: &Notification<'_>) -> bool {
    !notification.announcement.is_acknowledgement()
        || notification.ticket.authentication == Authentication::Pass
}

fn desk_facts(desk: &Desk) -> DeskFacts {
    DeskFacts { name: desk.config.desk.name.clone(), timezone: desk.config.desk.timezone.clone() }
}

fn queue_facts(notification: &Notification<'_>) -> QueueFacts {
    let queue = &notification.queue.config;
    QueueFacts {
        title: queue.title.clone(),
        address: queue.address.clone(),
        signature: queue.signature.clone(),
    }
}

fn ticket_facts(notification: &Notification<'_>) -> TicketFacts {
    let (ticket, slug) = (notification.ticket, &notification.queue.config.slug);
    TicketFacts {
        number: ticket.id.0,
        tag: ticket.tag(slug),
        subject: ticket.subject.clone(),
        status: ticket.status,
        opened_at: ticket.created_at,
        merged_into: notification.announcement.news.other.as_ref().map(|survivor| survivor.tag(slug)),
    }
}

fn outsider_context(desk: &Desk, notification: &Notification<'_>, enclosed: &Enclosed) -> Outsider {
    let announcement = notification.announcement;
    let mut ticket = ticket_facts(notification);
    let trusted = is_trusted(notification);
    if !trusted {
        ticket.subject = desk.templates.fixed_title(&notification.locale);
    }
    // An acknowledgement repeats nothing of what it answers.
    let answers = notification.recipient.template == Name::NewticketSubmitter;
    let recipient = notification.recipient.user.as_ref().map(shown_name);
    Outsider {
        desk: desk_facts(desk),
        queue: queue_facts(notification),
        ticket,
        recipient: if trusted { recipient.unwrap_or_default() } else { String::new() },
        actor: announcement.actor.user().filter(|user| may_be_named(user)).map(shown_name),
        body: if answers { Body::default() } else { notification.body.clone() },
        left_out: enclosed.listed.clone(),
        asks_rating: notification.recipient.template == Name::ResolvedSubmitter
            && rate::is_asked_for(desk, notification.ticket.queue_id),
        unsubscribe: enclosed.way_out.clone(),
    }
}

pub(super) fn shown_name(user: &User) -> String {
    user.shown_name().to_owned()
}

/// What was found out about who opened a ticket, where that leaves a doubt.
fn unproven(ticket: &Ticket) -> Option<Authentication> {
    let found = ticket.authentication;
    (ticket.door == Door::Mail.as_str() && found != Authentication::Pass).then_some(found)
}

/// An agent who has no name goes by his address, which is not for customers.
fn may_be_named(user: &User) -> bool {
    !user.role.is_staff() || !user.name.contains('@')
}

/// What is told of a target: it is what the mail is about, and no remark above somebody's words.
fn target(desk: &Desk, notification: &Notification<'_>, locale: &str) -> Option<String> {
    let news = notification.announcement.news;
    let told = news.note.as_ref().filter(|_| news.event == Event::Target);
    told.map(|told| desk.templates.sentence(locale, told))
}

fn staff_context(desk: &Desk, notification: &Notification<'_>, enclosed: &Enclosed) -> Staff {
    let (announcement, locale) = (notification.announcement, notification.locale.as_str());
    let submitter = notification.submitter.map(|user| match &user.email {
        Some(email) if *email != user.name => format!("{} <{email}>", user.name),
        _ => user.name.clone(),
    });
    let mut ticket = ticket_facts(notification);
    if notification.recipient.template == Name::AgentUnverified && notification.submitter.is_none() {
        // It is the very mail whose author is doubted that named it so.
        ticket.subject = desk.templates.fixed_title(locale);
    }
    let told = |remarks: &Vec<Remark>| remarks.iter().map(|remark| remark.told(desk, locale)).collect();
    let whole_text = enclosed.whole_text.map(|_| compose::TEXT_FILE);
    let full_text = enclosed.full_text.map(|_| compose::FULL_FILE);
    let names = whole_text
        .into_iter()
        .chain(full_text)
        .chain(enclosed.enclosures.iter().map(|file| file.name.as_str()));
    let writer = announcement.news.writer.as_ref().map(|writer| desk.templates.sentence(locale, writer));
    let private = announcement.news.event.is_private() || announcement.news.visibility == Visibility::Private;
    Staff {
        desk: desk_facts(desk),
        queue: queue_facts(notification),
        ticket,
        recipient: notification.recipient.user.as_ref().map(|user| user.name.clone()).unwrap_or_default(),
        actor: writer.clone().or_else(|| announcement.actor.user().map(|user| user.name.clone())),
        body: notification.body.clone(),
        visibility: if private { Visibility::Private } else { Visibility::Public },
        priority: notification.ticket.priority,
        owner: notification.owner.map(|user| user.name.clone()),
        submitter: submitter.or(writer).unwrap_or_default(),
        unproven: unproven(notification.ticket),
        answers_to: notification.ticket.reply_to.clone(),
        held_at: notification.ticket.held_at,
        due_at: notification.ticket.due_at,
        woken_at: notification.ticket.hold_ended_at.filter(|_| announcement.news.event == Event::Woken),
        target: target(desk, notification, locale),
        marker: MARKER.to_owned(),
        history: notification.history.to_vec(),
        attachments: names.map(str::to_owned).collect(),
        left_out: enclosed.listed.clone(),
        draft: announcement.report.and_then(|report| report.draft).map(|draft| draft.0),
        help: CommandHelp::Shown,
        note: note::above(desk, announcement, notification.ticket.id, locale, full_text)
            .map(|note| clean::beginning(&note).to_owned()),
        done: announcement.report.map(|report| told(&report.done)).unwrap_or_default(),
        refused: announcement.report.map(|report| told(&report.refused)).unwrap_or_default(),
    }
}
