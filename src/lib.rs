//! An e-mail-driven helpdesk daemon: mail becomes tickets, updates go out by mail, APIs serve the same tickets.
//!
//! # The way of a mail
//!
//! [`imap`] fetches it, [`worker::record`] commits it raw, [`worker::handle`] has it parsed by [`mail`] and
//! decided by [`desk::receive`], in one transaction with all of its effects: ticket, follow-up, audit,
//! outcome and one [`store::outbox`] row per mail that it causes. [`worker::delivery`] hands those to [`smtp`].
//!
//! # Layers
//!
//! A module names only modules of rows above its own; `tests/it/architecture.rs` holds this table.
//!
//! | row | modules | what they are |
//! | --- | --- | --- |
//! | 1 | [`clock`] [`crash`] [`email`] [`ids`] [`password`] [`private`] [`secret`] [`tasks`] [`tls`] [`wake`] | foundations |
//! | 2 | [`calendar`] | schedules and working hours, as operators write them |
//! | 3 | [`config`] [`telemetry`] | read once, at the start |
//! | 4 | [`ticket`] | what a ticket is: values and rules, no I/O, no clock, no queries |
//! | 5 | [`mail`] [`sharing`] | mail as a value: parse, classify, thread, compose; Ticket Sharing's words and rules |
//! | 6 | [`store`] [`template`] | what a use case may touch: all SQL; the words of mails |
//! | 7 | [`desk`] [`imap`] [`net`] [`smtp`] | use cases; and the network, which they therefore cannot name |
//! | 8 | [`auth`] | message authentication, by way of `net` |
//! | 9 | [`http`] [`worker`] | edges that call use cases |
//! | 10 | [`daemon`] | builds the parts, binds, spawns, shuts down |
//! | 11 | [`cli`] | one function per command |
//!
//! # What always holds
//!
//! A mail is committed before the server hears about it. A change and the mails that it causes commit
//! together, and only [`worker::delivery`] sends. No network call is made while a transaction is open.
//! Handling one stored mail twice changes nothing the second time. Parsing never fails and is bounded.
//! Time, ids and randomness are arguments. Both databases run the same SQL text.

pub mod clock;
pub mod crash;
pub mod email;
pub mod ids;
pub mod password;
pub mod private;
pub mod secret;
pub mod tasks;
pub mod tls;
pub mod wake;

pub mod calendar;

pub mod config;
pub mod telemetry;

pub mod ticket;

pub mod mail;
pub mod sharing;

pub mod store;
pub mod template;

pub mod desk;
pub mod imap;
pub mod net;
pub mod smtp;

pub mod auth;

pub mod http;
pub mod worker;

pub mod daemon;

pub mod cli;
