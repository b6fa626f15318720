//! Made-up mails, to see what templates make of them: an ordinary one, and ones that are hard to get right.
//!
//! Used by previews and checks; nothing here ever reaches a customer.

use jiff::tz::TimeZone;

use crate::clock::Timestamp;
use crate::template::body::Body;
use crate::template::context::Alert;
use crate::template::context::CommandHelp;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::context::Entry;
use crate::template::context::Outsider;
use crate::template::context::QueueFacts;
use crate::template::context::Staff;
use crate::template::context::TicketFacts;
use crate::template::name::Audience;
use crate::template::name::Name;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::priority::Priority;
use crate::ticket::status::Status;

/// One made-up event, as each kind of reader would be told of it.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) outsider: Outsider,
    pub(crate) staff: Staff,
    pub(crate) alert: Alert,
}

impl Sample {
    /// What a mail of this name is made from.
    pub(crate) fn context(&self, name: Name) -> Context<'_> {
        match name.audience() {
            _ if name == Name::Alert => Context::Alert(&self.alert),
            Audience::Outsider => Context::Outsider(&self.outsider),
            Audience::Staff => Context::Staff(&self.staff),
        }
    }
}

/// All of them; the ordinary one first.
pub(crate) fn all() -> Vec<Sample> {
    vec![ordinary(), reopened(), bare(), hostile(), right_to_left()]
}

/// A usual answer, with every optional value.
pub(crate) fn ordinary() -> Sample {
    sample(&Content {
        subject: "Rechnung für März & April: Überweisung fehlt",
        customer: "Jörg Müller",
        agent: "Zoë Ångström",
        text: ORDINARY_TEXT,
        html: None,
    })
}

/// A private note on a ticket that was reopened and is on hold.
fn reopened() -> Sample {
    let mut sample = sample(&Content {
        subject: "Printer on fire",
        customer: "Jane Doe",
        agent: "Joe Bloggs",
        text: "It burns again.",
        html: Some("<p>It <b>burns</b> again.</p>"),
    });
    sample.outsider.ticket.status = Status::Reopened;
    sample.staff.ticket.status = Status::Reopened;
    sample.staff.visibility = Visibility::Private;
    sample.staff.held_at = Some(MARCH);
    sample
}

/// As little as there can be.
fn bare() -> Sample {
    let mut sample =
        sample(&Content { subject: "", customer: "jane@example.com", agent: "", text: "", html: None });
    let (outsider, staff) = (&mut sample.outsider, &mut sample.staff);
    (outsider.actor, staff.actor, staff.owner, staff.due_at, staff.note) = (None, None, None, None, None);
    (outsider.unsubscribe, outsider.ticket.merged_into) = (None, None);
    outsider.queue.signature.clear();
    for list in [
        &mut outsider.left_out,
        &mut staff.left_out,
        &mut staff.attachments,
        &mut staff.done,
        &mut staff.refused,
    ] {
        list.clear();
    }
    staff.history.clear();
    staff.help = CommandHelp::Hidden;
    sample
}

/// Values of somebody who tries to break out of them.
fn hostile() -> Sample {
    let subject = "</title><script>alert(1)</script>\r\nBcc: everybody@example.com\r\n".to_owned()
        + &"a very long title ".repeat(40);
    let mut sample = sample(&Content {
        subject: &subject,
        customer: "\"><img src=x onerror=alert(1)> O'Neil & Sons\r\nX: y \u{202e}gpj.exe",
        agent: "<b>Admin</b>\u{2028}{{ 7 * 7 }} {% raw %}",
        text: HOSTILE_TEXT,
        html: None,
    });
    sample.outsider.unsubscribe = Some("javascript:alert(3)".to_owned());
    sample
}

/// Hebrew and Arabic among Latin letters.
pub(crate) fn right_to_left() -> Sample {
    sample(&Content {
        subject: "בקשה: חשבונית 2026",
        customer: "דנה כהן",
        agent: "محمد علي",
        text: "שלום דנה,\nהחשבונית נשלחה היום.",
        html: None,
    })
}

/// What differs between the samples.
struct Content<'a> {
    subject: &'a str,
    customer: &'a str,
    agent: &'a str,
    text: &'a str,
    html: Option<&'a str>,
}

const ORDINARY_TEXT: &str = "Guten Tag Herr Müller,\n\nIhre Überweisung ist heute angekommen; \
    3 < 4 & 5 > 4.\n  Eingerückt bleibt eingerückt.\n\nViele Grüße\nZoë Ångström";

const HOSTILE_TEXT: &str = "-- \n<script>alert(2)</script> &amp; {{ desk.name }} {% endblock %}\u{0}\u{7}\r\n\
    last line";

/// 2026-03-01 08:30 UTC.
const MARCH: Timestamp = Timestamp(1_772_353_800 * Timestamp::SECOND);

fn sample(words: &Content<'_>) -> Sample {
    let outsider = outsider(words);
    let staff = staff(words, &outsider);
    let alert = Alert {
        desk: outsider.desk.clone(),
        title: "mailbox support cannot be read".to_owned(),
        text: format!("The server has refused the log-in for an hour.\nIt said: {}", words.text),
    };
    Sample { outsider, staff, alert }
}

fn outsider(words: &Content<'_>) -> Outsider {
    Outsider {
        desk: DeskFacts { name: "Example & Co Helpdesk".to_owned(), timezone: TimeZone::UTC },
        queue: QueueFacts {
            title: "Support".to_owned(),
            address: "support@example.com".to_owned(),
            signature: "Example & Co, Support\n+49 30 123456 · https://example.com".to_owned(),
        },
        ticket: TicketFacts {
            number: 12,
            tag: "[support-12]".to_owned(),
            subject: words.subject.to_owned(),
            status: Status::Open,
            opened_at: MARCH,
            merged_into: Some("[support-7]".to_owned()),
        },
        recipient: words.customer.to_owned(),
        actor: Some(words.agent.to_owned()),
        body: Body::new(words.text, words.html),
        left_out: vec!["Übersicht <final>.pdf (31 MB)".to_owned(), "photo.tiff (48 MB)".to_owned()],
        asks_rating: false,
        unsubscribe: Some("https://desk.example.com/u/abc?t=1&k=2".to_owned()),
    }
}

fn staff(words: &Content<'_>, outsider: &Outsider) -> Staff {
    Staff {
        desk: outsider.desk.clone(),
        queue: outsider.queue.clone(),
        ticket: outsider.ticket.clone(),
        recipient: words.agent.to_owned(),
        actor: outsider.actor.clone(),
        body: outsider.body.clone(),
        visibility: Visibility::Public,
        priority: Priority::NORMAL,
        owner: Some(words.agent.to_owned()),
        submitter: format!("{} <customer@example.com>", words.customer),
        unproven: Some(Authentication::Unknown),
        answers_to: Some("office@example.com".to_owned()),
        held_at: None,
        due_at: Some(MARCH),
        woken_at: None,
        target: None,
        marker: "##- Please type your reply above this line -##".to_owned(),
        history: vec![
            Entry {
                author: words.agent.to_owned(),
                at: MARCH,
                body: Body::earlier("We are looking into it."),
            },
            Entry { author: words.customer.to_owned(), at: MARCH, body: Body::earlier(words.text) },
        ],
        attachments: vec!["log & trace.txt (3 KB)".to_owned()],
        left_out: outsider.left_out.clone(),
        draft: None,
        help: CommandHelp::Shown,
        note: Some("customer@example.com: 550 5.1.1 <customer@example.com> unknown".to_owned()),
        done: vec!["#priority 2".to_owned(), "#tag invoice".to_owned()],
        refused: vec!["#assign bob: there is no agent of that name".to_owned()],
    }
}
