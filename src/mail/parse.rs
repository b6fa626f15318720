//! From raw bytes to a [`Mail`]. Never fails, never panics, bounded in time and memory.
//!
//! Puts together what the modules below read; judges nothing (see `classify`) and cuts no quotes (see `reply`).

pub mod address;
pub(crate) mod around;
pub mod attachment;
pub mod body;
pub(crate) mod card;
pub mod charset;
pub(crate) mod cms;
pub(crate) mod copied;
pub(crate) mod envelope;
pub mod field;
pub mod flowed;
pub(crate) mod hebrew;
pub(crate) mod mime;
pub mod naming;
pub(crate) mod param;
pub mod rtf;
pub(crate) mod script;
mod seen;
pub(crate) mod start;
pub mod text;
pub mod tnef;
pub mod transfer;
pub(crate) mod utf7;
pub(crate) mod uu;
pub mod word;

use mail_parser::DateTime;
use sha2::Digest;
use sha2::Sha256;

use crate::clock::Timestamp;
use crate::mail::Address;
use crate::mail::Defect;
use crate::mail::Mail;
use crate::mail::html::marks;
use crate::mail::language;
use crate::mail::parse::envelope::Opener;
use crate::mail::parse::field::Block;
use crate::mail::parse::mime::Part;
use crate::mail::parse::mime::Shape;
use crate::mail::parse::text::Body;
use crate::mail::parse::text::Told;
use crate::mail::reply;
use crate::mail::reply::turn::Head;
use crate::mail::reply::turn::Turn;
use crate::ticket::priority::Priority;

/// How many Message-IDs of one field are kept: the first and the newest ones.
const IDS: usize = 200;

/// How many defects are told.
const DEFECTS: usize = 50;

/// Fields that name an envelope recipient.
const ENVELOPE: &[&str] = &[
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "resent-to",
    "x-forwarded-to",
    "apparently-to",
];

/// What one message may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub(crate) header_bytes: usize,
    pub parts: usize,
    pub depth: usize,
    pub(crate) decoded_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 256 * 1024, parts: 1000, depth: 50, decoded_bytes: 64 * 1024 * 1024 }
    }
}

impl Limits {
    fn shape(&self) -> Shape {
        Shape { header_bytes: self.header_bytes, parts: self.parts, depth: self.depth }
    }
}

/// Reads one raw message.
pub fn parse(raw: &[u8], limits: &Limits) -> Mail {
    let mut defects = Vec::new();
    // Very old programs end lines with a lone CR.
    let mended = memchr::memchr(b'\n', raw).is_none() && memchr::memchr(b'\r', raw).is_some();
    let unix: Vec<u8> =
        if mended { raw.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect() } else { Vec::new() };
    let raw = if mended { &unix } else { raw };

    let parts = mime::split(raw, limits.shape(), &mut defects);
    let hint = parts.iter().find_map(Part::charset).map(str::to_owned);
    let mut mail = headers(&parts[0].block, hint.as_deref());
    if mail.headers.is_empty() {
        defects.push(Defect::new("no-headers", "the message is nothing but text"));
    }
    let content = body::sort(&parts);
    let mut body = text::read(&parts, &content.pieces, &mut defects);
    let inside = Limits { depth: limits.depth / 2, ..*limits };
    let read = |raw: &[u8]| (limits.depth > 0).then(|| parse(raw, &inside));
    let opener = Opener { decoded_bytes: limits.decoded_bytes, read: &read };
    envelope::attach(&parts, content.attached, &opener, &mut body, &mut defects);
    mail.content_digest = digest(&parts[0].block, &body);
    seen::mark(&mut body);
    let answered = mail.in_reply_to.first().or(mail.references.first()).map(String::as_str);
    // Monitors name a mail of theirs to keep the mails about one thing together; programs answer nobody.
    let answered = answered.filter(|_| !is_by_program(&mail));
    let head = Head { subject: &mail.subject, answered };
    let new_text = reply::new_part(&body.text, &head);
    // Of a mail that is shown whole, the author's own words tell the language.
    let own = (head.turn() != Turn::Answer).then(|| reply::trim(&body.text));
    mail.language = language::detect(own.as_deref().unwrap_or(&new_text), mail.header("content-language"));
    mail.new_text = with_news(new_text, &body.told, head.turn());
    mail.text = marks::without_marks(&body.whole());
    mail.html = body.html;
    mail.attachments = body.attachments;
    mail.defects = distinct(defects);
    mail
}

/// With appointments, which are news in answers too; a card is under each mail of some, as others' signature.
fn with_news(new_text: String, told: &Told, turn: Turn) -> String {
    let cards = if turn == Turn::Answer { "" } else { &told.cards };
    let below = text::below(&text::below(&new_text, &told.appointments), cards);
    if below.len() == new_text.len() { new_text } else { below.trim_end().to_owned() }
}

/// Whether a program says that it made a mail by itself, and not in answer to another.
fn is_by_program(mail: &Mail) -> bool {
    let mut said = mail.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("auto-submitted"));
    said.any(|(_, value)| {
        value.trim_start().get(..14).is_some_and(|v| v.eq_ignore_ascii_case("auto-generated"))
    })
}

/// The same fault in a thousand parts is one fault.
fn distinct(defects: Vec<Defect>) -> Vec<Defect> {
    let mut out: Vec<Defect> = Vec::new();
    for defect in defects {
        if out.len() < DEFECTS && !out.contains(&defect) {
            out.push(defect);
        }
    }
    out
}

/// Message-IDs of a field, without angle brackets.
pub fn ids(value: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() && id.len() <= 998 && !out.contains(&id) {
            if out.len() == IDS {
                // The first names the thread, the last ones the message that is answered.
                out.remove(1);
            }
            out.push(id);
        }
    };
    if value.contains('<') {
        for piece in value.split('<').skip(1) {
            add(piece.split('>').next().unwrap_or_default());
        }
    } else {
        value.split(|c: char| c.is_whitespace() || c == ',').filter(|t| t.contains('@')).for_each(&mut add);
        if value.split_whitespace().count() == 1 {
            add(value.trim());
        }
    }
    out
}

/// A date in any of the forms that mail programs write.
pub fn date(value: &str) -> Option<Timestamp> {
    let parsed = DateTime::parse_rfc822(value).filter(DateTime::is_valid)?;
    Some(Timestamp::from_seconds(parsed.to_timestamp()))
}

fn headers(block: &Block<'_>, hint: Option<&str>) -> Mail {
    let addresses =
        |name: &str| -> Vec<Address> { block.all(name).flat_map(|v| address::list(v, hint)).collect() };
    let text = |name: &str| block.first(name).map(|v| word::decode(v, hint));
    let all_ids = |name: &str| block.first(name).map(|v| ids(&word::decode(v, hint))).unwrap_or_default();
    Mail {
        from: addresses("from"),
        sender: addresses("sender").into_iter().next(),
        reply_to: addresses("reply-to"),
        to: addresses("to"),
        cc: addresses("cc"),
        delivered_to: ENVELOPE
            .iter()
            .flat_map(|name| addresses(name))
            .map(|a| a.address)
            .filter(|a| !a.is_empty())
            .collect(),
        return_path: block.first("return-path").and_then(address::one),
        subject: text("subject").unwrap_or_default(),
        date: text("date").and_then(|v| date(&v)),
        message_id: all_ids("message-id").into_iter().next(),
        in_reply_to: all_ids("in-reply-to"),
        references: all_ids("references"),
        priority: priority(block),
        headers: block.fields.iter().map(|f| (f.name.to_owned(), word::decode(&f.value, hint))).collect(),
        ..Mail::default()
    }
}

/// Anything but the usual urgency. "Normal" says nothing, so the queue's own default stays.
fn priority(block: &Block<'_>) -> Option<Priority> {
    let value = |name| block.first(name).map(|v| word::decode(v, None).to_ascii_lowercase());
    let number = value("x-priority").and_then(|v| v.trim().get(..1).and_then(|d| d.parse::<i64>().ok()));
    let by_word = |v: String| match v.split_whitespace().next().unwrap_or_default() {
        "urgent" | "high" | "highest" => Some(2),
        "non-urgent" | "low" | "lowest" => Some(4),
        _ => None,
    };
    let number = number
        .filter(|n| *n != 3)
        .or_else(|| value("importance").and_then(by_word))
        .or_else(|| value("priority").and_then(by_word))
        .or_else(|| value("x-msmail-priority").and_then(by_word));
    number.and_then(|n| Priority::try_from(n).ok())
}

/// The same for two copies of a mail that came on different ways: no trace headers, no MIME boundaries.
fn digest(block: &Block<'_>, body: &Body) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    for name in ["from", "date", "subject"] {
        block.all(name).for_each(&mut add);
    }
    add(body.text.as_bytes());
    add(body.raw_html.as_bytes());
    for attachment in &body.attachments {
        add(attachment.name.as_bytes());
        add(&attachment.data);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mail(raw: &str) -> Mail {
        parse(raw.as_bytes(), &Limits::default())
    }

    #[test]
    fn every_from_field_counts() {
        let mail = mail("From: a@x.test\nFrom: b@x.test\n\nhi\n");
        assert_eq!(mail.from.len(), 2);
        assert!(mail.author().is_none());
    }

    #[test]
    fn text_without_headers_and_nothing_at_all_are_mail_too() {
        assert_eq!(mail("just words\n").text, "just words\n");
        assert_eq!(mail("just words\n").defects[0].kind, "header-unfinished");
        assert_eq!(mail("").text, "");
    }

    #[test]
    fn ids_are_read_with_and_without_brackets() {
        assert_eq!(ids("<a@b> <c@d>"), ["a@b", "c@d"]);
        assert_eq!(ids("Your mail of today <a@b>"), ["a@b"]);
        assert_eq!(ids("a@b, c@d"), ["a@b", "c@d"]);
        assert_eq!(ids("<a@\n b>"), ["a@b"]);
        assert_eq!(ids("none here"), [""; 0]);
    }

    #[test]
    fn the_same_mail_on_two_ways_has_one_digest() {
        let a = mail("Received: x\nFrom: a@x.test\nSubject: s\n\nhi\n");
        let b = mail("Received: y\nTo: z@x.test\nFrom: a@x.test\nSubject: s\n\nhi\n");
        let c = mail("From: a@x.test\nSubject: s\n\nho\n");
        assert_eq!(a.content_digest, b.content_digest);
        assert_ne!(a.content_digest, c.content_digest);
    }

    /// Bytes that look like mail: headers, boundaries, encodings and noise.
    fn mails() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop::sample::select(vec![
            "From: a@x.test",
            "Subject: =?utf-8?B?w7w?=",
            "Content-Type: multipart/mixed; boundary=x",
            "Content-Type: text/html",
            "--x",
            "--x--",
            "Content-Transfer-Encoding: base64",
            "Content-Transfer-Encoding: quoted-printable",
            "Content-Type: message/rfc822",
            "",
            "",
            "a=\r\n=C3=BC",
            "<p>a<b>c",
            "SGVsbG8=",
            "Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%BC",
            "begin 644 x",
            "+:&5L;&\\@",
            " folded",
            "Content-Type: message/delivery-status",
            "Final-Recipient: rfc822; a@x.test",
            "> quoted",
            "Content-Type: text/plain; format=flowed; charset=utf-16",
            "Content-Type: application/ms-tnef; name=winmail.dat",
            "eJ8+Ig==",
            "X-Failed-Recipients: a@x.test",
            "<li><div id=divRplyFwdMsg>",
            "<span class=gmail_attr>b",
            "<blockquote><hr id=stopSpelling>",
        ]);
        let piece = prop_oneof![5 => pieces.prop_map(|p| p.as_bytes().to_vec()), 1 => prop::collection::vec(any::<u8>(), 0..40)];
        prop::collection::vec(piece, 0..30).prop_map(|p| p.join(&b'\n'))
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_leave_a_nul(raw in mails()) {
            let mail = parse(&raw, &Limits::default());
            let verdict = crate::mail::classify::judge::judge(&mail, &crate::mail::classify::Own::default());
            let forwarded = crate::mail::forward::original(&mail);
            let shown = format!("{mail:?} {verdict:?} {forwarded:?}");
            prop_assert!(!mail.text.contains('\0') && !mail.new_text.contains('\0') && !mail.subject.contains('\0'));
            prop_assert!(mail.headers.iter().all(|(_, v)| !v.contains(['\0', '\n', '\r'])));
            prop_assert!(!mail.text.contains(marks::QUOTE_BEGINS) && !mail.new_text.contains(marks::QUOTE_INTRO), "{}", shown);
            prop_assert!(mail.attachments.iter().all(|a| !a.name.contains(['/', '\\', '\0', '\n']) && !a.name.is_empty()));
        }
    }
}
