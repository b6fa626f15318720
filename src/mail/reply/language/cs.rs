//! Czech and Slovak: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["odesílatel", "odesilatel"]),
        (Label::Sent, &["odesláno", "odoslané", "odeslané"]),
        (Label::To, &["komu", "príjemca", "získatel", "příjemce", "adresát"]),
        (Label::Cc, &["kópia", "kópia pre"]),
        (Label::Subject, &["předmět", "predmet"]),
    ],
    original: &["původní zpráva", "původní e-mail", "puvodni zprava", "pôvodná správa"],
    forwarded: &[
        "přeposlaná zpráva", "přeposlaná zpráva začíná", "začátek přeposílané zprávy",
        "začátek přeposlané zprávy", "preposlaná správa",
    ],
    wrote: &[
        "napsal", "napsala", "napsal(a)", "napísal", "napísala", "napísal(a)", "odesílatel", "píše", "psal",
        "psala",
    ],
    starters: &["dne", "dňa"],
    quoting: &["cituji", "citace"],
    own_words: &["napsal jsem", "napsala jsem", "psal jsem"],
    above_this_line: &["nad tímto řádkem", "nad tuto řádku", "odpovězte nad"],
    sent_from: &[
        "odesláno z", "odesláno ze", "odoslané z", "získejte outlook", "stáhněte si outlook",
        "odesláno pomocí", "odesláno přes", "získat outlook", "stáhnout outlook",
    ],
    devices: &["zařízení"],
    footers: &["myslete na životní prostředí"],
    legal_starts: &["tento e-mail", "tento email", "tato zpráva", "obsah této", "pokud nejste"],
    legal_words: &["důvěrn"],
    legal_sure: &["důvěrn", "adresát", "omylem", "odesílatel"],
    imprint: &["ičo"],
    ..Vocabulary::NONE
};
