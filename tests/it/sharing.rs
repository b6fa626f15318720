//! Ticket Sharing: the receiver as real clients use it, the sender as partners answer it, and both together.

mod agreements;
mod both_ways;
mod captured;
mod files;
mod mangled;
pub mod pair;
mod reactions;
mod receiving;
mod replay;
mod statuses;
