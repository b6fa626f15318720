//! Header values as text: encoded words (RFC 2047) and raw 8-bit bytes, in the spellings met in the wild.
//!
//! Does not know what a field means. Addresses are decoded by way of `mask`.

use std::borrow::Cow;

use crate::mail::parse::charset;
use crate::mail::parse::script;
use crate::mail::parse::transfer;

/// Decodes an unstructured value. `hint` is the character set of the body, for raw 8-bit bytes.
pub(crate) fn decode(value: &[u8], hint: Option<&str>) -> String {
    let mut out = String::with_capacity(value.len());
    for piece in pieces(value) {
        match piece {
            Piece::Raw(raw) => out.push_str(&raw_text(raw, hint)),
            Piece::Words(words) => out.push_str(&join(&words)),
        }
    }
    clean(&out)
}

/// Rewrites an address list so that every encoded word becomes a quoted string in UTF-8.
///
/// A comma or bracket inside an encoded name then cannot be taken for structure.
pub(crate) fn mask(value: &[u8], hint: Option<&str>) -> String {
    let mut out = String::with_capacity(value.len());
    let mut quoted = false;
    for piece in pieces(value) {
        match piece {
            Piece::Raw(raw) => {
                let text = raw_text(raw, hint);
                quoted = ends_quoted(&text, quoted);
                out.push_str(&text);
            }
            Piece::Words(words) => {
                let text = clean(&join(&words)).replace('\\', "\\\\").replace('"', "\\\"");
                if quoted {
                    out.push_str(&text);
                } else {
                    // An encoded word may hold the whole `"Name" <address>`, against the rules.
                    out.push_str(" \"");
                    out.push_str(&text);
                    out.push_str("\" ");
                }
            }
        }
    }
    clean(&out)
}

/// Control characters become blanks and NUL becomes U+FFFD, so that a value is one line.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{fffd}'),
            '\r' | '\n' | '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

enum Piece<'a> {
    Raw(&'a [u8]),
    Words(Vec<Word<'a>>),
}

/// One encoded word, still encoded.
struct Word<'a> {
    charset: &'a str,
    base64: bool,
    data: &'a [u8],
}

/// Cuts a value into raw text and runs of encoded words; blanks between two words are no text.
fn pieces(value: &[u8]) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let (mut from, mut at) = (0, 0);
    // Behind the last end nothing more is looked for: each search would go through all the rest.
    let last = memchr::memmem::rfind(value, b"?=").unwrap_or_default();
    while let Some(found) = memchr::memmem::find(&value[at..], b"=?") {
        let start = at + found;
        if start >= last {
            break;
        }
        let Some((word, len)) = read_word(&value[start..]) else {
            at = start + 2;
            continue;
        };
        let gap = &value[from..start];
        match out.last_mut() {
            Some(Piece::Words(words)) if gap.iter().all(u8::is_ascii_whitespace) => words.push(word),
            _ => {
                if !gap.is_empty() {
                    out.push(Piece::Raw(gap));
                }
                out.push(Piece::Words(vec![word]));
            }
        }
        at = start + len;
        from = at;
    }
    if from < value.len() {
        out.push(Piece::Raw(&value[from..]));
    }
    out
}

/// Reads `=?charset?B?data?=` at the start of `value`.
fn read_word(value: &[u8]) -> Option<(Word<'_>, usize)> {
    let head = &value[2..value.len().min(80)];
    let mark = memchr::memchr(b'?', head)?;
    let charset = std::str::from_utf8(&head[..mark]).ok()?;
    // RFC 2231 adds a language behind a star.
    let charset = charset.split('*').next().unwrap_or_default().trim();
    if charset.contains(|c: char| c.is_whitespace() || c == '=') {
        return None;
    }
    let rest = &head[mark + 1..];
    let base64 = match rest.first()? {
        b'b' | b'B' => true,
        b'q' | b'Q' => false,
        _ => return None,
    };
    if rest.get(1) != Some(&b'?') {
        return None;
    }
    let start = 2 + mark + 3;
    let body = &value[start..];
    let end = memchr::memmem::find(body, b"?=")?;
    // `?Q?=3D?=`: the first `?=` may be the start of the text itself; then the end lies further on.
    Some((Word { charset, base64, data: &body[..end] }, start + end + 2))
}

/// Decodes a run of words; bytes of neighbours in one set are joined first, as writers split characters.
fn join(words: &[Word<'_>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < words.len() {
        let same =
            words[at..].iter().take_while(|w| w.charset.eq_ignore_ascii_case(words[at].charset)).count();
        let run = &words[at..at + same];
        let stateful = words[at].charset.to_ascii_lowercase().starts_with("iso-2022");
        if stateful {
            for word in run {
                out.push_str(&charset::decode(&bytes_of(std::slice::from_ref(word)), Some(word.charset)).0);
            }
        } else {
            out.push_str(&charset::decode(&bytes_of(run), Some(words[at].charset)).0);
        }
        at += same;
    }
    out
}

fn bytes_of(run: &[Word<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut carried: Vec<u8> = Vec::new();
    for (i, word) in run.iter().enumerate() {
        if !word.base64 {
            out.extend_from_slice(&q_bytes(word.data));
            continue;
        }
        carried.extend(word.data.iter().filter(|b| !b.is_ascii_whitespace()));
        // Some writers split the base64 text itself, not the bytes below it.
        let split = !carried.len().is_multiple_of(4) && run.get(i + 1).is_some_and(|next| next.base64);
        if !split {
            out.extend_from_slice(&transfer::base64(&carried));
            carried.clear();
        }
    }
    out.extend_from_slice(&transfer::base64(&carried));
    out
}

fn q_bytes(data: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = data.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
    transfer::quoted_printable(&spaced)
}

/// Raw bytes by themselves; the body's set tells more than a few bytes can, but only if it gives the same script.
fn raw_text<'a>(raw: &'a [u8], hint: Option<&str>) -> Cow<'a, str> {
    match std::str::from_utf8(raw) {
        Ok(text) if memchr::memmem::find(raw, b"\x1b$").is_none() => Cow::Borrowed(text),
        _ => {
            let detected = charset::decode(raw, None).0;
            let hinted = hint
                .filter(|h| !h.eq_ignore_ascii_case("utf-8"))
                .map(|hint| charset::decode(raw, Some(hint)).0)
                .filter(|hinted| script::is_same(hinted, &detected));
            Cow::Owned(hinted.unwrap_or(detected))
        }
    }
}

/// Whether text that began (un)quoted ends inside a quoted string.
fn ends_quoted(text: &str, mut quoted: bool) -> bool {
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_are_read_in_every_spelling() {
        let cases: &[(&str, &str)] = &[
            ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
            ("=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= Wien", "Grüße aus Wien"),
            ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
            ("=?utf-8?q?a?=  c =?utf-8?q?b?=", "a  c b"),
            ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
            ("=?utf-8?B?w?= =?utf-8?B?7w=?=", "ü"),
            ("=?iso-8859-1*de?q?=FC?=", "ü"),
            ("=?x-none?q?=FC?=", "ü"),
            ("=?utf-8?q?what is this?=", "what is this"),
            ("=?utf-8?q?open", "=?utf-8?q?open"),
            ("2 =? 3", "2 =? 3"),
            ("a\0b", "a\u{fffd}b"),
        ];
        for (raw, want) in cases {
            assert_eq!(decode(raw.as_bytes(), None), *want, "{raw}");
        }
    }

    #[test]
    fn raw_bytes_are_read_like_the_body() {
        assert_eq!(decode(b"Fr\xf6sche", Some("iso-8859-1")), "Frösche");
        assert_eq!(decode("Frösche".as_bytes(), Some("iso-8859-1")), "Frösche");
        assert_eq!(decode(b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251")), "Привет");
    }

    #[test]
    fn a_comma_inside_an_encoded_name_is_quoted() {
        assert_eq!(mask(b"=?utf-8?q?M=C3=BCller,_J?= <a@b.c>", None), "\"Müller, J\"  <a@b.c>");
        assert_eq!(mask(b"\"=?utf-8?q?M=22?=\" <a@b.c>", None), "\"M\\\"\" <a@b.c>");
    }
}
