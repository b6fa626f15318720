//! The desk's own check where DNS does not work: mail is taken in all the same.

use std::time::Duration;
use std::time::Instant;

use rstest::rstest;

use helpdeskd::auth::Authenticator;
use helpdeskd::mail::journal::Extent;
use helpdeskd::net::dns::Resolver;
use helpdeskd::worker::handle;

use crate::support::mail::mail;
use crate::support::name_server::Manner;
use crate::support::name_server::NameServer;
use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::until::note;

/// A desk that asks this name server.
async fn desk(on: On, server: &NameServer) -> TestDesk {
    let mut desk = TestDesk::start(on).await;
    desk.checks_mails();
    desk.rules.authenticator = Authenticator::new(Resolver::of(&[server.address]).expect("it is made"));
    desk
}

/// Mails from as many domains, handled as one batch; what was found out about each.
async fn batch(desk: &TestDesk, name: &str, count: usize) -> Vec<String> {
    let mut items = Vec::new();
    for n in 0..count {
        let from = format!("ann@{name}{n}.test");
        items.push(desk.record("support", mail(&from, "Printer").into(), Extent::Full).await);
    }
    handle::handle(&desk.app, items, &desk.rules).await.expect("they are handled");
    desk.deliver().await;
    let rows = desk.received().await;
    let new = rows.iter().skip(rows.len() - count);
    new.map(|row| row.authentication.unwrap_or_default().as_str().to_owned()).collect()
}

#[rstest]
#[case::refused(Manner::Refuses)]
#[case::silent(Manner::Silent)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resolver_that_gives_no_answer_is_asked_for_one_batch_and_then_left_alone(
    #[case] manner: Manner,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let server = NameServer::start(manner);
    let desk = desk(on, &server).await;
    assert_eq!(batch(&desk, "first", 20).await, vec!["unknown"; 20]);
    let asked = server.asked();
    assert!(asked > 0, "it was asked");
    assert_eq!(batch(&desk, "second", 20).await, vec!["unknown"; 20]);
    assert_eq!(server.asked(), asked, "nothing is held up any more");
    desk.advance(Duration::from_mins(10));
    batch(&desk, "third", 1).await;
    assert!(server.asked() > asked, "it is tried again");
}

/// A hundred mails from as many domains, in batches as the mailbox gives them; and one more that waits behind them.
#[rstest]
#[case::quick(Manner::Denies(Duration::from_millis(20)), "none", Duration::from_secs(10))]
#[case::slow(Manner::Denies(Duration::from_secs(5)), "unknown", Duration::from_secs(20))]
#[case::silent(Manner::Silent, "unknown", Duration::from_secs(20))]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_resolver_holds_a_hundred_mails_up_for_seconds_only(
    #[case] manner: Manner,
    #[case] found: &str,
    #[case] longest: Duration,
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let server = NameServer::start(manner);
    let desk = desk(on, &server).await;
    let begun = Instant::now();
    for name in ["one", "two", "three", "four", "five"] {
        assert_eq!(batch(&desk, name, 20).await, vec![found; 20]);
    }
    let elapsed = begun.elapsed();
    note(&format!("a hundred mails, {manner:?}: {elapsed:?}, {} questions", server.asked()));
    assert!(elapsed < longest, "{elapsed:?}");
    let begun = Instant::now();
    batch(&desk, "last", 1).await;
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resolver_that_knows_of_nothing_leaves_no_doubt(#[values(On::Sqlite, On::Postgres)] on: On) {
    let server = NameServer::start(Manner::Denies(Duration::from_millis(20)));
    let desk = desk(on, &server).await;
    assert_eq!(batch(&desk, "first", 20).await, vec!["none"; 20]);
    let asked = server.asked();
    assert_eq!(batch(&desk, "first", 20).await, vec!["none"; 20]);
    assert_eq!(server.asked(), asked, "what was said is kept for a while");
}
