//! Clocks that are wrong, and processes that are dead: nobody waits for what they noted.

use std::time::Duration;

use helpdeskd::clock::Timestamp;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::worker::intake;
use helpdeskd::worker::outside::Outside;
use rstest::rstest;

use crate::support::daemon::Daemon;
use crate::support::http_client;
use crate::support::imap_client::ImapClient;
use crate::support::letters;
use crate::support::mail::mail;
use crate::support::servers;
use crate::support::settings::Mailbox;
use crate::support::settings::Settings;
use crate::support::site::Engine;
use crate::support::site::Site;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::until::until;
use crate::support::until::until_within;

/// A clock that was ten hours ahead left leases of ten hours, and the mailbox unread without a word.
#[rstest]
#[tokio::test]
async fn a_lease_from_a_clock_that_was_ahead_holds_nobody_up(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    let now = desk.now();
    let (ahead, soon) = (Timestamp(now.0 + 10 * Timestamp::HOUR), Timestamp(now.0 + 10 * Timestamp::MINUTE));
    let mut tx = desk.write().await;
    let id = store::mailboxes::list(&mut tx).await.unwrap()[0].id;
    store::mailboxes::release_of(&mut tx, "test").await.unwrap();
    assert!(
        store::mailboxes::lease(&mut tx, id, "wrong", ahead, ahead.plus(Duration::from_mins(5)))
            .await
            .unwrap()
    );
    assert!(store::mailboxes::lease(&mut tx, id, "right", now, soon).await.unwrap());
    assert!(!store::mailboxes::lease(&mut tx, id, "third", now, soon).await.unwrap(), "this one is believed");
    let claimed = store::outbox::claim(&mut tx, "default", now, ahead, 10).await.unwrap();
    assert!(store::outbox::LEASES.is_due(&mut tx, now).await.unwrap());
    let again = store::outbox::claim(&mut tx, "default", now, soon, 10).await.unwrap();
    assert_eq!((claimed.len(), again.len()), (1, 1));
    assert!(store::outbox::claim(&mut tx, "default", now, soon, 10).await.unwrap().is_empty());
    tx.rollback().await.unwrap();
}

/// What was claimed waited nine minutes after a restart of a second.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_process_held_is_taken_back_soon() {
    let (site, sink) = (Site::new(Engine::Postgres).await, SmtpSink::start());
    let user = servers::fresh_address("killed");
    let settings = Settings::new().smtp(sink.address()).set("delivery", "attempt_seconds", 480);
    site.configure(&settings.queue("support", &Mailbox::of(&user)));
    let mut daemon = site.start();
    sink.fail(Stage::Recipient, Fault::Hold, 1);
    ImapClient::log_in(&user).append("INBOX", &letters::letter(0, &user, "Please help."));
    sink.wait_for_stage(Stage::Recipient, 1).await;
    daemon.kill();
    sink.recover();
    let daemon = site.start();
    until_within(Duration::from_mins(1), "the answer", || sink.taken().len(), |count| *count == 1);
    daemon.stop();
}

/// Mails of a process that was an hour ahead were due in an hour, and one was sent twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_whose_clock_is_wrong_sends_nothing_and_what_it_takes_in_is_due_now() {
    let (site, sink) = (Site::new(Engine::Postgres).await, SmtpSink::start());
    let user = servers::fresh_address("ahead");
    site.configure(&Settings::new().smtp(sink.address()).queue("support", &Mailbox::of(&user)));
    let wrong = Daemon::launch(site.command(&["serve"]).env("HELPDESKD_CLOCK_AHEAD", "3600"));
    wrong.until_logged("serving on");
    wrong.until_logged("sends nothing until it is set");
    let line = wrong.lines("serving on").concat();
    let address = line.rsplit("serving on ").next().unwrap_or_default().trim().parse().expect("an address");
    let answer =
        http_client::exchange(address, &http_client::request("GET", "/readyz", &[], b"")).await.unwrap();
    assert!(answer.status == 503 && answer.body.contains(" s from the database's"), "{}", answer.body);
    ImapClient::log_in(&user).append("INBOX", &letters::letter(0, &user, "Please help."));
    until("the ticket", || site.list(&["ticket", "list"]).len(), |count| *count == 1);
    assert_eq!(site.list(&["outbox", "list"]).len(), 1, "it waits");
    let right = site.start();
    until("the answer", || sink.taken().len(), |count| *count == 1);
    wrong.stop();
    right.stop();
    assert_eq!(sink.taken().len(), 1);
}

/// A message was put aside as one that ends the process, though none had ended.
#[tokio::test]
async fn a_database_that_fails_again_and_again_is_never_the_messages_fault() {
    let desk = TestDesk::start(On::Postgres).await;
    let id = desk.record("support", mail("ann@customer.test", "Printer on fire").into(), Extent::Full).await;
    let (id, mailbox) = (id.received.id, desk.mailbox("support").await.id);
    let Db::Postgres(pool) = &desk.app.db else { panic!("it is PostgreSQL") };
    let fails = "create function goes_down() returns trigger language plpgsql as $$
            begin raise exception using errcode = '57P01'; end $$;
        create trigger goes_down before update on inbox for each row
            when (new.outcome is not null or new.attempts < old.attempts) execute function goes_down()";
    sqlx::raw_sql(fails).execute(pool).await.unwrap();
    let mut refused = 0;
    for _ in 0..1000 {
        // It finds nothing while the database still takes back the attempt before.
        refused +=
            u32::from(intake::finish_leftovers(&desk.app, &Outside::default(), &[mailbox]).await.is_err());
        if refused == 8 {
            break;
        }
    }
    assert_eq!(refused, 8);
    sqlx::raw_sql("drop trigger goes_down on inbox").execute(pool).await.unwrap();
    for _ in 0..1000 {
        intake::finish_leftovers(&desk.app, &Outside::default(), &[mailbox]).await.unwrap();
        if !desk.outcome(id).await.starts_with("waiting") {
            break;
        }
    }
    assert!(desk.outcome(id).await.starts_with("ticket"), "{}", desk.outcome(id).await);
}
