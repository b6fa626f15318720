//! The numbers of tickets: the highest that was given, and going on above another one.
//!
//! Each database counts in its own way; a number is never given twice.

use crate::store::db::Tx;

/// The highest number that was ever given; 0 for none.
pub async fn last(tx: &mut Tx) -> Result<i64, sqlx::Error> {
    match tx {
        Tx::Sqlite(transaction) => {
            let sql = "select coalesce(max(seq), 0) from sqlite_sequence where name = 'tickets'";
            sqlx::query_scalar(sql).fetch_one(&mut **transaction).await
        }
        Tx::Postgres(transaction) => {
            let sql =
                "select case when is_called then last_value else last_value - 1 end from tickets_id_seq";
            sqlx::query_scalar(sql).fetch_one(&mut **transaction).await
        }
    }
}

/// The next ticket gets the number after this one, which must be above the last.
pub async fn skip_to(tx: &mut Tx, number: i64) -> Result<(), sqlx::Error> {
    match tx {
        Tx::Sqlite(transaction) => {
            // There is no row before the first ticket, and no constraint that would tell.
            let sql = "delete from sqlite_sequence where name = 'tickets'";
            sqlx::query(sql).execute(&mut **transaction).await?;
            let sql = "insert into sqlite_sequence (name, seq) values ('tickets', $1)";
            sqlx::query(sql).bind(number).execute(&mut **transaction).await.map(drop)
        }
        Tx::Postgres(transaction) => {
            let sql = "select setval('tickets_id_seq', $1)";
            sqlx::query(sql).bind(number).execute(&mut **transaction).await.map(drop)
        }
    }
}
