//! The words of a saved reply: text with placeholders such as `{{ customer.name }}`.
//!
//! Refuses what is not known when it is saved, and what has no value when it is used: a customer never reads a gap.
//! Knows nothing of where replies are kept.

use std::collections::BTreeMap;

use minijinja::AutoEscape;
use minijinja::ErrorKind;
use minijinja::Value;

use crate::template::clean;
use crate::template::engine;

/// Longest text of a saved reply, in bytes.
pub(crate) const LONGEST: usize = 64 * 1024;
/// Longest value of a placeholder, in characters.
const VALUE_MAX: usize = 200;

/// What can be filled in, with what stands there while a reply is tried.
const KNOWN: [(&str, &str, &str); 14] = [
    ("ticket", "number", "12"),
    ("ticket", "tag", "[support-12]"),
    ("ticket", "subject", "Printer"),
    ("ticket", "status", "open"),
    ("ticket", "priority", "3"),
    ("ticket", "opened", "2026-03-02 09:00"),
    ("customer", "name", "Ann Lee"),
    ("customer", "email", "ann@example.com"),
    ("agent", "name", "Alex"),
    ("agent", "email", "alex@example.com"),
    ("queue", "title", "Support"),
    ("queue", "name", "Support"),
    ("queue", "slug", "support"),
    ("queue", "address", "support@example.com"),
];

/// Why a reply cannot be saved, or not be used now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyProblem {
    #[error("line {line}: there is no placeholder `{name}`; there are {}", known())]
    Unknown { name: String, line: usize },
    #[error("line {line}: `{name}` has no value here")]
    NoValue { name: String, line: usize },
    #[error("line {line}: {why}")]
    Broken { why: String, line: usize },
    #[error("there is no text in it")]
    Empty,
    #[error("a saved reply has at most {} KB", LONGEST / 1024)]
    TooLong,
}

/// The values of one use: those that are not there cannot be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts(BTreeMap<&'static str, BTreeMap<&'static str, String>>);

impl Facts {
    pub(crate) fn set(&mut self, group: &'static str, name: &'static str, value: Option<&str>) {
        let value = value.map(|value| clean::line(value, VALUE_MAX)).filter(|value| !value.is_empty());
        if let Some(value) = value {
            self.0.entry(group).or_default().insert(name, value);
        }
    }

    fn has(&self, name: &str) -> bool {
        let found = name.split_once('.').and_then(|(group, name)| self.0.get(group)?.get(name));
        found.is_some()
    }
}

/// Refuses words that could not be filled in.
pub(crate) fn check(text: &str) -> Result<(), ReplyProblem> {
    if text.trim().is_empty() {
        return Err(ReplyProblem::Empty);
    }
    if text.len() > LONGEST {
        return Err(ReplyProblem::TooLong);
    }
    if let Some(name) = used(text)?.into_iter().find(|name| !is_known(name)) {
        return Err(ReplyProblem::Unknown { line: line_of(text, &name), name });
    }
    let mut sample = Facts::default();
    for (group, name, value) in KNOWN {
        sample.set(group, name, Some(value));
    }
    fill(text, &sample).map(drop)
}

/// The words with their values.
pub(crate) fn fill(text: &str, facts: &Facts) -> Result<String, ReplyProblem> {
    let groups = KNOWN.iter().map(|(group, ..)| {
        // One without values is there all the same, for `default`.
        (*group, Value::from_pairs(facts.0.get(group).cloned().unwrap_or_default()))
    });
    let filled = engine::words_alone(AutoEscape::None).render_str(text, Value::from_pairs(groups));
    match filled {
        Ok(filled) if filled.trim().is_empty() => Err(ReplyProblem::Empty),
        Ok(filled) => Ok(filled.trim_end().to_owned()),
        Err(error) => {
            let line = error.line().unwrap_or(1);
            let missing = used(text)?.into_iter().filter(|name| !facts.has(name));
            // That of the line in question, else any.
            let missing = missing.min_by_key(|name| line_of(text, name).abs_diff(line));
            match missing.filter(|_| error.kind() == ErrorKind::UndefinedError) {
                Some(name) => Err(ReplyProblem::NoValue { name, line }),
                None => Err(broken(&error)),
            }
        }
    }
}

/// The placeholders of a text, in the order of their names.
fn used(text: &str) -> Result<Vec<String>, ReplyProblem> {
    let environment = engine::words_alone(AutoEscape::None);
    let template = environment.template_from_str(text).map_err(|error| broken(&error))?;
    let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
    names.sort_by_key(|name| (line_of(text, name), name.clone()));
    Ok(names)
}

fn broken(error: &minijinja::Error) -> ReplyProblem {
    let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    ReplyProblem::Broken { why, line: error.line().unwrap_or(1) }
}

fn is_known(name: &str) -> bool {
    KNOWN.iter().any(|(group, last, _)| name.split_once('.') == Some((group, last)))
}

fn known() -> String {
    KNOWN.map(|(group, name, _)| format!("{group}.{name}")).join(", ")
}

/// The first line that has a placeholder, counted from 1.
fn line_of(text: &str, name: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let has = |line: &str, name: &str| {
        line.match_indices(name)
            .any(|(at, _)| !line[..at].ends_with(is_part) && !line[at + name.len()..].starts_with(is_part))
    };
    let tight: Vec<String> = text
        .lines()
        .map(|line| {
            line.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".").replace(". ", ".")
        })
        .collect();
    tight.iter().position(|line| line.contains('{') && has(line, name)).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.set("customer", "name", Some("Ann Lee\r\nBcc: x"));
        facts.set("ticket", "number", Some("12"));
        facts.set("agent", "name", None);
        facts.set("queue", "title", Some("  "));
        facts
    }

    #[test]
    fn placeholders_are_filled_in_as_plain_text_of_one_line() {
        let text = "Dear {{ customer.name }},\n\nyour request {{ticket.number}} < 5 & \"so\".\n";
        assert_eq!(check(text), Ok(()));
        let filled = fill(text, &facts()).unwrap();
        assert_eq!(filled, "Dear Ann Lee Bcc: x,\n\nyour request 12 < 5 & \"so\".");
        assert_eq!(check("No placeholder at all."), Ok(()));
        assert_eq!(check("{% if ticket.status == \"open\" %}Soon.{% else %}Done.{% endif %}"), Ok(()));
    }

    #[test]
    fn what_is_not_known_is_refused_with_its_name_and_line() {
        for (text, name, line) in [
            ("Dear {{ customer.nmae }},", "customer.nmae", 1),
            ("Dear {{ customer.name }},\n\n{{ order }}", "order", 3),
            ("{{ ticket }}", "ticket", 1),
            ("{{ ticket['number'] }}{{ ticket[\"nope\"] }}", "ticket", 1),
            ("a\n{% if customer.name %}b{% else %}{{ agent.phone }}{% endif %}", "agent.phone", 2),
            ("x\n{{ customer . nmae }}", "customer.nmae", 2),
            ("{{ customer.name.first }}", "customer.name.first", 1),
            ("customer.nmae is none\n{{ customer.nmae }}", "customer.nmae", 2),
            ("{% for a in range(90000) %}{{ a }}{% endfor %}", "range", 1),
        ] {
            let found = check(text).unwrap_err();
            assert!(
                matches!(&found, ReplyProblem::Unknown { name: n, line: l } if n == name && *l == line),
                "{text}: {found:?}"
            );
        }
        let told = check("Dear\n{{ customer.nmae }}").unwrap_err().to_string();
        assert!(told.starts_with("line 2: there is no placeholder `customer.nmae`"), "{told}");
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (text, line) in [
            ("Dear\n{{ customer.name", 2),
            ("Dear\n\n{{ customer.name | frobnicate }}", 3),
            ("{% for x in y %}", 1),
            ("{% include \"x\" %}", 1),
        ] {
            let found = check(text).unwrap_err();
            assert!(matches!(found, ReplyProblem::Broken { line: l, .. } if l == line), "{text}: {found:?}");
        }
        assert_eq!(check(" \n"), Err(ReplyProblem::Empty));
        assert_eq!(check(&"x".repeat(LONGEST + 1)), Err(ReplyProblem::TooLong));
    }

    #[test]
    fn what_has_no_value_is_an_error_and_never_a_gap() {
        for (text, name, line) in [
            ("Dear {{ customer.name }},\n{{ agent.name }}", "agent.name", 2),
            ("{{ queue.title }}", "queue.title", 1),
            ("{{ customer.name }}\n{{ agent.email }}\n{{ agent.name }}", "agent.email", 2),
            ("{% if agent.name %}x{% endif %}y", "agent.name", 1),
        ] {
            let expected = ReplyProblem::NoValue { name: name.to_owned(), line };
            assert_eq!(fill(text, &facts()), Err(expected), "{text}");
        }
        assert_eq!(fill("{{ agent.name | default(\"Your desk\") }}", &facts()).as_deref(), Ok("Your desk"));
        assert_eq!(fill("{% if ticket.number == \"1\" %}x{% endif %}", &facts()), Err(ReplyProblem::Empty));
    }
}
