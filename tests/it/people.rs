//! People: what is changed of them, and what follows for their tickets.

mod accounts;
mod addresses;
mod erasing;
mod merging;
