//! Swedish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["från", "avsändare"]),
        (Label::Sent, &["skickat", "skickades"]),
        (Label::To, &["till", "mottagare"]),
        (Label::Cc, &["kopia", "kopia till"]),
        (Label::Subject, &["ämne", "rubrik", "ärende"]),
    ],
    original: &["ursprungligt meddelande", "originalmeddelande", "original meddelande"],
    forwarded: &[
        "vidarebefordrat meddelande", "vidarebefordrat brev", "påbörjat vidarebefordrat brev",
        "vidarebefordrat mejl", "börja vidarebefordrat meddelande",
    ],
    forward_prefixes: &["vb", "vidarebefordrat"],
    wrote: &["skrev", "skrev följande", "har skrivit"],
    starters: &["den", "ons"],
    quoting: &["citat", "citerar"],
    own_words: &["jag skrev", "skrev jag"],
    above_this_line: &["ovanför den här raden", "ovanför denna rad", "svara ovanför"],
    sent_from: &[
        "skickat från", "skickades från", "skickat via", "hämta outlook för", "skaffa outlook för",
        "skickat med",
    ],
    devices: &["enhet"],
    footers: &["tänk på miljön"],
    legal_starts: &["detta e-post", "detta meddelande", "om du inte är"],
    legal_words: &["konfidentiell", "avsedd", "konfidentiellt"],
    legal_sure: &["konfidentiell", "mottagare", "avsändare", "radera"],
    imprint: &["org.nr", "org. nr"],
    ..Vocabulary::NONE
};
