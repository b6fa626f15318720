//! A mail that was passed on: who wrote it first, when, and what.
//!
//! Only reads. Whether the first author becomes the submitter is for `desk` to say.

pub mod date;

use crate::clock::Timestamp;
use crate::mail::Address;
use crate::mail::Attachment;
use crate::mail::Mail;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::parse::address;
use crate::mail::reply;
use crate::mail::reply::glued;
use crate::mail::reply::language::words::Label;
use crate::mail::reply::line::Line;
use crate::mail::reply::quoted_header;
use crate::mail::reply::quoted_header::QuotedHeader;

/// With more words of the sender's own, an enclosed message is an attachment like others.
const COVER_WORDS: usize = 60;

/// The mail as it was before it was passed on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Original {
    pub author: Option<Address>,
    pub date: Option<Timestamp>,
    /// The date as it was written; its zone is often not said.
    pub(crate) date_text: String,
    pub subject: String,
    pub text: String,
    /// What came with it, if it was attached whole; what is copied into a text has the outer mail's.
    pub attachments: Vec<Attachment>,
    pub way: Way,
    pub message_id: Option<String>,
    /// As the mail itself has it, if it was attached whole.
    pub content_digest: [u8; 32],
    /// What whoever passed it on wrote above it, without his signature.
    pub cover: String,
}

/// How a mail was passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// Its text was copied.
    #[default]
    Inline,
    Enclosed,
}

/// Finds the mail that was passed on, if this is such a mail.
pub fn original(mail: &Mail) -> Option<Original> {
    let kind = mail.header("content-type").unwrap_or_default().trim_start();
    // A report encloses a mail of ours that nobody passed on.
    if kind.get(..16).is_some_and(|k| k.eq_ignore_ascii_case("multipart/report")) {
        return None;
    }
    inline(mail).or_else(|| enclosed(mail))
}

/// A message that is attached whole.
fn enclosed(mail: &Mail) -> Option<Original> {
    let mut messages = mail
        .attachments
        .iter()
        .filter(|a| a.content_type == "message/rfc822" || a.content_type == "message/global");
    let (first, more) = (messages.next()?, messages.next());
    let forwarded = quoted_header::is_forward_subject(&mail.subject);
    let cover = reply::without_signature(&mail.new_text);
    let covered = cover.split_whitespace().count() > COVER_WORDS;
    if more.is_some() || covered && !forwarded {
        return None;
    }
    let inner = parse::parse(&first.data, &Limits::default());
    Some(Original {
        author: inner.author().cloned(),
        date: inner.date,
        date_text: inner.header("date").unwrap_or_default().to_owned(),
        subject: inner.subject,
        text: inner.text,
        attachments: inner.attachments,
        way: Way::Enclosed,
        message_id: inner.message_id,
        content_digest: inner.content_digest,
        cover,
    })
}

/// A message that was copied into the text, below a line or header that says so.
fn inline(mail: &Mail) -> Option<Original> {
    let plain = unquoted(&mail.text);
    let lines: Vec<Line> = plain.iter().map(|l| Line::new(l)).collect();
    let by_subject = quoted_header::is_forward_subject(&mail.subject);
    let (begin, found) = (0..lines.len()).find_map(|at| {
        let glued =
            || glued::read(&lines, at).filter(|glued| by_subject || glued.is_forward).map(|g| g.header);
        let block = glued()
            .or_else(|| announced(&lines, at))
            .or_else(|| by_subject.then(|| bare_header(&lines, at)).flatten());
        Some((at, block?))
    })?;
    let from = found.get(Label::From)?;
    let date_text = found.get(Label::Sent).or(found.get(Label::Date)).unwrap_or_default().to_owned();
    // Where only the mail itself is marked as quoted, and not the line that announces it.
    let marked = lines[found.start].raw.starts_with('>');
    let below = lines[found.end + 1..].iter().map(|l| if marked { unmarked(l.raw) } else { l.raw });
    let text = below.collect::<Vec<_>>().join("\n");
    Some(Original {
        author: author(from),
        date: date::read(&date_text, date::zone(mail.header("date").unwrap_or_default())),
        date_text,
        subject: found.get(Label::Subject).unwrap_or_default().to_owned(),
        text: text.trim().to_owned(),
        attachments: Vec::new(),
        way: Way::Inline,
        message_id: None,
        content_digest: [0; 32],
        cover: reply::without_signature(&cover(&lines[..begin])),
    })
}

/// The lines above, without one that only divides.
fn cover(above: &[Line<'_>]) -> String {
    let last = above.iter().rposition(Line::has_words).map_or(0, |at| at + 1);
    above[..last].iter().map(|line| line.raw).collect::<Vec<_>>().join("\n")
}

/// Apple Mail marks what it forwards as quoted; the marks of the outermost level go.
fn unquoted(text: &str) -> Vec<&str> {
    let quoted = text.lines().any(|l| l.starts_with('>') && quoted_header::is_forward(&Line::new(l)));
    text.lines().map(|l| if quoted { unmarked(l) } else { l }).collect()
}

fn unmarked(line: &str) -> &str {
    line.strip_prefix("> ").or_else(|| line.strip_prefix('>')).unwrap_or(line)
}

fn announced(lines: &[Line<'_>], at: usize) -> Option<QuotedHeader> {
    if !quoted_header::is_forward(&lines[at]) {
        return None;
    }
    let next = (at + 1..lines.len()).take(4).find(|i| !lines[*i].is_blank())?;
    quoted_header::read(lines, next, true).or_else(|| introduced(&lines[next], next))
}

/// `02.04.2024, 18:26, "Ann Lee" <ann@x.test>:`, which some programs write instead of a header.
fn introduced(line: &Line<'_>, at: usize) -> Option<QuotedHeader> {
    let said =
        line.bare.strip_suffix(':').filter(|said| said.contains('@') && reply::date::has_time(said))?;
    let author = said.rfind(", ").map(|comma| comma + 1).filter(|_| said.ends_with('>'))?;
    let (date, from) = (said[..author].trim_end_matches(','), said[author..].trim());
    let fields = vec![(Label::Date, date.to_owned()), (Label::From, from.to_owned())];
    reply::date::has_day(date).then_some(QuotedHeader { start: at, end: at, fields })
}

fn bare_header(lines: &[Line<'_>], at: usize) -> Option<QuotedHeader> {
    let below_original = at > 0 && quoted_header::is_original(&lines[at - 1]);
    quoted_header::field(&lines[at].bare).and_then(|_| quoted_header::read(lines, at, below_original))
}

/// `Ann <a@x.test>`, `Ann [mailto:a@x.test]`, `Ann <a@x.test<mailto:a@x.test>>` or only `Ann`.
fn author(from: &str) -> Option<Address> {
    let mut people = address::list(from.as_bytes(), None).into_iter();
    let first = people.next()?;
    Some(if first.address.is_empty() { people.find(Address::is_plausible).unwrap_or(first) } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(subject: &str, text: &str) -> Option<String> {
        let raw = format!(
            "From: agent@desk.test\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}"
        );
        original(&parse::parse(raw.as_bytes(), &Limits::default())).map(|o| {
            let author = o.author.unwrap_or_default();
            let date = o.date.map(|d| d.to_string()).unwrap_or_default();
            format!("{}|{}|{date}|{}|{}", author.name.unwrap_or_default(), author.address, o.subject, o.text)
        })
    }

    #[test]
    fn the_first_author_is_found_below_the_lines_of_every_client() {
        let want = Some("Ann Lee|ann@x.test|2024-04-02T18:26:00Z|Printer|It burns.".to_owned());
        let cases = [
            (
                "Fwd: Printer",
                "fyi\n\n---------- Forwarded message ---------\nFrom: Ann Lee <ann@x.test>\nDate: Tue, Apr 2, 2024 at 6:26 PM\nSubject: Printer\nTo: <agent@desk.test>\n\n\nIt burns.\n",
            ),
            (
                "Printer",
                "Begin forwarded message:\n\nFrom: Ann Lee <ann@x.test>\nSubject: Printer\nDate: 2 April 2024 at 18:26:00 UTC\nTo: agent@desk.test\n\nIt burns.\n",
            ),
            (
                "Printer",
                "> Begin forwarded message:\n> \n> From: Ann Lee <ann@x.test>\n> Subject: Printer\n> Date: 2 April 2024 at 18:26\n> To: agent@desk.test\n> \n> It burns.\n",
            ),
            (
                "FW: Printer",
                "From: Ann Lee [mailto:ann@x.test]\nSent: Tuesday, April 2, 2024 6:26 PM\nTo: agent@desk.test\nSubject: Printer\n\nIt burns.\n",
            ),
            (
                "WG: Printer",
                "Bitte bearbeiten.\n\nVon: Ann Lee <ann@x.test>\nGesendet: Dienstag, 2. April 2024 18:26\nAn: agent@desk.test\nBetreff: Printer\n\nIt burns.\n",
            ),
            (
                "Fwd: Printer",
                "-------- Weitergeleitete Nachricht --------\nBetreff: \tPrinter\nDatum: \tTue, 2 Apr 2024 18:26:00 +0000\nVon: \tAnn Lee <ann@x.test>\nAn: \tagent@desk.test\n\n\n\nIt burns.\n",
            ),
            (
                "TR: Printer",
                "De : Ann Lee <ann@x.test>\nEnvoyé : mardi 2 avril 2024 18:26\nÀ : agent@desk.test\nObjet : Printer\n\nIt burns.\n",
            ),
        ];
        for (subject, text) in cases {
            assert_eq!(of(subject, text), want, "{text}");
        }
    }

    #[test]
    fn a_reply_is_no_forward() {
        assert_eq!(
            of(
                "Re: Printer",
                "Thanks\n\nFrom: Ann <ann@x.test>\nSent: today\nTo: me\nSubject: Printer\n\nIt burns.\n"
            ),
            None
        );
        assert_eq!(of("Printer", "Hello\n"), None);
    }

    #[test]
    fn an_enclosed_message_is_read() {
        let raw = "From: agent@desk.test\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nsee there\n--x\nContent-Type: message/rfc822\n\nFrom: Ann <ann@x.test>\nSubject: Printer\n\nIt burns.\n--x--\n";
        let found = original(&parse::parse(raw.as_bytes(), &Limits::default())).expect("an original");
        assert_eq!((found.subject.as_str(), found.text.as_str()), ("Printer", "It burns."));
        assert_eq!(found.author.expect("an author").address, "ann@x.test");
    }
}
