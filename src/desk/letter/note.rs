//! What agents are told above what somebody wrote.

use crate::desk::Desk;
use crate::desk::letter::content::Enclosed;
use crate::desk::letter::content::Letter;
use crate::desk::notify::occasion::Occasion;
use crate::desk::table::Event;
use crate::mail::compose;
use crate::template::sentence::Sentence;
use crate::ticket::authentication::Authentication;

/// A sentence for staff, and a warning where a customer's further mail may be anybody's.
pub(super) fn above(desk: &Desk, letter: &Letter<'_>, enclosed: &Enclosed) -> Option<String> {
    let (occasion, locale) = (letter.occasion, letter.locale.as_str());
    let news = occasion.news;
    let origin = news.origin.as_ref().filter(|_| !occasion.actor.is_staff());
    let found = origin.map(|origin| origin.authentication);
    let warning = found.filter(|_| news.event != Event::Opened).and_then(unproven_sender);
    let told = |sentence| desk.templates.sentence(locale, sentence);
    let older = older_lines(letter, enclosed);
    let sentences: Vec<String> = news.note.iter().chain(&warning).chain(&older).map(told).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// What of a mail is not shown, and where it is.
fn older_lines(letter: &Letter<'_>, enclosed: &Enclosed) -> Option<Sentence> {
    let lines = unseen(letter.occasion);
    let file = enclosed.full_text.map_or("", |_| compose::FULL_FILE);
    let sentence = || Sentence::new("note.lines_left_out").with("lines", &lines).with("file", file);
    (lines > 0).then(|| sentence().with("number", &letter.ticket.id))
}

/// How many lines of a received mail its telling to staff does not show. What an agent quotes is known to all.
pub(super) fn unseen(occasion: &Occasion<'_>) -> usize {
    let news = occasion.news;
    let words = news.words.as_ref().filter(|_| news.origin.is_some() && !occasion.actor.is_staff());
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
