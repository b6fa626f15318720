//! Mails whose labels are a little wrong, and words that stand where no reader looks.
//!
//! What can be read is read; what no part holds is kept as a file.

use super::html;
use super::judged;
use super::plain;
use super::read;
use crate::mail::classify::Class;

/// A mail with these lines of content fields above this body.
fn labelled(fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("From: ida@customer.test\nSubject: Pump\nMIME-Version: 1.0\n{fields}\n\n");
    [head.as_bytes(), body].concat()
}

#[test]
fn types_and_encodings_are_read_past_what_is_wrong_with_them() {
    let cases: [(&str, &[u8]); 11] = [
        ("Content-Type: text/plain charset=iso-8859-1", b"Es l\xe4uft."),
        ("Content-Type: text/plain charset=\"koi8-r\" format=flowed", b"\xee\xc1\xd3\xcf\xd3 Es l\xa3uft."),
        ("Content-Type: text/plain, charset=iso-8859-1", b"Es l\xe4uft."),
        ("Content-Transfer-Encoding: quoted printable", "Es l=C3=A4uft.".as_bytes()),
        ("Content-Transfer-Encoding: \"quoted-printable\"", "Es l=C3=A4uft.".as_bytes()),
        ("Content-Transfer-Encoding: Quoted-Printable.", "Es l=C3=A4uft.".as_bytes()),
        ("Content-Transfer-Encoding: 'base64'", b"RXMgbMOkdWZ0Lg=="),
        ("Content-Transfer-Encoding: base 64", b"RXMgbMOkdWZ0Lg=="),
        ("Content-Transfer-Encoding: <base64>", b"RXMgbMOkdWZ0Lg=="),
        ("Content-Transfer-Encoding: 8 bit", "Es läuft.".as_bytes()),
        ("Content-Transfer-Encoding: 8bits", "Es läuft.".as_bytes()),
    ];
    for (fields, body) in cases {
        let mail = read(labelled(fields, body));
        assert!(mail.text.contains("Es l") && mail.text.contains("uft."), "{fields}: {:?}", mail.text);
        assert!(!mail.defects.iter().any(|d| d.kind == "encoding-unknown"), "{fields}");
        assert!(mail.attachments.is_empty(), "{fields}");
    }
}

#[test]
fn text_of_four_bytes_a_letter_is_read() {
    for (label, is_big, mark) in [
        ("utf-32", false, true),
        ("UTF-32BE", true, false),
        ("utf-32le", false, false),
        ("utf-32", true, true),
    ] {
        let number = |c: char| {
            let n = u32::from(c);
            if is_big { n.to_be_bytes() } else { n.to_le_bytes() }
        };
        let marked = mark.then_some('\u{feff}').into_iter();
        let bytes: Vec<u8> = marked.chain("Es läuft 💧.".chars()).flat_map(number).collect();
        let fields = format!("Content-Type: text/plain; charset={label}");
        assert_eq!(read(labelled(&fields, &bytes)).new_text, "Es läuft 💧.", "{label} {is_big}");
    }
}

/// ISO-8859-8 without `-i` holds each line as it is painted, from left to right (RFC 1556).
#[test]
fn hebrew_that_was_written_as_it_is_painted_is_turned() {
    for (label, text, want) in [
        ("iso-8859-8", "תפלוד הבאשמה ,םולש", "שלום, המשאבה דולפת"),
        ("iso-8859-8", ".רבדמ 12.5.2024 םוימ תפלוד הבאשמה", "המשאבה דולפת מיום 12.5.2024 מדבר."),
        ("windows-1255", "ACME Pump ךלש הבאשמה םולש", "שלום המשאבה שלך ACME Pump"),
        ("iso-8859-8-i", "שלום, המשאבה דולפת", "שלום, המשאבה דולפת"),
        ("iso-8859-8", "שלום, המשאבה דולפת", "שלום, המשאבה דולפת"),
        ("windows-1255", "המשאבה שלך ACME Pump", "המשאבה שלך ACME Pump"),
        ("iso-8859-8", "The pump", "The pump"),
    ] {
        let bytes = encoding_rs::WINDOWS_1255.encode(text).0.into_owned();
        let fields = format!("Content-Type: text/plain; charset={label}");
        assert_eq!(read(labelled(&fields, &bytes)).new_text, want, "{label}");
    }
}

#[test]
fn a_plain_text_that_only_points_at_the_other_is_not_taken_for_the_mail() {
    let real = "<p>The pump leaks since Monday and nobody answers.</p>";
    for (stub, want) in [
        ("Bitte aktivieren Sie die Anzeige von HTML-Nachrichten.", "The pump leaks"),
        ("Your email client does not support HTML.", "The pump leaks"),
        ("Ce message est au format HTML, votre logiciel ne le montre pas.", "The pump leaks"),
        ("The pump leaks since Monday and nobody answers. HTML too.", "HTML too."),
    ] {
        let raw = format!(
            "From: a@x.test\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{stub}\n--b\nContent-Type: text/html\n\n{real}\n--b--\n"
        );
        assert!(read(&raw).text.contains(want), "{stub}: {}", read(&raw).text);
    }
}

#[test]
fn words_that_stand_outside_of_all_parts_are_kept_as_files() {
    let with = |above: &str, between: &str, below: &str| {
        let raw = format!(
            "From: a@x.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{above}\n--b\n\nIt leaks.\n--b--\n{between}\n--b\n\nBadly.\n--b--\n{below}\n"
        );
        let mail = read(&raw);
        assert_eq!(mail.text.split_whitespace().collect::<Vec<_>>(), ["It", "leaks.", "Badly."], "{raw}");
        let told =
            mail.attachments.iter().map(|a| (a.name.clone(), String::from_utf8_lossy(&a.data).into_owned()));
        (told.collect::<Vec<_>>(), mail.defects.iter().any(|d| d.kind == "words-outside"))
    };
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    assert_eq!(
        with("Mind invoice 4711.", "The key is 77.", "PS: call 0800."),
        (
            vec![
                file("preamble.txt", "Mind invoice 4711."),
                file("between.txt", "The key is 77."),
                file("epilogue.txt", "PS: call 0800.")
            ],
            true
        )
    );
    for phrase in [
        "This is a multi-part message in MIME format.",
        "Ce message est au format MIME.",
        "Dies ist eine mehrteilige Nachricht.",
        "Это письмо в формате MIME.",
        "これはMIME形式のマルチパートメッセージです。",
        "---- --- ----",
        "--other-boundary--",
    ] {
        assert_eq!(with(phrase, "", "\n\n"), (vec![], false), "{phrase}");
    }
}

#[test]
fn what_signs_a_text_in_the_text_is_no_word_of_the_answer() {
    let answer = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt leaks still.\n\nOn 06.05.24 10:00, Support <help@desk.test> wrote:\n> Hello\n> - -- \n> Support\n\n-----BEGIN PGP SIGNATURE-----\nVersion: GnuPG v2\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n";
    assert_eq!(read(plain("Re: Pump", answer)).new_text, "It leaks still.");
    // Only in an answer is anything left out.
    let first = read(plain(
        "Pump",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nIt leaks.\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAE\n-----END PGP SIGNATURE-----\n",
    ));
    assert!(first.new_text.contains("iQEzBAE"));
    // A key that somebody sends is what the mail is about.
    let key = "Here is my key:\n\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----";
    assert_eq!(read(plain("Re: Pump", key)).new_text, key);
    let secret = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----";
    assert_eq!(read(plain("Re: Pump", secret)).new_text, secret);
}

#[test]
fn automatic_answers_are_known_in_more_languages() {
    for subject in [
        "Automaatvastus: Pump",
        "Automātiskā atbilde: Pump",
        "Automatinis atsakymas: Pump",
        "ตอบกลับอัตโนมัติ: Pump",
        "پاسخ خودکار: Pump",
        "Sjálfvirkt svar: Pump",
    ] {
        assert_eq!(judged(plain(subject, "x")).class, Class::AutoReply, "{subject}");
    }
    assert_eq!(judged(html("Automatic door", "<p>x</p>")).class, Class::Human);
}

#[rustfmt::skip]
#[test]
fn what_is_quoted_is_known_in_more_languages() {
    let quotes = [
        "Od: Support <help@desk.test>\nPoslano: ponedeljek, 06. maj 2024 10:00\nZa: Ida <ida@customer.test>\nZadeva: Pump\n\nPozdravljeni",
        "Saatja: Support <help@desk.test>\nSaadetud: esmaspäev, 6. mai 2024 10:00\nAdressaat: Ida <ida@customer.test>\nTeema: Pump\n\nTere",
        "No: Support <help@desk.test>\nNosūtīts: pirmdiena, 2024. gada 6. maijs 10:00\nKam: Ida <ida@customer.test>\nTēma: Pump\n\nLabdien",
        "Nuo: Support <help@desk.test>\nIšsiųsta: 2024 m. gegužės 6 d. 10:00\nKam: Ida <ida@customer.test>\nTema: Pump\n\nLaba diena",
        "Từ: Support <help@desk.test>\nĐã gửi: Thứ Hai, 6 Tháng Năm 2024 10:00\nTới: ida@customer.test\nChủ đề: Pump\n\nXin chào",
        "จาก: Support <help@desk.test>\nส่ง: วันจันทร์ 6 พฤษภาคม 2024 10:00\nถึง: ida@customer.test\nเรื่อง: Pump\n\nสวัสดี",
        "Dari: Support <help@desk.test>\nDikirim: Senin, 06 Mei 2024 10:00\nKepada: ida@customer.test\nSubjek: Pump\n\nHalo",
        "از: Support <help@desk.test>\nارسال شده: دوشنبه ۶ مه ۲۰۲۴ ۱۰:۰۰\nبه: ida@customer.test\nموضوع: Pump\n\nسلام",
        "Од: Support <help@desk.test>\nПослато: понедељак, 6. мај 2024. 10:00\nЗа: ida@customer.test\nНаслов: Pump\n\nДобар дан",
        "V pon., 6. maj 2024 ob 10:00 je oseba Support <help@desk.test> napisala:\n\n> Pozdravljeni",
        "در تاریخ دوشنبه ۶ مهٔ ۲۰۲۴، ۱۰:۰۰ Support <help@desk.test> نوشت:\n\n> سلام",
        "mán., 6. maí 2024 kl. 10:00 skrifaði Support <help@desk.test>:\n\n> Góðan dag",
        "From: Support <help@desk.test> Sent: Monday, May 6, 2024 10:00 AM To: Ida Subject: Pump\n\nHello",
    ];
    for quote in quotes {
        let mail = read(plain("Re: Pump", &format!("It leaks still.\n\n{quote}\n")));
        assert_eq!(mail.new_text, "It leaks still.", "{quote}");
    }
}
