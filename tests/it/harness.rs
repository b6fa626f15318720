//! The harness of the stories does what they rely on.
//!
//! Says little about the daemon; a failure here explains a hundred elsewhere.

use helpdeskd::mail::journal::Extent;
use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::ticket::authentication::Authentication;
use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::minutes;

#[rstest]
#[tokio::test]
async fn a_mail_becomes_a_ticket_and_is_acknowledged(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let became = desk.receive(mail("Ann <ann@customer.test>", "Printer on fire").text("It burns.")).await;
    assert_eq!(became, "ticket #1");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: It burns.
    ");
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"ann@customer.test: [support-1] Printer on fire");
    assert_eq!(desk.receive(sent[0].answer("It still burns.")).await, "followup #1");
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 2 messages");
    assert_snapshot!(desk.journal().await, @r"
    ticket #1
    followup #1
    ");
}

#[rstest]
#[tokio::test]
#[should_panic(expected = "left unsettled")]
async fn a_story_that_leaves_mail_unhandled_fails(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.record("support", mail("ann@customer.test", "Printer on fire").into(), Extent::Full).await;
}

#[rstest]
#[tokio::test]
#[should_panic(expected = "left unsettled")]
async fn a_story_that_leaves_mail_unsent_fails(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.next_attempts([Outcome::Unclear]);
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
}

#[rstest]
#[tokio::test]
async fn a_failed_attempt_is_repeated_when_the_clock_moves(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.next_attempts([Outcome::Unclear]);
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    let first = desk.sent().await;
    assert_eq!(desk.sent().await.len(), 0);
    desk.advance(minutes(5));
    let second = desk.sent().await;
    assert_eq!(first.to("ann@customer.test").message_id, second.to("ann@customer.test").message_id);
}

#[rstest]
#[tokio::test]
async fn whatever_staff_do_shows_in_the_views(#[values(On::Sqlite, On::Postgres)] on: On) {
    let two_queues = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"";
    let mut desk = TestDesk::start(on).await;
    desk.restart(two_queues).await;
    let alex = desk.agent("alex@staff.test").await;
    let id = desk.by(&alex).open(Some("ann@customer.test"), "Printer on fire", "She called.").await;
    desk.by(&alex).assign(id, Some(&alex)).await;
    desk.by(&alex).comment(id, "Is it still burning?").await;
    desk.by(&alex).note(id, "She sounded calm.").await;
    assert!(desk.by(&alex).cc(id, "bob@customer.test").await);
    assert!(desk.by(&alex).tag(id, "fire").await);
    desk.by(&alex).priority(id, 1).await;
    assert!(desk.by(&alex).hold(id).await);
    assert_snapshot!(desk.ticket(id).await, @r"
    #1 open `Printer on fire`, 4 messages, owner alex@staff.test, priority 1, held by us, tag fire
    from ann@customer.test, cc bob@customer.test
    - alex@staff.test, opened, public: She called.
    - alex@staff.test, comment, public: Is it still burning?
    - alex@staff.test, comment, private: She sounded calm.
    - alex@staff.test, note, private: Ticket put on hold
    ");
    assert!(desk.by(&alex).unhold(id).await);
    desk.by(&alex).resolve(id, "Buy a new one.").await;
    desk.by(&alex).reopen(id, "The new one burns too.").await;
    desk.by(&alex).close(id, "").await;
    desk.operator().move_to(id, "sales").await;
    let other = desk.operator().open(None, "Fire drill", "Friday.").await;
    desk.operator().merge(other, id).await;
    assert_snapshot!(desk.tickets().await, @r"
    #1 closed `Printer on fire`, 9 messages, owner alex@staff.test, priority 1, tag fire
    #2 merged `Fire drill`, 0 messages, merged into #1
    ");
    assert_snapshot!(desk.sent().await, @r"
    ann@customer.test: [support-1] Printer on fire
    bob@customer.test: [support-1] Printer on fire
    alex@staff.test: [support-2] Fire drill
    ann@customer.test: [support-1] Printer on fire
    bob@customer.test: [support-1] Printer on fire
    ann@customer.test: [support-1] Printer on fire
    bob@customer.test: [support-1] Printer on fire
    ann@customer.test: [support-1] Printer on fire
    ann@customer.test: [support-1] Printer on fire
    ");
    desk.operator().delete(id).await;
    assert_snapshot!(desk.tickets().await, @"#2 merged `Fire drill`, 0 messages");
}

#[rstest]
#[tokio::test]
async fn mail_comes_in_by_every_door(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let head = Vec::from(mail("ann@customer.test", "Large"));
    desk.customer("ann@customer.test").await;
    assert_eq!(desk.ingest(mail("ann@customer.test", "Piped")).await, "ticket #1");
    assert_eq!(desk.receive_headers(head).await, "ticket #2");
    let believed = mail("ann@customer.test", "Believed").text("Hello.");
    assert_eq!(desk.receive_as(Authentication::Pass, believed).await, "ticket #3");
    assert!(desk.trace().await.contains("authentication: pass"));
    assert_eq!(desk.user("ann@customer.test").await.id, desk.followups(3).await[0].author_id.unwrap());
    desk.advance(days(1) + hours(1));
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["ann@customer.test"; 3]);
    assert!(sent[0].envelope_from.is_empty() && sent[0].attachments.is_empty());
    assert!(sent[0].text.contains("[support-1]") && sent[0].html.contains("[support-1]"));
    desk.next_attempts([Outcome::Unclear]);
    desk.receive(mail("ann@customer.test", "Late")).await;
    desk.leaves_unsettled();
}
