//! Seven mistakes of the classic system, each told so that its rule fails.
//!
//! The rule itself is in `naive`: each story is told to it as well, and it must end differently.

use helpdeskd::smtp::outcome::Outcome;
use helpdeskd::store::db::Tx;
use rstest::rstest;

use super::naive::Naive;
use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::moment;

const THREE_DAYS: &str = "escalate_after = \"3d\"";
const ONE_DAY: &str = "escalate_after = \"1d\"";
/// Somebody of the desk hears of it: without that its customer does not either.
const BOSS: &str = "updated_ticket_cc = [\"boss@staff.test\"]\n";
const SALES: &str = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"";

/// Monday, nine o'clock, when the desk of each story starts.
const MONDAY: &str = "2026-03-02T09:00:00Z";

/// The classic system with the ticket that [`opened`] makes.
fn naive(limit: i64, excluded: &[&str]) -> Naive {
    Naive::new(limit, excluded).with("ann", moment(MONDAY))
}

async fn priority(desk: &TestDesk, id: i64) -> i64 {
    desk.row(id).await.priority.number()
}

/// A ticket of Monday, nine o'clock.
async fn opened(desk: &TestDesk) {
    assert_eq!(desk.receive(mail("ann@customer.test", "Printer on fire")).await, "ticket #1");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn a_ticket_that_nobody_took_care_of_is_raised_one_step(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("{BOSS}{THREE_DAYS}")).await;
    opened(&desk).await;
    desk.advance_to("2026-03-05T08:59:59Z");
    assert!(desk.escalate().await.is_empty());
    desk.advance_to("2026-03-05T09:00:00Z");
    assert_eq!(desk.escalate().await, [1]);
    assert!(desk.escalate().await.is_empty(), "once");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 2 messages, priority 2
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    - nobody, escalated, public: This ticket waited longer than 3 days. Its priority is now 2.
    ");
    let sent = desk.sent().await;
    assert_snapshot!(sent, @r"
    ann@customer.test: [support-1] Printer on fire
    boss@staff.test: [support-1] Printer on fire
    ");
    assert!(sent[0].text.contains("has waited longer than it should"), "{}", sent[0].text);
    assert_eq!(sent[0].header("Auto-Submitted").as_deref(), Some("auto-generated"));
    let row = desk.row(1).await;
    assert_eq!((row.escalated_at, row.escalate_at), (Some(desk.now()), Some(moment("2026-03-08T09:00:00Z"))));
}

/// The number of excluded days was taken from the limit, so a holiday brought the ticket up a day early.
#[rstest]
#[tokio::test]
async fn defect_1_an_excluded_day_makes_escalation_later(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, THREE_DAYS).await;
    desk.exclude("2026-03-03", None).await;
    opened(&desk).await;
    for hour in 0..96 {
        assert!(desk.escalate().await.is_empty(), "hour {hour}");
        desk.advance(hours(1));
    }
    assert_eq!(desk.now(), moment("2026-03-06T09:00:00Z"));
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
    let without = naive(3, &[]).hourly(moment(MONDAY), 96)[0];
    let with = naive(3, &["2026-03-03"]).hourly(moment(MONDAY), 96)[0];
    assert!(with < without && with < moment("2026-03-05T09:00:00Z"), "two days were enough for it");
}

/// Excluded days of all queues were counted for each.
#[rstest]
#[tokio::test]
async fn defect_2_the_days_of_other_queues_do_not_count(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("{THREE_DAYS}\n{SALES}\n{THREE_DAYS}")).await;
    opened(&desk).await;
    desk.receive_in("sales", mail("bob@customer.test", "How much?")).await;
    desk.exclude("2026-03-03", Some("sales")).await;
    desk.advance_to("2026-03-05T09:00:00Z");
    assert_eq!(desk.escalate().await, [1]);
    desk.advance_to("2026-03-06T09:00:00Z");
    assert_eq!(desk.escalate().await, [2]);
    desk.sent().await;
    let support = naive(3, &["2026-03-03"]).hourly(moment(MONDAY), 96);
    assert_ne!(support, naive(3, &[]).hourly(moment(MONDAY), 96), "the day of sales moved it");
}

/// An exclusion for today did not stop today's run.
#[rstest]
#[tokio::test]
async fn defect_3_nothing_is_raised_on_an_excluded_day(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, THREE_DAYS).await;
    opened(&desk).await;
    // No process ran for a while; the ticket is due since Thursday.
    desk.advance_to("2026-03-07T10:00:00Z");
    desk.exclude("2026-03-07", None).await;
    assert!(desk.escalate().await.is_empty());
    assert!(desk.escalate_notify_only().await.is_empty());
    assert_eq!(
        desk.row(1).await.escalate_at,
        Some(moment("2026-03-08T00:00:00Z")),
        "nothing to look at today"
    );
    desk.advance_to("2026-03-07T23:59:59Z");
    assert!(desk.escalate().await.is_empty());
    assert_eq!(desk.sent().await.len(), 0);
    desk.advance_to("2026-03-08T00:00:00Z");
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
    assert_eq!(naive(3, &["2026-03-07"]).run(moment("2026-03-07T10:00:00Z")), ["ann"], "on the day itself");
}

/// With a limit of one day less one excluded day, zero days were enough, at every run.
#[rstest]
#[tokio::test]
async fn defect_4_a_day_of_which_one_is_excluded_is_not_nothing(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, ONE_DAY).await;
    desk.exclude("2026-03-02", None).await;
    desk.advance_to("2026-03-03T09:00:00Z");
    opened(&desk).await;
    let mut raised = Vec::new();
    for _ in 0..72 {
        desk.advance(hours(1));
        if !desk.escalate().await.is_empty() {
            raised.push(desk.now());
        }
    }
    assert_eq!(raised, [moment("2026-03-04T09:00:00Z"), moment("2026-03-05T09:00:00Z")]);
    assert_eq!(priority(&desk, 1).await, 1, "and there it ends");
    desk.sent().await;
    let tuesday = moment("2026-03-03T09:00:00Z");
    let mut naive = Naive::new(1, &["2026-03-02"]).with("ann", tuesday);
    assert_eq!(naive.hourly(tuesday, 2), [tuesday, tuesday.plus(hours(1))], "at once, and at the next run");
}

/// A run that was to notify only changed the priority as well.
#[rstest]
#[tokio::test]
async fn defect_5_a_run_that_notifies_only_changes_nothing_else(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("{BOSS}{ONE_DAY}")).await;
    opened(&desk).await;
    desk.advance(days(1));
    let but_outbox = |dump: String| -> Vec<String> {
        // With the mails, the count of them.
        let are_mails = |line: &&str| line.starts_with("outbox ") || line.starts_with("written_mails ");
        dump.lines().filter(|line| !are_mails(line)).map(str::to_owned).collect()
    };
    let before = but_outbox(desk.dump().await);
    assert_eq!(desk.escalate_notify_only().await, [1]);
    assert_eq!(but_outbox(desk.dump().await), before);
    assert_snapshot!(desk.sent().await, @r"
    ann@customer.test: [support-1] Printer on fire
    boss@staff.test: [support-1] Printer on fire
    ");
    assert_eq!(desk.escalate().await, [1], "it is still due");
    desk.sent().await;
    let mut naive = naive(1, &[]);
    let before = naive.tickets.clone();
    assert_eq!(naive.run(moment("2026-03-03T09:00:00Z")), ["ann"]);
    assert_ne!(naive.tickets, before, "it has no other way to mail");
}

/// A mail that could not be sent ended the run, and the tickets after it were never raised.
#[rstest]
#[tokio::test]
async fn defect_6_what_fails_for_one_ticket_stops_no_other(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("{BOSS}{ONE_DAY}")).await;
    for customer in ["ann", "bob", "cyd", "dan"] {
        desk.receive(mail(&format!("{customer}@customer.test"), "Printer on fire")).await;
    }
    desk.sent().await;
    refuse_rows_for(&desk, "bob@customer.test").await;
    desk.advance(days(1));
    assert_eq!(desk.escalate().await, [1, 3, 4]);
    assert_eq!(priority(&desk, 2).await, 3, "nothing of it is half done");
    assert_eq!(desk.followups(2).await.len(), 1);
    desk.next_attempts([Outcome::Unclear, Outcome::Unclear]);
    let sent = desk.sent().await;
    let customers: Vec<&str> =
        sent.recipients().into_iter().filter(|to| to.ends_with("@customer.test")).collect();
    assert_eq!(customers, ["ann@customer.test", "cyd@customer.test", "dan@customer.test"]);
    allow_all_rows(&desk).await;
    desk.advance(hours(1));
    assert_eq!(desk.escalate().await, [2], "it was tried again");
    desk.sent().await;
    let mut naive = naive(1, &[]).with("bob", moment(MONDAY)).with("cyd", moment(MONDAY));
    naive.refused = Some("bob");
    assert_eq!(naive.run(moment("2026-03-03T09:00:00Z")), ["ann"]);
    let priorities: Vec<i64> = naive.tickets.iter().map(|ticket| ticket.priority).collect();
    assert_eq!(priorities, [2, 2, 3], "bob was raised and nobody told, and cyd forgotten");
}

/// Days were those of UTC, wherever the desk was.
#[rstest]
#[tokio::test]
async fn defect_7_days_are_those_of_the_queues_zone(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, &format!("timezone = \"Pacific/Auckland\"\n{ONE_DAY}")).await;
    opened(&desk).await;
    // Wednesday in Auckland is from Tuesday 11:00 to Wednesday 11:00 UTC.
    desk.exclude("2026-03-04", None).await;
    assert_eq!(desk.row(1).await.escalate_at, Some(moment("2026-03-03T09:00:00Z")));
    desk.advance_to("2026-03-03T11:00:00Z");
    assert!(desk.escalate().await.is_empty(), "it is Wednesday");
    desk.advance_to("2026-03-04T10:59:59Z");
    assert!(desk.escalate().await.is_empty(), "it is still Wednesday");
    desk.advance_to("2026-03-04T11:00:00Z");
    assert_eq!(desk.escalate().await, [1]);
    desk.sent().await;
    let wednesday = moment("2026-03-03T11:00:00Z");
    assert_eq!(naive(1, &["2026-03-04"]).hourly(wednesday, 24).len(), 2, "twice on the excluded day");
}

/// Makes the database refuse all mail to somebody.
async fn refuse_rows_for(desk: &TestDesk, recipient: &'static str) {
    assert_eq!(recipient, "bob@customer.test");
    let mut tx = desk.write().await;
    match &mut tx {
        Tx::Sqlite(tx) => {
            let sql = "create trigger refuse before insert on outbox when new.recipient = 'bob@customer.test'
                begin select raise(abort, 'refused'); end";
            sqlx::raw_sql(sql).execute(&mut **tx).await.expect("the trigger is made");
        }
        Tx::Postgres(tx) => {
            let sql = "create function refuse() returns trigger language plpgsql as $$
                    begin raise exception 'refused'; end $$;
                create trigger refuse before insert on outbox for each row
                    when (new.recipient = 'bob@customer.test') execute function refuse()";
            sqlx::raw_sql(sql).execute(&mut **tx).await.expect("the trigger is made");
        }
    }
    tx.commit().await.expect("it commits");
}

async fn allow_all_rows(desk: &TestDesk) {
    let mut tx = desk.write().await;
    match &mut tx {
        Tx::Sqlite(tx) => sqlx::raw_sql("drop trigger refuse").execute(&mut **tx).await.map(drop),
        Tx::Postgres(tx) => sqlx::raw_sql("drop trigger refuse on outbox").execute(&mut **tx).await.map(drop),
    }
    .expect("the trigger is dropped");
    tx.commit().await.expect("it commits");
}
