//! Following events by their positions, while many write and some commit late.

use std::collections::HashMap;
use std::time::Duration;
use std::time::Instant;

use rstest::rstest;

use helpdeskd::clock::Timestamp;
use helpdeskd::desk::app::App;
use helpdeskd::store;
use helpdeskd::store::db::positions;
use helpdeskd::store::events::Logged;
use helpdeskd::ticket::event::Kind;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker;

use crate::support::story::On;
use crate::support::story::TestDesk;
use crate::support::until::note;

const WRITERS: usize = 20;
const TICKETS: usize = 7;
/// Events of one transaction.
const BURST: usize = 5;

/// Events that are written in all.
const TOTAL: usize = 4000;

/// Some events of one ticket in one transaction, which commits after a while.
async fn write(app: &App, ticket: TicketId, late: Duration) {
    let mut tx = app.db.write().await.expect("it begins");
    for _ in 0..BURST {
        let seq = store::tickets::count_event(&mut tx, ticket).await.expect("it is counted");
        let event = Logged {
            ticket_id: ticket,
            seq,
            kind: Kind::Priority,
            entry_id: None,
            actor_id: None,
            token_id: None,
            door: "desk".to_owned(),
            field: "priority".to_owned(),
            old: None,
            new: None,
            at: Timestamp(1),
            user_id: None,
        };
        store::events::insert(&mut tx, &event).await.expect("it is written");
    }
    // Who began early, and has the lowest numbers, is often the last.
    tokio::time::sleep(late).await;
    tx.commit().await.expect("it is committed");
}

async fn writer(app: App, number: usize, transactions: usize) {
    for turn in 0..transactions {
        let pick = number.wrapping_mul(7919) ^ turn.wrapping_mul(104_729);
        let ticket = TicketId(i64::try_from(pick % TICKETS).expect("it is small") + 1);
        let late = Duration::from_millis(if pick.is_multiple_of(11) { 8 } else { 0 });
        write(&app, ticket, late).await;
    }
}

/// Reads until all are there; each ticket's in order, and none twice.
async fn follow(app: App, expected: usize) -> usize {
    let (mut at, mut read, mut seen) = (0, 0, HashMap::<TicketId, i64>::new());
    let begun = Instant::now();
    while read < expected && begun.elapsed() < Duration::from_mins(10) {
        let mut tx = app.db.look().await.expect("it is read");
        let events = positions::list_after(&mut tx, at, 100).await.expect("it is read");
        drop(tx);
        for placed in &events {
            assert!(placed.position > at, "{} behind {at}", placed.position);
            at = placed.position;
            let (last, seq) = (seen.entry(placed.event.ticket_id).or_default(), placed.event.seq);
            assert_eq!(seq, Some(*last + 1), "of ticket {}", placed.event.ticket_id);
            *last += 1;
            read += 1;
        }
        if events.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    read
}

async fn place(app: App) {
    loop {
        worker::positions::place(&app).await.expect("they are placed");
        tokio::task::yield_now().await;
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_follows_events_misses_none_and_sees_each_tickets_in_order(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    for number in 0..TICKETS {
        desk.operator().open(None, &format!("Ticket {number}"), "Hello").await;
    }
    desk.sent().await;
    let mut tx = desk.read().await;
    let before = positions::reach(&mut tx).await.expect("it is read");
    drop(tx);
    worker::positions::place(&desk.app).await.expect("they are placed");
    let opened = follow(desk.app.clone(), TICKETS).await;
    assert!(opened >= TICKETS && (before.last > 0 || before.is_any_unplaced), "{before:?}");

    let transactions = TOTAL / WRITERS / BURST;
    let written = WRITERS * transactions * BURST;
    let begun = Instant::now();
    let other = desk.another(7).await;
    let placing = [desk.app.clone(), other.clone()].map(|app| desk.app.tasks.spawn(place(app)));
    let reading =
        [desk.app.clone(), other.clone()].map(|app| desk.app.tasks.spawn(follow(app, opened + written)));
    let writing: Vec<_> = (0..WRITERS)
        .map(|number| desk.app.tasks.spawn(writer(desk.app.clone(), number, transactions)))
        .collect();
    for one in writing {
        one.await.expect("it writes all");
    }
    for one in reading {
        assert_eq!(one.await.expect("it sees them in order"), opened + written);
    }
    note(&format!("{written} events in {:?}", begun.elapsed()));
    placing.iter().for_each(tokio::task::JoinHandle::abort);
    desk.leaves_unsettled();
}
