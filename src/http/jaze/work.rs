//! What each writing call of the Jaze Tickets API does, inside its transaction.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::Door;
use crate::desk::assign;
use crate::desk::close;
use crate::desk::comment;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::rate;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::args;
use crate::http::jaze::operation::Operation;
use crate::http::jaze::raise::Raise;
use crate::http::write::Write;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::id::TokenId;
use crate::ticket::id::UserId;

/// One writing call whose arguments are right by themselves.
#[derive(Debug)]
pub struct Work {
    pub token: TokenId,
    size: usize,
    change: Change,
}

#[derive(Debug)]
enum Change {
    Raise(Raise),
    Send { ticket: TicketId, by: Sender, name: String, visibility: Visibility, words: Words },
    Close(TicketId),
    Assign { ticket: TicketId, admin: String },
    Reopen { ticket: TicketId, user: UserId, words: Words },
    Rate { ticket: TicketId, user: UserId, value: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Admin,
    User,
}

impl Work {
    /// Reads the arguments; those of the path are in the form too.
    pub fn new(operation: Operation, token: TokenId, form: &Form, size: usize) -> Result<Self, ApiError> {
        let change = match operation {
            Operation::RaiseTicket => Change::Raise(Raise::new(form)?),
            Operation::SendMessage => send(form)?,
            Operation::CloseTicket => Change::Close(args::ticket(form)?),
            Operation::AssignTicketToAdmin => Change::Assign {
                ticket: args::ticket(form)?,
                admin: args::required(form, "admin")?.to_owned(),
            },
            Operation::ReopenTicket => Change::Reopen {
                ticket: args::ticket(form)?,
                user: args::user(form)?,
                words: Words::plain(args::required(form, "comments")?),
            },
            Operation::TicketRating => Change::Rate {
                ticket: args::ticket(form)?,
                user: args::user(form)?,
                value: args::numeric(
                    "ratingValue",
                    args::word(form, "ratingValue", &["1", "2", "3", "4", "5"])?,
                )?,
            },
            Operation::GetTickets | Operation::GetTicketDetails => return Err(ApiError::Internal),
        };
        Ok(Self { token, size, change })
    }

    fn door(&self) -> Door {
        Door::Jaze(self.token)
    }

    async fn send(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        (ticket, by, name): (TicketId, Sender, &str),
        (visibility, words): (Visibility, &Words),
        now: Timestamp,
    ) -> Result<Answer, ApiError> {
        exists(tx, ticket).await?;
        let user = match by {
            Sender::Admin => args::named_admin(tx, name).await?,
            Sender::User => {
                let user = args::named_customer(tx, name).await?;
                args::require_own(tx, ticket, &user).await?;
                user
            }
        };
        let actor = Actor { user: Some(user), door: self.door() };
        comment::comment(desk, tx, &actor, (ticket, visibility), words, now).await?;
        let by = if by == Sender::Admin { "admin" } else { "user" };
        Ok(done(&format!("The message has been sent to the {by}")))
    }

    /// The customer's own act on his own ticket.
    async fn own(&self, tx: &mut Tx, ticket: TicketId, user: UserId) -> Result<Actor, ApiError> {
        exists(tx, ticket).await?;
        let user = args::customer(tx, user).await?;
        args::require_own(tx, ticket, &user).await?;
        Ok(Actor { user: Some(user), door: self.door() })
    }
}

impl Write for Work {
    fn size(&self) -> usize {
        self.size
    }

    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        match &self.change {
            Change::Raise(raise) => raise.run(desk, tx, self.door(), now).await,
            Change::Send { ticket, by, name, visibility, words } => {
                self.send(desk, tx, (*ticket, *by, name), (*visibility, words), now).await
            }
            Change::Close(ticket) => {
                exists(tx, *ticket).await?;
                let actor = Actor { user: None, door: self.door() };
                close::close(desk, tx, &actor, (*ticket, &Words::default()), now).await?;
                Ok(done("The ticket has been closed"))
            }
            Change::Assign { ticket, admin } => {
                exists(tx, *ticket).await?;
                let owner = args::named_admin(tx, admin).await?;
                let actor = Actor { user: None, door: self.door() };
                assign::assign(desk, tx, &actor, (*ticket, Some(&owner)), now).await?;
                Ok(done("Admin assigned to the ticket successfully"))
            }
            Change::Reopen { ticket, user, words } => {
                let actor = self.own(tx, *ticket, *user).await?;
                close::reopen(desk, tx, &actor, (*ticket, words), now).await?;
                Ok(done("Ticket has been reopened successfully"))
            }
            Change::Rate { ticket, user, value } => {
                let actor = self.own(tx, *ticket, *user).await?;
                rate::rate(tx, &actor, (*ticket, *user), *value, now).await?;
                Ok(done(&format!(
                    "Thanks for your feedback, your rating has been saved for the ticket ID{ticket}"
                )))
            }
        }
    }
}

/// A successful answer with nothing but its message.
pub fn done(message: &str) -> Answer {
    let message = serde_json::Value::from(message);
    let body = format!("{{\"status\":\"success\",\"errorCode\":200,\"message\":{message}}}");
    Answer { content_type: answer::JSON, body }
}

fn send(form: &Form) -> Result<Change, ApiError> {
    let ticket = args::ticket(form)?;
    let words = Words::plain(args::required(form, "ticketMessage")?);
    let by = match args::word(form, "sender", &["admin", "user"])? {
        "admin" => Sender::Admin,
        _ => Sender::User,
    };
    let name = args::required(form, "sender_name")?.to_owned();
    let visibility = match args::word(form, "showToUser", &["true", "false"])? {
        "true" => Visibility::Public,
        _ => Visibility::Private,
    };
    Ok(Change::Send { ticket, by, name, visibility, words })
}

async fn exists(tx: &mut Tx, id: TicketId) -> Result<(), ApiError> {
    store::tickets::find(tx, id).await?.map(drop).ok_or_else(args::no_ticket)
}
