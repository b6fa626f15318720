//! A ticket that is spam: it goes, and its mails wait as suspended ones do, so that the judgement can be taken back.
//!
//! What a filter in front of the desk marks as spam never becomes a ticket; that is decided in `receive`.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::config::queue::OnServer;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::delete;
use crate::desk::ignore;
use crate::store;
use crate::store::db::Tx;
use crate::ticket::TicketError;
use crate::ticket::id::InboxId;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;

/// Why a mail waits that was spam.
pub const REASON: &str = "spam";

/// What becomes of later mail from the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Heard,
    Ignored,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Marked {
    pub ticket_id: TicketId,
    /// The mails that wait now.
    pub messages: Vec<InboxId>,
    /// The address whose mail is ignored from now on.
    pub ignored: Option<String>,
}

/// Takes a ticket for spam. One that an agent answered is none: their words went to somebody.
pub async fn mark(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: TicketId,
    sender: Sender,
    now: Timestamp,
) -> Result<Marked, DeskError> {
    authority::may(actor, Act::Spam)?;
    let ticket = store::tickets::lock(tx, id).await?.ok_or(TicketError::Unknown(id))?;
    if store::followups::conversations::is_answered(tx, id).await? {
        let why = "an agent has answered this ticket: close it, or delete it";
        return Err(DeskError::Refused(why.to_owned()));
    }
    let submitter = match ticket.submitter_id {
        Some(id) => store::users::find(tx, id).await?,
        None => None,
    };
    let ignored = match (sender, submitter) {
        (Sender::Ignored, Some(user)) => Some(ignore_mail_of(desk, tx, &user, now).await?),
        (Sender::Ignored, None) => {
            return Err(DeskError::Refused("nobody is known to have sent this ticket".to_owned()));
        }
        (Sender::Heard, _) => None,
    };
    let messages = store::inbox::upkeep::suspend_ticket(tx, id, REASON).await?;
    delete::take_away(desk, tx, Action::on(actor, ticket), Some(REASON), now).await?;
    Ok(Marked { ticket_id: id, messages, ignored })
}

async fn ignore_mail_of(desk: &Desk, tx: &mut Tx, user: &User, now: Timestamp) -> Result<String, DeskError> {
    let Some(address) = user.email.clone() else {
        return Err(DeskError::Refused("whoever sent this ticket has no address".to_owned()));
    };
    if user.is_active_staff() || desk.directory.is_own(&address) {
        return Err(DeskError::Refused(format!("{address} is one of our own: their mail cannot be ignored")));
    }
    ignore::add(tx, None, (&address, OnServer::Keep), now).await?;
    Ok(address)
}
