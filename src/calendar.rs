//! Time as operators write it: schedules, working hours, spans of working time.
//!
//! Values only, so that the configuration can read them; no clock, and nothing of tickets.

pub mod limit;
pub mod schedule;
pub mod span;
pub(crate) mod working_time;
