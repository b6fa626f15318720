//! The `rule_turns` table: how often each rule that gives tickets out in turn has done so.

use crate::store::db::Tx;
use crate::store::db::on;

/// Counts one more turn of a rule; says which it is, from 1. Rules are known by their names.
pub async fn advance(tx: &mut Tx, rule: &str) -> Result<i64, sqlx::Error> {
    let sql = "insert into rule_turns (rule, turn) values ($1, 1)
        on conflict (rule) do update set turn = rule_turns.turn + 1 returning turn";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(rule).fetch_one(conn).await)
}
