//! First mails, which answer nothing, and mails that were passed on: nothing of their words is old.

use super::html;
use super::plain;
use super::read;

fn whole(subject: &str, text: &str) {
    let mail = read(plain(subject, text));
    let text: Vec<&str> = text.trim_matches('\n').lines().map(str::trim_end).collect();
    assert_eq!(mail.new_text, text.join("\n"), "{subject}");
}

#[test]
fn forms_orders_and_alerts_are_read_whole() {
    for (subject, text) in [
        (
            "Kontaktformular",
            "Neue Anfrage\n============\nVon: Ida Berg\nAn: Vertrieb\nDatum: 6.5.2024\nBetreff: Pumpe\n\nSie steht.\n",
        ),
        (
            "Formulaire",
            "De : Ida Berg\nEnvoyé : lundi 6 mai 2024\nÀ : Service\nObjet : Pompe\n\nElle ne marche pas.\n",
        ),
        (
            "Pedido 881",
            "Pedido nuevo\n------------\nNombre: Ida\nTel: 600 100 200\nCorreo: ida@customer.test\nwww.tienda.test\n",
        ),
        (
            "Ordine 17",
            "Da: Milano\nA: Torino\nData: 6 maggio 2024\nContatto: ida@customer.test\n\nRitirare alle 9.\n",
        ),
        ("Alarm", "Sensor 4\n________________________________\nTemperature 81\n+47 22 00 11 22\n"),
        (
            "PROBLEM host web1",
            "***** Monitoring *****\n\nNotification Type: PROBLEM\nHost: web1\nState: DOWN\nDate: 2024-05-06 10:00\n\nAdditional Info:\n> connect refused\n",
        ),
        ("Fax von 0221 100", "Sie haben ein Fax.\n\n-- \nVon: 0221 100\nSeiten: 3\n"),
        (
            "Voicemail",
            "From: 0171 222\nTo: 100\nDate: Mon, 6 May 2024 10:00\nDuration: 0:12\nMailbox: box@pbx.test\n\nHello, this is Ida.\n",
        ),
        ("Booking", "On 6 May 2024 at 10:00 Ida Berg <ida@customer.test> booked:\nroom 3, two nights\n"),
        ("予約", "差出人: ida@customer.test\n送信日時: 2024年5月6日\n件名: 予約\n\n二名です。\n"),
        (
            "Inbjudan",
            "När: 6 maj 2024 10:00\nKalender: ida@customer.test\nVem:\n  * bo@shop.test\n\nPlats: Hall 3\n",
        ),
        ("Заказ", "От: Ида\nКому: Склад\nДата: 6 мая 2024\nПочта: ida@customer.test\n\nДва насоса.\n"),
    ] {
        whole(subject, text);
    }
}

#[test]
fn what_a_first_mail_cites_stays() {
    for (subject, text) in [
        ("Pump", "I see this:\n\n> E17 valve\n> E18 motor\n\n> E19 line\n"),
        ("Pumpe", "Am 6.5.2024 um 10:00 schrieb das Programm ida@customer.test in die Datei:\nFehler 12\n"),
        ("Pompe", "Le 6 mai 2024 à 10:00, le collègue ida@customer.test a écrit :\nça fume\n"),
        ("Log", "-----Original Message-----\nis what the log says before it stops.\n"),
        ("Bomba", "El manual dice\n| paso 1\n| paso 2\n"),
        ("Trykk", "Jeg får dette når jeg starter.\n\n> kode 12\n"),
        ("Mail", "Sent from my tablet it arrives, sent from my laptop it does not.\n"),
        ("Post", "Es geht nicht.\n\nVon meinem iPhone gesendet wird sie, vom PC nicht.\n"),
        ("Table", "Values of today\n-----\nIda 0221 1002003\nBo 0221 1002004\n"),
    ] {
        whole(subject, text);
    }
}

#[test]
fn what_a_first_mail_says_in_html_stays() {
    for (markup, words) in [
        (
            "<p>Neue Anfrage</p><hr><p>Name: Ida Berg<br>Mail: ida@customer.test<br>Tel 0221 1002003</p>",
            "0221 1002003",
        ),
        ("<h2>Commande</h2><blockquote>Deux pompes</blockquote>", "Deux pompes"),
        ("<p>Hello</p><blockquote type=\"cite\">E17 valve</blockquote>", "E17 valve"),
        (
            "<div>A</div><div style=\"border-top:solid #E1E1E1 1.0pt\"><b>From:</b> Oslo<br><b>Sent:</b> Monday<br><b>To:</b> Bergen<br><b>Subject:</b> two boxes</div><p>Fragile.</p>",
            "Fragile.",
        ),
        ("<p>Pedido</p><hr id=\"stopSpelling\">uno<br>dos", "dos"),
        ("<div class=\"gmail_quote\">Kvittering 12</div>", "Kvittering 12"),
    ] {
        let mail = read(html("Order", markup));
        assert!(mail.new_text.contains(words), "{words}: {}", mail.new_text);
    }
}

/// What eight clients write above a mail that they pass on, in their languages.
const FORWARDS: &[(&str, &str)] = &[
    (
        "Fwd: Rechnung",
        "---------- Forwarded message ---------\nVon: Bank <info@bank.test>\nDate: Mo., 6. Mai 2024 um 10:00 Uhr\nSubject: Rechnung\nTo: <ida@customer.test>\n\n",
    ),
    (
        "WG: Rechnung",
        "Von: Bank <info@bank.test>\nGesendet: Montag, 6. Mai 2024 10:00\nAn: Ida <ida@customer.test>\nBetreff: Rechnung\n\n",
    ),
    (
        "TR: Facture",
        "De : Bank <info@bank.test>\nEnvoyé : lundi 6 mai 2024 10:00\nÀ : Ida <ida@customer.test>\nObjet : Facture\n\n",
    ),
    (
        "RV: Factura",
        "________________________________\nDe: Bank <info@bank.test>\nEnviado: lunes, 6 de mayo de 2024 10:00\nPara: Ida <ida@customer.test>\nAsunto: Factura\n\n",
    ),
    (
        "I: Fattura",
        "-----Messaggio originale-----\nDa: Bank <info@bank.test>\nInviato: lunedì 6 maggio 2024 10:00\nA: Ida <ida@customer.test>\nOggetto: Fattura\n\n",
    ),
    (
        "Fwd: Rechnung",
        "-------- Weitergeleitete Nachricht --------\nBetreff: \tRechnung\nDatum: \tMon, 6 May 2024 10:00:00 +0200\nVon: \tBank <info@bank.test>\nAn: \tIda <ida@customer.test>\n\n",
    ),
    (
        "Fwd: Invoice",
        "Begin forwarded message:\n\nFrom: Bank <info@bank.test>\nSubject: Invoice\nDate: 6 May 2024 at 10:00:00 CEST\nTo: Ida <ida@customer.test>\n\n",
    ),
    (
        "Fwd: Счёт",
        "-------- Пересылаемое сообщение --------\n06.05.2024, 10:00, \"Bank\" <info@bank.test>:\n\n",
    ),
    (
        "转发: 账单",
        "---------- 转发的邮件 ----------\n发件人: Bank <info@bank.test>\n日期: 2024-05-06 10:00\n主题: 账单\n收件人: ida@customer.test\n\n",
    ),
    (
        "Fwd: Invoice",
        "------- Forwarded Message -------\nFrom: Bank <info@bank.test>\nDate: On Monday, May 6th, 2024 at 10:00\nSubject: Invoice\nTo: ida@customer.test\n\n",
    ),
];

#[test]
fn what_was_passed_on_stays_whole_with_who_wrote_it() {
    let comments = [
        "Hello, can you please tell us what the bank wants from us with the words below? Thank you, Ida",
        "Guten Tag,\n\nkönnen Sie bitte nachsehen, was damit gemeint ist?\n\nViele Grüße\n-- \nIda Berg",
        "Bonjour, pourriez-vous nous dire ce que cela signifie exactement ?",
        "Buenos días:\n\n¿pueden decirnos qué significa esto, por favor?\n\nEnviado desde mi iPhone",
        "",
        "fyi",
    ];
    for (subject, head) in FORWARDS {
        for comment in comments {
            let text = format!(
                "{comment}\n\n{head}Your account was locked with error 99.\n\n-- \nThe bank\n\nAm 5.5.2024 schrieb Ida:\n> Warum?\n"
            );
            for reference in ["", "In-Reply-To: <x1@bank.test>\nReferences: <x1@bank.test>\n"] {
                let raw =
                    plain(subject, &text).replacen("MIME-Version", &format!("{reference}MIME-Version"), 1);
                let mail = read(raw);
                for word in [
                    comment.lines().last().unwrap_or_default(),
                    "Bank",
                    "info@bank.test",
                    "2024",
                    "error 99",
                    "> Warum?",
                ] {
                    assert!(mail.new_text.contains(word), "{word} of {text}: {}", mail.new_text);
                }
            }
        }
    }
}

#[test]
fn what_was_passed_on_in_html_stays() {
    for (subject, markup) in [
        (
            "Fwd: Rechnung",
            "<div dir=\"ltr\">Guten Tag, können Sie uns bitte sagen, was wir hier tun sollen?<br><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">---------- Forwarded message ---------<br>Von: <b>Bank</b> &lt;info@bank.test&gt;<br>Date: Mo., 6. Mai 2024<br>Subject: Rechnung<br></div>error 99</div></div>",
        ),
        (
            "FW: Invoice",
            "<div>Could you have a look at the mail below for us, please?</div><div id=\"divRplyFwdMsg\"><b>From:</b> Bank &lt;info@bank.test&gt;<br><b>Sent:</b> Monday, May 6, 2024<br><b>To:</b> Ida<br><b>Subject:</b> Invoice</div><div>error 99</div>",
        ),
        (
            "Fwd: Facture",
            "<p>Que devons-nous faire de ce message, s'il vous plaît ?</p><div>Début du message réexpédié :</div><blockquote type=\"cite\"><div><b>De: </b>Bank &lt;info@bank.test&gt;</div><div><b>Date: </b>6 mai 2024</div><div><b>Objet: </b>Facture</div><div>error 99</div></blockquote>",
        ),
        (
            "Fwd: Invoice",
            "<p>Dear all, please tell us what this means for our account.</p><div class=\"moz-forward-container\">-------- Forwarded Message --------<table><tr><th>Subject: </th><td>Invoice</td></tr><tr><th>Date: </th><td>6 May 2024</td></tr><tr><th>From: </th><td>Bank &lt;info@bank.test&gt;</td></tr></table>error 99</div>",
        ),
        (
            "Fwd: Invoice",
            "<div>Dear all, what are we to make of this one?</div><div class=\"protonmail_quote\">------- Forwarded Message -------<br>From: Bank &lt;info@bank.test&gt;<br>Date: May 6, 2024<br>Subject: Invoice<br><blockquote class=\"protonmail_quote\" type=\"cite\">error 99</blockquote></div>",
        ),
        (
            "Fw: Invoice",
            "<div>Dear all, what are we to make of this one?</div><div class=\"yahoo_quoted\"><div>----- Forwarded Message -----<br><b>From:</b> Bank &lt;info@bank.test&gt;<br><b>Sent:</b> May 6, 2024<br><b>Subject:</b> Invoice</div>error 99</div>",
        ),
    ] {
        let mail = read(html(subject, markup));
        for word in ["info@bank.test", "2024", "error 99"] {
            assert!(mail.new_text.contains(word), "{word} of {markup}: {}", mail.new_text);
        }
    }
}

#[test]
fn an_answer_is_still_cut_where_the_old_mail_begins() {
    let old = "\n\nAm 6.5.2024 um 10:00 schrieb Help <help@desk.test>:\n> Läuft sie?\n";
    for subject in [
        "Re: Pumpe",
        "AW: Pumpe",
        "RE: FW: Pumpe",
        "SV: Pumpe",
        "Odp: Pumpe",
        "[EXT] Re: Pumpe",
        "Re[2]: Pumpe",
        "回复：Pumpe",
        "Antwort: Pumpe",
        "Ynt: Pumpe",
        "[support-12] Pumpe",
    ] {
        let mail = read(plain(subject, &format!("Sie steht.{old}")));
        assert_eq!(mail.new_text, "Sie steht.", "{subject}");
    }
    let raw = plain("Pumpe", &format!("Sie steht.{old}"));
    for field in ["In-Reply-To: <q1@desk.test>", "References: <q1@desk.test>"] {
        let mail = read(raw.replacen("MIME-Version", &format!("{field}\nMIME-Version"), 1));
        assert_eq!(mail.new_text, "Sie steht.", "{field}");
    }
    let marked = "Sie steht.\n\n##- Please type your reply above this line -##\n\nText of ours\n";
    assert_eq!(read(plain("Pumpe", marked)).new_text, "Sie steht.");
}

#[test]
fn an_answer_loses_no_sentence_that_only_looks_like_a_signature() {
    for text in [
        "It is broken.\n\nSent from my phone it works, from my PC it does not.",
        "Es geht nicht.\n\nVon meinem Handy gesendet kommt sie an, vom PC nicht.",
        "Ça ne marche pas.\n\nEnvoyé de mon iPhone le message arrive, mais pas du PC.",
        "No funciona.\n\nEnviado desde mi iPhone llega bien, desde el PC no llega nunca.",
        "Here are the values:\n-----\nPressure: 12\nFlow: 7\nMail: ida@customer.test",
        "Die Daten für das Formular:\n=====\nName: Ida Berg\nStadt: Lyon\nTel: 0221 1002003",
    ] {
        let mail = read(plain("Re: Pumpe", &format!("{text}\n")));
        assert_eq!(mail.new_text, text);
    }
    for line in [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Sent from Mail for Windows 10",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from my phone. Please excuse typos.",
    ] {
        let mail = read(plain("Re: Pumpe", &format!("Sie steht.\n\n{line}\n")));
        assert_eq!(mail.new_text, "Sie steht.", "{line}");
    }
}
