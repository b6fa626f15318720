//! Address lists of header fields, mended where people and programs write them wrongly.
//!
//! Each address is as it was written, or none: words are never glued to one. An odd one is not judged.

mod entity;
mod spec;
#[cfg(test)]
mod tests;
mod token;

use crate::mail::Address;
use crate::mail::parse::address::spec::Found;
use crate::mail::parse::address::spec::Piece;
use crate::mail::parse::address::token::Kind;
use crate::mail::parse::address::token::Token;
use crate::mail::parse::word;

/// How many addresses of one field are kept.
const ADDRESSES: usize = 1000;

/// Reads an address list. Entries without any address keep their name and an empty address.
pub fn list(value: &[u8], hint: Option<&str>) -> Vec<Address> {
    let mut masked = entity::resolved(word::mask(value, hint));
    if unbalanced(&masked) {
        masked = masked.replace('"', " ");
    }
    let out = read(&masked);
    if out.iter().any(has_address) {
        return out;
    }
    let hidden = hidden(&masked);
    if hidden.is_empty() { out } else { hidden }
}

/// The addresses that stand between quotes or in comments, for a field that has no others.
fn hidden(text: &str) -> Vec<Address> {
    let entries = token::entries(text);
    let inside =
        entries.iter().flatten().filter(|token| token.kind != Kind::Word && token.text.contains('@'));
    inside.flat_map(|token| read(&token.text)).filter(has_address).take(ADDRESSES).collect()
}

/// The first address in a field that should hold just one, such as Return-Path.
pub fn one(value: &[u8]) -> Option<String> {
    let text = word::decode(value, None);
    if text.trim() == "<>" {
        return Some(String::new());
    }
    list(value, None).into_iter().map(|a| a.address).find(|a| !a.is_empty())
}

fn has_address(entry: &Address) -> bool {
    !entry.address.is_empty()
}

fn unbalanced(text: &str) -> bool {
    text.replace("\\\\", "").replace("\\\"", "").matches('"').count() % 2 == 1
}

fn read(text: &str) -> Vec<Address> {
    let entries = token::entries(text);
    let mut out: Vec<Address> = entries.iter().flat_map(|tokens| entry(tokens)).take(ADDRESSES).collect();
    join_names(&mut out);
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

/// The people of one entry: mostly one, but some leave out the commas.
fn entry(tokens: &[Token]) -> Vec<Address> {
    let found = spec::read(tokens);
    if let [Found { piece: Piece::Text(text), .. }] = found.as_slice()
        && let Some(address) = spec::alone(text)
    {
        return vec![Address { name: None, address }];
    }
    // Beside an address in angle brackets, all else is a name, also another address.
    let in_angle = found.iter().any(|found| found.angle > 0 && matches!(found.piece, Piece::Address(_)));
    let mut people: Vec<Address> = Vec::new();
    let (mut name, mut comment) = (String::new(), None);
    for found in &found {
        match &found.piece {
            Piece::Address(address) if found.angle > 0 || !in_angle => {
                if people.last().is_none_or(|last| !last.address.eq_ignore_ascii_case(address)) {
                    let name = tidy_name(&std::mem::take(&mut name));
                    people.push(Address { name, address: address.clone() });
                }
            }
            Piece::Text(text) if found.kind == Kind::Comment => match people.last_mut() {
                Some(last) if last.name.is_none() => last.name = tidy_name(text),
                _ => comment = comment.or_else(|| tidy_name(text)),
            },
            // A route of old, without an address behind it.
            Piece::Text(text) if found.angle > 0 && text.starts_with('@') => {}
            // What stands before it is the name of a group.
            Piece::Text(text) if found.kind == Kind::Word && text.ends_with(':') => name.clear(),
            Piece::Address(text) | Piece::Text(text) => {
                if found.is_apart {
                    name.push(' ');
                }
                name.push_str(text);
            }
        }
    }
    named(people, tidy_name(&name), comment)
}

/// Gives the name that stands behind an address, or in a comment, to the only one who has none.
fn named(mut people: Vec<Address>, behind: Option<String>, comment: Option<String>) -> Vec<Address> {
    let rest = behind.or(comment);
    match (people.as_mut_slice(), rest) {
        ([], Some(name)) => people.push(Address { name: Some(name), address: String::new() }),
        ([only], Some(name)) if only.name.is_none() => only.name = Some(name),
        _ => {}
    }
    for person in &mut people {
        // An address beside itself is no name.
        person.name.take_if(|name| name.eq_ignore_ascii_case(&person.address));
    }
    people
}

fn tidy_name(name: &str) -> Option<String> {
    let name = word::clean(name);
    let name = name.trim_matches(|c: char| c.is_whitespace() || "\"'\\".contains(c)).trim();
    let has_words = name.contains(|c: char| !c.is_ascii_punctuation());
    has_words.then(|| name.split_whitespace().collect::<Vec<_>>().join(" "))
}
