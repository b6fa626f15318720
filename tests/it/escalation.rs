//! Escalation and due dates, end to end: from the configuration to the mails, on both databases.
//!
//! The arithmetic of calendars is tested beside it, in `calendar` and `ticket`.

mod defects;
mod due;
pub mod many;
mod naive;
mod planning;
mod schedule;
mod unheard;
mod waking;
