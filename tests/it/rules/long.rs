//! Texts that are too long for a mail: everybody gets their beginning, and the whole of them as a file.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use mail_parser::MimeHeaders;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const TEAM: &str = "updated_ticket_cc = [\"team@staff.test\"]\nnew_ticket_cc = [\"team@staff.test\"]\n";
const GOES_ON: &str = "[…] The text goes on. The whole of it is in the file message.txt.";
/// More than any mail that holds no whole text.
const LARGEST_BODY: usize = 256 * 1024;

/// More than a mail shows, in lines that can be told apart.
fn long() -> String {
    let lines: Vec<String> = (0..20_000).map(|n| format!("Line {n} of many.")).collect();
    lines.join("\n")
}

/// What is in the mail's file with the whole text.
fn whole(sent: &Sent) -> String {
    let parsed = MessageParser::default().parse(&sent.raw).expect("what we send can be read");
    let file = parsed.attachments().find(|part| part.attachment_name() == Some("message.txt"));
    let file = file.unwrap_or_else(|| panic!("there is no message.txt to {}", sent.to));
    String::from_utf8(file.contents().to_vec()).expect("it is UTF-8")
}

fn assert_shortened(sent: &Sent) {
    for body in [&sent.text, &sent.html] {
        assert!(body.contains("Line 0 of many.") && body.contains(GOES_ON), "to {}", sent.to);
        assert!(
            !body.contains("Line 19999") && body.len() < LARGEST_BODY,
            "{} bytes to {}",
            body.len(),
            sent.to
        );
    }
}

#[rstest]
#[tokio::test]
async fn a_long_text_is_a_file_with_its_beginning_in_the_mail_for_customers_and_staff(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let alex = desk.agent("alex@staff.test").await;
    let id = desk.operator().open(Some(ANN), "Printer", "On fire.").await;
    desk.sent().await;
    desk.by(&alex).comment(id, &long()).await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN, "team@staff.test"]);
    for mail in sent.iter() {
        assert_shortened(mail);
        assert!(whole(mail) == long(), "to {}", mail.to);
    }
    assert!(sent.to("team@staff.test").text.contains("Attached:\n- message.txt\n"));
    assert_eq!(sent.to(ANN).header("Auto-Submitted"), None, "it is still the agent who speaks");
}

#[rstest]
#[tokio::test]
async fn a_long_text_by_mail_reaches_staff_and_is_not_sent_back_with_the_acknowledgement(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail(ANN, "Printer").text(&long())).await;
    let sent = desk.sent().await;
    let to_staff = sent.to("team@staff.test");
    assert_shortened(to_staff);
    assert_eq!(whole(to_staff).trim_end(), long().trim_end());
    assert!(sent.to(ANN).attachments.is_empty() && !sent.to(ANN).text.contains("Line 0"));
}

#[rstest]
#[tokio::test]
async fn the_readers_language_says_that_a_text_goes_on(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_desk(on, "locale = \"de\"\n", "").await;
    let alex = desk.agent("alex@staff.test").await;
    let id = desk.operator().open(Some(ANN), "Drucker", "Er brennt.").await;
    desk.sent().await;
    desk.by(&alex).comment(id, &long()).await;
    let sent = desk.sent().await;
    assert!(sent.to(ANN).text.contains("[…] Der Text geht weiter."), "{}", sent.to(ANN).text);
}

#[rstest]
#[tokio::test]
async fn a_text_that_is_larger_than_attachments_may_be_is_named_among_those_left_out(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let limits = "[delivery]\nmax_staff_attachments_size = \"100 KB\"\nmax_attachments_size = \"100 KB\"\n";
    let desk = TestDesk::with_config(on, &format!("{TEAM}{limits}")).await;
    let id = desk.operator().open(Some(ANN), "Printer", "On fire.").await;
    desk.sent().await;
    desk.operator().comment(id, &long()).await;
    for mail in desk.sent().await.iter() {
        assert_shortened(mail);
        assert!(mail.attachments.is_empty() && mail.text.contains("message.txt (3"), "{}", mail.text);
    }
}

/// What is kept and sent to nobody goes back to its author, of whatever length.
#[rstest]
#[tokio::test]
async fn an_agent_whose_mail_is_kept_back_gets_a_long_text_back_as_a_file(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let told = desk.sent().await;
    let answer = told.to("alex@staff.test").answer(&format!("#nonsense\n\n{}", long()));
    assert_eq!(desk.receive(answer).await, "followup #1 (withheld)");
    let sent = desk.sent().await;
    assert_shortened(sent.to("alex@staff.test"));
    assert!(whole(sent.to("alex@staff.test")).trim_end().ends_with(long().trim_end()));
}

/// Blanks at the start of a line are six characters each in HTML, and a tab is four of them.
#[rstest]
#[tokio::test]
async fn no_text_makes_a_mail_many_times_its_size(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let id = desk.operator().open(Some(ANN), "Printer", "On fire.").await;
    desk.sent().await;
    for text in ["x\n\t".repeat(80_000), format!("x\n{}x", "\t".repeat(250_000)), "'\n".repeat(120_000)] {
        desk.operator().comment(id, &text).await;
        for mail in desk.sent().await.iter() {
            assert!(mail.raw.len() < 2 << 20, "{} bytes to {}", mail.raw.len(), mail.to);
        }
    }
}

/// A stored file of base64 is what every other enclosure is.
#[rstest]
#[tokio::test]
async fn a_mail_that_is_tried_again_has_the_same_file(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let id = desk.operator().open(Some(ANN), "Printer", "On fire.").await;
    desk.sent().await;
    desk.smtp_down().await;
    desk.operator().comment(id, &long()).await;
    desk.deliver().await;
    desk.operator().comment(id, "Something else.").await;
    desk.advance(std::time::Duration::from_hours(1));
    desk.smtp_up().await;
    let sent = desk.sent().await;
    let with_file = sent.iter().find(|mail| !mail.attachments.is_empty()).expect("one has the file");
    assert!(whole(with_file) == long());
    let coded = STANDARD.encode(&long().as_bytes()[..57]);
    assert!(with_file.raw.contains(&coded), "it is base64");
}
