//! When a ticket escalates is stored, and counted anew whenever something changes that it depends on.

use helpdeskd::clock::Timestamp;
use helpdeskd::worker::recount;
use helpdeskd::worker::recount::Which;
use rstest::rstest;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::moment;

/// Each priority has a limit of its own, and the other queue one for all, in office hours.
const TWO_QUEUES: &str = "escalate_after = { 2 = \"4h\", 4 = \"8h\", others = \"3d\" }
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"
escalate_after = \"12h\"\nworking_hours = \"mon-fri 09:00-17:00\"\n";

async fn planned(desk: &TestDesk) -> Option<Timestamp> {
    desk.row(1).await.escalate_at
}

async fn opened(on: On, more: &str) -> TestDesk {
    let desk = TestDesk::with_config(on, more).await;
    assert_eq!(desk.receive(mail("ann@customer.test", "Printer on fire")).await, "ticket #1");
    desk.sent().await;
    desk
}

#[rstest]
#[tokio::test]
async fn what_happens_to_a_ticket_moves_its_time(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = opened(on, TWO_QUEUES).await;
    let hand = desk.operator();
    assert_eq!(planned(&desk).await, Some(moment("2026-03-05T09:00:00Z")));
    hand.priority(1, 2).await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-02T13:00:00Z")));
    hand.priority(1, 1).await;
    assert_eq!(planned(&desk).await, None, "there is nothing above");
    hand.priority(1, 4).await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-02T17:00:00Z")));
    hand.move_to(1, "sales").await;
    assert_eq!(
        planned(&desk).await,
        Some(moment("2026-03-03T13:00:00Z")),
        "eight hours today, four tomorrow"
    );
    hand.move_to(1, "support").await;
    hand.comment(1, "We are looking into it.").await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-02T17:00:00Z")), "words change nothing");
    hand.resolve(1, "Water.").await;
    assert_eq!(planned(&desk).await, None);
    desk.advance(hours(1));
    hand.reopen(1, "It burns again.").await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-02T17:00:00Z")));
    let other = hand.open(None, "Survivor", "").await;
    hand.merge(1, other).await;
    assert_eq!(planned(&desk).await, None);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn the_time_of_a_hold_never_counts(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = opened(on, "escalate_after = \"3d\"").await;
    desk.advance(days(2));
    desk.operator().hold(1).await;
    assert_eq!(planned(&desk).await, None);
    desk.advance(days(300));
    assert!(desk.escalate().await.is_empty());
    desk.operator().unhold(1).await;
    let ended = desk.now();
    assert!(desk.escalate().await.is_empty(), "the hold was longer than the limit");
    assert_eq!(planned(&desk).await, Some(ended.plus(days(3))));
    desk.advance(days(3));
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn days_that_are_excluded_and_included_again_move_it_there_and_back(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = opened(on, TWO_QUEUES).await;
    let before = planned(&desk).await;
    desk.exclude("2026-03-03", None).await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-06T09:00:00Z")));
    desk.exclude("2026-03-04", Some("support")).await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-07T09:00:00Z")));
    desk.exclude("2026-03-04", Some("sales")).await;
    assert_eq!(planned(&desk).await, Some(moment("2026-03-07T09:00:00Z")));
    desk.include("2026-03-04", Some("support")).await;
    desk.include("2026-03-03", None).await;
    assert_eq!(planned(&desk).await, before);
    desk.advance_to("2026-03-05T09:00:00Z");
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn an_edited_configuration_counts_from_the_next_start(#[values(On::Sqlite, On::Postgres)] on: On) {
    let mut desk = opened(on, "").await;
    desk.operator().open(None, "Fire drill", "").await;
    desk.operator().hold(2).await;
    assert_eq!(planned(&desk).await, None);
    for (more, expected) in [
        ("escalate_after = \"1d\"", Some("2026-03-03T09:00:00Z")),
        ("escalate_after = \"2d\"", Some("2026-03-04T09:00:00Z")),
        ("escalate_after = \"4h\"\nworking_hours = \"tue 10-12, thu 10-16\"", Some("2026-03-05T12:00:00Z")),
        (
            "escalate_after = \"4h\"\nworking_hours = \"tue 10-12, thu 10-16\"\ntimezone = \"Asia/Tokyo\"",
            Some("2026-03-05T03:00:00Z"),
        ),
        ("", None),
    ] {
        desk.restart(more).await;
        assert_eq!(recount::recount(&desk.app, Which::Changed).await.expect("it is counted"), 1, "{more}");
        assert_eq!(planned(&desk).await, expected.map(moment), "{more}");
        assert_eq!(desk.row(2).await.escalate_at, None, "it is on hold");
        assert_eq!(recount::recount(&desk.app, Which::Changed).await.expect("it is counted"), 0, "once");
    }
    desk.sent().await;
}

/// Another process may have another configuration for a while: it must not undo what the newer one counted.
#[rstest]
#[tokio::test]
async fn a_running_process_does_not_recount_for_another_ones_configuration(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let mut desk = opened(on, "escalate_after = \"1d\"").await;
    recount::recount(&desk.app, Which::Changed).await.expect("it is counted");
    let old = desk.app.clone();
    desk.restart("escalate_after = \"3d\"").await;
    recount::recount(&desk.app, Which::Changed).await.expect("it is counted");
    assert_eq!(recount::recount(&old, Which::Stale).await.expect("it is counted"), 0);
    assert_eq!(planned(&desk).await, Some(moment("2026-03-05T09:00:00Z")));
}
