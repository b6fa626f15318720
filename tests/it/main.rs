//! The integration tests, in one binary because linking is what costs.
//!
//! They need the servers that `make test` starts; nothing is skipped where one is missing.

mod agents;
mod api;
mod architecture;
mod cli;
mod escalation;
mod exactly_once;
mod harness;
mod invariants;
mod loops;
mod mail_corpus;
mod mailbox;
mod numbers;
mod oauth;
mod people;
mod rules;
mod security;
mod servers;
mod sharing;
mod store;
mod support;
mod trouble;
mod upkeep;
mod view;
