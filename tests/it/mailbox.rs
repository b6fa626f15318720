//! What a running daemon does with a real mailbox: hostile mail, news, its own traces, first contact, other
//! names, and restores.

mod afterwards;
mod attacks;
mod contact;
mod hostile;
mod news;
mod old;
mod renamed;
mod restored;
