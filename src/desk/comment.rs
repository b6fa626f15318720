//! Saying something on a ticket, for everybody or for the desk only.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::action;
use crate::desk::action::Action;
use crate::desk::action::News;
use crate::desk::actor::Door;
use crate::desk::assign;
use crate::desk::authority::Act;
use crate::desk::entry;
use crate::desk::entry::Entry;
use crate::desk::entry::Origin;
use crate::desk::part;
use crate::desk::prepared::Prepared;
use crate::desk::table;
use crate::desk::volume;
use crate::desk::warning;
use crate::sharing::policy::Mark;
use crate::store::db::Tx;
use crate::ticket::authentication::Authentication;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::event::Event;
use crate::ticket::id::FollowupId;
use crate::ticket::life::Speaker;

/// What is said, and how it came in.
#[derive(Clone, Debug)]
pub struct Said {
    pub visibility: Visibility,
    pub words: Arc<Prepared>,
    pub origin: Option<Arc<Origin>>,
    /// As whom a partner's person is heard; none: as the actor is.
    pub(crate) speaker: Option<Speaker>,
}

impl Said {
    pub fn of(visibility: Visibility, words: Arc<Prepared>) -> Self {
        Self { visibility, words, origin: None, speaker: None }
    }
}

/// Adds what an actor said.
///
/// A customer's public word on a resolved or closed ticket reopens it; staff do that with their own command.
pub async fn comment(
    desk: &Desk,
    tx: &mut Tx,
    action: &mut Action,
    said: Said,
    now: Timestamp,
) -> Result<FollowupId, DeskError> {
    let public = said.visibility == Visibility::Public;
    let act = if public { Act::Comment } else { Act::Note };
    part::may_on(tx, &action.actor, act, &action.ticket).await?;
    let is_staff = action.actor.is_staff();
    // A program's caller says of each message whether it is shown; it is the customer's word all the same.
    let counts = public || matches!(action.actor.door(), Door::Jaze(_));
    let wants = counts && !action.ticket.is_open() && !is_staff;
    let proof = said.origin.as_ref().map_or(Authentication::Pass, |origin| origin.authentication);
    let reopening = if wants && may_reopen(desk, tx, action, proof, now).await? {
        action.ticket.reopen(now)
    } else {
        None
    };
    let reopens = reopening.is_some();
    if public {
        assign::by_answer(desk, tx, action).await?;
        let usual = if is_staff { Speaker::Staff } else { Speaker::Customer };
        let speaker = said.speaker.unwrap_or(usual);
        // What begins a ticket again is a request, whoever wrote it down.
        if reopens && speaker == Speaker::Staff {
            action.ticket.quote(said.words.newest());
        } else {
            action.ticket.hear(speaker, said.words.newest(), now);
        }
    }
    action.touch();
    let entry = Entry {
        kind: kind(&said, reopens),
        visibility: said.visibility,
        words: &said.words,
        new_status: reopens.then_some(action.ticket.status),
        origin: said.origin.as_deref(),
    };
    let written = entry::write(desk, tx, (action.ticket.id, &action.actor), &entry, now).await?;
    let event = match reopening {
        Some(change) => Event::moved(change),
        None => action::said(said.visibility),
    };
    action.add(event.by_entry(written.id));
    let id = written.id;
    action.tell(News {
        words: Some(said.words),
        written: Some(written),
        origin: said.origin,
        ..News::new(match (reopens, public) {
            (_, false) => table::Event::Noted,
            (true, true) => table::Event::Reopened,
            (false, true) => table::Event::Commented,
        })
    });
    Ok(id)
}

/// Whether one more mail may reopen a ticket. What a loop says is kept all the same, and shown as waiting.
async fn may_reopen(
    desk: &Desk,
    tx: &mut Tx,
    action: &Action,
    proof: Authentication,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let id = action.ticket.id;
    let may = action.actor.door() != Door::Mail || volume::may_reopen(desk, tx, id, proof, now).await?;
    if !may {
        warning::reopened_often(desk, tx, id, now).await?;
    }
    Ok(may)
}

fn kind(said: &Said, reopens: bool) -> EntryKind {
    match (reopens, said.visibility, said.words.mark) {
        (true, _, _) => EntryKind::Reopened,
        (false, Visibility::Private, Mark::ToPartner) => EntryKind::PartnerNote,
        _ => EntryKind::Comment,
    }
}
