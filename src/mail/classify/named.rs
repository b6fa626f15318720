//! Whom a bounce in words names: the addresses in its text that it is about.
//!
//! Goes by where an address stands in its line. Whether we wrote to it is for `desk` to check.

use crate::email::Email;
use crate::mail::Mail;
use crate::mail::classify::phrases;

/// How many recipients are kept.
const RECIPIENTS: usize = 100;
/// How far behind a recipient it says for which address it stands, in bytes.
const NEAR: usize = 300;
/// How many words may stand before an address of which they tell.
const LABEL_WORDS: usize = 5;

/// How surely an address is a recipient, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Somewhere,
    /// Behind words that tell of it.
    Told,
    /// First on its line, or in a command.
    First,
}

/// Words before an address that is not a recipient's.
const OTHERS: &[&str] = &[
    "from",
    "sender",
    "message-id",
    "reply-to",
    "return-path",
    "contact",
    "contacto",
    "kontakt",
    "help",
    "support",
    "administrator",
    "questions",
    "by",
    "von",
    "de",
    "postmaster",
    "server",
    "info",
];

/// Addresses in the words of a report: those that stand first on a line before others.
pub(crate) fn in_text(mail: &Mail, report: &str) -> Vec<String> {
    let own: Vec<String> = mail.to.iter().chain(&mail.from).map(|a| a.address.to_ascii_lowercase()).collect();
    let mut found: Vec<(Rank, String)> = Vec::new();
    for line in report.lines() {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || "<\"'*->(|".contains(c));
        for token in line.split(|c: char| c.is_whitespace() || "<>()[]\"',;".contains(c)) {
            // `To:`, `mailto:`, `SMTP:`, `rfc822;` and alike stand before addresses.
            let plain = token.trim_end_matches(':').rsplit(':').next().unwrap_or(token);
            let candidate = clean(plain);
            if !is_recipient(&candidate) || own.contains(&candidate) || found.len() > RECIPIENTS {
                continue;
            }
            let small = line.to_lowercase();
            let rank = if bare.starts_with(plain) || small.contains("rcpt to:") {
                Rank::First
            } else if names_to(&small)
                || small.contains("to <")
                || small.contains(&format!("to {candidate}"))
                || is_told(&small, &candidate)
            {
                Rank::Told
            } else {
                Rank::Somewhere
            };
            found.push((rank, candidate));
        }
    }
    let Some(best) = found.iter().map(|(rank, _)| *rank).max() else { return Vec::new() };
    let most = if best == Rank::Somewhere { 1 } else { RECIPIENTS };
    found.into_iter().filter(|(rank, _)| *rank == best).map(|(_, a)| a).take(most).collect()
}

/// A label that ends so, but not as the rest of a longer word.
fn names_to(line: &str) -> bool {
    let mut found = line.match_indices("to:").map(|(at, _)| &line[..at]);
    found.any(|before| !before.ends_with(char::is_alphabetic))
}

/// `Unknown user: bo@x.test`, or what a server answered: `553 5.3.0 <bo@x.test>... unknown`.
fn is_told(line: &str, address: &str) -> bool {
    let line = line.trim();
    let Some((before, behind)) = line.split_once(address) else { return false };
    let code = before.as_bytes();
    if code.len() > 4 && matches!(code[0], b'4' | b'5') && code[1..3].iter().all(u8::is_ascii_digit) {
        return before.trim_end().ends_with('<');
    }
    let label = before.trim_end_matches([' ', '<', '"', '\'']);
    let Some(label) = label.strip_suffix([':', '：']) else { return false };
    let is_last = !behind.contains(char::is_alphanumeric);
    let last = label.split_whitespace().next_back().unwrap_or_default();
    is_last && label.split_whitespace().count() <= LABEL_WORDS && !OTHERS.contains(&last)
}

/// The address for which a recipient stands, where the report says so: that is the one that we wrote to.
pub(crate) fn expanded_from(report: &str, recipient: &str) -> Option<String> {
    let small = report.to_ascii_lowercase();
    let at = small.find(recipient)? + recipient.len();
    let near = &small[at..small.floor_char_boundary(at + NEAR)];
    let marks = ["(expanded from", "(generated from", "(ultimately generated from", "(forwarded from"];
    let behind =
        marks.iter().find_map(|mark| near.split_once(mark)).filter(|(between, _)| !between.contains('@'))?;
    let address = clean(behind.1.split(')').next()?);
    (is_recipient(&address) && address != recipient).then_some(address)
}

/// An address without the signs around it, in lower case.
pub(crate) fn clean(text: &str) -> String {
    text.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase()
}

/// Whether we may have written to it: no server's own address, and no word that only looks like one.
pub(crate) fn is_recipient(text: &str) -> bool {
    let email = Email::of(text);
    let local = text.split('@').next().unwrap_or_default();
    let daemon = is_daemon(local) || local == "postmaster";
    let is_host = |host: &str| host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    !daemon && email.is_deliverable() && email.domain().contains('.') && is_host(email.domain())
}

/// `mailer_daemon`, `Mailer.Daemon-2` and `mailerdaemon+x` are one.
pub(crate) fn is_daemon(local: &str) -> bool {
    phrases::DAEMON_ADDRESSES.contains(&letters(local).as_str())
}

/// The letters of a local part, without what is behind a plus.
pub(crate) fn letters(local: &str) -> String {
    let local = local.split('+').next().unwrap_or_default();
    local.chars().filter(|c| c.is_alphabetic()).collect()
}
