//! Whether a database server is there at all, asked once: a pool asks again and again without a word.

use std::str::FromStr;
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::Connection;
use sqlx::postgres::PgConnectOptions;

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Fails with the reason where nobody answers. An embedded database has no server.
pub async fn server(url: &str) -> Result<(), sqlx::Error> {
    if !url.starts_with("postgres") {
        return Ok(());
    }
    let options = PgConnectOptions::from_str(url)?;
    let connection = tokio::time::timeout(PATIENCE, options.connect()).await;
    connection.unwrap_or(Err(sqlx::Error::PoolTimedOut))?.close().await
}
