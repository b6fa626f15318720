//! All SQL and nothing but SQL: one file per table, on SQLite and PostgreSQL.
//!
//! Decides nothing. Functions take the caller's transaction and return what the rows say.
//!
//! A bound limit is written `limit 0 + $n`: SQLite looks at the value of a bare `limit $n` when it plans, and
//! so prepares the statement anew each time another value is bound, which takes longer than running it.

pub(crate) mod database_file;
pub mod db;
pub mod digest_lines;

pub mod agreement_events;
pub mod agreements;
pub mod alerts;
pub mod api_tokens;
pub mod attachment_links;
pub mod attachments;
pub mod blobs;
pub mod bounces;
pub mod channels;
pub mod columns;
pub mod drafts;
pub mod erasures;
pub mod events;
pub mod exclusions;
pub mod faults;
pub mod filters;
pub mod followups;
pub mod gaps;
pub mod idempotency_keys;
pub mod ignore_rules;
pub mod inbox;
pub mod keys;
pub mod lease;
pub mod login_failures;
pub mod login_origins;
pub mod logins;
pub mod mailboxes;
pub mod measures;
pub mod message_ids;
pub mod migrate;
pub mod morning_digests;
pub mod oauth_tokens;
pub mod outbox;
pub mod outbox_bodies;
pub mod partner_files;
pub mod partner_outbox;
pub mod probes;
pub mod processes;
pub mod proofs;
pub mod queues;
pub mod ratings;
pub mod reach;
pub mod refusals;
pub mod replies;
pub mod return_paths;
pub mod rule_turns;
pub mod schedules;
pub mod sender_pauses;
pub mod shared_actors;
pub mod shared_comments;
pub mod shared_tickets;
pub mod storms;
pub mod suppressions;
pub mod tags;
pub mod ticket_ccs;
pub mod ticket_lists;
pub mod ticket_types;
pub mod tickets;
pub mod tombstones;
pub mod user_addresses;
pub mod users;
pub mod word_backfill;
pub mod written_mails;
