//! What agents are told above what somebody wrote.

use crate::desk::Desk;
use crate::desk::notify::occasion::Occasion;
use crate::desk::table::Event;
use crate::mail::authentication::Authentication;
use crate::template::sentence::Sentence;

/// A sentence for staff, and a warning where a customer's further mail may be anybody's.
pub(super) fn above(desk: &Desk, occasion: &Occasion<'_>, locale: &str) -> Option<String> {
    let news = occasion.news;
    let origin = news.origin.as_ref().filter(|_| !occasion.actor.is_staff());
    let found = origin.map(|origin| origin.authentication);
    let warning = found.filter(|_| news.event != Event::Opened).and_then(unproven_sender);
    let told = |sentence| desk.templates.sentence(locale, sentence);
    let sentences: Vec<String> = news.note.iter().chain(&warning).map(told).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

fn unproven_sender(found: Authentication) -> Option<Sentence> {
    let key = match found {
        Authentication::Pass => return None,
        Authentication::None => "note.sender_none",
        Authentication::Unknown => "note.sender_unknown",
        Authentication::Fail => "note.sender_fail",
    };
    Some(Sentence::new(key))
}
