//! What waits for an agent, told each morning to those who want that. Nothing is told where nothing waits.
//!
//! When it is morning says the schedule; who has heard today is kept with the setting.

use std::collections::HashSet;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::actor::Actor;
use crate::desk::agents;
use crate::desk::alert;
use crate::desk::alert::Told;
use crate::desk::authority;
use crate::desk::authority::Act;
use crate::desk::directory::Queue;
use crate::desk::event;
use crate::desk::locale;
use crate::store;
use crate::store::db::Tx;
use crate::template::context::DeskFacts;
use crate::template::sentence::Sentence;
use crate::template::view::moment;
use crate::ticket::event::Event;
use crate::ticket::event::Kind;
use crate::ticket::id::QueueId;
use crate::ticket::id::UserId;
use crate::ticket::life::Ticket;
use crate::ticket::person::User;

/// As the outbox calls it.
const MORNING: &str = "morning";
/// Lines of one section.
const MOST: usize = 20;
/// Tickets that are looked through for a section.
const LOOKED_AT: i64 = 1000;

/// Has somebody hear each morning, or no more; false if it was so before.
pub async fn set(
    tx: &mut Tx,
    actor: &Actor,
    user: &User,
    wants: Wish,
    now: Timestamp,
) -> Result<bool, DeskError> {
    authority::may(actor, Act::Person)?;
    if !user.is_active_staff() && wants == Wish::On {
        return Err(DeskError::Refused(format!("{} is no active agent", user.name)));
    }
    let changed = match wants {
        Wish::On => store::morning_digests::insert(tx, user.id, now).await?,
        Wish::Off => store::morning_digests::delete(tx, user.id).await?,
    };
    if changed {
        let event = Event::added(Kind::UserChanged, MORNING, wants.as_str());
        event::record_person(tx, actor, user.id, event, now).await?;
    }
    Ok(changed)
}

/// Whether somebody wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    On,
    Off,
}

impl Wish {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

/// A part of what waits: its title, and its lines.
type Section = (&'static str, Vec<String>);

/// Mails somebody what waits for them; says whether anything does. `today` is when the day ends.
pub async fn write(
    desk: &Desk,
    tx: &mut Tx,
    id: UserId,
    today: Timestamp,
    now: Timestamp,
) -> Result<bool, DeskError> {
    let Some(user) = store::users::find(tx, id).await?.filter(User::is_active_staff) else {
        return Ok(false);
    };
    let (Some(address), Some(queue)) = (&user.email, desk.directory.queues().first()) else {
        return Ok(false);
    };
    let locale = locale::of_reader(desk, queue, Some(&user), None);
    let sections = sections(desk, tx, &user, today).await?;
    if sections.is_empty() {
        return Ok(false);
    }
    let say = |sentence: Sentence| desk.templates.sentence(&locale, &sentence);
    let mut parts = Vec::new();
    for (title, mut lines) in sections {
        let more = lines.len().saturating_sub(MOST);
        lines.truncate(MOST);
        if more > 0 {
            lines.push(say(Sentence::new("note.digest_more").with("count", &more)));
        }
        parts.push(format!("{}\n{}", say(Sentence::new(title)), lines.join("\n")));
    }
    let title = say(Sentence::new("note.morning_title"));
    let told = Told {
        event: MORNING,
        queue,
        address,
        user_id: Some(user.id),
        about: None,
        locale: &locale,
        title: &title,
        text: &parts.join("\n\n"),
    };
    alert::notification(desk, tx, &told, now).await?;
    Ok(true)
}

async fn sections(
    desk: &Desk,
    tx: &mut Tx,
    user: &User,
    today: Timestamp,
) -> Result<Vec<Section>, DeskError> {
    let queues = queues(desk, tx, user).await?;
    let concerns = |ticket: &Ticket| queues.contains(&ticket.queue_id);
    let is_theirs = |ticket: &Ticket| ticket.owner_id == Some(user.id);
    let shown = |ticket: &Ticket| line(desk, ticket);
    let own = store::tickets::mornings::list_open_of(tx, user.id, LOOKED_AT).await?;
    let waiting = store::tickets::mornings::list_waiting_longest(tx, LOOKED_AT).await?;
    let waking = store::tickets::mornings::list_waking_before(tx, today, LOOKED_AT).await?;
    let drafts = store::drafts::list_of_agent(tx, user.id, LOOKED_AT).await?;
    let waiting = || waiting.iter().filter(|ticket| !ticket.is_held());
    let free = |ticket: &&Ticket| ticket.owner_id.is_none() && concerns(ticket);
    let wakes = |ticket: &&Ticket| is_theirs(ticket) || ticket.owner_id.is_none() && concerns(ticket);
    let named = |id| own.iter().find(|ticket| ticket.id == id).map(shown);
    let sections: Vec<Section> = vec![
        ("note.morning_waiting", waiting().filter(|ticket| is_theirs(ticket)).map(shown).collect()),
        ("note.morning_free", waiting().filter(free).map(shown).collect()),
        ("note.morning_waking", waking.iter().filter(wakes).map(shown).collect()),
        (
            "note.morning_drafts",
            drafts
                .iter()
                .map(|draft| named(draft.ticket_id).unwrap_or_else(|| draft.ticket_id.to_string()))
                .collect(),
        ),
        (
            "note.morning_own",
            own.iter()
                .filter(|ticket| ticket.waiting_since.is_none() && !ticket.is_held())
                .map(shown)
                .collect(),
        ),
    ];
    Ok(sections.into_iter().filter(|(_, lines)| !lines.is_empty()).collect())
}

/// The queues of which somebody is an agent.
async fn queues(desk: &Desk, tx: &mut Tx, user: &User) -> Result<HashSet<QueueId>, sqlx::Error> {
    let staff = store::users::list_staff(tx).await?;
    let is_theirs = |queue: &&std::sync::Arc<Queue>| {
        agents::of(&queue.config, staff.clone()).iter().any(|agent| agent.id == user.id)
    };
    Ok(desk.directory.queues().iter().filter(is_theirs).map(|queue| queue.id).collect())
}

/// Such as `[support-12] Printer on fire (2026-03-02 09:00 UTC)`: since when its customer waits, or it was opened.
fn line(desk: &Desk, ticket: &Ticket) -> String {
    let config = &desk.config.desk;
    let facts = DeskFacts { name: config.name.clone(), timezone: config.timezone.clone() };
    let slug = desk.directory.queue(ticket.queue_id).map_or("", |queue| &queue.config.slug);
    let at = ticket.held_until.or(ticket.waiting_since).unwrap_or(ticket.created_at);
    format!("{} {} ({})", ticket.tag(slug), ticket.subject, moment(&facts, at))
}
