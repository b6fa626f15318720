//! Danish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["fra", "afsender"]),
        (Label::Sent, &["sendt"]),
        (Label::Date, &["dato"]),
        (Label::To, &["til", "modtager"]),
        (Label::Cc, &["kopi"]),
        (Label::Subject, &["emne"]),
    ],
    original: &["oprindelig meddelelse", "oprindelig besked", "original meddelelse"],
    forwarded: &[
        "videresendt meddelelse", "videresendt besked", "start på videresendt besked",
        "start på videresendt meddelelse",
    ],
    wrote: &["har skrevet", "følgende", "skriver"],
    starters: &["om"],
    quoting: &["citerer"],
    own_words: &["jeg skrev", "skrev jeg"],
    above_this_line: &["over denne linje", "svar over denne"],
    sent_from: &["sendt fra", "sendt med", "sendt via", "hent outlook til", "få outlook til"],
    devices: &["enhed"],
    footers: &["tænk på miljøet"],
    legal_starts: &["denne e-mail", "denne meddelelse", "hvis du ikke er"],
    legal_words: &["fortrolig", "fortroligt"],
    legal_sure: &["fortrolig", "modtager"],
    imprint: &["cvr"],
    ..Vocabulary::NONE
};
