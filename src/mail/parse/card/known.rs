//! What a mail says already, so that nothing is told twice: most invitations come as a text, and twice as a file.

use std::collections::HashSet;

use memchr::memmem;

/// Longer texts say more than anybody compares.
const LOOKED_AT: usize = 256 * 1024;

/// The words of a text, and the files that were told.
pub(crate) struct Known {
    text: String,
    files: HashSet<String>,
}

impl Known {
    pub(crate) fn of(text: &str) -> Self {
        let text = squeezed(&text[..text.floor_char_boundary(LOOKED_AT)]);
        Self { text, files: HashSet::new() }
    }

    /// The lines that are not known yet; none where they tell nothing.
    pub(crate) fn news(&mut self, lines: &str) -> Option<String> {
        if lines.is_empty() || !self.files.insert(squeezed(lines)) {
            return None;
        }
        let mut news: Vec<&str> = Vec::new();
        for line in lines.lines() {
            let is_gap = line.is_empty() && news.last().is_none_or(|last| last.is_empty());
            if !is_gap && !self.says(line) {
                news.push(line);
            }
        }
        let tells = news.iter().any(|line| !line.is_empty() && !is_usual(line));
        tells.then(|| news.join("\n").trim().to_owned())
    }

    /// Whether the text says what stands behind a line's label.
    fn says(&self, line: &str) -> bool {
        let value =
            line.split_once(": ").filter(|(label, _)| is_label(label)).map_or(line, |(_, value)| value);
        let value = squeezed(value);
        !value.is_empty() && !is_usual(line) && memmem::find(self.text.as_bytes(), value.as_bytes()).is_some()
    }
}

/// How most come; it tells nothing by itself.
fn is_usual(line: &str) -> bool {
    ["METHOD: REQUEST", "METHOD: PUBLISH", "METHOD: REPLY", "STATUS: CONFIRMED", "STATUS: TENTATIVE"]
        .contains(&line)
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|b| b.is_ascii_uppercase())
}

/// Letters and digits alone: line ends and marks of emphasis come and go between the forms of a text.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
