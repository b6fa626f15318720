//! One direction of dependencies: a module names only modules of rows above its own.
//!
//! Modules of one row do not know each other. Of a module's own files, `circles` tells.

use super::source::Source;

const ROWS: &[&[&str]] = &[
    &["clock", "crash", "email", "ids", "password", "private", "secret", "tasks", "tls", "wake"],
    &["calendar"],
    &["config", "telemetry"],
    &["ticket"],
    &["mail", "sharing"],
    &["store", "template"],
    &["desk", "imap", "net", "smtp"],
    &["auth"],
    &["http", "worker"],
    &["daemon"],
    &["cli"],
    &["main"],
];

const ONE_A_LINE: &str = "name one thing a line, not a group and not everything";

/// What a file names that it must not.
pub fn breaches(source: &Source) -> Vec<String> {
    let module = module_of(&source.path);
    let mut found = Vec::new();
    if module != "lib" && row_of(module).is_none() {
        found.push(format!("{}: `{module}` is in no row of the table", source.path));
    }
    for at in 0..source.tokens.len() {
        if let Some(complaint) = complaint(source, module, at) {
            found.push(format!("{}: {complaint}", source.place(at)));
        }
    }
    found
}

/// `src/mail/parse.rs` and `src/mail.rs` are both of the module `mail`.
fn module_of(path: &str) -> &str {
    let below = path.strip_prefix("src/").unwrap_or(path);
    let first = below.split('/').next().unwrap_or(below);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

fn complaint(source: &Source, module: &str, at: usize) -> Option<String> {
    let named = match source.name(at)? {
        // The binary knows the library by its name.
        "crate" | "helpdeskd" if source.is_path_separator(at + 1) => match source.name(at + 3) {
            Some(named) => named,
            None => return Some(ONE_A_LINE.to_owned()),
        },
        "crate" if source.name(at + 1) == Some("as") => return Some("the crate keeps its name".to_owned()),
        "super" => return complaint_about_super(source, module, at),
        _ => return None,
    };
    if imports_a_group(source, at) {
        return Some(ONE_A_LINE.to_owned());
    }
    judge(module, named)
}

/// From the top file of a module, `super` is the whole crate; two of them lead out of most files.
fn complaint_about_super(source: &Source, module: &str, at: usize) -> Option<String> {
    if !source.is_path_separator(at + 1) {
        return None;
    }
    let named = source.name(at + 3)?;
    if named == "super" {
        return Some("write `crate::` instead of `super::super`".to_owned());
    }
    let is_top_file = !source.path.trim_start_matches("src/").contains('/');
    if is_top_file && row_of(named).is_some() { judge(module, named) } else { None }
}

/// Whether a `use` of this crate ends in a `{` group.
fn imports_a_group(source: &Source, at: usize) -> bool {
    let mut next = at + 1;
    while at > 0 && source.name(at - 1) == Some("use") && source.is_path_separator(next) {
        if source.is_mark(next + 2, '{') {
            return true;
        }
        next += 3;
    }
    false
}

fn judge(module: &str, named: &str) -> Option<String> {
    if named == module {
        return None;
    }
    let Some(its_row) = row_of(named) else {
        return Some(format!("`{named}` is in no row of the table"));
    };
    match row_of(module) {
        Some(own_row) if its_row < own_row => None,
        Some(own_row) if its_row == own_row => {
            Some(format!("`{module}` and `{named}` share a row and must not know each other"))
        }
        _ => Some(format!("`{module}` must not name `{named}`, which stands below it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        breaches(&Source::new(path, text)).len()
    }

    #[test]
    fn looking_up_is_allowed() {
        assert_eq!(count("src/desk/open.rs", "use crate::store::tickets;\nuse crate::desk::notify;"), 0);
        assert_eq!(
            count("src/mail.rs", "fn f(at: crate::clock::Timestamp) {} mod tests { use super::*; }"),
            0
        );
        assert_eq!(count("src/main.rs", "fn main() { helpdeskd::cli::run() }"), 0);
        assert_eq!(count("src/lib.rs", "//! [`crate::desk`]\npub mod desk;"), 0);
    }

    #[test]
    fn looking_down_is_a_breach() {
        assert_eq!(count("src/desk/open.rs", "use crate::worker::delivery;"), 1);
        assert_eq!(count("src/store/db.rs", "fn f() { crate::desk::open() }"), 1);
        assert_eq!(count("src/ticket.rs", "macro_rules! m { () => { $crate::store::x() } }"), 1);
    }

    #[test]
    fn looking_sideways_is_a_breach() {
        assert_eq!(count("src/desk.rs", "use crate::smtp;"), 1);
        assert_eq!(count("src/http/jutda.rs", "use crate::worker::wake;"), 1);
        assert_eq!(count("src/clock.rs", "use crate::ids::Ids;"), 1);
    }

    #[test]
    fn no_other_spelling_gets_around_the_rows() {
        assert_eq!(count("src/mail.rs", "use super::store;"), 1);
        assert_eq!(count("src/mail/parse.rs", "use super::super::store;"), 1);
        assert_eq!(count("src/mail/parse.rs", "use crate::{store};"), 1);
        assert_eq!(count("src/mail/parse.rs", "use crate::*;"), 1);
        assert_eq!(count("src/mail/parse.rs", "use crate as all;"), 1);
        assert_eq!(count("src/lib.rs", "pub use crate::desk::open;"), 1);
    }

    #[test]
    fn a_module_without_a_row_is_a_breach() {
        assert_eq!(count("src/util.rs", ""), 1);
        assert_eq!(count("src/util/strings.rs", ""), 1);
        assert_eq!(count("src/desk.rs", "use crate::util;"), 1);
    }

    #[test]
    fn a_group_of_imports_from_this_crate_is_a_breach() {
        assert_eq!(count("src/desk.rs", "use crate::store::{tickets, users};"), 1);
        assert_eq!(count("src/desk.rs", "use std::{fmt, io};"), 0);
    }
}
