//! Named moments at which a test can kill the process, as a power cut would.
//!
//! A debug build reads the name once from `HELPDESKD_CRASH` (`point` or `point:n` for the n-th passage)
//! and ends itself by SIGKILL there. A release build has no such code.

/// Passes the moment called `name`; a debug build told so dies here.
#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}

/// Passes the moment called `name`; a debug build told so dies here.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::OnceLock;
    use std::sync::atomic::AtomicU32;
    use std::sync::atomic::Ordering;

    static WANTED: OnceLock<Option<(String, u32)>> = OnceLock::new();
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let wanted = WANTED.get_or_init(|| {
        #[expect(clippy::disallowed_methods, reason = "a switch of the test suite, not a setting")]
        let text = std::env::var("HELPDESKD_CRASH").ok()?;
        let (name, nth) = text.rsplit_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), nth.parse().unwrap_or(1)))
    });
    let Some((crash_at, nth)) = wanted else { return };
    if crash_at == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
        let own_id = std::process::id().to_string();
        let _ = std::process::Command::new("kill").args(["-KILL", &own_id]).status();
        std::process::abort();
    }
}
