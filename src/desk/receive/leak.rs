//! What must not leave with an agent's answer: what he quoted of our own mails to staff.
//!
//! Looks only; what is found is kept as a private note by the caller.

use crate::desk::DeskError;
use crate::desk::entry::Words;
use crate::mail::internal;
use crate::mail::parse;
use crate::mail::parse::Limits;
use crate::mail::passages::Passages;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Followup;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;

/// Shorter lines of a note are what people say again by chance.
const SHORTEST_LINE: usize = 40;
/// Larger attachments are no quotes.
const LARGEST: usize = 1024 * 1024;
/// Public words that are looked at when something is quoted.
const MOST_SHOWN: usize = 4 * 1024 * 1024;
/// Kinds of private entries that their author may well say again, or that nobody wrote.
const NO_SECRETS: [EntryKind; 3] = [EntryKind::Unverified, EntryKind::Withheld, EntryKind::Machine];

/// What is still in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leak {
    Marker,
    Token,
    Note,
}

/// What is said, as it is looked at.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The text that would go out.
    pub text: &'a str,
    /// The text of the mail before anything was left out.
    pub whole: &'a str,
    pub words: &'a Words,
}

impl Leak {
    /// Why nothing was sent, and what to do.
    pub(crate) fn reason(self) -> Sentence {
        Sentence::new(match self {
            Self::Marker => "reply.marker",
            Self::Token => "reply.token",
            Self::Note => "reply.note",
        })
    }
}

/// Looks for what must not leave, given all entries of the ticket.
pub async fn find(tx: &mut Tx, entries: &[Followup], answer: &Answer<'_>) -> Result<Option<Leak>, DeskError> {
    let mut texts = vec![answer.text.to_owned()];
    texts.extend(answer.words.attachments.iter().flat_map(|file| readable(&file.content_type, &file.data)));
    let below = internal::is_from_below_marker(answer.whole, answer.text);
    if below || texts.iter().any(|text| internal::has_marker(text)) {
        return Ok(Some(Leak::Marker));
    }
    for token in texts.iter().flat_map(|text| internal::tokens(text)) {
        if store::outbox::find_by_key(tx, token.row).await?.is_some() {
            return Ok(Some(Leak::Token));
        }
    }
    Ok(quotes_note(entries, &texts).then_some(Leak::Note))
}

/// The public words of a ticket, squeezed: everybody may quote them. The newest, where they are very many.
pub fn shown(entries: &[Followup]) -> Passages {
    let mut words = String::new();
    for entry in entries.iter().rev().filter(|entry| entry.visibility == Visibility::Public) {
        let text = &entry.text[..entry.text.floor_char_boundary(MOST_SHOWN - words.len())];
        words.push_str(&internal::squeeze(text));
        if words.len() >= MOST_SHOWN {
            break;
        }
    }
    Passages::of(words)
}

fn quotes_note(entries: &[Followup], texts: &[String]) -> bool {
    let said: Vec<Passages> = texts.iter().map(|text| Passages::of(internal::squeeze(text))).collect();
    let is_note =
        |entry: &&Followup| entry.visibility == Visibility::Private && !NO_SECRETS.contains(&entry.kind);
    let lines = entries.iter().filter(is_note).flat_map(|entry| entry.text.lines()).map(str::trim);
    let says_much = |line: &&str| {
        let words = line.chars().filter(|c| c.is_alphanumeric()).count();
        // A drawn line is nobody's secret.
        line.chars().count() >= SHORTEST_LINE && words >= SHORTEST_LINE / 2
    };
    let long = lines.filter(says_much).map(internal::squeeze);
    let mut quoted = long.filter(|line| said.iter().any(|said| said.have(line)));
    let shown = shown(entries);
    quoted.any(|line| !shown.have(&line))
}

/// What can be read in an attachment: of a mail, its headers and its text.
fn readable(content_type: &str, data: &[u8]) -> Vec<String> {
    if data.len() > LARGEST {
        return Vec::new();
    }
    let bytes = || String::from_utf8_lossy(data).into_owned();
    if content_type.starts_with("message/") {
        vec![bytes(), parse::parse(data, &Limits::default()).text]
    } else if content_type.starts_with("text/") {
        vec![bytes()]
    } else {
        Vec::new()
    }
}
