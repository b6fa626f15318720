//! Polish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["od", "nadawca", "od kogo"]),
        (Label::Sent, &["wysłano", "wysłane", "data wysłania"]),
        (Label::To, &["do", "adresat", "odbiorca"]),
        (Label::Cc, &["dw", "do wiadomości"]),
        (Label::Subject, &["temat"]),
    ],
    original: &[
        "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna", "treść oryginalnej wiadomości",
    ],
    forwarded: &[
        "wiadomość przekazana dalej", "przekazana wiadomość", "przesłana dalej wiadomość",
        "wiadomość przesłana dalej", "początek przekazywanej wiadomości",
        "początek przesyłanej dalej wiadomości", "treść przekazanej wiadomości", "przeposlaná zpráva",
    ],
    forward_prefixes: &["pd"],
    wrote: &[
        "napisał", "napisała", "napisał(a)", "napisal", "napisal(a)", "napisali", "pisze", "pisał", "pisała",
    ],
    starters: &["dnia", "w", "dana"],
    quoting: &["cytat", "cytuję", "cytowanie", "wiadomość napisana przez"],
    own_words: &["napisałem", "napisałam", "psałem"],
    above_this_line: &["powyżej tej linii", "nad tą linią", "odpowiedz powyżej"],
    sent_from: &[
        "wysłano z", "wysłane z", "wysłano za pomocą", "wysłane za pomocą", "wysłano ze", "pobierz outlook",
        "pobierz program outlook", "uzyskaj outlooka", "pobierz aplikację outlook", "wysłana z",
        "wysłane przez", "wysłano przez", "wysłane przy",
    ],
    devices: &["telefon", "urządzeni"],
    footers: &["wolny od wirusów", "ta wiadomość e-mail została sprawdzona", "pomyśl o środowisku"],
    footer_headings: &["klauzula poufności"],
    legal_starts: &[
        "ta wiadomość", "niniejsza wiadomość", "treść tej", "informacje zawarte", "jeżeli nie",
        "jeśli nie jesteś",
    ],
    legal_words: &["poufn", "adresat"],
    legal_sure: &["poufn", "adresat", "nadawc", "omyłk"],
    imprint: &["krs", "nip:", "regon"],
    ..Vocabulary::NONE
};
