//! Address lists of header fields, mended where people and programs write them wrongly.
//!
//! Does not judge addresses: an odd one is kept as written.

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

use crate::mail::Address;
use crate::mail::parse::word;

/// How many addresses of one field are kept.
const ADDRESSES: usize = 1000;

/// Reads an address list. Entries without any address keep their name and an empty address.
pub fn list(value: &[u8], hint: Option<&str>) -> Vec<Address> {
    let mut masked = word::mask(value, hint);
    if unbalanced(&masked) {
        masked.retain(|c| c != '"');
    }
    let separated = semicolons(&masked);
    let mut out = read(&separated);
    out.truncate(ADDRESSES);
    join_names(&mut out);
    if !out.iter().any(|a| a.address.contains('@'))
        && let Some(found) = search(&masked)
    {
        return vec![found];
    }
    out
}

/// `Lee, Ann <ann@x.test>` without quotes is read as two; the first has no address.
fn join_names(list: &mut Vec<Address>) {
    let mut before: Option<String> = None;
    list.retain_mut(|entry| {
        if entry.address.is_empty() && before.is_none() {
            before.clone_from(&entry.name);
            return false;
        }
        if let Some(last) = before.take() {
            entry.name = Some(entry.name.as_ref().map_or(last.clone(), |first| format!("{last}, {first}")));
        }
        true
    });
    // A name behind the last address, or alone, is all that is known of somebody.
    list.extend(before.map(|name| Address { name: Some(name), address: String::new() }));
}

/// The first address in a field that should hold just one, such as Return-Path.
pub fn one(value: &[u8]) -> Option<String> {
    let text = word::decode(value, None);
    if text.trim() == "<>" {
        return Some(String::new());
    }
    list(value, None).into_iter().map(|a| a.address).find(|a| !a.is_empty())
}

/// Outlook separates with `;`. Only outside of quotes and groups is it a comma.
fn semicolons(text: &str) -> String {
    if !text.contains(';') || text.contains(':') {
        return text.to_owned();
    }
    let mut quoted = false;
    text.chars()
        .map(|c| {
            quoted ^= c == '"';
            if c == ';' && !quoted { ',' } else { c }
        })
        .collect()
}

fn unbalanced(text: &str) -> bool {
    text.replace("\\\\", "").replace("\\\"", "").matches('"').count() % 2 == 1
}

fn read(text: &str) -> Vec<Address> {
    let line = format!("{text}\n");
    let mut out = Vec::new();
    match MessageStream::new(line.as_bytes()).parse_address() {
        HeaderValue::Address(mail_parser::Address::List(list)) => out.extend(list.iter().filter_map(entry)),
        HeaderValue::Address(mail_parser::Address::Group(groups)) => {
            out.extend(groups.iter().flat_map(|g| &g.addresses).filter_map(entry));
        }
        _ => {}
    }
    out
}

fn entry(found: &mail_parser::Addr<'_>) -> Option<Address> {
    let name = found.name.as_deref().map(tidy_name).filter(|n| !n.is_empty());
    let address: String = found.address.as_deref().unwrap_or_default().trim().to_owned();
    // `user @ host . example` is allowed by the old rules.
    let address =
        if address.contains('@') { strip_route(&address.replace([' ', '\t'], "")) } else { address };
    let name = name.filter(|n| *n != address);
    if address.is_empty() && name.is_none() {
        return None;
    }
    match name {
        // A name that is an address, and no address beside it.
        Some(name) if address.is_empty() && looks_like_address(&name) => {
            Some(Address { name: None, address: name })
        }
        name if !address.contains('@') && name.is_none() => {
            Some(Address { name: Some(address), address: String::new() })
        }
        name => Some(Address { name, address }),
    }
}

fn tidy_name(name: &str) -> String {
    let name = word::clean(name);
    let name = name.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'').trim();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `@relay,@relay:user@host` is an old way to name the path too.
fn strip_route(address: &str) -> String {
    match address.rsplit_once(':') {
        Some((route, rest)) if route.starts_with('@') && rest.contains('@') => rest.to_owned(),
        _ => address.trim_matches(|c| c == '<' || c == '>').to_owned(),
    }
}

fn looks_like_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && host.contains('.')
            && !text.contains(|c: char| c.is_whitespace() || "<>,;\"".contains(c))
    })
}

/// Anything that looks like an address, in a field that could not be read otherwise.
fn search(text: &str) -> Option<Address> {
    let edge = |c: char| c.is_whitespace() || "<>,;:\"'()[]".contains(c);
    let address = text.split(edge).find(|t| looks_like_address(t))?.to_owned();
    let name = text.split(['<', '(']).next().map(tidy_name).filter(|n| !n.is_empty() && !n.contains('@'));
    Some(Address { name, address })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str) -> String {
        let list = list(raw.as_bytes(), None);
        let one = |a: &Address| format!("{}<{}>", a.name.clone().unwrap_or_default(), a.address);
        list.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn addresses_are_found_in_every_spelling() {
        let cases: &[(&str, &str)] = &[
            ("a@b.test", "<a@b.test>"),
            ("Ann <a@b.test>, \"Lee, Bob\" <b@b.test>", "Ann<a@b.test> Lee, Bob<b@b.test>"),
            ("=?utf-8?q?M=C3=BCller,_J?= <a@b.test>", "Müller, J<a@b.test>"),
            ("Ann <a@b.test>; Bob <b@b.test>", "Ann<a@b.test> Bob<b@b.test>"),
            ("a@b.test (Ann)", "Ann<a@b.test>"),
            ("undisclosed-recipients:;", ""),
            ("Team: a@b.test, Bob <b@b.test>;", "<a@b.test> Bob<b@b.test>"),
            ("\"Ann <a@b.test>", "Ann<a@b.test>"),
            ("ann@home.test <a@b.test>", "ann@home.test<a@b.test>"),
            ("<@relay.test:a@b.test>", "<a@b.test>"),
            ("'Ann' <a@b.test>", "Ann<a@b.test>"),
            ("Lee, Ann <a@b.test>", "Lee, Ann<a@b.test>"),
            ("Ann <a@b.test>, Bob", "Ann<a@b.test> Bob<>"),
            ("", ""),
        ];
        for (raw, want) in cases {
            assert_eq!(shown(raw), *want, "{raw}");
        }
    }

    #[test]
    fn the_null_path_is_told_from_no_path() {
        assert_eq!(one(b"<>"), Some(String::new()));
        assert_eq!(one(b" <a@b.test> "), Some("a@b.test".into()));
        assert_eq!(one(b""), None);
    }
}
