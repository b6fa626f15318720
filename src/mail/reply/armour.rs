//! What `OpenPGP` writes around a text that it signed in the text itself: no words of anybody's.
//!
//! Checks no signature. Keys and encrypted texts are what a mail is about, and stay.

use std::ops::Range;

use crate::mail::reply::line::Line;

const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";
/// Lines of a signature, and fields above the text that it signs.
const SIGNATURE_LINES: usize = 200;
const FIELDS: usize = 6;

/// The lines of it: above a text that is signed, and below.
pub(crate) fn spans(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let Some(first) = lines.iter().position(|line| line.bare == SIGNED) else { return spans };
    let mut at = first;
    while at < lines.len() {
        let found = match &*lines[at].bare {
            SIGNED => lines[at..].iter().take(FIELDS).position(Line::is_blank),
            SIGNATURE => lines[at..].iter().take(SIGNATURE_LINES).position(|line| line.bare == END),
            _ => None,
        };
        let end = at + 1 + found.unwrap_or_default();
        if found.is_some() {
            spans.push(at..end);
        }
        at = end;
    }
    spans
}
