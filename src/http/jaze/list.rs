//! `get_tickets`: lists of any length, from the index that fits the filter.

use std::collections::VecDeque;
use std::fmt::Write;

use jiff::tz::TimeZone;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::args;
use crate::http::jaze::words;
use crate::http::pages::Pages;
use crate::http::server::Server;
use crate::store;
use crate::store::db::Tx;
use crate::store::ticket_lists;
use crate::store::ticket_lists::Cursor;
use crate::store::ticket_lists::Filter;
use crate::store::ticket_lists::Listed;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;

/// Tickets that are read at a time: some 60 kB of answer.
const PAGE: i64 = 200;

/// A list that is being answered.
#[derive(Debug)]
pub(crate) struct List {
    filter: Filter,
    cursor: Cursor,
    /// How many more are wanted.
    left: i64,
    /// Numbers that were found already, where the index does not have them in order.
    found: Option<VecDeque<TicketId>>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    Begun,
    Done,
}

impl List {
    /// Reads the arguments and finds the people whom they name.
    pub(crate) async fn new(server: &Server, form: &Form) -> Result<Self, ApiError> {
        let config = &server.app.desk.config;
        let timezone = words::timezone(config);
        let submitter = args::numeric("userId", args::required(form, "userId")?)?;
        let word = args::optional(form, "status").unwrap_or_default();
        let shown = words::filter(word, timezone, server.app.now()).ok_or_else(|| {
            ApiError::Invalid(format!("The argument status must be one of: {}", words::FILTERS.join(", ")))
        })?;
        let created = created(form, timezone)?;
        let limit = positive(form, "limit")?;
        let before = positive(form, "before")?;
        let (submitter, owner) = people(server, submitter, args::optional(form, "assigned_admin")).await?;
        let cursor = match (limit, before) {
            (None, None) => Cursor::After(TicketId(0)),
            (_, before) => Cursor::Before(TicketId(before.unwrap_or(i64::MAX))),
        };
        let filter = Filter { submitter, owner, shown, created };
        Ok(Self { filter, cursor, left: limit.unwrap_or(i64::MAX), found: None, state: State::Fresh })
    }

    /// The numbers of the next page.
    async fn numbers(&mut self, tx: &mut Tx) -> Result<Vec<TicketId>, sqlx::Error> {
        let wanted = PAGE.min(self.left);
        if self.filter.is_ordered() {
            return ticket_lists::numbers(tx, &self.filter, self.cursor, wanted).await;
        }
        if self.found.is_none() {
            let mut all = ticket_lists::numbers(tx, &self.filter, self.cursor, wanted).await?;
            all.sort_unstable();
            if let Cursor::Before(_) = self.cursor {
                all.reverse();
            }
            self.found = Some(all.into());
        }
        let found = self.found.get_or_insert_default();
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX).min(found.len());
        Ok(found.drain(..wanted).collect())
    }

    fn advance(&mut self, numbers: &[TicketId]) {
        let count = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
        let full = count == PAGE.min(self.left);
        self.left -= count;
        if let Some(last) = numbers.last() {
            self.cursor = match self.cursor {
                Cursor::After(_) => Cursor::After(*last),
                Cursor::Before(_) => Cursor::Before(*last),
            };
        }
        let more = full && self.left > 0 && self.found.as_ref().is_none_or(|found| !found.is_empty());
        self.state = if more { State::Begun } else { State::Done };
    }
}

impl Pages for List {
    async fn next(&mut self, server: &Server) -> Result<Option<String>, ApiError> {
        let began = self.state;
        if began == State::Done {
            return Ok(None);
        }
        let mut tx = server.app.db.look().await?;
        let numbers = self.numbers(&mut tx).await?;
        let mut rows = ticket_lists::rows(&mut tx, &numbers).await?;
        drop(tx);
        if let Cursor::Before(_) = self.cursor {
            rows.reverse();
        }
        self.advance(&numbers);
        let config = &server.app.desk.config;
        let (account, timezone) = (&config.jaze.account, words::timezone(config));
        let mut text = String::with_capacity(rows.len() * 320 + 64);
        if began == State::Fresh {
            text.push_str("{\"status\":\"success\",\"errorCode\":200,\"data\":[");
        }
        for (n, row) in rows.iter().enumerate() {
            if n > 0 || began == State::Begun {
                text.push(',');
            }
            write_ticket(&mut text, row, account, timezone);
        }
        if self.is_done() {
            text.push_str("]}");
        }
        Ok(Some(text))
    }

    fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

/// Whose tickets are wanted; both exist.
async fn people(
    server: &Server,
    submitter: i64,
    admin: Option<&str>,
) -> Result<(Option<UserId>, Option<UserId>), ApiError> {
    if submitter == 0 && admin.is_none() {
        return Ok((None, None));
    }
    let mut tx = server.app.db.look().await?;
    let submitter = match submitter {
        0 => None,
        id => Some(store::users::find(&mut tx, UserId(id)).await?.ok_or_else(args::no_user)?.id),
    };
    let owner = match admin {
        Some(name) => Some(args::admin(&mut tx, name).await?.id),
        None => None,
    };
    Ok((submitter, owner))
}

/// One ticket, its values as strings and in the order of the document.
fn write_ticket(text: &mut String, ticket: &Listed, account: &str, timezone: &TimeZone) {
    let submitter = ticket.submitter_id.map_or(0, |id| id.0);
    let due = ticket.due_at.map_or_else(|| words::NULL.to_owned(), |at| words::time(at, timezone));
    let owner = ticket.owner_id.map_or(words::NULL, |_| {
        ticket.owner_email.as_deref().or(ticket.owner_name.as_deref()).unwrap_or_default()
    });
    let _ = write!(
        text,
        "{{\"Ticket\":{{\"id\":\"{}\",\"account_id\":{},\"user\":\"{submitter}\",\"subject\":{},\"type\":{},\
         \"priority\":\"{}\",\"due\":\"{due}\",\"status\":\"{}\",\"assigned_to\":{},\"group_name\":{},\"created\":\"{}\"}}}}",
        ticket.id,
        Value::from(account),
        Value::from(ticket.subject.as_str()),
        Value::from(ticket.kind.as_deref().unwrap_or(&ticket.queue)),
        words::priority_word(ticket.priority),
        words::status_word(ticket.status, ticket.held_at, ticket.owner_id),
        Value::from(owner),
        Value::from(ticket.queue.as_str()),
        words::time(ticket.created_at, timezone),
    );
}

/// Both ends belong to it, the last with its whole minute.
fn created(form: &Form, timezone: &TimeZone) -> Result<Option<(Timestamp, Timestamp)>, ApiError> {
    let read = |name: &str| match args::optional(form, name) {
        None => Ok(None),
        Some(text) => words::parse_time(text, timezone)
            .map(Some)
            .ok_or_else(|| ApiError::Invalid(format!("The argument {name} must look like 21-11-2016 17:01"))),
    };
    let (from, to) = (read("fromDate")?, read("toDate")?);
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let until = to.map_or(Timestamp(i64::MAX), |at| Timestamp(at.0 + Timestamp::MINUTE - 1));
    Ok(Some((from.unwrap_or(Timestamp(i64::MIN)), until)))
}

fn positive(form: &Form, name: &str) -> Result<Option<i64>, ApiError> {
    let Some(text) = args::optional(form, name) else { return Ok(None) };
    let number = args::numeric(name, text)?;
    if number > 0 {
        Ok(Some(number))
    } else {
        Err(ApiError::Invalid(format!("The argument {name} must be above 0")))
    }
}
