//! `/tickets/{id}/entries`: the conversation, and saying something on it, with what happens to the ticket by that.

use std::sync::Arc;

use axum::extract::OriginalUri;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use crate::desk::action::Action;
use crate::desk::close;
use crate::desk::close::LastWords;
use crate::desk::comment;
use crate::desk::comment::Said;
use crate::desk::event;
use crate::desk::prepared::Prepared;
use crate::http::desk_api::call::Call;
use crate::http::desk_api::call::Change;
use crate::http::desk_api::call::DryRun;
use crate::http::desk_api::call::IfMatch;
use crate::http::desk_api::call::Look;
use crate::http::desk_api::call::Work;
use crate::http::desk_api::page::Page;
use crate::http::desk_api::page::Paging;
use crate::http::desk_api::problem::Problem;
use crate::http::desk_api::problem::Problems;
use crate::http::desk_api::read::Params;
use crate::http::desk_api::read::Steps;
use crate::http::desk_api::reply::Reply;
use crate::http::desk_api::said;
use crate::http::desk_api::shape::TicketShape;
use crate::http::desk_api::ticket_change;
use crate::http::desk_api::ticket_change::HoldWish;
use crate::http::desk_api::values::Field;
use crate::http::desk_api::values::Moment;
use crate::http::error::ApiError;
use crate::http::once::IdempotencyKey;
use crate::mail::html;
use crate::store;
use crate::store::followups::Followup;
use crate::tasks;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::status::Status;

/// An entry of a conversation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryShape {
    id: i64,
    ticket_id: i64,
    /// `opened`, `comment`, `resolved`, `external` and others.
    kind: &'static str,
    /// `public` or `private`.
    visibility: &'static str,
    /// None: the desk itself, a program, or somebody whom the desk does not know.
    author_id: Option<i64>,
    author: Option<String>,
    door: String,
    text: String,
    /// Without quoted reply and signature; none where that is the same.
    new_text: Option<String>,
    /// Sanitised.
    html: Option<String>,
    /// What the ticket became by it.
    new_status: Option<&'static str>,
    /// Of the mail that it came from.
    message_id: Option<String>,
    attachments: Vec<FileShape>,
    created_at: Moment,
}

/// A file of an entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub(crate) struct FileShape {
    name: String,
    content_type: String,
    size: i64,
    /// Whether it stands in the HTML.
    is_inline: bool,
    /// Whether it was too large to take.
    is_left_out: bool,
}

/// Something that is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub(crate) struct NewEntry {
    /// `public` if not given.
    visibility: Option<Audience>,
    text: Option<String>,
    /// Instead of `text`.
    html: Option<String>,
    /// What the ticket becomes; a ticket may become it without words.
    status: Option<NewStatus>,
    /// `null` ends a hold.
    #[serde(default)]
    #[schema(value_type = Option<HoldWish>)]
    hold: Field<HoldWish>,
    #[serde(skip)]
    words: Arc<Prepared>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Audience {
    Public,
    Private,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NewStatus {
    Resolved,
    Closed,
    Reopened,
    Open,
}

/// Lists what was said on a ticket, the oldest first.
#[utoipa::path(get, path = "/tickets/{id}/entries", params(("id" = i64, Path), Paging), responses(
    (status = 200, description = "A page of them.", body = Page<EntryShape>), Problems))]
pub(crate) async fn list(
    look: Look,
    OriginalUri(uri): OriginalUri,
    Steps(id): Steps<i64>,
    Params(paging): Params<Paging>,
) -> Result<Reply, Problem> {
    let limit = paging.limit()?;
    let mut tx = look.read().await?;
    TicketShape::find(&mut tx, TicketId(id)).await?;
    let after = FollowupId(paging.from());
    let rows = store::followups::conversations::page(&mut tx, TicketId(id), after, limit + 1).await?;
    let files = store::attachments::list(&mut tx, TicketId(id)).await?;
    drop(tx);
    let page = Page::of(rows, limit, |entry: &Followup| entry.id.0);
    // Sanitising takes a while for large HTML.
    let shaped = tasks::aside(move || {
        page.map(|entry| {
            let own = files.iter().filter(|file| file.followup_id == entry.id).map(FileShape::of).collect();
            EntryShape::of(entry, own)
        })
    });
    let page = shaped.await.map_err(|_| ApiError::Internal)?;
    Ok(page.reply(uri.path(), uri.query()))
}

/// Gives one entry.
#[utoipa::path(get, path = "/tickets/{id}/entries/{entry}", params(("id" = i64, Path), ("entry" = i64, Path)),
    responses((status = 200, description = "The entry.", body = EntryShape), Problems))]
pub(crate) async fn show(look: Look, Steps((id, entry)): Steps<(i64, i64)>) -> Result<Reply, Problem> {
    let mut tx = look.read().await?;
    let found = store::followups::find(&mut tx, FollowupId(entry)).await?;
    let found =
        found.filter(|entry| entry.ticket_id == TicketId(id)).ok_or_else(|| Problem::missing("entry"))?;
    let files = store::attachments::list_of_followup(&mut tx, found.id).await?;
    drop(tx);
    let shaped = tasks::aside(move || EntryShape::of(found, files.iter().map(FileShape::of).collect()));
    Ok(Reply::one(&shaped.await.map_err(|_| ApiError::Internal)?))
}

/// Says something on a ticket; what becomes of the ticket by that is one action with it.
#[utoipa::path(post, path = "/tickets/{id}/entries",
    params(("id" = i64, Path), DryRun, IdempotencyKey, IfMatch), request_body = NewEntry,
    responses((status = 201, description = "It is said.", body = EntryShape),
        (status = 200, description = "Nothing was said; the ticket as it is now.", body = TicketShape), Problems))]
pub(crate) async fn say(Steps(id): Steps<i64>, mut call: Call<NewEntry>) -> Result<Reply, Problem> {
    let mut new = std::mem::take(&mut call.body);
    let (text, html) = (new.text.take(), new.html.take());
    let changes = new.status.is_some() || !matches!(new.hold, Field::Absent);
    new.words = if changes { said::given(text, html).await? } else { said::required(text, html).await? };
    call.change(Saying { id: TicketId(id), new }).await
}

#[derive(Debug)]
struct Saying {
    id: TicketId,
    new: NewEntry,
}

impl Change for Saying {
    async fn run(&self, on: &mut Work<'_>) -> Result<Reply, Problem> {
        let mut action = Action::begin(on.tx, on.actor, self.id).await?;
        if on.is_conditional() {
            let shape = TicketShape::find(on.tx, action.ticket.id).await?;
            on.require_match(&shape)?;
        }
        let entry = self.say(on, &mut action).await?;
        ticket_change::hold(on, &mut action, &self.new.hold).await?;
        let ticket = event::record(on.desk, on.tx, action, on.now).await?;
        let Some(entry) = entry else {
            return Ok(Reply::one(&TicketShape::find(on.tx, ticket.id).await?));
        };
        let found = store::followups::find(on.tx, entry).await?.ok_or_else(|| Problem::missing("entry"))?;
        let files = store::attachments::list_of_followup(on.tx, entry).await?;
        let shape = EntryShape::of(found, files.iter().map(FileShape::of).collect());
        Ok(Reply::created(&format!("/tickets/{}/entries/{entry}", ticket.id), &shape))
    }
}

impl Saying {
    /// A private word does not go out with a change of status.
    async fn say(&self, on: &mut Work<'_>, action: &mut Action) -> Result<Option<FollowupId>, Problem> {
        let (new, mut words) = (&self.new, Arc::clone(&self.new.words));
        let mut said = None;
        let visibility = match new.visibility {
            Some(Audience::Private) => Visibility::Private,
            _ => Visibility::Public,
        };
        let is_something = !words.text.trim().is_empty();
        if is_something && (new.status.is_none() || visibility == Visibility::Private) {
            let told = Said::of(visibility, std::mem::take(&mut words));
            said = Some(comment::comment(on.desk, on.tx, action, told, on.now).await?);
        }
        if let Some(status) = new.status {
            let last = LastWords { words, origin: None };
            let entered = close::enter(on.desk, on.tx, action, status.status(), last, on.now).await?;
            said = said.or(entered);
        }
        Ok(said)
    }
}

impl NewStatus {
    fn status(self) -> Status {
        match self {
            Self::Resolved => Status::Resolved,
            Self::Closed => Status::Closed,
            Self::Reopened | Self::Open => Status::Reopened,
        }
    }
}

impl EntryShape {
    fn of(entry: Followup, attachments: Vec<FileShape>) -> Self {
        Self {
            id: entry.id.0,
            ticket_id: entry.ticket_id.0,
            kind: entry.kind.as_str(),
            visibility: entry.visibility.as_str(),
            author_id: entry.author_id.map(|id| id.0),
            author: entry.author(),
            html: entry.html.as_deref().map(html::sanitise),
            door: entry.door,
            text: entry.text,
            new_text: entry.new_text,
            new_status: entry.new_status.map(Status::as_str),
            message_id: entry.message_id,
            attachments,
            created_at: Moment(entry.created_at),
        }
    }
}

impl FileShape {
    fn of(file: &store::attachments::Attachment) -> Self {
        Self {
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            size: file.size,
            is_inline: file.disposition == crate::ticket::entry::Disposition::Inline,
            is_left_out: file.blob_id.is_none(),
        }
    }
}
