//! Having nothing remain of what was deleted.

use crate::store::db::Db;

/// Has nothing remain of what was deleted or written over, in no file of this database. Whoever writes waits for it; to
/// be called outside of all transactions.
pub async fn scrub(db: &Db) -> Result<(), sqlx::Error> {
    match db {
        Db::Sqlite { write, .. } => {
            sqlx::query("vacuum").execute(write).await?;
            sqlx::query("pragma wal_checkpoint(truncate)").execute(write).await?;
        }
        Db::Postgres(pool) => {
            let mut connection = pool.acquire().await?;
            // It takes as long as it takes.
            sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
            let done = sqlx::query("vacuum").execute(&mut *connection).await;
            sqlx::query("set statement_timeout = '60s'").execute(&mut *connection).await?;
            done?;
        }
    }
    Ok(())
}
