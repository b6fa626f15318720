//! Which script a text is in, to tell one reading of its bytes from another.
//!
//! Counts letters beyond ASCII only, and tells no languages apart.

/// A family of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Thai,
    Asian,
    Other,
}

/// So few letters may be anything.
const FEW: usize = 2;

/// Whether two readings of the same bytes are in one script, or too short to tell.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let (left, right) = (most(one), most(other));
    match (left, right) {
        (Some((left, many)), Some((right, more))) => left == right || many.max(more) <= FEW,
        // Nothing but signs: no text.
        (None, Some(_)) => false,
        _ => true,
    }
}

/// The script of most letters beyond ASCII, and how many there are.
fn most(text: &str) -> Option<(Script, usize)> {
    let mut counts: Vec<(Script, usize)> = Vec::new();
    for script in text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).map(of) {
        match counts.iter_mut().find(|(known, _)| *known == script) {
            Some((_, count)) => *count += 1,
            None => counts.push((script, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}

fn of(c: char) -> Script {
    match u32::from(c) {
        0x80..=0x24f | 0x1e00..=0x1eff => Script::Latin,
        0x370..=0x3ff | 0x1f00..=0x1fff => Script::Greek,
        0x400..=0x52f => Script::Cyrillic,
        0x590..=0x5ff => Script::Hebrew,
        0x600..=0x6ff => Script::Arabic,
        0xe00..=0xe7f => Script::Thai,
        0x1100..=0x11ff | 0x2e80..=0xd7ff | 0xf900..=0xfaff | 0xff00..=0xffef => Script::Asian,
        _ => Script::Other,
    }
}
