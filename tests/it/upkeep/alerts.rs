//! Operators are told of each trouble once, and every day of the mail that waits for them.

use futures_util::future::join_all;
use helpdeskd::desk::app::App;
use helpdeskd::store;
use helpdeskd::store::channels::AccountState;
use helpdeskd::store::outbox::Outgoing;
use helpdeskd::ticket::id::MailboxId;
use helpdeskd::worker::scheduler;
use helpdeskd::worker::scheduler::Job;
use helpdeskd::worker::watch;
use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::Mails;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;
use crate::support::story::minutes;

const ALERTS: &str = "alerts = [\"root@staff.test\"]\ntimezone = \"Europe/Berlin\"";
const MAILBOX: &str =
    "[queues.imap]\nhost = \"127.0.0.1\"\ntls = \"none\"\nusername = \"u\"\npassword = \"p\"";

async fn watch(desk: &TestDesk) -> Mails {
    watch::run(&desk.app).await.expect("it looks");
    desk.sent().await
}

/// The mailbox that the configuration declares.
async fn declared_mailbox(desk: &TestDesk) -> MailboxId {
    let current = desk.app.desk();
    let queue = current.directory.queue_by_slug("support").expect("it is declared");
    let identity = queue.config.imap.as_ref().expect("it has a mailbox").identity();
    let mut tx = desk.write().await;
    let row =
        store::mailboxes::upsert(&mut tx, queue.id, &identity, desk.now()).await.expect("it is written");
    tx.commit().await.expect("it commits");
    row.id
}

async fn fails(desk: &TestDesk, id: MailboxId) {
    let mut tx = desk.write().await;
    store::mailboxes::mark_failing(&mut tx, id, "login refused", desk.now()).await.expect("it is written");
    tx.commit().await.expect("it commits");
}

async fn works(desk: &TestDesk, id: MailboxId) {
    let mut tx = desk.write().await;
    store::mailboxes::mark_healthy(&mut tx, id, "", desk.now()).await.expect("it is written");
    tx.commit().await.expect("it commits");
}

#[rstest]
#[tokio::test]
async fn a_mailbox_that_fails_for_an_hour_is_told_of_once_until_it_works(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_desk(on, ALERTS, MAILBOX).await;
    let id = declared_mailbox(&desk).await;
    fails(&desk, id).await;
    desk.advance(minutes(59));
    fails(&desk, id).await;
    assert_eq!(watch(&desk).await.len(), 0);
    desk.advance(minutes(1));
    let sent = watch(&desk).await;
    assert_snapshot!(sent, @"root@staff.test: Example Desk: the mailbox of queue support cannot be read");
    assert!(sent[0].text.contains("since 2026-03-02 10:00 CET"), "{}", sent[0].text);
    assert!(sent[0].text.contains("The last error: login refused"), "{}", sent[0].text);
    assert_eq!(sent[0].header("Auto-Submitted").as_deref(), Some("auto-generated"));
    for _ in 0..48 {
        desk.advance(hours(1));
        fails(&desk, id).await;
        assert_eq!(watch(&desk).await.len(), 0, "it is known");
    }
    works(&desk, id).await;
    assert_eq!(watch(&desk).await.len(), 0);
    fails(&desk, id).await;
    desk.advance(hours(1));
    assert_eq!(watch(&desk).await.len(), 1, "a new trouble");
}

#[rstest]
#[tokio::test]
async fn without_anybody_to_tell_nothing_is_noted(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, MAILBOX).await;
    let id = declared_mailbox(&desk).await;
    fails(&desk, id).await;
    desk.advance(hours(2));
    assert_eq!(watch(&desk).await.len(), 0);
    assert!(store::alerts::list(&mut desk.read().await).await.unwrap().is_empty());
}

const TWO_ACCOUNTS: &str = "[[smtp]]\nname = \"other\"\ndirectory = \"unused\"
[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"\nsmtp = \"other\"";

async fn rests(desk: &TestDesk, account: &str) {
    let mut tx = desk.write().await;
    let channel = AccountState {
        account: account.to_owned(),
        paused_until: desk.now().plus(minutes(5)),
        refusals: 3,
        last_error: Some("535 no".to_owned()),
    };
    store::channels::upsert(&mut tx, &channel).await.expect("it is written");
    tx.commit().await.expect("it commits");
}

async fn queued(desk: &TestDesk) -> Vec<Outgoing> {
    store::outbox::list_unsettled(&mut desk.read().await, 100).await.expect("it is read")
}

#[rstest]
#[tokio::test]
async fn an_account_that_is_turned_away_is_told_of_by_another_account(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_desk(on, ALERTS, TWO_ACCOUNTS).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    for minute in 0..61 {
        rests(&desk, "default").await;
        watch::run(&desk.app).await.expect("it looks");
        assert_eq!(queued(&desk).await.len(), 1 + usize::from(minute == 60), "minute {minute}");
        desk.advance(minutes(1));
    }
    let alert = queued(&desk).await.pop().expect("it is queued");
    assert_eq!((alert.account.as_str(), alert.event.as_str(), alert.ticket_id), ("other", "alert", None));
    rests(&desk, "default").await;
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"root@staff.test: Example Desk: mail of account default does not leave");
    assert!(sent[0].text.contains("1 mail waits"), "{}", sent[0].text);
    assert!(sent[0].text.contains("The server turns us away: 535 no"), "{}", sent[0].text);
    assert_eq!(watch(&desk).await.len(), 0, "once");
    desk.advance(minutes(10));
    assert_eq!(desk.sent().await.recipients(), ["ann@customer.test"]);
    watch::run(&desk.app).await.expect("it looks");
    assert!(store::alerts::list(&mut desk.read().await).await.unwrap().is_empty(), "it is over");
}

#[rstest]
#[tokio::test]
async fn mail_that_nobody_sends_is_told_of_but_not_while_delivery_is_paused(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    for (pause, expected) in [("", 1), ("[delivery]\npaused = true", 0)] {
        let desk = TestDesk::with_desk(on, ALERTS, pause).await;
        desk.receive(mail("ann@customer.test", "Printer on fire")).await;
        desk.advance(minutes(59));
        watch::run(&desk.app).await.expect("it looks");
        assert_eq!(queued(&desk).await.len(), 1);
        desk.advance(minutes(2));
        watch::run(&desk.app).await.expect("it looks");
        assert_eq!(queued(&desk).await.len(), 1 + expected);
        desk.leaves_unsettled();
    }
}

#[rstest]
#[tokio::test]
async fn every_day_the_mail_that_waits_for_people_is_counted_once(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let keys = format!("{ALERTS}\nreport_schedule = \"0 7 * * *\"");
    let desk = TestDesk::with_desk(on, &keys, "").await;
    let mut apps = vec![desk.app.clone()];
    if on == On::Postgres {
        apps.extend([desk.another(2).await, desk.another(3).await]);
    }
    report(&apps).await;
    desk.advance(days(1));
    report(&apps).await;
    assert_eq!(desk.sent().await.len(), 0, "nothing waits");
    desk.receive(mail("ann@customer.test", "No author").without("From")).await;
    desk.receive(mail("ann@customer.test", "No author either").without("From")).await;
    desk.advance_to("2026-03-04T05:59:00Z");
    report(&apps).await;
    assert_eq!(desk.sent().await.len(), 0, "it is not yet seven in Berlin");
    desk.advance(minutes(1));
    for _ in 0..3 {
        report(&apps).await;
    }
    let sent = desk.sent().await;
    assert_snapshot!(sent, @"root@staff.test: Example Desk: mail waits for you: 2 suspended");
    assert!(sent[0].text.contains("Suspended: 2, 2 of them since yesterday"), "{}", sent[0].text);
    desk.advance(days(1));
    report(&apps).await;
    assert!(desk.sent().await[0].text.contains("Suspended: 2, 0 of them since yesterday"));
    desk.advance(days(20));
    report(&apps).await;
    assert_eq!(desk.sent().await.len(), 0, "they left the listing");
}

/// All processes at once.
async fn report(apps: &[App]) {
    for step in join_all(apps.iter().map(|app| scheduler::step(app, Job::Report))).await {
        step.expect("it runs");
    }
}
