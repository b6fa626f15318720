//! What stands below a message: names and numbers, "Sent from my phone", list and lawyers' footers.
//!
//! Goes by delimiters and fixed phrases only. "Regards, Ann" stays: it is part of what she wrote.

use crate::mail::html::marks;
use crate::mail::reply::line::Kind;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::lower;
use crate::mail::reply::phrases;

/// How many lines a signature may have: behind `-- `, and behind weaker signs.
const SIGNATURE: usize = 40;
const SHORT_SIGNATURE: usize = 15;
const FOOTER: usize = 10;
const SENTENCES: usize = 5;
/// So many labelled values below a rule are no card.
const DATA: usize = 2;

/// How long a "Sent from" line may be that names nothing known, and one that does.
const BRIEF: usize = 5;
const FEW: usize = 8;
const WORDY: usize = 16;
/// How many words may go on behind what is named.
const BEHIND: usize = 3;
/// How people ask in such a line to be excused for its brevity.
#[rustfmt::skip]
const EXCUSES: &[&str] = &[
    "excus", "forgiv", "apolog", "pardon", "sorry", "entschuld", "verzeih", "disculp", "scus", "desculp",
    "perdon", "ursäkt", "undskyld", "unnskyld", "verontschuldig", "przepr", "omluv", "извин", "вибач",
];

/// Leaves out what the markup named a signature.
pub(crate) fn leave_out_marked(lines: &[Line<'_>], kinds: &[Kind], kept: &mut [bool]) {
    let mut is_inside = false;
    for ((line, kind), kept) in lines.iter().zip(kinds).zip(kept) {
        is_inside |= line.raw.contains(marks::SIGNATURE_BEGINS);
        if is_inside && matches!(kind, Kind::Text | Kind::Blank) {
            *kept = false;
        }
        is_inside &= !line.raw.contains(marks::SIGNATURE_ENDS);
    }
}

/// Leaves out signatures and footers of the text that is kept.
pub(crate) fn leave_out(lines: &[Line<'_>], kinds: &[Kind], kept: &mut [bool]) {
    let own = |at: usize, kept: &[bool]| kept[at] && matches!(kinds[at], Kind::Text | Kind::Blank);
    let (mut at, mut named) = (0, false);
    while at < lines.len() {
        if !own(at, kept) {
            at += 1;
            continue;
        }
        // One stretch of the author's own lines, up to the next quote.
        let end = (at..lines.len()).find(|i| !own(*i, kept)).unwrap_or(lines.len());
        let cut = stretch_end(lines, at, end, named);
        kept[cut..end].fill(false);
        named |= lines[at..cut].iter().any(|l| l.bare.chars().any(char::is_alphabetic));
        at = end;
    }
}

/// Where the signature of the lines `start..end` begins; `end` if there is none.
///
/// `named` says that the author has words above; if not, something must be left of these lines.
fn stretch_end(lines: &[Line<'_>], start: usize, end: usize, named: bool) -> usize {
    let mut cut = end;
    let alone = !named;
    let mut named = named;
    for at in start..end {
        // Nothing but marks above: then this is no signature but all there is.
        if named && is_delimiter(&lines[at], &lines[at + 1..end]) && !is_heading(lines, start, at) {
            cut = at;
            break;
        }
        named |= lines[at].bare.chars().any(char::is_alphabetic);
    }
    let first_words = (start..cut).find(|at| lines[*at].has_words());
    let mut changed = true;
    while changed && cut > start {
        let shorter = without_tail(lines, start, cut);
        changed = shorter < cut;
        if changed && alone && first_words.is_none_or(|first| first >= shorter) {
            return cut;
        }
        cut = shorter;
    }
    cut
}

/// Whether a rule only parts data from the words that announce them; `-- ` with its blank is no such rule.
fn is_heading(lines: &[Line<'_>], start: usize, at: usize) -> bool {
    let above = lines[start..at].iter().rfind(|l| !l.is_blank());
    !lines[at].raw.ends_with("-- ") && above.is_some_and(|l| l.bare.ends_with([':', '：']))
}

/// Lines such as `Pressure: 12`, which no card has but for ways to reach one.
fn is_data(below: &[Line<'_>]) -> bool {
    let label = |l: &Line| {
        let (label, value) = l.bare.split_once([':', '：'])?;
        let is_label = label.len() <= 40 && label.split_whitespace().count() <= 3 && !value.trim().is_empty();
        is_label.then_some(())
    };
    below.iter().filter(|l| label(l).is_some() && !is_contact(l)).take(DATA).count() == DATA
}

/// Whether a line parts the text from a signature, given what is below it.
fn is_delimiter(line: &Line<'_>, below: &[Line<'_>]) -> bool {
    let stars = line.raw.trim().len() > 3 && line.raw.trim().bytes().all(|b| b == b'*');
    if line.has_words() || line.is_blank() && !stars {
        return false;
    }
    let count = below.iter().filter(|l| !l.is_blank()).take(SIGNATURE + 1).count();
    if line.bare == "--" {
        // Without its blank, the mark may as well part one half of a message from the other.
        let sentences =
            || below.iter().filter(|l| l.bare.ends_with(['.', '?', '!'])).take(SENTENCES + 1).count();
        let sure = line.raw.ends_with("-- ");
        return if sure {
            count <= SIGNATURE
        } else {
            count <= SHORT_SIGNATURE && sentences() <= SENTENCES && !is_data(below)
        };
    }
    if count > FOOTER || is_data(below) {
        return false;
    }
    // Weaker signs need something below them that looks like a card: short lines, no sentences, a way to reach one.
    let card = || below.iter().all(is_card_line);
    let reachable = || below.iter().any(is_contact);
    let footer = || below.iter().any(is_list_footer);
    // A question or a blank to fill in is no name.
    let odd =
        |l: &Line| l.bare.contains(char::is_numeric) || l.bare.contains("__") || l.bare.ends_with(['?', ':']);
    let plain = || count <= 2 && !below.iter().any(odd);
    line.is_rule(&['—', '–', '―'], 1) && card()
        || line.is_rule(&['_'], 5) && (footer() || reachable() || plain())
        || (stars || line.is_rule(&['-', '=', '~', '#', '+', '_'], 3))
            && (count == 0 || footer() || card() && reachable())
}

fn is_card_line(line: &Line<'_>) -> bool {
    line.bare.chars().count() <= 70 && !line.bare.ends_with(['.', '?', '!', ':'])
}

/// An address, a link, or a telephone number.
fn is_contact(line: &Line<'_>) -> bool {
    let digits = line.bare.chars().filter(char::is_ascii_digit).count();
    let letters = line.bare.chars().filter(|c| c.is_alphabetic()).count();
    line.bare.contains("www.")
        || line.bare.contains("http")
        || line.bare.contains('@')
        || digits >= 7 && letters <= 20
}

fn is_list_footer(line: &Line<'_>) -> bool {
    let small = lower(&line.bare);
    small.contains("unsubscribe") || small.contains("mailing list") || small.contains("mailman")
}

/// The end of the text without one more thing that stands at its end.
fn without_tail(lines: &[Line<'_>], start: usize, end: usize) -> usize {
    let Some(last) = (start..end).rev().find(|i| !lines[*i].is_blank()) else {
        return end;
    };
    let line = &lines[last];
    let rule = line.is_rule(&['-', '=', '*', '~', '#', '+', '_', '—', '–', 'ᐧ'], 1)
        && line.bare != "+"
        && line.bare != "#";
    if rule || is_sent_from(line) {
        return last;
    }
    // A link or an address may stand below such a line.
    if last > start && is_link(line) && is_sent_from(&lines[last - 1]) {
        return last - 1;
    }
    if last > start && is_greeting(lines, start, last) {
        return end;
    }
    let paragraph = (start..last).rev().find(|i| lines[*i].is_blank()).map_or(start, |i| i + 1);
    if is_footer(&lines[paragraph..=last]) { paragraph } else { end }
}

/// Whether the paragraph that ends at `last` follows nothing but a greeting: then it is the message itself.
fn is_greeting(lines: &[Line<'_>], start: usize, last: usize) -> bool {
    if last - start > SIGNATURE {
        return false;
    }
    let mut above = lines[start..last].rsplitn(2, Line::is_blank);
    let _ = above.next();
    let mut said = above.next().into_iter().flatten().filter(|l| !l.is_blank());
    said.next().is_some_and(|l| l.bare.ends_with([',', '，', '、']) && l.bare.split_whitespace().count() <= 5)
        && said.next().is_none()
}

/// "Sent from my phone", in any language.
fn is_sent_from(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_start_matches(['-', '—', '–', '_', '[', '(', ' ', '•', '·', '~', '"']);
    if bare.len() > 250 {
        return false;
    }
    let small = lower(bare);
    let words: Vec<&str> = small.split_whitespace().filter(|w| !w.contains("://")).collect();
    // Every language has its own words for "Get Outlook for iOS".
    let is_told = bare.ends_with(['.', '?', '!', '。']);
    if words.len() <= 8
        && !is_told
        && small.contains("outlook")
        && (small.contains("ios") || small.contains("android"))
    {
        return true;
    }
    let device =
        |words: &[&str]| words.iter().take(10).any(|w| phrases::DEVICES.iter().any(|d| w.contains(d)));
    if is_sentence(&words) {
        return false;
    }
    let end = small.trim_end_matches(['.', '。', ']', ')', ' ', '"']);
    let around = phrases::SENT_FROM_AROUND.iter().any(|(a, z)| small.starts_with(a) && end.ends_with(z));
    if words.len() <= 9 && around && device(&words) {
        return true;
    }
    if !phrases::SENT_FROM.iter().any(|p| small.starts_with(p)) {
        return false;
    }
    // "Sent from Berlin, where it arrived broken." is no such line.
    let brief =
        words.len() <= BRIEF && small.len() <= 60 && !small.ends_with(['.', ',', ':', '?', '!', '。', '？']);
    if brief && !small.contains(char::is_numeric) {
        return true;
    }
    let head = small.split([',', ';', '<', '(', '!']).next().unwrap_or_default();
    let head: Vec<&str> = head.split_whitespace().filter(|w| !w.contains("://")).collect();
    head.len() <= WORDY && device(&head) || words.len() <= FEW && device(&words)
}

/// "Sent from my phone it works, from my PC it does not": words that go on behind the last thing that is named.
fn is_sentence(words: &[&str]) -> bool {
    let named = |w: &&str| phrases::DEVICES.iter().any(|d| w.contains(d));
    let Some(at) = words.iter().rposition(named) else { return false };
    let ends = |w: &str| w.ends_with(['.', ';', '!']) || w.starts_with(['(', '<', '-', '–']);
    if ends(words[at]) {
        return false;
    }
    let behind = words[at + 1..].iter().take_while(|w| !w.starts_with(['(', '<', '-', '–'])).count();
    behind > BEHIND && !words.iter().any(|w| EXCUSES.iter().any(|e| w.contains(e)))
}

fn is_link(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_matches(['<', '>', '[', ']', '(', ')']);
    !bare.contains(char::is_whitespace) && (bare.starts_with("http") || bare.starts_with("www."))
}

/// A paragraph that nobody wrote for this message.
fn is_footer(paragraph: &[Line<'_>]) -> bool {
    let text = paragraph.iter().take(60).map(|l| lower(&l.bare)).collect::<Vec<_>>().join(" ");
    let text = text.trim_start_matches(['*', '-', '[', '(', '_', ' ', '"']);
    if phrases::FOOTERS.iter().any(|p| text.starts_with(p)) {
        return true;
    }
    let heading = text.trim_end_matches([':', '.', '*', '-', ' ']);
    if paragraph.len() == 1 && phrases::FOOTER_HEADINGS.contains(&heading) {
        return true;
    }
    let has = |words: &[&str], least: usize| {
        words.iter().filter(|w| text.contains(**w)).take(least).count() == least
    };
    if has(&phrases::IMPRINT, 2) {
        return true;
    }
    // Scripts without blanks say as much with a third of the letters.
    text.len() >= 100
        && (phrases::LEGAL_STARTS.iter().any(|p| text.starts_with(p)) && has(&phrases::LEGAL_WORDS, 1)
            || has(&phrases::LEGAL_SURE, 4))
}
