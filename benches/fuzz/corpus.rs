//! The mails that others are made of: those given, and those that were read in a new way.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use crate::promise::Seen;

/// So many parents besides the given ones; then new ones take the places of others.
const MOST: usize = 6000;
/// Large parents only slow everything down.
const LARGE: usize = 64 * 1024;

#[derive(Debug, Default)]
pub struct Corpus {
    mails: Vec<Vec<u8>>,
    given: usize,
    seen: HashSet<u64>,
    slowest: u64,
}

impl Corpus {
    pub fn len(&self) -> usize {
        self.mails.len()
    }

    pub fn mails(&self) -> &[Vec<u8>] {
        &self.mails
    }

    /// Takes a mail that was given.
    pub fn add(&mut self, raw: Vec<u8>, seen: Option<&Seen>) {
        self.seen.extend(seen.map(|s| s.kind));
        if raw.len() <= 8 * LARGE {
            self.mails.push(raw);
            self.given = self.mails.len();
        }
    }

    /// Takes a mail that was made, if something new was read of it, or if it cost more for its size than any.
    pub fn offer(&mut self, raw: Vec<u8>, seen: &Seen) {
        let slow = seen.nanos_a_byte > self.slowest && raw.len() > 2000;
        if slow {
            self.slowest = seen.nanos_a_byte;
        }
        if !slow && !self.seen.insert(seen.kind) || raw.len() > LARGE {
            return;
        }
        if self.mails.len() < self.given + MOST {
            self.mails.push(raw);
        } else {
            let place = usize::try_from(seen.kind % MOST as u64).expect("it is below a usize");
            self.mails[self.given + place] = raw;
        }
    }
}

/// Every file, and every file in every folder.
pub fn files(paths: &[PathBuf]) -> Vec<Vec<u8>> {
    let (mut out, mut open) = (Vec::new(), paths.to_vec());
    while let Some(path) = open.pop() {
        if let Ok(entries) = fs::read_dir(&path) {
            open.extend(entries.filter_map(Result::ok).map(|entry| entry.path()));
        } else if path.extension().is_none_or(|e| e == "eml" || e == "txt") {
            out.push(fs::read(&path).expect("the file can be read"));
        }
    }
    out.sort();
    out.dedup();
    out
}
