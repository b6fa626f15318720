//! What one input costs: processor time of this thread, and the most memory that the process had.
//!
//! Read from `/proc`, so on Linux only. Wall time would blame an input for what else the machine does.

use std::fs;

/// Nanoseconds that this thread has run.
pub fn nanos() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Begins a new measurement of the peak.
pub fn reset_peak() {
    // "5" sets the mark back to what is resident now.
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Most memory that was resident since the last reset, in KB.
pub fn peak_kb() -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}
