//! Attacks by mail, one story each. Every one succeeds when its defence is taken away.

mod accepting;
mod agents;
mod authentication;
mod bounces;
mod copies;
mod dns;
mod relay;
mod strangers;
mod tokenless;
