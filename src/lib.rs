//! helpdeskd
pub mod clock;
pub mod config;
pub mod crash;
pub mod desk;
pub mod ids;
pub mod mail;
pub mod secret;
pub mod store;
pub mod tasks;
pub mod template;
pub mod ticket;
pub mod tls;
pub mod wake;
