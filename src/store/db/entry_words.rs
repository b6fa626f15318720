//! The `entry_words` table and its index: the words of entries, and which entries have some.
//!
//! The databases have nothing in common here but what is found. SQLite keeps the words as a text, with a space before
//! and behind each, and has them in an index that gives the newest entry first; PostgreSQL keeps them as a vector, and
//! its index gives all that has them at once.

use serde::Serialize;

use crate::store::columns::row;
use crate::store::db::ByDatabase;
use crate::store::db::Db;
use crate::store::db::Tx;
use crate::store::db::json_list;
use crate::store::db::on;
use crate::ticket::entry::Visibility;
use crate::ticket::id::FollowupId;
use crate::ticket::id::TicketId;
use crate::ticket::words::Folded;
use crate::ticket::words::clause::Clause;
use crate::ticket::words::clause::Last;
use crate::ticket::words::sought::Sought;

/// PostgreSQL gives no more than these at once; what has more is to be looked for among the newest.
const AT_ONCE: i64 = 4000;

/// An entry that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hit {
    pub id: FollowupId,
    pub ticket_id: TicketId,
}

row!(Hit { id, ticket_id });

/// The words of an entry, each once, and those above it.
#[derive(Clone, Debug)]
pub struct Words {
    pub id: FollowupId,
    pub words: String,
}

row!(Words { id, words });

/// Where it is looked, and for whom.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// Only older entries than this.
    pub before: FollowupId,
    /// None: all.
    pub only: Option<Visibility>,
}

/// Keeps the words of an entry, in the place of those that it had.
pub async fn put(tx: &mut Tx, id: FollowupId, words: &Folded, head: &Folded) -> Result<(), sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "insert into entry_words (id, words, head) values ($1, $2, $3)
            on conflict (id) do update set words = excluded.words, head = excluded.head",
        postgres:
            "insert into entry_words (id, words, head) values ($1, cast($2 as tsvector), cast($3 as tsvector))
            on conflict (id) do update set words = excluded.words, head = excluded.head",
    };
    write(tx, sql, id, words, head).await
}

/// Keeps the words of an entry that has none yet.
pub async fn put_missing(
    tx: &mut Tx,
    id: FollowupId,
    words: &Folded,
    head: &Folded,
) -> Result<(), sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "insert into entry_words (id, words, head) values ($1, $2, $3) on conflict (id) do nothing",
        postgres:
            "insert into entry_words (id, words, head) values ($1, cast($2 as tsvector), cast($3 as tsvector))
            on conflict (id) do nothing",
    };
    write(tx, sql, id, words, head).await
}

/// Keeps other words above an entry.
pub async fn put_head(tx: &mut Tx, id: FollowupId, head: &Folded) -> Result<(), sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "update entry_words set head = $2 where id = $1",
        postgres: "update entry_words set head = cast($2 as tsvector) where id = $1",
    };
    let (sql, head) = (sql.of(tx), kept(tx, head));
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(head).execute(conn).await.map(drop))
}

async fn write(
    tx: &mut Tx,
    sql: ByDatabase,
    id: FollowupId,
    words: &Folded,
    head: &Folded,
) -> Result<(), sqlx::Error> {
    let (sql, words, head) = (sql.of(tx), kept(tx, words), kept(tx, head));
    on!(tx, |conn| sqlx::query(sql).bind(id).bind(words).bind(head).execute(conn).await.map(drop))
}

/// Whether the index gives the newest entries first, without looking at more than it gives.
pub fn is_in_order(tx: &Tx, sought: &Sought) -> bool {
    matches!(tx, Tx::Sqlite(_)) && !sought.has_beginnings()
}

/// The newest entries with what is sought, by the index; none where there are too many to give them in order.
pub async fn find(
    tx: &mut Tx,
    sought: &Sought,
    reach: Reach,
    limit: i64,
) -> Result<Option<Vec<Hit>>, sqlx::Error> {
    let only = reach.only.map(Visibility::as_str);
    let is_whole = matches!(tx, Tx::Sqlite(_));
    let most = if is_whole { limit } else { AT_ONCE };
    let sql = ByDatabase {
        sqlite: "select followups.id, followups.ticket_id
            from word_index cross join followups on followups.id = word_index.rowid
            where word_index match $1 and word_index.rowid < $2 and ($3 is null or followups.visibility = $3)
            order by word_index.rowid desc limit 0 + $4",
        // A plus keeps it from the numbers' own index.
        postgres: "with found as materialized (select id from entry_words
                where (words || head) @@ cast($1 as tsquery) and + id < $2 limit 0 + $4)
            select id, (select ticket_id from followups where followups.id = found.id) as ticket_id from found
            where cast($3 as text) is null or (select visibility from followups where followups.id = found.id) = $3",
    };
    by_index_alone(tx, "off").await?;
    let (sql, sought) = (sql.of(tx), expression(tx, sought));
    let mut hits: Vec<Hit> = on!(tx, |conn| {
        sqlx::query_as(sql).bind(sought).bind(reach.before).bind(only).bind(most).fetch_all(conn).await
    })?;
    by_index_alone(tx, "on").await?;
    let count = i64::try_from(hits.len()).unwrap_or(i64::MAX);
    if !is_whole && count >= AT_ONCE {
        return Ok(None);
    }
    hits.sort_unstable_by(|one, other| other.cmp(one));
    hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Some(hits))
}

/// Whether PostgreSQL may read the whole table: of two common words that never stand together it expects many entries,
/// and would look for the first few of them in all.
async fn by_index_alone(tx: &mut Tx, may_read_all: &str) -> Result<(), sqlx::Error> {
    let Tx::Postgres(conn) = tx else { return Ok(()) };
    let sql = "select set_config('enable_seqscan', $1, true)";
    sqlx::query(sql).bind(may_read_all).execute(&mut **conn).await.map(drop)
}

/// Those with what is sought among so many entries, the newest first.
pub async fn walk(tx: &mut Tx, sought: &Sought, reach: Reach, most: i64) -> Result<Vec<Hit>, sqlx::Error> {
    let only = reach.only.map(Visibility::as_str);
    match tx {
        Tx::Sqlite(conn) => {
            // The first is asked for by itself: most entries do not have it.
            let sql =
                "select id, (select ticket_id from followups where followups.id = walked.id) as ticket_id
                from (select id, case when (instr(words, $1) > 0 or instr(head, $1) > 0)
                        and not exists (select 1 from json_each($2) as wanted
                            where instr(words, wanted.value) = 0 and instr(head, wanted.value) = 0)
                        and not exists (select 1 from json_each($3) as excluded
                            where instr(words, excluded.value) > 0 or instr(head, excluded.value) > 0)
                        and ($4 is null or (select visibility from followups
                            where followups.id = entry_words.id) = $4) then 1 end as fits
                    from entry_words where id < $5 order by id desc limit 0 + $6) as walked
                where fits = 1 order by id desc";
            let parts = |clauses: &[Clause]| {
                serde_json::to_string(&clauses.iter().map(part).collect::<Vec<_>>()).unwrap_or_default()
            };
            let first = sought.wanted.first().map(part).unwrap_or_default();
            let rest = parts(sought.wanted.get(1..).unwrap_or_default());
            let query = sqlx::query_as(sql).bind(first).bind(rest).bind(parts(&sought.excluded));
            query.bind(only).bind(reach.before).bind(most).fetch_all(&mut **conn).await
        }
        Tx::Postgres(_) => {
            let sql =
                "select id, (select ticket_id from followups where followups.id = walked.id) as ticket_id
                from (select id, case when (words || head) @@ cast($1 as tsquery)
                        and (cast($2 as text) is null or (select visibility from followups
                            where followups.id = entry_words.id) = $2) then 1 end as fits
                    from entry_words where id < $3 order by id desc limit 0 + $4) as walked
                where fits = 1 order by id desc";
            let sought = expression(tx, sought);
            let Tx::Postgres(conn) = tx else { return Ok(Vec::new()) };
            let query = sqlx::query_as(sql).bind(sought).bind(only).bind(reach.before).bind(most);
            query.fetch_all(&mut **conn).await
        }
    }
}

/// The last of so many entries that are walked; none if there are fewer.
pub async fn last_walked(
    tx: &mut Tx,
    before: FollowupId,
    most: i64,
) -> Result<Option<FollowupId>, sqlx::Error> {
    let sql = "select id from entry_words where id < $1 order by id desc limit 1 offset $2";
    on!(tx, |conn| sqlx::query_scalar(sql).bind(before).bind(most - 1).fetch_optional(conn).await)
}

/// Those of these tickets of which some entry has it.
pub async fn tickets_with(
    tx: &mut Tx,
    ids: &[TicketId],
    clause: &Clause,
) -> Result<Vec<TicketId>, sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "select distinct followups.ticket_id from json_each($1) as wanted
                cross join followups on followups.ticket_id = wanted.value
                cross join entry_words on entry_words.id = followups.id
            where instr(words, $2) > 0 or instr(head, $2) > 0",
        postgres: "select distinct followups.ticket_id from followups join entry_words on entry_words.id = followups.id
            where followups.ticket_id = any (array(select json_array_elements_text($1::json)::bigint))
                and (words || head) @@ cast($2 as tsquery)",
    };
    let wanted = match tx {
        Tx::Sqlite(_) => part(clause),
        Tx::Postgres(_) => expression(tx, &Sought::of(clause.clone())),
    };
    let (sql, ids) = (sql.of(tx), json_list(ids));
    on!(tx, |conn| sqlx::query_scalar(sql).bind(ids).bind(wanted).fetch_all(conn).await)
}

/// The words that are kept of the next entries behind a number, for whoever compares them.
pub async fn list_after(tx: &mut Tx, after: FollowupId, limit: i64) -> Result<Vec<Words>, sqlx::Error> {
    let sql = ByDatabase {
        sqlite: "select id, words || head as words from entry_words where id > $1 order by id limit 0 + $2",
        postgres:
            "select id, array_to_string(tsvector_to_array(words || head), ' ') as words from entry_words
            where id > $1 order by id limit 0 + $2",
    };
    let sql = sql.of(tx);
    on!(tx, |conn| sqlx::query_as(sql).bind(after).bind(limit).fetch_all(conn).await)
}

/// Has the index compared with the words, where the database does not do so by itself; fails where they differ.
pub async fn compare(db: &Db) -> Result<(), sqlx::Error> {
    let Db::Sqlite { write, .. } = db else { return Ok(()) };
    let sql = "insert into word_index (word_index, rank) values ('integrity-check', 1)";
    sqlx::query(sql).execute(write).await.map(drop)
}

/// Words as the database keeps them.
fn kept(tx: &Tx, folded: &Folded) -> String {
    let mut kept = String::with_capacity(folded.as_str().len() * 2);
    match tx {
        Tx::Sqlite(_) => {
            kept.push(' ');
            kept.push_str(folded.as_str());
            kept.push(' ');
        }
        Tx::Postgres(_) => {
            for (n, word) in folded.words().enumerate() {
                kept.push_str(word);
                kept.push(':');
                // Nothing stands together across the two vectors of an entry.
                kept.push_str(&(n + 2).to_string());
                kept.push(' ');
            }
        }
    }
    kept
}

/// A clause as a part of SQLite's text.
fn part(clause: &Clause) -> String {
    let end = if clause.last == Last::Begun { "" } else { " " };
    [" ", &clause.words.join(" "), end].concat()
}

/// What is sought in the language of the database's index. Words hold nothing that has a meaning there.
fn expression(tx: &Tx, sought: &Sought) -> String {
    let all = |clauses: &[Clause], one: fn(&Clause) -> String| clauses.iter().map(one).collect::<Vec<_>>();
    match tx {
        Tx::Sqlite(_) => {
            let wanted = all(&sought.wanted, quoted).join(" AND ");
            let excluded = behind(" NOT ", &all(&sought.excluded, quoted));
            ["(", &wanted, ")", &excluded].concat()
        }
        Tx::Postgres(_) => {
            let wanted = all(&sought.wanted, followed).join(" & ");
            [wanted, behind(" & !", &all(&sought.excluded, followed))].concat()
        }
    }
}

/// `"on fire" *`
fn quoted(clause: &Clause) -> String {
    let end = if clause.last == Last::Begun { "\" *" } else { "\"" };
    ["\"", &clause.words.join(" "), end].concat()
}

/// `('on' <-> 'fire':*)`
fn followed(clause: &Clause) -> String {
    let end = if clause.last == Last::Begun { "':*)" } else { "')" };
    ["('", &clause.words.join("' <-> '"), end].concat()
}

/// All of them, each behind the same.
fn behind(before: &str, parts: &[String]) -> String {
    parts.iter().flat_map(|part| [before, part]).collect()
}
