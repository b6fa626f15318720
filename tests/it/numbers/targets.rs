//! Targets of a desk with office hours: when they end, who is told, and that it is once.

use futures_util::future::join_all;
use helpdeskd::desk::view;
use helpdeskd::desk::view::Reader;
use helpdeskd::desk::view::list::Page;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::scheduler::Job;
use helpdeskd::worker::targets;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::moment;

const CONFIG: &str = "timezone = \"Europe/Berlin\"\nworking_hours = \"mon-fri 09:00-17:00\"
[[targets]]\npriorities = [1]\nfirst_answer = \"1h\"\nremind = \"\"
[[targets]]\nfirst_answer = \"4h\"\nnext_answer = \"2h\"\nresolution = \"10h\"\n";

/// A Thursday, 10:00 in Berlin.
async fn desk(on: On) -> TestDesk {
    let desk = TestDesk::with_config(on, CONFIG).await;
    desk.advance_to("2026-03-05T09:00:00Z");
    desk
}

async fn overdue(desk: &TestDesk) -> Vec<i64> {
    let mut tx = desk.read().await;
    let page = Page { before: TicketId(i64::MAX), limit: 50 };
    let reader = Reader { me: None, now: desk.now() };
    let query = "is:overdue".parse().expect("it is a query");
    let found =
        view::list::list(&desk.app.desk(), &mut tx, &query, page, reader).await.expect("it is listed");
    found.rows.iter().map(|row| row.named.ticket.id.0).collect()
}

/// What the log says of targets.
async fn told(desk: &TestDesk) -> Vec<String> {
    let mut tx = desk.read().await;
    let events = helpdeskd::store::events::list(&mut tx, TicketId(1)).await.expect("they are read");
    let targets = events.iter().filter(|event| event.field == "target");
    targets
        .map(|event| format!("{} {}", event.kind.as_str(), event.new.clone().unwrap_or_default()))
        .collect()
}

#[rstest]
#[tokio::test]
async fn the_owner_is_told_that_a_target_is_near_and_that_it_is_missed_each_once(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = desk(on).await;
    let alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.operator().assign(1, Some(&alex)).await;
    desk.sent().await;
    assert_eq!(desk.row(1).await.clocks.answer_due_at, Some(moment("2026-03-05T13:00:00Z")));
    assert_eq!(desk.row(1).await.clocks.resolution_due_at, Some(moment("2026-03-06T11:00:00Z")));
    desk.step(Job::Targets).await;
    desk.advance_to("2026-03-05T11:59:00Z");
    desk.step(Job::Targets).await;
    assert_eq!(desk.sent().await.len(), 0, "after three hours of four, and not before");
    for at in ["2026-03-05T12:00:00Z", "2026-03-05T12:01:00Z"] {
        desk.advance_to(at);
        desk.step(Job::Targets).await;
    }
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    let says = "This ticket waits for its first answer: the time for that ends on 2026-03-05 13:00 UTC.";
    assert!(sent[0].text.replace(" \n", " ").contains(says), "{}", sent[0].text);
    assert_eq!(overdue(&desk).await, Vec::<i64>::new());
    for at in ["2026-03-05T13:00:00Z", "2026-03-05T13:01:00Z", "2026-03-05T15:00:00Z"] {
        desk.advance_to(at);
        desk.step(Job::Targets).await;
    }
    let sent = desk.sent().await;
    assert_eq!(sent.recipients(), [ALEX]);
    assert!(sent[0].text.replace(" \n", " ").contains("the time for that ended on"), "{}", sent[0].text);
    assert_eq!(overdue(&desk).await, [1]);
    assert_eq!(told(&desk).await, ["target.reminded first_answer", "target.missed first_answer"]);
    desk.by(&alex).comment(1, "Which printer?").await;
    desk.sent().await;
    let clocks = desk.row(1).await.clocks;
    assert_eq!((clocks.answer_due_at, clocks.resolution_due_at, clocks.target_at), (None, None, None));
    assert_eq!(overdue(&desk).await, Vec::<i64>::new(), "it waits for its customer");
}

#[rstest]
#[tokio::test]
async fn holds_and_waiting_for_the_customer_stop_the_clocks(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = desk(on).await;
    let alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.sent().await;
    desk.advance_to("2026-03-05T10:00:00Z");
    desk.by(&alex).hold(1).await;
    desk.advance_to("2026-03-06T09:00:00Z");
    desk.by(&alex).unhold(1).await;
    assert_eq!(
        desk.row(1).await.clocks.answer_due_at,
        Some(moment("2026-03-06T12:00:00Z")),
        "an hour is gone"
    );
    desk.advance_to("2026-03-06T10:00:00Z");
    desk.by(&alex).comment(1, "Which printer?").await;
    let answer = desk.sent().await.to(ANN).answer("The red one.");
    desk.advance_to("2026-03-09T08:00:00Z");
    desk.receive(answer).await;
    let clocks = desk.row(1).await.clocks;
    assert_eq!(clocks.answer_due_at, Some(moment("2026-03-09T10:00:00Z")));
    assert_eq!(clocks.resolution_due_at, Some(moment("2026-03-09T16:00:00Z")), "eight of ten hours are left");
    desk.by(&alex).priority(1, 1).await;
    let clocks = desk.row(1).await.clocks;
    assert_eq!(
        (clocks.answer_due_at, clocks.resolution_due_at),
        (None, None),
        "the first entry that fits counts"
    );
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn several_processes_tell_each_target_once_after_any_pause(#[values(On::Sqlite, On::Postgres)] on: On) {
    let config = format!("updated_ticket_cc = [\"boss@staff.test\"]\n{CONFIG}");
    let desk = TestDesk::with_config(on, &config).await;
    for _ in 0..40 {
        desk.operator().open(None, "Fire drill", "Friday.").await;
    }
    desk.sent().await;
    desk.step(Job::Targets).await;
    desk.advance(days(30));
    let others = if on == On::Postgres { vec![desk.another(2).await, desk.another(3).await] } else { vec![] };
    let mut apps = vec![desk.app.clone()];
    apps.extend(others);
    for run in join_all(apps.iter().map(targets::run)).await {
        run.expect("it runs");
    }
    assert_eq!(
        desk.sent().await.recipients(),
        ["boss@staff.test"; 40],
        "once, though two are missed at once"
    );
    targets::run(&desk.app).await.expect("it runs");
    assert_eq!(desk.sent().await.len(), 0);
}

#[rstest]
#[tokio::test]
async fn an_excluded_day_and_a_changed_configuration_move_the_targets_of_tickets_that_are_there(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut desk = desk(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.sent().await;
    desk.exclude("2026-03-06", None).await;
    desk.step(Job::Escalation).await;
    desk.advance(days(1));
    desk.step(Job::Escalation).await;
    assert_eq!(desk.row(1).await.clocks.resolution_due_at, Some(moment("2026-03-09T11:00:00Z")));
    desk.restart(&CONFIG.replace("10h", "20h")).await;
    helpdeskd::worker::recount::recount(&desk.app, helpdeskd::worker::recount::Which::Changed)
        .await
        .expect("it counts");
    assert_eq!(desk.row(1).await.clocks.resolution_due_at, Some(moment("2026-03-10T13:00:00Z")));
    desk.sent().await;
}
