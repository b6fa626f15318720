//! Content-Type and Content-Disposition: the value and its parameters, by RFC 2045 and 2231 and as clients
//! write them.
//!
//! Does not clean file names; that is for `attachment`.

use crate::mail::parse::charset;
use crate::mail::parse::word;

/// How many parameters of one field are read.
const PARAMETERS: usize = 200;

/// A field with parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// Lower case, such as `text/plain` or `attachment`.
    pub value: String,
    pub(crate) parameters: Vec<(String, String)>,
}

impl Field {
    /// A parameter by its lower-case name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Reads a field. `hint` is the character set for raw 8-bit bytes.
pub fn read(raw: &[u8], hint: Option<&str>) -> Field {
    let mut pieces = split(raw);
    let mut first = if pieces.is_empty() { Vec::new() } else { pieces.remove(0) };
    // `text/plain charset=x`: the mark between the two is missing.
    if let Some(end) = unmarked_end(&first) {
        pieces.insert(0, first.split_off(end));
        first.retain(|b| *b != b',');
        unglue(&mut pieces);
    }
    let mut value: String = word::decode(&first, hint).to_ascii_lowercase();
    value.retain(|c| !c.is_whitespace() && c != '"');
    let mut parts = Vec::new();
    if value.contains('=') && !value.contains('/') {
        // `Content-Disposition: filename=x`: the value itself is missing.
        pieces.insert(0, first);
        value = String::new();
    }
    for piece in pieces.iter().take(PARAMETERS) {
        parts.extend(parameter(piece));
    }
    Field { value, parameters: assemble(&parts, hint) }
}

/// Where a value ends that has a parameter right behind it.
fn unmarked_end(first: &[u8]) -> Option<usize> {
    let first = first.trim_ascii_end();
    let begin = first.iter().position(|b| !b.is_ascii_whitespace())?;
    let end = begin + first[begin..].iter().position(u8::is_ascii_whitespace)?;
    let is_value = !first[..end].contains(&b'=') && !first[..end].contains(&b'"');
    let name = first[end..].split(|b| *b == b'=').next().unwrap_or_default().trim_ascii();
    let is_name = !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"-*".contains(b));
    (is_value && is_name && first[end..].contains(&b'=')).then_some(end)
}

/// Takes apart the first piece, where it has several parameters with nothing but blanks between them.
fn unglue(pieces: &mut Vec<Vec<u8>>) {
    let mut at = 0;
    while let Some(end) = pieces.get(at).and_then(|piece| next_parameter(piece)) {
        let rest = pieces[at].split_off(end);
        pieces.insert(at + 1, rest);
        at += 1;
        if at > PARAMETERS {
            break;
        }
    }
}

/// Where behind a value that is quoted or one word another `name=` begins.
fn next_parameter(piece: &[u8]) -> Option<usize> {
    let equals = memchr::memchr(b'=', piece)?;
    let behind = &piece[equals + 1..];
    let quoted =
        behind.strip_prefix(b"\"").and_then(|inside| memchr::memchr(b'"', inside)).map(|end| end + 2);
    let end = quoted.or_else(|| behind.iter().position(u8::is_ascii_whitespace))?;
    let rest = behind[end..].trim_ascii();
    let name = rest.split(|b| *b == b'=').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.len() < rest.len() && name.iter().all(u8::is_ascii_alphanumeric);
    is_name.then_some(equals + 1 + end)
}

/// One piece `name*0*=value`, its name taken apart.
struct Part {
    name: String,
    /// Its place among continuations.
    index: Option<u32>,
    /// Percent-encoded by RFC 2231.
    extended: bool,
    value: Vec<u8>,
}

/// Splits at `;` outside of quotes. Quotes stay.
fn split(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut out = vec![Vec::new()];
    let (mut quoted, mut escaped) = (false, false);
    for (i, &b) in raw.iter().enumerate() {
        if b == b'"' && !escaped {
            quoted = if quoted { !closes(&raw[i + 1..]) } else { true };
        }
        escaped = b == b'\\' && !escaped;
        if b == b';' && !quoted {
            out.push(Vec::new());
        } else if let Some(last) = out.last_mut() {
            last.push(b);
        }
    }
    out
}

/// Whether a quote mark ends its string: inside a name, clients forget to escape them.
fn closes(rest: &[u8]) -> bool {
    rest.iter().find(|b| !b.is_ascii_whitespace()).is_none_or(|&b| b == b';' || b == b'(')
        || !rest.contains(&b'"')
}

fn parameter(piece: &[u8]) -> Option<Part> {
    let equals = memchr::memchr(b'=', piece)?;
    let name = std::str::from_utf8(&piece[..equals]).ok()?.trim().to_ascii_lowercase();
    let mut pieces = name.split('*');
    let base = pieces.next()?.trim().to_owned();
    let (second, third) = (pieces.next(), pieces.next());
    let index = second.and_then(|s| s.parse().ok());
    let extended = third.is_some() || second.is_some_and(str::is_empty);
    let value = piece[equals + 1..].trim_ascii();
    Some(Part { name: base, index, extended, value: unquote(value) })
}

fn unquote(value: &[u8]) -> Vec<u8> {
    let Some(inner) = value.strip_prefix(b"\"") else {
        return value.to_vec();
    };
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().peekable();
    while let Some(&b) = bytes.next() {
        // Only these two are ever escaped; a lone backslash is part of a Windows path.
        if b == b'\\' && matches!(bytes.peek(), Some(b'"' | b'\\')) {
            out.extend(bytes.next());
        } else {
            out.push(b);
        }
    }
    out
}

/// Joins continuations and decodes values. A plain parameter yields to the same one by RFC 2231.
fn assemble(parts: &[Part], hint: Option<&str>) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut done: Vec<String> = Vec::new();
    for part in parts {
        if done.contains(&part.name) {
            continue;
        }
        done.push(part.name.clone());
        let mut same: Vec<&Part> = parts.iter().filter(|p| p.name == part.name).collect();
        if same.iter().any(|p| p.extended || p.index.is_some()) {
            same.retain(|p| p.extended || p.index.is_some());
            same.sort_by_key(|p| p.index.unwrap_or(0));
            out.push((part.name.clone(), continued(&same, hint)));
        } else {
            out.push((part.name.clone(), plain(&part.value, hint)));
        }
    }
    out
}

/// `charset'language'percent-encoded`, in pieces that may or may not be encoded each.
fn continued(same: &[&Part], hint: Option<&str>) -> String {
    let mut bytes = Vec::new();
    let mut label = None;
    for (i, part) in same.iter().enumerate() {
        let mut value = part.value.as_slice();
        if i == 0
            && part.extended
            && let Some((set, rest)) = charset_of(value)
        {
            label = Some(set);
            value = rest;
        }
        if part.extended {
            bytes.extend(percent_encoding::percent_decode(value));
        } else {
            bytes.extend_from_slice(value);
        }
    }
    match label {
        Some(label) => {
            let text = charset::decode(&bytes, Some(&label)).0;
            // Some clients put an encoded word inside of the RFC 2231 form.
            if text.contains("=?") { word::decode(text.as_bytes(), hint) } else { text }
        }
        None => plain(&bytes, hint),
    }
}

fn charset_of(value: &[u8]) -> Option<(String, &[u8])> {
    let first = memchr::memchr(b'\'', value)?;
    let second = first + 1 + memchr::memchr(b'\'', &value[first + 1..])?;
    Some((String::from_utf8_lossy(&value[..first]).into_owned(), &value[second + 1..]))
}

/// A plain value: encoded words and percent signs are against the rules, and common.
fn plain(value: &[u8], hint: Option<&str>) -> String {
    // A boundary may end with a blank, so what needs no decoding is not touched.
    if memchr::memmem::find(value, b"=?").is_none()
        && value.iter().all(|b| b.is_ascii_graphic() || *b == b' ')
        && !value.starts_with(b"utf-8''")
        && !value.starts_with(b"UTF-8''")
    {
        return String::from_utf8_lossy(value).into_owned();
    }
    let text = word::decode(value, hint);
    if let Some(rest) = text.strip_prefix("utf-8''").or_else(|| text.strip_prefix("UTF-8''")) {
        return percent_encoding::percent_decode_str(rest).decode_utf8_lossy().into_owned();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(raw: &str) -> String {
        let field = read(raw.as_bytes(), None);
        field.get("filename").or(field.get("name")).unwrap_or("(none)").to_owned()
    }

    #[test]
    fn file_names_are_read_in_every_spelling() {
        let cases: &[(&str, &str)] = &[
            ("attachment; filename=a.pdf", "a.pdf"),
            ("attachment; filename=\"a b; c.pdf\"", "a b; c.pdf"),
            ("attachment; filename=a b.pdf", "a b.pdf"),
            ("attachment; filename=\"a \\\"b\\\".pdf\"", "a \"b\".pdf"),
            ("attachment; filename=\"the \"big\" one.pdf\"", "the \"big\" one.pdf"),
            ("attachment; filename*=utf-8''M%C3%BCnchen.pdf", "München.pdf"),
            ("attachment; filename*=iso-8859-1'de'M%FCnchen.pdf", "München.pdf"),
            ("attachment; filename*0*=utf-8''M%C3; filename*1*=%BCn; filename*2=chen.pdf", "München.pdf"),
            ("attachment; filename*1=chen.pdf; filename*0=Muen", "Muenchen.pdf"),
            ("attachment; filename=\"x\"; filename*=utf-8''M%C3%BC.pdf", "Mü.pdf"),
            ("attachment; filename=\"=?utf-8?q?M=C3=BC.pdf?=\"", "Mü.pdf"),
            ("attachment; filename==?utf-8?q?M=C3=BC.pdf?=", "Mü.pdf"),
            ("attachment; filename=\"=?utf-8?q?M=C3?= =?utf-8?q?=BC.pdf?=\"", "Mü.pdf"),
            ("attachment; filename*0=\"=?utf-8?q?M=C3\"; filename*1=\"=BC.pdf?=\"", "Mü.pdf"),
            ("attachment; filename=\"utf-8''M%C3%BC.pdf\"", "Mü.pdf"),
            ("attachment; filename=\"C:\\dir\\a.pdf\"", "C:\\dir\\a.pdf"),
            ("filename=a.pdf", "a.pdf"),
        ];
        for (raw, want) in cases {
            assert_eq!(name(raw), *want, "{raw}");
        }
    }

    #[test]
    fn types_are_lower_case_and_without_blanks() {
        let field = read(b"Text / HTML ; Charset = \"utf-8\";; boundary=x", None);
        assert_eq!(field.value, "text/html");
        assert_eq!(field.get("charset"), Some("utf-8"));
        assert_eq!(field.get("boundary"), Some("x"));
    }
}
