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
use crate::desk::event::News;
use crate::desk::letter;
use crate::desk::table;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::template::name::Name;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;

/// Notes on its ticket that a mail is late (`queued`), lost (`rejected`), of unknown fate (`unknown`) or not lost after
/// all (`resumed`), and mails those whom that concerns.
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
    let may_still_come = matches!(state, "queued" | "resumed");
    if !may_still_come {
        action
            .add(Event::added(Kind::DeliveryFailed, "undelivered", row.id.to_string()).by_entry(written.id));
        if row.user_id.is_some() && row.user_id == action.ticket.submitter_id {
            action.ticket.need_attention(now);
        }
    }
    let event = if may_still_come { table::Event::Late } else { table::Event::Returned };
    mishap(&mut action, row, event, text);
    event::record(desk, tx, action, now).await?;
    Ok(())
}

/// Has whoever wrote the mail, or must see to its ticket, told what became of it: `Returned` or `Late`. A failed
/// notice of this kind is told to nobody.
pub fn mishap(action: &mut Action, row: &Outgoing, event: table::Event, text: String) {
    let name = Name::parse(&row.template);
    if name == Some(Name::DeliveryFailed) {
        return;
    }
    let to_staff = name.is_some_and(letter::is_for_staff);
    // Only the owner or a list was told alone: the other agents have had their own mails.
    let one_of_many = to_staff && row.user_id.is_some() && row.user_id != action.ticket.owner_id;
    let event = if one_of_many { table::Event::Late } else { event };
    action.tell(News { note: Some(text), returned: Some(Box::new(row.clone())), ..News::new(event) });
}

fn sentence(row: &Outgoing, state: &str, answer: &str) -> String {
    let to = &row.recipient;
    match state {
        "queued" => {
            format!("The mail to {to} is not delivered yet; it is tried again: {answer}")
        }
        "resumed" => format!("The mail to {to} is tried again after all: {answer}"),
        "held" => format!("The mail to {to} is not sent. It is {answer}"),
        "unknown" => format!("Nobody knows whether the mail to {to} arrived: {answer}"),
        _ => format!("The mail to {to} could not be delivered: {answer}"),
    }
}
