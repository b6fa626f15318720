//! The HTTP server: its APIs as their contracts have them, on both databases, and what it bears.

mod health;
mod jutda;
mod jutda_transport;
