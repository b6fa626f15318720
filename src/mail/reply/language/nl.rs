//! Dutch: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["van", "afzender"]),
        (Label::Sent, &["verzonden", "verstuurd", "verzonden op"]),
        (Label::To, &["aan", "ontvanger"]),
        (Label::Subject, &["onderwerp"]),
    ],
    original: &["oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht"],
    forwarded: &["doorgestuurd bericht", "begin doorgestuurd bericht", "doorgezonden bericht"],
    forward_prefixes: &["doorst"],
    wrote: &["schreef", "geschreven", "schreef het volgende", "heeft geschreven", "schrijft"],
    starters: &["op"],
    quoting: &["citeren", "citaat van"],
    own_words: &["ik schreef", "schreef ik", "ik heb u"],
    above_this_line: &["boven deze lijn", "boven deze regel", "antwoord boven"],
    sent_from: &[
        "verzonden vanaf", "verzonden met", "verzonden via", "verstuurd vanaf", "verstuurd met",
        "verzonden vanuit", "outlook voor ios downloaden", "download outlook voor", "ontvang outlook voor",
        "ophalen outlook", "verzonden door",
    ],
    sent_from_around: &[
        ("vanaf ", "verzonden"), ("vanuit ", "verzonden"), ("met ", "verzonden"), ("van mijn", "verzonden"),
        ("vanaf ", "verstuurd"),
    ],
    footers: &["denk aan het milieu", "virusvrij", "dit e-mailbericht is gecontroleerd"],
    legal_starts: &[
        "deze e-mail", "deze email", "dit bericht", "dit e-mailbericht", "de informatie", "de inhoud",
        "indien u niet",
    ],
    legal_words: &["vertrouwelijk", "geadresseerde"],
    legal_sure: &["vertrouwelijk", "geadresseerde", "abusievelijk", "afzender"],
    imprint: &["kvk", "btw-nr"],
    ..Vocabulary::NONE
};
