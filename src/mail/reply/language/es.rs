//! Spanish: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["de", "remitente"]),
        (Label::Sent, &["enviado", "enviado el", "enviados", "fecha de envío", "fecha de envio"]),
        (Label::Date, &["fecha", "fecha y hora"]),
        (Label::To, &["a", "para", "destinatario", "destinatarios"]),
        (Label::Cc, &["copia"]),
        (Label::Subject, &["asunto"]),
        (Label::ReplyTo, &["responder a"]),
    ],
    original: &["mensaje original", "mensaje de origen", "correo original"],
    forwarded: &["mensaje reenviado", "inicio del mensaje reenviado", "inicio de mensaje reenviado"],
    forward_prefixes: &["rv", "reenv", "reenviado"],
    wrote: &["escribió", "escribio", "escribe", "ha escrito", "escribías"],
    starters: &["el", "a"],
    quoting: &["citando a", "cita de", "mensaje escrito por"],
    own_words: &["escribí", "le escribí", "les escribí", "le he escrito", "les he escrito", "he escrito"],
    above_this_line: &["por encima de esta línea", "encima de esta línea", "responda por encima de esta línea"],
    sent_from: &[
        "enviado desde", "enviado con", "enviado de mi", "enviado del", "obtener outlook para",
        "obtenga outlook para", "enviado de", "enviada desde", "enviado por mi",
    ],
    devices: &["móvil", "celular", "teléfono", "dispositivo"],
    footers: &[
        "antes de imprimir", "libre de virus", "has recibido este mensaje porque",
        "el software de antivirus avast",
    ],
    footer_headings: &["aviso legal", "aviso de confidencialidad"],
    legal_starts: &[
        "este mensaje", "este correo", "este e-mail", "aviso", "la información", "si usted no es",
        "si no es usted",
    ],
    legal_words: &["confidencial", "destinatario"],
    legal_sure: &["confidencial", "destinatario", "por error", "elimin"],
    imprint: &["registro mercantil"],
    ..Vocabulary::NONE
};
