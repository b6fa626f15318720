//! helpdeskd
pub mod clock;
pub mod crash;
pub mod ids;
pub mod mail;
pub mod store;
pub mod tasks;
pub mod template;
pub mod ticket;
pub mod wake;
