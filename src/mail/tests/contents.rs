//! Envelopes, cards and calendars: nothing that came vanishes, and what can be opened is.

use std::fmt::Write;

use super::read;

/// An envelope of Outlook with these attributes, each a number and its bytes.
fn winmail(attributes: &[(u32, &[u8])]) -> Vec<u8> {
    let mut out = vec![0x78, 0x9f, 0x3e, 0x22, 1, 0];
    for (id, value) in attributes {
        out.push(1);
        out.extend(id.to_le_bytes());
        out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
        out.extend(*value);
        let sum: u16 = value.iter().fold(0, |sum: u16, b| sum.wrapping_add(u16::from(*b)));
        out.extend(sum.to_le_bytes());
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, b| {
        let _ = write!(out, "={b:02X}");
        out
    })
}

fn with(kind: &str, bytes: &[u8], text: &str) -> String {
    format!(
        "From: ida@customer.test\nSubject: Pumpe\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--bb\nContent-Type: {kind}\nContent-Transfer-Encoding: quoted-printable\n\n{}\n--bb--\n",
        hex(bytes)
    )
}

#[test]
fn an_envelope_from_which_nothing_comes_stays() {
    const CLASS: u32 = 0x0007_8008;
    for attributes in [
        vec![],
        vec![(CLASS, b"IPM.Contact\0".as_slice())],
        vec![(CLASS, b"IPM.DistList\0")],
        vec![(CLASS, b"IPM.Task\0")],
        vec![(CLASS, b"IPM.Microsoft Schedule.MtgReq\0")],
        vec![(0x0006_9007, b"\xe4\x04\0\0\0\0\0\0")],
    ] {
        let mail = read(with("application/ms-tnef; name=winmail.dat", &winmail(&attributes), "Die Karte."));
        let names: Vec<_> = mail.attachments.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names, ["winmail.dat"], "{attributes:?}");
    }
    let opened = read(with("application/ms-tnef", &winmail(&[(0x0002_800c, b"Sie steht.\0")]), " "));
    assert_eq!((opened.new_text.as_str(), opened.attachments.len()), ("Sie steht.", 0));
}

/// Bytes with a tag and their length before them, as DER has it.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let len = value.len();
    let length = match len {
        0..=127 => vec![u8::try_from(len).unwrap()],
        _ => vec![0x82, u8::try_from(len >> 8).unwrap(), u8::try_from(len & 255).unwrap()],
    };
    [&[tag], length.as_slice(), value].concat()
}

const SIGNED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const ENVELOPED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03";
const DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";

fn signed(content: &[u8]) -> Vec<u8> {
    let content = der(0x30, &[DATA, &der(0xa0, content)].concat());
    let data = der(0x30, &[b"\x02\x01\x01".as_slice(), &der(0x31, b""), &content, &der(0x31, b"")].concat());
    der(0x30, &[SIGNED, &der(0xa0, &data)].concat())
}

#[test]
fn a_mail_that_is_signed_as_a_whole_is_opened() {
    let inner = "Content-Type: text/plain; charset=utf-8\r\n\r\nDer Kessel leckt.\r\n".as_bytes();
    let mixed = "Content-Type: multipart/mixed; boundary=ii\r\n\r\n--ii\r\nContent-Type: text/html\r\n\r\n<p>Der Kessel leckt.</p>\r\n--ii\r\nContent-Type: application/pdf; name=plan.pdf\r\n\r\n%PDF\r\n--ii--\r\n".as_bytes();
    let pieces = [der(0x04, &inner[..20]), der(0x04, &inner[20..])].concat();
    let endless = [b"\x24\x80".as_slice(), &pieces, b"\0\0"].concat();
    for (kind, content, files) in [
        ("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", der(0x04, inner), 1),
        ("application/x-pkcs7-mime; smime-type=signed-data", der(0x04, inner), 1),
        ("application/pkcs7-mime", der(0x04, mixed), 2),
        ("application/octet-stream; name=smime.p7m", der(0x04, inner), 1),
        ("application/pkcs7-mime; smime-type=signed-data", der(0x24, &pieces), 1),
        ("application/pkcs7-mime; smime-type=signed-data", endless, 1),
    ] {
        let raw = format!(
            "From: ida@customer.test\nSubject: Kessel\nMIME-Version: 1.0\nContent-Type: {kind}\nContent-Transfer-Encoding: quoted-printable\n\n{}\n",
            hex(&signed(&content))
        );
        let mail = read(raw);
        assert_eq!(mail.new_text, "Der Kessel leckt.", "{kind}");
        assert_eq!(mail.attachments.len(), files, "{kind}");
    }
    let below = read(with(
        "application/pkcs7-mime; smime-type=signed-data",
        &signed(&der(0x04, inner)),
        "Liste Nord",
    ));
    assert!(below.text.contains("Der Kessel leckt.") && below.text.contains("Liste Nord"));
    let secret = der(0x30, &[ENVELOPED, &der(0xa0, b"\x02\x01\0")].concat());
    let mail = read(with("application/pkcs7-mime; smime-type=enveloped-data", &secret, ""));
    assert_eq!((mail.text.trim(), mail.attachments.len()), ("", 1));
    assert!(mail.defects.iter().any(|d| d.kind == "encrypted"));
    let bytes = signed(&der(0x04, inner));
    for cut in 0..bytes.len() {
        let mail = read(with("application/pkcs7-mime; smime-type=signed-data", &bytes[..cut], "x"));
        assert_eq!(mail.attachments.len(), 1, "{cut}");
    }
}

#[test]
fn a_calendar_or_a_card_without_any_text_is_read_for_what_it_says() {
    let calendar = |lines: &str| {
        let mail = read(format!(
            "From: ida@customer.test\nSubject: Termin\nMIME-Version: 1.0\nContent-Type: text/calendar; charset=utf-8; method=REQUEST\n\nBEGIN:VCALENDAR\nVERSION:2.0\n{lines}\nEND:VCALENDAR\n"
        ));
        assert_eq!(mail.attachments.len(), 1);
        mail.new_text
    };
    let event = calendar(
        "METHOD:REQUEST\nBEGIN:VEVENT\nUID:7\nSUMMARY:Pumpe prüfen\\, Halle\n  3\nDTSTART;TZID=Europe/Berlin:20240506T100000\nDTEND;TZID=Europe/Berlin:20240506T113000\nLOCATION:Halle 3\nORGANIZER;CN=Bo Lind:mailto:bo@shop.test\nATTENDEE;CN=Ida;PARTSTAT=NEEDS-ACTION:mailto:ida@customer.test\nDESCRIPTION:Bitte\\nmitbringen: Zange\nBEGIN:VALARM\nDESCRIPTION:Alarm\nEND:VALARM\nEND:VEVENT",
    );
    for words in [
        "Pumpe prüfen, Halle 3",
        "2024-05-06 10:00",
        "2024-05-06 11:30",
        "Europe/Berlin",
        "Halle 3",
        "Bo Lind",
        "bo@shop.test",
        "Bitte\nmitbringen: Zange",
    ] {
        assert!(event.contains(words), "{words}: {event}");
    }
    let answer = calendar(
        "METHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Réunion\nDTSTART:20240506T080000Z\nATTENDEE;PARTSTAT=DECLINED;CN=Ida:mailto:ida@customer.test\nEND:VEVENT",
    );
    assert!(
        answer.contains("DECLINED") && answer.contains("2024-05-06 08:00 UTC") && answer.contains("Réunion"),
        "{answer}"
    );
    let gone = calendar(
        "METHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Besøk\nDTSTART;VALUE=DATE:20240506\nSTATUS:CANCELLED\nEND:VEVENT",
    );
    assert!(gone.contains("CANCEL") && gone.contains("2024-05-06"), "{gone}");
    let card = read(
        "From: ida@customer.test\nSubject: Karte\nMIME-Version: 1.0\nContent-Type: text/vcard; charset=utf-8\n\nBEGIN:VCARD\nVERSION:3.0\nN:Lind;Bo;;;\nFN:Bo Lind\nORG:Werk Nord;Halle 3\nTEL;TYPE=WORK:+46 8 100 200\nEMAIL:bo@shop.test\nNOTE:ruft\\nzurück\nPHOTO;ENCODING=b:AAAA\nEND:VCARD\n",
    );
    for words in ["Bo Lind", "Werk Nord", "+46 8 100 200", "bo@shop.test", "ruft\nzurück"] {
        assert!(card.new_text.contains(words), "{words}: {}", card.new_text);
    }
    assert!(!card.new_text.contains("AAAA") && card.attachments.len() == 1);
}
