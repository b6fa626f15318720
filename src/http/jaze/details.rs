//! `get_ticket_details`: the conversation of a ticket, however long.

use std::fmt::Write;

use serde_json::Value;

use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::args;
use crate::http::jaze::words;
use crate::http::pages::Pages;
use crate::http::server::Server;
use crate::store::conversations;
use crate::store::conversations::Said;
use crate::store::ticket_lists;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::person::Role;

/// Entries that are read at a time; one may be megabytes long.
const PAGE: i64 = 16;

/// A conversation that is being answered.
#[derive(Debug)]
pub(crate) struct Details {
    /// Where the conversation is: the survivor's, if the ticket was merged.
    id: TicketId,
    after: FollowupId,
    /// What stands behind the conversation.
    tail: String,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Fresh,
    /// Whether an entry was written, so that the next follows a comma.
    Begun(bool),
    Done,
}

impl Details {
    pub(crate) async fn new(server: &Server, form: &Form) -> Result<Self, ApiError> {
        let id = args::ticket(form)?;
        let mut tx = server.app.db.look().await?;
        let ticket = ticket_lists::rows(&mut tx, &[id]).await?.pop().ok_or_else(args::no_ticket)?;
        let survivor = match ticket.merged_into {
            Some(_) => ticket_lists::survivor(&mut tx, id).await?,
            None => id,
        };
        drop(tx);
        let timezone = words::timezone(&server.app.desk.config);
        let owner = ticket.owner_email.or(ticket.owner_name).unwrap_or_else(|| words::NULL.to_owned());
        let tail = format!(
            "],\"ticket_details\":{{\"status\":\"{}\",\"assigned_to\":{},\"created\":\"{}\"}}}}}}",
            words::status_word(ticket.status, ticket.held_at, ticket.owner_id),
            Value::from(owner),
            words::time(ticket.created_at, timezone),
        );
        Ok(Self { id: survivor, after: FollowupId(0), tail, state: State::Fresh })
    }
}

impl Pages for Details {
    async fn next(&mut self, server: &Server) -> Result<Option<String>, ApiError> {
        let mut text = String::new();
        let mut follows = match self.state {
            State::Done => return Ok(None),
            State::Begun(follows) => follows,
            State::Fresh => {
                text.push_str(
                    "{\"status\":\"success\",\"errorCode\":200,\"message\":{\"ticket_conversation\":[",
                );
                false
            }
        };
        let mut tx = server.app.db.look().await?;
        let entries = conversations::list(&mut tx, self.id, self.after, PAGE).await?;
        drop(tx);
        for entry in entries.iter().filter(|entry| !words_of(entry).trim().is_empty()) {
            if follows {
                text.push(',');
            }
            follows = true;
            write_entry(&mut text, entry, server);
        }
        self.state = match entries.last() {
            Some(last) if i64::try_from(entries.len()) == Ok(PAGE) => {
                self.after = last.id;
                State::Begun(follows)
            }
            _ => {
                text.push_str(&self.tail);
                State::Done
            }
        };
        Ok(Some(text))
    }

    fn is_done(&self) -> bool {
        self.state == State::Done
    }
}

fn write_entry(text: &mut String, entry: &Said, server: &Server) {
    let config = &server.app.desk.config;
    let (sender, name) = match (entry.author_role, &entry.author_name) {
        (Some(Role::Customer), Some(name)) => ("user", name.as_str()),
        (Some(_), Some(name)) => ("admin", entry.author_email.as_deref().unwrap_or(name)),
        _ => ("admin", config.desk.name.as_str()),
    };
    let _ = write!(
        text,
        "{{\"sender\":\"{sender}\",\"sender_name\":{},\"ticket_message\":{},\"created\":\"{}\",\"show_to_user\":\"{}\"}}",
        Value::from(name),
        Value::from(words_of(entry)),
        words::time(entry.created_at, words::timezone(config)),
        u8::from(entry.visibility == "public"),
    );
}

/// What is new in an entry: a conversation need not repeat what its mails quote.
fn words_of(entry: &Said) -> &str {
    entry.new_text.as_deref().filter(|new| !new.trim().is_empty()).unwrap_or(&entry.text)
}
