//! What belongs to a ticket besides its values and its conversation: CCs, tags, ratings, events and deliveries.

use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::event;
use crate::desk::people;
use crate::desk::rate;
use crate::desk::view::Audience;
use crate::desk::view::ticket as view;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::shape::PersonShape;
use crate::http::desk_api::shape::TicketShape;
use crate::http::desk_api::values::Moment;
use crate::http::desk_api::values::Named;
use crate::http::desk_api::whom;
use crate::http::once::IdempotencyKey;
use crate::store;
use crate::store::db::Tx;
use crate::store::events::Logged;
use crate::store::outbox::Outgoing;
use crate::store::ratings::Rated;
use crate::ticket::id::TicketId;

/// Somebody who is to hear of a ticket.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewCc {
    email: String,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewTag {
    /// One word.
    tag: String,
}

/// What a customer thinks of how it went.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewRating {
    /// The customer.
    user: Named,
    /// From 1 to 5.
    value: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rating)]
pub(crate) struct RatingShape {
    user_id: i64,
    value: i64,
    /// What they wrote with it.
    text: Option<String>,
    at: Moment,
}

/// Something that happened to a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventShape {
    /// 1, 2, 3 for each ticket.
    seq: Option<i64>,
    /// `ticket.opened`, `ticket.status`, `entry.public` and others.
    kind: &'static str,
    entry_id: Option<i64>,
    actor_id: Option<i64>,
    /// The API token that asked for it.
    token_id: Option<i64>,
    door: String,
    field: String,
    old: Option<String>,
    new: Option<String>,
    at: Moment,
}

/// A mail of the desk.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryShape {
    pub(crate) id: i64,
    ticket_id: Option<i64>,
    entry_id: Option<i64>,
    to: String,
    template: String,
    /// `queued`, `sent`, `failed`, `cancelled` or `unknown`.
    state: String,
    message_id: String,
    attempts: i64,
    /// What the server said last.
    answer: Option<String>,
    due_at: Moment,
    created_at: Moment,
    settled_at: Option<Moment>,
}

/// Lists who else hears of a ticket.
#[utoipa::path(get, path = "/tickets/{id}/ccs", params(("id" = i64, Path)), responses(
    (status = 200, description = "All of them.", body = Page<PersonShape>), Problems))]
pub(crate) async fn ccs(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    TicketShape::find(&mut tx, TicketId(id)).await?;
    copied(&mut tx, TicketId(id)).await
}

async fn copied(tx: &mut Tx, id: TicketId) -> Result<Reply, Problem> {
    let users = store::ticket_ccs::list(tx, id).await?;
    Ok(Reply::of(&Page::whole(users.iter().map(PersonShape::of).collect())))
}

/// Makes somebody hear of a ticket.
#[utoipa::path(post, path = "/tickets/{id}/ccs", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = NewCc, responses((status = 200, description = "All of them now.", body = Page<PersonShape>), Problems))]
pub(crate) async fn add_cc(Steps(id): Steps<i64>, mut call: Call<NewCc>) -> Result<Reply, Problem> {
    let email = std::mem::take(&mut call.body.email);
    call.change(Parts { id: TicketId(id), part: Part::Cc(email) }).await
}

/// Makes somebody hear of a ticket no more.
#[utoipa::path(delete, path = "/tickets/{id}/ccs/{email}",
    params(("id" = i64, Path), ("email" = String, Path), DryRun),
    responses((status = 200, description = "All of them now.", body = Page<PersonShape>), Problems))]
pub(crate) async fn remove_cc(
    Steps((id, email)): Steps<(i64, String)>,
    call: Call<Nothing>,
) -> Result<Reply, Problem> {
    call.change(Parts { id: TicketId(id), part: Part::NoCc(email) }).await
}

/// Lists the tags of a ticket.
#[utoipa::path(get, path = "/tickets/{id}/tags", params(("id" = i64, Path)), responses(
    (status = 200, description = "All of them.", body = Page<String>), Problems))]
pub(crate) async fn tags(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    TicketShape::find(&mut tx, TicketId(id)).await?;
    tagged(&mut tx, TicketId(id)).await
}

async fn tagged(tx: &mut Tx, id: TicketId) -> Result<Reply, Problem> {
    Ok(Reply::of(&Page::whole(store::tags::list(tx, id).await?)))
}

/// Tags a ticket.
#[utoipa::path(post, path = "/tickets/{id}/tags", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = NewTag, responses((status = 200, description = "All of them now.", body = Page<String>), Problems))]
pub(crate) async fn add_tag(Steps(id): Steps<i64>, mut call: Call<NewTag>) -> Result<Reply, Problem> {
    let tag = std::mem::take(&mut call.body.tag);
    call.change(Parts { id: TicketId(id), part: Part::Tag(tag) }).await
}

/// Takes a tag away.
#[utoipa::path(delete, path = "/tickets/{id}/tags/{tag}",
    params(("id" = i64, Path), ("tag" = String, Path), DryRun),
    responses((status = 200, description = "All of them now.", body = Page<String>), Problems))]
pub(crate) async fn remove_tag(
    Steps((id, tag)): Steps<(i64, String)>,
    call: Call<Nothing>,
) -> Result<Reply, Problem> {
    call.change(Parts { id: TicketId(id), part: Part::NoTag(tag) }).await
}

/// Lists what customers think of how a ticket went.
#[utoipa::path(get, path = "/tickets/{id}/rating", params(("id" = i64, Path)), responses(
    (status = 200, description = "All of them.", body = Page<RatingShape>), Problems))]
pub(crate) async fn ratings(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    TicketShape::find(&mut tx, TicketId(id)).await?;
    rated(&mut tx, TicketId(id)).await
}

async fn rated(tx: &mut Tx, id: TicketId) -> Result<Reply, Problem> {
    let ratings = store::ratings::list(tx, id).await?;
    Ok(Reply::of(&Page::whole(ratings.into_iter().map(RatingShape::of).collect())))
}

/// Keeps a customer's rating, in place of an earlier one.
#[utoipa::path(post, path = "/tickets/{id}/rating", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = NewRating,
    responses((status = 200, description = "All of them now.", body = Page<RatingShape>), Problems))]
pub(crate) async fn rate(Steps(id): Steps<i64>, call: Call<NewRating>) -> Result<Reply, Problem> {
    let part = Part::Rating(call.body.user.clone(), call.body.value);
    call.change(Parts { id: TicketId(id), part }).await
}

/// Lists what happened to a ticket, the oldest first.
#[utoipa::path(get, path = "/tickets/{id}/events", params(("id" = i64, Path)), responses(
    (status = 200, description = "All of it.", body = Page<EventShape>), Problems))]
pub(crate) async fn events(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let whole = view::ticket(&mut tx, TicketId(id), Audience::Staff).await?;
    let whole = whole.ok_or_else(|| Problem::missing("ticket"))?;
    Ok(Reply::of(&Page::whole(whole.changes.into_iter().map(EventShape::of).collect())))
}

/// Lists the desk's mails about a ticket, the oldest first.
#[utoipa::path(get, path = "/tickets/{id}/deliveries", params(("id" = i64, Path)), responses(
    (status = 200, description = "All of them.", body = Page<DeliveryShape>), Problems))]
pub(crate) async fn deliveries(look: Look, Steps(id): Steps<i64>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    TicketShape::find(&mut tx, TicketId(id)).await?;
    let rows = store::outbox::list_of_ticket(&mut tx, TicketId(id)).await?;
    Ok(Reply::of(&Page::whole(rows.into_iter().map(DeliveryShape::of).collect())))
}

#[derive(Debug)]
struct Parts {
    id: TicketId,
    part: Part,
}

/// What is added to a ticket or taken from it.
#[derive(Debug)]
enum Part {
    Cc(String),
    NoCc(String),
    Tag(String),
    NoTag(String),
    Rating(Named, i64),
}

impl Change for Parts {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let mut action = Action::begin(on.tx, on.actor, self.id).await?;
        let id = action.ticket.id;
        match &self.part {
            Part::Cc(email) => drop(people::add_cc(on.desk, on.tx, &mut action, email, on.now).await?),
            Part::NoCc(email) => {
                if !people::remove_cc(on.tx, &mut action, email).await? {
                    return Err(Problem::missing("CC"));
                }
            }
            Part::Tag(tag) => drop(people::tag(on.tx, &mut action, tag).await?),
            Part::NoTag(tag) => {
                if !people::untag(on.tx, &mut action, tag).await? {
                    return Err(Problem::missing("tag"));
                }
            }
            Part::Rating(user, value) => {
                let user = whom::person(on.tx, user).await?;
                let user = user.ok_or_else(|| Problem::field("user", "there is nobody like that"))?;
                // Whoever holds the token vouches for the customer.
                let given = rate::Given { user_id: user.id, value: *value, entry_id: None };
                action.actor = Actor::person(user, on.actor.door());
                rate::rate(on.tx, &mut action, given, on.now).await?;
            }
        }
        event::record(on.desk, on.tx, action, on.now).await?;
        match &self.part {
            Part::Cc(_) | Part::NoCc(_) => copied(on.tx, id).await,
            Part::Tag(_) | Part::NoTag(_) => tagged(on.tx, id).await,
            Part::Rating(..) => rated(on.tx, id).await,
        }
    }
}

impl RatingShape {
    fn of(rated: Rated) -> Self {
        let Rated { user_id, value, text, at, .. } = rated;
        Self { user_id: user_id.0, value, text, at: Moment(at) }
    }
}

impl EventShape {
    fn of(event: Logged) -> Self {
        Self {
            seq: event.seq,
            kind: event.kind.as_str(),
            entry_id: event.entry_id.map(|id| id.0),
            actor_id: event.actor_id.map(|id| id.0),
            token_id: event.token_id.map(|id| id.0),
            door: event.door,
            field: event.field,
            old: event.old,
            new: event.new,
            at: Moment(event.at),
        }
    }
}

impl DeliveryShape {
    pub(crate) fn of(row: Outgoing) -> Self {
        Self {
            id: row.id.0,
            ticket_id: row.ticket_id.map(|id| id.0),
            entry_id: row.followup_id.map(|id| id.0),
            to: row.recipient,
            template: row.template,
            state: row.state.as_str().to_owned(),
            message_id: row.message_id,
            attempts: row.attempts,
            answer: row.answer,
            due_at: Moment(row.due_at),
            created_at: Moment(row.created_at),
            settled_at: row.settled_at.map(Moment),
        }
    }
}
