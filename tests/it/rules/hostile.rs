//! Mail that was made to break something: it gets its outcome, in bounded time, and the next one is handled.
//!
//! What the parser makes of such mail is said beside the parser.

use std::fmt::Write;

use rstest::rstest;

use helpdeskd::ids::Ids;
use helpdeskd::store;
use helpdeskd::ticket::person::Role;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";

/// Text that no index and no compression makes smaller.
fn noise(length: usize) -> String {
    let ids = Ids::seeded(u64::try_from(length).unwrap_or(7));
    let mut text = String::new();
    while text.len() < length {
        text.push_str(&ids.hex40());
    }
    text.truncate(length);
    text
}

fn nested(levels: usize) -> Vec<u8> {
    let mut text = String::from("From: ann@customer.test\r\nMessage-ID: <n@b>\r\nMIME-Version: 1.0\r\n");
    for level in 0..levels {
        write!(text, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n")
            .expect("a string grows");
    }
    (text + "Content-Type: text/plain\r\n\r\nDeep\r\n").into_bytes()
}

fn many_parts(count: usize) -> Mail {
    let part = [("Content-Type", "text/plain"), ("Content-Disposition", "attachment; filename=a.txt")];
    (0..count).fold(mail(ANN, "Many"), |mail, _| mail.part(&part, b"x"))
}

/// django-helpdesk 1054, 1096 and 1247, zammad 2754: one bad mail stopped all that came after it.
#[rstest]
#[case::empty(Vec::new())]
#[case::one_byte(b"\n".to_vec())]
#[case::no_headers(b"\r\nHello\r\n".to_vec())]
#[case::no_body(b"From: ann@customer.test\r\n".to_vec())]
#[case::binary((0..=255).cycle().take(100_000).collect())]
#[case::nested(nested(1000))]
#[case::many_parts(many_parts(10_000).into())]
#[case::large_header(mail(ANN, &"x".repeat(5 << 20)).into())]
#[case::many_headers((0..50_000).fold(String::new(), |all, n| all + "X-" + &n.to_string() + ": y\r\n").into())]
#[case::nested_tags(mail(ANN, "Tags").without_text().html(&"<b>".repeat(170_000)).into())]
#[case::long_word(mail(ANN, "Word").text(&noise(2 << 20)).into())]
#[case::bad_zone(mail(ANN, "Zone").header("Date", "Mon, 99 Foo 99999 99:99:99 +9999").into())]
#[case::long_id(mail(ANN, "Id").id(&format!("{}@b", noise(9000))).into())]
#[case::long_references(mail(ANN, "Ids").references(&[&noise(9000), &noise(8000)]).into())]
#[case::long_author(mail(&format!("{}@customer.test", noise(9000)), "Long").into())]
#[case::long_domain(mail(&format!("ann@{}.test", noise(9000)), "Long").into())]
#[case::long_name(mail(&format!("{} <ann@customer.test>", noise(9000)), "Long").into())]
#[case::long_tag(mail(ANN, &format!("[{}-9223372036854775807] [support-9223372036854775808]", noise(5000))).into())]
#[case::long_file_name(mail(ANN, "File").attachment(&noise(9000), "text/plain", b"x").into())]
#[case::long_type(mail(ANN, "Type").attachment("x", &format!("text/{}", noise(9000)), b"x").into())]
#[case::long_content_id(mail(ANN, "Cid").part(&[("Content-ID", &noise(9000))], b"x").into())]
#[case::long_language(mail(ANN, "Tongue").header("Content-Language", &noise(9000)).into())]
#[tokio::test]
async fn one_bad_mail_never_stops_the_next(#[case] bad: Vec<u8>, #[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    let became = desk.receive(bad).await;
    let stored = ["ticket", "suspended", "quarantined"].iter().any(|word| became.starts_with(word));
    assert!(stored, "{became}");
    assert!(!became.contains("cannot be stored"), "{became}");
    let next = mail(ANN, "The next one").id("next@client.test");
    assert!(desk.receive(next).await.starts_with("ticket"));
    assert_eq!(
        desk.receive(mail(ANN, "Re: The next one").in_reply_to("next@client.test")).await.split(' ').next(),
        Some("followup")
    );
}

#[rstest]
#[tokio::test]
async fn a_mail_to_ten_thousand_people_brings_in_a_few(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "cc = \"all\"").await;
    let everybody: Vec<String> = (0..10_000).map(|n| format!("user{n}@customer.test")).collect();
    desk.receive(mail(ANN, "Party").cc(&everybody.join(",\r\n "))).await;
    let mut tx = desk.read().await;
    let ccs = store::ticket_ccs::list(&mut tx, desk.row(1).await.id).await.unwrap();
    assert!(ccs.len() <= 20, "{}", ccs.len());
    assert!(ccs.iter().all(|user| user.role == Role::Customer));
}

/// A header that ends early would let a stranger write headers of our mails.
#[rstest]
#[tokio::test]
async fn no_line_break_gets_from_a_mail_into_our_headers(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "new_ticket_cc = [\"team@staff.test\"]").await;
    let split = "=?utf-8?Q?Fire=0D=0ABcc=3A_eve=40stranger.test=0D=0A=0D=0Abody?=";
    let odd = mail(&format!("{split} <ann@customer.test>"), split).id("a@b>\r\n\tX-Evil: yes").attachment(
        "a\u{d}\u{a}b.txt\"; X-Evil: yes",
        "text/plain",
        b"x",
    );
    desk.receive(odd).await;
    desk.operator().comment(1, "Use water.").await;
    for sent in desk.sent().await.iter() {
        let head = sent.raw.split("\r\n\r\n").next().unwrap();
        for line in head.split("\r\n") {
            assert!(
                !line.starts_with("Bcc") && !line.starts_with("X-Evil") && !line.contains('\n'),
                "{head}"
            );
        }
    }
}
