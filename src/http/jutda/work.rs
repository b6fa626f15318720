//! What each writing method does, inside its transaction.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::Door;
use crate::desk::assign;
use crate::desk::close;
use crate::desk::comment;
use crate::desk::delete;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::form::number;
use crate::http::jutda::create;
use crate::http::jutda::method::Method;
use crate::http::words;
use crate::http::write::Write;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;

/// One call of a writing method.
#[derive(Debug)]
pub struct Work {
    method: Method,
    actor: Actor,
    form: Form,
    size: usize,
    /// The message or resolution; made ready before the transaction, because HTML takes its time.
    words: Words,
}

impl Work {
    pub async fn new(method: Method, user: User, mut form: Form, size: usize) -> Self {
        let text = match method {
            Method::AddFollowup => form.take("message"),
            Method::Resolve => form.take("resolution"),
            _ => None,
        };
        let words = match text {
            Some(text) => words::formatted(text).await,
            None => Words::default(),
        };
        Self { method, actor: Actor { user: Some(user), door: Door::Jutda }, form, size, words }
    }

    async fn delete(&self, tx: &mut Tx, now: Timestamp) -> Result<(), ApiError> {
        if self.form.get("confirm").is_none_or(str::is_empty) {
            return Err(ApiError::invalid("No confirmation provided"));
        }
        let id = self.ticket(tx).await?;
        Ok(delete::delete(tx, &self.actor, id, now).await?)
    }

    async fn add_followup(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<(), ApiError> {
        let id = self.ticket(tx).await?;
        let visibility = match self.form.get("public") {
            None | Some("n") => Visibility::Private,
            Some("y") => Visibility::Public,
            Some(_) => return Err(ApiError::invalid("Invalid 'public' flag")),
        };
        let words = self.words("Blank message")?;
        comment::comment(desk, tx, &self.actor, (id, visibility), words, now).await?;
        Ok(())
    }

    async fn resolve(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<(), ApiError> {
        let id = self.ticket(tx).await?;
        let words = self.words("Blank resolution")?;
        Ok(close::resolve(desk, tx, &self.actor, (id, words), now).await?)
    }

    fn words(&self, blank: &str) -> Result<&Words, ApiError> {
        if self.words.text.trim().is_empty() { Err(ApiError::invalid(blank)) } else { Ok(&self.words) }
    }

    /// The ticket that is meant; it exists.
    async fn ticket(&self, tx: &mut Tx) -> Result<TicketId, ApiError> {
        let unknown = || ApiError::missing("Invalid ticket ID");
        let id = self.form.get("ticket").and_then(number).map(TicketId).ok_or_else(unknown)?;
        match store::tickets::find(tx, id).await? {
            Some(ticket) => Ok(ticket.id),
            None => Err(unknown()),
        }
    }
}

impl Write for Work {
    fn size(&self) -> usize {
        self.size
    }

    async fn run(&self, desk: &Desk, tx: &mut Tx, now: Timestamp) -> Result<Answer, ApiError> {
        match self.method {
            Method::CreateTicket => return create::create(desk, tx, &self.actor, &self.form, now).await,
            Method::DeleteTicket => self.delete(tx, now).await?,
            Method::HoldTicket => {
                let id = self.ticket(tx).await?;
                assign::hold(desk, tx, &self.actor, id, now).await?;
            }
            Method::UnholdTicket => {
                let id = self.ticket(tx).await?;
                assign::unhold(desk, tx, &self.actor, id, now).await?;
            }
            Method::AddFollowup => self.add_followup(desk, tx, now).await?,
            Method::Resolve => self.resolve(desk, tx, now).await?,
            Method::ListQueues | Method::FindUser => return Err(ApiError::Internal),
        }
        Ok(Answer::text("OK"))
    }
}
