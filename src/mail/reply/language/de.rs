//! German: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["von", "absender"]),
        (Label::Sent, &["gesendet", "am", "gesendet am", "gesendet um"]),
        (Label::Date, &["datum", "datum/uhrzeit"]),
        (Label::To, &["an", "empfänger", "empfänger/in"]),
        (Label::Cc, &["kopie", "kopie an"]),
        (Label::Subject, &["betreff", "betr", "thema"]),
        (Label::ReplyTo, &["antwort an", "anlagen", "priorität"]),
    ],
    original: &[
        "ursprüngliche nachricht", "ursprüngliche mail", "ursprüngliche e-mail", "originalnachricht",
        "original-nachricht", "original nachricht", "original-mail", "originalmail",
    ],
    forwarded: &[
        "weitergeleitete nachricht", "weitergeleitete e-mail", "weitergeleitet von",
        "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail",
        "anfang weitergeleitete nachricht", "weitergeleitete mail",
    ],
    forward_prefixes: &["wg", "weitergeleitet", "weiterl"],
    wrote: &[
        "schrieb", "schreibt", "geschrieben", "schrieb folgendes", "schrieben", "schrieben sie",
        "schriebst du", "schriebst",
    ],
    starters: &["am", "im"],
    quoting: &["zitat von", "zitiere", "zitiert von"],
    own_words: &["schrieb ich", "ich schrieb", "ich geschrieben"],
    above_this_line: &[
        "antworten sie oberhalb dieser linie", "antwort oberhalb dieser linie",
        "antwort bitte oberhalb dieser zeile", "oberhalb dieser linie", "oberhalb dieser zeile",
        "über dieser linie", "über dieser zeile", "antwort über dieser zeile",
    ],
    sent_from: &[
        "von mobil gesendet", "von unterwegs gesendet", "gesendet von", "gesendet mit", "gesendet über",
        "gesendet aus", "holen sie sich outlook", "outlook für ios beziehen", "outlook für android beziehen",
        "outlook für ios herunterladen", "laden sie outlook für", "unterwegs", "von mobil", "gesendet vom",
        "gesendet per", "vom handy", "vom iphone", "versendet mit", "versendet von", "verschickt mit",
        "geschrieben mit", "geschrieben von meinem", "diese nachricht wurde von meinem",
        "diese nachricht wurde mit", "dieses mail wurde", "diese e-mail wurde von meinem",
        "diese mail wurde von meinem", "entschuldigen sie tippfehler",
    ],
    sent_from_around: &[
        ("von ", "gesendet"), ("vom ", "gesendet"), ("mit ", "gesendet"), ("mobil", "gesendet"),
        ("über ", "gesendet"), ("von ", "geschickt"), ("von ", "versendet"), ("vom ", "geschrieben"),
        ("von mein", "geschrieben"),
    ],
    devices: &["gerät", "tippfehler"],
    footers: &[
        "denken sie an die umwelt", "bitte denken sie an die umwelt", "bitte prüfen sie der umwelt",
        "virenfrei", "diese e-mail wurde von avast", "diese e-mail wurde auf viren", "um dieses abonnement",
        "sie erhalten diese e-mail, weil",
    ],
    footer_headings: &["haftungsausschluss", "rechtlicher hinweis", "vertraulichkeitshinweis"],
    legal_starts: &[
        "diese e-mail", "diese email", "diese mail", "diese nachricht", "der inhalt dieser", "die information",
        "die in dieser", "vertraulich", "haftungsausschluss", "hinweis", "wichtiger hinweis",
        "sollten sie nicht", "falls sie nicht", "wenn sie nicht der",
    ],
    legal_words: &["vertraulich", "bestimmungsgemäße", "richtige adressat"],
    legal_sure: &[
        "vertraulich", "irrtümlich", "empfänger", "löschen", "vernichten", "adressat", "informieren sie",
    ],
    imprint: &[
        "hrb", "hra ", "amtsgericht", "handelsregister", "registergericht", "geschäftsführer",
        "sitz der gesellschaft", "sitz:", "ust-id", "ust.-id", "ustid", "steuernummer", "vorstand:",
        "aufsichtsrat",
    ],
};
