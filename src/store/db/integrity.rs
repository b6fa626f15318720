//! What the database says of itself: its version, and whether pages, indexes and references are whole.

use crate::store::db::Tx;

/// The database's own version.
pub async fn version(tx: &mut Tx) -> Result<String, sqlx::Error> {
    match tx {
        Tx::Sqlite(transaction) => {
            sqlx::query_scalar("select sqlite_version()").fetch_one(&mut **transaction).await
        }
        Tx::Postgres(transaction) => {
            let sql = "select current_setting('server_version')";
            sqlx::query_scalar(sql).fetch_one(&mut **transaction).await
        }
    }
}

/// What a database said of itself that is to be looked at.
pub async fn complaints(tx: &mut Tx) -> Result<Vec<String>, sqlx::Error> {
    match tx {
        Tx::Sqlite(transaction) => {
            let sql = "select integrity_check from pragma_integrity_check where integrity_check <> 'ok'
                union all
                select 'row ' || coalesce(rowid, 0) || ' of ' || [table] || ' refers to no row of ' || parent
                from pragma_foreign_key_check";
            sqlx::query_scalar(sql).fetch_all(&mut **transaction).await
        }
        Tx::Postgres(transaction) => {
            let sql = "select 'the index ' || relname || ' is not valid' from pg_index
                    join pg_class on pg_class.oid = pg_index.indexrelid
                where not indisvalid and relnamespace = any (select oid from pg_namespace
                    where nspname = any (current_schemas(false)))
                union all
                select 'the references ' || conname || ' were never looked at' from pg_constraint
                where not convalidated and connamespace = any (select oid from pg_namespace
                    where nspname = any (current_schemas(false)))";
            sqlx::query_scalar(sql).fetch_all(&mut **transaction).await
        }
    }
}

/// Lets what follows in this transaction take as long as it must.
pub async fn take_time(tx: &mut Tx) -> Result<(), sqlx::Error> {
    let Tx::Postgres(transaction) = tx else { return Ok(()) };
    sqlx::query("set local statement_timeout = 0").execute(&mut **transaction).await.map(drop)
}

/// Whether PostgreSQL can compare indexes with their tables: where its extension `amcheck` was created.
pub async fn can_compare_indexes(tx: &mut Tx) -> Result<bool, sqlx::Error> {
    let Tx::Postgres(transaction) = tx else { return Ok(false) };
    let sql = "select count(*) from pg_extension where extname = 'amcheck'";
    let found: i64 = sqlx::query_scalar(sql).fetch_one(&mut **transaction).await?;
    Ok(found > 0)
}

/// Compares every index with its table; fails at the first that is damaged, and says which. Gives how many.
pub async fn compare_indexes(tx: &mut Tx) -> Result<usize, sqlx::Error> {
    let Tx::Postgres(transaction) = tx else { return Ok(0) };
    let sql = "select bt_index_check(pg_class.oid, true)::text from pg_index
            join pg_class on pg_class.oid = pg_index.indexrelid join pg_am on pg_am.oid = pg_class.relam
        where amname = 'btree' and indisvalid and relnamespace = any (select oid from pg_namespace
            where nspname = any (current_schemas(false)))";
    Ok(sqlx::query_scalar::<_, Option<String>>(sql).fetch_all(&mut **transaction).await?.len())
}
