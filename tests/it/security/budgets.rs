//! What a forger sends must not use up what the genuine customer needs.

use rstest::rstest;

use helpdeskd::store;
use helpdeskd::ticket::authentication::Authentication;

use crate::support::mail::mail;
use crate::support::office::ANN;
use crate::support::office::LISTS;
use crate::support::office::Office;
use crate::support::reports::Report;
use crate::support::story::On;
use crate::support::story::TestDesk;

const EVE: &str = "eve@stranger.test";

/// Five forged mails used up a day's acknowledgements.
#[rstest]
#[tokio::test]
async fn forged_mails_leave_the_genuine_ones_their_acknowledgements(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for n in 0..8 {
        desk.receive_as(Authentication::None, mail(ANN, &format!("Forged {n}"))).await;
    }
    assert_eq!(desk.sent().await.len(), 5);
    for n in 0..60 {
        desk.receive_as(Authentication::Unknown, mail(&format!("user{n}@customer.test"), "Forged")).await;
    }
    assert_eq!(desk.sent().await.len(), 45, "fifty to the domain in all");
    desk.receive_as(Authentication::Pass, mail(ANN, "Genuine")).await;
    assert_eq!(desk.sent().await.recipients(), [ANN]);
}

#[rstest]
#[tokio::test]
async fn subaddresses_of_a_victim_count_as_the_victim(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.mails_are(Authentication::None);
    for n in 0..9 {
        desk.receive(mail(&format!("victim+{n}@webmail.test"), &format!("Hello {n}"))).await;
    }
    desk.receive(mail("Victim@webmail.test", "Hello")).await;
    assert_eq!(desk.sent().await.len(), 5);
    desk.receive(mail("victimize@webmail.test", "Hello")).await;
    assert_eq!(desk.sent().await.len(), 1, "somebody else");
}

/// Nine forged mails made the genuine one a storm.
#[rstest]
#[tokio::test]
async fn forged_mails_make_no_storm_of_the_genuine_one(
    #[values(Authentication::None, Authentication::Unknown, Authentication::Fail)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for _ in 0..12 {
        desk.receive_as(proof, mail(ANN, "Printer on fire")).await;
    }
    let genuine = desk.receive_as(Authentication::Pass, mail(ANN, "Printer on fire")).await;
    assert_eq!(genuine, "ticket #10", "the others are counted, this one is not");
    desk.sent().await;
}

/// Five forged answers used up an hour's reopenings.
#[rstest]
#[tokio::test]
async fn forged_answers_leave_the_genuine_one_to_reopen(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::with_config(on, LISTS).await;
    let own = office.told.to(ANN).clone();
    for n in 0..6 {
        office.operator().resolve(1, "Use water.").await;
        let forged = own.answer("No.").id(&format!("{n}@customer.test"));
        assert_eq!(office.receive_as(Authentication::None, forged).await, "followup #1");
    }
    assert_eq!(office.row(1).await.status.as_str(), "resolved", "five times an hour");
    assert_eq!(office.receives(own.answer("It burns.")).await, "followup #1");
    assert_eq!(office.row(1).await.status.as_str(), "reopened");
    office.sent().await;
}

/// A Message-ID that a stranger used first swallowed the mail that carried it.
#[rstest]
#[tokio::test]
async fn an_id_that_a_stranger_used_first_puts_nobodys_mail_away(
    #[values(Authentication::Pass, Authentication::None, Authentication::Fail)] proof: Authentication,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, LISTS).await;
    let first = mail(EVE, "Nothing").id("guessed@customer.test");
    assert_eq!(desk.receive_as(proof, first).await, "ticket #1");
    desk.sent().await;
    let genuine = mail(ANN, "Printer on fire").id("guessed@customer.test");
    assert_eq!(desk.receive_as(Authentication::Pass, genuine).await, "ticket #2");
    assert_eq!(desk.sent().await.recipients(), [ANN, "team@staff.test"]);
    let more = mail(ANN, "Re: Printer on fire").in_reply_to("guessed@customer.test");
    assert_eq!(desk.receive_as(Authentication::Pass, more).await, "followup #2");
    desk.sent().await;
}

/// Whoever got a copy of an answer to a mail of ours knows its Message-ID.
#[rstest]
#[tokio::test]
async fn a_report_that_names_a_mail_suppresses_nobody_unless_it_is_of_the_recipients_domain(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let office = Office::open(on).await;
    let suppressed = async || {
        let found = store::suppressions::find(&mut office.read().await, ANN, office.now()).await;
        found.expect("it is read").is_some()
    };
    for (proof, from, expected) in [
        (Authentication::None, "mailer-daemon@customer.test", false),
        (Authentication::Unknown, "mailer-daemon@customer.test", false),
        (Authentication::Fail, "mailer-daemon@customer.test", false),
        (Authentication::Pass, "mailer-daemon@evil.test", false),
        (Authentication::Pass, "mailer-daemon@notcustomer.test", false),
        (Authentication::Pass, "mailer-daemon@mx.customer.test", true),
    ] {
        office.operator().comment(1, "Is it hot?").await;
        let ours = office.sent().await.to(ANN).clone();
        office.receive_as(proof, Report::unknown(&ours).write().header("From", from)).await;
        assert_eq!(suppressed().await, expected, "{from} {proof}");
        office.sent().await;
    }
}
