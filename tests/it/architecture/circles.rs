//! No circle inside a module: what one of its files needs stands in a file that does not need it back.
//!
//! A file names another by a path that leads into it: `crate::…`, `super::…`, `self::…`, or the name of a
//! file below it. Declaring a file with `mod` does not name it, and unit tests do not count.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::source::Source;

/// Which file names which, each with the first place where it does so.
type Edges = BTreeMap<String, BTreeMap<String, String>>;

/// Each circle, with all that its files name of each other.
pub fn breaches(sources: &[Source]) -> Vec<String> {
    let edges = edges(sources);
    circles(&edges).iter().map(|circle| describe(circle, &edges)).collect()
}

fn edges(sources: &[Source]) -> Edges {
    let files: BTreeMap<String, &Source> =
        sources.iter().map(|source| (module_of(&source.path), source)).collect();
    let tests: BTreeSet<String> = files.iter().flat_map(|(file, source)| test_files(file, source)).collect();
    let is_test = |file: &str| tests.iter().any(|test| is_at_or_below(file, test));
    files
        .iter()
        .filter(|(file, _)| !is_test(file))
        .map(|(file, source)| (file.clone(), named_by(file, source, &files)))
        .collect()
}

/// `src/mail/parse.rs` is `mail::parse`.
fn module_of(path: &str) -> String {
    let below = path.strip_prefix("src/").unwrap_or(path);
    below.strip_suffix(".rs").unwrap_or(below).replace('/', "::")
}

fn top_of(file: &str) -> &str {
    file.split("::").next().unwrap_or(file)
}

fn is_at_or_below(file: &str, ancestor: &str) -> bool {
    file.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The files that a file declares for unit tests alone.
fn test_files(file: &str, source: &Source) -> Vec<String> {
    (0..source.tokens.len())
        .filter(|at| is_test_attribute(source, *at))
        .filter_map(|at| {
            let (Some("mod"), Some(name)) = (source.name(at + 7), source.name(at + 8)) else { return None };
            Some(format!("{file}::{name}"))
        })
        .collect()
}

/// Whether `#[cfg(test)]` stands at a position.
fn is_test_attribute(source: &Source, at: usize) -> bool {
    source.is_mark(at, '#')
        && source.name(at + 2) == Some("cfg")
        && source.is_mark(at + 3, '(')
        && source.name(at + 4) == Some("test")
        && source.is_mark(at + 5, ')')
}

fn named_by(file: &str, source: &Source, files: &BTreeMap<String, &Source>) -> BTreeMap<String, String> {
    let below = declared(source);
    let mut named = BTreeMap::new();
    let mut at = 0;
    while at < source.tokens.len() {
        if is_test_attribute(source, at) {
            at = after_item(source, at + 7);
            continue;
        }
        if let Some(path) = path_at(file, source, at, &below)
            && let Some(other) = file_of(path, files)
            && other != file
            && top_of(&other) == top_of(file)
        {
            named.entry(other).or_insert_with(|| source.place(at));
        }
        at += 1;
    }
    named
}

/// The names of the files that `mod …;` declares.
fn declared(source: &Source) -> BTreeSet<&str> {
    (0..source.tokens.len())
        .filter(|at| source.name(*at) == Some("mod") && source.is_mark(at + 2, ';'))
        .filter_map(|at| source.name(at + 1))
        .collect()
}

/// The position after the item that starts here: after its `;`, or after its body.
fn after_item(source: &Source, start: usize) -> usize {
    let mut depth = 0;
    for at in start..source.tokens.len() {
        if source.is_mark(at, '{') {
            depth += 1;
        } else if source.is_mark(at, '}') {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        } else if depth == 0 && source.is_mark(at, ';') {
            return at + 1;
        }
    }
    source.tokens.len()
}

/// The path that starts at a position, from the root of the crate, with whatever it names at its end.
fn path_at(file: &str, source: &Source, at: usize, below: &BTreeSet<&str>) -> Option<Vec<String>> {
    let first = source.name(at)?;
    let continues_a_path = at >= 2 && source.is_path_separator(at - 2);
    if continues_a_path || !source.is_path_separator(at + 1) {
        return None;
    }
    let mut path: Vec<String> = file.split("::").map(str::to_owned).collect();
    match first {
        "crate" => path.clear(),
        "self" => {}
        "super" => drop(path.pop()),
        name if below.contains(name) => path.push(name.to_owned()),
        _ => return None,
    }
    let mut next = at + 1;
    while source.is_path_separator(next)
        && let Some(name) = source.name(next + 2)
    {
        match name {
            "super" => drop(path.pop()),
            name => path.push(name.to_owned()),
        }
        next += 3;
    }
    Some(path)
}

/// The deepest file that a path leads into.
fn file_of(mut path: Vec<String>, files: &BTreeMap<String, &Source>) -> Option<String> {
    while !path.is_empty() {
        let file = path.join("::");
        if files.contains_key(&file) {
            return Some(file);
        }
        path.pop();
    }
    None
}

/// Groups of files of which each leads to each other.
fn circles(edges: &Edges) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|file| (file.as_str(), reached_from(file, edges))).collect();
    let mut found = BTreeSet::new();
    for (file, others) in &reached {
        if others.contains(file) {
            let circle = others.iter().filter(|other| reached[*other].contains(file));
            found.insert(circle.map(|other| (*other).to_owned()).collect::<BTreeSet<_>>());
        }
    }
    found.into_iter().collect()
}

fn reached_from<'a>(file: &str, edges: &'a Edges) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting = vec![file];
    while let Some(next) = waiting.pop() {
        for other in edges.get(next).into_iter().flat_map(BTreeMap::keys) {
            if edges.contains_key(other) && reached.insert(other.as_str()) {
                waiting.push(other);
            }
        }
    }
    reached
}

fn describe(circle: &BTreeSet<String>, edges: &Edges) -> String {
    let mut lines = vec![format!("a circle of {} files:", circle.len())];
    for file in circle {
        for (other, place) in edges[file].iter().filter(|(other, _)| circle.contains(*other)) {
            lines.push(format!("  {place}: `{file}` names `{other}`"));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<Source> = files.iter().map(|(path, text)| Source::new(path, text)).collect();
        breaches(&sources)
    }

    #[test]
    fn naming_one_way_is_no_circle() {
        let files = [
            ("src/mail.rs", "mod parse;\nmod word;\nfn f() { parse::read() }"),
            ("src/mail/parse.rs", "use crate::mail::word;"),
            ("src/mail/word.rs", "use crate::clock::Timestamp;"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }

    #[test]
    fn a_circle_is_told_with_its_places() {
        let files = [
            ("src/mail.rs", "mod parse;\nmod word;"),
            ("src/mail/parse.rs", "use crate::mail::word;"),
            ("src/mail/word.rs", "\nfn f() { super::parse::read() }"),
        ];
        assert_eq!(
            found(&files),
            ["a circle of 2 files:\n  src/mail/parse.rs:1: `mail::parse` names `mail::word`\n  \
              src/mail/word.rs:2: `mail::word` names `mail::parse`"]
        );
    }

    #[test]
    fn a_file_that_needs_what_the_file_above_it_holds_is_a_circle_if_that_needs_it_too() {
        let below = ("src/mail/parse.rs", "use crate::mail::Limits;");
        assert_eq!(found(&[("src/mail.rs", "mod parse;\npub struct Limits;"), below]).len(), 0);
        assert_eq!(found(&[("src/mail.rs", "mod parse;\nuse parse::read;"), below]).len(), 1);
        assert_eq!(found(&[("src/mail.rs", "mod parse;\nuse self::parse::read;"), below]).len(), 1);
        assert_eq!(found(&[("src/mail.rs", "mod parse;\nfn f() { parse::read() }"), below]).len(), 1);
        assert_eq!(found(&[("src/mail.rs", "mod parse;\nuse crate::mail::parse::read;"), below]).len(), 1);
    }

    #[test]
    fn unit_tests_and_comments_do_not_count() {
        let files = [
            ("src/mail.rs", "mod parse;\n#[cfg(test)]\nmod tests;\nuse parse::read;\nfn f() {}"),
            (
                "src/mail/parse.rs",
                "//! See [`crate::mail`].\n#[cfg(test)]\nmod tests { use crate::mail::f; }",
            ),
            ("src/mail/tests.rs", "use crate::mail::f;\nuse super::*;"),
        ];
        assert_eq!(found(&files), Vec::<String>::new());
    }

    #[test]
    fn circles_of_whole_modules_are_not_looked_for_here() {
        let files = [("src/mail.rs", "use crate::desk::f;"), ("src/desk.rs", "use crate::mail::f;")];
        assert_eq!(found(&files), Vec::<String>::new());
    }
}
