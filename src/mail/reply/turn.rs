//! Whether a mail answers another, passes one on, or is the first of its kind: only an answer has old text.
//!
//! Goes by what the header says, and by a line above which an answer was asked for.

use crate::mail::reply::line::lower;
use crate::mail::reply::quoted_header;
use crate::mail::thread;

/// What a mail is in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It answers nothing: a first mail, a form, an order, an alert.
    Opening,
    Answer,
    /// Its subject has a ticket's number in it, which many programs write into their first mails too.
    Tagged,
    /// It passes another mail on, which is then what it is about.
    Forward,
}

/// What the header of a mail says of others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Head<'a> {
    pub subject: &'a str,
    /// A Message-ID of In-Reply-To or References.
    pub answered: Option<&'a str>,
}

impl Head<'_> {
    /// Also programs that pass a mail on name its Message-ID; the subject is surer.
    pub(crate) fn turn(&self) -> Turn {
        match by_subject(self.subject) {
            Some(turn) => turn,
            None if self.answered.is_some() => Turn::Answer,
            None if !thread::tags(self.subject).is_empty() => Turn::Tagged,
            None => Turn::Opening,
        }
    }
}

/// How many prefixes are looked at: filters and lists put their own before a reply's.
const PREFIXES: usize = 4;
/// The longest word of a filter before a colon, in characters.
const WORD: usize = 10;
/// What means "answer" before a colon in some languages, and a reference number in others.
const UNSURE: &[&str] = &["ref"];

/// What the first telling prefix of a subject says.
fn by_subject(subject: &str) -> Option<Turn> {
    // `[Fwd: …]`, as some write it.
    let bracket = subject.trim_start().strip_prefix('[').filter(|inside| is_prefixed(inside));
    let mut rest = bracket.unwrap_or_else(|| without_blobs(subject));
    for _ in 0..PREFIXES {
        let Some((word, behind)) = rest.split_once([':', '：']) else { break };
        let word = lower(word.trim());
        let word = word.split(['[', '(', '^']).next().unwrap_or_default();
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit() || ". -".contains(c));
        if quoted_header::is_forward_prefix(word) {
            return Some(Turn::Forward);
        }
        if thread::is_prefix(word) && !UNSURE.contains(&word) {
            return Some(Turn::Answer);
        }
        if word.chars().count() > WORD || word.contains(char::is_whitespace) {
            break;
        }
        rest = without_blobs(behind);
    }
    None
}

fn is_prefixed(subject: &str) -> bool {
    let word = subject.split_once([':', '：']).map(|(word, _)| lower(word.trim()));
    word.is_some_and(|word| quoted_header::is_forward_prefix(&word) || thread::is_prefix(&word))
}

/// Without what lists and filters put in brackets or between stars at the start.
fn without_blobs(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    for (open, close) in [('[', ']'), ('[', ']'), ('(', ')'), ('*', '*'), ('{', '}')] {
        let inside = rest.strip_prefix(open).map(|inside| inside.trim_start_matches(open));
        if let Some((blob, behind)) = inside.and_then(|inside| inside.split_once(close))
            && blob.len() <= 60
        {
            rest = behind.trim_start_matches(close).trim_start();
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_telling_prefix_of_a_subject_says_what_a_mail_is() {
        for (subject, want) in [
            ("Pumpe", Turn::Opening),
            ("Re: Pumpe", Turn::Answer),
            ("RE : Pumpe", Turn::Answer),
            ("Re[3]: Pumpe", Turn::Answer),
            ("Antw.: Pumpe", Turn::Answer),
            ("EXTERN: AW: WG: Pumpe", Turn::Answer),
            ("[liste] SV: Pumpe", Turn::Answer),
            ("*** SPAM *** Odp: Pumpe", Turn::Answer),
            ("WG: AW: Pumpe", Turn::Forward),
            ("I: R: Pumpe", Turn::Forward),
            ("[Fwd: Pumpe]", Turn::Forward),
            ("Weitergeleitet: Pumpe", Turn::Forward),
            ("Trả lời: Pumpe", Turn::Answer),
            ("(extern) Fwd: Pumpe", Turn::Forward),
            ("[support-12] Pumpe", Turn::Tagged),
            ("Re: [support-12] Pumpe", Turn::Answer),
            ("Fwd: [support-12] Pumpe", Turn::Forward),
            ("Ref: 4711", Turn::Opening),
            ("Order: 12 pumps", Turn::Opening),
            ("Error in module: re: not found", Turn::Opening),
            ("", Turn::Opening),
        ] {
            assert_eq!(Head { subject, answered: None }.turn(), want, "{subject}");
        }
        assert_eq!(Head { subject: "Pumpe", answered: Some("a@b") }.turn(), Turn::Answer);
        assert_eq!(Head { subject: "Fwd: Pumpe", answered: Some("a@b") }.turn(), Turn::Forward);
    }
}
