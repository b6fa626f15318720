//! `raise_ticket`: a customer's new ticket, perhaps one that is only to be on record and is closed at once.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::Door;
use crate::desk::close;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::notify;
use crate::desk::notify::Occasion;
use crate::desk::open;
use crate::desk::open::Request;
use crate::desk::people;
use crate::desk::table::Event;
use crate::http::answer;
use crate::http::answer::Answer;
use crate::http::error::ApiError;
use crate::http::form::Form;
use crate::http::jaze::args;
use crate::http::jaze::words;
use crate::store::db::Tx;
use crate::ticket::id::UserId;
use crate::ticket::priority::Priority;

/// The arguments, right by themselves.
#[derive(Debug)]
pub struct Raise {
    kind: String,
    subject: String,
    user: UserId,
    comments: Words,
    priority: Option<Priority>,
    /// What it is closed with, at once.
    closing: Option<Words>,
}

impl Raise {
    pub fn new(form: &Form) -> Result<Self, ApiError> {
        let kind = args::required(form, "type")?.trim().to_owned();
        let subject = args::required(form, "subject")?.to_owned();
        let user = args::user(form)?;
        let comments = Words::plain(args::required(form, "comments")?);
        let priority = match args::optional(form, "priority") {
            Some(_) => words::priority(args::word(form, "priority", words::PRIORITIES)?),
            None => None,
        };
        let closing = match args::optional(form, "closeTicketImmediately") {
            Some(_) if args::word(form, "closeTicketImmediately", &["true", "false"])? == "true" => {
                let kind = args::required(form, "resolutionType")?.trim();
                let subject = args::required(form, "resolutionSubject")?;
                Some(Words::plain(format!("{kind}: {subject}")))
            }
            _ => None,
        };
        Ok(Self { kind, subject, user, comments, priority, closing })
    }

    /// Opens the ticket in the customer's name. Closed at once, it is told as closed only; and it is the
    /// program that closes it, so the customer hears of it.
    pub async fn run(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        door: Door,
        now: Timestamp,
    ) -> Result<Answer, ApiError> {
        let user = args::customer(tx, self.user).await?;
        // The program that holds the token vouches for its customer.
        let user = people::vouched(tx, user, None, None, now).await?;
        let kind = desk.directory.kind_by_name(&self.kind);
        let queue = kind.and_then(|kind| desk.directory.queue(kind.queue_id));
        let (Some(kind), Some(queue)) = (kind, queue) else {
            return Err(ApiError::missing("There is no such ticket type"));
        };
        let actor = Actor { user: Some(user.clone()), door };
        let request = Request {
            queue,
            type_id: Some(kind.id),
            subject: &self.subject,
            submitter: Some(&user),
            owner_id: None,
            priority: self.priority,
            due_at: None,
            follows: None,
            authentication: "api",
            locale: None,
            visibility: Visibility::Public,
            words: &self.comments,
            origin: None,
        };
        let (ticket, written) = open::open(desk, tx, &actor, &request, now).await?;
        if let Some(closing) = &self.closing {
            close::close(desk, tx, &Actor { user: None, door }, (ticket.id, closing), now).await?;
        } else {
            let words = Some(&self.comments);
            let occasion =
                Occasion { words, written: Some(&written), ..Occasion::new(Event::Opened, &actor) };
            notify::tell(desk, tx, &ticket, &occasion, now).await?;
        }
        Ok(raised(ticket.id.0))
    }
}

fn raised(id: i64) -> Answer {
    let body = format!(
        "{{\"status\":\"success\",\"errorCode\":200,\"message\":\"Your ticket with the ID {id} has been raised. \
         Please wait for the response and note the ticket Id for future reference.\",\"ticketId\":\"{id}\"}}"
    );
    Answer { content_type: answer::JSON, body }
}
