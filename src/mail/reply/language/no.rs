//! Norwegian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["avsender"]),
        (Label::Sent, &["sendt dato"]),
        (Label::To, &["mottaker"]),
    ],
    original: &["opprinnelig melding", "original melding", "opprinnelig e-post"],
    forwarded: &[
        "videresendt melding", "videresendt e-post", "begynnelsen på videresendt melding",
        "start på videresendt e-post",
    ],
    quoting: &["siterer"],
    above_this_line: &["over denne linjen"],
    sent_from: &["skaff outlook for", "skaff deg outlook"],
    footers: &["tenk på miljøet"],
    legal_starts: &["denne e-post"],
    legal_words: &["konfidensiell", "taushet", "privat og"],
    legal_sure: &["mottaker", "avsender", "slette"],
    ..Vocabulary::NONE
};
