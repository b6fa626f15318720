//! Due dates: an overdue ticket is marked once, and its owner, or the queue's list, is told once.

use futures_util::future::join_all;
use helpdeskd::worker::escalation;
use helpdeskd::worker::scheduler::Job;
use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::moment;

const TWO_HOURS: &str = "updated_ticket_cc = [\"boss@staff.test\"]
[[queues.types]]
name = \"Fire\"
due_hours = 2
";

async fn run_due(desk: &TestDesk) {
    escalation::run_due(&desk.app).await.expect("it runs");
}

#[rstest]
#[tokio::test]
async fn an_overdue_ticket_is_marked_and_its_owner_told_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TWO_HOURS).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.operator().assign(1, Some(&alex)).await;
    desk.sent().await;
    assert_eq!(desk.row(1).await.due_at, Some(moment("2026-03-02T11:00:00Z")));
    desk.advance_to("2026-03-02T10:59:59Z");
    run_due(&desk).await;
    assert_eq!(desk.row(1).await.overdue_at, None);
    desk.advance_to("2026-03-02T11:00:00Z");
    for _ in 0..3 {
        run_due(&desk).await;
        desk.advance(hours(1));
    }
    let row = desk.row(1).await;
    assert_eq!((row.overdue_at, row.reminded_at), (Some(moment("2026-03-02T11:00:00Z")), row.overdue_at));
    assert_eq!(row.priority.number(), 3, "being overdue raises nothing");
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"alex@staff.test: [support-1] Printer on fire");
    assert!(sent[0].text.contains("This ticket is overdue: it was due on"), "{}", sent[0].text);
    assert!(!sent[0].text.contains("Private"), "{}", sent[0].text);
}

#[rstest]
#[tokio::test]
async fn without_an_owner_the_queues_list_is_told(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TWO_HOURS).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.sent().await;
    desk.advance(hours(3));
    run_due(&desk).await;
    run_due(&desk).await;
    assert_eq!(desk.sent().await.recipients(), ["boss@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn nobody_is_told_of_what_is_done_until_it_is_reopened(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TWO_HOURS).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.operator().resolve(1, "Water.").await;
    desk.sent().await;
    desk.advance(days(1));
    run_due(&desk).await;
    assert_eq!((desk.row(1).await.overdue_at, desk.sent().await.len()), (None, 0));
    desk.operator().reopen(1, "It burns again.").await;
    desk.sent().await;
    run_due(&desk).await;
    assert_eq!(desk.row(1).await.overdue_at, Some(desk.now()));
    assert_eq!(desk.sent().await.recipients(), ["boss@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn on_an_excluded_day_it_is_marked_and_told_on_the_next(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TWO_HOURS).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.sent().await;
    desk.exclude("2026-03-02", None).await;
    desk.advance(hours(3));
    run_due(&desk).await;
    let row = desk.row(1).await;
    assert_eq!((row.overdue_at, row.reminded_at), (Some(desk.now()), None));
    assert_eq!(desk.sent().await.len(), 0);
    desk.advance(days(1));
    run_due(&desk).await;
    assert_eq!(desk.sent().await.recipients(), ["boss@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn several_processes_remind_once_of_each(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, TWO_HOURS).await;
    for _ in 0..40 {
        desk.operator().open(None, "Fire drill", "Friday.").await;
    }
    desk.sent().await;
    desk.step(Job::Escalation).await;
    desk.advance(hours(3));
    // An embedded database has one process.
    let others = if on == On::Postgres { vec![desk.another(2).await, desk.another(3).await] } else { vec![] };
    let mut apps = vec![desk.app.clone()];
    apps.extend(others);
    for run in join_all(apps.iter().map(escalation::run_due)).await {
        run.expect("it runs");
    }
    assert_eq!(desk.sent().await.recipients(), ["boss@staff.test"; 40]);
}
