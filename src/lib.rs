//! helpdeskd
pub mod clock;
pub mod crash;
pub mod ids;
pub mod mail;
pub mod net;
pub mod sharing;
pub mod tasks;
pub mod ticket;
pub mod wake;
