//! What of a text is old, so that it can be folded below what is new.
//!
//! Decides how much of it stands there at once; never what is old, which is found when a mail is read.

/// More old lines than this are folded away; so many stand below what is new.
const SHOWN: usize = 20;

/// The lines of a text that are not among its new ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Older {
    /// How many of them say something.
    pub(crate) lines: usize,
    /// The first of them.
    pub(crate) shown: String,
    /// How many more say something.
    pub(crate) more: usize,
}

impl Older {
    /// None where all is new. The new part only leaves lines out, so each of its lines is found below the one before.
    pub(crate) fn of(text: &str, new: &str) -> Option<Self> {
        let mut rest = new.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
        let mut older = Self { lines: 0, shown: String::new(), more: 0 };
        for line in text.lines() {
            if line.trim().is_empty() {
                if older.lines > 0 && older.more == 0 && !older.shown.ends_with("\n\n") {
                    older.shown.push('\n');
                }
                continue;
            }
            if rest.next_if_eq(&line.trim()).is_some() {
                continue;
            }
            older.lines += 1;
            if older.lines > SHOWN {
                older.more += 1;
            } else {
                older.shown.push_str(line.trim_end());
                older.shown.push('\n');
            }
        }
        older.shown.truncate(older.shown.trim_end().len());
        (older.lines > 0).then_some(older)
    }
}

/// Numbers of the lines of a text that say something and are not among its new ones.
pub(crate) fn old_lines(text: &str, new: &str) -> Vec<usize> {
    let mut rest = new.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    lines.filter(|(_, line)| rest.next_if_eq(line).is_none()).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::processor;

    fn older(text: &str, new: &str) -> Option<(usize, String, usize)> {
        Older::of(text, new).map(|older| (older.lines, older.shown, older.more))
    }

    fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
        (0..count).map(line).collect::<Vec<_>>().concat()
    }

    #[test]
    fn each_line_is_new_or_old() {
        assert_eq!(older("a\n\nb\n", "a\n\nb"), None);
        assert_eq!(older("", ""), None);
        assert_eq!(
            older("a\n\nOn Monday:\n> b\n>\n> c\n", "a"),
            Some((4, "On Monday:\n> b\n>\n> c".to_owned(), 0))
        );
        assert_eq!(older("> b\n\na\n\n-- \nAnn\n", "a"), Some((3, "> b\n\n--\nAnn".to_owned(), 0)));
        assert_eq!(older("a\nb\na\n", "a\na"), Some((1, "b".to_owned(), 0)));
        let long = lines(50, |n| format!("> {n}\n"));
        let found = older(&format!("a\n{long}"), "a").unwrap();
        assert_eq!((found.0, found.1.lines().count(), found.2), (50, 20, 30));
    }

    #[test]
    fn twice_the_lines_take_no_more_than_twice_the_time() {
        let spent = |count: usize| {
            let text = lines(count, |n| format!("> line {n} of an old mail\nown words {n}\n"));
            let new = lines(count, |n| format!("own words {n}\n"));
            let before = processor::spent();
            assert_eq!(Older::of(&text, &new).map(|older| older.lines), Some(count));
            processor::since(before)
        };
        let is_linear = |_| spent(100_000) < spent(50_000) * 5 / 2;
        assert!((0..5).any(is_linear));
    }
}
