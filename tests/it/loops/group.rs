//! A Google Group as support address: it stamps every customer's mail as a list does.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::EntryKind;

use super::traffic::play;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "Ann Arbor <ann@customer.test>";

/// A mail as the group passes it on to the mailbox behind it.
fn by_group(mail: Mail) -> Mail {
    mail.header("List-ID", "<support.desk.test>")
        .header(
            "List-Post",
            "<https://groups.google.com/a/desk.test/group/support/post>, <mailto:support@desk.test>",
        )
        .header("List-Help", "<https://support.google.com/a/desk.test/bin/topic.py?topic=25838>")
        .header("List-Archive", "<https://groups.google.com/a/desk.test/group/support/>")
        .header("List-Unsubscribe", "<mailto:googlegroups-manage+1@googlegroups.com>")
        .header("Mailing-list", "list support@desk.test; contact support+owners@desk.test")
        .header("Precedence", "list")
        .header("X-Google-Group-Id", "123456789")
        .header("Sender", "support@desk.test")
        .stamped("Return-Path", "<support+bncBCXYZ@desk.test>")
}

/// As Google writes it where the sender's domain forbids what is not from itself.
fn rewritten(mail: Mail) -> Mail {
    by_group(mail)
        .header("From", "\"'Ann Arbor' via Support\" <support@desk.test>")
        .header("X-Original-Sender", "ann@customer.test")
        .header("X-Original-From", ANN)
        .header("Reply-To", ANN)
}

#[rstest]
#[tokio::test]
async fn nobody_is_taken_for_a_machine_over_a_thousand_minutes(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    assert_eq!(desk.receive(by_group(mail(ANN, "Printer on fire"))).await, "ticket #1");
    let alex = desk.agent("alex@staff.test").await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    let mut said = 0;
    let traffic = play(&desk, async |minute, sent| {
        // Ann answers every mail of the desk for an hour, as a person does.
        if sent.to != "ann@customer.test" || minute > 60 {
            return Vec::new();
        }
        said += 1;
        desk.by(&alex).comment(1, &format!("Answer {minute}")).await;
        vec![by_group(sent.answer(&format!("Thanks for number {said}")).header("From", ANN)).into()]
    })
    .await;
    traffic.assert_capped_to("ann@customer.test", 61);
    let entries = desk.followups(1).await;
    assert!(entries.iter().all(|entry| entry.kind != EntryKind::Machine), "{}", desk.ticket(1).await);
    let hers = entries.iter().filter(|entry| entry.author_name.as_deref() == Some("Ann Arbor")).count();
    assert_eq!(hers, said + 1);
    assert!(said > 50, "agents' words are not capped: {said}");
}

#[rstest]
#[tokio::test]
async fn a_sender_that_the_group_replaced_is_known_again(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let outcome = desk.receive_as(Authentication::Pass, rewritten(mail(ANN, "Printer on fire"))).await;
    assert_eq!(outcome, "ticket #1");
    assert_eq!(desk.sent().await.recipients(), ["ann@customer.test"]);
    let row = desk.row(1).await;
    assert_eq!(row.authentication, Authentication::Unknown, "the group vouches for itself only");
}

#[rstest]
#[tokio::test]
async fn who_only_claims_to_be_the_group_speaks_for_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    for authentication in [Authentication::Fail, Authentication::None] {
        let outcome = desk.receive_as(authentication, rewritten(mail(ANN, "Printer on fire"))).await;
        assert_eq!(outcome, "suspended (own-address)");
    }
    let other_list = rewritten(mail(ANN, "x")).header("List-ID", "<news.other.test>");
    let other_list = other_list.without("List-Post").without("Mailing-list");
    assert_eq!(desk.receive(other_list).await, "suspended (own-address)");
}
