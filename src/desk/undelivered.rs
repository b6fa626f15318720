//! A mail that does not arrive: a private note where it belongs, and word to whoever wrote it.

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Actor;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::locale;
use crate::desk::prepared::Prepared;
use crate::desk::suppress;
use crate::desk::table;
use crate::mail::delivery::State;
use crate::store::db::Tx;
use crate::store::outbox::Outgoing;
use crate::store::suppressions::Suppression;
use crate::template::name::Name;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;

/// What became of a mail that does not arrive.
#[derive(Clone, Copy, Debug)]
pub enum Fate<'a> {
    /// It is late, lost or of unknown fate, as its state in the outbox says, with what the server said.
    Answered { state: State, answer: &'a str },
    /// Its address is not written to.
    Suppressed(&'a Suppression),
    /// It was given up, and is not lost after all: the server refused everybody alike.
    Resumed,
}

/// Notes on its ticket what became of a mail, for those whom that concerns. The caller records it; there is nothing
/// to record where there is no ticket, or none any more.
pub async fn note(
    desk: &Desk,
    tx: &mut Tx,
    row: &Outgoing,
    fate: Fate<'_>,
    now: Timestamp,
) -> Result<Option<Action>, DeskError> {
    let Some(ticket_id) = row.ticket_id else { return Ok(None) };
    let Some(mut action) = Action::begin_if_there(tx, &Actor::desk(), ticket_id).await? else {
        return Ok(None);
    };
    let sentence = sentence(row, fate);
    let locale = locale::of_agents(desk, action.ticket.queue_id);
    let words = Prepared::plain(desk.templates.sentence(&locale, &sentence));
    let entry = Entry {
        kind: EntryKind::Undelivered,
        visibility: Visibility::Private,
        words: &words,
        new_status: None,
        origin: None,
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    let may_still_come = matches!(fate, Fate::Answered { state: State::Queued, .. } | Fate::Resumed);
    if !may_still_come {
        action
            .add(Event::added(Kind::DeliveryFailed, "undelivered", row.id.to_string()).by_entry(written.id));
        if row.user_id.is_some() && row.user_id == action.ticket.submitter_id {
            action.ticket.need_attention(now);
        }
    }
    let event = if may_still_come { table::Event::Late } else { table::Event::Returned };
    mishap(&mut action, row, event, sentence);
    Ok(Some(action))
}

/// Has whoever wrote the mail, or must see to its ticket, told what became of it: `Returned` or `Late`. A failed
/// notice of this kind is told to nobody.
pub(crate) fn mishap(action: &mut Action, row: &Outgoing, event: table::Event, note: Sentence) {
    let name = Name::parse(&row.template);
    if name == Some(Name::DeliveryFailed) {
        return;
    }
    let to_staff = name.is_some_and(Name::is_for_staff);
    // Only the owner or a list was told alone: the other agents have had their own mails.
    let one_of_many = to_staff && row.user_id.is_some() && row.user_id != action.ticket.owner_id;
    let event = if one_of_many { table::Event::Late } else { event };
    action.tell(News { note: Some(note), returned: Some(Box::new(row.clone())), ..News::new(event) });
}

fn sentence(row: &Outgoing, fate: Fate<'_>) -> Sentence {
    let (state, answer) = match fate {
        Fate::Answered { state, answer } => (state, answer),
        Fate::Suppressed(suppression) => {
            let held = Sentence::new("note.mail_held").with("to", &row.recipient);
            return suppress::told(held, "reason", &suppression.reason).with("detail", &suppression.detail);
        }
        Fate::Resumed => return Sentence::new("note.mail_resumed").with("to", &row.recipient),
    };
    let sentence = match state {
        State::Queued => Sentence::new("note.mail_queued"),
        State::Unknown => Sentence::new("note.mail_unknown"),
        State::Sent | State::Rejected | State::Cancelled => Sentence::new("note.mail_rejected"),
    };
    sentence.with("to", &row.recipient).with("answer", answer)
}
