//! What is declared in the configuration, for programs that offer a choice: `/queues` and `/types`; and `/replies`.

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::desk::reply;
use crate::desk::reply::Place;
use crate::desk::reply::ReplyError;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::IfMatch;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::values::Moment;
use crate::http::once::IdempotencyKey;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::QueueId;
use crate::ticket::id::ReplyId;

/// A queue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Queue)]
pub(crate) struct QueueShape {
    id: i64,
    slug: String,
    title: String,
    address: String,
}

/// A kind of request that a queue offers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TicketType)]
pub(crate) struct TypeShape {
    id: i64,
    name: String,
    /// Slug of its queue.
    queue: String,
    /// From 1 (high) to 5 (low).
    priority: i64,
    /// Hours from opening until due; none: never.
    due_hours: Option<i64>,
}

/// A text that agents use again and again.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedReply)]
pub(crate) struct SavedShape {
    id: i64,
    name: String,
    /// Slug of its queue; none: of all.
    queue: Option<String>,
    /// None: for every language that has no text of its own.
    locale: Option<String>,
    body: String,
    changed_at: Moment,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewSaved {
    /// One word.
    name: String,
    queue: Option<String>,
    locale: Option<String>,
    body: String,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct SavedChange {
    body: String,
}

/// Lists the queues.
#[utoipa::path(get, path = "/queues", responses(
    (status = 200, description = "All of them.", body = Page<QueueShape>), Problems))]
pub(crate) async fn queues(look: Look) -> Result<Reply, Problem> {
    let queues = look.desk.directory.queues().iter().map(|queue| QueueShape {
        id: queue.id.0,
        slug: queue.config.slug.clone(),
        title: queue.config.title.clone(),
        address: queue.config.address.clone(),
    });
    Ok(Reply::of(&Page::whole(queues.collect())))
}

/// Lists the types of tickets.
#[utoipa::path(get, path = "/types", responses(
    (status = 200, description = "All of them.", body = Page<TypeShape>), Problems))]
pub(crate) async fn types(look: Look) -> Result<Reply, Problem> {
    let types = look.desk.directory.types().iter().map(|kind| TypeShape {
        id: kind.id.0,
        name: kind.name.clone(),
        queue: slug(&look.desk, kind.queue_id).unwrap_or_default(),
        priority: kind.priority.number(),
        due_hours: kind.due_hours,
    });
    Ok(Reply::of(&Page::whole(types.collect())))
}

/// Lists the saved replies.
#[utoipa::path(get, path = "/replies", responses(
    (status = 200, description = "All of them.", body = Page<SavedShape>), Problems))]
pub(crate) async fn replies(look: Look) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let saved = store::replies::list(&mut tx).await?;
    Ok(Reply::of(&Page::whole(saved.into_iter().map(|one| SavedShape::of(&look.desk, one)).collect())))
}

/// Gives one saved reply.
#[utoipa::path(get, path = "/replies/{id}", params(("id" = i64, Path)), responses(
    (status = 200, description = "The reply.", body = SavedShape), Problems))]
pub(crate) async fn reply(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    Ok(Reply::one(&SavedShape::of(&look.desk, saved(&mut tx, ReplyId(id)).await?)))
}

/// Keeps a new text.
#[utoipa::path(post, path = "/replies", params(DryRun, IdempotencyKey), request_body = NewSaved, responses(
    (status = 201, description = "It is kept.", body = SavedShape), Problems))]
pub(crate) async fn add(mut call: Call<NewSaved>) -> Result<Reply, Problem> {
    let new = std::mem::take(&mut call.body);
    call.change(new).await
}

/// Puts another text in the place of one.
#[utoipa::path(patch, path = "/replies/{id}", params(("id" = i64, Path), DryRun, IfMatch),
    request_body = SavedChange,
    responses((status = 200, description = "The reply.", body = SavedShape), Problems))]
pub(crate) async fn edit(Steps(id): Steps<i64>, mut call: Call<SavedChange>) -> Result<Reply, Problem> {
    let body = Some(std::mem::take(&mut call.body.body));
    call.change(Editing { id: ReplyId(id), body }).await
}

/// Takes a text away.
#[utoipa::path(delete, path = "/replies/{id}", params(("id" = i64, Path), DryRun, IfMatch), responses(
    (status = 204, description = "It is gone."), Problems))]
pub(crate) async fn remove(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Editing { id: ReplyId(id), body: None }).await
}

async fn saved(tx: &mut Tx, id: ReplyId) -> Result<store::replies::Reply, Problem> {
    let all = store::replies::list(tx).await?;
    all.into_iter().find(|one| one.id == id).ok_or_else(|| Problem::missing("saved reply"))
}

impl Change for NewSaved {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let queue = match &self.queue {
            Some(slug) => {
                let queue = on.desk.directory.queue_by_slug(slug);
                Some(queue.ok_or_else(|| Problem::field("queue", "there is no such queue"))?.id)
            }
            None => None,
        };
        let place = Place { queue, locale: self.locale.as_deref() };
        let id = reply::add(on.tx, on.actor, &self.name, place, &self.body, on.now).await?;
        let shape = SavedShape::of(on.desk, saved(on.tx, id).await?);
        Ok(Reply::created(&format!("/replies/{id}"), &shape))
    }
}

#[derive(Debug)]
struct Editing {
    id: ReplyId,
    /// None: it goes.
    body: Option<String>,
}

impl Change for Editing {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let known = saved(on.tx, self.id).await?;
        on.require_match(&SavedShape::of(on.desk, known.clone()))?;
        let locale = Some(known.locale.as_str()).filter(|locale| !locale.is_empty());
        let place = Place { queue: known.queue_id, locale };
        let Some(body) = &self.body else {
            reply::remove(on.tx, on.actor, &known.name, place).await?;
            return Ok(Reply::nothing());
        };
        reply::edit(on.tx, on.actor, &known.name, place, body, on.now).await?;
        Ok(Reply::one(&SavedShape::of(on.desk, saved(on.tx, self.id).await?)))
    }
}

impl From<ReplyError> for Problem {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::Desk(error) => error.into(),
            ReplyError::Unknown(_) => Self::missing("saved reply"),
            ReplyError::Taken(_) => Self::conflict("there is such a reply for this queue and language"),
            ReplyError::Name => Self::field("name", error.to_string()),
            ReplyError::Locale(_) => Self::field("locale", error.to_string()),
            ReplyError::Unusable { .. } | ReplyError::Problem(_) => Self::field("body", error.to_string()),
        }
    }
}

impl SavedShape {
    fn of(desk: &Desk, saved: store::replies::Reply) -> Self {
        Self {
            id: saved.id.0,
            name: saved.name,
            queue: saved.queue_id.and_then(|id| slug(desk, id)),
            locale: Some(saved.locale).filter(|locale| !locale.is_empty()),
            body: saved.body,
            changed_at: Moment(saved.changed_at),
        }
    }
}

fn slug(desk: &Desk, id: QueueId) -> Option<String> {
    desk.directory.queue(id).map(|queue| queue.config.slug.clone())
}
