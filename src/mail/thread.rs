//! The marks in a mail by which its ticket can be found, in the order in which they count.
//!
//! Only reads them; which ticket they mean, and whether they are believed, is for `desk` and `store`.

use crate::mail::Mail;
use crate::mail::token;
use crate::mail::token::Token;
use crate::ticket::id::TicketId;

/// No mail needs more marks; a hostile one could have thousands, each a look-up.
const MOST_TOKENS: usize = 20;
const MOST_REFERENCES: usize = 20;
const MOST_TAGS: usize = 4;
/// The place of a token that stands where servers note whom they got a mail for.
const ENVELOPE: &str = "envelope's recipient";

/// Everything in a mail that may name a ticket.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// Tokens with the place each was found in.
    pub tokens: Vec<(Token, &'static str)>,
    pub in_reply_to: Vec<String>,
    /// Newest first.
    pub references: Vec<String>,
    /// `[slug-id]` in the subject.
    pub tags: Vec<(String, TicketId)>,
}

impl Keys {
    /// Without what its author did not write: whoever sends a mail of theirs again chooses where to.
    #[must_use]
    pub fn without_envelope(mut self) -> Self {
        self.tokens.retain(|(_, place)| *place != ENVELOPE);
        self
    }
}

/// Reads the marks.
pub fn keys(mail: &Mail) -> Keys {
    let references: Vec<String> = mail.references.iter().rev().take(MOST_REFERENCES).cloned().collect();
    let recipients = mail.to.iter().chain(&mail.cc).map(|to| to.address.as_str());
    let in_recipients = recipients.filter_map(token::in_address).map(|token| (token, "recipient"));
    let envelope = mail.delivered_to.iter().map(String::as_str);
    let in_envelope = envelope.filter_map(token::in_address).map(|token| (token, ENVELOPE));
    let in_reply =
        mail.in_reply_to.iter().filter_map(|id| token::in_message_id(id)).map(|token| (token, "in-reply-to"));
    let in_references =
        references.iter().filter_map(|id| token::in_message_id(id)).map(|token| (token, "references"));
    Keys {
        tokens: in_recipients
            .chain(in_envelope)
            .chain(in_reply)
            .chain(in_references)
            .take(MOST_TOKENS)
            .collect(),
        in_reply_to: mail.in_reply_to.iter().take(MOST_REFERENCES).cloned().collect(),
        tags: tags(&mail.subject),
        references,
    }
}

/// Every `[slug-id]` in a subject, wherever it stands.
pub fn tags(subject: &str) -> Vec<(String, TicketId)> {
    let mut found = Vec::new();
    for part in subject.split('[').skip(1) {
        let Some((inside, _)) = part.split_once(']') else { continue };
        let inside: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        let Some((slug, number)) = inside.rsplit_once('-') else { continue };
        let is_slug = !slug.is_empty() && slug.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if let (true, Ok(id), true) = (is_slug, number.parse(), number.bytes().all(|b| b.is_ascii_digit())) {
            found.push((slug.to_ascii_lowercase(), TicketId(id)));
        }
    }
    found.truncate(MOST_TAGS);
    found
}

/// The base subject of RFC 5256 §2.1: without reply and forward prefixes, list tags and extra space.
///
/// Prefixes of other languages count too; the RFC knows only the English ones.
pub(crate) fn base_subject(subject: &str) -> String {
    let mut rest = subject.trim();
    loop {
        let before = rest;
        rest = without_trailer(rest);
        rest = without_blob(rest);
        rest = without_prefix(rest);
        if rest == before {
            break;
        }
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Words that mean "reply" or "forward" before a colon, in lower case.
const PREFIXES: &[&str] = &[
    "re",
    "fw",
    "fwd",
    "aw",
    "wg",
    "antw",
    "antwort",
    "sv",
    "vs",
    "vl",
    "vb",
    "vá",
    "odp",
    "pd",
    "ref",
    "res",
    "enc",
    "rv",
    "tr",
    "ri",
    "rif",
    "r",
    "i",
    "fs",
    "bls",
    "ynt",
    "ilt",
    "απ",
    "πρθ",
    "σχετ",
    "на",
    "отв",
    "ответ",
    "пересл",
    "fwrd",
    "rép",
    "réf",
    "atb",
    "ats",
    "odg",
    "vast",
    "svar",
    "cevap",
    "yanıt",
    "risposta",
    "respuesta",
    "resposta",
    "balas",
    "trả lời",
    "ตอบ",
    "ตอบกลับ",
    "weitergeleitet",
    "transféré",
    "reenviado",
    "encaminhada",
    "відп",
    "відповідь",
    "отговор",
    "απάντηση",
    "回信",
    "회신",
    "응답",
    "回复",
    "答复",
    "转发",
    "回覆",
    "轉寄",
    "返信",
    "転送",
    "답장",
    "전달",
    "תגובה",
    "הועבר",
    "رد",
    "doorst",
];

/// Whether a word means "reply" or "forward" before a colon.
pub(crate) fn is_prefix(word: &str) -> bool {
    PREFIXES.contains(&word)
}

fn without_prefix(subject: &str) -> &str {
    let Some(at) = subject.find([':', '：']) else { return subject };
    let (word, rest) = subject.split_at(at);
    // `Re[2]:` and `Re (3):` count the replies.
    let word =
        word.split(['[', '(']).next().unwrap_or(word).trim().trim_end_matches(|c: char| c.is_ascii_digit());
    if is_prefix(word.to_lowercase().as_str()) {
        return rest.trim_start_matches([':', '：']).trim_start();
    }
    subject
}

fn without_blob(subject: &str) -> &str {
    let Some(inside) = subject.strip_prefix('[') else { return subject };
    match inside.split_once(']') {
        // A subject that is nothing but a blob keeps it.
        Some((blob, rest)) if !blob.contains('[') && !rest.trim().is_empty() => rest.trim_start(),
        _ => subject,
    }
}

fn without_trailer(subject: &str) -> &str {
    let subject = subject.trim();
    let end = subject.len().saturating_sub("(fwd)".len());
    match subject.get(end..) {
        Some(last) if last.eq_ignore_ascii_case("(fwd)") => subject[..end].trim_end(),
        _ => subject,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_wherever_a_client_left_it() {
        for (subject, want) in [
            ("[support-12] Printer", vec![("support", 12)]),
            ("Re: AW: [support-12] Printer", vec![("support", 12)]),
            ("Printer [ Help-Desk-7 ]", vec![("help-desk", 7)]),
            ("[list] [support-\t12] x [sales-3]", vec![("support", 12), ("sales", 3)]),
            ("[support-] [-3] [support-1x] [support-99999999999999999999] [sup port", vec![]),
            ("[support--1]", vec![("support-", 1)]),
        ] {
            let want: Vec<_> = want.into_iter().map(|(slug, id)| (slug.to_owned(), TicketId(id))).collect();
            assert_eq!(tags(subject), want, "{subject}");
        }
    }

    #[test]
    fn replies_and_forwards_share_the_base_subject() {
        for subject in [
            "Printer on fire",
            "Re: Printer on  fire",
            "RE: AW: [support-3] Printer on fire (fwd)",
            "Re[2]: Printer on fire",
            "Fwd: [list] Re: printer on fire",
            "回复：Printer on fire",
        ] {
            assert_eq!(base_subject(subject), "printer on fire", "{subject}");
        }
        assert_eq!(base_subject("[only]"), "[only]");
        assert_eq!(base_subject("Note: see below"), "note: see below");
        assert_eq!(base_subject(""), "");
    }

    #[test]
    fn a_mail_with_ten_thousand_references_gives_few_look_ups() {
        let mail = Mail { references: (0..10_000).map(|n| format!("{n}@x")).collect(), ..Mail::default() };
        let keys = keys(&mail);
        assert_eq!(keys.references.len(), MOST_REFERENCES);
        assert_eq!(keys.references[0], "9999@x", "newest first");
    }
}
