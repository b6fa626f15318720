//! Portuguese: what mail programs write around a message.

use crate::mail::reply::language::words::Label;
use crate::mail::reply::language::words::Vocabulary;

#[rustfmt::skip]
pub const WORDS: Vocabulary = Vocabulary {
    labels: &[
        (Label::From, &["remetente"]),
        (Label::Sent, &["enviada em", "enviado em", "enviada", "enviadas", "data de envio"]),
        (Label::To, &["destinatário"]),
        (Label::Cc, &["cópia", "cópia para"]),
        (Label::Subject, &["assunto"]),
    ],
    original: &["mensagem original", "mensagem de origem"],
    forwarded: &[
        "mensagem encaminhada", "início da mensagem encaminhada", "inicio da mensagem encaminhada",
        "mensagem reencaminhada", "início da mensagem reencaminhada",
    ],
    forward_prefixes: &["enc", "encaminhada", "encaminhado"],
    wrote: &["escreveu", "escreve", "escrevia", "escrevestes"],
    starters: &["em", "em data de"],
    quoting: &["citando"],
    own_words: &["escrevi", "eu escrevi"],
    above_this_line: &["acima desta linha", "responda acima desta"],
    sent_from: &[
        "enviado do", "enviado do yahoo", "enviado de meu", "enviado a partir", "enviado via", "enviado pelo",
        "enviado através", "obter o outlook para", "obter outlook para", "baixe o outlook", "enviada do",
        "enviada de", "enviada a partir", "enviada pelo", "enviada via", "obtenha o outlook",
        "obtenha outlook",
    ],
    footers: &["sem vírus", "este e-mail foi verificado"],
    footer_headings: &["aviso de confidencialidade"],
    legal_starts: &["esta mensagem", "este email", "as informações", "se você não"],
    legal_words: &["destinatário"],
    legal_sure: &["destinatário", "por engano", "apague"],
    ..Vocabulary::NONE
};
