//! The characters of a text as words have them: compatible forms, case and diacritics taken away.

use std::ops::Range;
use std::str::CharIndices;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;
use unicode_normalization::char::is_combining_mark;

/// Characters that make one: more marks than these stand on no letter.
const TOGETHER: usize = 32;

/// A character as it is compared, or the end of a word; and from what of the text it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) c: Option<char>,
    pub(super) place: Range<usize>,
}

pub(super) struct Letters<'t> {
    text: CharIndices<'t>,
    /// The one that was looked at and not taken.
    next: Option<(usize, char)>,
    /// What the last characters became, in reverse.
    ready: Vec<Letter>,
}

impl<'t> Letters<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut text = text.char_indices();
        let next = text.next();
        Self { text, next, ready: Vec::new() }
    }

    /// A character and all marks that stand on it.
    fn cluster(&mut self, first: char, mark: char) -> (String, usize) {
        let mut cluster = String::from_iter([first, mark]);
        let mut count = 2;
        loop {
            self.next = self.text.next();
            let Some((at, c)) = self.next else { return (cluster, self.text.offset()) };
            if !goes_on(c) {
                return (cluster, at);
            }
            count += 1;
            if count <= TOGETHER {
                cluster.push(c);
            }
        }
    }
}

impl Iterator for Letters<'_> {
    type Item = Letter;

    fn next(&mut self) -> Option<Letter> {
        loop {
            if let Some(letter) = self.ready.pop() {
                return Some(letter);
            }
            let (at, first) = self.next?;
            if first.is_ascii() {
                self.next = self.text.next();
                // Most are letters without anything above them.
                if !self.next.is_some_and(|(_, next)| goes_on(next)) {
                    let c = first.is_ascii_alphanumeric().then(|| first.to_ascii_lowercase());
                    return Some(Letter { c, place: at..at + 1 });
                }
            } else {
                self.next = self.text.next();
            }
            let end = self.next.map_or(self.text.offset(), |(next, _)| next);
            match self.next {
                Some((_, mark)) if goes_on(mark) => {
                    let (cluster, end) = self.cluster(first, mark);
                    self.ready.extend(fold(&cluster).map(|c| Letter { c, place: at..end }));
                    self.ready.reverse();
                }
                _ => {
                    if let Some(c) = simple(first) {
                        return Some(Letter { c: Some(c), place: at..end });
                    }
                    let whole = first.encode_utf8(&mut [0; 4]).to_owned();
                    self.ready.extend(fold(&whole).map(|c| Letter { c, place: at..end }));
                    self.ready.reverse();
                }
            }
        }
    }
}

/// Whether a character belongs to the one before it: marks, the half-wide ones of Japanese, the later parts of a Korean
/// syllable, and what is not seen.
fn goes_on(c: char) -> bool {
    !c.is_ascii()
        && (is_combining_mark(c) || is_unseen(c) || matches!(u32::from(c), 0xFF9E | 0xFF9F | 0x1160..=0x11FF))
}

/// Characters inside words that nobody sees.
fn is_unseen(c: char) -> bool {
    matches!(u32::from(c), 0xAD | 0x34F | 0x61C | 0x180B..=0x180F | 0x200C..=0x200F | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF | 0xE0100..=0xE01EF)
}

/// Marks that make no other letter: those of Latin, Greek and Cyrillic, and the vowels above Hebrew and Arabic.
fn is_diacritic(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5C7 | 0x610..=0x61A | 0x64B..=0x65F | 0x670 | 0x6D6..=0x6ED
        | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x20D0..=0x20FF | 0xFE20..=0xFE2F)
}

/// What a letter is compared as that has no parts and one small form: most of all.
fn simple(c: char) -> Option<char> {
    let mut is_whole = true;
    decompose_compatible(c, |part| is_whole &= part == c);
    let small = single(single(c.to_uppercase())?.to_lowercase())?;
    let is_letter = is_whole && c.is_alphanumeric() && small.is_alphanumeric();
    (is_letter && !is_unseen(c) && unstroked(small).is_none()).then_some(small)
}

fn single(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next();
    first.filter(|_| chars.next().is_none())
}

/// What one character with its marks is compared as; nothing in it ends a word.
fn fold(cluster: &str) -> impl Iterator<Item = Option<char>> + use<> {
    let is_plain = |c: &char| !is_unseen(*c) && !is_diacritic(*c);
    let mut lower = String::new();
    for c in cluster.nfkd().filter(is_plain).flat_map(char::to_uppercase).flat_map(char::to_lowercase) {
        match unstroked(c) {
            Some(letters) => lower.push_str(letters),
            None => lower.push(c),
        }
    }
    let parts: String = lower.nfkd().filter(is_plain).collect();
    let is_of_word = |c: &char| c.is_alphanumeric() || is_combining_mark(*c);
    let whole: Vec<Option<char>> = parts.nfc().map(|c| Some(c).filter(is_of_word)).collect();
    whole.into_iter()
}

/// Letters with a stroke or of two letters, which Unicode does not take apart.
fn unstroked(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        // What its capital becomes.
        'ß' => "ss",
        _ => return None,
    })
}
