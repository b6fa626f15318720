//! The loops of the daemon, each around one step that can also be called by itself.
//!
//! They own retries, leases and pauses; what a message means is decided in `desk`.

pub mod authenticate;
pub mod backoff;
pub mod delivery;
pub mod disposal;
pub mod fetch;
pub mod handle;
pub mod intake;
pub mod outside;
pub mod pace;
pub mod record;
pub mod settlement;
pub mod understand;
