//! What one of our own people could not be told in mails of its own, in one mail: tickets, subjects, what happened.
//!
//! What is gathered is decided in `hold_back`; when this runs, by the schedule.

use std::collections::HashMap;

use crate::clock::Timestamp;
use crate::desk::Desk;
use crate::desk::DeskError;
use crate::desk::alert;
use crate::desk::alert::Told;
use crate::desk::budget::Budget;
use crate::desk::locale;
use crate::store;
use crate::store::db::Tx;
use crate::store::digest_lines::Line;
use crate::template::sentence::Sentence;
use crate::ticket::id::TicketId;
use crate::ticket::life::Ticket;

/// Tickets that one digest names; of more it says how many they are.
const MOST: usize = 300;

/// What happened to one ticket, in the order in which it happened first.
#[derive(Debug)]
struct Story {
    ticket_id: TicketId,
    events: Vec<(String, usize)>,
    /// How many of the events are shown to be from whom they say.
    proven: usize,
}

/// Mails one of our own people what waits for them. A desk without queues has no voice, and lets it wait.
pub async fn write(desk: &Desk, tx: &mut Tx, recipient_key: &str, now: Timestamp) -> Result<(), DeskError> {
    let Some(any) = desk.directory.queues().first() else { return Ok(()) };
    let lines = store::digest_lines::take(tx, recipient_key).await?;
    let Some(first) = lines.first() else { return Ok(()) };
    let queue = desk.directory.queue(first.queue_id).unwrap_or(any);
    let user = match first.user_id {
        Some(id) => store::users::find(tx, id).await?,
        None => None,
    };
    let locale = locale::of_reader(desk, queue, user.as_ref(), None);
    let stories = stories(&lines);
    let text = text(desk, tx, &stories, &locale).await?;
    let title = Sentence::new("note.digest_title").with("count", &stories.len());
    let told = Told {
        event: "digest",
        queue,
        address: &first.recipient,
        user_id: first.user_id,
        about: None,
        locale: &locale,
        title: &desk.templates.sentence(&locale, &title),
        text: &text,
    };
    alert::notification(desk, tx, &told, now).await
}

/// One story a ticket; those of which nothing is proven stand last.
fn stories(lines: &[Line]) -> Vec<Story> {
    let mut stories: Vec<Story> = Vec::new();
    let mut places = HashMap::new();
    for line in lines {
        let at = *places.entry(line.ticket_id).or_insert_with(|| {
            stories.push(Story { ticket_id: line.ticket_id, events: Vec::new(), proven: 0 });
            stories.len() - 1
        });
        let story = &mut stories[at];
        story.proven += usize::from(line.budget != Budget::Unproven.as_str());
        match story.events.iter_mut().find(|(event, _)| *event == line.event) {
            Some((_, count)) => *count += 1,
            None => story.events.push((line.event.clone(), 1)),
        }
    }
    stories.sort_by_key(|story| story.proven == 0);
    stories
}

async fn text(desk: &Desk, tx: &mut Tx, stories: &[Story], locale: &str) -> Result<String, DeskError> {
    let mut parts = vec![desk.templates.sentence(locale, &Sentence::new("note.digest_says"))];
    for story in stories.iter().take(MOST) {
        if let Some(ticket) = store::tickets::find(tx, story.ticket_id).await? {
            parts.push(line(desk, &ticket, story, locale));
        }
    }
    let more = stories.len().saturating_sub(MOST);
    if more > 0 {
        let told = Sentence::new("note.digest_more").with("count", &more);
        parts.push(desk.templates.sentence(locale, &told));
    }
    Ok(parts.join("\n\n"))
}

/// Such as `[support-12] Printer on fire: a new ticket, 3 × somebody wrote`.
fn line(desk: &Desk, ticket: &Ticket, story: &Story, locale: &str) -> String {
    let slug = desk.directory.queue(ticket.queue_id).map_or("", |queue| &queue.config.slug);
    let say = |key| desk.templates.sentence(locale, &Sentence::new(key));
    let words = story.events.iter().map(|(event, count)| {
        let word = say(key(event));
        if *count > 1 { format!("{count} × {word}") } else { word }
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let doubt = if story.proven == 0 { format!(" {}", say("note.digest_unproven")) } else { String::new() };
    format!("{} {}: {words}{doubt}", ticket.tag(slug), ticket.subject)
}

fn key(event: &str) -> &'static str {
    match event {
        "opened" => "note.digest_opened",
        "commented" => "note.digest_commented",
        "noted" => "note.digest_noted",
        "kept" => "note.digest_kept",
        "resolved" => "note.digest_resolved",
        "closed" => "note.digest_closed",
        "reopened" => "note.digest_reopened",
        "assigned" => "note.digest_assigned",
        "returned" | "late" => "note.digest_returned",
        _ => "note.digest_other",
    }
}
