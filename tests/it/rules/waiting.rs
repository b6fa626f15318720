//! Mail that is put aside: ignored, suspended, quarantined; and how a person lets it through.

use rstest::rstest;

use helpdeskd::desk::receive::RELEASED;
use helpdeskd::mail::journal::Became;
use helpdeskd::mail::journal::Extent;
use helpdeskd::store;
use helpdeskd::store::inbox::Received;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::worker::handle;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;

const ANN: &str = "ann@customer.test";

/// As `helpdeskd suspended release` and `quarantine release` do, with the n-th mail.
async fn release(desk: &TestDesk, id: i64, was: Became) -> String {
    let id = desk.received().await[usize::try_from(id - 1).expect("numbers begin at 1")].id;
    let mut tx = desk.write().await;
    assert!(
        store::inbox::reopen(&mut tx, id, was, RELEASED).await.expect("the database answers"),
        "it waits"
    );
    let row = store::inbox::claim_one(&mut tx, id).await.expect("the database answers").expect("it is open");
    tx.commit().await.expect("the database answers");
    handle::handle_begun(&desk.app, row, &desk.rules).await.expect("the database answers");
    desk.outcome(id).await
}

async fn listed(desk: &TestDesk, outcome: Became) -> Vec<Received> {
    let since = desk.now().minus(desk.app.desk().config.retention.suspended);
    store::inbox::list_waiting(&mut desk.read().await, outcome, since, 100)
        .await
        .expect("the database answers")
}

#[rstest]
#[tokio::test]
async fn what_is_suspended_is_listed_with_its_reason_and_can_be_released(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Away").header("Auto-Submitted", "auto-replied")).await;
    desk.receive(mail(ANN, "Nobody").without("From")).await;
    desk.receive(mail("ann@customer.test, bob@customer.test", "Two")).await;
    desk.receive(mail("support@desk.test", "Ourselves")).await;
    desk.receive_as(Authentication::Fail, mail("alex@staff.test", "Spoofed")).await;
    assert_eq!(desk.sent().await.to_string(), "nothing", "nobody is told");
    let reasons: Vec<String> =
        listed(&desk, Became::Suspended).await.into_iter().filter_map(|row| row.reason).collect();
    assert_eq!(reasons, ["spoofed", "own-address", "many-authors", "no-author", "out-of-office"]);
    for id in 1..=5 {
        assert_eq!(
            release(&desk, id, Became::Suspended).await.split(' ').next(),
            Some("ticket"),
            "message {id}"
        );
    }
    assert_eq!(listed(&desk, Became::Suspended).await.len(), 0);
    assert_snapshot!(desk.tickets().await, @r"
    #1 open `Away`, 1 message
    #2 open `Nobody`, 1 message
    #3 open `Two`, 1 message
    #4 open `Ourselves`, 1 message
    #5 open `Spoofed`, 1 message
    ");
    assert_snapshot!(desk.sent().await, @r"
    alex@staff.test: [support-2] Nobody
    alex@staff.test: [support-3] Two
    alex@staff.test: [support-4] Ourselves
    alex@staff.test: [support-5] Your request
    ");
}

#[rstest]
#[tokio::test]
async fn what_is_suspended_leaves_the_listing_after_two_weeks_and_can_still_be_released(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Away").header("Auto-Submitted", "auto-replied")).await;
    desk.advance(days(15));
    assert_eq!(listed(&desk, Became::Suspended).await.len(), 0);
    assert_eq!(release(&desk, 1, Became::Suspended).await, "ticket #1");
}

#[rstest]
#[tokio::test]
async fn what_is_deleted_from_the_waiting_is_gone_for_good(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Away").header("Auto-Submitted", "auto-replied")).await;
    let mut tx = desk.write().await;
    assert!(
        store::inbox::discard(&mut tx, InboxId(1), Became::Suspended, desk.now())
            .await
            .expect("the database answers")
    );
    assert!(
        !store::inbox::reopen(&mut tx, InboxId(1), Became::Suspended, RELEASED)
            .await
            .expect("the database answers")
    );
    tx.commit().await.expect("the database answers");
    assert_snapshot!(desk.journal().await, @"deleted (out-of-office)");
    assert!(desk.received().await[0].blob_id.is_none());
}

/// django-helpdesk: one odd address made every later comparison fail.
#[rstest]
#[tokio::test]
async fn an_odd_address_never_breaks_the_ignore_rules(#[values(On::Sqlite, On::Postgres)] on: On) {
    let config = "ignore = [{ address = \"*@spam.test\" }]\n[intake]\nignore = [{ address = \"noise@*\" }]\n";
    let desk = TestDesk::with_config(on, config).await;
    for from in ["", "@", "@@spam.test", "\"a@b\" <\"x@y\"@spam.test>", "<>", "no at sign", "ü@ü"] {
        desk.receive(mail(from, "Odd")).await;
    }
    assert_eq!(desk.receive(mail("Boss <BUY@Spam.Test>", "Pills")).await, "ignored (rule)");
    assert_eq!(desk.receive(mail("noise@anywhere.test", "Noise")).await, "ignored (rule)");
    assert_eq!(desk.receive(mail("ann@sub.spam.test", "No spam")).await.split(' ').next(), Some("ticket"));
    assert_eq!(
        desk.receive(mail("noise.not@customer.test", "No noise")).await.split(' ').next(),
        Some("ticket")
    );
    assert_snapshot!(desk.journal().await, @r"
    suspended (no-author)
    suspended (no-author)
    suspended (no-author)
    ignored (rule)
    suspended (no-author)
    suspended (no-author)
    ticket #1
    ignored (rule)
    ignored (rule)
    ticket #2
    ticket #3
    ");
}

#[rstest]
#[tokio::test]
async fn a_mail_that_kills_its_process_three_times_alone_is_quarantined_unread(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.record("support", mail(ANN, "Killer").into(), Extent::Full).await;
    let mailbox = desk.mailbox("support").await;
    for death in 2..=5 {
        let mut tx = desk.write().await;
        let row = store::inbox::claim_begun(&mut tx, mailbox.id)
            .await
            .expect("the database answers")
            .expect("it is open");
        tx.commit().await.expect("the database answers");
        assert_eq!(row.attempts, death);
        if row.attempts == 5 {
            handle::handle_begun(&desk.app, row, &desk.rules).await.expect("the database answers");
        }
    }
    assert_snapshot!(desk.journal().await, @"quarantined (handling it ended the process)");
    assert_eq!(desk.receive(mail(ANN, "The next one")).await, "ticket #1");
    assert_eq!(listed(&desk, Became::Quarantined).await.len(), 1);
    assert_eq!(release(&desk, 1, Became::Quarantined).await, "ticket #2");
}

/// Fills the disk of an embedded database, or makes a server say that its own is full.
async fn fill_disk(desk: &TestDesk) {
    run(desk, "pragma max_page_count = 1", FULL).await;
}

async fn free_disk(desk: &TestDesk) {
    run(desk, "pragma max_page_count = 1073741823", "drop trigger full_disk on tickets").await;
}

const FULL: &str = "create or replace function full_disk() returns trigger language plpgsql as
        'begin raise exception ''no space left'' using errcode = ''53100''; end';
    create trigger full_disk before insert on tickets execute function full_disk()";

async fn run(desk: &TestDesk, sqlite: &'static str, postgres: &'static str) {
    match &desk.app.db {
        store::db::Db::Sqlite { write, .. } => sqlx::raw_sql(sqlite).execute(write).await.map(drop),
        store::db::Db::Postgres(pool) => sqlx::raw_sql(postgres).execute(pool).await.map(drop),
    }
    .expect("the database is changed");
}

#[rstest]
#[tokio::test]
async fn a_full_disk_blames_no_mail_and_loses_none(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let long = "It burns. ".repeat(4000);
    let items = [
        desk.record("support", mail(ANN, "One").text(&long).into(), Extent::Full).await,
        desk.record("support", mail(ANN, "Two").text(&long).into(), Extent::Full).await,
    ];
    fill_disk(&desk).await;
    let failed = handle::handle(&desk.app, items.into(), &desk.rules).await;
    assert!(failed.is_err(), "it says that it failed");
    assert_snapshot!(desk.journal().await, @r"
    waiting after 0 attempts
    waiting after 0 attempts
    ");
    assert_snapshot!(desk.tickets().await, @"none");
    free_disk(&desk).await;
    let mailbox = desk.mailbox("support").await;
    let mut tx = desk.write().await;
    let rows = store::inbox::claim_new(&mut tx, mailbox.id, 10).await.unwrap();
    tx.commit().await.unwrap();
    for row in rows {
        handle::handle_begun(&desk.app, row, &desk.rules).await.unwrap();
    }
    assert_snapshot!(desk.tickets().await, @r"
    #1 open `One`, 1 message
    #2 open `Two`, 1 message
    ");
}
