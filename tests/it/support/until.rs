//! Waiting for what can only be asked for: a count on the server, a row that another process writes.
//!
//! What tells of itself is waited for by [`super::watched`].

use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Longer than anything that still works takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until the answer is as wanted, and gives it.
///
/// It blocks: the runtime of the test needs more than one thread if something in it must go on meanwhile.
pub fn until<T: std::fmt::Debug>(what: &str, ask: impl FnMut() -> T, wanted: impl Fn(&T) -> bool) -> T {
    until_within(PATIENCE, what, ask, wanted)
}

/// The same with another patience.
pub fn until_within<T: std::fmt::Debug>(
    patience: Duration,
    what: &str,
    mut ask: impl FnMut() -> T,
    wanted: impl Fn(&T) -> bool,
) -> T {
    let begun = Instant::now();
    loop {
        let answer = ask();
        if wanted(&answer) {
            return answer;
        }
        assert!(begun.elapsed() < patience, "waited {patience:?} for {what}; the last answer was {answer:?}");
        thread::sleep(PAUSE);
    }
}

/// Says something that the test runner shows with a failed test, or when it is asked to show all.
#[expect(clippy::print_stdout, reason = "the test runner catches it")]
pub fn note(words: &str) {
    println!("{words}");
}
