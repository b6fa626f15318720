//! What an upgrade makes of the rows that are there: the statements of the migration, on a desk of before.

use std::fs;
use std::path::Path;

use rstest::rstest;
use sqlx::AssertSqlSafe;

use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::authentication::Authentication;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

async fn execute(tx: &mut Tx, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    let done = match tx {
        Tx::Sqlite(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
        Tx::Postgres(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
    };
    done.expect("it is executed");
}

/// Forgets what the step added, and applies the statements of it that fill it.
async fn upgrade(desk: &TestDesk, on: On, name: &str) {
    let database = if on == On::Sqlite { "sqlite" } else { "postgres" };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database).join(name);
    let text = fs::read_to_string(path).expect("the migration is part of the project");
    // A later step gave the table another name.
    let text = text.replace("changes", "events");
    let mut tx = desk.write().await;
    execute(&mut tx, "update users set proven_at = null").await;
    execute(&mut tx, "update ticket_ccs set accepted_at = null").await;
    let updates: Vec<&str> =
        text.split(';').map(str::trim).filter(|sql| sql.starts_with("update ")).collect();
    assert_eq!(updates.len(), 2, "{text}");
    for sql in updates {
        execute(&mut tx, sql).await;
    }
    tx.commit().await.expect("it commits");
}

#[rstest]
#[tokio::test]
async fn those_are_known_for_whom_somebody_vouched_and_copies_that_agents_made_are_accepted(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::with_config(on, "cc = \"all\"\n").await;
    let alex = desk.agent("alex@staff.test").await;
    desk.mails_are(Authentication::None);
    desk.receive(mail("unproven@customer.test", "One")).await;
    desk.mails_are(Authentication::Pass);
    desk.receive(mail("proven@customer.test", "Two").cc("copied@customer.test")).await;
    desk.operator().open(Some("called@customer.test"), "Three", "").await;
    desk.operator().cc(2, "By.Operator@customer.test").await;
    desk.by(&alex).cc(1, "By.Agent@customer.test").await;
    desk.by(&alex).merge(1, 2).await;
    desk.sent().await;
    upgrade(&desk, on, "0010_trust.sql").await;
    let mut known = Vec::new();
    for name in ["alex@staff.test", "unproven@customer.test", "proven@customer.test", "copied@customer.test"]
    {
        known.push((name, desk.user(name).await.proven_at.is_some()));
    }
    assert_eq!(
        known,
        [
            ("alex@staff.test", true),
            ("unproven@customer.test", false),
            ("proven@customer.test", true),
            ("copied@customer.test", false)
        ]
    );
    for name in ["called@customer.test", "by.operator@customer.test", "by.agent@customer.test"] {
        assert!(desk.user(name).await.proven_at.is_some(), "{name}");
    }
    let accepted = store::ticket_ccs::list_accepted(&mut desk.read().await, TicketId(2)).await;
    let mut accepted: Vec<String> =
        accepted.expect("they are read").into_iter().filter_map(|user| user.email).collect();
    accepted.sort();
    assert_eq!(accepted.len(), 2, "{accepted:?}");
    assert!(accepted.iter().all(|email| email.starts_with("By.")), "{accepted:?}");
}
