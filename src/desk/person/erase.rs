//! Erasing a person: what they said, were called and could be reached by goes, here and in the words of others.
//!
//! Done in steps, each a transaction of its own that keeps nobody waiting, and each behind the one that was kept last:
//! whoever dies in the middle goes on there. What is needed to know their old mails again stays, as hashes.

pub(super) mod case;
mod scan;
mod ticket;
mod words;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::event;
use crate::desk::person::erase::case::Case;
use crate::desk::person::erase::case::Next;
use crate::desk::person::erase::case::Remembered;
use crate::desk::person::erase::case::is_by;
use crate::desk::person::erase::case::is_to;
use crate::desk::person::erase::case::tickets_of;
use crate::desk::person::erase::words::Sought;
use crate::desk::person::refused;
use crate::desk::person::unknown;
use crate::email::Email;
use crate::store;
use crate::store::db::Tx;
use crate::store::erasures::Erasure;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::OutboxId;
use crate::ticket::id::TicketId;
use crate::ticket::id::UserId;
use crate::ticket::person::User;
use crate::ticket::traces::ERASED;
use crate::ticket::traces::Stage;

/// How far a step came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To be called again.
    More,
    /// This mail to them is just being sent: to be called again in a while.
    Waiting(OutboxId),
    Done,
}

/// What would go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Extent {
    pub tickets: usize,
    /// Entries that they wrote.
    pub entries: usize,
    /// Files that came with those.
    pub files: usize,
    /// Mails to them.
    pub mails: usize,
    /// Tickets of which a partner keeps a copy.
    pub shared: usize,
}

/// Begins to erase somebody. They cannot act any more; an agent's open tickets were handed back before.
pub async fn begin(tx: &mut Tx, actor: &Actor, id: UserId, now: Timestamp) -> Result<(), DeskError> {
    authority::may(actor, Act::Erase)?;
    let user = store::users::lock(tx, id).await?.ok_or_else(unknown)?;
    if let Some(other) = user.merged_into {
        return refused(format!("person {id} was merged into {other}: erase that one"));
    }
    if store::erasures::lock(tx, id).await?.is_some() {
        return Ok(());
    }
    store::users::disable(tx, id, now).await?;
    if user.role.is_staff() && !store::tickets::list_open_of_owner(tx, id, 1).await?.is_empty() {
        return refused("their open tickets are to be handed back first: `helpdeskd user disable` does that");
    }
    let words = remembered(tx, &user).await?;
    let erasure = Erasure {
        user_id: id,
        stage: Stage::Tickets,
        cursor: 0,
        words: written(&words)?,
        actor_id: actor.id(),
        started_at: now,
        ended_at: None,
    };
    Ok(store::erasures::insert(tx, &erasure).await?)
}

/// Does the next part of it.
pub async fn step(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    now: Timestamp,
) -> Result<Step, DeskError> {
    authority::may(actor, Act::Erase)?;
    let Some(mut erasure) = store::erasures::lock(tx, id).await? else {
        return refused("nobody began to erase them");
    };
    if erasure.stage == Stage::Done {
        return Ok(Step::Done);
    }
    let mut words: Remembered = serde_json::from_str(&erasure.words).unwrap_or_default();
    let sought = Sought::of(desk, &words.addresses, &words.names);
    let case = Case { actor, id, sought, now };
    let next = match erasure.stage {
        Stage::Tickets => case.next_ticket(tx, &mut words, erasure.cursor).await?,
        Stage::Rest => {
            case.rest(tx, &words).await?;
            Next::Over
        }
        stage => case.scan(tx, stage, erasure.cursor).await?,
    };
    match next {
        Next::Waiting(mail) => return Ok(Step::Waiting(mail)),
        Next::Behind(row) => erasure.cursor = row,
        Next::Over => {
            erasure.stage = erasure.stage.next();
            erasure.cursor = 0;
        }
    }
    erasure.words = written(&words)?;
    if erasure.stage == Stage::Done {
        erasure.words = String::new();
        erasure.ended_at = Some(now);
        let event = Event::new(Kind::UserChanged, "erased", None, None);
        event::record_person(tx, actor, id, event, now).await?;
    }
    store::erasures::update(tx, &erasure).await?;
    Ok(if erasure.stage == Stage::Done { Step::Done } else { Step::More })
}

/// What would go of somebody.
pub async fn extent(tx: &mut Tx, actor: &Actor, user: &User) -> Result<Extent, DeskError> {
    authority::may(actor, Act::Erase)?;
    let mut extent = Extent::default();
    let keys = user.keys();
    let mut after = TicketId(0);
    loop {
        let tickets = tickets_of(tx, user.id, &keys, after).await?;
        let Some(last) = tickets.last() else { return Ok(extent) };
        after = *last;
        for &ticket in &tickets {
            extent.tickets += 1;
            for entry in store::followups::list(tx, ticket).await? {
                if is_by(&entry, user.id, &keys) {
                    extent.entries += 1;
                    extent.files += store::attachments::list_of_followup(tx, entry.id).await?.len();
                }
            }
            let mails = store::outbox::list_of_ticket(tx, ticket).await?;
            extent.mails += mails.iter().filter(|mail| is_to(mail, user.id, &keys)).count();
            extent.shared += usize::from(!store::shared_tickets::list(tx, ticket).await?.is_empty());
        }
    }
}

/// All that somebody was called, and their addresses.
async fn remembered(tx: &mut Tx, user: &User) -> Result<Remembered, sqlx::Error> {
    let addresses = user.keys();
    let is_name = |name: &String| !addresses.contains(&Email::key_of(name)) && name != ERASED;
    let mut names = Vec::new();
    for one in [user].into_iter().chain(&store::users::list_merged(tx, user.id).await?) {
        let log = store::events::list_of_user(tx, one.id).await?;
        names.extend(log.into_iter().filter(|event| event.field == "name").filter_map(|event| event.old));
        names.push(one.name.clone());
    }
    names.retain(is_name);
    names.sort();
    names.dedup();
    Ok(Remembered { addresses, names, username: user.username.clone(), tickets: Vec::new() })
}

fn written(words: &Remembered) -> Result<String, DeskError> {
    serde_json::to_string(words).map_err(|error| DeskError::Refused(error.to_string()))
}
