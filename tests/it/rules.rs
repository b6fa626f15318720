//! The mail rules, each told as a story of what once went wrong.
//!
//! The real mailbox is in `intake`; here mail comes and goes without a network.

mod acknowledging;
mod at_once;
pub mod authority;
mod bounces;
mod caps;
mod copies;
mod declared;
mod external;
mod following;
mod gathering;
mod hearing;
mod hostile;
mod ignoring;
mod kept_once;
mod letters;
mod long;
mod machines;
mod mailbox;
mod once;
mod programs;
mod quoting;
mod reading;
mod sending;
mod spam;
mod table;
mod templates;
mod threading;
mod waiting;
