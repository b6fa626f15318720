//! Rich text of Outlook: unpacking it (MS-OXRTFCP), and reading it as HTML (MS-OXRTFEX) or plain text.
//!
//! Keeps words and paragraphs only. Sizes and nesting are bounded.

use std::collections::HashMap;

use crate::mail::parse::charset;

/// What one text may grow to when it is unpacked.
const UNPACKED: usize = 4 * 1024 * 1024;
/// How deep groups may nest; deeper ones are read as if they were one.
const GROUPS: usize = 200;

const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Groups whose words are not the author's.
const SKIPPED: &[&str] = &[
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "headerl",
    "headerr",
    "footerl",
    "footerr",
    "listtable",
    "listoverridetable",
    "generator",
    "filetbl",
    "revtbl",
    "themedata",
    "datastore",
    "latentstyles",
    "xmlnstbl",
    "fldinst",
    "mhtmltag",
    "pntext",
    "pntxta",
    "pntxtb",
    "bkmkstart",
    "bkmkend",
    "nonshppict",
];

/// A rich text, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Html(String),
    Text(String),
}

/// Unpacks compressed rich text.
pub fn decompress(data: &[u8]) -> Option<Vec<u8>> {
    let word = |at: usize| data.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    let (size, kind) = (word(4)? as usize, word(8)?);
    let packed = &data[16.min(data.len())..];
    match &kind.to_le_bytes() {
        b"MELA" => Some(packed[..packed.len().min(size).min(UNPACKED)].to_vec()),
        b"LZFu" => Some(expand(packed, size.min(UNPACKED))),
        _ => None,
    }
}

/// Reads rich text as what it holds.
pub fn read(rtf: &[u8]) -> Body {
    let html = memchr::memmem::find(&rtf[..rtf.len().min(1024)], b"\\fromhtml").is_some();
    let mut reader = Reader::new();
    reader.run(rtf);
    if html { Body::Html(reader.out) } else { Body::Text(reader.out) }
}

fn expand(packed: &[u8], size: usize) -> Vec<u8> {
    let mut ring = [b' '; 4096];
    ring[..START.len()].copy_from_slice(START);
    let mut write = START.len();
    let mut out = Vec::with_capacity(size.min(packed.len().saturating_mul(16)));
    let mut bytes = packed.iter().copied();
    'all: while let Some(flags) = bytes.next() {
        for bit in 0..8 {
            if out.len() >= size {
                break 'all;
            }
            let Some(first) = bytes.next() else { break 'all };
            if flags & (1 << bit) == 0 {
                out.push(first);
                ring[write] = first;
                write = (write + 1) % ring.len();
                continue;
            }
            let Some(second) = bytes.next() else { break 'all };
            let reference = usize::from(first) << 8 | usize::from(second);
            let (offset, len) = (reference >> 4, (reference & 15) + 2);
            if offset == write {
                break 'all;
            }
            for i in 0..len {
                let byte = ring[(offset + i) % ring.len()];
                out.push(byte);
                ring[write] = byte;
                write = (write + 1) % ring.len();
            }
        }
    }
    out
}

/// What the words of a group are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Words,
    /// The table of fonts.
    Fonts,
    /// Nobody's words.
    Skipped,
}

/// What holds inside of one group.
#[derive(Clone, Debug, Default)]
struct Group {
    place: Place,
    /// Rich text that stands in for a tag of packed HTML.
    stand_in: bool,
    font: i32,
    /// How many characters stand in for one that is written by number.
    stand_ins: usize,
}

struct Reader {
    out: String,
    group: Group,
    stack: Vec<Group>,
    too_deep: usize,
    page: i32,
    charsets: HashMap<i32, i32>,
    /// Bytes of text that still need their code page.
    pending: Vec<u8>,
    to_skip: usize,
    star: bool,
}

impl Reader {
    fn new() -> Self {
        Self {
            out: String::new(),
            group: Group { stand_ins: 1, ..Group::default() },
            stack: Vec::new(),
            too_deep: 0,
            page: 1252,
            charsets: HashMap::new(),
            pending: Vec::new(),
            to_skip: 0,
            star: false,
        }
    }

    fn run(&mut self, rtf: &[u8]) {
        let mut at = 0;
        while at < rtf.len() && self.out.len() < UNPACKED {
            at = match rtf[at] {
                b'{' => self.open(at),
                b'}' => self.close(at),
                b'\\' => self.control(rtf, at),
                b'\r' | b'\n' | 0 => at + 1,
                byte => {
                    self.byte(byte);
                    at + 1
                }
            };
        }
        self.flush();
    }

    fn open(&mut self, at: usize) -> usize {
        self.flush();
        if self.stack.len() < GROUPS {
            self.stack.push(self.group.clone());
        } else {
            self.too_deep += 1;
        }
        self.star = false;
        at + 1
    }

    fn close(&mut self, at: usize) -> usize {
        self.flush();
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if let Some(group) = self.stack.pop() {
            self.group = group;
        }
        at + 1
    }

    /// Reads what follows a backslash; gives where it ends.
    fn control(&mut self, rtf: &[u8], at: usize) -> usize {
        let Some(&next) = rtf.get(at + 1) else {
            return at + 1;
        };
        if next == b'\'' {
            let digits = rtf.get(at + 2..at + 4).and_then(|d| std::str::from_utf8(d).ok());
            if let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
                self.byte(byte);
            }
            return (at + 4).min(rtf.len());
        }
        if !next.is_ascii_alphabetic() {
            match next {
                b'*' => self.star = true,
                b'~' => self.text("\u{a0}"),
                b'\\' | b'{' | b'}' => self.byte(next),
                b'\r' | b'\n' => self.text("\n"),
                b'_' => self.text("-"),
                _ => {}
            }
            return at + 2;
        }
        let letters = rtf[at + 1..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let word = String::from_utf8_lossy(&rtf[at + 1..at + 1 + letters]).into_owned();
        let mut end = at + 1 + letters;
        let minus = rtf.get(end) == Some(&b'-');
        let digits = rtf[(end + usize::from(minus)).min(rtf.len())..]
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_digit())
            .count();
        let number = if digits > 0 {
            let from = end;
            end += digits + usize::from(minus);
            String::from_utf8_lossy(&rtf[from..end]).parse::<i32>().ok()
        } else {
            None
        };
        if rtf.get(end) == Some(&b' ') {
            end += 1;
        }
        self.word(&word, number);
        if word == "bin" {
            (end + usize::try_from(number.unwrap_or(0)).unwrap_or(0)).min(rtf.len())
        } else {
            end
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        let star = std::mem::take(&mut self.star);
        match word {
            "par" | "line" | "row" | "sect" => self.text("\n"),
            "tab" | "cell" => self.text("\t"),
            "emdash" => self.text("—"),
            "endash" => self.text("–"),
            "lquote" => self.text("‘"),
            "rquote" => self.text("’"),
            "ldblquote" => self.text("“"),
            "rdblquote" => self.text("”"),
            "bullet" => self.text("•"),
            "u" => self.character(number.unwrap_or(0)),
            "uc" => self.group.stand_ins = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "ansicpg" => self.page = number.unwrap_or(1252),
            "fonttbl" => self.group.place = Place::Fonts,
            "f" => {
                self.flush();
                self.group.font = number.unwrap_or(0);
            }
            "fcharset" if self.group.place == Place::Fonts && self.charsets.len() < 500 => {
                self.charsets.insert(self.group.font, number.unwrap_or(0));
            }
            "htmlrtf" => {
                self.flush();
                self.group.stand_in = number != Some(0);
            }
            // A tag is in a group that readers of plain rich text skip.
            "htmltag" => {}
            _ if SKIPPED.contains(&word) || star => self.group.place = Place::Skipped,
            _ => {}
        }
    }

    /// A character by its number; the ones that stand in for it are skipped.
    fn character(&mut self, number: i32) {
        let code = u32::try_from(if number < 0 { number + 0x1_0000 } else { number }).unwrap_or(0xfffd);
        self.text(char::from_u32(code).unwrap_or('\u{fffd}').to_string().as_str());
        self.to_skip = self.group.stand_ins;
    }

    fn shown(&self) -> bool {
        self.group.place == Place::Words && !self.group.stand_in
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.shown() {
            self.pending.push(byte);
        }
    }

    fn text(&mut self, text: &str) {
        self.flush();
        self.to_skip = 0;
        if self.shown() {
            self.out.push_str(text);
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.pending);
        let page = self.charsets.get(&self.group.font).copied().and_then(page_of).unwrap_or(self.page);
        let label = match page {
            932 | 936 | 949 | 950 => format!("cp{page}"),
            65001 => "utf-8".to_owned(),
            page => format!("windows-{page}"),
        };
        self.out.push_str(&charset::decode(&bytes, Some(&label)).0);
    }
}

/// The code page of a font's character set.
fn page_of(charset: i32) -> Option<i32> {
    let page = match charset {
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    Some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_text_gives_its_words() {
        let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial;}}{\colortbl;\red0;}\f0 Gr\'fc\'dfe\par {\f1 \'cf\'f0\'e8}\tab \u1055?x{\*\generator y}{\pict 00ff}\par}";
        assert_eq!(read(rtf), Body::Text("Grüße\nПри\tПx\n".into()));
    }

    #[test]
    fn packed_html_comes_out_as_html() {
        let rtf = br"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hi \htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}{\*\mhtmltag1 <x>}}";
        assert_eq!(read(rtf), Body::Html("<p>Hi </p>".into()));
    }

    #[test]
    fn unpacking_follows_references_and_stops_at_its_bounds() {
        // "{\rtf1" is at the start of the window: offset 0, length 6; then the end mark.
        let mut packed = vec![0b0000_0101, 0x00, 0x04, b'!'];
        let end = u16::try_from(START.len() + 7).unwrap() << 4;
        packed.extend(end.to_be_bytes());
        let mut data = Vec::new();
        data.extend(u32::try_from(packed.len() + 12).unwrap().to_le_bytes());
        data.extend(100u32.to_le_bytes());
        data.extend(b"LZFu");
        data.extend([0; 4]);
        data.extend(&packed);
        assert_eq!(decompress(&data).as_deref(), Some(&b"{\\rtf1!"[..]));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic_or_grow_without_bound(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            read(&bytes);
            if let Some(out) = decompress(&bytes) {
                proptest::prop_assert!(out.len() <= UNPACKED + 17);
            }
            proptest::prop_assert!(expand(&bytes, UNPACKED).len() <= bytes.len() * 9 + 17);
        }
    }
}
