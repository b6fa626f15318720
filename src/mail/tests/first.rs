//! First mails of programs and people, as they come from forms, shops, monitors, machines and calendars: none is cut.

use super::read;

/// How a program sends its text.
#[derive(Clone, Copy, Debug)]
enum Sent {
    /// One part, as it is.
    Plain,
    /// One part, quoted-printable.
    Printable,
    /// One part of HTML.
    Html,
    /// HTML, quoted-printable, with images and a plain part that says less.
    Alternative(&'static str),
}

/// Further fields of the header, the subject, how it is sent, and what it says.
type First = (&'static str, &'static str, Sent, &'static str);

const NONE: &str = "";
const PROGRAM: &str = "Auto-Submitted: auto-generated\nPrecedence: bulk\n";
/// Monitors tie the mails about one host together.
const TIED: &str = "Auto-Submitted: auto-generated\nReferences: <host-web1@monitor.test>\nIn-Reply-To: <host-web1@monitor.test>\n";

#[rustfmt::skip]
const FORMS: &[First] = &[
    (NONE, "Werk \"Anfrage\"", Sent::Plain, "From: Ida Berg <ida@customer.test>\nSubject: Anfrage zur Pumpe\n\nMessage Body:\nSie steht seit gestern.\n\n-- \nThis e-mail was sent from a contact form on Werk (https://werk.test)\n"),
    (NONE, "Nuevo mensaje de \"Taller\"", Sent::Plain, "Nombre: Ida Berg\nCorreo: ida@customer.test\nMensaje: La bomba no arranca.\n\n---\n\nFecha: 6 mayo, 2024\nHora: 10:00\nURL de la página: https://taller.test/contacto\nAgente de usuario: Mozilla/5.0\nIP remota: 192.0.2.7\nCon la tecnología de: Elementor\n"),
    (NONE, "Form Submission - Contact", Sent::Html, "<p><b>Sent via form submission from <a href=\"https://works.test\">Works</a></b></p><p><b>Name:</b> Ida Berg</p><p><b>Email:</b> ida@customer.test</p><p><b>Message:</b> The pump leaks.</p><hr><p><small>Does this submission look like spam? Report it here.</small></p>"),
    (NONE, "Nouvelle soumission de formulaire", Sent::Html, "<table><tr><td colspan=2><h3>Atelier</h3></td></tr><tr><td>De :</td><td>Ida Berg</td></tr><tr><td>Date :</td><td>6 mai 2024</td></tr><tr><td>Objet :</td><td>Pompe</td></tr><tr><td>Message :</td><td>Elle ne marche pas.<br>-- <br>Ida Berg<br>06 12 34 56 78</td></tr></table>"),
    (NONE, "Enquiry: Works", Sent::Plain, "This is an enquiry email via https://works.test from:\nIda Berg <ida@customer.test>\n\nThe pump leaks.\n"),
    (NONE, "Inzending van formulier", Sent::Plain, "Ingezonden op maandag 6 mei 2024 - 10:00\nIngezonden door gebruiker: Anoniem\nIngezonden waarden zijn:\n\n  ==Gegevens==\n    Van: Ida Berg\n    Datum: 6-5-2024\n    E-mail: ida@customer.test\n\n  ==Vraag==\n    Onderwerp: Pomp\n    De pomp lekt.\n"),
    (NONE, "New customer message on May 6, 2024 at 10:00 am", Sent::Plain, "You received a new message from your online store's contact form.\n\nCountry Code:\nDE\n\nName:\nIda Berg\n\nEmail:\nida@customer.test\n\nBody:\nThe pump leaks.\n> and the valve\n"),
    (NONE, "[Atelier] Pompe", Sent::Alternative("Nom : Ida Berg\nMessage : Elle fuit.\n"), "<p>Nom : Ida Berg</p><p>Message : Elle fuit.</p>"),
    (NONE, "[formularz-12] Zapytanie", Sent::Printable, "Nadawca: Ida Berg\nData: 6.05.2024\nTemat: Pompa\nE-mail: ida@customer.test\n\nNie działa.\n\nPozdrawiam\nIda\n"),
    (NONE, "お問い合わせ", Sent::Printable, "お名前: ベルク\n差出人: ida@customer.test\n件名: ポンプ\n日付: 2024年5月6日\n\n--------------------------------\n動きません。\n--------------------------------\n送信元: https://works.test\n"),
    (NONE, "Nova mensagem do site", Sent::Plain, "De: Ida Berg\nData: 6 de maio de 2024\nAssunto: Bomba\nE-mail: ida@customer.test\n\nEnviado do formulário de contato\nA bomba não funciona.\n"),
    (NONE, "Сообщение с сайта", Sent::Plain, "Имя: Ида\nОт: ida@customer.test\nДата: 6 мая 2024\nТема: Насос\n\n*******************\nСтоит.\n*******************\n"),
];

#[rustfmt::skip]
const ORDERS: &[First] = &[
    (NONE, "[shop-881] New order", Sent::Plain, "You've received the following order from Ida Berg:\n\n[Order #881] (May 6, 2024)\n\n2 x Pump\n\nFrom: Oslo\nTo: Bergen\nDate: May 6, 2024\nEmail: ida@customer.test\n\n-- \nLeave at the door.\n"),
    (NONE, "Neue Bestellung 10012", Sent::Html, "<h1>Neue Bestellung</h1><p>Am 6. Mai 2024 um 10:00 schrieb der Kunde im Feld Bemerkung:</p><blockquote>Bitte klingeln.</blockquote><table><tr><td>Pumpe</td><td>2</td></tr></table><p>Von: Ida Berg<br>Datum: 6.5.2024<br>E-Mail: ida@customer.test</p>"),
    (NONE, "Nouvelle commande n° 17", Sent::Alternative("Commande 17\nDe : Ida Berg\nDate : 6 mai 2024\nE-mail : ida@customer.test\nÀ : Lyon\nDeux pompes.\n"), "<p>Commande 17</p><p>De : Ida Berg<br>Date : 6 mai 2024<br>E-mail : ida@customer.test<br>À : Lyon</p><p>Deux pompes.</p>"),
    (NONE, "Inquiry from customer Ida (Order: 305-1)", Sent::Plain, "Order ID 305-1:\n1 Pump\n\n------------- Begin message -------------\n\nIt leaks.\n\n------------- End message -------------\n\nFor your information, the following is a list of links.\n"),
    (PROGRAM, "Ordine 44 confermato", Sent::Printable, "Gentile negozio,\n\nDa: Milano\nInviato: 6 maggio 2024\nA: ida@customer.test\nOggetto: 2 pompe\n\nConsegna al piano.\n\nInviato da Negozio\n"),
    (NONE, "Pedido 9: pago recibido", Sent::Html, "<div>Ha recibido un pago.</div><hr><div>De: Ida Berg &lt;ida@customer.test&gt;</div><div>Fecha: 6 de mayo de 2024</div><div>Importe: 20 EUR</div><hr><div>Nota: es un regalo.</div>"),
    (NONE, "Re-order 55", Sent::Plain, "Please send again:\n\n> 2 pumps\n> 1 valve\n\nIda Berg\nWorks Ltd\nTel. 0221 1002003\n"),
];

#[rustfmt::skip]
const MONITORS: &[First] = &[
    (TIED, "** PROBLEM Host Alert: web1 is DOWN **", Sent::Plain, "***** Monitor *****\n\nFrom: probe4@monitor.test\nTo: admins\nDate: Mon May 6 10:00:00 2024\nSubject: web1\n\nState: DOWN\nInfo: CRITICAL - no answer\n"),
    (TIED, "Resolved: disk on web1", Sent::Plain, "Problem has been resolved at 10:00 on 2024.05.06\n-----\nHost: web1\nDuration: 12m\nOriginal problem ID: 4711\n"),
    (PROGRAM, "Cron <root@web1> /usr/local/bin/backup", Sent::Plain, "tar: Removing leading `/' from member names\n> diff a b\n< old\n> new\n-----Original Message-----\nrsync error: some files could not be transferred (code 23)\n"),
    (PROGRAM, "Logwatch for web1 (Linux)", Sent::Plain, " --------------------- Kernel Begin ------------------------\n\n WARNING: Kernel Errors Present\n    I/O error, dev sda\n\n ---------------------- Kernel End -------------------------\n"),
    (NONE, "[FIRING:1] HighLoad web1", Sent::Html, "<table><tr><td><b>1 alert for</b> alertname=HighLoad</td></tr><tr><td><div class=\"gmail_quote\">Labels: host = web1</div></td></tr><tr><td>Source: <a href=\"https://monitor.test/g\">graph</a></td></tr></table><p>Sent by Alertmanager</p>"),
    (TIED, "web1 ist nicht erreichbar", Sent::Printable, "Am 06.05.2024 um 10:00 schrieb der Sensor <sensor@monitor.test>:\n\nKeine Antwort.\n\nVon: Sensor 4\nGesendet: 10:00\nAn: Technik\nBetreff: web1\n\nLetzter Wert: 81 °C\n"),
    (PROGRAM, "SMART error (CurrentPendingSector) detected on host: web1", Sent::Plain, "This message was generated by the smartd daemon running on:\n\n   host name:  web1\n\nThe following warning/error was logged by the smartd daemon:\n\nDevice: /dev/sda, 8 Currently unreadable sectors\n\n__\nYou can also use the smartctl utility for further investigation.\n"),
];

#[rustfmt::skip]
const MACHINES: &[First] = &[
    (NONE, "Neues Fax von 0221 100", Sent::Plain, "Sie haben ein Fax erhalten.\n\nVon: 0221 100\nAn: 0221 200\nDatum: 06.05.24 10:00\nSeiten: 3\n\n-- \nGesendet von meinem Faxgerät\n"),
    (NONE, "Télécopie reçue", Sent::Html, "<p>Vous avez reçu une télécopie.</p><p>De : 01 23 45<br>Envoyé : 6 mai 2024 10:00<br>À : 01 67 89<br>Objet : sans</p><p>Pages : 2</p>"),
    (NONE, "[PBX]: New message 3 in mailbox 100", Sent::Plain, "Dear Ida:\n\n\tJust wanted to let you know you were just left a 0:12 long message (number 3)\nin mailbox 100 from \"Bo\" <0171222>, on Monday, May 06, 2024 at 10:00:00 AM so you might\nwant to check it when you get a chance.  Thanks!\n\n\t\t\t\t--Asterisk\n"),
    (NONE, "Nieuw voicemailbericht", Sent::Printable, "Van: 020 100\nVerzonden: maandag 6 mei 2024 10:00\nAan: 020 200\nOnderwerp: voicemail\n\nTranscriptie:\n\"Hallo, met Ida, de pomp lekt.\"\n"),
    (NONE, "Scan from MFP", Sent::Plain, "Device: MFP-4\nSent from: Hall 3\nDate: 05/06/2024 10:00\n\nThis was sent from a scanner. Please find 2 pages.\nReply to: scanner@works.test\n"),
];

#[rustfmt::skip]
const CALENDARS: &[First] = &[
    (NONE, "New Event: Ida Berg - 10:00 Mon, 6 May 2024", Sent::Plain, "Hi Works,\n\nA new event has been scheduled.\n\nEvent Type:\nPump check\n\nInvitee:\nIda Berg\n\nInvitee Email:\nida@customer.test\n\nEvent Date/Time:\n10:00 - Monday, 6 May 2024 (Central European Time)\n\nQuestions:\n> What is broken?\nThe valve.\n"),
    (NONE, "Neue Buchung 4711", Sent::Html, "<p>Hallo,</p><p>am 6. Mai 2024 um 10:00 hat Ida Berg &lt;ida@customer.test&gt; gebucht:</p><blockquote>Zimmer 3, zwei Nächte</blockquote><p>Anreise: Mo.<br>Abreise: Mi.</p><p>--<br>Hotel Werk<br>Tel. 0221 100</p>"),
    (NONE, "Prenotazione 12", Sent::Plain, "Da: Ida Berg\nData: 6 maggio 2024 10:00\nA: Sala 3\nContatto: ida@customer.test\n\nNote:\n|  due persone\n|  un cane\n"),
    (NONE, "Wizyta: Ida Berg", Sent::Plain, "Nowa rezerwacja\n===============\nOd: Ida Berg\nData: 6 maja 2024\nDo: Sala 3\nE-mail: ida@customer.test\n\nProszę o telefon.\n"),
    (NONE, "Pump check", Sent::Alternative("Works invites you.\n\n________________________________________________________________________________\nMicrosoft Teams meeting\nJoin on your computer, mobile app or room device\nhttps://teams.test/l/1\nMeeting ID: 123 456\n________________________________________________________________________________\n"), "<p>Works invites you.</p><div>________________________________________________________________________________</div><p>Microsoft Teams meeting</p><p>Join on your computer, mobile app or room device</p><p>https://teams.test/l/1</p><p>Meeting ID: 123 456</p><div>________________________________________________________________________________</div>"),
    (NONE, "Zaproszenie: przegląd", Sent::Printable, "Kiedy: poniedziałek 6 maja 2024 10:00\nGdzie: Hala 3\nKalendarz: ida@customer.test\nKto:\n  * ida@customer.test - organizator\n\n~~//~~\nSzczegóły: https://calendar.test/1\n"),
    (NONE, "[Request received] Pump", Sent::Plain, "##- Please type your reply above this line -##\n\nYour request (12) has been received.\n\nIda, May 6, 10:00:\nThe pump leaks.\n"),
];

#[test]
fn no_first_mail_of_any_kind_is_cut() {
    let all = [FORMS, ORDERS, MONITORS, MACHINES, CALENDARS].concat();
    assert!(all.len() >= 38, "{}", all.len());
    let mut lost = Vec::new();
    for first in all {
        let (_, subject, sent, said) = first;
        let mail = read(raw(&first));
        if let Sent::Html | Sent::Alternative(_) = sent {
            let shown = shown(said);
            let words = shown.split_whitespace().filter(|word| !mail.new_text.contains(word));
            lost.extend(words.map(|word| format!("{word} of {subject}: {}", mail.new_text)));
        } else {
            let lines: Vec<&str> = said.trim_matches(['\n', ' ']).lines().map(str::trim_end).collect();
            if mail.new_text != lines.join("\n") {
                lost.push(format!("{subject}: {}", mail.new_text));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// The mail as its program sends it.
fn raw((head, subject, sent, said): &First) -> String {
    let text = "text/plain; charset=UTF-8";
    let markup = format!(
        "<!DOCTYPE html><html><head><title>.</title></head><body>{said}<img src=\"cid:l1\" width=1 height=1></body></html>"
    );
    let part = |kind: &str, encoding: &str, body: &str| {
        format!("Content-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n{body}\n")
    };
    let body = match sent {
        Sent::Plain => part(text, "8bit", said),
        Sent::Printable => part(text, "quoted-printable", &printable(said)),
        Sent::Html => part("text/html; charset=UTF-8", "8bit", &markup),
        Sent::Alternative(plain) => format!(
            "Content-Type: multipart/related; type=\"multipart/alternative\"; boundary=\"=_r\"\n\n--=_r\nContent-Type: multipart/alternative; boundary=\"=_a\"\n\n--=_a\n{}--=_a\n{}--=_a--\n\n--=_r\nContent-Type: image/png; name=l.png\nContent-ID: <l1>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--=_r--\n",
            part(text, "8bit", plain),
            part("text/html; charset=UTF-8", "quoted-printable", &printable(&markup))
        ),
    };
    format!(
        "From: Works <noreply@works.test>\nTo: help@desk.test\nSubject: {subject}\n{head}MIME-Version: 1.0\n{body}"
    )
}

/// The words between the tags.
fn shown(markup: &str) -> String {
    let mut out = String::new();
    for piece in markup.split('<') {
        out.push(' ');
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    out.replace("&lt;", "<").replace("&gt;", ">")
}

fn printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut length = 0;
        for b in line.bytes() {
            let one = if b == b'=' || !(32..127).contains(&b) {
                format!("={b:02X}")
            } else {
                char::from(b).to_string()
            };
            if length + one.len() > 74 {
                out.push_str("=\n");
                length = 0;
            }
            length += one.len();
            out.push_str(&one);
        }
        out.push('\n');
    }
    out
}
