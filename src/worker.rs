//! The loops of the daemon, each around one step that can also be called by itself.
//!
//! They own retries, leases and pauses; what a message means is decided in `desk`.

pub mod authenticate;
pub mod backfill;
pub(crate) mod backoff;
pub mod delivery;
pub mod digest;
pub mod disposal;
pub mod doubt;
pub mod escalation;
pub mod fetch;
pub mod handle;
pub(crate) mod handover;
pub mod housekeeping;
pub mod intake;
pub mod lease;
pub mod login;
pub(crate) mod morning;
pub mod outside;
pub mod pace;
pub mod partners;
pub mod positions;
pub mod record;
pub mod recount;
pub(crate) mod return_path;
pub mod rules;
pub mod scheduler;
pub mod session;
pub mod settlement;
pub mod targets;
pub mod tokens;
pub mod understand;
pub mod watch;
