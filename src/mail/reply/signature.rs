//! What stands below a message: names and numbers, "Sent from my phone", list and lawyers' footers.
//!
//! Goes by delimiters and fixed phrases only. "Regards, Ann" stays: it is part of what she wrote.

use crate::mail::reply::Kind;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::lower;
use crate::mail::reply::phrases;

/// How many lines a signature may have: behind `-- `, and behind weaker signs.
const SIGNATURE: usize = 40;
const SHORT_SIGNATURE: usize = 15;
const FOOTER: usize = 10;

/// Words for what a "Sent from" line names, where more follows on the line.
const DEVICES: &[&str] = &[
    "iphone",
    "ipad",
    "android",
    "galaxy",
    "samsung",
    "blackberry",
    "outlook",
    "phone",
    "smartphone",
    "mobile",
    "handy",
    "huawei",
    "xiaomi",
    "pixel",
    "windows",
    "mail",
    "app",
    "device",
    "tablet",
];

/// Leaves out signatures and footers of the text that is kept.
pub fn leave_out(lines: &[Line<'_>], kinds: &[Kind], kept: &mut [bool]) {
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
        if named && is_delimiter(&lines[at], &lines[at + 1..end]) {
            cut = at;
            break;
        }
        named |= lines[at].bare.chars().any(char::is_alphabetic);
    }
    let mut changed = true;
    while changed && cut > start {
        let shorter = without_tail(lines, start, cut);
        changed = shorter < cut;
        if changed && alone && !lines[start..shorter].iter().any(Line::has_words) {
            return cut;
        }
        cut = shorter;
    }
    cut
}

/// Whether a line parts the text from a signature, given what is below it.
fn is_delimiter(line: &Line<'_>, below: &[Line<'_>]) -> bool {
    if line.has_words() || line.is_blank() {
        return false;
    }
    let count = below.iter().filter(|l| !l.is_blank()).take(SIGNATURE + 1).count();
    if line.bare == "--" {
        return count <= if line.raw.ends_with("-- ") { SIGNATURE } else { SHORT_SIGNATURE };
    }
    if count > FOOTER {
        return false;
    }
    // Weaker signs need something below them that looks like a card: short lines, no sentences, a way to reach one.
    let card = || below.iter().all(is_card_line);
    let reachable = || below.iter().any(is_contact);
    let footer = || below.iter().any(is_list_footer);
    let plain = || count <= 2 && !below.iter().any(|l| l.bare.contains(char::is_numeric));
    line.is_rule(&['—', '–', '―'], 1) && card()
        || line.is_rule(&['_'], 5) && (footer() || reachable() || plain())
        || line.is_rule(&['-', '=', '*', '~', '#', '+', '_'], 3)
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
    let paragraph = (start..last).rev().find(|i| lines[*i].is_blank()).map_or(start, |i| i + 1);
    if is_footer(&lines[paragraph..=last]) { paragraph } else { end }
}

/// "Sent from my phone", in any language.
fn is_sent_from(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_start_matches(['-', '—', '–', '_', '[', '(', ' ', '•', '·']);
    if bare.len() > 200 {
        return false;
    }
    let small = lower(bare);
    let words: Vec<&str> = small.split_whitespace().filter(|w| !w.contains("://")).collect();
    let device = |words: &[&str]| words.iter().any(|w| DEVICES.iter().any(|d| w.contains(d)));
    // Every language has its own words for "Get Outlook for iOS".
    if words.len() <= 8 && small.contains("outlook") && (small.contains("ios") || small.contains("android")) {
        return true;
    }
    let end = small.trim_end_matches(['.', ']', ')', ' ']);
    if words.len() <= 7 && device(&words) && phrases::SENT_FROM_ENDS.iter().any(|e| end.ends_with(e)) {
        return true;
    }
    if !phrases::SENT_FROM.iter().any(|p| small.starts_with(p)) {
        return false;
    }
    let head = small.split([',', ';', '<', '(', '!']).next().unwrap_or_default();
    let goes_on = small[head.len()..].starts_with([',', ';', '!']);
    let head: Vec<&str> = head.split_whitespace().filter(|w| !w.contains("://")).collect();
    let named = device(&head[..head.len().min(8)]);
    if goes_on { named && head.len() <= 9 } else { head.len() <= 9 || named && head.len() <= 16 }
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
    text.len() >= 100
        && phrases::LEGAL_STARTS.iter().any(|p| text.starts_with(p))
        && phrases::LEGAL_WORDS.iter().filter(|w| text.contains(**w)).count() >= 1
}
