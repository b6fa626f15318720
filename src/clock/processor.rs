//! How much processor time the calling thread has had: what a test that bounds the work done may ask, since
//! the time of day also holds what other work on the machine took.

use std::fs;
use std::time::Duration;

/// What the kernel counts for this thread.
pub(crate) fn spent() -> Duration {
    let counted = fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel counts time");
    let nanoseconds = counted.split(' ').next().expect("it begins with the time on a processor");
    Duration::from_nanos(nanoseconds.parse().expect("it is a number"))
}

/// What was counted since.
pub(crate) fn since(before: Duration) -> Duration {
    spent().saturating_sub(before)
}
