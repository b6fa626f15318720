//! Two daemons on one PostgreSQL and one mailbox, killed in turn, or put to sleep.

use super::stage::Stage;
use crate::support::daemon::Daemon;
use crate::support::site::Engine;

/// Mails in all.
const MAILS: usize = 500;
/// One daemon is killed at these moments, the other at any time.
const MOMENTS: [&str; 16] = [
    "intake.lease.after_commit:2",
    "delivery.data.after_commit:2",
    "imap-search-answered:2",
    "delivery.claim.after_commit:1",
    "imap-fetch-answered:1",
    "record.before_commit:1",
    "smtp-content-answered:2",
    "record.after_commit:1",
    "handle.before_commit:1",
    "delivery.after_answer:2",
    "handle.after_commit:1",
    "delivery.settle.before_commit:2",
    "disposal.after_server:1",
    "delivery.settle.after_commit:1",
    "disposal.after_commit:1",
    "delivery.data.before_commit:1",
];

#[tokio::test(flavor = "multi_thread")]
async fn two_daemons_that_are_killed_in_turn_make_each_mail_one_ticket() {
    let mut stage = Stage::set(Engine::Postgres, 1).await;
    let mut reader = stage.site.start();
    for (done, moment) in MOMENTS.iter().enumerate() {
        let mut doomed = stage.site.start_until(moment);
        let count = (MAILS - stage.sent()).div_ceil(MOMENTS.len() + 1 - done);
        stage.arrive(count);
        // Now or a little later the other one has to take over.
        reader.kill();
        stage.note_kill();
        doomed.until_killed(moment);
        stage.note_kill();
        reader = stage.site.start();
        stage.wait_until_handled();
    }
    let _second = stage.site.start();
    let rest = MAILS - stage.sent();
    stage.arrive(rest);
    stage.finish(reader);
}

/// Its leases ran out meanwhile, and it does not know.
#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_that_slept_longer_than_its_lease_does_nothing_twice() {
    let mut stage = Stage::set(Engine::Postgres, 1).await;
    let sleeper = stage.site.start();
    for _ in 0..3 {
        let handled = sleeper.logged("handled message");
        stage.arrive(40);
        sleeper.until_logged_times("handled message", handled + 5);
        sleeper.signal("STOP");
        stage.note_kill();
        let other = stage.site.start();
        stage.wait_until_handled();
        sleeper.signal("CONT");
        stage.arrive(10);
        stage.wait_until_handled();
        other.stop();
    }
    assert_eq!(blamed(&sleeper), Vec::<String>::new());
    stage.finish(sleeper);
}

/// Lines that put the blame on a message.
fn blamed(daemon: &Daemon) -> Vec<String> {
    daemon.lines("quarantined")
}
