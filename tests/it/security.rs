//! Attacks by mail, one story each. Every one succeeds when its defence is taken away.

mod accepting;
mod agents;
mod authentication;
mod bounces;
mod budgets;
mod copies;
mod dns;
mod everyday;
mod everywhere;
mod honest;
mod injection;
mod inventory;
mod kinds;
mod relay;
mod replay;
mod stamps;
mod strangers;
mod suppression;
mod table;
mod target;
mod tokenless;
mod unseen;
