//! helpdeskd
pub mod clock;
pub mod config;
pub mod crash;
pub mod ids;
pub mod imap;
pub mod mail;
pub mod secret;
pub mod smtp;
pub mod tasks;
pub mod telemetry;
pub mod ticket;
pub mod tls;
pub mod wake;
