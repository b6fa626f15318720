//! HTML as a row of tags and texts, read in one pass.
//!
//! No tree and no repair: that is for the parser behind it. Never looks at a byte more than a few times.

/// How far the end of one tag is looked for past quoted `>`.
const TAG: usize = 16 * 1024;

/// One piece of a document, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Text(&'a str),
    /// A start tag: its name as written, and everything between `<` and `>`.
    Start(&'a str, &'a str),
    End(&'a str),
}

/// Cuts a document into pieces. Comments, scripts and styles are left out.
pub fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut reader = Reader { out: Vec::new(), endless: Vec::new() };
    let mut at = 0;
    while at < html.len() {
        let rest = &html[at..];
        let Some(open) = memchr::memchr(b'<', rest.as_bytes()) else {
            reader.out.push(Token::Text(rest));
            break;
        };
        if open > 0 {
            reader.out.push(Token::Text(&rest[..open]));
        }
        at += open + reader.read(&rest[open..]);
    }
    reader.out
}

/// The value of an attribute inside of a start tag, without quotes.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        let found = find_ignoring_case(rest, name)?;
        let before = rest[..found].chars().next_back();
        let behind = rest[found + name.len()..].trim_start();
        if before.is_none_or(|c| c.is_whitespace() || c == '"' || c == '\'' || c == '/')
            && let Some(value) = behind.strip_prefix('=')
        {
            let value = value.trim_start();
            return match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split(quote).next(),
                _ => value.split(|c: char| c.is_whitespace() || c == '>').next(),
            };
        }
        rest = &rest[found + name.len()..];
    }
}

/// All attributes of a start tag in order, the first of a name first; those without a value have an empty one.
pub(crate) fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=');
    let mut rest = tag.find(char::is_whitespace).or_else(|| tag.find('/')).map_or("", |at| &tag[at..]);
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let Some(first) = rest.chars().next() else { return found };
        let end = rest[first.len_utf8()..].find(is_end).map_or(rest.len(), |at| at + first.len_utf8());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            found.push((name, ""));
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((name, value));
        rest = after;
    }
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|w| w.eq_ignore_ascii_case(needle.as_bytes()))
}

struct Reader<'a> {
    out: Vec<Token<'a>>,
    /// Comments, scripts and styles of which one had no end: no other has, and none is looked for again.
    endless: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// Reads what begins with `<`; gives how many bytes it took.
    fn read(&mut self, rest: &'a str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return 4 + self.skip("-->", comment);
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            return memchr::memchr(b'>', rest.as_bytes()).map_or(2, |end| end + 1);
        }
        let closing = rest.starts_with("</");
        let body = &rest[if closing { 2 } else { 1 }..];
        if !body.starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.out.push(Token::Text(&rest[..1]));
            return 1;
        }
        let len = body.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-')).count();
        let name = &body[..len];
        let Some(end) = tag_end(rest) else {
            self.out.push(Token::Text(rest));
            return rest.len();
        };
        let raw = ["</script", "</style", "</title"].into_iter().find(|s| s[2..].eq_ignore_ascii_case(name));
        match raw {
            _ if closing => self.out.push(Token::End(name)),
            Some(stop) => return end + 1 + self.skip(stop, &rest[end + 1..]),
            None => self.out.push(Token::Start(name, &rest[1..end])),
        }
        end + 1
    }

    /// How much is skipped up to `stop`. Without one nothing is, so that no words are lost.
    fn skip(&mut self, stop: &'static str, rest: &str) -> usize {
        if self.endless.contains(&stop) {
            return 0;
        }
        let found = find_ignoring_case(rest, stop);
        if found.is_none() {
            self.endless.push(stop);
        }
        let comment = stop == "-->";
        found.map_or(0, |at| if comment { at + stop.len() } else { at })
    }
}

/// Where the tag ends that `rest` begins with.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (i, b) in rest.bytes().enumerate().take(TAG) {
        match (quote, b) {
            (None, b'>') => return Some(i),
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed must not swallow the document.
    memchr::memchr(b'>', rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_cut_into_tags_and_texts() {
        let got = tokens("a<P class=x>b<!-- <i> --><style>p{}</style>c</p> 1 < 2 <img alt=\"x > y\">");
        let want = [
            Token::Text("a"),
            Token::Start("P", "P class=x"),
            Token::Text("b"),
            Token::End("style"),
            Token::Text("c"),
            Token::End("p"),
            Token::Text(" 1 "),
            Token::Text("<"),
            Token::Text(" 2 "),
            Token::Start("img", "img alt=\"x > y\""),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn all_attributes_of_a_tag_are_read() {
        assert_eq!(
            attributes("div title=' class=y' CLASS = x/hidden id=\"a b\"z =q"),
            [("title", " class=y"), ("CLASS", "x/hidden"), ("id", "a b"), ("z", "q")]
        );
        assert_eq!(attributes("p/hidden/id=x"), [("hidden", ""), ("id", "x")]);
        assert_eq!(attributes("p"), []);
        assert_eq!(attributes("p x='open"), [("x", "open")]);
    }

    #[test]
    fn attributes_are_found_in_any_spelling() {
        assert_eq!(attribute("div ID='a b' x", "id"), Some("a b"));
        assert_eq!(attribute("div data-id=z id = q", "id"), Some("q"));
        assert_eq!(attribute("div class=\"x\"id=\"y\"", "id"), Some("y"));
        assert_eq!(attribute("div", "id"), None);
    }
}
