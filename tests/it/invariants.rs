//! What always holds, one test a sentence, where the stories do not show it anyway.
//!
//! That nothing is lost when the process is killed is shown by `exactly_once`.

use std::sync::Arc;
use std::time::Duration;

use rstest::rstest;

use helpdeskd::desk::action::Action;
use helpdeskd::desk::comment;
use helpdeskd::desk::comment::Said;
use helpdeskd::desk::event;
use helpdeskd::desk::prepared::Prepared;
use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::entry::Visibility;
use helpdeskd::ticket::id::TicketId;
use helpdeskd::worker::delivery::account_worker::AccountWorker;

use crate::architecture::source;
use crate::support::mail::mail;
use crate::support::smtp_sink::Fault;
use crate::support::smtp_sink::SmtpSink;
use crate::support::smtp_sink::Stage;
use crate::support::story::On;
use crate::support::story::TestDesk;

const ANN: &str = "ann@customer.test";

/// From now on every statement of this kind fails.
async fn forbid(desk: &TestDesk, what: &str) {
    let sqlite =
        format!("create trigger forbidden before {what} begin select raise(abort, 'forbidden'); end");
    let postgres = format!(
        "create function forbid() returns trigger language plpgsql as 'begin raise exception ''forbidden''; end';
        create trigger forbidden before {what} execute function forbid()"
    );
    let done = match &desk.app.db {
        Db::Sqlite { write, .. } => sqlx::raw_sql(sqlx::AssertSqlSafe(sqlite)).execute(write).await.map(drop),
        Db::Postgres(pool) => sqlx::raw_sql(sqlx::AssertSqlSafe(postgres)).execute(pool).await.map(drop),
    };
    done.expect("the trigger is made");
}

#[rstest]
#[tokio::test]
async fn a_change_whose_mail_cannot_be_queued_does_not_happen(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    desk.sent().await;
    let before = desk.ticket(1).await;
    forbid(&desk, "insert on outbox").await;
    let mut tx = desk.write().await;
    let mut action = Action::begin(&mut tx, &desk.operator().actor, TicketId(1)).await.expect("it is there");
    let said = Said::of(Visibility::Public, Arc::new(Prepared::plain("Use water.")));
    comment::comment(&desk.app.desk(), &mut tx, &mut action, said, desk.now()).await.expect("it is said");
    assert!(event::record(&desk.app.desk(), &mut tx, action, desk.now()).await.is_err());
    drop(tx);
    assert_eq!(desk.ticket(1).await, before);
}

#[rstest]
#[tokio::test]
async fn nothing_leaves_that_the_database_does_not_know_of(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let sink = SmtpSink::start();
    desk.smtp_at(sink.address(), "none").await;
    forbid(&desk, "update of data_started_at on outbox").await;
    assert!(desk.try_deliver().await.is_err(), "the database refuses");
    assert_eq!(sink.passages(Stage::Data), 0, "and the server was not told to expect a text");
    desk.leaves_unsettled();
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_transaction_is_open_while_a_server_is_spoken_to(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail(ANN, "Printer on fire")).await;
    let sink = SmtpSink::start();
    sink.fail(Stage::Message, Fault::Silence, 1);
    let mut lane = desk.lane_to(sink.address());
    let app = desk.app.clone();
    let sending = desk.app.tasks.spawn(async move { lane.step(&app).await });
    sink.wait_for_stage(Stage::Message, 1).await;
    // Until long before the server is given up; what was dropped a moment ago may still be rolling back.
    let none = async { while open_elsewhere(&desk).await > 0 {} };
    tokio::time::timeout(Duration::from_secs(10), none).await.expect("no transaction is open");
    sending.abort();
    desk.leaves_unsettled();
}

/// Transactions of others. SQLite has one writer: this waits for ever where somebody else is one.
async fn open_elsewhere(desk: &TestDesk) -> i64 {
    let mut tx = desk.write().await;
    let open = match &mut tx {
        Tx::Sqlite(_) => 0,
        Tx::Postgres(tx) => {
            let sql = "select count(*) from pg_stat_activity where datname = current_database()
                and state like 'idle in transaction%' and pid <> pg_backend_pid()";
            sqlx::query_scalar(sql).fetch_one(&mut **tx).await.expect("the server tells it")
        }
    };
    tx.rollback().await.expect("it rolls back");
    open
}

#[tokio::test]
async fn the_same_clock_and_seed_tell_the_same_story() {
    let mut dumps = Vec::new();
    for _ in 0..2 {
        let desk = TestDesk::start(On::Sqlite).await;
        desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
        desk.operator().comment(1, "Use water.").await;
        desk.sent().await;
        desk.receive(
            mail(ANN, "Re: Printer on fire").id("second@client.test").in_reply_to("first@client.test"),
        )
        .await;
        desk.deliver().await;
        dumps.push(desk.dump().await);
    }
    assert_eq!(dumps[0], dumps[1]);
}

#[test]
fn only_what_opens_asks_and_upgrades_a_database_knows_that_there_are_two() {
    let knows = |path: &str| path.starts_with("src/store/db") || path == "src/store/migrate.rs";
    for file in source::all(&["src"]).iter().filter(|file| !knows(&file.path)) {
        for at in 0..file.tokens.len() {
            let named = file.name(at).is_some_and(|name| ["Sqlite", "Postgres"].contains(&name));
            assert!(!named, "{} names one of the databases", file.place(at));
        }
    }
}

#[rstest]
#[tokio::test]
async fn every_change_can_be_looked_up_with_its_author_and_door(#[values(On::Sqlite, On::Postgres)] on: On) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    desk.receive(mail(ANN, "Printer on fire").id("first@client.test")).await;
    desk.receive(mail(ANN, "Re: Printer on fire").in_reply_to("first@client.test")).await;
    let hand = desk.by(&alex);
    hand.assign(1, Some(&alex)).await;
    hand.comment(1, "Use water.").await;
    hand.note(1, "She sounded calm.").await;
    hand.hold(1).await;
    hand.unhold(1).await;
    hand.priority(1, 1).await;
    hand.tag(1, "fire").await;
    hand.cc(1, "bob@customer.test").await;
    hand.resolve(1, "Water it is.").await;
    hand.reopen(1, "").await;
    hand.close(1, "").await;
    let changes = store::events::list(&mut desk.read().await, TicketId(1)).await.unwrap();
    let seen: Vec<(&str, &str)> =
        changes.iter().map(|change| (change.door.as_str(), change.field.as_str())).collect();
    let fields = [
        "owner", "comment", "comment", "hold", "hold", "priority", "tag", "cc", "status", "status", "status",
    ];
    let mut expected = vec![("mail", "opened"), ("mail", "comment")];
    expected.extend(fields.map(|field| ("cli", field)));
    assert_eq!(seen, expected);
    assert!(changes[2..].iter().all(|change| change.actor_id == Some(alex.id)));
}

#[rstest]
#[tokio::test]
async fn a_deleted_ticket_leaves_who_and_when_and_nothing_of_what(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    let alex = desk.agent("alex@staff.test").await;
    let secret = mail(ANN, "Secret subject").text("Secret body").attachment("s.txt", "text/plain", b"Secret");
    desk.receive(secret.id("secret@client.test")).await;
    desk.by(&alex).comment(1, "Secret answer").await;
    desk.by(&alex).tag(1, "Secret").await;
    desk.sent().await;
    desk.by(&alex).delete(1).await;
    let dump = desk.dump().await;
    let left: Vec<&str> = dump.lines().filter(|line| line.to_lowercase().contains("secret")).collect();
    assert_eq!(left.len(), 1, "only the key that signs is left: {left:#?}");
    assert!(left[0].starts_with("keys "));
    let changes = store::events::list(&mut desk.read().await, TicketId(1)).await.unwrap();
    assert_eq!(
        changes.last().map(|change| (change.field.as_str(), change.actor_id)),
        Some(("deleted", Some(alex.id)))
    );
}

/// A lane is what sends; a test may hold one of its own.
impl TestDesk {
    fn lane_to(&self, server: std::net::SocketAddr) -> AccountWorker {
        let account = Arc::new(self.app.desk().config.smtp[0].clone());
        let transport = Self::transport_to(server, "none");
        AccountWorker::new(account, transport, helpdeskd::worker::pace::Pace::new(None))
    }
}
