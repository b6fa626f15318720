//! The queues and types that the configuration declares, with the numbers that the database gave them.
//!
//! Written once, at the start; a changed configuration means a restart.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::calendar::span::Span;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::queue;
use crate::config::target::Target;
use crate::email::Email;
use crate::mail::classify::Own;
use crate::store;
use crate::store::db::Tx;
use crate::store::ticket_types::TicketType;
use crate::ticket::escalation::Limits;
use crate::ticket::id::QueueId;
use crate::ticket::id::TicketId;
use crate::ticket::id::TypeId;
use crate::ticket::priority::Priority;
use crate::ticket::targets;
use crate::ticket::targets::Targets;

/// Tickets of a queue that is gone which are named.
pub(crate) const MOST_NAMED: usize = 20;

/// Of a queue that is in no row.
const NOT_YET: QueueId = QueueId(0);

/// One declared queue.
#[derive(Clone, Debug)]
pub struct Queue {
    pub id: QueueId,
    pub config: queue::Queue,
    /// How long its tickets may wait.
    pub limits: Limits,
    /// How long answers and resolutions may take.
    pub targets: Vec<targets::Rule>,
    /// In which its working hours and excluded days are meant.
    pub zone: TimeZone,
}

/// A queue that is gone from the configuration.
#[derive(Clone, Debug)]
pub struct Gone {
    pub id: QueueId,
    pub slug: String,
    /// The queue that serves its tickets: the one that has its address now, else the first.
    pub served_by: Arc<Queue>,
}

/// All declared queues and types.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    queues: Vec<Arc<Queue>>,
    gone: Vec<Gone>,
    types: Vec<TicketType>,
    own: Own,
}

/// Writes the declared queues and types to the database and reads their numbers.
///
/// What is no longer declared is disabled. A queue without types gets one of its own name, so that every
/// ticket has a type.
pub async fn synchronise(tx: &mut Tx, config: &Config, now: Timestamp) -> Result<Directory, sqlx::Error> {
    let mut queues = Vec::new();
    let mut types = HashSet::new();
    for declared in &config.queues {
        let id = store::queues::upsert(tx, &declared.slug, &declared.title, &declared.address, now).await?;
        for kind in &declared.types {
            let priority = Priority::try_from(kind.priority).unwrap_or_default();
            let due = kind.due_hours.map(i64::from);
            types.insert(store::ticket_types::upsert(tx, id, &kind.name, due, priority).await?);
        }
        if declared.types.is_empty() {
            types.insert(store::ticket_types::upsert(tx, id, &declared.title, None, Priority::NORMAL).await?);
        }
        queues.push(Arc::new(Queue::new(id, declared, config)));
    }
    let gone = gone(&store::queues::list(tx).await?, &queues);
    for gone in &gone {
        store::queues::disable(tx, gone.id, now).await?;
    }
    for gone in store::ticket_types::list(tx).await?.iter().filter(|row| !types.contains(&row.id)) {
        store::ticket_types::disable(tx, gone.id, now).await?;
    }
    let types =
        store::ticket_types::list(tx).await?.into_iter().filter(|kind| kind.disabled_at.is_none()).collect();
    Ok(Directory { own: own(config), queues, gone, types })
}

/// Reads the numbers of what is declared without writing: for commands beside a running daemon.
///
/// A queue that the daemon has not seen yet is left out.
pub async fn read(tx: &mut Tx, config: &Config) -> Result<Directory, sqlx::Error> {
    let known = store::queues::list(tx).await?;
    let queues = config.queues.iter().filter_map(|declared| {
        let row = known.iter().find(|row| row.slug == declared.slug)?;
        Some(Arc::new(Queue::new(row.id, declared, config)))
    });
    let queues: Vec<Arc<Queue>> = queues.collect();
    let gone = gone(&known, &queues);
    let types =
        store::ticket_types::list(tx).await?.into_iter().filter(|kind| kind.disabled_at.is_none()).collect();
    Ok(Directory { queues, gone, types, own: own(config) })
}

/// The stored queues that the next start finds gone: also where those that are declared were never seen by a daemon.
pub async fn gone_from(tx: &mut Tx, config: &Config) -> Result<Vec<Gone>, sqlx::Error> {
    let known = store::queues::list(tx).await?;
    let number = |slug: &str| known.iter().find(|row| row.slug == slug).map_or(NOT_YET, |row| row.id);
    let declared: Vec<Arc<Queue>> = config
        .queues
        .iter()
        .map(|declared| Arc::new(Queue::new(number(&declared.slug), declared, config)))
        .collect();
    Ok(gone(&known, &declared))
}

/// The stored queues that are not declared.
fn gone(known: &[store::queues::Queue], declared: &[Arc<Queue>]) -> Vec<Gone> {
    let gone = known.iter().filter(|row| !declared.iter().any(|queue| queue.id == row.id));
    let served = gone.filter_map(|row| {
        let key = Email::key_of(&row.address);
        let has_it = |queue: &&Arc<Queue>| queue.config.addresses().any(|own| Email::key_of(own) == key);
        let served_by = declared.iter().find(has_it).or(declared.first())?;
        Some(Gone { id: row.id, slug: row.slug.clone(), served_by: Arc::clone(served_by) })
    });
    served.collect()
}

/// The addresses by which we know ourselves.
pub fn own(config: &Config) -> Own {
    let addresses = config.queues.iter().flat_map(queue::Queue::addresses).map(Email::key_of);
    let lists = config.queues.iter().flat_map(|queue| &queue.own_lists).map(|list| list.to_lowercase());
    let spam = config.intake.spam_headers.iter().map(|header| header.to_lowercase());
    Own { addresses: addresses.collect(), lists: lists.collect(), spam_headers: spam.collect() }
}

impl Queue {
    fn new(id: QueueId, declared: &queue::Queue, config: &Config) -> Self {
        let after = &declared.escalate_after;
        let priorities = after.priorities.iter().filter_map(|(&number, &limit)| {
            let priority = Priority::try_from(number).ok()?;
            Some((priority, limit))
        });
        Self {
            id,
            limits: Limits { queue: after.others, priorities: priorities.collect() },
            targets: config.targets.iter().filter(|one| one.is_of(&declared.slug)).map(rule).collect(),
            zone: declared.timezone.clone().unwrap_or_else(|| config.desk.timezone.clone()),
            config: declared.clone(),
        }
    }

    /// By what the times of its tickets' escalation are counted; another text means that they must be anew.
    pub fn escalation(&self) -> String {
        let targets = if self.targets.is_empty() { String::new() } else { format!(" {:?}", self.targets) };
        format!("{:?} {:?} {:?}{targets}", self.limits, self.config.working_hours, self.zone)
    }

    /// What is wanted of its tickets of a priority.
    pub(crate) fn targets(&self, priority: Priority) -> Targets {
        targets::Rule::find(&self.targets, priority)
    }
}

fn rule(target: &Target) -> targets::Rule {
    let time = |span: Option<Span>| span.map(|Span(time)| time);
    let priorities = target.priorities.iter().filter_map(|&number| Priority::try_from(number).ok());
    targets::Rule {
        priorities: priorities.collect(),
        targets: Targets {
            first_answer: time(target.first_answer),
            next_answer: time(target.next_answer),
            resolution: time(target.resolution),
            remind: target.remind,
        },
    }
}

impl Gone {
    /// What to do about them, with the numbers of the first.
    pub(crate) fn advises(&self, tickets: &[TicketId]) -> String {
        let (slug, by) = (&self.slug, &self.served_by.config.slug);
        let ids: Vec<String> = tickets.iter().map(ToString::to_string).collect();
        let id = ids.first().map_or("ID", String::as_str);
        let more = if ids.len() < MOST_NAMED { "" } else { ", …" };
        let of = ids.join(", ");
        format!(
            "`helpdeskd ticket move {id} {by}` takes ticket {id} there (of {of}{more}); or give queue {slug} its slug back"
        )
    }

    /// That its tickets go on, for people who operate the desk.
    pub fn says(&self, unclosed: i64) -> String {
        let (slug, by) = (&self.slug, &self.served_by.config.slug);
        let (tickets, them) = match unclosed {
            1 => ("1 open or resolved ticket belongs".to_owned(), "it"),
            many => (format!("{many} open or resolved tickets belong"), "them"),
        };
        format!("{tickets} to queue {slug}, which is gone from the configuration: queue {by} serves {them}")
    }
}

impl Directory {
    pub fn queues(&self) -> &[Arc<Queue>] {
        &self.queues
    }

    pub fn types(&self) -> &[TicketType] {
        &self.types
    }

    pub fn own(&self) -> &Own {
        &self.own
    }

    /// The queue that serves the tickets of a stored queue: itself, or where it is gone from the configuration the one
    /// that has its address now, else the first.
    pub fn queue(&self, id: QueueId) -> Option<&Arc<Queue>> {
        let served_by = || self.gone.iter().find(|gone| gone.id == id).map(|gone| &gone.served_by);
        self.declared(id).or_else(served_by)
    }

    /// A queue that the configuration has.
    pub fn declared(&self, id: QueueId) -> Option<&Arc<Queue>> {
        self.queues.iter().find(|queue| queue.id == id)
    }

    /// Queues that are gone from the configuration.
    pub fn gone(&self) -> &[Gone] {
        &self.gone
    }

    /// Whether a subject may name a ticket by this slug: that of a queue, also of one that is gone.
    pub fn has_slug(&self, slug: &str) -> bool {
        self.queue_by_slug(slug).is_some() || self.gone.iter().any(|gone| gone.slug == slug)
    }

    pub fn queue_by_slug(&self, slug: &str) -> Option<&Arc<Queue>> {
        self.queues.iter().find(|queue| queue.config.slug == slug)
    }

    pub fn kind(&self, id: TypeId) -> Option<&TicketType> {
        self.types.iter().find(|kind| kind.id == id)
    }

    /// By name, case-sensitive, as names are unique per desk.
    pub fn kind_by_name(&self, name: &str) -> Option<&TicketType> {
        self.types.iter().find(|kind| kind.name == name)
    }

    /// The type of a ticket that came without one.
    pub(crate) fn first_kind(&self, queue_id: QueueId) -> Option<&TicketType> {
        let queue = self.queue(queue_id)?;
        match queue.config.types.first() {
            Some(declared) => self.kind_by_name(&declared.name),
            None => self.types.iter().find(|kind| kind.queue_id == queue.id),
        }
    }

    /// Whether mail to this address would come back to us.
    pub(crate) fn is_own(&self, address: &str) -> bool {
        let key = Email::key_of(address);
        let base = key
            .split_once('+')
            .and_then(|(local, rest)| Some(format!("{local}@{}", rest.rsplit_once('@')?.1)));
        self.own.addresses.iter().any(|own| *own == key || Some(own) == base.as_ref())
    }
}
