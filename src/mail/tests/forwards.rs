//! Mails that were passed on with a sentence of comment, as eight programs and more write them in their languages.

use super::html;
use super::plain;
use super::read;
use crate::mail::forward;

/// What a program writes above a mail that it passes on: the program, the new subject, the lines.
type Head = (Client, &'static str, &'static str);

/// How the lines stand in HTML, and how much is marked in plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Client {
    Outlook,
    OutlookWeb,
    Apple,
    Gmail,
    Thunderbird,
    Yahoo,
    Proton,
    Gmx,
    Zoho,
}

#[rustfmt::skip]
const HEADS: &[Head] = &[
    (Client::Outlook, "FW: Invoice", "-----Original Message-----\nFrom: Bank <info@bank.test> \nSent: Monday, May 6, 2024 10:00 AM\nTo: Ida Berg <ida@customer.test>\nSubject: Invoice\n"),
    (Client::Outlook, "WG: Rechnung", "-----Ursprüngliche Nachricht-----\nVon: Bank <info@bank.test> \nGesendet: Montag, 6. Mai 2024 10:00\nAn: Ida Berg <ida@customer.test>\nBetreff: Rechnung\n"),
    (Client::Outlook, "TR : Facture", "De : Bank <info@bank.test> \nEnvoyé : lundi 6 mai 2024 10:00\nÀ : Ida Berg <ida@customer.test>\nObjet : Facture\n"),
    (Client::Outlook, "FW: Factuur", "Van: Bank <info@bank.test> \nVerzonden: maandag 6 mei 2024 10:00\nAan: Ida Berg <ida@customer.test>\nOnderwerp: Factuur\n"),
    (Client::Outlook, "PD: Faktura", "Od: Bank <info@bank.test> \nWysłano: poniedziałek, 6 maja 2024 10:00\nDo: Ida Berg <ida@customer.test>\nTemat: Faktura\n"),
    (Client::OutlookWeb, "Fw: Invoice", "Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Bank <info@bank.test>\nSent: Monday, May 6, 2024 10:00:00 AM\nTo: Ida Berg <ida@customer.test>\nSubject: Invoice\n"),
    (Client::OutlookWeb, "ENC: Fatura", "________________________________\nDe: Bank <info@bank.test>\nEnviado: segunda-feira, 6 de maio de 2024 10:00\nPara: Ida Berg <ida@customer.test>\nAssunto: Fatura\n"),
    (Client::OutlookWeb, "RV: Factura", "Obtener Outlook para Android<https://aka.ms/AAb9ysg>\n________________________________\nDe: Bank <info@bank.test>\nEnviado: lunes, 6 de mayo de 2024 10:00\nPara: Ida Berg <ida@customer.test>\nAsunto: Factura\n"),
    (Client::OutlookWeb, "I: Fattura", "________________________________\nDa: Bank <info@bank.test>\nInviato: lunedì 6 maggio 2024 10:00\nA: Ida Berg <ida@customer.test>\nOggetto: Fattura\n"),
    (Client::OutlookWeb, "转发: 账单", "________________________________\n发件人: Bank <info@bank.test>\n发送时间: 2024年5月6日 10:00\n收件人: Ida Berg <ida@customer.test>\n主题: 账单\n"),
    (Client::Apple, "Fwd: Invoice", "Begin forwarded message:\n\nFrom: Bank <info@bank.test>\nSubject: Invoice\nDate: 6 May 2024 at 10:00:00 CEST\nTo: Ida Berg <ida@customer.test>\n"),
    (Client::Apple, "Fwd: Rechnung", "Anfang der weitergeleiteten Nachricht:\n\nVon: Bank <info@bank.test>\nBetreff: Rechnung\nDatum: 6. Mai 2024 um 10:00:00 MESZ\nAn: Ida Berg <ida@customer.test>\n"),
    (Client::Apple, "Tr: Facture", "Début du message réexpédié :\n\nDe: Bank <info@bank.test>\nObjet: Facture\nDate: 6 mai 2024 à 10:00:00 UTC+2\nÀ: Ida Berg <ida@customer.test>\n"),
    (Client::Apple, "Fwd: Factura", "Inicio del mensaje reenviado:\n\nDe: Bank <info@bank.test>\nAsunto: Factura\nFecha: 6 de mayo de 2024, 10:00:00 CEST\nPara: Ida Berg <ida@customer.test>\n"),
    (Client::Apple, "Fwd: 請求書", "転送されたメッセージ:\n\n差出人: Bank <info@bank.test>\n件名: 請求書\n日付: 2024年5月6日 10:00:00 JST\n宛先: Ida Berg <ida@customer.test>\n"),
    (Client::Gmail, "Fwd: Invoice", "---------- Forwarded message ---------\nFrom: Bank <info@bank.test>\nDate: Mon, May 6, 2024 at 10:00 AM\nSubject: Invoice\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Gmail, "Fwd: Facture", "---------- Forwarded message ---------\nDe : Bank <info@bank.test>\nDate: lun. 6 mai 2024 à 10:00\nSubject: Facture\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Gmail, "Fwd: Fatura", "---------- Forwarded message ---------\nDe: Bank <info@bank.test>\nDate: seg., 6 de mai. de 2024 às 10:00\nSubject: Fatura\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Gmail, "Fwd: Faktura", "---------- Forwarded message ---------\nOd: Bank <info@bank.test>\nDate: pon., 6 maj 2024 o 10:00\nSubject: Faktura\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Gmail, "Fwd: Счёт", "---------- Forwarded message ---------\nОт: Bank <info@bank.test>\nDate: пн, 6 мая 2024 г. в 10:00\nSubject: Счёт\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Thunderbird, "Fwd: Invoice", "-------- Forwarded Message --------\nSubject: \tInvoice\nDate: \tMon, 6 May 2024 10:00:00 +0200\nFrom: \tBank <info@bank.test>\nTo: \tIda Berg <ida@customer.test>\n\n"),
    (Client::Thunderbird, "Fwd: Fattura", "-------- Messaggio Inoltrato --------\nOggetto: \tFattura\nData: \tMon, 6 May 2024 10:00:00 +0200\nMittente: \tBank <info@bank.test>\nA: \tIda Berg <ida@customer.test>\n\n"),
    (Client::Thunderbird, "Fwd: Factuur", "-------- Doorgestuurd bericht --------\nOnderwerp: \tFactuur\nDatum: \tMon, 6 May 2024 10:00:00 +0200\nVan: \tBank <info@bank.test>\nAan: \tIda Berg <ida@customer.test>\n\n"),
    (Client::Thunderbird, "Fwd: Faktura", "-------- Treść przekazanej wiadomości --------\nTemat: \tFaktura\nData: \tMon, 6 May 2024 10:00:00 +0200\nNadawca: \tBank <info@bank.test>\nAdresat: \tIda Berg <ida@customer.test>\n\n"),
    (Client::Thunderbird, "Fwd: Счёт", "-------- Перенаправленное сообщение --------\nТема: \tСчёт\nДата: \tMon, 6 May 2024 10:00:00 +0200\nОт: \tBank <info@bank.test>\nКому: \tIda Berg <ida@customer.test>\n\n"),
    (Client::Yahoo, "Fw: Invoice", "----- Forwarded Message ----- From: Bank <info@bank.test>To: Ida Berg <ida@customer.test>Sent: Monday, May 6, 2024 at 10:00:00 AM GMT+2Subject: Invoice\n"),
    (Client::Yahoo, "Fw: Rechnung", "----- Weitergeleitete Nachricht -----\nVon: Bank <info@bank.test>\nAn: Ida Berg <ida@customer.test>\nGesendet: Montag, 6. Mai 2024 um 10:00:00 MESZ\nBetreff: Rechnung\n"),
    (Client::Yahoo, "Tr: Facture", "----- Mail transféré -----\nDe : Bank <info@bank.test>\nÀ : Ida Berg <ida@customer.test>\nEnvoyé : lundi 6 mai 2024 à 10:00:00 UTC+2\nObjet : Facture\n"),
    (Client::Yahoo, "RV: Factura", "----- Mensaje reenviado -----\nDe: Bank <info@bank.test>\nPara: Ida Berg <ida@customer.test>\nEnviado: lunes, 6 de mayo de 2024, 10:00:00 CEST\nAsunto: Factura\n"),
    (Client::Yahoo, "Fw: Fattura", "----- Messaggio inoltrato -----\nDa: Bank <info@bank.test>\nA: Ida Berg <ida@customer.test>\nInviato: lunedì 6 maggio 2024 alle ore 10:00:00 CEST\nOggetto: Fattura\n"),
    (Client::Proton, "Fw: Invoice", "------- Forwarded Message -------\nFrom: Bank <info@bank.test>\nDate: On Monday, May 6th, 2024 at 10:00\nSubject: Invoice\nTo: Ida Berg <ida@customer.test>\n\n"),
    (Client::Proton, "Fw: Rechnung", "------- Weitergeleitete Nachricht -------\nVon: Bank <info@bank.test>\nDatum: Am Montag, 6. Mai 2024 um 10:00\nBetreff: Rechnung\nAn: Ida Berg <ida@customer.test>\n\n"),
    (Client::Proton, "Fw: Facture", "------- Message transféré -------\nDe : Bank <info@bank.test>\nDate : Le lundi 6 mai 2024 à 10:00\nObjet : Facture\nÀ : Ida Berg <ida@customer.test>\n\n"),
    (Client::Proton, "Fw: Factura", "------- Mensaje reenviado -------\nDe: Bank <info@bank.test>\nFecha: El lunes, 6 de mayo de 2024 a las 10:00\nAsunto: Factura\nPara: Ida Berg <ida@customer.test>\n\n"),
    (Client::Proton, "Fw: Factuur", "------- Doorgestuurd bericht -------\nVan: Bank <info@bank.test>\nDatum: Op maandag 6 mei 2024 om 10:00\nOnderwerp: Factuur\nAan: Ida Berg <ida@customer.test>\n\n"),
    (Client::Gmx, "Fw: Invoice", "Sent: Monday, May 06, 2024 at 10:00 AM\nFrom: \"Bank\" <info@bank.test>\nTo: \"Ida Berg\" <ida@customer.test>\nSubject: Invoice\n"),
    (Client::Gmx, "Fw: Rechnung", "Gesendet: Montag, 6. Mai 2024 um 10:00 Uhr\nVon: \"Bank\" <info@bank.test>\nAn: \"Ida Berg\" <ida@customer.test>\nBetreff: Rechnung\n"),
    (Client::Gmx, "Fw: Facture", "Envoyé: lundi 6 mai 2024 à 10:00\nDe: \"Bank\" <info@bank.test>\nÀ: \"Ida Berg\" <ida@customer.test>\nObjet: Facture\n"),
    (Client::Gmx, "Fw: Factura", "Enviado: lunes 6 de mayo de 2024, 10:00\nDe: \"Bank\" <info@bank.test>\nPara: \"Ida Berg\" <ida@customer.test>\nAsunto: Factura\n"),
    (Client::Gmx, "Fw: Fattura", "Inviato: lunedì 6 maggio 2024 alle 10:00\nDa: \"Bank\" <info@bank.test>\nA: \"Ida Berg\" <ida@customer.test>\nOggetto: Fattura\n"),
    (Client::Zoho, "Fwd: Invoice", "============ Forwarded message ============\nFrom: Bank <info@bank.test>\nTo: Ida Berg <ida@customer.test>\nDate: Mon, 06 May 2024 10:00:00 +0200\nSubject: Invoice\n============ Forwarded message ============\n\n"),
    (Client::Zoho, "Fwd: Rechnung", "============ Weitergeleitete Nachricht ============\nVon: Bank <info@bank.test>\nAn: Ida Berg <ida@customer.test>\nDatum: Mon, 06 Mai 2024 10:00:00 +0200\nBetreff: Rechnung\n============ Weitergeleitete Nachricht ============\n\n"),
];

const COMMENTS: [&str; 6] = [
    "Hello, can you please tell us what the bank wants from us with the words below? Thank you, Ida",
    "Guten Tag,\n\nkönnen Sie bitte nachsehen, was damit gemeint ist?\n\nViele Grüße\n-- \nIda Berg",
    "Bonjour, pourriez-vous nous dire ce que cela signifie exactement ?\n\nEnvoyé de mon iPhone",
    "Goedemiddag, zouden jullie hier alsjeblieft naar willen kijken voor ons?",
    "Dzień dobry, proszę o sprawdzenie, co to znaczy.",
    "Здравствуйте! Посмотрите, пожалуйста, что нам с этим делать.",
];

const BODY: &str = "Your account was locked with error 99.\n\nPlease call 0800 100 200.\n\n-- \nThe bank\nwww.bank.test\n\nAm 5.5.2024 um 9:00 schrieb Ida Berg <ida@customer.test>:\n> Warum?\n";

#[test]
fn of_what_eight_programs_pass_on_nothing_is_cut() {
    assert!(HEADS.len() >= 40);
    let mut lost = Vec::new();
    for (n, (client, subject, head)) in HEADS.iter().enumerate() {
        let comment = COMMENTS[n % COMMENTS.len()];
        let mut passed_on = format!("{head}\n{BODY}");
        if *client == Client::Apple {
            // The program marks all but the first line.
            let marked = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {line}") };
            passed_on = passed_on.lines().map(marked).collect::<Vec<_>>().join("\n");
        }
        let text = format!("{comment}\n\n{passed_on}\n");
        for reference in ["", "In-Reply-To: <x1@bank.test>\nReferences: <x1@bank.test>\n"] {
            let raw = plain(subject, &text).replacen("MIME-Version", &format!("{reference}MIME-Version"), 1);
            let mail = read(&raw);
            let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
            lost.extend(
                lines.filter(|line| !mail.new_text.contains(line)).map(|line| format!("{line} of {raw}")),
            );
        }
        // Where this program glues all fields to one line, nobody knows where one ends.
        if !head.contains(">To:") {
            lost.extend(untold(*client, &plain(subject, &text)));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn of_what_eight_programs_pass_on_in_html_nothing_is_cut() {
    let mut lost = Vec::new();
    for (n, (client, subject, head)) in HEADS.iter().enumerate() {
        let comment = COMMENTS[n % COMMENTS.len()];
        let raw = html(subject, &markup(*client, comment, head));
        let mail = read(&raw);
        let head = if *client == Client::Yahoo { unglued(head) } else { (*head).to_owned() };
        let words = format!("{comment} {head} {BODY}").replace(['>', '<', '"'], " ");
        for word in words.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)) {
            let word = word.trim_start_matches("Outlook");
            if !mail.new_text.contains(word) {
                lost.push(format!("{word} of {raw}"));
            }
        }
        lost.extend(untold(*client, &raw));
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// What is not known of the mail that was passed on.
fn untold(client: Client, raw: &str) -> Option<String> {
    let found = forward::original(&read(raw)).unwrap_or_default();
    let author = found.author.map(|author| author.address).unwrap_or_default();
    let date = found.date.map(|date| date.to_string()).unwrap_or_default();
    let is_told =
        author == "info@bank.test" && date.starts_with("2024-05-06T") && found.text.contains("error 99");
    (!is_told).then(|| format!("{client:?}: {author} {date} {} of {raw}", found.date_text))
}

/// The same as the program writes it in HTML.
fn markup(client: Client, comment: &str, head: &str) -> String {
    let body = body();
    let (above, fields) = head.split_once("________________________________\n").unwrap_or(("", head));
    match client {
        Client::Outlook => format!(
            "<html><body lang=EN-US><div class=WordSection1><p class=MsoNormal>{}<o:p></o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>{}<o:p></o:p></p></div></div>{body}</div></body></html>",
            lines(comment),
            bold(fields)
        ),
        Client::OutlookWeb => format!(
            "<div dir=\"ltr\">{}</div><div id=\"ms-outlook-mobile-signature\">{}</div><div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\">{}</font><div>&nbsp;</div></div>{body}",
            lines(comment),
            lines(above),
            bold(fields)
        ),
        Client::Apple => apple(comment, head),
        Client::Gmail => format!(
            "<div dir=\"ltr\">{}<br><br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">{}<br></div><br><br><div dir=\"ltr\">{body}</div></div></div>",
            lines(comment),
            lines(fields)
        ),
        Client::Thunderbird => thunderbird(comment, head),
        Client::Yahoo => {
            format!(
                "<div class=\"yahoo-style-wrap\"><div dir=\"ltr\">{}</div></div><div id=\"yahoo_quoted_1\" class=\"yahoo_quoted\"><div style=\"font-size:13px\"><div>{}</div><div><br></div>{body}</div></div>",
                lines(comment),
                bold(&unglued(fields)).replace("<br>\n", "</div><div>")
            )
        }
        Client::Proton => format!(
            "<div style=\"font-family: Arial\">{}</div><div class=\"protonmail_quote\">{}<br><br><blockquote class=\"protonmail_quote\" type=\"cite\">{body}</blockquote><br></div>",
            lines(comment),
            lines(fields)
        ),
        Client::Gmx => format!(
            "<div style=\"font-family: Verdana\"><div>{}</div><div name=\"quote\" style=\"margin:10px 5px 5px 10px; padding: 10px 0 10px 10px; border-left:2px solid #C3D9E5;\"><div style=\"margin:0 0 10px 0;\">{}</div><div name=\"quoted-content\">{body}</div></div></div>",
            lines(comment),
            bold(fields)
        ),
        Client::Zoho => format!(
            "<div style=\"font-family: Verdana\">{}<br></div><div class=\"zmail_extra\"><br>{}<br><br><blockquote>{body}</blockquote></div>",
            lines(comment),
            lines(fields)
        ),
    }
}

fn apple(comment: &str, head: &str) -> String {
    let body = body();
    let (first, fields) = head.split_once("\n\n").unwrap_or(("", head));
    format!(
        "<div>{}</div><br><div><br><blockquote type=\"cite\"><div>{first}</div><br class=\"Apple-interchange-newline\"><div>{}</div><br><div>{body}</div></blockquote></div>",
        lines(comment),
        bold(fields).replace("<br>\n", "</div><div>")
    )
}

fn thunderbird(comment: &str, head: &str) -> String {
    let body = body();
    let (first, fields) = head.split_once('\n').unwrap_or(("", head));
    let row = |line: &str| {
        let (label, value) = line.split_once(": ").unwrap_or((line, ""));
        format!(
            "<tr><th nowrap valign=\"BASELINE\" align=\"RIGHT\">{label}: </th><td>{}</td></tr>",
            escaped(value)
        )
    };
    format!(
        "<p>{}</p><div class=\"moz-forward-container\"><br><br>{first}<table class=\"moz-email-headers-table\"><tbody>{}</tbody></table><br><br>{body}</div>",
        lines(comment),
        fields.trim_end().lines().map(row).collect::<String>()
    )
}

fn body() -> String {
    BODY.lines().flat_map(|line| ["<div>".to_owned(), escaped(line), "</div>".to_owned()]).collect()
}

fn escaped(text: &str) -> String {
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn lines(text: &str) -> String {
    escaped(text.trim_end()).lines().collect::<Vec<_>>().join("<br>\n")
}

/// With bold labels.
fn bold(text: &str) -> String {
    let one = |line: &str| match escaped(line).split_once(':') {
        Some((label, value)) if !value.starts_with("//") => format!("<b>{label}:</b>{value}"),
        _ => escaped(line),
    };
    text.trim_end().lines().map(one).collect::<Vec<_>>().join("<br>\n")
}

/// The fields that one program glues together where it makes text of its HTML.
fn unglued(head: &str) -> String {
    let glued =
        [("----- From", "-----\nFrom"), (">To:", ">\nTo:"), (">Sent:", ">\nSent:"), ("+2Sub", "+2\nSub")];
    glued.iter().fold(head.to_owned(), |head, (from, to)| head.replace(from, to))
}
