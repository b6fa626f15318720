//! Mail that no person wrote: kept and shown, never answered, never passed on to customers.

use rstest::rstest;

use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::entry::Visibility;

use crate::support::assert_snapshot;
use crate::support::mail::Mail;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::Sent;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";
const STAFF: &str = "new_ticket_cc = [\"team@staff.test\"]\nupdated_ticket_cc = [\"team@staff.test\"]\n";

/// One of each kind of machine, with what becomes of it on no ticket and on one.
fn machines() -> Vec<(&'static str, Mail, &'static str, &'static str)> {
    let plain = |subject: &str| mail(ANN, subject);
    let auto = |value: &str| plain("Away").header("Auto-Submitted", value);
    let report = |kind: &str, body: &str| {
        let kind = format!("multipart/report; report-type={kind}");
        plain("Report").header("Content-Type", &kind).text(body)
    };
    let ooo = "suspended (out-of-office)";
    let kept = "followup #1 (machine)";
    vec![
        ("auto-reply", auto("auto-replied"), ooo, kept),
        ("auto-reply with a comment", auto("auto-replied (vacation)"), ooo, kept),
        ("x-autoreply", plain("Away").header("X-Autoreply", "yes"), ooo, kept),
        ("x-autorespond", plain("Away").header("X-Autorespond", "Away"), ooo, kept),
        ("precedence auto_reply", plain("Away").header("Precedence", "auto_reply"), ooo, kept),
        ("auto-generated", auto("auto-generated"), "ticket #2", kept),
        ("auto-notified", auto("auto-notified"), "ticket #2", kept),
        ("precedence bulk", plain("News").header("Precedence", "bulk"), "ticket #2", kept),
        ("precedence junk", plain("News").header("Precedence", "junk"), "ticket #2", kept),
        ("list", plain("News").header("List-Id", "<news.customer.test>"), "ticket #2", kept),
        ("unsubscribe", plain("News").header("List-Unsubscribe", "<https://x.test>"), "ticket #2", kept),
        ("broken report", report("feedback-report", "spam"), "ticket #2", kept),
    ]
}

#[rstest]
#[tokio::test]
async fn no_machine_is_ever_acknowledged(#[values(On::Sqlite, On::Postgres)] on: On) {
    for (kind, machine, alone, _) in machines() {
        let desk = TestDesk::with_config(on, STAFF).await;
        desk.operator().open(None, "Another matter", "").await;
        desk.sent().await;
        assert_eq!(desk.receive(machine).await, alone, "{kind}");
        let told: &[&str] = if alone == "ticket #2" { &["team@staff.test"] } else { &[] };
        assert_eq!(desk.sent().await.recipients(), told, "{kind}");
    }
}

#[rstest]
#[tokio::test]
async fn a_machine_on_a_closed_ticket_neither_reopens_it_nor_is_passed_on(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, STAFF).await;
    let id = desk.operator().open(Some(ANN), "Printer on fire", "").await;
    desk.operator().cc(id, "bob@customer.test").await;
    let ours = desk.sent().await.to(ANN).message_id.clone();
    desk.operator().close(id, "").await;
    desk.sent().await;
    for (kind, machine, _, threaded) in machines() {
        assert_eq!(desk.receive(machine.in_reply_to(&ours)).await, threaded, "{kind}");
    }
    assert_snapshot!(desk.tickets().await, @"#1 closed `Printer on fire`, 14 messages");
    // Of those that are no automatic replies, staff hear.
    assert_eq!(desk.sent().await.recipients(), ["team@staff.test"; 7]);
    assert!(desk.followups(id).await.iter().skip(2).all(|entry| entry.visibility == Visibility::Private));
}

#[rstest]
#[tokio::test]
async fn a_machine_changes_no_deadline(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "[[queues.types]]\nname = \"Fire\"\ndue_hours = 4\n").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    let before = desk.row(1).await;
    let away = mail(ANN, "Away").header("Auto-Submitted", "auto-replied").in_reply_to("first@client.test");
    desk.receive(away).await;
    let after = desk.row(1).await;
    assert_eq!(
        (after.due_at, after.priority, after.version),
        (before.due_at, before.priority, before.version)
    );
    assert!(before.due_at.is_some());
}

fn bounce(ours: &Sent) -> Vec<u8> {
    let status = format!(
        "Reporting-MTA: dns; mx.customer.test\r\n\r\nFinal-Recipient: rfc822; {}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n",
        ours.to
    );
    let returned = format!("Message-ID: <{}>\r\nSubject: x\r\n", ours.message_id);
    format!(
        "Return-Path: <>\r\nFrom: mailer-daemon@mx.customer.test\r\nTo: support@desk.test\r\nSubject: Undelivered\r\nMessage-ID: <b1@mx.customer.test>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nIt failed.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
    )
    .into_bytes()
}

/// freescout 4250: a bounce made a new ticket, which was acknowledged, which bounced.
#[rstest]
#[tokio::test]
async fn a_bounce_of_our_mail_is_noted_where_it_belongs(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let ours = desk.sent().await.to(ANN).clone();
    assert_eq!(desk.receive(bounce(&ours)).await, "bounce #1 (address)");
    assert_eq!(desk.sent().await.to_string(), "nothing");
    let unknown = Sent { message_id: "never@desk.test".to_owned(), ..ours };
    let stray = String::from_utf8(bounce(&unknown)).unwrap().replace("b1@", "b2@");
    assert_eq!(desk.receive(stray).await, "suspended (backscatter)");
}

#[rstest]
#[tokio::test]
async fn our_own_mail_coming_back_starts_no_loop(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "aliases = [\"help@desk.test\"]").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let ours = desk.sent().await.to(ANN).raw.clone();
    assert_eq!(desk.receive(ours.clone()).await, "suspended (own-address)");
    assert_eq!(desk.receive(mail("Help@Desk.test", "Hello")).await, "suspended (own-address)");
    // A forwarder that puts itself into From.
    let forwarded = ours.replace("support@desk.test", "forwarder@other.test");
    assert_eq!(desk.receive(forwarded).await, "followup #1 (machine)");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

#[rstest]
#[tokio::test]
async fn a_support_address_that_is_a_group_still_has_human_customers(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "own_lists = [\"help@lists.desk.test\"]\n").await;
    let group =
        |subject: &str, id: &str| mail(ANN, subject).header("List-Id", id).header("Precedence", "list");
    desk.receive(group("One", "Support <support.desk.test>")).await;
    desk.receive(group("Two", "<help.lists.desk.test>").header("List-Post", "<mailto:help@lists.desk.test>"))
        .await;
    assert_eq!(desk.sent().await.recipients(), [ANN, ANN]);
    desk.receive(group("Three", "<news.customer.test>")).await;
    assert_eq!(desk.sent().await.recipients(), Vec::<&str>::new());
}

#[rstest]
#[tokio::test]
async fn a_person_who_wants_no_automatic_answer_is_still_a_person(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, STAFF).await;
    let quiet = mail(ANN, "Printer on fire").header("X-Auto-Response-Suppress", "All");
    desk.receive(quiet.id("first@client.test")).await;
    assert_snapshot!(desk.sent().await, @"team@staff.test: [support-1] Printer on fire");
    desk.operator().resolve(1, "Use water.").await;
    assert!(desk.sent().await.recipients().contains(&ANN), "an answer is no automatic one");
    let reply = mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test");
    desk.receive(reply.header("X-Auto-Response-Suppress", "OOF")).await;
    assert_snapshot!(desk.tickets().await, @"#1 reopened `Printer on fire`, 3 messages");
}

/// An agent's cron job got an answer that told it how to act on the ticket.
#[rstest]
#[tokio::test]
async fn a_program_that_writes_from_an_agents_address_is_told_nothing(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent("alex@staff.test").await;
    let cron = mail("alex@staff.test", "Backup done").header("Auto-Submitted", "auto-generated");
    assert_eq!(desk.receive(cron).await, "ticket #1 (unverified)");
    assert_eq!(desk.sent().await.to_string(), "nothing");
}

/// Where nothing vouches for an agent, what he writes is kept for the desk, and he is told so.
#[rstest]
#[tokio::test]
async fn an_agents_mail_is_kept_as_a_private_note_and_he_is_told(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.mails_are(Authentication::Unknown);
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.by(&alex).assign(1, Some(&alex)).await;
    desk.sent().await;
    let answer = mail("alex@staff.test", "Re: Printer on fire").in_reply_to("first@client.test");
    assert_eq!(desk.receive(answer.text("#close\nUse water.")).await, "followup #1 (unverified)");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, unverified, private: #close / Use water.
    ");
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), ["alex@staff.test"]);
    assert!(sent[0].text.contains("could not be confirmed"), "{}", sent[0].text);
    assert_eq!(desk.receive(mail("alex@staff.test", "New")).await, "ticket #2 (unverified)");
    assert_snapshot!(desk.ticket(2).await, @r"
    #2 open `New`, 1 message
    from nobody
    - alex@staff.test, opened, private: Please help.
    ");
    assert_eq!(desk.sent().await.recipients(), ["alex@staff.test"]);
}
