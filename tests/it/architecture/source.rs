//! Rust source text as tokens with line numbers: enough to see paths, functions and string literals.
//!
//! It does not parse: no types, no macro expansion, no `cfg`.

use std::fs;
use std::path::Path;

/// One word of source text. Comments, lifetimes, numbers and character literals are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Name(String),
    Text(String),
    Mark(char),
}

/// One word and the line that it starts on, counted from 1.
#[derive(Clone, Debug)]
pub struct Token {
    pub word: Word,
    pub line: usize,
}

/// One file of ours: its path from the root of the project, its text, and the text's tokens.
#[derive(Debug)]
pub struct Source {
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), tokens: Scanner::new(text).tokens() }
    }

    /// The name at a position, if there is one.
    pub fn name(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at).map(|token| &token.word) {
            Some(Word::Name(name)) => Some(name),
            _ => None,
        }
    }

    pub fn is_mark(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.word == Word::Mark(mark))
    }

    /// Whether `::` stands at a position.
    pub fn is_path_separator(&self, at: usize) -> bool {
        self.is_mark(at, ':') && self.is_mark(at + 1, ':')
    }

    /// `path:line` of a position, as editors and terminals understand it.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.tokens.get(at).map_or(1, |token| token.line))
    }
}

/// All Rust files below the named directories of the project, sorted by path.
pub fn all(directories: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for directory in directories {
        collect(root, &root.join(directory), &mut found);
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn collect(root: &Path, directory: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).expect("the directory is part of the project") {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("source is UTF-8");
            let below = path.strip_prefix(root).expect("the file lies below the root");
            found.push(Source::new(below.to_str().expect("our paths are UTF-8"), &text));
        }
    }
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    fn tokens(mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        while let Some(first) = self.rest.chars().next() {
            let line = self.line;
            if let Some(word) = self.word(first) {
                tokens.push(Token { word, line });
            }
        }
        tokens
    }

    fn word(&mut self, first: char) -> Option<Word> {
        if self.rest.starts_with("//") {
            self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            return None;
        }
        if self.rest.starts_with("/*") {
            self.skip_block_comment();
            return None;
        }
        if let Some(hashes) = raw_string_hashes(self.rest) {
            return Some(Word::Text(self.raw_string(hashes)));
        }
        match first {
            '"' => Some(Word::Text(self.quoted_string())),
            '\'' => {
                self.skip_character_or_lifetime();
                None
            }
            c if c.is_alphabetic() || c == '_' => {
                Some(Word::Name(self.take(length_while(self.rest, is_of_name)).to_owned()))
            }
            // A number, with its suffix; its dot is a mark like any other.
            c if c.is_ascii_digit() => {
                self.take(length_while(self.rest, is_of_name));
                None
            }
            c => {
                self.take(c.len_utf8());
                (!c.is_whitespace()).then_some(Word::Mark(c))
            }
        }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// Block comments nest.
    fn skip_block_comment(&mut self) {
        let mut depth = 0;
        while !self.rest.is_empty() {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.take(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.take(2);
                if depth == 0 {
                    return;
                }
            } else {
                self.take(self.rest.chars().next().map_or(0, char::len_utf8));
            }
        }
    }

    fn raw_string(&mut self, hashes: usize) -> String {
        let start = self.rest.find('"').map_or(self.rest.len(), |quote| quote + 1);
        self.take(start);
        let end = format!("\"{}", "#".repeat(hashes));
        let inside = self.take(self.rest.find(&end).unwrap_or(self.rest.len())).to_owned();
        self.take(end.len().min(self.rest.len()));
        inside
    }

    fn quoted_string(&mut self) -> String {
        self.take(1);
        let mut escaped = false;
        let length = length_while(self.rest, |c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            !ends
        });
        let inside = self.take(length).to_owned();
        self.take(1.min(self.rest.len()));
        inside
    }

    /// `'a'` and `'\''` are characters, `'a` is a lifetime.
    fn skip_character_or_lifetime(&mut self) {
        self.take(1);
        if self.rest.starts_with('\\') {
            let escape = self.rest[1..].chars().next().map_or(0, char::len_utf8);
            self.take(1 + escape);
            let to_quote = self.rest.find('\'').unwrap_or(0);
            self.take(to_quote + 1);
            return;
        }
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        if self.rest[first..].starts_with('\'') {
            self.take(first + 1);
        } else {
            self.take(length_while(self.rest, is_of_name));
        }
    }
}

/// The number of `#` of the raw string that starts here; byte and C strings count too.
fn raw_string_hashes(text: &str) -> Option<usize> {
    let inside = ["r", "br", "cr"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = length_while(inside, |c| c == '#');
    inside[hashes..].starts_with('"').then_some(hashes)
}

fn length_while(text: &str, mut wanted: impl FnMut(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let tokens = Source::new("src/x.rs", text).tokens;
        tokens
            .into_iter()
            .map(|token| match token.word {
                Word::Name(name) => name,
                Word::Text(text) => format!("{text:?}"),
                Word::Mark(mark) => mark.to_string(),
            })
            .collect()
    }

    #[test]
    fn comments_are_no_code() {
        assert_eq!(words("a // b\n/* c /* d */ e */ f"), ["a", "f"]);
        assert_eq!(words("/* never closed"), Vec::<String>::new());
    }

    #[test]
    fn strings_keep_their_text_whatever_they_hold() {
        assert_eq!(words(r#"x("a \" // b", y)"#), ["x", "(", r#""a \\\" // b""#, ",", "y", ")"]);
        assert_eq!(words("r#\"{ \"q\" }\"# }"), [r#""{ \"q\" }""#, "}"]);
        assert_eq!(words(r#"b"a" br"b""#), ["b", "\"a\"", "\"b\""]);
    }

    #[test]
    fn characters_and_lifetimes_are_told_apart() {
        assert_eq!(
            words(r"f::<'a>('{', '\'', '\\', '\u{7d}')"),
            ["f", ":", ":", "<", ">", "(", ",", ",", ",", ")"]
        );
    }

    #[test]
    fn lines_are_counted_through_comments_and_strings() {
        let source = Source::new("src/x.rs", "/*\n\n*/ \"a\nb\"\nlast");
        assert_eq!(source.place(1), "src/x.rs:5");
    }
}
