//! What is old goes, what is still needed stays, and nothing happens twice.

use helpdeskd::mail::journal::Became;
use helpdeskd::store;
use helpdeskd::store::blobs;
use helpdeskd::worker::housekeeping;
use helpdeskd::worker::scheduler::Job;
use rstest::rstest;

use crate::support::assert_snapshot;
use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::story::days;
use crate::support::story::hours;

async fn keep_house(desk: &TestDesk) {
    housekeeping::run(&desk.app).await;
}

/// Whether the bytes of the n-th received mail are still there.
async fn has_bytes(desk: &TestDesk, n: usize) -> bool {
    let Some(blob) = desk.received().await[n - 1].blob_id else { return false };
    let bytes = blobs::read(&mut desk.read().await, blob).await.expect("it is read");
    assert!(bytes.is_some(), "what is named is there");
    true
}

async fn stored(desk: &TestDesk, bytes: &[u8]) -> bool {
    blobs::find(&mut desk.write().await, &blobs::digest(bytes)).await.expect("it is read").is_some()
}

#[rstest]
#[tokio::test]
async fn received_mail_is_let_go_of_after_its_time_and_what_became_of_it_stays(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "").await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.receive(mail("bob@customer.test", "No author").without("From")).await;
    desk.advance(days(364));
    desk.receive(mail("ann@customer.test", "Again")).await;
    keep_house(&desk).await;
    assert!(has_bytes(&desk, 1).await && has_bytes(&desk, 2).await);
    desk.advance(days(1) + hours(1));
    keep_house(&desk).await;
    assert!(!has_bytes(&desk, 1).await && !has_bytes(&desk, 2).await && has_bytes(&desk, 3).await);
    assert_snapshot!(desk.journal().await, @r"
    ticket #1
    expired (no-author)
    ticket #2
    ");
    assert_snapshot!(desk.ticket(1).await, @r"
    #1 open `Printer on fire`, 1 message
    from ann@customer.test
    - ann@customer.test, opened, public: Please help.
    ");
    desk.sent().await;
}

#[rstest]
#[tokio::test]
async fn quarantined_mail_and_mail_that_waits_is_never_let_go_of(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    let waiting = mail("bob@customer.test", "Waits").into();
    desk.record("support", waiting, helpdeskd::mail::journal::Extent::Full).await;
    let first = desk.received().await[0].id;
    let mut tx = desk.write().await;
    assert!(store::inbox::reopen(&mut tx, first, Became::Ticket, "x").await.unwrap());
    let row = store::inbox::claim_one(&mut tx, first).await.unwrap().expect("it is open");
    let outcome = store::inbox::Outcome { outcome: Became::Quarantined, ..store::inbox::Outcome::default() };
    assert!(store::inbox::finish(&mut tx, row.id, row.attempts, &outcome, desk.now()).await.unwrap());
    tx.commit().await.unwrap();
    desk.advance(days(2000));
    keep_house(&desk).await;
    assert!(has_bytes(&desk, 1).await && has_bytes(&desk, 2).await);
    desk.leaves_unsettled();
}

#[rstest]
#[tokio::test]
async fn bytes_that_nothing_names_are_deleted_after_a_day(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let burning =
        mail("ann@customer.test", "Printer on fire").attachment("fire.txt", "text/plain", b"flames");
    desk.receive(burning).await;
    desk.receive(mail("ann@customer.test", "Smoke").attachment("smoke.txt", "text/plain", b"smoke")).await;
    desk.sent().await;
    desk.operator().delete(1).await;
    assert!(stored(&desk, b"flames").await);
    desk.advance(hours(23));
    keep_house(&desk).await;
    assert!(stored(&desk, b"flames").await, "its row may be about to be written");
    desk.advance(hours(2));
    keep_house(&desk).await;
    assert!(!stored(&desk, b"flames").await);
    assert!(stored(&desk, b"smoke").await);
    assert!(!has_bytes(&desk, 1).await && has_bytes(&desk, 2).await);
}

/// A mail with the same attachment that arrives just while the bytes are deleted must not fail.
#[tokio::test]
async fn bytes_that_come_again_while_they_are_deleted_are_stored_again() {
    let desk = TestDesk::start(On::Postgres).await;
    let digest = blobs::digest(b"flames");
    let mut tx = desk.write().await;
    let old = blobs::insert(&mut tx, &digest, b"flames", desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    // Found first: the deletion waits, and then leaves them alone or fails by itself.
    let mut finder = desk.write().await;
    assert_eq!(blobs::find(&mut finder, &digest).await.unwrap(), Some(old));
    let other = desk.another(2).await;
    let deletion = async move {
        let mut tx = other.db.write().await.unwrap();
        let deleted = blobs::delete_unreferenced(&mut tx, helpdeskd::ticket::id::BlobId(0), old).await;
        tx.commit().await.unwrap();
        deleted
    };
    let again = async {
        assert_eq!(blobs::insert(&mut finder, &digest, b"flames", desk.now()).await.unwrap(), old);
        finder.commit().await.unwrap();
    };
    let (deleted, ()) = tokio::join!(deletion, again);
    deleted.expect("nothing named them");
    // Deleted first: they are stored anew.
    let mut tx = desk.write().await;
    let new = blobs::insert(&mut tx, &digest, b"flames", desk.now()).await.unwrap();
    assert_ne!(new, old);
    assert_eq!(blobs::read(&mut tx, new).await.unwrap().as_deref(), Some(&b"flames"[..]));
    tx.rollback().await.unwrap();
}

#[rstest]
#[tokio::test]
async fn resolved_tickets_are_closed_after_some_days_where_the_queue_says_so(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let sales = "[[queues]]\nslug = \"sales\"\ntitle = \"Sales\"\naddress = \"sales@desk.test\"";
    let desk = TestDesk::with_config(on, &format!("close_resolved_days = 7\n{sales}")).await;
    for subject in ["Printer on fire", "Again"] {
        desk.receive(mail("ann@customer.test", subject)).await;
    }
    desk.receive_in("sales", mail("bob@customer.test", "How much?")).await;
    for id in 1..=3 {
        desk.operator().resolve(id, "Done.").await;
    }
    desk.advance(days(6));
    desk.receive(mail("ann@customer.test", "Re: [support-2] Again")).await;
    desk.sent().await;
    keep_house(&desk).await;
    desk.advance(days(1));
    keep_house(&desk).await;
    keep_house(&desk).await;
    assert_snapshot!(desk.tickets().await, @r"
    #1 closed `Printer on fire`, 3 messages
    #2 reopened `Again`, 3 messages
    #3 resolved `How much?`, 2 messages
    ");
    assert_snapshot!(desk.sent().await, @"ann@customer.test: [support-1] Printer on fire");
}

#[rstest]
#[tokio::test]
async fn used_keys_of_calls_and_old_log_ins_are_forgotten(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let mut tx = desk.write().await;
    let name = store::idempotency_keys::Name { account: "a".into(), path: "p".into(), key: "k".into() };
    assert!(store::idempotency_keys::claim(&mut tx, &name, &[0; 32], desk.now(), desk.now()).await.unwrap());
    store::login_failures::add(&mut tx, "ann", desk.now(), desk.now()).await.unwrap();
    store::login_origins::upsert(&mut tx, "ann", "127.0.0.1", desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(housekeeping::forget_calls(&desk.app).await.unwrap(), 0);
    desk.advance(days(1) + hours(1));
    assert_eq!(housekeeping::forget_calls(&desk.app).await.unwrap(), 2);
    desk.advance(days(30));
    assert_eq!(housekeeping::forget_calls(&desk.app).await.unwrap(), 1);
}

#[rstest]
#[tokio::test]
async fn housekeeping_runs_by_its_schedule(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::with_config(on, "close_resolved_days = 1").await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    desk.operator().resolve(1, "Water.").await;
    desk.step(Job::Housekeeping).await;
    desk.advance_to("2026-03-04T03:19:00Z");
    desk.step(Job::Housekeeping).await;
    assert_eq!(desk.row(1).await.status.as_str(), "closed", "yesterday's run was missed");
    desk.sent().await;
}
