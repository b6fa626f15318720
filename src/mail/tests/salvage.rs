//! Broken headers and boundaries: what is read in spite of them, and that no words are lost on the way.

use super::judged;
use super::read;

/// Below its own words, this mail shows another one with its header and boundaries; or the parts are its own.
fn unnamed(head: &str, above: &str, below: &str) -> String {
    format!(
        "From: ida@customer.test\n{head}Subject: Odd\n\n{above}--q1\nContent-Type: text/plain\n\nInner words.\n\n--q1--\n{below}"
    )
}

#[test]
fn words_above_a_quoted_raw_mail_are_kept_where_the_header_names_no_type() {
    let quoted = "From: gerat@werk.test\nSubject: Scan\nMIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"q1\"\n\n";
    for (head, words) in [
        ("", "Guten Tag, was bedeutet diese Mail?\n\n"),
        ("Content-Type: text\n", "Bonjour, que veut dire ce message ?\n\n"),
        ("Content-Type:\n", "¿Qué es este mensaje?\n\n"),
        ("Content-Type: plain; charset=utf-8\n", "Co to za wiadomość?\n\n"),
        ("MIME-Version: 1.0\n", "Что это такое?\n\n--\n"),
        ("Content-Type: unknown\n", "これは何ですか。\n\n> x\n\n"),
    ] {
        let mail = read(unnamed(head, &format!("{words}{quoted}"), "\nGrüße, Ida\n"));
        for part in [words.trim(), "From: gerat@werk.test", "Inner words.", "Grüße, Ida"] {
            assert!(mail.text.contains(part), "{part} of {head}: {}", mail.text);
        }
    }
}

#[test]
fn words_around_parts_whose_boundary_is_guessed_are_kept() {
    for head in
        ["", "Content-Type: multipart/mixed\n", "Content-Type: multipart/alternative; boundary=other\n"]
    {
        let mail = read(unnamed(head, "Die Pumpe steht.\n\n", "\nBitte bald.\n"));
        for part in ["Die Pumpe steht.", "Inner words.", "Bitte bald."] {
            assert!(mail.text.contains(part), "{part} of {head}: {}", mail.text);
        }
    }
}

#[test]
fn words_between_an_early_end_and_the_next_part_are_kept_where_the_boundary_is_guessed() {
    for (head, words) in [
        ("", "Und noch etwas."),
        ("Content-Type: multipart/mixed\n", "Et encore ceci."),
        ("Content-Type: multipart/mixed; boundary=other\n", "И ещё вот что."),
        ("Content-Type: multipart/alternative\n", "まだあります。"),
        ("Content-Type: multipart/parallel; boundary=x\n", "En nog iets."),
        ("Content-Type: text\n", "Y otra cosa.\n\nGracias"),
    ] {
        let part = |text: &str| format!("--q1\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
        let mail = read(format!(
            "From: ida@customer.test\n{head}Subject: Odd\n\n{}--q1--\n\n{words}\n\n{}--q1--\n\nEnde.\n",
            part("Erster Teil."),
            part("Zweiter Teil.")
        ));
        let at =
            |word: &str| mail.text.find(word).unwrap_or_else(|| panic!("{word} of {head}: {}", mail.text));
        assert!(at("Erster Teil.") < at(words) && at(words) < at("Ende."), "{head}: {}", mail.text);
        at("Zweiter Teil.");
    }
}

#[test]
fn a_bounce_that_shows_our_own_mail_with_its_parts_names_whom_it_did_not_reach() {
    let ours = "Return-Path: <help@desk.test>\nFrom: help@desk.test\nTo: bo@shop.test\nMessage-ID: <m7@desk.test>\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"ab\"\n\n--ab\nContent-Type: text/plain; charset=utf-8\n\nWrite to sales@other.test for more.\n\n--ab\nContent-Type: text/html\n\n<p>Write to sales@other.test</p>\n\n--ab--\n";
    let cases = [
        "Hi. This is the qmail-send program at mx.shop.test.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<bo@shop.test>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 No such user\nGiving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\n",
        "This message was created automatically by mail delivery software (Exim).\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  bo@shop.test\n    SMTP error from remote mail server after RCPT TO:<bo@shop.test>:\n    550 5.1.1 User unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n",
        "Unable to deliver message to the following address(es).\n\n<bo@shop.test>:\n550 5.1.1 bo@shop.test is not a valid mailbox\n\n--- Original message follows.\n\n",
        "Ihre Nachricht konnte nicht zugestellt werden:\n\n<bo@shop.test>: 550 5.1.1 unbekannt\n\n--- Ursprüngliche Nachricht ---\n\n",
        "Votre message n'a pas pu être remis.\n\nbo@shop.test\n550 5.1.1 inconnu\n\n----- Message d'origine -----\n\n",
        "No se pudo entregar su mensaje.\n\n<bo@shop.test>\n550 5.1.1 desconocido\n\n----- Mensaje original -----\n\n",
    ];
    for words in cases {
        let raw = format!(
            "Return-Path: <>\nFrom: MAILER-DAEMON@mx.shop.test\nTo: help@desk.test\nSubject: failure notice\n\n{words}{ours}"
        );
        let verdict = judged(&raw);
        let found: Vec<_> =
            verdict.bounces.iter().map(|b| (b.recipient.as_str(), b.status.as_str())).collect();
        assert_eq!(found, [("bo@shop.test", "5.1.1")], "{words}");
        assert_eq!(verdict.returned_message_id.as_deref(), Some("m7@desk.test"), "{words}");
        assert!(read(&raw).text.contains(words.lines().next().unwrap()), "{words}");
    }
}

#[test]
fn a_preamble_is_read_where_no_part_has_text_unless_it_is_the_usual_phrase() {
    let with = |preamble: &str, kind: &str| {
        read(format!(
            "From: ida@customer.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{preamble}\n--b\nContent-Type: {kind}\n\n%PDF-1.4\n--b--\n"
        ))
    };
    for words in [
        "Die Pumpe steht.",
        "La bomba no arranca,\nayuda por favor.",
        "Насос стоит.",
        "ポンプが動きません。",
        "Pumpen står.",
        "This is what I mean.",
    ] {
        assert_eq!(with(words, "application/pdf").new_text, words);
    }
    for usual in [
        "This is a multi-part message in MIME format.",
        "This is a cryptographically signed message in MIME format.",
        "This message is in MIME format. Since your mail reader does not understand\nthis format, some or all of this message may not be legible.",
        "This is a MIME-encapsulated message",
        "This is a message with multiple parts in MIME format.",
        "Dies ist eine mehrteilige Nachricht im MIME-Format.",
        "Ceci est un message multipart au format MIME.",
        "If you are reading this, your mail client does not support MIME.",
    ] {
        assert_eq!(with(usual, "application/pdf").text, "", "{usual}");
    }
    assert_eq!(with("Words that no reader sees.", "text/plain").text, "%PDF-1.4");
}

#[test]
fn a_boundary_line_may_have_words_behind_it_and_the_last_may_be_missing() {
    for (lines, attached) in [
        ("--edge one\n\nDie Pumpe leckt.\n--edge--\n", 0),
        ("--edge\tone two\nContent-Type: text/plain\n\nDie Pumpe leckt.\n--edge-- the end\n", 0),
        ("--edge; x\nContent-Type: text/plain\n\nDie Pumpe leckt.\n--edge--\n", 0),
        (
            "--edge (first)\n\nDie Pumpe leckt.\n--edge (second)\nContent-Type: application/pdf\n\n%PDF\n--edge--\n",
            1,
        ),
        ("--edge\n\nDie Pumpe leckt.\n--edge two\nContent-Type: application/pdf\n\n%PDF\n", 1),
        ("--edge  \n\nDie Pumpe leckt.\n", 0),
        ("--edge*\n\nDie Pumpe leckt.\n--edge*--\n", 0),
    ] {
        let mail =
            read(format!("From: ida@customer.test\nContent-Type: multipart/mixed; boundary=edge\n\n{lines}"));
        assert_eq!(mail.text.trim(), "Die Pumpe leckt.", "{lines}");
        assert_eq!(mail.attachments.len(), attached, "{lines}");
    }
}

#[test]
fn a_header_goes_on_behind_a_line_of_blanks() {
    for subject in [
        "Pumpe\n \n leckt",
        "Pumpe\n\t\n\tleckt",
        "Pumpe\n   \n \t\n leckt",
        "Pumpe leckt\n ",
        "Pumpe\n leckt\n\t",
        "\n \n Pumpe leckt",
    ] {
        let mail = read(format!(
            "From: ida@customer.test\nSubject: {subject}\nMessage-ID: <a1@customer.test>\nIn-Reply-To: <b1@desk.test>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nU2llIGzDpHVmdC4=\n"
        ));
        assert_eq!(
            (mail.subject.as_str(), mail.new_text.as_str()),
            ("Pumpe leckt", "Sie läuft."),
            "{subject:?}"
        );
        assert_eq!(mail.in_reply_to, ["b1@desk.test"], "{subject:?}");
    }
    let mail = read("From: ida@customer.test\nSubject: Pumpe\n \nHallo zusammen,\nsie leckt.\n");
    assert_eq!(mail.new_text, "Hallo zusammen,\nsie leckt.");
    let mail = read("From: ida@customer.test\nSubject: Pumpe\n \nProblem: sie leckt.\n");
    assert_eq!(mail.new_text, "Problem: sie leckt.");
}

#[test]
fn many_lines_that_were_not_folded_do_not_end_a_header() {
    for count in [9, 30, 150] {
        for line in [
            "c2lnbmF0dXJl/c2lnbmF0dXJl+c2lnbmF0dXJl",
            "<a.b.c@x.test>",
            "=?utf-8?q?noch_ein_St=C3=BCck?=",
            "spf=pass (sender ok) smtp.mailfrom=x",
        ] {
            let raw = format!(
                "Return-Path: <ida@customer.test>\nX-Long: start\n{}From: ida@customer.test\nSubject: Pumpe\nContent-Type: text/plain\n\nSie leckt.\n",
                format!("{line}\n").repeat(count)
            );
            let mail = read(raw);
            assert_eq!(
                (mail.from.len(), mail.subject.as_str(), mail.new_text.as_str()),
                (1, "Pumpe", "Sie leckt."),
                "{count} of {line}"
            );
        }
    }
    // A text right below the header stays a text, whatever follows later in it.
    let mail = read(format!(
        "From: ida@customer.test\nSubject: Pumpe\n{}\nFrom: here on it leaks.\n",
        "Es regnet in den Keller.\n".repeat(12)
    ));
    assert_eq!(mail.text.matches("Keller").count(), 12);
}

#[test]
fn lines_of_junk_above_a_header_do_not_hide_it() {
    for junk in [
        "---- Nachricht ----\n",
        "+OK 812 octets\n",
        "* 1 FETCH (UID 7 BODY[] {812}\n",
        "354 Go ahead\nData follows\n",
        "\u{feff}",
        "======== mail 12 of 40 ========\n\n",
        "Begin Message\n----\n",
        "Сообщение\n",
    ] {
        let raw = format!(
            "{junk}Return-Path: <ida@customer.test>\nFrom: Ida <ida@customer.test>\nTo: help@desk.test\nSubject: Pumpe\nMIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nSie l=E4uft.\n"
        );
        let mail = read(raw);
        assert_eq!(
            (mail.subject.as_str(), mail.new_text.as_str(), mail.from.len()),
            ("Pumpe", "Sie läuft.", 1),
            "{junk}"
        );
    }
    for text in [
        "just words\n",
        "Hello there\nFrom: me to you\n\nwith love\n",
        "Please note:\nSubject: none\nall the rest\n",
    ] {
        assert_eq!(read(text).text, text);
    }
}

#[test]
fn raw_bytes_of_a_header_are_read_by_themselves() {
    let subjects: &[(&[u8], &str)] = &[
        (
            b"\xb4\xf3\xbc\xd2\xba\xc3\xa3\xac\xce\xd2\xb5\xc4\xb4\xf2\xd3\xa1\xbb\xfa\xbb\xb5\xc1\xcb",
            "大家好，我的打印机坏了",
        ),
        (b"\xcf\xf0\xe8\xed\xf2\xe5\xf0 \xed\xe5 \xf0\xe0\xe1\xee\xf2\xe0\xe5\xf2", "Принтер не работает"),
        (b"\xf0\xd2\xc9\xce\xd4\xc5\xd2 \xce\xc5 \xd2\xc1\xc2\xcf\xd4\xc1\xc5\xd4", "Принтер не работает"),
        (
            b"\xc7\xc1\xb8\xb0\xc5\xcd\xb0\xa1 \xb0\xed\xc0\xe5\xb3\xb5\xbd\xc0\xb4\xcf\xb4\xd9",
            "프린터가 고장났습니다",
        ),
        (
            b"\x83v\x83\x8a\x83\x93\x83^\x82\xaa\x93\xae\x82\xab\x82\xdc\x82\xb9\x82\xf1",
            "プリンタが動きません",
        ),
        (b"\xee\xe3\xf4\xf1\xfa \xec\xe0 \xf2\xe5\xe1\xe3\xfa", "מדפסת לא עובדת"),
    ];
    for (bytes, want) in subjects {
        for kind in [
            "text/plain; charset=iso-8859-1",
            "text/plain; charset=windows-1252",
            "text/plain; charset=us-ascii",
            "text/html; charset=utf-8",
        ] {
            let raw = [
                b"From: ida@customer.test\nSubject: ".as_slice(),
                bytes,
                b"\nContent-Type: ",
                kind.as_bytes(),
                b"\n\nThe pump leaks.\n",
            ]
            .concat();
            assert_eq!(read(raw).subject, *want, "{kind}");
        }
    }
    // Where the body's set gives the same script, it tells more than a few bytes can.
    for (bytes, charset, want) in [
        (b"Fr\xf6sche".as_slice(), "iso-8859-1", "Frösche"),
        (b"Dru\xbeba", "iso-8859-2", "Družba"),
        (b"\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет"),
        (b"Gr\xf6\xdfe", "iso-8859-15", "Größe"),
        (b"\xbd\xaf", "iso-8859-2", "˝Ż"),
    ] {
        let raw = [
            b"From: ida@customer.test\nSubject: ".as_slice(),
            bytes,
            format!("\nContent-Type: text/plain; charset={charset}\n\nx\n").as_bytes(),
        ]
        .concat();
        assert_eq!(read(raw).subject, want, "{charset}");
    }
}
