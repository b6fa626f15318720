//! Mail is handled exactly once, whenever the process is killed.
//!
//! The real daemon is ended by SIGKILL at each named moment of the code while mail arrives, and started again.
//! At the end every mail is one ticket, and every acknowledgement left.

mod alone;
mod moments;
mod pair;
mod stage;
