//! Tries inputs one by one, and writes down those that break something.
//!
//! The input being tried lies in a file, so that even the end of the process (a full stack, no memory) leaves it.

use std::fs;
use std::panic::AssertUnwindSafe;
use std::panic::catch_unwind;
use std::path::PathBuf;

use helpdeskd::mail::classify::Own;

use crate::line;
use crate::measure;
use crate::promise;
use crate::promise::Seen;

const MOST_NANOS: u64 = 1_000_000_000;
const MOST_KB: u64 = 200 * 1024;
/// Looking at memory costs as much as reading a small mail; small inputs take turns.
const SMALL: usize = 200 * 1024;
const TURNS: u64 = 16;

#[derive(Debug)]
pub struct Finds {
    folder: PathBuf,
    own: Own,
    tried: u64,
    bytes: u64,
    broken: usize,
    slowest: (u64, usize),
    largest: (u64, usize),
}

impl Finds {
    pub fn open() -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
        fs::create_dir_all(&folder).expect("the folder can be made");
        std::panic::set_hook(Box::new(|_| {}));
        let own = promise::own();
        Self { folder, own, tried: 0, bytes: 0, broken: 0, slowest: (0, 0), largest: (0, 0) }
    }

    /// What broke something in an earlier run, or ended it.
    pub fn left_over(&self) -> Vec<Vec<u8>> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().filter_map(Result::ok);
        let mut paths: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        paths.sort();
        paths.iter().filter_map(|path| fs::read(path).ok()).collect()
    }

    /// Gives what was read, or nothing if that broke a promise.
    pub fn try_one(&mut self, raw: &[u8]) -> Option<Seen> {
        let current = self.folder.join("current.eml");
        let _ = fs::write(&current, raw);
        let measured = raw.len() > SMALL || self.tried.is_multiple_of(TURNS);
        if measured {
            measure::reset_peak();
        }
        let before = measure::nanos();
        let result = catch_unwind(AssertUnwindSafe(|| promise::read(raw, &self.own)));
        let nanos = measure::nanos().saturating_sub(before);
        let peak = if measured { measure::peak_kb() } else { 0 };
        let pieces = if raw.len() < SMALL {
            catch_unwind(AssertUnwindSafe(|| promise::read_pieces(raw)))
        } else {
            Ok(())
        };
        let all = measure::nanos().saturating_sub(before);
        self.tried += 1;
        self.bytes += raw.len() as u64;
        if (nanos, raw.len()) > self.slowest {
            self.slowest = (nanos, raw.len());
            let _ = fs::write(self.folder.join("slowest.eml"), raw);
        }
        self.largest = self.largest.max((peak, raw.len()));
        let words = match (&result, &pieces) {
            (Err(_), _) | (_, Err(_)) => "panic".to_owned(),
            (Ok(Err(words)), _) => words.clone(),
            _ if all > MOST_NANOS => format!("{} ms", all / 1_000_000),
            _ if peak > MOST_KB => format!("{} MB", peak / 1024),
            _ => {
                let kind = result.ok().and_then(Result::ok)?;
                return Some(Seen { kind, nanos_a_byte: nanos / (raw.len() as u64 + 1) });
            }
        };
        self.keep(raw, &words);
        None
    }

    fn keep(&mut self, raw: &[u8], words: &str) {
        self.broken += 1;
        line(&format!("BROKEN {}: {words}, {} bytes", self.broken, raw.len()));
        let name = words
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(40)
            .collect::<String>();
        let _ = fs::write(self.folder.join(format!("{name}-{}.eml", self.tried)), raw);
    }

    pub fn told(&self) -> String {
        format!(
            "{} inputs, {} MB, {} broken, slowest {} ms ({} bytes), most memory {} MB ({} bytes)",
            self.tried,
            self.bytes / 1_000_000,
            self.broken,
            self.slowest.0 / 1_000_000,
            self.slowest.1,
            self.largest.0 / 1024,
            self.largest.1,
        )
    }

    pub fn broken(&self) -> usize {
        self.broken
    }
}
