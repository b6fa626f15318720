//! Columns that hold one of a few words: a word that the desk does not know is told, whatever reads it.

use rstest::rstest;
use sqlx::AssertSqlSafe;

use helpdeskd::store;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::InboxId;
use helpdeskd::ticket::id::TicketId;

use crate::support::mail::mail;
use crate::support::story::On;
use crate::support::story::TestDesk;

/// Rows of a desk with one mail, each with a word that no version of the desk writes, and what is said of it.
const UNKNOWN: [(&str, &str); 5] = [
    ("update followups set kind = 'poem'", "`poem` is no kind of entry"),
    ("update followups set authentication = 'maybe'", "`maybe` is no result of an authentication"),
    ("update tickets set authentication = ''", "`` is no result of an authentication"),
    ("update inbox set outcome = 'eaten'", "`eaten` is no outcome of a message"),
    ("update inbox set authentication = 'PASS'", "`PASS` is no result of an authentication"),
];

async fn execute(tx: &mut Tx, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    let done = match tx {
        Tx::Sqlite(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
        Tx::Postgres(conn) => sqlx::query(sql).execute(&mut **conn).await.map(drop),
    };
    done.expect("it is executed");
}

/// What the first of these says that cannot be read.
async fn complaint(tx: &mut Tx) -> Option<String> {
    let ticket = store::tickets::find(tx, TicketId(1)).await.map(drop);
    let entries = store::followups::list(tx, TicketId(1)).await.map(drop);
    let message = store::inbox::find(tx, InboxId(1)).await.map(drop);
    [ticket, entries, message].into_iter().find_map(Result::err).map(|error| error.to_string())
}

#[rstest]
#[tokio::test]
async fn a_word_in_the_database_that_nobody_knows_is_an_error_that_names_it(
    #[values(On::Sqlite, On::Postgres)] on: On,
) {
    let desk = TestDesk::start(on).await;
    desk.receive(mail("ann@customer.test", "Printer on fire")).await;
    assert_eq!(complaint(&mut desk.read().await).await, None);
    for (sql, expected) in UNKNOWN {
        let mut tx = desk.write().await;
        execute(&mut tx, sql).await;
        let said = complaint(&mut tx).await.unwrap_or_default();
        assert!(said.contains(expected), "{sql}: {said}");
        tx.rollback().await.expect("it is undone");
    }
    desk.deliver().await;
}
