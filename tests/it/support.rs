//! What the tests stand on: the real servers, and stand-ins that misbehave on command.
//!
//! What stands in for mail servers works with threads and blocking sockets, so that a test may stop the clock
//! of its runtime.

pub mod checked;
pub mod daemon;
pub mod desk;
pub mod fault_proxy;
pub mod http_client;
pub mod imap_client;
pub mod letters;
pub mod loop_disk;
pub mod mail;
pub mod name_server;
pub mod office;
pub mod people;
pub mod pg;
pub mod private_pg;
pub mod program;
pub mod programs;
pub mod reports;
pub mod scripted_imap;
pub mod scripted_partner;
pub mod servers;
pub mod settings;
pub mod sharer;
pub mod site;
pub mod small_disk;
pub mod smtp_sink;
pub mod story;
pub mod token_server;
pub mod until;
pub mod views;
pub mod watched;

/// As insta's own, for a story that is told on both databases: the text must be the same on each.
macro_rules! assert_snapshot {
    ($view:expr, @$expected:literal) => {{
        let view = $view.to_string();
        insta::allow_duplicates! {
            insta::assert_snapshot!(view, stringify!($view), @$expected)
        }
    }};
}
pub(crate) use assert_snapshot;
