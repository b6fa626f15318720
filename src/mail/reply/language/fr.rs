//! French: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["expéditeur", "expediteur"]),
        (Label::Sent, &["envoyé", "envoye", "envoyé le", "envoyée", "envoyés"]),
        (Label::Date, &["date d'envoi", "date et heure"]),
        (Label::To, &["à", "pour", "destinataire", "reçu", "destinataires"]),
        (Label::Cc, &["copie", "copie à"]),
        (Label::Subject, &["objet", "sujet"]),
        (Label::ReplyTo, &["répondre à", "pièces jointes"]),
    ],
    original: &[
        "message d'origine", "message d’origine", "message original", "mail original", "courriel original",
        "e-mail d'origine", "e-mail d’origine", "message initial",
    ],
    forwarded: &[
        "message transféré", "mail transféré", "courriel transféré", "e-mail transféré", "message transmis", "message réexpédié", "début du message transféré",
        "début du message réexpédié",
    ],
    forward_prefixes: &["tr", "transféré", "transf"],
    wrote: &[
        "a écrit", "a ecrit", "écrit", "écrivait", "vous avez écrit", "avez écrit", "vous écriviez", "écrivit",
    ],
    starters: &["le", "en"],
    quoting: &["selon"],
    own_words: &["j'ai écrit", "vous ai écrit", "t'ai écrit", "j'écrivais", "vous écrivais"],
    above_this_line: &["au-dessus de cette ligne", "au dessus de cette ligne", "répondez au-dessus"],
    sent_from: &[
        "envoyé de mon", "envoyé depuis", "envoyé à partir de", "envoyé par", "envoyé avec", "envoyé via",
        "envoye de mon", "envoyé de yahoo", "envoyé de l’app", "télécharger outlook pour",
        "obtenir outlook pour", "obtenez outlook pour", "provenance : courrier",
    ],
    devices: &["appareil", "téléphone"],
    footers: &[
        "pensez à l'environnement", "pensez à l’environnement", "avant d'imprimer", "sans virus",
        "garanti sans virus", "vous recevez ce message car", "cet e-mail a été vérifié",
        "l'absence de virus dans ce courrier",
    ],
    footer_headings: &["avis de confidentialité", "avertissement"],
    legal_starts: &[
        "ce message", "ce courriel", "ce mail", "cet e-mail", "cet email", "avis de confidentialité",
        "les informations", "la présente", "le présent", "si vous n'êtes pas",
    ],
    legal_words: &["confidentiel", "destinataire"],
    legal_sure: &["confidentiel", "destinataire", "par erreur", "détruire", "expéditeur"],
    imprint: &["siège social", "rcs ", "siret", "capital social"],
    ..Vocabulary::NONE
};
