//! Blocks such as "From: … Sent: … To: … Subject: …" that stand above a quoted mail.
//!
//! Says where such a block is; whether it is cut depends on what stands before it.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::mail::reply::date;
use crate::mail::reply::language::words::Label;
use crate::mail::reply::line::DASHES;
use crate::mail::reply::line::Line;
use crate::mail::reply::line::between_dashes;
use crate::mail::reply::line::lower;
use crate::mail::reply::phrases;

/// Labels are short; a colon further right is part of a sentence.
const LABEL_BYTES: usize = 60;
/// How many lines one label may fill where it lists addresses, and where not.
const LIST_LINES: usize = 40;
const VALUE_LINES: usize = 2;
/// How far below its date a header goes whose labels stand alone.
const STACKED_LINES: usize = 14;

static LABELS: LazyLock<HashMap<&'static str, Label>> = LazyLock::new(|| {
    phrases::LABELS.iter().flat_map(|(label, words)| words.iter().map(|w| (*w, *label))).collect()
});

/// A block of quoted header lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct QuotedHeader {
    /// First and last line.
    pub start: usize,
    pub end: usize,
    /// What the lines say, continuations joined.
    pub fields: Vec<(Label, String)>,
}

impl QuotedHeader {
    pub fn get(&self, label: Label) -> Option<&str> {
        self.fields.iter().find(|(l, _)| *l == label).map(|(_, v)| v.as_str())
    }
}

/// Label and value of one line.
pub fn field(bare: &str) -> Option<(Label, &str)> {
    let cells = bare.starts_with('|');
    let bare = bare.trim_start_matches(['>', '|', ' ', '_']);
    if cells && let Some(field) = cells_of(bare) {
        return Some(field);
    }
    let end =
        bare.char_indices().take_while(|(i, _)| *i < LABEL_BYTES).find(|(_, c)| *c == ':' || *c == '：')?;
    let value = bare[end.0 + end.1.len_utf8()..].trim_matches([' ', '_', '\t']);
    label(bare[..end.0].trim_matches([' ', '_', '\u{a0}', '\t'])).map(|label| (label, value))
}

/// The label and value of a row of a table, as programs make text of one: `| From | Ann |`.
fn cells_of(row: &str) -> Option<(Label, &str)> {
    let (first, value) = row.split_once('|')?;
    let name = label(first.trim_matches([' ', ':', '：', '_', '\u{a0}']))?;
    Some((name, value.trim_end_matches(['|', ' ']).trim_start()))
}

/// What a word means as a label.
pub(crate) fn label(word: &str) -> Option<Label> {
    LABELS.get(lower(word).as_str()).copied()
}

/// Reads a block that starts at line `start`. `announced`: a line before it says that a mail follows.
pub fn read(lines: &[Line<'_>], start: usize, announced: bool) -> Option<QuotedHeader> {
    let (label, value) = field(&lines[start].bare)?;
    let mut block = QuotedHeader { start, end: start, fields: vec![(label, value.to_owned())] };
    let (mut at, mut wrapped, mut blank) = (start + 1, 0, false);
    while at < lines.len() {
        let line = &lines[at];
        if line.is_blank() {
            // Some clients leave an empty line between the lines of a header, none leaves two.
            if blank {
                break;
            }
            blank = true;
        } else if let Some((label, value)) = field(&line.bare).filter(|(l, _)| block.get(*l).is_none()) {
            block.fields.push((label, value.to_owned()));
            (block.end, wrapped, blank) = (at, 0, false);
        } else {
            let last = block.fields.last().map(|(_, v)| v.as_str()).unwrap_or_default();
            let listing = last.ends_with([',', ';']) || line.bare.contains(['@', ';', '<']);
            let most = if listing { LIST_LINES } else { VALUE_LINES };
            // Behind an empty line only another label goes on with the header.
            let is_other = !listing && is_other_field(&line.bare);
            if blank || wrapped >= most || line.bare.len() > 500 || is_other && !goes_on(lines, at, &block) {
                break;
            }
            wrapped += 1;
            if is_other {
                at += 1;
                continue;
            }
            if let Some((_, value)) = block.fields.last_mut() {
                value.push(' ');
                value.push_str(&line.bare);
            }
        }
        at += 1;
    }
    let trailing = trailing_lines(lines, &block);
    block.end += trailing;
    block.is_header(announced).then_some(block)
}

/// Whether two labels that the block does not have yet stand right below a line with one that is not known.
fn goes_on(lines: &[Line<'_>], at: usize, block: &QuotedHeader) -> bool {
    let mut below = lines[at + 1..].iter().take(2);
    let is_new = |l: &Line<'_>| field(&l.bare).is_some_and(|(label, _)| block.get(label).is_none());
    below.len() == 2 && below.all(is_new)
}

/// A line such as `Order: 4711`, as forms have them.
fn is_other_field(bare: &str) -> bool {
    let Some((label, value)) = bare.split_once(": ") else {
        return false;
    };
    let name = label.chars().all(|c| c.is_alphabetic() || c == ' ') && label.split(' ').count() <= 3;
    name && (3..=24).contains(&label.chars().count()) && !value.is_empty()
}

/// Reads a block as Notes writes it: a name, below it the date, and labels that stand alone above their values.
pub(crate) fn read_stacked(lines: &[Line<'_>], start: usize) -> Option<QuotedHeader> {
    let gap = usize::from(lines.get(start + 1).is_some_and(Line::is_blank));
    let date = lines.get(start + 1 + gap).filter(|l| date::is_date_and_time(&l.bare))?;
    let name = &lines[start].bare;
    if name.len() > 200 || !name.contains(char::is_alphabetic) {
        return None;
    }
    let below = (start + 2 + gap..lines.len()).take(STACKED_LINES);
    let mut fields = vec![(Label::From, name.to_string()), (Label::Date, date.bare.to_string())];
    let mut end = start + 1 + gap;
    for at in below {
        // Where it was a table, the value stands in the next cell.
        if let Some((label, value)) = lines[at].bare.split_once(" | ")
            && let Some(label) = LABELS.get(lower(label).as_str())
        {
            fields.push((*label, value.to_owned()));
            end = at;
            continue;
        }
        let label = LABELS.get(lower(&lines[at].bare).as_str());
        if let Some(label @ (Label::To | Label::Cc | Label::Subject)) = label {
            let value = lines.get(at + 1).map_or("", |l| &l.bare);
            fields.push((*label, value.to_owned()));
            end = if value.is_empty() { at } else { at + 1 };
        }
    }
    let has = |label| fields.iter().any(|(l, _)| *l == label);
    (has(Label::To) && has(Label::Subject)).then_some(QuotedHeader { start, end, fields })
}

/// A long list of recipients or a long subject goes on behind the last label.
fn trailing_lines(lines: &[Line<'_>], block: &QuotedHeader) -> usize {
    let rest = &lines[block.end + 1..];
    let list = matches!(block.fields.last(), Some((Label::To | Label::Cc, _)));
    if list {
        rest.iter().take(LIST_LINES).take_while(|l| l.bare.contains('@') && !l.is_quote()).count()
    } else {
        0
    }
}

impl QuotedHeader {
    fn is_header(&self, announced: bool) -> bool {
        let has = |label| self.get(label).is_some();
        let from = self.get(Label::From);
        let address = self.fields.iter().any(|(_, v)| v.contains('@'));
        let when = has(Label::Sent) || has(Label::Date);
        if announced {
            return from.is_some() || when && (has(Label::Subject) || has(Label::To));
        }
        let count = self.fields.len();
        from.is_some()
            && count >= 3
            && (when || address)
            && (has(Label::Subject) || has(Label::Sent) || address)
            || from.is_some() && when && count >= 2 && address
    }
}

/// A line that says: here a mail begins that was answered.
pub(crate) fn is_original(line: &Line<'_>) -> bool {
    let Some(inner) = between_dashes(&line.bare) else {
        return false;
    };
    if is_original_phrase(&inner) {
        return true;
    }
    // `-----Ann Lee wrote: -----`, `---- On 2 Apr 2024 Ann Lee <ann@x.test> wrote ----`
    let said = inner.trim_end_matches([':', '：', ' ']);
    let shaped = inner.ends_with([':', '：']) || inner.contains('@') || line.bare.ends_with("----");
    line.bare.ends_with('-')
        && shaped
        && phrases::WROTE.iter().any(|w| said.ends_with(w) || said.contains(&format!(" {w} ")))
}

/// Words between dashes, in lower case, that say: here a mail begins that was answered.
pub(crate) fn is_original_phrase(inner: &str) -> bool {
    phrases::ORIGINAL.contains(&inner.trim_end_matches([':', '：']))
}

/// Words between dashes, in lower case, that say: here a mail begins that is passed on.
pub(crate) fn is_forward_phrase(inner: &str) -> bool {
    phrases::FORWARDED.iter().any(|phrase| inner.starts_with(phrase))
}

/// Some words between dashes, or "Original message:". With a header below, it does not matter which.
pub(crate) fn is_announced(line: &Line<'_>) -> bool {
    let dashed = line.bare.ends_with(DASHES) && between_dashes(&line.bare).is_some();
    dashed
        || line.bare.ends_with([':', '：']) && line.bare.len() < 100 && {
            let small = lower(&line.bare);
            phrases::ORIGINAL.contains(&small.trim_end_matches([':', '：', ' ']))
        }
}

/// A line that says: here a mail begins that is passed on.
pub(crate) fn is_forward(line: &Line<'_>) -> bool {
    let bare = line.bare.trim_start_matches(['>', ' ']);
    if bare.len() > 200 {
        return false;
    }
    let inner = between_dashes(bare);
    let dashed = inner.is_some();
    let text = inner.unwrap_or_else(|| lower(bare));
    let text = text.trim_matches([' ', ':', '：', '-', '.', '"']);
    let same = |p: &&str| *text == **p || dashed && text.starts_with(*p);
    phrases::FORWARDED.iter().any(same)
        && (dashed || bare.ends_with([':', '：']) || text.starts_with("begin "))
}

/// Whether the subject says together with the text that the mail was passed on.
pub(crate) fn is_passed_on(subject: &str, lines: &[Line<'_>]) -> bool {
    // `VS:` is a forward in Danish and Norwegian, an answer in Finnish; the quoted header tells which.
    let vs = subject.trim_start().get(..3).is_some_and(|s| s.eq_ignore_ascii_case("vs:"));
    vs && lines.iter().take(40).any(|l| l.bare.starts_with("Fra:"))
}

/// Whether a word means before a colon that the mail was passed on.
pub(crate) fn is_forward_prefix(word: &str) -> bool {
    phrases::FORWARD_PREFIXES.contains(&word)
}

/// Whether a subject says that the mail was passed on.
pub(crate) fn is_forward_subject(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    for _ in 0..5 {
        let Some((prefix, behind)) = rest.split_once([':', '：']) else {
            return false;
        };
        let prefix = lower(prefix.trim());
        let prefix = prefix.trim_end_matches(|c: char| c.is_ascii_digit() || "[]().".contains(c));
        if is_forward_prefix(prefix) {
            return true;
        }
        if prefix.chars().count() > 6 {
            return false;
        }
        rest = behind.trim_start();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str, announced: bool) -> Option<(usize, usize)> {
        let lines: Vec<Line> = text.lines().map(Line::new).collect();
        read(&lines, 0, announced).map(|h| (h.start, h.end))
    }

    #[test]
    fn quoted_headers_are_known_in_every_language() {
        let cases = [
            "From: Ann <a@x.test>\nSent: Monday\nTo: Bob\nSubject: Hi",
            "*From:* Ann [mailto:a@x.test]\n*Sent:* Monday\n*To:* Bob\n*Subject:* Hi",
            "Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: Hi",
            "Gesendet: Montag\nVon: \"Ann\" <a@x.test>\nAn: b@x.test\nBetreff: Hi",
            "De : Ann\nEnvoyé : lundi\nÀ : Bob\nObjet : Hi",
            "De: Ann\nEnviado el: lunes\nPara: Bob\nAsunto: Hi",
            "Da: Ann\nInviato: lunedì\nA: Bob\nOggetto: Hi",
            "Van: Ann [mailto:a@x.test]\nVerzonden: maandag\nAan: Bob\nOnderwerp: Hi",
            "Från: Ann\nSkickat: måndag\nTill: Bob\nÄmne: Hi",
            "От:\u{a0}Ann\nОтправлено:\u{a0}понедельник\nКому:\u{a0}Bob",
            "发件人: Ann\n发送时间: 2024年\n收件人: Bob\n主题: Hi",
            "差出人: Ann\n送信日時: 2024年\n宛先: Bob\n件名: Hi",
            "Date: Thu, 26 Jun 2014\nSubject: Hi\nFrom: a@x.test\nTo: b@x.test",
            "From: Ann\n\nSent: Monday\n\nTo: Bob\n\nSubject: Hi",
        ];
        for text in cases {
            let end = text.lines().count() - 1;
            assert_eq!(header(text, false), Some((0, end)), "{text}");
        }
    }

    #[test]
    fn labels_may_stand_alone_above_their_values() {
        let text =
            "Ann <a@x.test>\n04/02/2024 06:26 PM\n\nTo\nBob <b@x.test>\ncc\n\nSubject\nRe: Hi\n\nHello";
        let lines: Vec<Line> = text.lines().map(Line::new).collect();
        let found = read_stacked(&lines, 0).expect("it is one");
        assert_eq!((found.end, found.get(Label::Subject)), (8, Some("Re: Hi")));
        let text = "My flight\n04/02/2024 06:26 PM\n\nTo\nBerlin";
        assert_eq!(read_stacked(&text.lines().map(Line::new).collect::<Vec<_>>(), 0), None);
    }

    #[test]
    fn a_form_is_no_quoted_header() {
        assert_eq!(header("From: Berlin\nTo: Munich\nDate: 12 May", false), None);
        assert_eq!(header("To: the team\nSubject: my order", false), None);
        assert_eq!(header("From: now on it works\nThanks", false), None);
    }

    #[test]
    fn lists_of_recipients_belong_to_the_header() {
        let text =
            "From: Ann <a@x.test>\nTo: b@x.test,\n c@x.test,\n d@x.test\nSubject: Hi\nDate: now\n\nHello";
        assert_eq!(header(text, false), Some((0, 5)));
    }

    #[test]
    fn separators_are_known_in_every_spelling() {
        for text in [
            "-----Original Message-----",
            "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
            "-------- Ursprüngliche Nachricht --------",
            "*-------- Original Message --------*",
            "------------------ 原始邮件 ------------------",
            "-----Ann Lee/ACME wrote: -----",
        ] {
            assert!(is_original(&Line::new(text)), "{text}");
        }
        for text in [
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "> Begin forwarded message:",
            "Anfang der weitergeleiteten Nachricht:",
            "---------- Weitergeleitete Nachricht ----------",
        ] {
            assert!(is_forward(&Line::new(text)), "{text}");
        }
        assert!(!is_forward(&Line::new("I send you the forwarded message")));
        assert!(
            is_forward_subject("Re: FW: x")
                && is_forward_subject("WG: x")
                && !is_forward_subject("Re: x")
                && !is_forward_subject("Question: x")
        );
    }
}
