//! What must not leave with an agent's answer: what he quoted of our own mails to staff.
//!
//! Looks only; what is found is kept as a private note by the caller.

use crate::desk::DeskError;
use crate::desk::message::File;
use crate::desk::prepared::Prepared;
use crate::mail::internal;
use crate::mail::internal::Quoted;
use crate::mail::passages::Passages;
use crate::store;
use crate::store::db::Tx;
use crate::store::followups::Most;
use crate::store::followups::Statement;
use crate::template::sentence::Sentence;
use crate::ticket::entry::EntryKind;
use crate::ticket::entry::Visibility;
use crate::ticket::id::TicketId;

/// Shorter lines of a note are what people say again by chance.
const SHORTEST_LINE: usize = 40;
/// How much of a conversation is looked at, from its end: nobody quotes what was said hundreds of entries before.
const MOST: Most = Most { entries: 300, characters: 128 * 1024 };
const MOST_CHARACTERS: i64 = 2 * 1024 * 1024;
/// Kinds of private entries that their author may well say again, or that nobody wrote.
const NO_SECRETS: [EntryKind; 3] = [EntryKind::Unverified, EntryKind::Withheld, EntryKind::Machine];

/// What is still in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leak {
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
    pub words: &'a Prepared,
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

/// The end of a conversation, newest first: all that is looked at.
pub async fn said(tx: &mut Tx, id: TicketId) -> Result<Vec<Statement>, sqlx::Error> {
    store::followups::list_newest(tx, id, MOST, MOST_CHARACTERS).await
}

/// Looks for what must not leave, given what was [`said`] on the ticket.
pub async fn find(
    tx: &mut Tx,
    entries: &[Statement],
    answer: &Answer<'_>,
) -> Result<Option<Leak>, DeskError> {
    let own = Quoted::of(answer.text);
    let files = answer.words.attachments.iter().flat_map(File::quoted);
    let texts: Vec<&Quoted> = std::iter::once(&own).chain(files).collect();
    let below = internal::is_from_below_marker(answer.whole, answer.text);
    if below || texts.iter().any(|text| text.has_marker) {
        return Ok(Some(Leak::Marker));
    }
    for token in texts.iter().flat_map(|text| &text.tokens) {
        if store::outbox::find_by_key(tx, token.row).await?.is_some() {
            return Ok(Some(Leak::Token));
        }
    }
    Ok(quotes_note(entries, &texts).then_some(Leak::Note))
}

/// The public words of a ticket, squeezed: everybody may quote them.
pub fn shown(entries: &[Statement]) -> Passages {
    let public = entries.iter().filter(|entry| entry.visibility == Visibility::Public);
    Passages::of(public.map(|entry| internal::squeeze(&entry.text)).collect())
}

fn quotes_note(entries: &[Statement], texts: &[&Quoted]) -> bool {
    let is_note =
        |entry: &&Statement| entry.visibility == Visibility::Private && !NO_SECRETS.contains(&entry.kind);
    let lines = entries.iter().filter(is_note).flat_map(|entry| entry.text.lines()).map(str::trim);
    let says_much = |line: &&str| {
        let words = line.chars().filter(|c| c.is_alphanumeric()).count();
        // A drawn line is nobody's secret.
        line.chars().count() >= SHORTEST_LINE && words >= SHORTEST_LINE / 2
    };
    let long: Vec<String> = lines.filter(says_much).map(internal::squeeze).collect();
    // Most tickets have no notes, and then nothing is compared.
    if long.is_empty() {
        return false;
    }
    let said = |line: &&String| texts.iter().any(|text| text.words.have(line));
    let quoted: Vec<&String> = long.iter().filter(said).collect();
    if quoted.is_empty() {
        return false;
    }
    let shown = shown(entries);
    quoted.into_iter().any(|line| !shown.have(line))
}
