//! The values that templates see, made from a context.
//!
//! Every value always exists: what is missing is empty, so that a strict template can ask for it. Names
//! are single lines, text is clean; escaping is left to the engine.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::context;

use crate::clock::Timestamp;
use crate::template::body;
use crate::template::body::Bodies;
use crate::template::body::Body;
use crate::template::clean;
use crate::template::context::Alert;
use crate::template::context::CommandHelp;
use crate::template::context::Context;
use crate::template::context::DeskFacts;
use crate::template::context::Entry;
use crate::template::context::Outsider;
use crate::template::context::QueueFacts;
use crate::template::context::Staff;
use crate::template::context::TicketFacts;
use crate::template::name::Name;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;

/// Values by name.
pub(crate) type Values = BTreeMap<&'static str, Value>;

/// Longest name, address or file name, in characters.
const NAME_MAX: usize = 120;
/// Longest title of a ticket, in characters; with its tag it stays below the limit of a subject.
const TITLE_MAX: usize = 160;
/// Longest list of files or commands.
const LIST_MAX: usize = 100;

/// What the templates of `name` see of `context`.
pub(crate) fn values(name: Name, context: Context<'_>) -> Values {
    match context {
        Context::Outsider(mail) if name == Name::NewticketSubmitter => acknowledgement(mail),
        Context::Outsider(mail) => outsider(mail),
        Context::Staff(mail) => staff(mail),
        Context::Alert(mail) => alert(mail),
    }
}

/// A moment in the desk's time zone, to the minute: `2026-03-01 09:30 CET`, the same in all languages.
pub(crate) fn moment(desk: &DeskFacts, at: Timestamp) -> String {
    match jiff::Timestamp::from_second(at.seconds()) {
        Ok(moment) => moment.to_zoned(desk.timezone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => at.to_string(),
    }
}

/// The line above which agents type, as it stands in a mail.
pub(crate) fn marker(mail: &Staff) -> String {
    name(&mail.marker)
}

/// Anybody can have a mail sent to anybody by writing in his name, so what answers at once repeats
/// nothing that the sender chose: no words, no file names, no display name.
fn acknowledgement(mail: &Outsider) -> Values {
    let silent = Outsider {
        desk: mail.desk.clone(),
        queue: mail.queue.clone(),
        ticket: mail.ticket.clone(),
        recipient: String::new(),
        actor: None,
        body: Body::default(),
        left_out: Vec::new(),
        asks_rating: false,
        unsubscribe: None,
    };
    let mut values = outsider(&silent);
    values.insert("left_out_count", mail.left_out.len().into());
    values
}

fn outsider(mail: &Outsider) -> Values {
    let mut values = facts(&mail.desk, &mail.queue, &mail.ticket);
    values.extend(words(&mail.body, &[]));
    values.extend([
        ("left_out_count", mail.left_out.len().into()),
        ("left_out", list(&mail.left_out).into()),
        ("asks_rating", mail.asks_rating.into()),
        ("unsubscribe", link(mail.unsubscribe.as_deref()).into()),
        ("recipient", greeted(&mail.recipient).into()),
        ("actor", optional(mail.actor.as_deref()).into()),
    ]);
    values
}

fn staff(mail: &Staff) -> Values {
    let history: Vec<Value> = mail
        .history
        .iter()
        .take(LIST_MAX)
        .map(|entry| {
            let [text, _] = entry.body.values();
            context! { author => name(&entry.author), when => moment(&mail.desk, entry.at), text => text.1 }
        })
        .collect();
    let mut values = facts(&mail.desk, &mail.queue, &mail.ticket);
    values.extend(words(&mail.body, &mail.history));
    values.extend([
        ("recipient", greeted(&mail.recipient).into()),
        ("actor", optional(mail.actor.as_deref()).into()),
        ("private", (mail.visibility == Visibility::Private).into()),
        ("priority", mail.priority.number().into()),
        ("owner", optional(mail.owner.as_deref()).into()),
        ("submitter", clean::line(&mail.submitter, 2 * NAME_MAX).into()),
        ("unproven", mail.unproven.map(Authentication::as_str).unwrap_or_default().into()),
        ("answers_to", optional(mail.answers_to.as_deref()).into()),
        ("on_hold", mail.held_at.is_some().into()),
        ("due", mail.due_at.map(|at| moment(&mail.desk, at)).unwrap_or_default().into()),
        ("woken", mail.woken_at.map(|at| moment(&mail.desk, at)).unwrap_or_default().into()),
        ("target", clean::block(mail.target.as_deref().unwrap_or_default()).into()),
        ("marker", marker(mail).into()),
        ("history", history.into()),
        ("attachments", list(&mail.attachments).into()),
        ("left_out", list(&mail.left_out).into()),
        ("draft", mail.draft.into()),
        ("help", (mail.help == CommandHelp::Shown).into()),
        ("note", clean::block(mail.note.as_deref().unwrap_or_default()).into()),
        ("done", list(&mail.done).into()),
        ("refused", list(&mail.refused).into()),
    ]);
    values
}

fn alert(mail: &Alert) -> Values {
    let mut values = Values::from(Body::new(&mail.text, None).values());
    values.insert("desk", context! { name => name(&mail.desk.name) });
    values.insert("title", clean::line(&mail.title, TITLE_MAX).into());
    values
}

fn facts(desk: &DeskFacts, queue: &QueueFacts, ticket: &TicketFacts) -> Values {
    let signature = clean::block(&queue.signature);
    let queue = context! {
        title => name(&queue.title),
        address => name(&queue.address),
        signature => signature.strip_prefix("--\n").unwrap_or(&signature),
    };
    let ticket = context! {
        number => ticket.number,
        tag => name(&ticket.tag),
        subject => clean::line(&ticket.subject, TITLE_MAX),
        status => ticket.status.as_str(),
        opened => moment(desk, ticket.opened_at),
        merged_into => optional(ticket.merged_into.as_deref()),
    };
    Values::from([("desk", context! { name => name(&desk.name) }), ("queue", queue), ("ticket", ticket)])
}

/// `text`, and `html` with the same words; and which of these and of the earlier ones are left out of the mail.
fn words(body: &Body, history: &[Entry]) -> Values {
    let mut values = Values::from(body.values());
    let earlier = history.iter().take(LIST_MAX).map(|entry| &entry.body);
    let bodies = Bodies::of(std::iter::once(body).chain(earlier));
    if !bodies.is_empty() {
        values.insert(body::BODIES, Value::from_object(bodies));
    }
    values
}

fn name(text: &str) -> String {
    clean::line(text, NAME_MAX)
}

fn optional(text: Option<&str>) -> String {
    name(text.unwrap_or_default())
}

/// A name to greet somebody by. An address is not one; it stands in where a name is not known.
fn greeted(text: &str) -> String {
    if text.contains('@') { String::new() } else { name(text) }
}

fn list(items: &[String]) -> Vec<String> {
    let mut shown: Vec<String> =
        items.iter().take(LIST_MAX).map(|item| clean::line(item, 2 * NAME_MAX)).collect();
    if items.len() > LIST_MAX {
        shown.push(format!("… +{}", items.len() - LIST_MAX));
    }
    shown
}

/// A link that one click may follow (RFC 8058): `https`, and nothing in it that ends an attribute.
fn link(url: Option<&str>) -> String {
    let url = url.unwrap_or_default();
    let odd = |c: char| c.is_control() || c.is_whitespace() || "<>\"'`".contains(c);
    if url.starts_with("https://") && !url.chars().any(odd) { url.to_owned() } else { String::new() }
}
