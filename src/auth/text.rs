//! Walking over a structured header value (RFC 5322 §3.2): words, quoted strings, comments.
//!
//! Every step moves on or stands at the end, so a walk is linear in the text.

/// A place in a text.
#[derive(Debug)]
pub struct Cursor<'a> {
    rest: &'a str,
    broken: bool,
    /// The comments passed over, without their outer parentheses, with a blank behind each.
    comments: String,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text, broken: false, comments: String::new() }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether a comment or a quoted string had no end: then nothing that was read can be relied on.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    pub(crate) fn next_is(&self, mark: char) -> bool {
        self.rest.starts_with(mark)
    }

    /// Passes over one mark, if it is the next.
    pub fn take(&mut self, mark: char) -> bool {
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The comments that were passed over since the last call.
    pub(crate) fn take_comments(&mut self) -> String {
        std::mem::take(&mut self.comments)
    }

    /// Passes over white space and comments.
    pub(crate) fn skip_blank(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(is_blank);
            if !self.next_is('(') {
                return;
            }
            self.skip_comment();
        }
    }

    /// Passes over everything up to the next semicolon outside of comments and quoted strings.
    pub(crate) fn skip_to_semicolon(&mut self) {
        loop {
            self.skip_blank();
            if self.is_at_end() || self.next_is(';') {
                return;
            }
            self.word("");
        }
    }

    /// A word up to white space, a comment, a semicolon or one of the `stops`; quoted parts without quotes.
    ///
    /// May be empty before a semicolon or a stop; elsewhere it takes something.
    pub fn word(&mut self, stops: &str) -> String {
        let mut word = String::new();
        loop {
            let end = self.rest.find(|c| is_blank(c) || "(;\"".contains(c) || stops.contains(c));
            let (plain, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            word.push_str(plain);
            self.rest = rest;
            if !self.next_is('"') {
                return word;
            }
            self.take_quoted(&mut word);
        }
    }

    fn take_quoted(&mut self, into: &mut String) {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => {
                    escaped = true;
                    continue;
                }
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return;
                }
                _ => {}
            }
            into.push(c);
        }
        self.end_early();
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        let mut escaped = false;
        for (at, c) in self.rest.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' if depth == 1 => {
                    self.comments.extend([&self.rest[1..at], " "]);
                    self.rest = &self.rest[at + 1..];
                    return;
                }
                ')' => depth -= 1,
                _ => {}
            }
        }
        self.end_early();
    }

    fn end_early(&mut self) {
        self.rest = "";
        self.broken = true;
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}
