//! What a running daemon does with a real mailbox: hostile mail, news, its own traces, and first contact.

mod afterwards;
mod attacks;
mod contact;
mod hostile;
mod news;
