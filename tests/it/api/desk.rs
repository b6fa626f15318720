//! The Desk API: its conventions, and each of its resources.

mod conventions;
mod document;
mod entries;
mod feed;
mod tickets;
mod users;
