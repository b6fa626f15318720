//! The `user_addresses` table: addresses of people beside the first one, which is in `users`.

use crate::clock::Timestamp;
use crate::email::Email;
use crate::store::db::Tx;
use crate::store::db::on;
use crate::ticket::id::UserId;

/// Gives somebody one more; false if somebody has it.
pub async fn insert(
    tx: &mut Tx,
    user_id: UserId,
    address: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "insert into user_addresses (address_key, user_id, address, created_at) values ($1, $2, $3, $4)
        on conflict do nothing";
    let added = on!(tx, |conn| {
        sqlx::query(sql)
            .bind(Email::key_of(address))
            .bind(user_id)
            .bind(address.trim())
            .bind(now)
            .execute(conn)
            .await?
            .rows_affected()
    });
    Ok(added == 1)
}

/// Takes one away; false if it was not theirs.
pub async fn delete(tx: &mut Tx, user_id: UserId, address: &str) -> Result<bool, sqlx::Error> {
    let sql = "delete from user_addresses where address_key = $1 and user_id = $2";
    let gone = on!(tx, |conn| {
        sqlx::query(sql).bind(Email::key_of(address)).bind(user_id).execute(conn).await?.rows_affected()
    });
    Ok(gone == 1)
}

/// All of somebody, oldest first, as they are written.
pub async fn list(tx: &mut Tx, user_id: UserId) -> Result<Vec<String>, sqlx::Error> {
    let sql = "select address from user_addresses where user_id = $1 order by created_at, address_key";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(user_id).fetch_all(conn).await)
}

/// Takes all of somebody away.
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<(), sqlx::Error> {
    let sql = "delete from user_addresses where user_id = $1";
    on!(tx, |conn| sqlx::query(sql).bind(user_id).execute(conn).await.map(drop))
}
