//! The HTTP server: its APIs as their contracts have them, on both databases, and what it bears.

mod health;
mod jaze;
mod jaze_lists;
mod jaze_transport;
mod jutda;
mod jutda_transport;
