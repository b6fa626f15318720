//! What the tests stand on: the real servers, and stand-ins that misbehave on command.
//!
//! All of it works with threads and blocking sockets, so that a test may stop the clock of its runtime.

pub mod fault_proxy;
pub mod imap_client;
pub mod pg;
pub mod servers;
pub mod smtp_sink;
pub mod watched;
