//! The rules between tables, and what the databases say of themselves.

use helpdeskd::store;
use helpdeskd::store::db::Db;
use helpdeskd::store::db::Tx;
use helpdeskd::ticket::id::BlobId;
use helpdeskd::ticket::id::MailboxId;

use super::Calls;
use super::MUCH_LATER;
use super::call;
use crate::support::story::On;
use crate::support::story::TestDesk;

pub async fn call_all(tx: &mut Tx, calls: &mut Calls) {
    for proof in store::proofs::ALL.iter().copied().flatten() {
        call!(calls, proofs::find(tx, proof));
    }
    call!(calls, proofs::unfinished(tx, MUCH_LATER));
    call!(calls, proofs::newest(tx, MailboxId(1), Some(1)));
    call!(calls, blobs::list_after(tx, BlobId(0), 2));
    call!(calls, db::integrity::take_time(tx));
    assert!(!call!(calls, db::integrity::can_compare_indexes(tx)), "nobody created the extension");
    assert!(call!(calls, db::integrity::complaints(tx)).is_empty());
}

#[tokio::test]
async fn the_indexes_of_postgres_are_compared_with_their_tables_where_its_extension_is() {
    let desk = TestDesk::start(On::Postgres).await;
    let Db::Postgres(pool) = &desk.app.db else { panic!("it is PostgreSQL") };
    sqlx::raw_sql("create extension amcheck").execute(pool).await.expect("it comes with the server");
    let mut tx = desk.read().await;
    assert!(store::db::integrity::can_compare_indexes(&mut tx).await.unwrap());
    assert!(store::db::integrity::compare_indexes(&mut tx).await.unwrap() > 50);
}
