//! Finnish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["lähettäjä"]),
        (Label::Sent, &["lähetetty", "lähetettiin"]),
        (Label::Date, &["päivämäärä", "päiväys", "pvm"]),
        (Label::To, &["vastaanottaja", "saaja"]),
        (Label::Cc, &["kopio"]),
        (Label::Subject, &["aihe", "otsikko", "otsake"]),
    ],
    original: &["alkuperäinen viesti", "alkuperäinen sähköposti"],
    forwarded: &[
        "välitetty viesti", "välitetyn viestin alku", "edelleenlähetetty viesti", "välitetty viesti alkaa",
    ],
    forward_prefixes: &["vl"],
    wrote: &["kirjoitti", "kirjoittaa"],
    quoting: &["lainaus"],
    own_words: &["kirjoitin"],
    above_this_line: &["tämän rivin yläpuolelle", "vastaa tämän rivin"],
    sent_from: &[
        "hanki outlook", "lähetetty iphone", "lähetetty ipad", "lähetetty puhelime", "lähetetty galaxy",
        "lähetetty samsung", "lähetetty outlook", "lähetetty yahoo", "lähetetty windows", "lähetetty android",
        "lähetetty matkapuhelime", "lähetetty kännykä", "lähetetty mobiili", "lähetetty minun",
        "lähetetty nokia", "lähetetty huawei", "lähetetty gmail", "lähetetty proton", "lähetetty laitteesta",
        "hae outlook",
    ],
    devices: &["laitte", "puhelim", "kännykä"],
    footers: &["ympäristöä", "ajattele ympäristöä"],
    legal_starts: &["tämä viesti", "tämä sähköposti", "jos et ole"],
    legal_words: &["luottamuksel", "vastaanottaja"],
    legal_sure: &["luottamuksel", "vastaanottaja", "erehdyksessä", "lähettäj"],
    imprint: &["y-tunnus"],
    ..Vocabulary::NONE
};
