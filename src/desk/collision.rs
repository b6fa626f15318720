//! Two agents who answer one ticket, the second without knowing of the first.
//!
//! Finds that out and says it; what becomes of the second answer is decided where it came in.

use std::time::Duration;

use tracing::info;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::actor::Actor;
use crate::desk::actor::Door;
use crate::mail::thread::Keys;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::collisions::Answered;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view;
use crate::ticket::id::FollowupId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;

/// At doors where nobody knows what an agent had read, what is older than this they had.
const AT_ONCE: Duration = Duration::from_mins(5);

/// Another agent's answer, which the one who answers now did not know of.
#[derive(Clone, Debug)]
pub struct Collision {
    answered: Answered,
    when: String,
    second: String,
    door: Door,
}

/// The answer of another agent that came after what the mail's author had been shown.
pub(crate) async fn unseen(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    keys: &Keys,
) -> Result<Option<Collision>, sqlx::Error> {
    match shown(tx, ticket, keys).await? {
        Some(shown) => find(desk, tx, actor, ticket, shown, Timestamp(0)).await,
        None => Ok(None),
    }
}

/// What a mail shows that its author knew of a ticket: the newest entry that the mails it answers speak of. None
/// where it answers none.
async fn shown(tx: &mut Tx, ticket: &Ticket, keys: &Keys) -> Result<Option<FollowupId>, sqlx::Error> {
    let mut shown = None;
    for (token, _) in &keys.tokens {
        shown = shown.max(store::followups::collisions::find_shown(tx, token.row).await?);
    }
    for id in &keys.in_reply_to {
        shown = shown.max(store::followups::collisions::find_by_message_id(tx, ticket.id, id).await?);
    }
    Ok(shown)
}

/// The answer that another agent gave just now, where the action is an agent's by a program or at the command line.
pub(super) async fn at_once(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<Collision>, sqlx::Error> {
    match actor.door() {
        Door::Cli | Door::Jutda | Door::Jaze(_) | Door::Api(_) => {}
        Door::Mail | Door::Sharing | Door::Link | Door::Desk => return Ok(None),
    }
    find(desk, tx, actor, ticket, FollowupId(0), now.minus(AT_ONCE)).await
}

async fn find(
    desk: &Desk,
    tx: &mut Tx,
    actor: &Actor,
    ticket: &Ticket,
    after: FollowupId,
    since: Timestamp,
) -> Result<Option<Collision>, sqlx::Error> {
    let agent = actor.user().filter(|_| actor.is_staff());
    // On a request of their own they speak as the customer.
    let Some(agent) = agent.filter(|agent| ticket.submitter_id != Some(agent.id)) else { return Ok(None) };
    let answered =
        store::followups::collisions::find_answer_of_another(tx, ticket.id, agent.id, after, since).await?;
    let config = &desk.config.desk;
    let facts = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
    Ok(answered.map(|answered| Collision {
        when: view::moment(&facts, answered.created_at),
        second: agent.name.clone(),
        door: actor.door(),
        answered,
    }))
}

impl Collision {
    /// Who answered first, if they are to be told of it: whoever answered by a program's door is not.
    pub(crate) fn first(&self) -> Option<UserId> {
        (self.door == Door::Mail).then_some(self.answered.author_id)
    }

    /// For the operator's trace.
    pub(crate) fn evidence(&self) -> String {
        format!(
            "entry {} is another agent's answer, and is in no mail that this one answers",
            self.answered.id
        )
    }

    /// As the second agent reads it.
    pub(crate) fn to_second(&self) -> Sentence {
        self.say("note.answered_before")
    }

    /// As everybody else reads it.
    pub(super) fn to_others(&self) -> Sentence {
        self.say("note.two_answers").with("second", &self.second)
    }

    /// As everybody else reads it where the second answer is kept.
    pub(crate) fn held(&self) -> Sentence {
        self.say("note.answer_held").with("second", &self.second)
    }

    fn say(&self, key: &'static str) -> Sentence {
        Sentence::new(key)
            .with("first", &self.answered.author_name)
            .with("when", &self.when)
            .with("entry", &self.answered.id)
    }

    pub(super) fn log(&self, ticket: &Ticket) {
        let (id, door) = (ticket.id, self.door.as_str());
        info!(ticket.id = id.0, entry.id = self.answered.id.0, door, "two agents answered ticket {id}");
    }
}
