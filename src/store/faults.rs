//! What an error of the database means for the work that met it.
//!
//! Knows codes only; who tries again, and when, is decided elsewhere.

use sqlx::sqlite::SqliteError;

/// Whether two transactions were in each other's way; the same work done again succeeds.
pub(crate) fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // Serialization failure and deadlock, in PostgreSQL's words.
    code.is_some_and(|code| matches!(code.as_ref(), "40001" | "40P01"))
}

/// Whether an error is a passing one (busy, gone, out of space): the work is given back, not blamed.
pub fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // A constraint or a bad value is the statement's own fault; all else is the server's state.
            if database.try_downcast_ref::<SqliteError>().is_some() {
                code.parse().is_ok_and(|code: i64| !SQLITE_FAULTS.contains(&(code & 0xff)))
            } else {
                !["22", "23", "42", "54"].iter().any(|class| code.starts_with(class))
            }
        }
        sqlx::Error::RowNotFound
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::Decode(_)
        | sqlx::Error::Encode(_) => false,
        _ => true,
    }
}

/// Whether a database that cannot be opened may open by itself: it is not up yet, or somebody else has it. A wrong
/// name or password is for a person to mend.
pub fn is_waiting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            if database.try_downcast_ref::<SqliteError>().is_some() {
                // `SQLITE_BUSY` and `SQLITE_LOCKED`.
                code.parse().is_ok_and(|code: i64| [5, 6].contains(&(code & 0xff)))
            } else {
                // Connections, resources, and an administrator's doing.
                ["08", "53", "57"].iter().any(|class| code.starts_with(class))
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        _ => false,
    }
}

/// `SQLITE_ERROR`, `_TOOBIG`, `_CONSTRAINT`, `_MISMATCH` and `_RANGE`: the low byte of its codes.
const SQLITE_FAULTS: [i64; 5] = [1, 18, 19, 20, 25];
