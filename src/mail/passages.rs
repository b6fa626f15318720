//! Whether lines occur in a text: many lines in a long text, in time in proportion to both.
//!
//! A line counts as found when each of its short pieces is somewhere in the text. For lines of a few letters that
//! is a guess; a sentence whose every piece was said is a sentence that was said.

use std::sync::OnceLock;

/// Bytes of the pieces; of the largest that a line has.
const SIZES: [usize; 5] = [16, 8, 4, 2, 1];

/// A text in which lines are looked up.
#[derive(Debug)]
pub(crate) struct Passages {
    text: String,
    /// All pieces of each size, sorted; made when the first line asks for them.
    pieces: [OnceLock<Vec<u64>>; SIZES.len()],
}

impl Passages {
    pub fn of(text: String) -> Self {
        Self { text, pieces: Default::default() }
    }

    /// Whether a line is somewhere in the text.
    pub fn have(&self, line: &str) -> bool {
        let Some(kind) = SIZES.iter().position(|size| *size <= line.len()) else { return true };
        let known = self.pieces[kind].get_or_init(|| {
            let mut all: Vec<u64> = pieces(&self.text, SIZES[kind]).collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        pieces(line, SIZES[kind]).all(|piece| known.binary_search(&piece).is_ok())
    }
}

/// Every piece of so many bytes, as a number.
fn pieces(text: &str, size: usize) -> impl Iterator<Item = u64> {
    text.as_bytes().windows(size).map(number)
}

/// Pieces of up to eight bytes as they are; longer ones folded.
fn number(piece: &[u8]) -> u64 {
    piece.chunks(8).fold(0, |sum: u64, eight| {
        let mut bytes = [0; 8];
        bytes[..eight.len()].copy_from_slice(eight);
        sum.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ u64::from_le_bytes(bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::processor;

    #[test]
    fn a_line_is_found_where_it_is_said_and_nowhere_else() {
        let text = "myprinterisonfire,andnobodycomestolookatit.";
        let passages = Passages::of(text.to_owned());
        for length in 1..=text.len() {
            assert!(
                text.as_bytes().windows(length).all(|line| passages.have(std::str::from_utf8(line).unwrap()))
            );
        }
        assert!(passages.have(""));
        for other in ["z", "owner:alex", "myprinterisonfire,sowhat", "fire,andnobodycomestolookatme", "ü"] {
            assert!(!passages.have(other), "{other}");
        }
        assert!(!Passages::of(String::new()).have("a"));
    }

    /// Each line of a quoted mail was searched in the whole of it.
    #[test]
    fn many_lines_in_a_long_text_take_no_time_to_speak_of() {
        let lines: Vec<String> = (0..40_000).map(|n| format!("line{n}ofalongmailwithmanywords")).collect();
        let passages = Passages::of(lines.concat());
        let before = processor::spent();
        assert!(lines.iter().all(|line| passages.have(line)));
        // By searching it is half a minute without optimisation.
        let took = processor::since(before);
        assert!(took.as_secs() < 10, "{took:?}");
    }
}
