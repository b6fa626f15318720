//! `/tickets`: lists, a ticket, opening one and deleting it. Changing one is in `ticket_change`.

use std::sync::Arc;

use axum::extract::OriginalUri;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::desk::actor;
use crate::desk::actor::Actor;
use crate::desk::delete;
use crate::desk::directory::Queue;
use crate::desk::event;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::prepared::Prepared;
use crate::desk::view::Reader;
use crate::desk::view::list;
use crate::desk::view::list::Count;
use crate::desk::view::list::Rest;
use crate::desk::view::list::Row;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::IfMatch;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::page::Paging;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Params;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::said;
use crate::http::desk_api::shape::PersonShape;
use crate::http::desk_api::shape::TicketShape;
use crate::http::desk_api::values::Moment;
use crate::http::desk_api::values::Named;
use crate::http::desk_api::whom;
use crate::http::desk_api::whom::Submitter;
use crate::http::once::IdempotencyKey;
use crate::store::filters::cursor::Cursor;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::Visibility;
use crate::ticket::id::TicketId;
use crate::ticket::query::Query;
use crate::ticket::query::mistake::Mistake;

/// Up to here tickets are counted.
const COUNTED: i64 = 10_000;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TicketList {
    /// Which tickets, in the query language: `is:open owner:nobody -tag:later`; all if not given.
    q: Option<String>,
    /// `-id`: the newest first; `id`: the oldest first.
    #[param(value_type = Option<String>)]
    sort: Option<Sort>,
    /// What is told beside each ticket: some of `submitter`, `owner` and `queue`, with commas between them.
    include: Option<String>,
    /// Say how many there are, exactly up to 10 000.
    count: Option<bool>,
    /// At most so many, up to 200; 50 if not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// The `next` of the page before.
    after: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Sort {
    #[serde(rename = "-id")]
    Newest,
    #[serde(rename = "id")]
    Oldest,
}

/// A new ticket.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewTicket {
    /// Slug of the queue.
    queue: String,
    subject: String,
    /// The request, as text.
    text: Option<String>,
    /// The request, as HTML; instead of `text`.
    html: Option<String>,
    /// Who asks.
    submitter: Option<Submitter>,
    /// Addresses that hear of the ticket.
    #[serde(default)]
    cc: Vec<String>,
    /// An agent.
    owner: Option<Named>,
    /// From 1 (high) to 5 (low); the type's if not given.
    priority: Option<i64>,
    /// Name of a type of the queue; its first if not given.
    r#type: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    due_at: Option<Moment>,
    /// `false`: nobody is mailed of the opening.
    notify: Option<bool>,
    #[serde(skip)]
    words: Arc<Prepared>,
}

/// Lists tickets.
#[utoipa::path(get, path = "/tickets", params(TicketList), responses(
    (status = 200, description = "A page of them.", body = Page<TicketShape>), Problems))]
pub(crate) async fn list(
    look: Look,
    OriginalUri(uri): OriginalUri,
    Params(wanted): Params<TicketList>,
) -> Result<Reply, Problem> {
    let query: Query = wanted
        .q
        .as_deref()
        .unwrap_or_default()
        .parse()
        .map_err(|mistake: Mistake| Problem::field("q", mistake.to_string()))?;
    let paging = Paging::new(wanted.limit, wanted.after);
    let (limit, after) = (paging.limit()?, paging.after().map(TicketId));
    let included = included(wanted.include.as_deref())?;
    let begin = match wanted.sort.unwrap_or(Sort::Newest) {
        Sort::Newest => Cursor::Before(after.unwrap_or(TicketId(i64::MAX))),
        Sort::Oldest => Cursor::After(after.unwrap_or(TicketId(0))),
    };
    let reader = Reader { me: look.caller.actor.id(), now: look.now() };
    let mut tx = look.read().await?;
    let listing = list::walk(&look.desk, &mut tx, &query, (begin, limit), reader).await?;
    let next = match listing.rest {
        Rest::End => None,
        Rest::More(id) | Rest::Unseen(id) => Some(id.0),
    };
    let rows = listing.rows.into_iter().map(|row| with(&look, row, &included)).collect();
    let mut page = Page::new(rows, next);
    if wanted.count == Some(true) {
        let count = list::count_to(&look.desk, &mut tx, &query, COUNTED, reader).await?;
        let (Count::Exactly(number) | Count::AtLeast(number)) = count;
        page.count = Some(number);
        page.count_is_exact = Some(matches!(count, Count::Exactly(_)));
    }
    Ok(page.reply(uri.path(), uri.query()))
}

/// What is told beside a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Submitter,
    Owner,
    Queue,
}

fn included(text: Option<&str>) -> Result<Vec<Beside>, Problem> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let one = |word: &str| match word.trim() {
        "submitter" => Ok(Beside::Submitter),
        "owner" => Ok(Beside::Owner),
        "queue" => Ok(Beside::Queue),
        _ => Err(Problem::field("include", "is some of submitter, owner and queue")),
    };
    text.split(',').map(one).collect()
}

fn with(look: &Look, row: Row, included: &[Beside]) -> TicketShape {
    let named = row.named.clone();
    let mut shape = TicketShape::of(row);
    let person = |id, name: &Option<String>, email: &Option<String>| {
        Option::map(id, |id| PersonShape::new(id, name.as_ref(), email.as_ref()))
    };
    for beside in included {
        match beside {
            Beside::Submitter => {
                shape.submitter =
                    person(named.ticket.submitter_id, &named.submitter_name, &named.submitter_email);
            }
            Beside::Owner => {
                shape.owner = person(named.ticket.owner_id, &named.owner_name, &named.owner_email);
            }
            Beside::Queue => {
                let queue = look.desk.directory.queue(named.ticket.queue_id);
                shape.queue_title = queue.map(|queue| queue.config.title.clone());
            }
        }
    }
    shape
}

/// Gives one ticket.
#[utoipa::path(get, path = "/tickets/{id}", params(("id" = i64, Path)), responses(
    (status = 200, description = "The ticket.", body = TicketShape), Problems))]
pub(crate) async fn show(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    Ok(Reply::one(&TicketShape::find(&mut tx, TicketId(id)).await?))
}

/// Opens a ticket.
#[utoipa::path(post, path = "/tickets", params(DryRun, IdempotencyKey), request_body = NewTicket, responses(
    (status = 201, description = "It is open.", body = TicketShape), Problems))]
pub(crate) async fn open(mut call: Call<NewTicket>) -> Result<Reply, Problem> {
    let (text, html) = (call.body.text.take(), call.body.html.take());
    call.body.words = said::required(text, html).await?;
    let new = std::mem::take(&mut call.body);
    call.change(new).await
}

/// Deletes a ticket with everything that it holds.
#[utoipa::path(delete, path = "/tickets/{id}", params(("id" = i64, Path), DryRun, IfMatch), responses(
    (status = 204, description = "It is gone."), Problems))]
pub(crate) async fn remove(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Remove(TicketId(id))).await
}

impl Change for NewTicket {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let desk = on.desk;
        let no_queue = || Problem::field("queue", "there is no such queue");
        let queue = desk.directory.queue_by_slug(&self.queue).ok_or_else(no_queue)?;
        let type_id = match &self.r#type {
            Some(name) => Some(whom::kind(desk, queue.id, name)?.id),
            None => None,
        };
        let owner = match &self.owner {
            Some(owner) => Some(whom::agent(on.tx, "owner", owner).await?),
            None => None,
        };
        let submitter = match &self.submitter {
            Some(submitter) => Some(submitter.meet(on).await?),
            None => None,
        };
        // A program that acts for nobody hands over what the customer wrote.
        let writer = match (&submitter, on.actor.kind()) {
            (Some(user), actor::Kind::Program) => Actor::person(user.clone(), on.actor.door()),
            _ => on.actor.clone(),
        };
        let request = Request {
            type_id,
            submitter: submitter.as_ref(),
            owner_id: owner.map(|user| user.id),
            priority: self.priority.map(whom::priority).transpose()?,
            due_at: self.due_at.map(|at| at.0),
            ..self.request(queue)
        };
        let mut action = open::open_as(desk, on.tx, (on.actor, &writer), &request, on.now).await?;
        if self.notify == Some(false) {
            action.hush();
        }
        for email in &self.cc {
            people::add_cc(desk, on.tx, &mut action, email, on.now).await?;
        }
        for tag in &self.tags {
            people::tag(on.tx, &mut action, tag).await?;
        }
        let ticket = event::record(desk, on.tx, action, on.now).await?;
        let shape = TicketShape::find(on.tx, ticket.id).await?;
        Ok(Reply::created(&format!("/tickets/{}", ticket.id), &shape))
    }
}

impl NewTicket {
    fn request<'a>(&'a self, queue: &'a Queue) -> Request<'a> {
        Request {
            queue,
            type_id: None,
            subject: &self.subject,
            submitter: None,
            owner_id: None,
            priority: None,
            due_at: None,
            follows: None,
            authentication: Authentication::Api,
            locale: None,
            visibility: Visibility::Public,
            words: Arc::clone(&self.words),
            origin: None,
            no_acknowledgement: None,
        }
    }
}

#[derive(Debug)]
struct Remove(TicketId);

impl Change for Remove {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        if on.is_conditional() {
            let shape = TicketShape::find(on.tx, self.0).await?;
            on.require_match(&shape)?;
        }
        delete::delete(on.desk, on.tx, on.actor, self.0, on.now).await?;
        Ok(Reply::nothing())
    }
}
