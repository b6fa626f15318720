//! The text of a new configuration: the documented sample, with the answers in their places.
//!
//! Whatever was not answered stands there too, as a comment that shows its default.

use std::collections::BTreeMap;

use toml::Value;

use crate::config;

/// What stands above it all.
const HEAD: &str = "\
# helpdeskd: configuration, written by `helpdeskd init`.
#
# A line such as `#key = value` shows the default; take the # away to set something else.
# Relative paths count from the directory of this file. Look at it with `helpdeskd check`.
#
# A secret is written as the secret itself, or as a place to fetch it from each time it is needed:
#   \"env:NAME\"          an environment variable
#   \"file:PATH\"         the content of a file
#   \"command:TEXT\"      what a shell command prints
#   \"literal:TEXT\"      a secret that begins with one of these words
# Sizes are bytes, or text such as \"20 MB\" (1 KB = 1024 bytes).
";

/// Values by section and key, the section as its heading has it: `queues.imap`.
#[derive(Debug, Default)]
pub struct Values(BTreeMap<(&'static str, &'static str), Value>);

impl Values {
    pub fn set(&mut self, section: &'static str, key: &'static str, value: impl Into<Value>) {
        self.0.insert((section, key), value.into());
    }

    fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.0.iter().find(|(place, _)| **place == (section, key)).map(|(_, value)| value)
    }

    fn has_section(&self, section: &str) -> bool {
        self.0.keys().any(|(own, _)| *own == section)
    }
}

/// Fills the sample. Sections that take no value and need some are left as comments.
pub fn fill(values: &Values) -> String {
    let body = config::EXAMPLE.find("\n[").map_or("", |at| &config::EXAMPLE[at..]);
    let mut text = HEAD.to_owned();
    let mut section = "";
    for line in body.lines() {
        if let Some(name) = heading(line) {
            section = name;
        }
        text.push_str(&filled(line, section, values));
        text.push('\n');
    }
    text
}

fn filled(line: &str, section: &str, values: &Values) -> String {
    if heading(line).is_some() {
        // A section that exists once is harmless without a value; an entry or a mailbox is not.
        let is_optional = line.starts_with("[[") || (line.starts_with('[') && section.contains('.'));
        let is_left_out = is_optional && !values.has_section(section);
        return if is_left_out { format!("#{line}") } else { line.to_owned() };
    }
    let Some((key, is_sample)) = key(line) else { return line.to_owned() };
    match values.get(section, key) {
        Some(value) => format!("{key} = {value}"),
        None if is_sample => line.to_owned(),
        None => format!("#{line}"),
    }
}

/// The section that a line begins, also one that is commented already, as `# [queues.imap.oauth]`.
fn heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix("# ").unwrap_or(line);
    (name.starts_with('[') && name.ends_with(']')).then(|| name.trim_matches(['[', ']']))
}

/// The key of a line, and whether it is a commented one already, as `# token = …`.
fn key(line: &str) -> Option<(&str, bool)> {
    let (rest, is_sample) = match line.strip_prefix("# ") {
        Some(rest) => (rest, true),
        None => (line, false),
    };
    let (key, _) = rest.split_once(" = ")?;
    let is_key =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    is_key.then_some((key, is_sample))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::Config;

    #[test]
    fn a_key_is_set_once_also_where_a_commented_section_has_one_of_its_name() {
        let mut values = Values::default();
        values.set("queues.imap", "ca_file", "ca.pem");
        values.set("smtp", "ca_file", "ca.pem");
        let text = fill(&values);
        assert_eq!(text.lines().filter(|line| *line == "ca_file = \"ca.pem\"").count(), 2, "{text}");
    }

    #[test]
    fn without_answers_the_text_is_the_defaults() {
        let text = fill(&Values::default());
        let config = Config::parse(&text, Path::new("config.toml")).unwrap();
        assert!(config.queues.is_empty() && config.smtp.is_empty());
        assert_eq!(config.desk.name, Config::defaults().desk.name);
        let active = text.lines().filter(|line| key(line).is_some_and(|(_, is_sample)| !is_sample));
        assert_eq!(active.count(), 0);
    }

    #[test]
    fn an_answer_stands_in_its_place_whatever_is_in_it() {
        let mut values = Values::default();
        let odd = "a \"b\" \\ # c = 'd'\n[queues]";
        values.set("desk", "name", "a \"b\" \\ # c = 'd' [queues]");
        values.set("smtp", "name", "default");
        values.set("smtp", "directory", odd);
        values.set("queues", "slug", "support");
        values.set("queues", "title", "Support");
        values.set("queues", "address", "support@example.com");
        values.set("queues", "new_ticket_cc", vec!["a@b.example", "c@d.example"]);
        let text = fill(&values);
        let config = Config::parse(&text, Path::new("config.toml")).unwrap();
        assert_eq!(config.desk.name, "a \"b\" \\ # c = 'd' [queues]");
        assert_eq!(config.queues[0].new_ticket_cc, ["a@b.example", "c@d.example"]);
        assert!(config.queues[0].imap.is_none() && config.queues[0].types.is_empty());
        assert!(text.contains("\n#[queues.imap]\n") && text.contains("\n#poll_seconds = 120\n"), "{text}");
    }
}
