//! `PATCH /tickets/{id}`: any of a ticket's values, all in one action with one record.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::assign;
use crate::desk::event;
use crate::desk::open;
use crate::desk::people;
use crate::desk::snooze;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::IfMatch;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::shape::TicketShape;
use crate::http::desk_api::values::Field;
use crate::http::desk_api::values::Moment;
use crate::http::desk_api::values::Named;
use crate::http::desk_api::whom;
use crate::http::desk_api::whom::Submitter;
use crate::store;
use crate::ticket::id::TicketId;
use crate::ticket::until::Until;

/// What is to be changed of a ticket; what is not given stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct TicketChange {
    subject: Option<String>,
    /// An agent; `null`: nobody's.
    #[serde(default)]
    #[schema(value_type = Option<Named>)]
    owner: Field<Named>,
    /// From 1 (high) to 5 (low).
    priority: Option<i64>,
    /// Slug of the queue that it moves to.
    queue: Option<String>,
    /// Name of a type of its queue.
    r#type: Option<String>,
    /// All its tags: others are taken away.
    tags: Option<Vec<String>>,
    /// `null`: never.
    #[serde(default)]
    #[schema(value_type = Option<Moment>)]
    due_at: Field<Moment>,
    /// `null` ends it.
    #[serde(default)]
    #[schema(value_type = Option<HoldWish>)]
    hold: Field<HoldWish>,
    /// Whose it is.
    submitter: Option<Submitter>,
}

/// A hold.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct HoldWish {
    /// When it ends by itself: `2026-12-24T14:00:00Z`, `2026-12-24`, `3d`, `tomorrow`, `2 workdays`; if not given, when
    /// somebody says so.
    until: Option<String>,
}

/// Changes a ticket.
#[utoipa::path(patch, path = "/tickets/{id}", params(("id" = i64, Path), DryRun, IfMatch),
    request_body = TicketChange,
    responses((status = 200, description = "The ticket as it is now.", body = TicketShape), Problems))]
pub(crate) async fn change(Steps(id): Steps<i64>, mut call: Call<TicketChange>) -> Result<Reply, Problem> {
    let wanted = std::mem::take(&mut call.body);
    call.change(Changing { id: TicketId(id), wanted }).await
}

#[derive(Debug)]
struct Changing {
    id: TicketId,
    wanted: TicketChange,
}

impl Change for Changing {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let mut action = Action::begin(on.tx, on.actor, self.id).await?;
        if on.is_conditional() {
            let shape = TicketShape::find(on.tx, action.ticket.id).await?;
            on.require_match(&shape)?;
        }
        self.wanted.place(on, &mut action)?;
        self.wanted.person(on, &mut action).await?;
        self.wanted.values(on, &mut action).await?;
        if let Field::Given(_) | Field::Null = &self.wanted.hold {
            hold(on, &mut action, &self.wanted.hold).await?;
        }
        let ticket = event::record(on.desk, on.tx, action, on.now).await?;
        Ok(Reply::one(&TicketShape::find(on.tx, ticket.id).await?))
    }
}

impl TicketChange {
    /// Queue first: a type is one of the queue's.
    fn place(&self, on: &Work<'_>, action: &mut Action) -> Result<(), Problem> {
        if let Some(slug) = &self.queue {
            let queue = on.desk.directory.queue_by_slug(slug);
            let queue = queue.ok_or_else(|| Problem::field("queue", "there is no such queue"))?;
            assign::move_to(on.desk, action, queue)?;
        }
        if let Some(name) = &self.r#type {
            let kind = whom::kind(on.desk, action.ticket.queue_id, name)?;
            assign::retype(on.desk, action, kind)?;
        }
        Ok(())
    }

    async fn person(&self, on: &mut Work<'_>, action: &mut Action) -> Result<(), Problem> {
        match &self.owner {
            Field::Absent => {}
            Field::Null => assign::assign(action, None)?,
            Field::Given(owner) => {
                let owner = whom::agent(on.tx, "owner", owner).await?;
                assign::assign(action, Some(&owner))?;
            }
        }
        if let Some(submitter) = &self.submitter {
            let email = submitter.email(on.desk)?;
            people::change_submitter(on.desk, on.tx, action, email, on.now).await?;
        }
        Ok(())
    }

    async fn values(&self, on: &mut Work<'_>, action: &mut Action) -> Result<(), Problem> {
        if let Some(subject) = &self.subject {
            assign::rename(action, open::subject(subject))?;
        }
        if let Some(priority) = self.priority {
            assign::set_priority(action, whom::priority(priority)?)?;
        }
        match self.due_at {
            Field::Absent => {}
            Field::Null => assign::set_due(action, None)?,
            Field::Given(at) => assign::set_due(action, Some(at.0))?,
        }
        if let Some(tags) = &self.tags {
            retag(on, action, tags).await?;
        }
        Ok(())
    }
}

/// Makes these all tags that a ticket has.
async fn retag(on: &mut Work<'_>, action: &mut Action, wanted: &[String]) -> Result<(), DeskError> {
    let had = store::tags::list(on.tx, action.ticket.id).await?;
    for tag in had.iter().filter(|tag| !wanted.iter().any(|wanted| wanted.trim() == tag.as_str())) {
        people::untag(on.tx, action, tag).await?;
    }
    for tag in wanted {
        people::tag(on.tx, action, tag).await?;
    }
    Ok(())
}

/// Puts a ticket on hold, or ends that.
pub(crate) async fn hold(
    on: &mut Work<'_>,
    action: &mut Action,
    wanted: &Field<HoldWish>,
) -> Result<(), Problem> {
    match wanted {
        Field::Absent => {}
        Field::Null => drop(assign::unhold(on.desk, on.tx, action, on.now).await?),
        Field::Given(HoldWish { until: None }) => drop(assign::hold(on.desk, on.tx, action, on.now).await?),
        Field::Given(HoldWish { until: Some(until) }) => {
            let until =
                Until::parse(until).map_err(|error| Problem::field("hold.until", error.to_string()))?;
            snooze::hold(on.desk, on.tx, action, until, on.now).await?;
        }
    }
    Ok(())
}
