//! What reports count: whole spans of time, put together by the database.
