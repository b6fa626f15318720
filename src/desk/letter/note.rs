//! What agents are told above what somebody wrote.

use crate::desk::Desk;
use crate::desk::notify::occasion::Occasion;
use crate::desk::table::Event;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;
use crate::ticket::id::TicketId;

/// A sentence for staff, and a warning where a customer's further mail may be anybody's.
pub(super) fn above(
    desk: &Desk,
    occasion: &Occasion<'_>,
    ticket_id: TicketId,
    locale: &str,
) -> Option<String> {
    let news = occasion.news;
    let origin = news.origin.as_ref().filter(|_| !occasion.actor.is_staff());
    let found = origin.map(|origin| origin.authentication);
    let warning = found.filter(|_| news.event != Event::Opened).and_then(unproven_sender);
    let told = |sentence| desk.templates.sentence(locale, sentence);
    let older = origin.and_then(|_| older_lines(occasion, ticket_id));
    let sentences: Vec<String> = news.note.iter().chain(&warning).chain(&older).map(told).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// What of a mail is not shown, and where it is.
fn older_lines(occasion: &Occasion<'_>, ticket_id: TicketId) -> Option<Sentence> {
    let lines = occasion.news.words.as_ref()?.left_out();
    let sentence = || Sentence::new("note.lines_left_out").with("lines", &lines);
    (lines > 0).then(|| sentence().with("number", &ticket_id))
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
