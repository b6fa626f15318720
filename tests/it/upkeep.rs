//! What the desk does for itself: cleaning up, and telling its operators.

mod alerts;
mod commands;
pub mod erased;
pub mod files;
mod housekeeping;
mod metrics;
mod verify;
