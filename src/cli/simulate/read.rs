//! Reading one message, and outliving what goes wrong with it.
//!
//! Understands nothing of mail beyond where its headers end.

use std::any::Any;
use std::cell::RefCell;
use std::fs::File;
use std::io;
use std::io::Read;
use std::panic;
use std::panic::UnwindSafe;
use std::path::Path;

thread_local! {
    /// Where the last panic of this thread was, and what it said.
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A message as it is stored.
#[derive(Debug)]
pub(crate) struct Raw {
    pub bytes: Vec<u8>,
    /// It was too large, and only its headers are here.
    pub(crate) is_cut: bool,
}

/// Reads a file, or standard input for `-`; of a message above `limit` the headers alone, as intake does.
pub fn message(path: &Path, limit: u64) -> Result<Raw, String> {
    let read =
        if path == Path::new("-") { bounded(io::stdin().lock(), limit) } else { from_file(path, limit) };
    read.map_err(|error| format!("cannot be read: {error}"))
}

/// From now on a panic is kept for [`without_panic`] and not printed.
pub(crate) fn hold_panics() {
    panic::set_hook(Box::new(|panic| {
        LAST_PANIC.with_borrow_mut(|last| *last = Some(panic.to_string()));
    }));
}

/// Runs `work`; a panic becomes an error in words.
pub(crate) fn without_panic<T>(work: impl FnOnce() -> T + UnwindSafe) -> Result<T, String> {
    panic::catch_unwind(work).map_err(|panic| {
        let held = LAST_PANIC.with_borrow_mut(Option::take);
        format!("reading it failed: {}", held.unwrap_or_else(|| said(panic.as_ref())))
    })
}

fn from_file(path: &Path, limit: u64) -> io::Result<Raw> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    bounded(file, limit)
}

fn bounded(source: impl Read, limit: u64) -> io::Result<Raw> {
    let mut bytes = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let is_cut = bytes.len() as u64 > limit;
    if is_cut {
        bytes.truncate(end_of_headers(&bytes));
    }
    Ok(Raw { bytes, is_cut })
}

fn end_of_headers(bytes: &[u8]) -> usize {
    let ends: [&[u8]; 2] = [b"\n\n", b"\n\r\n"];
    let found = ends.iter().filter_map(|end| memchr::memmem::find(bytes, end).map(|at| at + end.len()));
    found.min().unwrap_or(bytes.len())
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a word".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_message_that_is_too_large_the_headers_are_left() {
        let raw = bounded(&b"Subject: a\r\n\r\nbody body body"[..], 20).unwrap();
        assert!(raw.is_cut);
        assert_eq!(raw.bytes, b"Subject: a\r\n\r\n");
        assert!(!bounded(&b"Subject: a\r\n\r\nbody"[..], 20).unwrap().is_cut);
    }

    #[test]
    fn a_panic_is_an_error_with_its_words() {
        assert_eq!(without_panic(|| 1), Ok(1));
        let error = without_panic(|| panic!("out of luck")).unwrap_err();
        assert!(error.contains("out of luck"), "{error}");
    }
}
