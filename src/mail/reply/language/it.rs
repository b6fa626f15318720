//! Italian: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["da", "mittente", "mitt."]),
        (Label::Sent, &["inviato", "inviata", "inviate", "data invio"]),
        (Label::Date, &["data", "data e ora"]),
        (Label::To, &["per"]),
        (Label::Subject, &["oggetto"]),
        (Label::ReplyTo, &["rispondi a"]),
    ],
    original: &["messaggio originale", "messaggio original", "mail originale"],
    forwarded: &["messaggio inoltrato", "inizio messaggio inoltrato", "messaggio girato"],
    wrote: &[
        "ha scritto", "scrive", "scriveva", "scrisse", "avete scritto", "ha scritto il giorno", "scrissero",
    ],
    starters: &["il", "il giorno", "data"],
    quoting: &["quota da", "quotando", "scrive", "cita di"],
    own_words: &["ho scritto", "vi ho scritto"],
    above_this_line: &["sopra questa riga", "sopra questa linea", "rispondi sopra"],
    sent_from: &[
        "inviato da", "inviato dal", "inviato con", "inviato tramite", "ottieni outlook per",
        "scarica outlook per", "inviata da", "inviata dal", "inviato dall", "inviata tramite", "inviato via",
    ],
    footers: &[
        "prima di stampare", "privo di virus", "hai ricevuto questo messaggio perché",
        "questa e-mail è stata controllata",
    ],
    footer_headings: &["avviso di riservatezza", "avvertenza"],
    legal_starts: &[
        "questo messaggio", "questa e-mail", "questa email", "le informazioni", "avviso", "ai sensi del",
        "la presente", "il presente messaggio", "se lei non è", "se non siete",
    ],
    legal_words: &["riservat", "confidenzial"],
    legal_sure: &["riservat", "per errore"],
    imprint: &["p.iva", "p. iva", "partita iva", "cod. fisc"],
    ..Vocabulary::NONE
};
