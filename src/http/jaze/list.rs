//! `get_tickets`: lists of any length, from the index that fits the filter.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::response::Response;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::Serialize;
use utoipa::IntoParams;
use utoipa::ToSchema;

use crate::clock::Timestamp;
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
use crate::http::jaze::values::Digits;
use crate::http::jaze::values::Minute;
use crate::http::jaze::values::Number;
use crate::http::jaze::values::Positive;
use crate::http::jaze::values::Text;
use crate::http::jaze::values::Time;
use crate::http::jaze::words;
use crate::http::jaze::words::State;
use crate::http::jaze::words::StateFilter;
use crate::http::jaze::words::Urgency;
use crate::http::pages;
use crate::http::pages::Follows;
use crate::http::pages::Page;
use crate::http::pages::Pages;
use crate::http::server::Server;
use crate::store;
use crate::store::db::Tx;
use crate::store::filters::cursor::Cursor;
use crate::store::filters::cursor::SEGMENT;
use crate::store::filters::test::Filter as Condition;
use crate::store::ticket_lists;
use crate::store::ticket_lists::Filter;
use crate::store::ticket_lists::Listed;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Tickets that are read at a time: some 60 kB of answer.
const PAGE: usize = 200;

/// The arguments.
#[derive(Debug)]
pub(crate) struct GetTickets {
    whose: TicketsOf,
    which: TicketFilter,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Path)]
struct TicketsOf {
    /// Number of the customer; 0 for all tickets.
    user_id: Number,
    /// In which state; `all` if not given.
    #[param(value_type = StateFilter)]
    status: Option<StateFilter>,
    /// User name or address of the owner.
    #[serde(rename = "assigned_admin")]
    #[param(value_type = Text)]
    admin: Option<Text>,
}

#[derive(Debug, Deserialize, ToSchema, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct TicketFilter {
    /// Created in this minute or later.
    from_date: Option<Minute>,
    /// Created in this minute or earlier.
    to_date: Option<Minute>,
    /// At most so many; then the newest come first.
    limit: Option<Positive>,
    /// Only tickets of a lesser number; then the newest come first.
    before: Option<Positive>,
}

/// The answer to `get_tickets`.
#[derive(Debug, Serialize, ToSchema)]
struct TicketList<'a> {
    status: Success,
    #[serde(rename = "errorCode")]
    error_code: u16,
    data: Vec<ListEntry<'a>>,
}

#[derive(Debug, Serialize, ToSchema)]
struct ListEntry<'a> {
    #[serde(rename = "Ticket")]
    ticket: Ticket<'a>,
}

/// One ticket, its values as strings and in the order of the contract.
#[derive(Debug, Serialize, ToSchema)]
struct Ticket<'a> {
    id: Digits,
    account_id: &'a str,
    /// Number of the customer; 0 for nobody.
    user: Digits,
    subject: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    priority: Urgency,
    /// A time, or `NULL`.
    #[schema(value_type = String)]
    due: Due<'a>,
    status: State,
    /// Address of the owner, or `NULL`.
    assigned_to: &'a str,
    group_name: &'a str,
    created: Time<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Due<'a> {
    At(Time<'a>),
    Never(&'static str),
}

/// A list that is being answered.
#[derive(Debug)]
struct List {
    desk: Arc<Desk>,
    conditions: Vec<Condition>,
    cursor: Cursor,
    /// How many more are to be found; 0 if there are no more.
    left: i64,
    /// Numbers that were found already.
    found: VecDeque<TicketId>,
}

impl Arguments for GetTickets {
    const NAME: &'static str = "get_tickets";
    const VERBS: &'static str = "GET, POST";
    const STEPS: &'static [&'static str] = &["userId", "status", "assigned_admin"];
    const ELSEWHERE: Elsewhere = Elsewhere::BodyAndQuery;
    const EFFECT: Effect = Effect::Reads;

    fn take(form: &mut Form) -> Result<Self, ApiError> {
        Ok(Self { whose: call::fields(form)?, which: call::fields(form)? })
    }
}

/// Lists tickets, the oldest first.
#[utoipa::path(
    get, path = "/get_tickets/{userId}/{status}/{assigned_admin}", params(TicketsOf, TicketFilter),
    responses((status = 200, description = "Done.", body = TicketList<'_>), Failures)
)]
pub(crate) async fn get_tickets(call: Call<GetTickets>) -> Result<Response, JazeError> {
    let list = List::new(&call.server, call.desk, &call.arguments).await?;
    let frame = TicketList { status: Success::Success, error_code: envelope::OK, data: Vec::new() };
    Ok(pages::respond(&call.server, &frame, list).await?)
}

/// Lists tickets, the oldest first.
#[utoipa::path(
    post, path = "/get_tickets/{userId}/{status}/{assigned_admin}", params(TicketsOf), request_body = TicketFilter,
    responses((status = 200, description = "Done.", body = TicketList<'_>), Failures)
)]
pub(crate) async fn filter_tickets(call: Call<GetTickets>) -> Result<Response, JazeError> {
    get_tickets(call).await
}

impl List {
    /// Finds the people whom the arguments name.
    async fn new(server: &Server, desk: Arc<Desk>, arguments: &GetTickets) -> Result<Self, ApiError> {
        let GetTickets { whose, which } = arguments;
        let timezone = values::timezone(&desk.config);
        let shown = whose.status.unwrap_or_default().shown(timezone, server.app.now());
        let created = which.created(timezone)?;
        let (mut submitter, mut owner) = (None, None);
        if whose.names_somebody() {
            let mut tx = server.app.db.look().await?;
            submitter = whose.submitter(&mut tx).await?;
            owner = whose.owner(&mut tx).await?;
        }
        let cursor = match (&which.limit, &which.before) {
            (None, None) => Cursor::After(TicketId(0)),
            (_, before) => Cursor::Before(TicketId(before.as_ref().map_or(i64::MAX, |before| before.0))),
        };
        let filter = Filter { submitter, owner, shown: shown.ok_or(ApiError::Internal)?, created };
        let left = which.limit.as_ref().map_or(i64::MAX, |limit| limit.0);
        Ok(Self { desk, conditions: filter.conditions(), cursor, left, found: VecDeque::new() })
    }

    /// The numbers of the next page.
    async fn numbers(&mut self, tx: &mut Tx) -> Result<Vec<TicketId>, sqlx::Error> {
        if self.found.is_empty() && self.left > 0 {
            let wanted = SEGMENT.min(self.left);
            let ids = ticket_lists::find(tx, &self.conditions, self.cursor, wanted, None).await?.ids;
            let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
            self.left = if count < wanted { 0 } else { self.left - count };
            self.cursor = ids.last().map_or(self.cursor, |last| self.cursor.to(*last));
            self.found = ids.into();
        }
        let wanted = PAGE.min(self.found.len());
        Ok(self.found.drain(..wanted).collect())
    }

    fn follows(&self) -> Follows {
        let is_over = self.found.is_empty() && self.left == 0;
        if is_over { Follows::Nothing } else { Follows::Another }
    }
}

impl Pages for List {
    type Row = Listed;

    async fn next(&mut self, server: &Server) -> Result<Page<Listed>, ApiError> {
        let mut tx = server.app.db.look().await?;
        let numbers = self.numbers(&mut tx).await?;
        let mut rows = ticket_lists::rows(&mut tx, &numbers).await?;
        drop(tx);
        if let Cursor::Before(_) = self.cursor {
            rows.reverse();
        }
        Ok(Page { rows, follows: self.follows() })
    }

    fn entry<'a>(&'a self, row: &'a Listed) -> Option<impl Serialize + 'a> {
        let timezone = values::timezone(&self.desk.config);
        let time = |at| Time { at, timezone };
        let owner = row.owner_id.map_or(words::NULL, |_| {
            row.owner_email.as_deref().or(row.owner_name.as_deref()).unwrap_or_default()
        });
        let ticket = Ticket {
            id: Digits(row.id.0),
            account_id: &self.desk.config.jaze.account,
            user: Digits(row.submitter_id.map_or(0, |id| id.0)),
            subject: &row.subject,
            kind: row.kind.as_deref().unwrap_or(&row.queue),
            priority: row.priority.into(),
            due: row.due_at.map_or(Due::Never(words::NULL), |at| Due::At(time(at))),
            status: State::of(row.status, row.held_at, row.owner_id),
            assigned_to: owner,
            group_name: &row.queue,
            created: time(row.created_at),
        };
        Some(ListEntry { ticket })
    }
}

impl TicketsOf {
    fn names_somebody(&self) -> bool {
        self.user_id.0 != 0 || self.admin.is_some()
    }

    async fn submitter(&self, tx: &mut Tx) -> Result<Option<UserId>, ApiError> {
        match self.user_id.0 {
            0 => Ok(None),
            id => Ok(Some(store::users::find(tx, UserId(id)).await?.ok_or_else(people::no_user)?.id)),
        }
    }

    async fn owner(&self, tx: &mut Tx) -> Result<Option<UserId>, ApiError> {
        match &self.admin {
            Some(name) => Ok(Some(people::admin(tx, &name.0).await?.id)),
            None => Ok(None),
        }
    }
}

impl TicketFilter {
    /// Both ends belong to it, the last with its whole minute.
    fn created(&self, timezone: &TimeZone) -> Result<Option<(Timestamp, Timestamp)>, ApiError> {
        if self.from_date.is_none() && self.to_date.is_none() {
            return Ok(None);
        }
        let begins = |minute: Option<Minute>, none: Timestamp| match minute {
            Some(minute) => minute.begins(timezone).ok_or_else(|| ApiError::invalid("There is no such time")),
            None => Ok(none),
        };
        let from = begins(self.from_date, Timestamp(i64::MIN))?;
        let to = begins(self.to_date, Timestamp(i64::MAX - Timestamp::MINUTE))?;
        Ok(Some((from, Timestamp(to.0 + Timestamp::MINUTE - 1))))
    }
}
