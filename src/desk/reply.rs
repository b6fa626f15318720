//! Saved replies: texts that agents use again and again, filled in for one ticket.
//!
//! Says nothing on a ticket itself: whoever uses one says the text as their own.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::store;
use crate::store::db::Tx;
use crate::store::replies::Reply;
use crate::template::context::DeskFacts;
use crate::template::locale;
use crate::template::reply;
use crate::template::reply::Facts;
use crate::template::reply::ReplyProblem;
use crate::template::view;
use crate::ticket::id::QueueId;
use crate::ticket::id::ReplyId;
use crate::ticket::life::Ticket;

/// Longest name, in characters.
const LONGEST_NAME: usize = 50;

/// Which text of a reply: each queue and each language may have its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    /// None: of all queues.
    pub queue: Option<QueueId>,
    /// None: for every language that has no text of its own.
    pub locale: Option<&'a str>,
}

/// Why a saved reply cannot be kept or used.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    #[error("there is no saved reply `{0}`")]
    Unknown(String),
    #[error("there is a saved reply `{0}` for this queue and language; `reply edit` changes it")]
    Taken(String),
    #[error("a name is one word of at most {LONGEST_NAME} letters, digits, `-`, `_` and `.`")]
    Name,
    #[error("`{0}` is no language, such as de or de-AT")]
    Locale(String),
    #[error("the saved reply `{name}` cannot be used: {problem}")]
    Unusable { name: String, problem: ReplyProblem },
    #[error(transparent)]
    Problem(#[from] ReplyProblem),
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<sqlx::Error> for ReplyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Desk(error.into())
    }
}

/// Keeps a new text.
pub async fn add(
    tx: &mut Tx,
    actor: &Actor,
    name: &str,
    place: Place<'_>,
    body: &str,
    now: Timestamp,
) -> Result<ReplyId, ReplyError> {
    authority::may(actor, Act::Replies).map_err(DeskError::from)?;
    let name = named(name).ok_or(ReplyError::Name)?;
    let locale = language(place.locale)?;
    let body = checked(body)?;
    let id = store::replies::insert(tx, (&name, place.queue, &locale), &body, now).await?;
    id.ok_or(ReplyError::Taken(name))
}

/// Puts another text in the place of one.
pub async fn edit(
    tx: &mut Tx,
    actor: &Actor,
    name: &str,
    place: Place<'_>,
    body: &str,
    now: Timestamp,
) -> Result<(), ReplyError> {
    authority::may(actor, Act::Replies).map_err(DeskError::from)?;
    let id = at(tx, name, place).await?;
    Ok(store::replies::set_body(tx, id, &checked(body)?, now).await?)
}

/// Takes a text away.
pub async fn remove(tx: &mut Tx, actor: &Actor, name: &str, place: Place<'_>) -> Result<(), ReplyError> {
    authority::may(actor, Act::Replies).map_err(DeskError::from)?;
    let id = at(tx, name, place).await?;
    store::replies::delete(tx, id).await?;
    Ok(())
}

/// The words of a reply for a ticket, in its customer's language where there are any, as this actor says them.
pub async fn filled(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    name: &str,
) -> Result<String, ReplyError> {
    let unknown = || ReplyError::Unknown(name.to_owned());
    let kept = named(name).ok_or_else(unknown)?;
    let queue = desk.directory.queue(ticket.queue_id).map(|queue| &**queue);
    let texts = store::replies::list_named(tx, &kept).await?;
    let text = chosen(desk, queue, ticket, &texts).ok_or_else(unknown)?;
    let facts = facts(desk, tx, actor, ticket, queue).await?;
    reply::fill(&text.body, &facts).map_err(|problem| ReplyError::Unusable { name: kept, problem })
}

/// The text in the best language, and there the queue's own before that of all.
fn chosen<'t>(desk: &Desk, queue: Option<&Queue>, ticket: &Ticket, texts: &'t [Reply]) -> Option<&'t Reply> {
    let of_ticket = ticket.locale.as_deref().map(locale::chain).unwrap_or_default();
    let usual = queue.and_then(|queue| queue.config.locale.as_ref()).unwrap_or(&desk.config.desk.locale);
    // A text for every language goes before one in a language that the customer did not write.
    let wanted = locale::own(&of_ticket).iter().cloned().chain([String::new()]).chain(locale::chain(usual));
    let usable = || texts.iter().filter(|text| text.queue_id.is_none_or(|id| id == ticket.queue_id));
    let of = |locale: &str| usable().filter(|text| text.locale == locale).max_by_key(|text| text.queue_id);
    wanted.map(|locale| of(&locale)).find(Option::is_some).flatten().or_else(|| usable().next())
}

async fn facts(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    queue: Option<&Queue>,
) -> Result<Facts, sqlx::Error> {
    let mut facts = Facts::default();
    let config = &desk.config.desk;
    let zone = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
    facts.set("ticket", "number", Some(&ticket.id.to_string()));
    facts.set("ticket", "subject", Some(&ticket.subject));
    facts.set("ticket", "status", Some(ticket.status.as_str()));
    facts.set("ticket", "priority", Some(&ticket.priority.to_string()));
    facts.set("ticket", "opened", Some(&view::moment(&zone, ticket.created_at)));
    if let Some(Queue { config, .. }) = queue {
        facts.set("ticket", "tag", Some(&ticket.tag(&config.slug)));
        facts.set("queue", "title", Some(&config.title));
        facts.set("queue", "name", Some(&config.title));
        facts.set("queue", "slug", Some(&config.slug));
        facts.set("queue", "address", Some(&config.address));
    }
    let customer = match ticket.submitter_id {
        Some(id) => store::users::find(tx, id).await?,
        None => None,
    };
    if let Some(customer) = &customer {
        facts.set("customer", "name", Some(customer.shown_name()));
        facts.set("customer", "email", customer.email.as_deref());
    }
    if let Some(agent) = actor.user().filter(|user| user.is_active_staff()) {
        // An agent who has no name goes by their address, which is not for customers.
        facts.set("agent", "name", Some(agent.name.as_str()).filter(|name| !name.contains('@')));
        facts.set("agent", "email", agent.email.as_deref());
    }
    Ok(facts)
}

/// The text that is meant: of this queue and language, or the only one where neither is said.
async fn at(tx: &mut Tx, name: &str, place: Place<'_>) -> Result<ReplyId, ReplyError> {
    let locale = language(place.locale)?;
    let texts = match named(name) {
        Some(name) => store::replies::list_named(tx, &name).await?,
        None => Vec::new(),
    };
    let exact = texts.iter().find(|text| text.queue_id == place.queue && text.locale == locale);
    let only = texts.first().filter(|_| texts.len() == 1 && place == Place::default());
    exact.or(only).map(|text| text.id).ok_or_else(|| ReplyError::Unknown(name.to_owned()))
}

/// A name as it is kept, whatever case it is written in.
fn named(name: &str) -> Option<String> {
    let fits = name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    let length = name.chars().count();
    (fits && (1..=LONGEST_NAME).contains(&length)).then(|| name.to_lowercase())
}

fn language(locale: Option<&str>) -> Result<String, ReplyError> {
    let Some(text) = locale else { return Ok(String::new()) };
    locale::canonical(text).ok_or_else(|| ReplyError::Locale(text.to_owned()))
}

fn checked(body: &str) -> Result<String, ReplyProblem> {
    let body = super::without_nul(body).replace("\r\n", "\n").replace('\r', "\n");
    reply::check(&body)?;
    Ok(body)
}
