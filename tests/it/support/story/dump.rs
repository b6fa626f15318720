//! Every row of the database as text, to see whether something changed.
//!
//! Bytes are left out: they are named by their digest.

use std::fmt::Write;

use helpdeskd::store::db::Tx;
use sqlx::AssertSqlSafe;

use super::TestDesk;

const BYTES: [&str; 2] = ["first_chunk", "bytes"];

impl TestDesk {
    /// One line a row, in the order of tables and rows.
    pub async fn dump(&self) -> String {
        let mut tx = self.read().await;
        let mut dump = String::new();
        for table in tables(&mut tx).await {
            let columns: Vec<String> = columns(&mut tx, &table)
                .await
                .into_iter()
                .filter(|name| !BYTES.contains(&name.as_str()))
                .collect();
            for row in rows(&mut tx, &table, &columns).await {
                writeln!(dump, "{table} {row}").expect("a text grows");
            }
        }
        dump
    }
}

/// Says which rows are new, gone or other.
pub fn assert_unchanged(before: &str, after: &str) {
    // Telling the changes takes long where there are many rows or lines.
    if before == after {
        return;
    }
    let gone = before.lines().filter(|line| !after.contains(line)).map(|line| format!("- {line}"));
    let new = after.lines().filter(|line| !before.contains(line)).map(|line| format!("+ {line}"));
    let changes: Vec<String> = gone.chain(new).collect();
    panic!("handling a mail again changed something:\n{}", changes.join("\n"));
}

/// Names of all tables of the desk.
pub async fn tables(tx: &mut Tx) -> Vec<String> {
    let names = match tx {
        Tx::Sqlite(tx) => {
            let sql =
                "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\'
                and name not like 'sqlite%' and name not like 'word_index%' order by name";
            sqlx::query_scalar(sql).fetch_all(&mut **tx).await
        }
        Tx::Postgres(tx) => {
            let sql = "select tablename::text from pg_tables where schemaname = 'public'
                and tablename not like '\\_%' order by tablename";
            sqlx::query_scalar(sql).fetch_all(&mut **tx).await
        }
    };
    names.expect("the tables are listed")
}

/// Names of the columns of a table, in the order of the alphabet.
pub async fn columns(tx: &mut Tx, table: &str) -> Vec<String> {
    let names = match tx {
        Tx::Sqlite(tx) => {
            let sql = "select name from pragma_table_info($1) order by name";
            sqlx::query_scalar(sql).bind(table).fetch_all(&mut **tx).await
        }
        Tx::Postgres(tx) => {
            let sql = "select column_name::text from information_schema.columns
                where table_schema = 'public' and table_name = $1 order by column_name";
            sqlx::query_scalar(sql).bind(table).fetch_all(&mut **tx).await
        }
    };
    names.expect("the columns are listed")
}

/// The numbers of the rows of a table, in order.
pub async fn ids(tx: &mut Tx, table: &str) -> Vec<i64> {
    let sql = AssertSqlSafe(format!("select id from {table} order by id"));
    let ids = match tx {
        Tx::Sqlite(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await,
        Tx::Postgres(tx) => sqlx::query_scalar(sql).fetch_all(&mut **tx).await,
    };
    ids.expect("the rows are listed")
}

async fn rows(tx: &mut Tx, table: &str, columns: &[String]) -> Vec<String> {
    let rows = match tx {
        Tx::Sqlite(tx) => {
            let parts: Vec<String> =
                columns.iter().map(|column| format!("'{column}=' || quote({column})")).collect();
            let sql = format!("select {} from {table} order by 1", parts.join(" || ' ' || "));
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut **tx).await
        }
        Tx::Postgres(tx) => {
            let parts: Vec<String> = columns
                .iter()
                .map(|column| format!("'{column}=' || coalesce(quote_literal({column}::text), 'null')"))
                .collect();
            let sql = format!("select {} from {table} order by 1", parts.join(" || ' ' || "));
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut **tx).await
        }
    };
    rows.unwrap_or_else(|error| panic!("the rows of {table}: {error}"))
}
