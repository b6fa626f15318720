//! The mail rules, each told as a story of what once went wrong.
//!
//! The real mailbox is in `intake`; here mail comes and goes without a network.

mod acknowledging;
mod bounces;
mod copies;
mod hostile;
mod ignoring;
mod letters;
mod long;
mod machines;
mod mailbox;
mod once;
mod reading;
mod sending;
mod table;
mod templates;
mod threading;
mod waiting;
