//! What programs write, and which of it their readers among the staff hear of.

use rstest::rstest;

use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const ALEX: &str = "alex@staff.test";
const KIM: &str = "kim@staff.test";
const TEAM: &str = "team@staff.test";
const LISTS: &str = "new_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"team@staff.test\"]\n";

fn program(subject: &str, kind: &str) -> Mail {
    let mail = mail("nagios@monitor.test", subject).header("Auto-Submitted", kind);
    mail.in_reply_to("first@client.test")
}

/// Monitoring, shop orders and other desks' mails are what people have a desk for.
#[rstest]
#[case::monitoring(mail("nagios@monitor.test", "Disk full").header("Auto-Submitted", "auto-generated"))]
#[case::shop_order(mail("shop@shop.test", "Order 4711").header("Precedence", "bulk").header("Reply-To", ANN))]
#[case::other_desk(mail("desk@other.test", "[#12] Yours").header("Auto-Submitted", "auto-generated"))]
#[case::list(mail(ANN, "News").header("List-Id", "<news.customer.test>").header("Precedence", "list"))]
#[case::cron(mail("www@host.test", "Cron").header("X-Cron-Env", "<HOME=/root>"))]
#[case::null_path(mail("www@host.test", "Form").stamped("Return-Path", "<>"))]
#[tokio::test]
async fn a_new_ticket_by_a_program_reaches_the_agents_and_is_not_acknowledged(
    #[case] machine: Mail,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.agent(KIM).await;
    assert_eq!(desk.receive(machine.clone().text("See what happened.")).await, "ticket #1");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX, KIM]);
    assert!(sent[0].text.contains("See what happened."), "{}", sent[0].text);
    let desk = TestDesk::with_config(on, LISTS).await;
    desk.agent(ALEX).await;
    desk.receive(machine).await;
    assert_eq!(desk.sent().await.recipients(), [TEAM]);
}

#[rstest]
#[tokio::test]
async fn an_out_of_office_answer_without_a_ticket_reaches_nobody(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    let away = mail(ANN, "Away").header("Auto-Submitted", "auto-replied");
    assert_eq!(desk.receive(away).await, "suspended (out-of-office)");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

/// It used to be an entry at the bottom of a ticket that nobody opens any more.
#[rstest]
#[tokio::test]
async fn a_program_on_an_ended_ticket_asks_for_attention_and_reopens_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test").cc("bob@customer.test")).await;
    desk.operator().cc(1, "bob@customer.test").await;
    desk.operator().close(1, "").await;
    desk.sent().await;
    desk.agent(ALEX).await;
    let away = program("Away", "auto-replied");
    assert_eq!(desk.receive(away).await, "followup #1 (machine)");
    assert_eq!(desk.row(1).await.attention_at, None);
    let alarm = program("Disk full", "auto-generated").text("Only 1 % is left.");
    assert_eq!(desk.receive(alarm).await, "followup #1 (machine)");
    let row = desk.row(1).await;
    assert_eq!((row.status.as_str(), row.attention_at), ("closed", Some(desk.now())));
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX], "no customer");
    let text = &sent[0].text;
    assert!(text.contains("Only 1 % is left.") && text.contains("nagios@monitor.test"), "{text}");
}

/// A program that answers each notice with one of its own would be answered for ever.
#[rstest]
#[tokio::test]
async fn a_program_that_answers_a_notice_to_staff_is_kept_and_told_to_nobody(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent(ALEX).await;
    desk.agent(KIM).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let sent = desk.sent().await;
    let notice = sent.to(ALEX);
    for from in [ALEX, "robot@elsewhere.test"] {
        let back = notice.answer("Filed as 4711.").header("From", from);
        let outcome = desk.receive(back.header("Auto-Submitted", "auto-generated")).await;
        assert_eq!(outcome, "followup #1 (machine)");
    }
    // Passed on by a forwarder that writes in its own name.
    let forwarded = notice.raw.replace("support@desk.test", "forwarder@other.test");
    assert_eq!(desk.receive(forwarded).await, "followup #1 (machine)");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}
