//! A mail that does not arrive: a private note where it belongs, and word to whoever wrote it.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::event;
use crate::desk::event::Action;
use crate::desk::letter;
use crate::desk::letter::Letter;
use crate::desk::notify::Occasion;
use crate::desk::notify::Recipient;
use crate::desk::table;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::template::name::Name;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// Notes on its ticket that a mail is late (`queued`), lost (`rejected`) or of unknown fate (`unknown`), and
/// mails the owner, or else the queue's people. A failed notice of this kind is only noted.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    (state, answer): (&str, &str),
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(ticket_id) = row.ticket_id else { return Ok(()) };
    let mut action = match Action::begin(tx, &Actor::desk(), ticket_id).await {
        Ok(action) => action,
        Err(DeskError::Ticket(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let text = sentence(row, state, answer);
    let words = Words::plain(text.clone());
    let entry = Entry {
        kind: "undelivered",
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    if state != "queued" {
        action
            .add(Event::added(Kind::DeliveryFailed, "undelivered", row.id.to_string()).by_entry(written.id));
        if row.user_id.is_some() && row.user_id == action.ticket.submitter_id {
            action.ticket.need_attention(now);
        }
    }
    let ticket = event::record(desk, tx, action, now).await?;
    tell_staff(desk, tx, (&ticket, row), &text, now).await
}

/// Mails what happened to whoever wrote the mail, or must see to its ticket.
pub async fn tell_staff(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, row): (&Ticket, &Outgoing),
    text: &str,
    now: Timestamp,
) -> Result<(), DeskError> {
    let is_notice = row.template == Name::DeliveryFailed.as_str();
    let Some(queue) = desk.directory.queue(ticket.queue_id).filter(|_| !is_notice) else { return Ok(()) };
    let actor = Actor::desk();
    let occasion = Occasion { note: Some(text), ..Occasion::new(table::Event::Noted, &actor) };
    for recipient in staff(desk, tx, ticket.id, row).await? {
        let letter = Letter {
            ticket,
            queue,
            occasion: &occasion,
            recipient: &recipient,
            history: &[],
            thread: &[],
            submitter: None,
            owner: None,
        };
        letter::post(desk, tx, &letter, now).await?;
    }
    Ok(())
}

fn sentence(row: &Outgoing, state: &str, answer: &str) -> String {
    let to = &row.recipient;
    match state {
        "queued" => {
            format!("The mail to {to} is not delivered yet; it is tried again: {answer}")
        }
        "held" => format!("The mail to {to} is not sent. It is {answer}"),
        "unknown" => format!("Nobody knows whether the mail to {to} arrived: {answer}"),
        _ => format!("The mail to {to} could not be delivered: {answer}"),
    }
}

/// Whose business it is: the author of the words if he is staff, else the owner, else the queue's list.
async fn staff(desk: &Desk, tx: &mut Tx, id: TicketId, row: &Outgoing) -> Result<Vec<Recipient>, DeskError> {
    let Some(ticket) = store::tickets::find(tx, id).await? else { return Ok(Vec::new()) };
    let author = match row.followup_id {
        Some(id) => store::followups::find_author(tx, id).await?,
        None => None,
    };
    for id in [author, ticket.owner_id].into_iter().flatten() {
        let user = store::users::find(tx, id).await?.filter(User::is_active_staff);
        if let Some(User { email: Some(email), .. }) = &user
            && *email != row.recipient
        {
            return Ok(vec![Recipient { address: email.clone(), user, template: Name::DeliveryFailed }]);
        }
    }
    let lists = desk.directory.queue(ticket.queue_id).map(|queue| queue.config.updated_ticket_cc.clone());
    let others = lists.unwrap_or_default().into_iter().filter(|address| *address != row.recipient);
    Ok(others.map(|address| Recipient { address, user: None, template: Name::DeliveryFailed }).collect())
}
