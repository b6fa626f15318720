//! Holds that end by themselves: when, who hears of it, and what escalation makes of it.

use futures_util::future::join_all;
use helpdeskd::worker::escalation;
use helpdeskd::worker::scheduler::Job;
use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::office::ALEX;
use crate::support::office::ANN;
use crate::support::office::Office;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::moment;

const OFFICE: &str = "escalate_after = \"4h\"\nworking_hours = \"mon-fri 09:00-17:00\"\n";

async fn wake(desk: &TestDesk) {
    escalation::run_waking(&desk.app).await.expect("it runs");
}

#[rstest]
#[tokio::test]
async fn a_hold_ends_by_itself_and_its_owner_is_told_once(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk =
        TestDesk::with_config(on, "timezone = \"Europe/Berlin\"\nworking_hours = \"mon-fri 09:00-17:00\"")
            .await;
    let alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.operator().assign(1, Some(&alex)).await;
    desk.sent().await;
    assert_eq!(desk.by(&alex).hold_until(1, "fri").await, moment("2026-03-06T08:00:00Z"));
    assert_eq!(desk.row(1).await.held_until, Some(moment("2026-03-06T08:00:00Z")));
    desk.advance_to("2026-03-06T07:59:59Z");
    wake(&desk).await;
    assert!(desk.row(1).await.is_held());
    assert_eq!(desk.sent().await.len(), 0);
    desk.advance_to("2026-03-06T08:00:30Z");
    for _ in 0..3 {
        wake(&desk).await;
    }
    let row = desk.row(1).await;
    assert_eq!((row.held_at, row.held_until, row.attention_at), (None, None, Some(desk.now())));
    assert_eq!(row.hold_ended_at, Some(moment("2026-03-06T08:00:00Z")), "it ended when it was to");
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"alex@staff.test: [support-1] Printer on fire");
    assert!(sent[0].text.contains("was on hold until"), "{}", sent[0].text);
    assert!(!sent[0].text.contains("overdue"), "{}", sent[0].text);
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 3 messages, owner alex@staff.test
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - alex@staff.test, note, private: Ticket put on hold until 2026-03-06 09:00
    - nobody, note, private: Ticket taken off hold, as its time has come
    ");
}

#[rstest]
#[tokio::test]
async fn without_an_owner_the_agents_of_the_queue_are_told(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let _alex = desk.agent(ALEX).await;
    let _kim = desk.agent("kim@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.sent().await;
    desk.operator().hold_until(1, "3d").await;
    desk.advance(days(3));
    wake(&desk).await;
    assert_eq!(desk.sent().await.recipients(), [ALEX, "kim@staff.test"]);
}

#[rstest]
#[tokio::test]
async fn an_agent_says_by_mail_until_when(#[values(On::Sqlite, On::Postgres)] on: On) {
    let office = Office::open(on).await;
    assert_eq!(office.reply("#hold 2026-12-24\nWe look at it before Christmas.").await, "followup #1");
    let held = office.row(1).await;
    assert_eq!(held.held_until, Some(moment("2026-12-24T00:00:00Z")));
    let sent = office.sent().await;
    assert_eq!(sent.recipients(), [ALEX, ANN]);
    for (line, why) in [("#hold 2020-01-01", "over or too far"), ("#hold please", "it needs a time such as")]
    {
        assert_eq!(office.reply(&format!("{line}\nNot yet.")).await, "followup #1 (withheld)", "{line}");
        let sent = office.sent().await;
        assert_eq!(sent.recipients(), [ALEX], "nothing of it goes out");
        assert!(sent.to(ALEX).text.contains(&format!("{line}: ")), "{}", sent.to(ALEX).text);
        assert!(sent.to(ALEX).text.contains(why), "{}", sent.to(ALEX).text);
    }
    assert_eq!(office.row(1).await.held_until, held.held_until, "it is as it was");
    assert_eq!(office.reply("#hold").await, "followup #1 (commands)");
    assert_eq!(office.row(1).await.held_until, None, "until somebody says so");
    assert!(office.row(1).await.is_held());
    office.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_customers_word_does_not_end_it_as_it_ends_no_hold_of_ours(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let _alex = desk.agent(ALEX).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let sent = desk.sent().await;
    let until = desk.operator().hold_until(1, "3d").await;
    desk.receive(sent.to(ANN).answer("And?")).await;
    let row = desk.row(1).await;
    assert_eq!(
        (row.held_until, row.attention_at.is_some()),
        (Some(until), true),
        "agents see that they spoke"
    );
    desk.sent().await;
    desk.operator().resolve(1, "Water.").await;
    desk.advance(days(4));
    wake(&desk).await;
    assert_eq!(desk.row(1).await.held_until, None);
    assert_eq!(desk.sent().await.recipients(), [ANN], "what is resolved does not wake");
}

#[rstest]
#[tokio::test]
async fn escalation_waits_for_it_and_counts_from_its_end(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, OFFICE).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.operator().hold_until(1, "2026-03-05 12:00").await;
    let planned = async || desk.row(1).await.escalate_at;
    assert_eq!(planned().await, None);
    desk.advance_to("2026-03-05T13:00:00Z");
    assert!(desk.escalate().await.is_empty(), "it is on hold for escalation until it was woken");
    wake(&desk).await;
    let due = moment("2026-03-05T16:00:00Z");
    assert_eq!(planned().await, Some(due), "four hours of work since noon");
    desk.advance(due.since(desk.now()));
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn several_processes_wake_each_once_whatever_the_pause(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "updated_ticket_cc = [\"boss@staff.test\"]").await;
    for _ in 0..40 {
        let id = desk.operator().open(None, "Fire drill", "Friday.").await;
        desk.operator().hold_until(id, "12h").await;
    }
    desk.sent().await;
    desk.step(Job::Waking).await;
    desk.advance(days(30));
    let others = if on == On::Postgres { vec![desk.another(2).await, desk.another(3).await] } else { vec![] };
    let mut apps = vec![desk.app.clone()];
    apps.extend(others);
    for run in join_all(apps.iter().map(escalation::run_waking)).await {
        run.expect("it runs");
    }
    assert_eq!(desk.sent().await.recipients(), ["boss@staff.test"; 40]);
}
