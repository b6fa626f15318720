//! What makes one ticket of two, two of one, or shares one with another desk.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::desk::merge;
use crate::desk::share;
use crate::desk::split;
use crate::desk::split::Splitting;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::Nothing;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::shape::TicketShape;
use crate::http::once::IdempotencyKey;
use crate::sharing::token::WireId;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct MergeInto {
    /// Number of the ticket that stays.
    into: i64,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct SplitOff {
    /// Numbers of the entries that go into a new ticket.
    entries: Vec<i64>,
    /// Slug of the new ticket's queue; the ticket's own if not given.
    queue: Option<String>,
    /// The ticket's own if not given.
    subject: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(crate) struct ShareUnder {
    /// The agreement's id.
    agreement: String,
}

/// Merges a ticket into another one, which is answered.
#[utoipa::path(post, path = "/tickets/{id}/merge", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = MergeInto, responses((status = 200, description = "The one that stays.", body = TicketShape), Problems))]
pub(crate) async fn merge(Steps(id): Steps<i64>, call: Call<MergeInto>) -> Result<Reply, Problem> {
    let fate = Fate::Merge(call.body.clone());
    call.change(Deciding { id: TicketId(id), fate }).await
}

/// Moves entries of a ticket into a new one.
#[utoipa::path(post, path = "/tickets/{id}/split", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = SplitOff, responses((status = 201, description = "The new ticket.", body = TicketShape), Problems))]
pub(crate) async fn split(Steps(id): Steps<i64>, call: Call<SplitOff>) -> Result<Reply, Problem> {
    let fate = Fate::Split(call.body.clone());
    call.change(Deciding { id: TicketId(id), fate }).await
}

/// Shares a ticket under an agreement.
#[utoipa::path(post, path = "/tickets/{id}/share", params(("id" = i64, Path), DryRun, IdempotencyKey),
    request_body = ShareUnder, responses((status = 200, description = "The ticket.", body = TicketShape), Problems))]
pub(crate) async fn share(Steps(id): Steps<i64>, call: Call<ShareUnder>) -> Result<Reply, Problem> {
    let fate = Fate::Share(call.body.clone());
    call.change(Deciding { id: TicketId(id), fate }).await
}

/// Ends the sharing of a ticket under all agreements.
#[utoipa::path(delete, path = "/tickets/{id}/share", params(("id" = i64, Path), DryRun), responses(
    (status = 200, description = "The ticket.", body = TicketShape), Problems))]
pub(crate) async fn unshare(Steps(id): Steps<i64>, call: Call<Nothing>) -> Result<Reply, Problem> {
    call.change(Deciding { id: TicketId(id), fate: Fate::Unshare }).await
}

#[derive(Debug)]
struct Deciding {
    id: TicketId,
    fate: Fate,
}

#[derive(Debug)]
enum Fate {
    Merge(MergeInto),
    Split(SplitOff),
    Share(ShareUnder),
    Unshare,
}

impl Change for Deciding {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let id = self.id;
        match &self.fate {
            Fate::Merge(MergeInto { into }) => {
                let into = TicketId(*into);
                merge::merge(on.desk, on.tx, on.actor, (id, into), on.now).await?;
                Ok(Reply::one(&TicketShape::find(on.tx, into).await?))
            }
            Fate::Split(wanted) => wanted.run(on, id).await,
            Fate::Share(ShareUnder { agreement }) => {
                let unknown = || Problem::field("agreement", "there is no such agreement");
                let uuid = WireId::parse(agreement).ok_or_else(unknown)?;
                share::ticket::share(on.desk, on.tx, on.actor, (id, &uuid), on.now).await?;
                Ok(Reply::one(&TicketShape::find(on.tx, id).await?))
            }
            Fate::Unshare => {
                let ended = share::ticket::unshare(on.desk, on.tx, on.actor, (id, None), on.now).await?;
                if ended == 0 {
                    return Err(Problem::conflict("the ticket is not shared"));
                }
                Ok(Reply::one(&TicketShape::find(on.tx, id).await?))
            }
        }
    }
}

impl SplitOff {
    async fn run(&self, on: &mut Work<'_>, id: TicketId) -> Result<Reply, Problem> {
        let entries: Vec<FollowupId> = self.entries.iter().copied().map(FollowupId).collect();
        let queue = match &self.queue {
            Some(slug) => {
                let queue = on.desk.directory.queue_by_slug(slug);
                Some(&**queue.ok_or_else(|| Problem::field("queue", "there is no such queue"))?)
            }
            None => None,
        };
        let splitting = Splitting { id, entries: &entries, queue, title: self.subject.as_deref() };
        let done = split::split(on.desk, on.tx, on.actor, &splitting, on.now).await?;
        let shape = TicketShape::find(on.tx, done.ticket_id).await?;
        Ok(Reply::created(&format!("/tickets/{}", done.ticket_id), &shape))
    }
}
