//! What agents are told above what somebody wrote.

use crate::desk::Desk;
use crate::desk::notify::announcement::Announcement;
use crate::desk::table::Event;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::TicketId;

/// A sentence for staff, and a warning where a customer's further mail may be anybody's.
///
/// `file` has all that the mail says, if it goes along.
pub(super) fn above(
    desk: &Desk,
    announcement: &Announcement<'_>,
    ticket_id: TicketId,
    locale: &str,
    file: Option<&str>,
) -> Option<String> {
    let news = announcement.news;
    let origin = news.origin.as_ref().filter(|_| !announcement.actor.is_staff());
    let found = origin.map(|origin| origin.authentication);
    let warning = found.filter(|_| news.event != Event::Opened).and_then(unproven_sender);
    let told = |sentence| desk.templates.sentence(locale, sentence);
    let older = older_lines(announcement, ticket_id, file);
    let note = news.note.iter().filter(|_| news.event != Event::Target);
    let sentences: Vec<String> = note.chain(&warning).chain(&older).map(told).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// What of a mail is not shown, and where it is.
fn older_lines(announcement: &Announcement<'_>, ticket_id: TicketId, file: Option<&str>) -> Option<Sentence> {
    let lines = unseen(announcement);
    let file = file.unwrap_or_default();
    let sentence = || Sentence::new("note.lines_left_out").with("lines", &lines).with("file", file);
    (lines > 0).then(|| sentence().with("number", &ticket_id))
}

/// How many lines of a received mail its telling to staff does not show. What an agent quotes is known to all.
pub(super) fn unseen(announcement: &Announcement<'_>) -> usize {
    let news = announcement.news;
    let words = news.words.as_ref().filter(|_| news.origin.is_some() && !announcement.actor.is_staff());
    words.map_or(0, |words| words.unseen())
}

fn unproven_sender(found: Authentication) -> Option<Sentence> {
    let key = match found {
        Authentication::Pass | Authentication::Api => return None,
        Authentication::None => "note.sender_none",
        Authentication::Unknown => "note.sender_unknown",
        Authentication::Fail => "note.sender_fail",
    };
    Some(Sentence::new(key))
}
