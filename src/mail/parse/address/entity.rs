//! Brackets, quotes and blanks that a program wrote into a field as HTML has them.
//!
//! Only what stands around addresses: no letter of one is ever made of an entity.

/// In lower case.
const ENTITIES: &[(&str, char)] = &[
    ("lt;", '<'),
    ("gt;", '>'),
    ("quot;", '"'),
    ("apos;", '\''),
    ("nbsp;", ' '),
    ("#34;", '"'),
    ("#39;", '\''),
    ("#60;", '<'),
    ("#62;", '>'),
    ("#160;", ' '),
    ("#x22;", '"'),
    ("#x27;", '\''),
    ("#x3c;", '<'),
    ("#x3e;", '>'),
    ("#xa0;", ' '),
];

/// Some do it twice.
const AGAIN: &str = "amp;";

/// The text with them as what they mean.
pub(super) fn resolved(text: String) -> String {
    if !text.contains('&') {
        return text;
    }
    let mut pieces = text.split('&');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        if let Some((c, rest)) = entity(piece) {
            out.push(c);
            out.push_str(rest);
        } else {
            out.push('&');
            out.push_str(piece);
        }
    }
    out
}

/// What a text begins with behind an `&`, and the rest of it.
fn entity(text: &str) -> Option<(char, &str)> {
    let text = after(text, AGAIN).unwrap_or(text);
    ENTITIES.iter().find_map(|(name, c)| after(text, name).map(|rest| (*c, rest)))
}

fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(rest)
}
