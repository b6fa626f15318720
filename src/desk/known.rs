//! What of a received mail agents have already: the mail of ours that it quotes, and what opened the ticket.
//!
//! Only reads and compares. A line that is in none of those is taken for news.

use crate::desk::fold;
use crate::desk::message::Message;
use crate::desk::message::Reading;
use crate::desk::notify::announcement::Announcement;
use crate::desk::outgoing;
use crate::mail::compose::Draft;
use crate::mail::internal::squeeze;
use crate::mail::passages::Passages;
use crate::mail::reply;
use crate::mail::reply::line::Kind;
use crate::mail::reply::line::Line;
use crate::store;
use crate::store::db::Tx;
use crate::template::context::Entry;
use crate::ticket::life::Ticket;

/// More bytes of a text are not compared while the database waits.
const COMPARED: usize = 64 * 1024;

/// What a mail has beside that which is shown of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Nothing, or what agents wrote or were shown before.
    Known,
    News,
}

/// What the mail of an announcement has that its telling does not show. `history` stands below it.
pub(crate) async fn rest(
    tx: &mut Tx,
    ticket: &Ticket,
    announcement: &Announcement<'_>,
    history: &[Entry],
) -> Result<Rest, sqlx::Error> {
    let news = announcement.news;
    let (Some(words), Some(origin)) = (&news.words, &news.origin) else { return Ok(Rest::Known) };
    if words.unseen() == 0 || announcement.actor.is_staff() {
        return Ok(Rest::Known);
    }
    if words.reading == Reading::Whole || words.text.len() > COMPARED {
        return Ok(Rest::News);
    }
    let mut known = store::followups::find_opening_text(tx, ticket.id).await?.unwrap_or_default();
    known.truncate(known.floor_char_boundary(COMPARED));
    for entry in history {
        known.push_str(entry.body.text());
    }
    if let Some(author) = &origin.author {
        known.push_str(&newest_of_ours(tx, ticket, author).await?.unwrap_or_default());
    }
    Ok(if has_news(words, &known) { Rest::News } else { Rest::Known })
}

/// The text of the last mail about the ticket that went to an address, if it was the last at all.
async fn newest_of_ours(tx: &mut Tx, ticket: &Ticket, author: &str) -> Result<Option<String>, sqlx::Error> {
    let sent = store::outbox::traffic::newest_to(tx, author, ticket.created_at).await?;
    let sent = sent.filter(|sent| sent.ticket_id == Some(ticket.id));
    let Some(draft) = sent.and_then(|sent| Draft::thaw(&sent.content).ok()) else { return Ok(None) };
    let bodies = outgoing::bodies(tx, &draft).await?;
    let whole = bodies.map(|bodies| draft.filled(&bodies));
    Ok(whole.map(|mut draft| {
        draft.text.truncate(draft.text.floor_char_boundary(COMPARED));
        draft.text
    }))
}

/// Whether a line that is not shown is not in `known` either. Lines by which programs introduce a quote say nothing.
fn has_news(words: &Message, known: &str) -> bool {
    let lines: Vec<Line<'_>> = words.text.lines().map(Line::new).collect();
    let kinds = reply::kinds(&lines);
    let known = Passages::of(squeeze(known));
    fold::old_lines(&words.text, words.newest()).into_iter().any(|at| {
        let is_introduction = matches!(kinds[at], Kind::Intro | Kind::Break | Kind::Header | Kind::Marker);
        !is_introduction && lines[at].has_words() && !known.have(&squeeze(lines[at].raw))
    })
}
