//! Long words of mails: kept once for all recipients, and whole in each mail that leaves.

use std::time::Duration;

use helpdeskd::store;
use helpdeskd::store::outbox::NewOutgoing;
use helpdeskd::ticket::id::OutboxId;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const TEAM: &str = "updated_ticket_cc = [\"team@staff.test\", \"boss@staff.test\"]\n";

/// Less than a mail shows.
fn long(word: &str) -> String {
    let lines: Vec<String> = (0..2_000).map(|n| format!("{word} {n} of <many>.")).collect();
    lines.join("\n")
}

/// What the outbox keeps of all mails about a ticket, and how many bodies.
async fn kept(desk: &TestDesk, id: i64) -> (Vec<usize>, usize) {
    let dump = desk.dump().await;
    let bodies = dump.lines().filter(|row| row.starts_with("outbox_bodies ")).count();
    let mut tx = desk.read().await;
    let rows = store::outbox::list_of_ticket(&mut tx, helpdeskd::ticket::id::TicketId(id)).await;
    (rows.expect("they are read").iter().map(|row| row.content.len()).collect(), bodies)
}

#[rstest]
#[tokio::test]
async fn a_long_text_to_many_is_kept_once_and_whole_in_each_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    let alex = desk.agent("alex@staff.test").await;
    let id = desk.operator().open(Some(ANN), "Printer", &long("First")).await;
    desk.operator().cc(id, "bob@customer.test").await;
    desk.sent().await;
    desk.by(&alex).comment(id, &long("Line")).await;
    let (sizes, bodies) = kept(&desk, id).await;
    assert!(sizes.iter().all(|size| *size < 16 * 1024), "{sizes:?}");
    assert_eq!(bodies, 3, "what was said first and now, and what staff see below it");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ANN, "bob@customer.test", "boss@staff.test", "team@staff.test"]);
    for mail in sent.iter() {
        assert!(mail.text.contains(&long("Line")), "{}", mail.text);
        let html = long("Line").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br>\n");
        assert!(mail.html.contains(&html), "{}", mail.html);
        let is_staff = mail.to.ends_with("@staff.test");
        assert_eq!(mail.text.contains("First 100 of <many>."), is_staff);
        assert!(!mail.raw.contains(['\0', '\u{e000}']));
    }
}

#[rstest]
#[tokio::test]
async fn a_short_text_is_kept_in_each_mail(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TEAM).await;
    desk.receive(mail(ANN, "Printer").text("It burns.")).await;
    desk.receive(mail(ANN, "Re: [support-1] Printer").text("It burns still.")).await;
    assert_eq!(kept(&desk, 1).await.1, 0);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn words_that_wait_in_the_outbox_are_those_that_were_said_and_go_with_their_ticket(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let (one, other) = (
        desk.operator().open(Some(ANN), "Printer", "On fire.").await,
        desk.operator().open(Some(ANN), "Other", "Hello.").await,
    );
    desk.sent().await;
    desk.smtp_down().await;
    desk.operator().comment(one, &long("Secret")).await;
    desk.operator().comment(other, &long("Line")).await;
    desk.deliver().await;
    desk.operator().merge(other, one).await;
    desk.operator().delete(one).await;
    assert!(!desk.dump().await.contains("Secret 7"), "nothing of a deleted ticket is left");
    desk.advance(Duration::from_hours(1));
    desk.smtp_up().await;
    let sent = desk.sent().await;
    let answer = sent.iter().find(|mail| mail.text.contains("Line 1999 of <many>."));
    assert_eq!(answer.map(|mail| mail.to.as_str()), Some(ANN), "{sent}");
}

/// As an older version wrote them.
#[rstest]
#[tokio::test]
async fn a_mail_that_was_frozen_whole_leaves_as_it_is(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let id = desk.operator().open(Some(ANN), "Printer", "On fire.").await;
    desk.sent().await;
    let mut tx = desk.write().await;
    let content = format!(
        r#"{{"from_name":"Support","from":"support@desk.test","to_name":"","to":"{ANN}","reply_to":null,
        "subject":"Old","message_id":"old@desk.test","in_reply_to":null,"references":[],"date":1700000000,
        "voice":"agent","unsubscribe":null,"text":"Words of before.\n","html":"<p>Words of before.</p>",
        "attachments":[]}}"#
    );
    let new = NewOutgoing {
        key: 7,
        ticket_id: Some(helpdeskd::ticket::id::TicketId(id)),
        followup_id: None,
        queue_id: desk.queue("support"),
        event: "commented",
        template: "updated_submitter",
        recipient: ANN,
        recipient_key: ANN,
        recipient_domain: "customer.test",
        user_id: None,
        account: "default",
        envelope_from: "support@desk.test",
        message_id: "old@desk.test",
        content: &content,
        voice: "agent",
        budget: "",
        cause: "",
        held: None,
    };
    let _: OutboxId = store::outbox::insert(&mut tx, &new, desk.now()).await.expect("it is written");
    tx.commit().await.expect("it commits");
    let sent = desk.sent().await;
    assert_eq!((sent.to(ANN).text.trim_end(), sent.to(ANN).subject.as_str()), ("Words of before.", "Old"));
}
