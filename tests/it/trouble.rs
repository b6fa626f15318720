//! What goes wrong around a running daemon: it says so in one sentence, nothing is lost, and it recovers alone.

mod awake;
mod bad_day;
mod clock_ahead;
mod clocks;
mod configuration;
mod fetching;
mod ground;
mod logging_in;
mod odd_servers;
mod refusals;
mod reload;
mod return_paths;
mod sending;
mod starting;
mod storing;
mod storms;
mod strict_relay;
mod unanswered;
mod worst;
