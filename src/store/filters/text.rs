//! Parts of texts as the patterns of `like`.

use crate::email::Email;

/// A part of an address, which is kept in lower case, and the same as part of a name.
pub(super) fn person(text: &str) -> Vec<String> {
    let mut values = vec![pattern(&Email::key_of(text)); 2];
    values.extend(variants(text));
    values
}

/// A part of a text in small letters, in capitals, and with one in front: SQLite's `lower` knows ASCII only.
pub(super) fn variants(text: &str) -> Vec<String> {
    let text = text.trim();
    let (small, large) = (text.to_lowercase(), text.to_uppercase());
    let first = text.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let rest: String = text.chars().skip(1).collect();
    let named = [first, rest.to_lowercase()].concat();
    [small, large, named].iter().map(|text| pattern(&text.to_ascii_lowercase())).collect()
}

/// What `like … escape '!'` takes for a text that may stand anywhere.
pub(crate) fn pattern(text: &str) -> String {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    ["%", &escaped, "%"].concat()
}
