//! A mail that does not arrive: a private note where it belongs, and word to whoever wrote it.

use crate::clock::Timestamp;
use crate::desk::Actor;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Visibility;
use crate::desk::entry::Words;
use crate::desk::letter;
use crate::desk::letter::Letter;
use crate::desk::load;
use crate::desk::notify::Occasion;
use crate::desk::notify::Recipient;
use crate::desk::save;
use crate::desk::table::Event;
use crate::store;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::suppressions::Suppression;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::Ticket;
use crate::ticket::id::TicketId;
use crate::ticket::person::User;

/// What became of a mail that does not arrive.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It is late, lost or of unknown fate, as its state in the outbox says, with what the server said.
    Answered { state: &'a str, answer: &'a str },
    /// Its address is not written to.
    Suppressed(&'a Suppression),
}

/// Notes on its ticket that a mail does not arrive, and mails the owner, or else the queue's people. A failed notice
/// of this kind is only noted.
pub async fn tell(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    fate: Fate<'_>,
    now: Timestamp,
) -> Result<(), DeskError> {
    let Some(ticket_id) = row.ticket_id else { return Ok(()) };
    let mut ticket = match load(tx, ticket_id).await {
        Ok(ticket) => ticket,
        Err(DeskError::Ticket(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let actor = Actor::desk();
    let sentence = sentence(row, fate);
    let locale = letter::locale_of_agents(desk, ticket.queue_id);
    let words = Words::plain(desk.templates.sentence(&locale, &sentence));
    let entry = Entry {
        kind: "undelivered",
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    entry::write(desk, tx, (ticket.id, &actor), &entry, now).await?;
    let is_late = matches!(fate, Fate::Answered { state: "queued", .. });
    if !is_late && row.user_id.is_some() && row.user_id == ticket.submitter_id {
        ticket.attention_at = Some(now);
        save(desk, tx, &mut ticket, now).await?;
    }
    tell_staff(desk, tx, (&ticket, row), &sentence, now).await
}

/// Mails what happened to whoever wrote the mail, or must see to its ticket.
pub async fn tell_staff(
    desk: &Desk,
    tx: &mut Tx,
    (ticket, row): (&Ticket, &Outgoing),
    sentence: &Sentence,
    now: Timestamp,
) -> Result<(), DeskError> {
    let is_notice = row.template == Name::DeliveryFailed.as_str();
    let Some(queue) = desk.directory.queue(ticket.queue_id).filter(|_| !is_notice) else { return Ok(()) };
    let actor = Actor::desk();
    let occasion = Occasion { note: Some(sentence), ..Occasion::new(Event::Noted, &actor) };
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

fn sentence(row: &Outgoing, fate: Fate<'_>) -> Sentence {
    let (state, answer) = match fate {
        Fate::Answered { state, answer } => (state, answer),
        Fate::Suppressed(suppression) => {
            let held = Sentence::new("note.mail_held").with("to", &row.recipient);
            return held.with("reason", &suppression.reason).with("detail", &suppression.detail);
        }
    };
    let sentence = match state {
        "queued" => Sentence::new("note.mail_queued"),
        "unknown" => Sentence::new("note.mail_unknown"),
        _ => Sentence::new("note.mail_rejected"),
    };
    sentence.with("to", &row.recipient).with("answer", answer)
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
