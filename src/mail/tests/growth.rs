//! Twice as long a mail takes about twice as long to read, whatever it is made of.

use std::time::Duration;

use super::plain;
use super::read;
use crate::clock::processor;

fn took(raw: &str) -> Duration {
    let before = processor::spent();
    read(raw);
    processor::since(before)
}

#[test]
fn reading_takes_time_in_proportion_to_the_length() {
    let calendar = |count: usize| {
        let events = "BEGIN:VEVENT\nSUMMARY:Pumpe\nDTSTART:20240506T080000Z\nDESCRIPTION:Bitte\\n mitbringen\nEND:VEVENT\n";
        format!(
            "From: a@x.test\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\n\n{}\n--b1\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n{}END:VCALENDAR\n--b1--\n",
            "Die Pumpe steht in Halle 3.\n".repeat(count),
            events.repeat(count)
        )
    };
    let printable = |count: usize| {
        let lines = "=D0=BB=\n".repeat(count * 4);
        format!(
            "From: a@x.test\nContent-Type: text/vcard\n\nBEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:{lines}\nEND:VCARD\n"
        )
    };
    let entities = |count: usize| format!("From: {}\n\nx\n", "Ann &lt;a@x.test&gt;, ".repeat(count / 2));
    let early = |count: usize| {
        let parts = "--b1\nContent-Type: text/plain\n\na\n--b1--\nmore words\n".repeat(count);
        format!("From: a@x.test\nContent-Type: multipart/mixed\n\n{parts}")
    };
    let tagged = |count: usize| {
        plain(
            "[shop-7] Order",
            &"Am 6.5.2024 um 10:00 schrieb jemand\n> und so fort\nmehr davon\n".repeat(count),
        )
    };
    let marker = |count: usize| plain("Order", &"##- Bitte -##\n\nmehr davon\n".repeat(count));
    let kinds: [(&str, &dyn Fn(usize) -> String); 6] = [
        ("calendar", &calendar),
        ("printable", &printable),
        ("entities", &entities),
        ("early", &early),
        ("tagged", &tagged),
        ("marker", &marker),
    ];
    for (name, make) in kinds {
        let (once, twice) = (make(8_000), make(16_000));
        let is_linear = |_| took(&twice) < took(&once) * 5 / 2 + Duration::from_millis(20);
        assert!((0..6).any(is_linear), "{name}: {:?}, then {:?}", took(&once), took(&twice));
    }
}
