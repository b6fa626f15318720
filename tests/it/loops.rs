//! Machines that write to each other by way of the desk, over a thousand virtual minutes.
//!
//! What matters is how much leaves, and that it ends; not which of the defences ended it.

mod group;
mod pairs;
mod traffic;
