//! Bounces in words: what systems without RFC 3464 write when a mail cannot be delivered.
//!
//! The evidence must come from a machine first: a person who forwards a bounce is a person.

use std::sync::LazyLock;

use crate::mail::Mail;
use crate::mail::any_of::AnyOf;
use crate::mail::classify::Bounce;
use crate::mail::classify::Class;
use crate::mail::classify::enclosed;
use crate::mail::classify::enclosed::Report;
use crate::mail::classify::machine;
use crate::mail::classify::named;
use crate::mail::classify::named::clean;
use crate::mail::classify::named::is_daemon;
use crate::mail::classify::named::is_recipient;
use crate::mail::classify::named::letters;
use crate::mail::classify::phrases;
use crate::mail::classify::status;
use crate::mail::parse::address;
use crate::mail::parse::field;
use crate::mail::reply::quoted_header;

/// How much of a text is read: reports are short, what they enclose may not be.
const TEXT: usize = 64 * 1024;
/// How many recipients are kept.
const RECIPIENTS: usize = 100;

static BOUNCE_SUBJECTS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(phrases::BOUNCE_SUBJECTS));
static BOUNCE_TEXTS: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(phrases::BOUNCE_TEXTS));

/// Reads a message as a bounce in words, if it is one.
pub fn read(mail: &Mail) -> Option<Report> {
    let text = head(&mail.text);
    let small = text.to_lowercase();
    let reason = evidence(mail, &small)?;
    let (report_text, original) = parts(text);
    let small = report_text.to_lowercase();
    let subject = mail.subject.to_lowercase();
    let late = has(&subject, phrases::DELAYS) || has(&small, phrases::DELAYS);
    let given_up = has(&subject, phrases::GIVEN_UP)
        || has(&small, phrases::GIVEN_UP)
        || mail.header("x-failed-recipients").is_some();
    // A warning may say what would happen if the mail "remains undelivered".
    let warning = has(&subject, phrases::DELAYS) && !has(&subject, phrases::GIVEN_UP);
    let tried = is_still_tried(&format!("{subject}\n{small}"));
    let class = if warning || tried || late && !given_up { Class::Delay } else { Class::Bounce };
    let action = if class == Class::Delay { "delayed" } else { "failed" };
    let bounces = recipients(mail, report_text, original, action);
    let returned_message_id = enclosed::message_id_of_mail(mail)
        .or_else(|| enclosed::message_id(original.as_bytes(), "message-id"));
    Some(Report { class, reason, bounces, returned_message_id })
}

/// Whether a server says that it goes on trying; `words` in lower case.
pub(crate) fn is_still_tried(words: &str) -> bool {
    has(words, phrases::STILL_TRIED) && !has(words, phrases::TRIED_NO_MORE)
}

/// The recipients that a report names in words. Used also where its status part names none.
pub fn recipients(mail: &Mail, report: &str, original: &str, action: &str) -> Vec<Bounce> {
    let fields = enclosed::recipients(report);
    if !fields.is_empty() {
        return fields;
    }
    let mut named: Vec<String> = Vec::new();
    for value in mail.all_headers("x-failed-recipients") {
        named.extend(value.split([',', ' ']).map(clean).filter(|a| a.contains('@')));
    }
    if named.is_empty() {
        named = named::in_text(mail, report);
    }
    if named.is_empty() {
        named = in_original(mail, original);
    }
    let mut out: Vec<Bounce> = Vec::new();
    for recipient in named {
        if out.len() < RECIPIENTS && !out.iter().any(|b| b.recipient == recipient) {
            let (status, diagnostic) = said_of(report, &recipient);
            let kind = status::kind(&status, &diagnostic);
            let original = named::expanded_from(report, &recipient);
            out.push(Bounce { recipient, original, action: action.to_owned(), status, diagnostic, kind });
        }
    }
    out
}

/// The text of a report, and the mail below it that came back.
pub fn parts(text: &str) -> (&str, &str) {
    let mut at = 0;
    let mut seen = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let small = bare.to_lowercase();
        let header = bare.starts_with("Received:")
            || bare.starts_with("Return-Path:")
            || bare.starts_with("Return-path:");
        if seen && header {
            return (&text[..at], &text[at..]);
        }
        let told = [" was received", " was sent", " receive"].iter().any(|word| small.contains(word));
        if seen && !told && small.len() < 120 && has(&small, phrases::ORIGINAL_BELOW) && !lists(&text[at..]) {
            return (&text[..at], &text[at + line.len()..]);
        }
        seen |= !bare.is_empty();
        at += line.len();
    }
    (text, "")
}

/// Whether addresses stand below a line: "the following did not get a copy of your message:".
fn lists(from: &str) -> bool {
    let mut lines = from.lines();
    let is_list = lines.next().is_some_and(|line| line.trim_end().ends_with([':', '：']));
    let below = lines.map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let bare = below.trim_matches(|c: char| "<>-*• ".contains(c));
    is_list && bare.contains('@') && !bare.contains(char::is_whitespace)
}

/// The beginning of a text, without cutting a character.
pub fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT)]
}

fn has(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|p| text.contains(p))
}

/// Why this is a bounce: who sent it, and what it says.
fn evidence(mail: &Mail, text: &str) -> Option<String> {
    if mail.header("x-failed-recipients").is_some() {
        return Some("x-failed-recipients".to_owned());
    }
    let author = mail.from.first();
    let address = author.map(|a| a.address.to_ascii_lowercase()).unwrap_or_default();
    let name = author.and_then(|a| a.name.as_deref()).unwrap_or_default().to_lowercase();
    let local = address.split('@').next().unwrap_or_default();
    if is_daemon(local) || address.is_empty() && is_daemon(&name) {
        return Some("from: mailer-daemon".to_owned());
    }
    let subject = mail.subject.to_lowercase();
    if subject.starts_with("re:") || quoted_header::is_forward_subject(&subject) {
        // Who answers or passes on a bounce is a person, whatever words are below; but some gateways answer so.
        let is_duty = phrases::DUTY_ADDRESSES.contains(&letters(local).as_str());
        return (is_duty && is_transcript(text)).then(|| "postmaster, and a server's words".to_owned());
    }
    let titled = BOUNCE_SUBJECTS.is_in(&subject);
    let exchange =
        ["x-ms-embedded-report", "x-ms-exchange-message-is-ndr"].iter().any(|f| mail.header(f).is_some());
    let duty = phrases::DUTY_ADDRESSES.contains(&letters(local).as_str())
        || name.starts_with("mail deliver")
        || phrases::DAEMONS.iter().any(|d| name == *d || name.ends_with(d));
    let sender = mail.return_path.as_deref().unwrap_or("?").to_ascii_lowercase();
    let null = sender.is_empty() || is_daemon(sender.split('@').next().unwrap_or_default());
    let automatic = mail.header("auto-submitted").is_some_and(|v| !v.starts_with("no"));
    let machine = null || automatic || machine::is_no_reply(&address);
    if !exchange && !duty && !machine {
        return None;
    }
    let told = BOUNCE_TEXTS.is_in(text);
    if exchange && (titled || told) {
        return Some("exchange non-delivery report".to_owned());
    }
    let sure =
        told && (status::enhanced(text).is_some() || has(text, phrases::SURE_TEXTS) || is_transcript(text));
    if duty && (titled || sure) {
        return Some("postmaster, and words of bounces".to_owned());
    }
    if machine && (titled && told || sure) {
        return Some("machine, and words of bounces".to_owned());
    }
    None
}

/// Whether a text begins with an error and shows what servers said to each other, as no person writes.
fn is_transcript(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let begins = lines.next().is_some_and(|l| BOUNCE_TEXTS.is_in(l) || l.contains("error") || is_reply(l));
    begins && BOUNCE_TEXTS.is_in(text) && text.contains("rcpt to:") && lines.any(is_reply)
}

/// A lasting refusal of an SMTP server at the start of a line, such as `550 no such user`.
fn is_reply(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.len() > 4
        && bytes[0] == b'5'
        && bytes[1..3].iter().all(u8::is_ascii_digit)
        && matches!(bytes[3], b' ' | b'-')
}

/// Whom the returned mail was sent to.
fn in_original(mail: &Mail, original: &str) -> Vec<String> {
    let enclosed = enclosed::mail_within(mail).map(|a| a.data.as_slice());
    let raw = enclosed.unwrap_or(original.as_bytes());
    let raw = from_first_field(raw);
    let block = field::split(raw, 64 * 1024, &mut Vec::new());
    let to: Vec<String> = block
        .all("to")
        .flat_map(|v| address::list(v, None))
        .map(|a| a.address.to_ascii_lowercase())
        .collect();
    if !to.is_empty() {
        return to;
    }
    mail.all_headers("x-original-to").map(clean).filter(|a| is_recipient(a)).collect()
}

/// Without the remarks that some put between their separator and the mail.
fn from_first_field(raw: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < raw.len().min(2000) {
        let (line, next) = field::line_at(raw, at);
        if field::name_and_value(line).is_some() {
            return &raw[at..];
        }
        at = next;
    }
    raw.trim_ascii_start()
}

/// Status and words that stand nearest behind a recipient.
fn said_of(report: &str, recipient: &str) -> (String, String) {
    let at = report.to_lowercase().find(recipient).filter(|at| report.is_char_boundary(*at)).unwrap_or(0);
    let behind = &report[at..];
    let behind = &behind[..behind.floor_char_boundary(2000)];
    let status = status::enhanced(behind).or_else(|| status::enhanced(report)).unwrap_or_default();
    (status, one_line(behind))
}

/// The first lines of a text as one.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.lines().take(6).map(str::trim).filter(|l| !l.is_empty()).collect();
    words.join(" ").chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse;
    use crate::mail::parse::Limits;

    fn bounce(raw: &str) -> Option<Report> {
        read(&parse::parse(raw.as_bytes(), &Limits::default()))
    }

    #[test]
    fn bounces_in_words_name_their_recipient_and_status() {
        let cases = [
            (
                "From: MAILER-DAEMON@x.test\nTo: me@y.test\nSubject: failure notice\n\nHi. This is the mail program at x.test.\nI couldn't deliver:\n\n<ann@x.test>:\nsaid: 550 5.1.1 <ann@x.test>... User Unknown\n\n--- Below this line is a copy of the message.\n\nFrom: me@y.test\nTo: ann@x.test\nMessage-ID: <1@y.test>\n",
                "ann@x.test 5.1.1 1@y.test",
            ),
            (
                "X-Failed-Recipients: ann@x.test, bob@x.test\nFrom: a@x.test\n\nNot delivered.\n",
                "ann@x.test  bob@x.test  ",
            ),
            (
                "Return-Path: <>\nFrom: Postmaster <postmaster@x.test>\nTo: me@y.test\nSubject: Unzustellbar: Angebot\n\nFehler bei ann@x.test\n",
                "ann@x.test  ",
            ),
            (
                "From: MAILER-DAEMON@x.test\nTo: me@y.test\nSubject: Mail failed\n\nSorry.\n\n----- Original message -----\nTo: ann@x.test\nMessage-ID: <1@y.test>\n\nx\n",
                "ann@x.test  1@y.test",
            ),
        ];
        for (raw, want) in cases {
            let report = bounce(raw).expect(raw);
            assert_eq!(report.class, Class::Bounce, "{raw}");
            let shown: Vec<String> =
                report.bounces.iter().map(|b| format!("{} {}", b.recipient, b.status)).collect();
            let shown = format!("{} {}", shown.join(" "), report.returned_message_id.unwrap_or_default());
            assert_eq!(shown.trim(), want.trim(), "{raw}");
        }
    }

    #[test]
    fn a_delay_is_no_failure() {
        let raw = "From: Mail Delivery System <mailer-daemon@x.test>\nSubject: Warning: message 1 delayed 24 hours\n\nIt has not yet been delivered to ann@x.test.\nNo action is required on your part.\n";
        let report = bounce(raw).expect("a delay");
        assert_eq!(report.class, Class::Delay);
        assert_eq!(report.bounces[0].recipient, "ann@x.test");
    }

    #[test]
    fn people_who_write_about_bounces_are_people() {
        let cases = [
            "From: Ann <ann@x.test>\nSubject: Undeliverable: my mail\n\nI get: delivery failed, user unknown. Why?\n",
            "From: Ann <ann@x.test>\nSubject: FW: Mail delivery failed\n\nSee below. 550 5.1.1 user unknown\n",
            "From: Postmaster <postmaster@x.test>\nSubject: Question about your service\n\nHello, can you help us?\n",
            "Return-Path: <>\nFrom: Ann <ann@x.test>\nSubject: Out of office\n\nI am away.\n",
        ];
        for raw in cases {
            assert!(bounce(raw).is_none(), "{raw}");
        }
    }
}
