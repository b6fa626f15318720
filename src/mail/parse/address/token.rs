//! An address list cut into entries, and each entry into words, quoted strings and comments.
//!
//! One pass over the text; what is opened and never closed is an ordinary blank. Knows nothing of addresses.

/// A piece of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub text: String,
    /// Whether a blank, a comment or a bracket stands before it.
    pub(crate) is_apart: bool,
    /// The number of the angle brackets around it within its entry, from 1; 0 outside of any.
    pub angle: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// What stood between double quotes, without them and their backslashes.
    Quoted,
    Comment,
}

/// Cuts a list at its commas and semicolons.
pub(super) fn entries(text: &str) -> Vec<Vec<Token>> {
    let mut reader = Reader { rest: text, is_apart: true, ..Reader::default() };
    while let Some(first) = reader.rest.chars().next() {
        reader.read(first);
    }
    reader.end_entry();
    reader.entries
}

/// The longest address literal, such as `[IPv6:…]`.
const LITERAL: usize = 64;

#[derive(Default)]
struct Reader<'a> {
    rest: &'a str,
    entries: Vec<Vec<Token>>,
    entry: Vec<Token>,
    /// Angle brackets of this entry so far, and the number of the open one.
    angles: usize,
    angle: usize,
    is_apart: bool,
    /// Once no end was found for one, there is none for any further one: each is looked for once in vain.
    is_without_quotes: bool,
    comments: Comments,
}

/// How comments end in the rest of the text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Comments {
    #[default]
    Nested,
    /// Its brackets do not match: each ends at the next closing one.
    Flat,
    /// There is no closing bracket.
    Endless,
}

impl Reader<'_> {
    fn read(&mut self, first: char) {
        match first {
            ',' | ';' => {
                self.skip(first);
                self.end_entry();
            }
            '<' => {
                self.skip(first);
                self.angles += 1;
                self.angle = self.angles;
            }
            '>' => {
                self.skip(first);
                self.angle = 0;
            }
            '"' => match self.quoted() {
                Some(text) => self.push(Kind::Quoted, text),
                None => self.skip(first),
            },
            '(' => match self.comment() {
                Some(text) => {
                    self.push(Kind::Comment, text);
                    self.is_apart = true;
                }
                None => self.skip(first),
            },
            ')' => self.skip(first),
            blank if blank.is_whitespace() => self.skip(blank),
            _ => self.word(),
        }
    }

    fn skip(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
        self.is_apart = true;
    }

    fn push(&mut self, kind: Kind, text: String) {
        self.entry.push(Token { kind, text, is_apart: self.is_apart, angle: self.angle });
        self.is_apart = false;
    }

    fn end_entry(&mut self) {
        self.entries.push(std::mem::take(&mut self.entry));
        (self.angles, self.angle) = (0, 0);
    }

    fn quoted(&mut self) -> Option<String> {
        if self.is_without_quotes {
            return None;
        }
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        while let Some((at, c)) = characters.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        self.is_without_quotes = true;
        None
    }

    fn comment(&mut self) -> Option<String> {
        if self.comments == Comments::Nested {
            match matching(self.rest) {
                Some(end) => return Some(self.take_comment(end)),
                None => self.comments = Comments::Flat,
            }
        }
        if self.comments == Comments::Flat {
            match self.rest.find(')') {
                Some(end) => return Some(self.take_comment(end)),
                None => self.comments = Comments::Endless,
            }
        }
        None
    }

    fn take_comment(&mut self, end: usize) -> String {
        let text = self.rest[1..end].replace("\\(", "(").replace("\\)", ")");
        self.rest = &self.rest[end + 1..];
        text
    }

    fn word(&mut self) {
        let mut end = 0;
        let mut before = ' ';
        while let Some(c) = self.rest[end..].chars().next() {
            if before == '@' && c == '[' {
                end += literal(&self.rest[end..]);
            } else if c.is_whitespace() || ",;<>\"()".contains(c) {
                break;
            } else {
                end += c.len_utf8();
            }
            before = c;
        }
        let text = self.rest[..end].to_owned();
        self.rest = &self.rest[end..];
        self.push(Kind::Word, text);
    }
}

/// Where the comment at the start of `text` ends, if all within it is closed.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, b) in text.bytes().enumerate() {
        match b {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// How long the address literal at the start of `text` is; 1 if its bracket is just a bracket.
fn literal(text: &str) -> usize {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b":.-".contains(b);
    let inside = text.bytes().skip(1).take(LITERAL).take_while(|b| plain(b)).count();
    if text.as_bytes().get(inside + 1) == Some(&b']') { inside + 2 } else { 1 }
}
