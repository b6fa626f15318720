//! The printed table.

use std::io::Write;

pub fn heading(text: &str) {
    line(&format!("\n{text}\n{}", "-".repeat(text.len())));
}

/// One measured row: what, its rate, and what else is known of it.
pub fn row(what: &str, rate: f64, unit: &str, more: &str) {
    line(&format!("{what:<58} {rate:>10.0} {unit:<8} {more}"));
}

pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
