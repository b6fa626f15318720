//! All SQL and nothing but SQL: one file per table, on SQLite and PostgreSQL.
//!
//! Decides nothing. Functions take the caller's transaction and return what the rows say.

pub mod db;

pub mod attachments;
pub mod blobs;
pub mod changes;
pub mod channels;
pub mod columns;
pub mod followups;
pub mod gaps;
pub mod inbox;
pub mod keys;
pub mod mailboxes;
pub mod message_ids;
pub mod migrate;
pub mod outbox;
pub mod probes;
pub mod queues;
pub mod tags;
pub mod ticket_ccs;
pub mod ticket_types;
pub mod tickets;
pub mod tombstones;
pub mod users;
