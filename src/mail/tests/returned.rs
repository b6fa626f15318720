//! Mail that came back with a text in the words of many servers, with our own mail below it or without.

use super::judged;
use super::read;
use crate::mail::classify::Class;

/// Who sends it, its subject, and its words. All are about bo@shop.test.
#[rustfmt::skip]
const RETURNED: &[(&str, &str, &str)] = &[
    ("MAILER-DAEMON@mx.shop.test", "failure notice", "Ciao. Questo è il programma qmail-send di mx.shop.test.\nNon è stato possibile consegnare il messaggio ai seguenti indirizzi.\n\n<bo@shop.test>:\n550 5.1.1 utente sconosciuto\n\n--- Below this line is a copy of the message.\n\n"),
    ("postmaster@mx.shop.test", "Niet-bezorgd: Pomp", "Uw bericht kon niet worden bezorgd bij:\n\n<bo@shop.test>\n550 5.1.1 onbekende gebruiker\n\n----- Oorspronkelijk bericht -----\n\n"),
    ("postmaster@mx.shop.test", "Nie dostarczono: Pompa", "Nie można dostarczyć wiadomości do:\n\nbo@shop.test\n550 5.1.1 nieznany użytkownik\n\n----- Oryginalna wiadomość -----\n\n"),
    ("Mailer-Daemon@mx.shop.test", "Não entregue", "Sua mensagem não pôde ser entregue:\n\n<bo@shop.test>: 550 5.1.1 usuário desconhecido\n\n----- Mensagem original -----\n\n"),
    ("mailer-daemon@mx.shop.test", "Недоставленное сообщение", "Ваше письмо не доставлено:\n\nbo@shop.test\n550 5.1.1 нет такого пользователя\n\n----- Исходное сообщение -----\n\n"),
    ("postmaster@mx.shop.test", "Unzustellbar: Pumpe", "Ihre Nachricht hat einige oder alle Empfänger nicht erreicht.\n\n      Betreff:  Pumpe\n      Gesendet am:  06.05.2024 10:00\n\nFolgende(r) Empfänger kann/können nicht erreicht werden:\n\n      'bo@shop.test' am 06.05.2024 10:00\n            550 5.1.1 unbekannt\n"),
    ("postmaster@mx.shop.test", "Undeliverable: Pump", "Your message did not reach some or all of the intended recipients.\n\n      Subject:  Pump\n      Sent:     5/6/2024 10:00 AM\n\nThe following recipient(s) cannot be reached:\n\n      'bo@shop.test' on 5/6/2024 10:00 AM\n            550 5.1.1 User unknown\n"),
    ("MAILER-DAEMON@mx.shop.test", "Mail failed, returning to sender", "|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <bo@shop.test> ... unknown host\n|------------------------- Message text follows: ------------------------|\n"),
    ("postmaster@mx.shop.test", "DELIVERY FAILURE: User bo (bo@shop.test) not listed in Domino Directory", "Your message\n\n  Subject: Pump\n\nwas not delivered to:\n\n  bo@shop.test\n\nbecause:\n\n  User bo (bo@shop.test) not listed in Domino Directory\n"),
    ("Mailer-Daemon@mx.shop.test", "Message status - undeliverable", "The message that you sent was undeliverable to the following:\n\tbo@shop.test (user not found)\n"),
];

#[test]
fn whom_a_mail_did_not_reach_is_found_in_the_words_of_any_server() {
    let ours = "Return-Path: <help@desk.test>\nFrom: help@desk.test\nTo: bo@shop.test\nMessage-ID: <m7@desk.test>\nSubject: Pump\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"ab\"\n\n--ab\nContent-Type: text/plain; charset=utf-8\n\nWrite to sales@other.test for more.\n\n--ab--\n";
    let mut missed = Vec::new();
    for (from, subject, words) in RETURNED {
        for below in ["", ours] {
            for kind in
                ["", "Content-Type: text\n", "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"]
            {
                let raw = format!(
                    "Return-Path: <>\nFrom: {from}\nTo: help@desk.test\nSubject: {subject}\n{kind}\n{words}{below}"
                );
                let verdict = judged(&raw);
                let found: Vec<&str> = verdict.bounces.iter().map(|b| b.recipient.as_str()).collect();
                if verdict.class != Class::Bounce || found != ["bo@shop.test"] {
                    missed.push(format!("{:?} {found:?}: {raw}", verdict.class));
                }
                let first = words.lines().next().unwrap_or_default().trim();
                assert!(read(&raw).text.contains(first), "{raw}");
            }
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n====\n"));
}
