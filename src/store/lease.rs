//! Tables whose rows are work: claimed by one process, counted, settled once, given back, released.
//!
//! A table says what is its own in one `leased!`, and has typed functions that hand its values to the rest here.
//! A new one, say of calls to a web server, needs the columns `id`, `attempts`, `due_at`, `lease_until` and
//! `lease_by`, a partial index of the rows that are open, and
//!
//! ```text
//! leased! {
//!     "calls" where "state = 'queued'";
//!     settled "state = $3, due_at = $4, answer = $5, settled_at = $6";
//!     claim DUE when "due_at <= $1" first "due_at, id limit 0 + $4";
//! }
//! ```
//!
//! which makes `WORK` (settle, give back), `LEASES` (is due, release all) and the claim `DUE`. In a claim `$1` is
//! now, `$2` the end of the lease and `$3` the process that takes it; what is the table's own begins with `$4`. In a
//! settlement `$1` is the row and `$2` the attempt, and the table's own begins with `$3`. A lease that ends later
//! than one of now would was given by a clock that was wrong, and holds nobody up. `kept by its mailbox`, see `inbox`, is for rows that one lease elsewhere covers.
//! The test of all statements names every such table.

use std::sync::OnceLock;

use sqlx::FromRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::clock::Timestamp;
use crate::store::db::ByDatabase;
use crate::store::db::Tx;
use crate::store::db::on;

/// This process; nobody in particular where it does not serve.
static OWNER: OnceLock<String> = OnceLock::new();

/// What every table of work has.
#[derive(Debug)]
pub struct Work {
    pub table: &'static str,
    pub settle: &'static str,
    pub give_back: &'static str,
    pub claims: &'static [Claim],
}

/// What those have too that keep each row's lease beside it.
#[derive(Debug)]
pub struct Leases {
    pub is_due: &'static str,
    pub release_all: &'static str,
    pub release_of: &'static str,
}

/// One way to take rows.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    pub name: &'static str,
    pub text: ByDatabase,
}

/// Until when rows are taken, and what is now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lease {
    pub now: Timestamp,
    pub until: Timestamp,
}

/// One attempt at one row: whatever it writes is void once another attempt was begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    pub id: i64,
    pub attempts: i64,
}

/// A value of a table's own.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Number(Option<i64>),
    Text(Option<&'a str>),
    Bytes(&'a [u8]),
}

/// Declares a table of work; the module's documentation says how.
macro_rules! leased {
    (@table $table:literal, $open:literal, $free:literal, $take:literal, $done:literal, $back:literal;
        settled $set:literal $(or $late:literal)?;
        $(claim $name:ident $(when $when:literal)? $(and $and:literal)? first $first:literal $(also $also:literal)?;)+
    ) => {
        /// What the table has in common with other tables of work.
        pub const WORK: $crate::store::lease::Work = $crate::store::lease::Work {
            table: $table,
            settle: concat!("update ", $table, " set ", $set, $done,
                " where id = $1 and ((attempts = $2 and ", $open, ")" $(, " or (", $late, ")")?, ")"),
            give_back: concat!("update ", $table, " set attempts = attempts - 1", $back,
                " where id = $1 and attempts = $2 and ", $open),
            claims: &[$($name),+],
        };

        $(pub(crate) const $name: $crate::store::lease::Claim = $crate::store::lease::Claim {
            name: stringify!($name),
            text: $crate::store::db::unclaimed!(
                concat!("with due as (select id from ", $table, " as mine where ", $open, $free,
                    $(" and ", $when,)? $(" and ", $and,)? " order by ", $first),
                concat!(") update ", $table, " set ", $take, "attempts = attempts + 1", $(", ", $also,)?
                    " where ", $open, $free, $(" and ", $when,)? " and id in (select id from due) returning *")
            ),
        };)+
    };
    ($table:literal where $open:literal; $($rest:tt)*) => {
        $crate::store::lease::leased!(@table $table, $open,
            " and (lease_until <= $1 or lease_until - 60000000 > $2)", "lease_until = $2, lease_by = $3, ", ", lease_until = 0", ", lease_until = 0, due_at = $3";
            $($rest)*);

        /// The leases that stand beside the rows.
        pub const LEASES: $crate::store::lease::Leases = $crate::store::lease::Leases {
            is_due: concat!("select 1 from ", $table, " where ", $open,
                " and due_at <= $1 and (lease_until <= $1 or lease_until - 3600000000 > $1) limit 1"),
            release_all: concat!("update ", $table, " set lease_until = 0 where ", $open, " and lease_until > 0"),
            release_of: concat!("update ", $table, " set lease_until = 0 where ", $open,
                " and lease_until > 0 and lease_by = $1"),
        };
    };
    ($table:literal where $open:literal, kept by its mailbox; $($rest:tt)*) => {
        $crate::store::lease::leased!(@table $table, $open, "", "", "", ""; $($rest)*);
    };
}
pub(crate) use leased;

/// Binds values in their order; each database has a type of query of its own.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match *value {
                Value::Number(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

impl Work {
    /// Writes how an attempt ended; false if another was begun, or the row is no longer open.
    pub(crate) async fn settle(
        &self,
        tx: &mut Tx,
        attempt: Attempt,
        values: &[Value<'_>],
    ) -> Result<bool, sqlx::Error> {
        let done = on!(tx, |conn| {
            let query = sqlx::query(self.settle).bind(attempt.id).bind(attempt.attempts);
            bound!(query, values).execute(conn).await?.rows_affected()
        });
        Ok(done == 1)
    }

    /// Returns what was claimed and not tried, so that the attempt does not count.
    pub(crate) async fn give_back(
        &self,
        tx: &mut Tx,
        attempt: Attempt,
        values: &[Value<'_>],
    ) -> Result<(), sqlx::Error> {
        on!(tx, |conn| {
            let query = sqlx::query(self.give_back).bind(attempt.id).bind(attempt.attempts);
            bound!(query, values).execute(conn).await.map(drop)
        })
    }
}

impl Leases {
    /// Whether there is anything to claim, perhaps; asks without keeping anybody from writing.
    pub async fn is_due(&self, tx: &mut Tx, now: Timestamp) -> Result<bool, sqlx::Error> {
        let found = on!(tx, |conn| sqlx::query(self.is_due).bind(now).fetch_optional(conn).await?.is_some());
        Ok(found)
    }

    /// Lets go of every lease: for the one process that serves an embedded database.
    pub async fn release_all(&self, tx: &mut Tx) -> Result<(), sqlx::Error> {
        on!(tx, |conn| sqlx::query(self.release_all).execute(conn).await.map(drop))
    }

    /// Lets go of the leases of one process, which is dead.
    pub async fn release_of(&self, tx: &mut Tx, by: &str) -> Result<(), sqlx::Error> {
        on!(tx, |conn| sqlx::query(self.release_of).bind(by).execute(conn).await.map(drop))
    }
}

/// Names this process, once, in every lease that it takes from now on.
pub fn name_owner(name: &str) {
    // It has one name for as long as it lives.
    let _ = OWNER.set(name.to_owned());
}

impl Claim {
    /// Takes rows for the time of a lease; each begins one more attempt. They come in no order.
    pub(crate) async fn take<T>(
        &self,
        tx: &mut Tx,
        lease: Lease,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, sqlx::Error>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let text = self.text.of(tx);
        on!(tx, |conn| {
            let query = sqlx::query_as(text).bind(lease.now).bind(lease.until).bind(owner());
            bound!(query, values).fetch_all(conn).await
        })
    }

    /// Takes rows that the lease of something else covers.
    pub(crate) async fn begin<T>(&self, tx: &mut Tx, values: &[Value<'_>]) -> Result<Vec<T>, sqlx::Error>
    where
        T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let text = self.text.of(tx);
        on!(tx, |conn| bound!(sqlx::query_as(text), values).fetch_all(conn).await)
    }
}

fn owner() -> &'static str {
    OWNER.get().map_or("", String::as_str)
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Value<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Number(Some(at.0))
    }
}

impl From<Option<Timestamp>> for Value<'_> {
    fn from(at: Option<Timestamp>) -> Self {
        Self::Number(at.map(|at| at.0))
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}
