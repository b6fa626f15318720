//! Senders whose mail is not made a ticket, and requests that come too often.

use std::time::Duration;

use rstest::rstest;

use helpdeskd::config::queue::OnServer;
use helpdeskd::desk::ignore;
use helpdeskd::store;
use helpdeskd::ticket::entry::EntryKind;
use helpdeskd::ticket::id::TicketId;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::minutes;

const RULES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nignore = [{ address = \"*@noise.test\" }]\n[intake]\nignore = [{ address = \"robot@*\", server = \"delete\" }]\n";

#[rstest]
#[tokio::test]
async fn rules_of_the_configuration_hold_for_all_or_for_one_queue(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, RULES).await;
    assert_eq!(desk.receive(mail("Robot <ROBOT@anywhere.test>", "x")).await, "ignored (rule-delete)");
    assert_eq!(desk.receive_in("sales", mail("robot@anywhere.test", "x")).await, "ignored (rule-delete)");
    assert_eq!(desk.receive_in("sales", mail("a@noise.test", "x")).await, "ignored (rule)");
    assert_eq!(desk.receive(mail("a@noise.test", "x")).await, "ticket #1", "not this queue's rule");
    let disposals = desk.received().await;
    assert!(disposals[0].dispose_at.is_some(), "it is deleted on the server too");
    assert!(disposals[2].dispose_at.is_none(), "it is kept there");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_rule_made_at_work_holds_once_the_daemon_read_it(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, RULES).await;
    let (now, sales) = (desk.now(), desk.queue("sales"));
    let add = async |queue, pattern: &'static str, server| {
        let id = desk.operator().acts(async |tx| ignore::add(tx, queue, (pattern, server), now).await).await;
        desk.app.desk().refresh(&desk.app.db).await.expect("the rules are read");
        id
    };
    add(None, "*@Spam.test", OnServer::Delete).await;
    let rule = add(Some(sales), "bob@customer.test", OnServer::Keep).await;
    assert_eq!(desk.receive(mail("a@spam.test", "x")).await, "ignored (rule-delete)");
    assert_eq!(desk.receive_in("sales", mail("bob@customer.test", "x")).await, "ignored (rule)");
    assert_eq!(desk.receive(mail("bob@customer.test", "x")).await, "ticket #1");
    // What is kept can still be deleted; the other way round nothing can be mended.
    add(Some(sales), "a@spam.test", OnServer::Keep).await;
    assert_eq!(desk.receive_in("sales", mail("a@spam.test", "y")).await, "ignored (rule)");
    let remove =
        async |what: String| desk.operator().acts(async |tx| Ok(ignore::remove(tx, &what).await?)).await;
    assert_eq!(remove(rule.to_string()).await, 1);
    assert_eq!(remove("*@spam.test".to_owned()).await, 1);
    assert_eq!(remove("*@spam.test".to_owned()).await, 0);
    desk.app.desk().refresh(&desk.app.db).await.expect("the rules are read");
    assert_eq!(desk.receive(mail("a@spam.test", "x")).await, "ticket #2");
    for wrong in ["*@*", "spam.test", "", "a b@c.test", "*"] {
        let mut tx = desk.write().await;
        assert!(ignore::add(&mut tx, None, (wrong, OnServer::Keep), now).await.is_err(), "{wrong}");
        tx.rollback().await.expect("it rolls back");
    }
    desk.sent().await;
}

/// django-helpdesk: an address without an at sign stopped the whole import.
#[rstest]
#[tokio::test]
async fn an_odd_sender_breaks_no_rule(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, RULES).await;
    for from in ["undisclosed", "@", "<>", "a@@b", "\"x@y\"@z.test", "=?utf-8?q?=40?=", "a@b, c@d", ""] {
        let outcome = desk.receive(mail(from, "x")).await;
        assert!(!outcome.starts_with("ignored") && !outcome.starts_with("quarantined"), "{from}: {outcome}");
    }
    assert_eq!(desk.receive(mail("robot@z.test", "x")).await, "ignored (rule-delete)");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn the_tenth_equal_request_within_ten_minutes_is_only_counted(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let disk =
        |n: usize| mail("monitor@customer.test", &format!("{}Disk full", ["", "Re: ", "FWD: "][n % 3]));
    for n in 1..=9 {
        assert_eq!(desk.receive(disk(n)).await, format!("ticket #{n}"));
        desk.advance(Duration::from_secs(50));
    }
    for n in 10..=30 {
        assert_eq!(desk.receive(disk(n)).await, "followup #1 (storm)");
        desk.advance(Duration::from_secs(50));
    }
    assert_eq!(store::storms::folded(&mut desk.read().await, TicketId(1)).await.unwrap(), 21);
    let notes = desk.followups(1).await.into_iter().filter(|entry| entry.kind == EntryKind::Storm).count();
    assert_eq!(notes, 1, "one note, however long it lasts");
    let kept = desk.followups(1).await.into_iter().filter(|entry| entry.kind == EntryKind::Machine).count();
    assert_eq!(kept, 21, "each can be looked up");
    assert_eq!(desk.receive(mail("monitor@customer.test", "Disk empty")).await, "ticket #10");
    assert_eq!(desk.receive(mail("other@customer.test", "Disk full")).await, "ticket #11");
    desk.advance(minutes(10));
    assert_eq!(desk.receive(disk(1)).await, "ticket #12", "the storm is over");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn equal_requests_with_time_between_are_no_storm(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    for n in 1..=30 {
        let outcome = desk.receive(mail("monitor@customer.test", "Daily report")).await;
        assert_eq!(outcome, format!("ticket #{n}"));
        desk.advance(Duration::from_secs(75));
    }
    desk.sent().await;
}

/// A customer's program answers whatever closes its ticket.
#[rstest]
#[tokio::test]
async fn a_ticket_is_reopened_five_times_an_hour_at_most(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_desk(on, "alerts = [\"ops@staff.test\"]", "").await;
    desk.receive(mail("ann@customer.test", "Printer on fire").id("first@client.test")).await;
    let answer = || mail("ann@customer.test", "Re: Printer on fire").in_reply_to("first@client.test");
    for n in 1..=8 {
        desk.operator().close(1, "").await;
        assert_eq!(desk.receive(answer().text(&format!("No {n}"))).await, "followup #1");
        let status = if n <= 5 { "reopened" } else { "closed" };
        assert_eq!(desk.row(1).await.status.as_str(), status, "after {n}");
        desk.advance(minutes(5));
    }
    assert!(desk.row(1).await.attention_at.is_some(), "what it says is not lost");
    desk.advance(minutes(60));
    desk.receive(answer().text("Still")).await;
    assert_snapshot!(desk.tickets().await, @"#1 reopened `Printer on fire`, 16 messages");
    let sent = desk.sent().await;
    assert_eq!(sent.iter().filter(|mail| mail.to == "ops@staff.test").count(), 1, "{sent}");
}
