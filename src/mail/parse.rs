//! From raw bytes to a [`Mail`]. Never fails, never panics, bounded in time and memory.

use crate::mail::Mail;

/// What one message may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub header_bytes: usize,
    pub parts: usize,
    pub depth: usize,
    pub decoded_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header_bytes: 256 * 1024, parts: 1000, depth: 50, decoded_bytes: 64 * 1024 * 1024 }
    }
}

/// Reads one raw message.
pub fn parse(_raw: &[u8], _limits: &Limits) -> Mail {
    Mail::default()
}
