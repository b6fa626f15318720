//! The commands that set a desk up and ask it, as they print and as they end.

mod simulate;
mod template;
