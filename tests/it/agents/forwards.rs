//! Agents who pass on the mail of a customer.

use std::fs;

use rstest::rstest;

use helpdeskd::desk::people;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::BOB;
use crate::support::office::LISTS;
use crate::support::office::TEAM;
use crate::support::story::On;
use crate::support::story::TestDesk;

const CORA: &str = "cora@customer.test";

async fn desk(on: On) -> TestDesk {
    let desk = TestDesk::with_config(on, LISTS).await;
    desk.agent(ALEX).await;
    desk
}

/// A text without its line breaks.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stored(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/mail/forward-agent-{name}.eml", env!("CARGO_MANIFEST_DIR"));
    fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Cora wrote at 18:26 in Berlin; her mail was passed on three days later by every program in its language.
#[rstest]
#[case("outlook-en", "Printer on fire", "My printer is on fire.", "Please call her.")]
#[case("outlook-de", "Drucker brennt", "Mein Drucker brennt.", "Bitte anrufen.")]
#[case("outlook-fr", "Imprimante en feu", "Mon imprimante est en feu.", "")]
#[case("gmail-en", "Printer on fire", "My printer is on fire.", "Please call her.")]
#[case("gmail-es", "Impresora en llamas", "Mi impresora está en llamas.", "")]
#[case("gmail-ja", "プリンター", "プリンターが燃えています。", "")]
#[case("apple-en", "Printer on fire", "My printer is on fire.", "Please call her.")]
#[case("apple-de", "Drucker brennt", "Mein Drucker brennt.", "")]
#[case("apple-it", "Stampante in fiamme", "La mia stampante è in fiamme.", "")]
#[case("thunderbird-en", "Printer on fire", "My printer is on fire.", "Please call her.")]
#[case("thunderbird-nl", "Printer in brand", "Mijn printer staat in brand.", "")]
#[case("thunderbird-pl", "Drukarka płonie", "Moja drukarka płonie.", "")]
#[tokio::test]
async fn a_mail_that_is_passed_on_opens_the_ticket_in_its_authors_name(
    #[case] name: &str,
    #[case] subject: &str,
    #[case] text: &str,
    #[case] cover: &str,
) {
    let desk = desk(On::Sqlite).await;
    assert_eq!(desk.receive_as(Authentication::Pass, stored(name)).await, "ticket #1 (forwarded)");
    let ticket = desk.row(1).await;
    assert_eq!(ticket.subject, subject);
    let entries = desk.followups(1).await;
    assert_eq!((entries[0].text.as_str(), entries[0].visibility), (text, Visibility::Public), "{name}");
    assert_eq!(entries[0].author_name.as_deref(), Some("Cora Customer"));
    assert_eq!(entries[0].created_at.to_string(), "2026-02-27T17:26:00Z", "as the mail itself was dated");
    assert_eq!(ticket.created_at, desk.now(), "while the ticket counts from now");
    let notes: Vec<_> = entries[1..].iter().filter(|entry| entry.kind == EntryKind::Comment).collect();
    assert_eq!(notes.iter().map(|note| note.text.as_str()).collect::<String>(), cover, "for agents only");
    assert!(notes.iter().all(|note| note.visibility == Visibility::Private));
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, CORA, TEAM]);
    assert!(!sent.to(CORA).raw.contains("staff.test"), "{}", sent.to(CORA).raw);
    let told = unwrapped(&sent.to(TEAM).text);
    assert!(
        told.contains(
            "alex passed on a mail of Cora Customer <cora@customer.test>, written 2026-02-27 17:26 UTC"
        ),
        "{told}"
    );
    assert!(told.contains(text) && told.contains(cover), "{told}");
    let done = unwrapped(&sent.to(ALEX).text);
    assert!(done.contains("was opened for Cora Customer <cora@customer.test>"), "{done}");
    let with_file = name.ends_with("-en") == desk.ticket(1).await.contains("invoice.pdf (application/pdf");
    assert!(with_file, "{}", desk.ticket(1).await);
}

#[rstest]
#[case("outlook-en", "#1 open `Printer on fire`, 2 messages, owner alex@staff.test")]
#[case("gmail-es", "#1 open `Impresora en llamas`, 1 message, priority 1")]
#[case("apple-de", "#1 open `Drucker brennt`, 1 message, tag feuer")]
#[case("thunderbird-pl", "#1 open `Drukarka płonie`, 2 messages, owner alex@staff.test, held by us")]
#[tokio::test]
async fn commands_above_a_mail_that_is_passed_on_are_carried_out(
    #[case] name: &str,
    #[case] ticket: &str,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    desk.receive_as(Authentication::Pass, stored(name)).await;
    assert_eq!(desk.tickets().await, ticket);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_mail_that_is_attached_whole_comes_with_all_that_it_had(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    let original = Vec::from(
        mail(&format!("Cora Customer <{CORA}>"), "Printer on fire")
            .id("original@client.test")
            .header("Date", "Fri, 27 Feb 2026 18:26:00 +0100")
            .text("My printer is on fire.")
            .attachment("smoke.png", "image/png", b"\x89PNG\r\n\x1a\n"),
    );
    let passed_on = mail(ALEX, "Fwd: Printer on fire").text("#assign me\nPlease see there.");
    let passed_on = passed_on.attachment("mail.eml", "message/rfc822", &original).attachment(
        "log.txt",
        "text/plain",
        b"x",
    );
    assert_eq!(desk.receive_as(Authentication::Pass, passed_on).await, "ticket #1 (forwarded)");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages, owner alex@staff.test
    from cora@customer.test
    - cora@customer.test, opened, public: My printer is on fire.
      + smoke.png (image/png, attachment, 8 bytes)
      + log.txt (text/plain, attachment, 1 bytes)
    - alex@staff.test, comment, private: Please see there.
    ");
    let sent = desk.sent().await;
    assert_eq!(sent.to(CORA).header("In-Reply-To").as_deref(), Some("<original@client.test>"));
    // Cora sent it to the desk as well, and it was slow.
    assert_eq!(desk.receive_as(Authentication::Pass, original).await, "duplicate #1");
    // Alex works on from the answer that he got, and Cora answers.
    let answer = sent.to(ALEX).answer("Use water.");
    assert_eq!(desk.receive_as(Authentication::Pass, answer).await, "followup #1");
    let reply = desk.sent().await.to(CORA).answer("Thanks.");
    assert_eq!(desk.receive_as(Authentication::Pass, reply).await, "followup #1");
}

#[rstest]
#[tokio::test]
async fn a_misread_author_is_put_right_afterwards(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on).await;
    let passed_on = String::from_utf8(stored("gmail-en")).unwrap();
    let with_reply_to = passed_on.replacen("Subject:", "Reply-To: <kim@staff.test>\r\nSubject:", 1);
    desk.receive_as(Authentication::Pass, with_reply_to).await;
    let cora = desk.sent().await.to(CORA).clone();
    let operator = desk.operator();
    let now = desk.now();
    operator
        .acts_on(1, async |tx, action| people::change_submitter(&desk.app.desk(), tx, action, ANN, now).await)
        .await;
    operator.comment(1, "Use water.").await;
    assert_eq!(desk.sent().await.recipients(), [ANN, TEAM]);
    // Who it was opened for by mistake takes no part any more.
    assert_eq!(desk.receive_as(Authentication::Pass, cora.answer("Me?")).await, "followup #1 (external)");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_agent_opens_a_ticket_of_his_own(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on).await;
    let new = mail(ALEX, "My own chair").text("#priority 4\n#cc bob@customer.test\n\nIt squeaks.");
    assert_eq!(desk.receive_as(Authentication::Pass, new).await, "ticket #1");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALEX, TEAM], "the acknowledgement, and what was done");
    let told = sent.iter().find(|sent| sent.text.contains("#confirm")).expect("the copy waits");
    assert!(told.text.contains("#cc bob@customer.test"), "{}", told.text);
    assert_eq!(
        desk.receive_as(Authentication::Pass, told.answer("#confirm")).await,
        "followup #1 (commands)"
    );
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `My own chair`, 2 messages, priority 4
    from alex@staff.test, cc bob@customer.test
    - alex@staff.test, opened, public: It squeaks.
    - alex@staff.test, withheld, private: #cc bob@customer.test
    ");
    desk.operator().comment(1, "Oil it.").await;
    assert!(desk.sent().await.recipients().contains(&BOB));
    let wrong = mail(ALEX, "My table").cc(BOB).text("#cc eve@stranger.test\n#frobnicate\nIt squeaks too.");
    assert_eq!(desk.receive_as(Authentication::Pass, wrong).await, "ticket #2");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ALEX, TEAM], "nothing of it goes out");
    assert_eq!(desk.followups(2).await[0].visibility, Visibility::Private);
}

#[rstest]
#[tokio::test]
async fn what_ends_a_ticket_that_is_passed_on_waits_for_its_agent(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    let passed_on = String::from_utf8(stored("thunderbird-en")).unwrap();
    let closing = passed_on.replacen("Please call her.", "#close\nI called her, it is out.", 1);
    assert_eq!(desk.receive_as(Authentication::Pass, closing).await, "ticket #1 (forwarded)");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, CORA, TEAM]);
    assert!(!sent.to(CORA).raw.contains("I called her"), "{}", sent.to(CORA).text);
    assert_eq!(desk.row(1).await.status.as_str(), "open");
    let confirmed = sent.to(ALEX).answer("#confirm");
    assert_eq!(desk.receive_as(Authentication::Pass, confirmed).await, "followup #1");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, CORA, TEAM]);
    assert!(sent.to(CORA).text.contains("I called her, it is out."), "{}", sent.to(CORA).text);
    assert_eq!(desk.row(1).await.status.as_str(), "closed");
}

#[rstest]
#[case::unknown(Authentication::Unknown)]
#[case::none(Authentication::None)]
#[tokio::test]
async fn what_is_not_shown_to_be_an_agents_is_nobodys_forward(
    #[case] result: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    assert_eq!(desk.receive_as(result, stored("gmail-en")).await, "ticket #1 (unverified)");
    assert!(desk.ticket(1).await.contains("from nobody"));
    assert_eq!(desk.sent().await.recipients(), [ALEX, TEAM], "Cora hears nothing");
    // And a customer who passes a mail on writes in his own name.
    let by_ann = String::from_utf8(stored("gmail-en")).unwrap().replace("Alex Agent <alex@staff.test>", ANN);
    let by_ann = by_ann.replace("forward-agent-gmail-en", "another");
    assert_eq!(desk.receive_as(Authentication::Pass, by_ann).await, "ticket #2");
    assert!(desk.ticket(2).await.contains("from ann@customer.test"), "{}", desk.ticket(2).await);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_forward_without_an_address_is_nobodys_until_he_is_named(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    let passed_on = String::from_utf8(stored("outlook-de")).unwrap();
    let nameless = passed_on.replace(" &lt;cora@customer.test&gt;", "");
    assert_eq!(desk.receive_as(Authentication::Pass, nameless).await, "ticket #1 (forwarded)");
    assert!(desk.ticket(1).await.contains("from nobody"));
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, TEAM]);
    let told = unwrapped(&sent.to(ALEX).text);
    assert!(told.contains("helpdeskd ticket submitter 1 ADDRESS"), "{told}");
}

#[rstest]
#[tokio::test]
async fn a_notice_of_this_desk_is_not_passed_on(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on).await;
    desk.receive(mail(ANN, "Printer")).await;
    let notice = desk.sent().await.to(TEAM).clone();
    let text = format!(
        "See this.\n\n---------- Forwarded message ---------\nFrom: Support <support@desk.test>\nDate: Fri, Feb 27, 2026 at 6:26 PM\nSubject: {}\nTo: <alex@staff.test>\n\n\n{}",
        notice.subject, notice.text
    );
    let passed_on = mail(ALEX, "Fwd: notice").text(&text);
    assert_eq!(desk.receive_as(Authentication::Pass, passed_on).await, "ticket #2");
    assert_eq!(desk.followups(2).await[0].visibility, Visibility::Private, "it is full of our own words");
    assert!(!desk.sent().await.recipients().contains(&"support@desk.test"));
}
