//! A ticket as the Desk API shows it, and people as they stand in other resources.

use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::view::list;
use crate::desk::view::list::Row;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::values::Moment;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;

/// A ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ticket)]
pub(crate) struct TicketShape {
    pub(crate) id: i64,
    subject: String,
    /// `open`, `reopened`, `resolved`, `closed` or `merged`.
    status: &'static str,
    /// From 1 (high) to 5 (low).
    priority: i64,
    /// The slug.
    queue: String,
    /// Name of the type.
    r#type: Option<String>,
    submitter_id: Option<i64>,
    owner_id: Option<i64>,
    tags: Vec<String>,
    held_at: Option<Moment>,
    /// Until when it is on hold; none: until somebody ends that.
    held_until: Option<Moment>,
    due_at: Option<Moment>,
    /// The words that it was resolved with.
    resolution: Option<String>,
    /// Since when the customer waits for an answer.
    waiting_since: Option<Moment>,
    /// Since when an agent must look at it.
    attention_at: Option<Moment>,
    escalated_at: Option<Moment>,
    /// The ticket that it went into.
    merged_into: Option<i64>,
    /// The closed ticket that it continues.
    follows: Option<i64>,
    /// The first words of the newest public entry.
    preview: String,
    /// Through which door it came: `mail`, `cli`, `api`, `jutda`, `jaze` or `sharing`.
    door: String,
    locale: Option<String>,
    created_at: Moment,
    changed_at: Moment,
    closed_at: Option<Moment>,
    version: i64,
    /// With `include=submitter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) submitter: Option<PersonShape>,
    /// With `include=owner`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) owner: Option<PersonShape>,
    /// With `include=queue`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) queue_title: Option<String>,
}

/// Somebody in another resource.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonShape {
    id: i64,
    name: String,
    email: Option<String>,
}

impl TicketShape {
    pub(crate) fn of(row: Row) -> Self {
        let Row { named, tags } = row;
        let ticket = named.ticket;
        let moment = |at: Option<crate::clock::Timestamp>| at.map(Moment);
        Self {
            id: ticket.id.0,
            subject: ticket.subject.clone(),
            status: ticket.status.as_str(),
            priority: ticket.priority.number(),
            queue: named.queue,
            r#type: named.kind,
            submitter_id: ticket.submitter_id.map(|id| id.0),
            owner_id: ticket.owner_id.map(|id| id.0),
            tags,
            held_at: moment(ticket.held_at),
            held_until: moment(ticket.held_until),
            due_at: moment(ticket.due_at),
            resolution: ticket.resolution.clone(),
            waiting_since: moment(ticket.waiting_since),
            attention_at: moment(ticket.attention_at),
            escalated_at: moment(ticket.escalated_at),
            merged_into: ticket.merged_into.map(|id| id.0),
            follows: ticket.follows.map(|id| id.0),
            preview: ticket.preview.clone(),
            door: ticket.door.clone(),
            locale: ticket.locale.clone(),
            created_at: Moment(ticket.created_at),
            changed_at: Moment(ticket.changed_at),
            closed_at: moment(ticket.closed_at),
            version: ticket.version,
            submitter: None,
            owner: None,
            queue_title: None,
        }
    }

    /// One by number.
    pub(crate) async fn find(tx: &mut Tx, id: TicketId) -> Result<Self, Problem> {
        list::one(tx, id).await?.map(Self::of).ok_or_else(|| Problem::missing("ticket"))
    }
}

impl PersonShape {
    pub(crate) fn new(id: UserId, name: Option<&String>, email: Option<&String>) -> Self {
        Self { id: id.0, name: name.cloned().unwrap_or_default(), email: email.cloned() }
    }

    pub(crate) fn of(user: &User) -> Self {
        Self::new(user.id, Some(&user.name), user.email.as_ref())
    }
}
