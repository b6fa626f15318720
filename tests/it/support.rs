//! What the tests stand on: the real servers, and stand-ins that misbehave on command.
//!
//! What stands in for mail servers works with threads and blocking sockets, so that a test may stop the clock
//! of its runtime.

pub mod daemon;
pub mod desk;
pub mod fault_proxy;
pub mod http_client;
pub mod imap_client;
pub mod letters;
pub mod pg;
pub mod servers;
pub mod settings;
pub mod site;
pub mod smtp_sink;
pub mod until;
pub mod watched;
