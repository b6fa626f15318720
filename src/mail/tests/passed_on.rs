//! Headers that programs write above a mail that they pass on as text: glued, folded, bold, in tables, in any language.
//!
//! Each is the same mail of the same author, passed on by an agent.

use super::plain;
use super::read;
use crate::mail::forward;

/// The new subject, and what stands above the words of the mail that was passed on.
#[rustfmt::skip]
const HEADS: &[(&str, &str)] = &[
    // Yahoo glues all lines of its header into one.
    ("Fw: Printer", "----- Forwarded Message ----- From: Ann Lee <ann@x.test>To: help@desk.test <help@desk.test>Sent: Tuesday, April 2, 2024 at 06:26:00 PM UTCSubject: Printer\n"),
    ("Fw: Printer", "   ----- Forwarded Message -----From: \"Ann Lee\" <ann@x.test>To: \"help@desk.test\" <help@desk.test>Cc: \"Bob\" <bob@x.test>Sent: Tue, Apr 2, 2024 at 18:26Subject: Printer\n "),
    ("Fw: Printer", "----- Weitergeleitete Nachricht ----- Von: Ann Lee <ann@x.test>An: help@desk.test <help@desk.test>Gesendet: Dienstag, 2. April 2024 um 18:26:00 UTCBetreff: Printer\n"),
    ("Tr: Printer", "----- Mail transféré ----- De : Ann Lee <ann@x.test>À : help@desk.test <help@desk.test>Envoyé : mardi 2 avril 2024 à 18:26:00 UTCObjet : Printer\n"),
    ("RV: Printer", "----- Mensaje reenviado ----- De: Ann Lee <ann@x.test>Para: help@desk.test <help@desk.test>Enviado: martes, 2 de abril de 2024, 18:26:00 UTCAsunto: Printer\n"),
    ("Fw: Printer", "----- Messaggio inoltrato ----- Da: Ann Lee <ann@x.test>A: help@desk.test <help@desk.test>Inviato: martedì 2 aprile 2024 alle ore 18:26:00 UTCOggetto: Printer\n"),
    ("Fw: Printer", "----- Mensagem encaminhada ----- De: Ann Lee <ann@x.test>Para: help@desk.test <help@desk.test>Enviado: terça-feira, 2 de abril de 2024 18:26:00 UTCAssunto: Printer\n"),
    ("Fw: Printer", "----- Forwarded Message -----From: Ann Lee <ann@x.test>To: help@desk.test\n <help@desk.test>Sent: Tuesday, April 2, 2024 at 06:26:00 PM\n UTCSubject: Printer\n"),
    ("Fw: Printer", "----- Forwarded Message ----- *From:* Ann Lee <ann@x.test>*To:* help@desk.test*Sent:* Tuesday, April 2, 2024 at 06:26:00 PM*Subject:* Printer\n"),
    ("Fw: Printer", "From: Ann Lee <ann@x.test> Sent: Tuesday, April 2, 2024 6:26 PM To: help@desk.test <help@desk.test> Subject: Printer\n"),
    ("FW: Printer", "-----Original Message----- From: Ann Lee [mailto:ann@x.test] Sent: Tuesday, April 2, 2024 6:26 PM To: help@desk.test Subject: Printer\n"),
    ("Fw: Printer", "----- Forwarded Message -----\nFrom: Ann Lee <ann@x.test>\nTo: \"help@desk.test\" <help@desk.test>\nSent: Tuesday, April 2, 2024 at 06:26:00 PM UTC\nSubject: Printer\n"),
    // Bold marks, missing brackets, links, folded lines.
    ("Fwd: Printer", "---------- Forwarded message ---------\n*From:* *Ann Lee* <ann@x.test>\n*Date:* Tue, Apr 2, 2024 at 6:26 PM\n*Subject:* Printer\n*To:* <help@desk.test>\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\n**From:** Ann Lee ann@x.test\n**Date:** Tue, Apr 2, 2024 at 6:26 PM\n**Subject:** Printer\n**To:** help@desk.test\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nFrom: Ann Lee <[ann@x.test](mailto:ann@x.test)>\nDate: Tue, Apr 2, 2024 at 6:26 PM\nSubject: Printer\nTo: <[help@desk.test](mailto:help@desk.test)>\n"),
    ("FW: Printer", "From: Ann Lee <ann@x.test<mailto:ann@x.test>>\nSent: Tuesday, April 2, 2024 6:26 PM\nTo: help@desk.test<mailto:help@desk.test>\nSubject: Printer\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nFrom: Ann Lee\n <ann@x.test>\nDate: Tue, Apr 2, 2024\n at 6:26 PM\nSubject: Printer\nTo: <help@desk.test>\n"),
    ("Fwd: Printer", "-------- Forwarded Message --------\n| Subject: | Printer |\n| Date: | Tue, 2 Apr 2024 18:26:00 +0000 |\n| From: | Ann Lee <ann@x.test> |\n| To: | help@desk.test |\n"),
    ("Fwd: Printer", "---- Forwarded message ----\n| From | Ann Lee<ann@x.test> |\n| Date | 04/02/2024 18:26 |\n| To | help@desk.test |\n| Subject | Printer |\n"),
    ("转发: Printer", "---- 转发的邮件 ----\n| 发件人 | Ann Lee<ann@x.test> |\n| 日期 | 2024年04月02日 18:26 |\n| 收件人 | help@desk.test |\n| 主题 | Printer |\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nFrom:\nAnn Lee <ann@x.test>\nDate:\nTue, Apr 2, 2024 at 6:26 PM\nSubject:\nPrinter\nTo:\n<help@desk.test>\n"),
    ("Fwd: Printer", "Begin forwarded message:\n\nFrom: ann@x.test (Ann Lee)\nSubject: Printer\nDate: April 2, 2024 at 6:26:00 PM GMT\nTo: help@desk.test\n"),
    // Programs with lines of their own.
    ("Fwd: Printer", "----- Forwarded message from Ann Lee <ann@x.test> -----\n\nDate: Tue, 2 Apr 2024 18:26:00 +0000\nFrom: Ann Lee <ann@x.test>\nTo: help@desk.test\nSubject: Printer\n"),
    ("Fwd: Printer", "----- Weitergeleitete Nachricht von Ann Lee <ann@x.test> -----\n   Datum: Tue, 2 Apr 2024 18:26:00 +0000\n      Von: Ann Lee <ann@x.test>\n Betreff: Printer\n       An: help@desk.test\n"),
    ("Fw: Printer", "----- Forwarded by Bob/ACME on 02/04/2024 19:00 -----\n\nFrom:   Ann Lee <ann@x.test>\nTo:     help@desk.test\nDate:   04/02/2024 06:26 PM\nSubject:        Printer\n"),
    ("WG: Printer", "----- Weitergeleitet von Bob/ACME am 02.04.2024 19:00 -----\n\nVon:    Ann Lee <ann@x.test>\nAn:     help@desk.test\nDatum:  02.04.2024 18:26\nBetreff:        Printer\n"),
    ("Fwd: Printer", "-------- Пересылаемое сообщение --------\n02.04.2024, 18:26, \"Ann Lee\" <ann@x.test>:\n"),
    ("Fwd: Printer", "-------- Пересылаемое сообщение --------\nОт: Ann Lee <ann@x.test>\nКому: help@desk.test\nДата: Вторник, 2 апреля 2024, 18:26 +00:00\nТема: Printer\n"),
    ("Fwd: Printer", "-------- Ursprüngliche Nachricht --------\nBetreff:\tPrinter\nDatum:\t2024-04-02 18:26\nVon:\tAnn Lee <ann@x.test>\nAn:\thelp@desk.test\n"),
    ("FW: Printer", "-----Original Message-----\nFrom: \"Ann Lee\"<ann@x.test>\nTo: <help@desk.test>;\nCc:\nSent: 2024-04-02 (화) 18:26:00 (GMT+00:00)\nSubject: Printer\n"),
    ("转发：Printer", "------------------ 原始邮件 ------------------\n发件人: \"Ann Lee\" <ann@x.test>;\n发送时间: 2024年4月2日(星期二) 18:26\n收件人: \"help\"<help@desk.test>;\n主题: Printer\n"),
    ("Posredovano: Printer", "Od: Ann Lee <ann@x.test>\nPoslano: torek, 02. april 2024 18:26\nZa: help@desk.test\nZadeva: Printer\n"),
    ("Edasi: Printer", "Saatja: Ann Lee <ann@x.test>\nSaadetud: teisipäev, 2. aprill 2024 18:26\nAdressaat: help@desk.test\nTeema: Printer\n"),
    ("Pārs.: Printer", "No: Ann Lee <ann@x.test>\nNosūtīts: otrdiena, 2024. gada 2. aprīlis 18:26\nKam: help@desk.test\nTēma: Printer\n"),
    ("FW: Printer", "จาก: Ann Lee <ann@x.test>\nส่ง: วันอังคาร 2 เมษายน 2024 18:26\nถึง: help@desk.test\nเรื่อง: Printer\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nTừ: Ann Lee <ann@x.test>\nDate: Th 3, 2 thg 4, 2024 vào lúc 18:26\nSubject: Printer\nTo: <help@desk.test>\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nDari: Ann Lee <ann@x.test>\nDate: Sel, 2 Apr 2024 pukul 18.26\nSubject: Printer\nTo: <help@desk.test>\n"),
    ("Fwd: Printer", "---------- Forwarded message ---------\nמאת: Ann Lee <ann@x.test>\n\u{202a}Date: יום ג׳, 2 באפר׳ 2024 ב-18:26\u{202c}\nSubject: Printer\nTo: <help@desk.test>\n"),
];

#[test]
fn the_author_of_what_was_passed_on_is_found_however_the_header_stands() {
    let mut lost = Vec::new();
    for (subject, head) in HEADS {
        for comment in ["", "Please see below.\n\n"] {
            let mail = read(plain(subject, &format!("{comment}{head}\nIt burns, says the lamp.\n")));
            let found = forward::original(&mail).unwrap_or_default();
            let author = found.author.unwrap_or_default();
            let told = (author.address.as_str(), author.name.as_deref(), found.text.as_str());
            if told != ("ann@x.test", Some("Ann Lee"), "It burns, says the lamp.") {
                lost.push(format!("{told:?} of {head}"));
            } else if found.cover != comment.trim() {
                lost.push(format!("cover {:?} of {head}", found.cover));
            }
            if !mail.new_text.contains("It burns") {
                lost.push(format!("text {:?} of {head}", mail.new_text));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
