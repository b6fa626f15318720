//! Mail that comes back: what its recipient, its ticket and its author see of it.

use rstest::rstest;

use helpdeskd::desk::suppress;
use helpdeskd::mail::delivery::State;
use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::smtp::outcome::Refusal;
use helpdeskd::smtp::outcome::Stage;
use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::TicketId;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::reports::Report;
use crate::support::reports::probed;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";

/// A ticket of Ann's that Alex answered; the answer as it left.
async fn answered(desk: &TestDesk) -> Sent {
    desk.receive(mail(ANN, "Printer on fire")).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.by(&alex).comment(1, "Is it hot?").await;
    desk.sent().await.0.into_iter().rfind(|sent| sent.to == ANN).expect("Ann is answered")
}

async fn suppressed(desk: &TestDesk, address: &str) -> Option<String> {
    let found = store::suppressions::find(&mut desk.read().await, address, desk.now()).await;
    found.expect("it is read").map(|suppression| suppression.reason)
}

#[rstest]
#[tokio::test]
async fn a_failed_answer_is_noted_and_its_author_is_told_and_the_ticket_waits_for_us(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    assert_eq!(desk.receive(Report::unknown(&answer).write()).await, "bounce #1 (address)");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test"], "never the customer");
    assert!(sent[0].text.contains("no such user"), "{}", sent[0].text);
    assert!(desk.row(1).await.attention_at.is_some());
    let entries = desk.followups(1).await;
    let note = entries.last().expect("there is a note");
    assert_eq!((note.kind, note.visibility), (EntryKind::Bounce, Visibility::Private));
    let about = desk.followups(1).await[1].created_at.to_string();
    assert!(note.text.contains(&about) && note.text.contains(ANN), "it names the reply: {}", note.text);
    let failures = store::bounces::list_of_ticket(&mut desk.read().await, TicketId(1)).await.unwrap();
    let [failure] = &failures[..] else { panic!("{failures:?}") };
    let row = store::outbox::find(&mut desk.read().await, failure.outbox_id).await.unwrap().unwrap();
    assert_eq!((row.message_id, failure.kind.as_str()), (answer.message_id, "address"));
}

/// freescout 4250: a bounce made a ticket, whose acknowledgement bounced.
#[rstest]
#[tokio::test]
async fn a_bounce_never_opens_a_ticket_and_never_mails_a_customer(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    let stray = Report { returned: Some("never@elsewhere.test".to_owned()), ..Report::unknown(&answer) };
    assert_eq!(desk.receive(stray.write()).await, "suspended (backscatter)");
    let other = Report { recipient: "eve@customer.test".to_owned(), ..Report::unknown(&answer) };
    assert_eq!(desk.receive(other.write()).await, "suspended (backscatter)");
    let words = mail("MAILER-DAEMON@mx.customer.test", "Undelivered Mail Returned to Sender")
        .text("The mail to nobody@nowhere.test could not be delivered: 550 5.1.1 user unknown");
    assert_eq!(desk.receive(words).await, "suspended (backscatter)");
    assert_snapshot!(desk.sent().await, @"nothing");
    assert_snapshot!(desk.tickets().await, @"#1 open `Printer on fire`, 2 messages, owner alex@staff.test");
}

#[rstest]
#[tokio::test]
async fn an_unknown_address_is_not_written_to_again_until_it_writes_to_us(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    desk.receive(Report::unknown(&answer).write()).await;
    desk.sent().await;
    let alex = desk.user("alex@staff.test").await;
    desk.by(&alex).comment(1, "Hello?").await;
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test"], "he is told that it did not leave");
    assert!(sent[0].text.contains("suppressed"), "{}", sent[0].text);
    let rows = store::outbox::list_of_ticket(&mut desk.read().await, TicketId(1)).await.unwrap();
    let held: Vec<&str> =
        rows.iter().filter(|row| row.state == State::Cancelled).map(|row| row.recipient.as_str()).collect();
    assert_eq!(held, [ANN], "the record is kept");
    // A mail that may be anybody's changes nothing; one that answers what she got is hers.
    desk.receive_as(Authentication::None, mail(ANN, "I am here").text("Really.")).await;
    assert_eq!(suppressed(&desk, ANN).await.as_deref(), Some("address"));
    desk.receive_as(Authentication::None, answer.answer("I am here still")).await;
    assert_eq!(suppressed(&desk, ANN).await, None);
    desk.by(&alex).comment(1, "Good.").await;
    assert!(desk.sent().await.recipients().contains(&ANN));
}

#[rstest]
#[tokio::test]
async fn a_suppression_ends_by_itself_or_by_an_agent(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    desk.receive(Report::unknown(&answer).write()).await;
    desk.advance(days(29));
    assert!(suppressed(&desk, ANN).await.is_some());
    desk.advance(days(1));
    assert_eq!(suppressed(&desk, ANN).await, None);
    let now = desk.now();
    desk.operator().acts(async |tx| suppress::add(tx, (ANN, "she asked for it"), None, now).await).await;
    desk.receive_as(Authentication::Pass, answer.answer("Hello")).await;
    assert_eq!(suppressed(&desk, ANN).await.as_deref(), Some("manual"), "a person's word stays");
    assert!(desk.operator().acts(async |tx| Ok(suppress::remove(tx, "Ann@Customer.TEST").await?)).await);
    assert_eq!(suppressed(&desk, ANN).await, None);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_full_mailbox_is_given_three_chances_within_a_week(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let first = answered(&desk).await;
    let alex = desk.user("alex@staff.test").await;
    // The same mail that comes back again and again counts once.
    for outcome in ["bounce #1 (mailbox-full)"; 4] {
        assert_eq!(desk.receive(Report::full(&first).write()).await, outcome);
    }
    desk.advance(days(8));
    for expected in [None, None, Some("mailbox-full")] {
        desk.by(&alex).comment(1, "Still there?").await;
        let mails = desk.sent().await;
        desk.receive(Report::full(mails.to(ANN)).write()).await;
        assert_eq!(suppressed(&desk, ANN).await.as_deref(), expected);
    }
    desk.advance(days(7));
    assert_eq!(suppressed(&desk, ANN).await, None, "it may have been emptied");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn what_is_too_large_or_only_late_suppresses_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let answer = answered(&desk).await;
    let late = Report { action: "delayed", status: "4.4.1", words: "no answer", ..Report::unknown(&answer) };
    let outcome = desk.receive(late.write().header("Subject", "Delayed mail")).await;
    assert_eq!(outcome, "bounce #1 (transient)");
    assert!(desk.row(1).await.attention_at.is_none(), "nothing failed yet");
    let large = Report { status: "5.3.4", words: "552 too large", ..Report::unknown(&answer) };
    assert_eq!(desk.receive(large.write()).await, "bounce #1 (size)");
    assert_eq!(suppressed(&desk, ANN).await, None);
    let failures = store::bounces::list_of_ticket(&mut desk.read().await, TicketId(1)).await.unwrap();
    assert_eq!(failures[0].action, "failed", "what was late did not arrive at last");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_resolved_ticket_whose_answer_came_back_is_open_again(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    answered(&desk).await;
    let alex = desk.user("alex@staff.test").await;
    desk.by(&alex).resolve(1, "It is out.").await;
    let resolution = desk.sent().await.to(ANN).clone();
    desk.receive(Report::unknown(&resolution).write()).await;
    assert!(desk.tickets().await.starts_with("#1 reopened"), "{}", desk.tickets().await);
    assert_eq!(desk.sent().await.recipients(), ["alex@staff.test"]);
}

/// The operators are told, once a day, and mend it; who answers customers is never cut off.
#[rstest]
#[tokio::test]
async fn an_address_of_the_desks_own_people_is_never_given_up(#[values(On::Sqlite, On::Postgres)] on: On) {
    let lists = "new_ticket_cc = [\"team@staff.test\"]\n";
    let desk = TestDesk::with_desk(on, "alerts = [\"ops@staff.test\"]", lists).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let notice = desk.sent().await.to("team@staff.test").clone();
    let report = Report::unknown(&notice).write().header("From", "mailer-daemon@mx.staff.test");
    desk.receive(report).await;
    assert_eq!(suppressed(&desk, "team@staff.test").await, None);
    assert!(desk.row(1).await.attention_at.is_none(), "the customer misses nothing");
    let told = desk.sent().await;
    assert_eq!(told.recipients(), ["ops@staff.test"]);
    assert!(told[0].text.contains("team@staff.test"), "{}", told[0].text);
    desk.receive(mail(ANN, "Another matter")).await;
    assert_eq!(desk.sent().await.recipients(), [ANN, "team@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn a_servers_final_word_on_a_recipient_counts_as_a_bounce(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    answered(&desk).await;
    let alex = desk.user("alex@staff.test").await;
    let refusal = |stage| Refusal {
        stage,
        code: Some(550),
        enhanced: Some("5.1.1".to_owned()),
        text: "5.1.1 no such user".to_owned(),
    };
    desk.next_attempts([Outcome::Rejected(refusal(Stage::Data))]);
    desk.by(&alex).comment(1, "Is it out?").await;
    desk.sent().await;
    assert_eq!(suppressed(&desk, ANN).await, None, "that was about the text");
    desk.next_attempts([Outcome::Rejected(refusal(Stage::Recipient))]);
    desk.by(&alex).comment(1, "Is it out now?").await;
    assert_eq!(desk.sent().await.recipients(), ["alex@staff.test"]);
    assert_eq!(suppressed(&desk, ANN).await.as_deref(), Some("address"));
    assert!(desk.row(1).await.attention_at.is_some());
}

/// Some servers take mail only from the address that is logged in.
#[rstest]
#[tokio::test]
async fn a_server_that_takes_no_return_path_of_its_own_gets_the_plain_one(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = probed(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.sent().await;
    let refusal = Refusal {
        stage: Stage::Sender,
        code: Some(553),
        enhanced: Some("5.7.1".to_owned()),
        text: "5.7.1 sender address rejected: not owned by user".to_owned(),
    };
    desk.next_attempts([refusal.outcome()]);
    desk.operator().comment(1, "Is it hot?").await;
    desk.operator().comment(1, "And now?").await;
    let paths: Vec<String> = desk.sent().await.iter().map(|sent| sent.envelope_from.clone()).collect();
    assert_eq!(paths, ["support@desk.test"; 2], "at once, and from now on");
    let rows = store::outbox::list_of_ticket(&mut desk.read().await, TicketId(1)).await.unwrap();
    assert!(rows.iter().all(|row| row.state == State::Sent));
}
