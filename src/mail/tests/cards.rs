//! Appointments and cards beside a text: what they say stands below it, once.

use super::read;

const EVENT: &str = "BEGIN:VEVENT\nUID:7@werk.test\nDTSTAMP:20240501T080000Z\nDTSTART;TZID=Europe/Berlin:20240506T100000\nDTEND;TZID=Europe/Berlin:20240506T113000\nSUMMARY:Pumpe prüfen\nLOCATION:Halle 3\nORGANIZER;CN=Bo Lind:mailto:bo@shop.test\nEND:VEVENT";

fn calendar(method: &str, event: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\nPRODID:-//Werk//7.0//EN\nVERSION:2.0\nMETHOD:{method}\n{event}\nEND:VCALENDAR\n"
    )
}

/// A text with this part beside it.
fn beside(subject: &str, text: &str, kind: &str, file: &str) -> String {
    format!(
        "From: Ida <ida@customer.test>\nSubject: {subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"=_m\"\n\n--=_m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n--=_m\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{file}\n--=_m--\n"
    )
}

/// As calendars of the large providers send it: beside two forms of the text, and once more as a file.
fn invitation(text: &str, markup: &str, calendar: &str) -> String {
    format!(
        "From: Ida <ida@customer.test>\nSubject: Pumpe\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m1\n\n--m1\nContent-Type: multipart/alternative; boundary=a1\n\n--a1\nContent-Type: text/plain; charset=\"UTF-8\"; format=flowed; delsp=yes\n\n{text}\n--a1\nContent-Type: text/html; charset=\"UTF-8\"\n\n{markup}\n--a1\nContent-Type: text/calendar; charset=\"UTF-8\"; method=REQUEST\nContent-Transfer-Encoding: 8bit\n\n{calendar}\n--a1--\n\n--m1\nContent-Type: application/ics; name=\"invite.ics\"\nContent-Disposition: attachment; filename=\"invite.ics\"\n\n{calendar}\n--m1--\n"
    )
}

#[test]
fn an_appointment_beside_a_text_is_told_below_it_once() {
    let mail = read(invitation("Kommt bitte.", "<p>Kommt bitte.</p>", &calendar("REQUEST", EVENT)));
    assert!(mail.new_text.starts_with("Kommt bitte.\n\n["), "{}", mail.new_text);
    for words in ["2024-05-06 10:00", "2024-05-06 11:30", "Halle 3", "Bo Lind", "Pumpe prüfen"] {
        assert_eq!(mail.new_text.matches(words).count(), 1, "{words}: {}", mail.new_text);
        assert!(mail.html.as_deref().is_some_and(|html| html.contains(words)), "{words}");
    }
    assert_eq!(mail.attachments.len(), 2);
}

#[test]
fn what_the_text_says_already_is_not_told_again() {
    let text = "Pumpe prüfen\nWo: Halle 3\nBitte eine Zange mitbringen, die große.";
    let event = EVENT.replace(
        "END:VEVENT",
        "DESCRIPTION:Bitte eine Zange\\n  mitbringen\\, die große.\\nUnd Fett.\nEND:VEVENT",
    );
    let mail = read(beside("Pumpe", text, "text/calendar; charset=utf-8", &calendar("REQUEST", &event)));
    for words in ["Pumpe prüfen", "Halle 3", "Zange", "die große."] {
        assert_eq!(mail.new_text.matches(words).count(), 1, "{words}: {}", mail.new_text);
    }
    assert!(
        mail.new_text.contains("Und Fett.") && mail.new_text.contains("2024-05-06 10:00"),
        "{}",
        mail.new_text
    );
    let known = "METHOD:PUBLISH\nBEGIN:VEVENT\nSUMMARY:Pumpe prüfen\nEND:VEVENT";
    let mail =
        read(beside("Pumpe", text, "text/calendar", &format!("BEGIN:VCALENDAR\n{known}\nEND:VCALENDAR\n")));
    assert_eq!(mail.new_text, text);
}

#[test]
fn answers_changes_and_lists_are_told_in_any_language() {
    for (text, kind, file, told) in [
        (
            "Je viendrai.",
            "text/calendar; method=REPLY; charset=utf-8",
            calendar("REPLY", "BEGIN:VEVENT\nSUMMARY:Réunion\nATTENDEE;PARTSTAT=ACCEPTED;CN=Ida Berg:mailto:ida@customer.test\nEND:VEVENT"),
            &["ACCEPTED", "Ida Berg", "REPLY"][..],
        ),
        (
            "Mejor más tarde.",
            "text/calendar; method=COUNTER; charset=utf-8",
            calendar("COUNTER", "BEGIN:VEVENT\nSUMMARY:Bomba\nDTSTART:20240507T080000Z\nDURATION:PT30M\nEND:VEVENT"),
            &["COUNTER", "2024-05-07 08:00 UTC", "PT30M"],
        ),
        (
            "中止になりました。",
            "application/ics; name=invite.ics",
            calendar("CANCEL", "BEGIN:VEVENT\nSUMMARY:点検\nDTSTART;VALUE=DATE:20240506\nSTATUS:CANCELLED\nEND:VEVENT"),
            &["CANCEL", "点検", "2024-05-06"],
        ),
        (
            "Termin w załączniku.",
            "application/octet-stream; name=termin.ics",
            calendar("PUBLISH", "BEGIN:VEVENT\nSUMMARY:Przegląd\nDTSTART:20240506T080000\nLOCATION:Hala 3\nEND:VEVENT"),
            &["Przegląd", "2024-05-06 08:00", "Hala 3"],
        ),
        (
            "Ecco il contatto.",
            "text/vcard; name=lind.vcf; charset=utf-8",
            "BEGIN:VCARD\nVERSION:3.0\nFN:Bo Lind\nTEL:+39 06 100 200\nitem1.EMAIL;type=INTERNET:bo@shop.test\nEND:VCARD\n".to_owned(),
            &["Bo Lind", "+39 06 100 200", "bo@shop.test"],
        ),
        (
            "Вот адрес.",
            "text/x-vcard; name=b.vcf",
            "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9B=D0=B8=D0=BD=D0=B4;=D0=91=D0=BE;;;\nADR;WORK;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;;=D0=97=D0=B0=D0=BB=\n=20=33;;;;\nTEL;CELL:+7 495 100\nEND:VCARD\n".to_owned(),
            &["Линд", "Бо", "Зал 3", "+7 495 100"],
        ),
        (
            "De lijst.",
            "text/vcard; name=lijst.vcf",
            "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Monteurs\nMEMBER:mailto:bo@shop.test\nMEMBER:mailto:eva@shop.test\nEND:VCARD\n".to_owned(),
            &["Monteurs", "bo@shop.test", "eva@shop.test"],
        ),
        (
            "Uppgiften.",
            "text/calendar",
            calendar("PUBLISH", "BEGIN:VTODO\nSUMMARY:Byt ventil\nDUE:20240510T120000Z\nEND:VTODO"),
            &["Byt ventil", "2024-05-10 12:00 UTC"],
        ),
    ] {
        let mail = read(beside("Pumpe", text, kind, &file));
        assert!(mail.new_text.starts_with(text), "{}", mail.new_text);
        for words in told {
            assert!(mail.new_text.contains(words) && mail.text.contains(words), "{words}: {}", mail.new_text);
        }
        assert_eq!(mail.attachments.len(), 1, "{text}");
    }
}

#[test]
fn of_an_answer_with_an_appointment_only_what_it_quotes_is_left_out() {
    let text = "Donnerstag geht.\n\nAm 6.5.2024 schrieb Help <help@desk.test>:\n> Wann passt es?\n";
    let mail = read(beside("Re: Pumpe", text, "text/calendar", &calendar("REPLY", EVENT)));
    assert!(mail.new_text.starts_with("Donnerstag geht.\n\n["), "{}", mail.new_text);
    assert!(mail.new_text.contains("Halle 3") && !mail.new_text.contains("Wann passt"), "{}", mail.new_text);
    // Some put their card under every mail, as others their signature.
    let card = "BEGIN:VCARD\nFN:Ida Berg\nTEL:0221 100\nEND:VCARD\n";
    let mail = read(beside("Re: Pumpe", text, "text/vcard; name=ida.vcf", card));
    assert_eq!(mail.new_text, "Donnerstag geht.");
    assert!(mail.text.contains("0221 100"), "{}", mail.text);
}
