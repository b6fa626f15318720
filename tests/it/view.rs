//! What people and programs read: lists by query, a ticket as staff and as outsiders see it, a customer.

mod lists;
mod naive;
mod pairs;
mod random;
mod search;
mod spans;
mod tickets;
