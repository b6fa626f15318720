//! The HTTP server: its APIs as their contracts have them, on both databases, and what it bears.

mod anything;
mod clients;
mod credentials;
mod desk;
mod doors;
mod health;
mod hostile;
mod jaze;
mod jaze_lists;
mod jaze_transport;
mod jutda;
mod jutda_transport;
mod once;
mod others_wait;
mod plans;
mod whole;
