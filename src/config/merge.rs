//! The user's text laid over the defaults, with the places of both kept for messages.
//!
//! Knows tables and lists, not what any key means.

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

/// Keys of sample entries that are no defaults: each entry has its own, or none.
const NO_DEFAULT: [&str; 16] = [
    "name",
    "host",
    "port",
    "username",
    "password",
    "slug",
    "title",
    "address",
    "imap",
    "types",
    "directory",
    "when",
    "then",
    "first_answer",
    "next_answer",
    "resolution",
];

/// Sections of sample entries that are whole as they are written.
const WHOLE: [&str; 2] = ["when", "then"];

type Table<'a> = Spanned<DeTable<'a>>;

/// Adds to `user` whatever it leaves out.
///
/// An entry of a list takes its missing keys from the first entry of the same list in the defaults.
pub fn merge<'a>(user: &mut DeTable<'a>, defaults: &DeTable<'a>) {
    for (key, default) in defaults {
        match (user.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), default.get_ref()) {
            (Some(DeValue::Table(own)), DeValue::Table(default)) => merge(own, default),
            (Some(DeValue::Array(entries)), DeValue::Array(samples)) => {
                if let Some(DeValue::Table(sample)) = samples.first().map(Spanned::get_ref) {
                    for entry in entries.iter_mut() {
                        complete(entry.get_mut(), sample);
                    }
                }
            }
            (Some(_), _) => {}
            (None, DeValue::Array(samples)) => {
                let empty = DeValue::Array(toml::de::DeArray::new());
                let value =
                    if is_sample(samples) { Spanned::new(default.span(), empty) } else { default.clone() };
                user.insert(key.clone(), value);
            }
            (None, _) => drop(user.insert(key.clone(), default.clone())),
        }
    }
}

/// The line, from 1, at which a path such as `["queues", "0", "slug"]` stands in `text`, or its nearest parent.
pub(crate) fn line_of(text: &str, path: &[String]) -> usize {
    let Ok(root) = DeTable::parse(text) else { return 0 };
    let mut value = DeValue::Table(root.into_inner());
    let mut line = 0;
    for step in path {
        let Some((at, inner)) = inside(&value, step) else { break };
        line = line_at(text, at);
        value = inner;
    }
    line
}

/// The line, from 1, of a byte offset.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

/// The value at one step of a path, and the offset where it is written.
fn inside<'a>(value: &DeValue<'a>, step: &str) -> Option<(usize, DeValue<'a>)> {
    match value {
        DeValue::Table(table) => {
            let (key, value) = table.iter().find(|(key, _)| key.get_ref() == step)?;
            Some((key.span().start, value.get_ref().clone()))
        }
        DeValue::Array(array) => {
            let value = array.get(step.parse::<usize>().ok()?)?;
            Some((value.span().start, value.get_ref().clone()))
        }
        _ => None,
    }
}

fn is_sample(entries: &toml::de::DeArray<'_>) -> bool {
    entries.first().is_some_and(|entry| matches!(entry.get_ref(), DeValue::Table(_)))
}

fn complete<'a>(entry: &mut DeValue<'a>, sample: &DeTable<'a>) {
    let DeValue::Table(entry) = entry else { return };
    for (key, default) in sample {
        match (entry.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut), default.get_ref()) {
            // A section that is there is completed by the same rules; one that is not stays away.
            (Some(own @ DeValue::Table(_)), DeValue::Table(sample))
                if !WHOLE.contains(&key.get_ref().as_ref()) =>
            {
                complete(own, sample);
            }
            (Some(DeValue::Array(own)), DeValue::Array(samples)) => {
                if let Some(DeValue::Table(sample)) = samples.first().map(Spanned::get_ref) {
                    own.iter_mut().for_each(|entry| complete(entry.get_mut(), sample));
                }
            }
            (None, _) if !NO_DEFAULT.contains(&key.get_ref().as_ref()) => {
                entry.insert(key.clone(), default.clone());
            }
            _ => {}
        }
    }
}

/// Reads TOML; the root keeps its span so that errors about it have a place.
pub fn parse(text: &str) -> Result<Table<'_>, toml::de::Error> {
    DeTable::parse(text)
}
