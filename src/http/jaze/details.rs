//! `get_ticket_details`: the conversation of a ticket, however long.

use std::sync::Arc;

use axum::response::Response;
use serde::Deserialize;
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::desk::Desk;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::call;
use crate::http::jaze::call::Arguments;
use crate::http::jaze::call::Call;
use crate::http::jaze::call::Effect;
use crate::http::jaze::call::Elsewhere;
use crate::http::jaze::envelope;
use crate::http::jaze::envelope::Failures;
use crate::http::jaze::envelope::Success;
use crate::http::jaze::error::JazeError;
use crate::http::jaze::people;
use crate::http::jaze::values;
use crate::http::jaze::values::Number;
use crate::http::jaze::values::Time;
use crate::http::jaze::words;
use crate::http::jaze::words::Sender;
use crate::http::jaze::words::State;
use crate::http::pages;
use crate::http::pages::Follows;
use crate::http::pages::Page;
use crate::http::pages::Pages;
use crate::http::server::Server;
use crate::store::followups::conversations;
use crate::store::followups::conversations::Said;
use crate::store::ticket_lists;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::person::Role;

/// Entries that are read at a time; one may be megabytes long.
const PAGE: i64 = 16;

/// The arguments.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
pub(crate) struct GetDetails {
    /// Number of the ticket.
    ticket_id: Number,
}

/// The answer to `get_ticket_details`.
#[derive(Debug, Serialize, ToSchema)]
struct TicketDetails<'a> {
    status: Success,
    #[serde(rename = "errorCode")]
    error_code: u16,
    message: Conversation<'a>,
}

#[derive(Debug, Serialize, ToSchema)]
struct Conversation<'a> {
    ticket_conversation: Vec<ConversationEntry<'a>>,
    ticket_details: TicketSummary<'a>,
}

/// One entry of the conversation.
#[derive(Debug, Serialize, ToSchema)]
struct ConversationEntry<'a> {
    sender: Sender,
    /// A customer's name, an admin's address.
    sender_name: &'a str,
    ticket_message: &'a str,
    created: Time<'a>,
    show_to_user: ShownToUser,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
enum ShownToUser {
    #[serde(rename = "0")]
    ToAgents,
    #[serde(rename = "1")]
    ToAll,
}

/// The ticket itself.
#[derive(Debug, Serialize, ToSchema)]
struct TicketSummary<'a> {
    status: State,
    /// Address of the owner, or `NULL`.
    assigned_to: &'a str,
    created: Time<'a>,
}

/// A conversation that is being answered.
#[derive(Debug)]
struct Entries {
    desk: Arc<Desk>,
    id: TicketId,
    after: FollowupId,
}

impl Arguments for GetDetails {
    const NAME: &'static str = "get_ticket_details";
    const VERBS: &'static str = "GET";
    const STEPS: &'static [&'static str] = &["ticketId"];
    const ELSEWHERE: Elsewhere = Elsewhere::Nowhere;
    const EFFECT: Effect = Effect::Reads;

    fn take(form: &mut Form) -> Result<Self, ApiError> {
        call::fields(form)
    }
}

/// Gives the conversation of a ticket, the oldest entry first.
#[utoipa::path(
    get, path = "/get_ticket_details/{ticketId}", params(GetDetails),
    responses((status = 200, description = "Done.", body = TicketDetails<'_>), Failures)
)]
pub(crate) async fn get_ticket_details(call: Call<GetDetails>) -> Result<Response, JazeError> {
    let Call { server, desk, arguments, .. } = &call;
    let id = TicketId(arguments.ticket_id.0);
    let mut tx = server.app.db.look().await?;
    let ticket = ticket_lists::rows(&mut tx, &[id]).await?.pop().ok_or_else(people::no_ticket)?;
    // Where the conversation is, if the ticket was merged.
    let survivor = match ticket.merged_into {
        Some(_) => ticket_lists::survivor(&mut tx, id).await?,
        None => id,
    };
    drop(tx);
    let owner = ticket.owner_email.or(ticket.owner_name);
    let summary = TicketSummary {
        status: State::of(ticket.status, ticket.held_at, ticket.owner_id),
        assigned_to: owner.as_deref().unwrap_or(words::NULL),
        created: Time { at: ticket.created_at, timezone: values::timezone(&desk.config) },
    };
    let message = Conversation { ticket_conversation: Vec::new(), ticket_details: summary };
    let frame = TicketDetails { status: Success::Success, error_code: envelope::OK, message };
    let conversation = Entries { desk: Arc::clone(desk), id: survivor, after: FollowupId(0) };
    Ok(pages::respond(server, &frame, conversation).await?)
}

impl Pages for Entries {
    type Row = Said;

    async fn next(&mut self, server: &Server) -> Result<Page<Said>, ApiError> {
        let mut tx = server.app.db.look().await?;
        let rows = conversations::list(&mut tx, self.id, self.after, PAGE).await?;
        let follows = match rows.last() {
            Some(last) if i64::try_from(rows.len()) == Ok(PAGE) => {
                self.after = last.id;
                Follows::Another
            }
            _ => Follows::Nothing,
        };
        Ok(Page { rows, follows })
    }

    fn entry<'a>(&'a self, row: &'a Said) -> Option<impl Serialize + 'a> {
        let config = &self.desk.config;
        let (sender, sender_name) = match (row.author_role, &row.author_name) {
            (Some(Role::Customer) | None, Some(name)) => (Sender::User, name.as_str()),
            (Some(_), Some(name)) => (Sender::Admin, row.author_email.as_deref().unwrap_or(name)),
            _ => (Sender::Admin, config.desk.name.as_str()),
        };
        let ticket_message = Some(words_of(row)).filter(|words| !words.trim().is_empty())?;
        let created = Time { at: row.created_at, timezone: values::timezone(config) };
        let show_to_user =
            if row.visibility == Visibility::Public { ShownToUser::ToAll } else { ShownToUser::ToAgents };
        Some(ConversationEntry { sender, sender_name, ticket_message, created, show_to_user })
    }
}

/// What is new in an entry: a conversation need not repeat what its mails quote, but for the one that opened it.
fn words_of(entry: &Said) -> &str {
    let new = entry.new_text.as_deref().filter(|_| entry.kind != EntryKind::Opened);
    new.filter(|new| !new.trim().is_empty()).unwrap_or(&entry.text)
}
